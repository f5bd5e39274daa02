//! Values that two tables hold in two ways: triggers that carry what is written to the one, and rows that are brought there.
//!
//! As in [`super::carry`], a setting of the transaction keeps the trigger of the other table from answering, and only around
//! our own statement.

use super::super::{Spelled, Work as Cost};
use super::carry::FLAG;
use super::helper::{SRE, function_name, trigger_name};
use super::quote::{ident, literal, name, tag};
use crate::catalog::{Across, Carry, Catalog, ColumnId, Family, Side, Table, Trigger, TriggerRule};

mod down;
mod listed;
mod turned;
mod up;

/// Rows of a table that do not hold what they should.
pub struct Behind<'a> {
    /// The table.
    pub table: &'a Table,
    /// Its columns.
    pub columns: Vec<ColumnId>,
    /// The other table's name.
    pub other: String,
    /// True of such a row, by the table's own name.
    pub condition: String,
}

/// The trigger of a side: what it does, and when.
struct Watch {
    /// Variables of its function.
    declare: &'static str,
    body: String,
    events: Vec<(&'static str, &'static str)>,
}

/// A change of rows that brings what a side says to the other.
struct Bring {
    act: String,
    still: String,
}

/// The rows of which one side does not follow the other yet.
pub fn behind<'a>(at: &'a Catalog, across: &Across, from: Side) -> Option<Behind<'a>> {
    let on = across.gone_through(from);
    let [own, other] = [Side::Old, Side::New].map(|side| across.table(side));
    let other = at.tables.get(if own == on { &other } else { &own })?;
    let side = if across.table(Side::Old) == on { Side::Old } else { Side::New };
    Some(Behind {
        table: at.tables.get(&on)?,
        columns: across.columns(side),
        other: other.name.name.clone(),
        condition: match across {
            Across::Listed(listed) => listed::apart(at, listed)?,
            Across::Turned(_) | Across::Down(_) | Across::Up(_) => bring(at, across, from)?.still,
        },
    })
}

/// A change of rows, and which of them it still concerns.
pub fn batch(at: &Catalog, across: &Across, from: Side) -> Option<(String, String)> {
    bring(at, across, from).map(|b| (b.act, b.still))
}

fn bring(at: &Catalog, across: &Across, from: Side) -> Option<Bring> {
    match across {
        Across::Turned(turned) => turned::bring(at, turned, from),
        Across::Down(down) => down::bring(at, down, from),
        Across::Up(up) => up::bring(at, up, from),
        Across::Listed(listed) => listed::bring(at, listed, from),
    }
}

/// All rows at once, with triggers or without.
pub fn at_once(at: &Catalog, across: &Across, from: Side) -> Vec<Spelled> {
    let watched = at.triggers.values().flat_map(|t| &t.rules);
    let watched = watched.into_iter().any(
        |rule| matches!(rule, TriggerRule::Across { across: own, from: side, .. } if own == across && *side == from),
    );
    let all = match across {
        Across::Turned(turned) if !watched => turned::at_once(at, turned, from),
        Across::Listed(listed) if from == Side::Old => listed::at_once(at, listed),
        Across::Turned(_) | Across::Down(_) | Across::Up(_) | Across::Listed(_) => {
            bring(at, across, from).map(|Bring { act, still }| vec![format!("{act} WHERE {still}")])
        }
    };
    let locked = |table| at.tables.get(&table).map_or_else(String::new, |t| name(&t.name));
    let tables = [Side::Old, Side::New].map(|side| locked(across.table(side)));
    let one = |sql: String| {
        let on = tables.iter().find(|t| [" ", "INTO "].iter().any(|w| sql.contains(&format!("{w}{t} "))));
        Spelled::new(sql.clone()).locking(on.unwrap_or(&tables[0]).clone(), "ROW EXCLUSIVE").doing(Cost::Rows)
    };
    all.unwrap_or_default().into_iter().map(one).collect()
}

/// The trigger of a side.
pub fn create(at: &Catalog, trigger: &Trigger, across: &Across, from: Side, carry: Carry) -> Vec<Spelled> {
    let watch = match across {
        Across::Turned(turned) => turned::watch(at, turned, from, carry),
        Across::Down(down) => down::watch(at, down, from),
        Across::Up(up) => up::watch(at, up, from),
        Across::Listed(listed) => listed::watch(at, listed, from),
    };
    let (Some(Watch { declare, body, events }), Some(table)) = (watch, at.tables.get(&trigger.table)) else {
        return Vec::new();
    };
    let body = format!("\n{declare}BEGIN\n{body}END\n");
    let quote = tag(&body, "fn");
    let function = function_name(trigger, "carry");
    let mut all = vec![Spelled::new(format!(
        "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {quote}{body}{quote}"
    ))];
    let quoted = name(&table.name);
    for (event, when) in events {
        let own = trigger_name(trigger, event);
        all.push(
            Spelled::new(format!(
                "CREATE TRIGGER {} {when} ON {quoted} FOR EACH ROW EXECUTE FUNCTION {function}()",
                ident(&own)
            ))
            .locking(quoted.clone(), SRE)
            .while_true(format!(
                "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass({}) AND tgname = {})",
                literal(&quoted),
                literal(&own)
            )),
        );
    }
    all
}

/// A statement that the trigger of the other table does not answer.
fn quiet(statement: &str) -> String {
    format!(
        "    PERFORM set_config('{FLAG}', 'on', true);\n    {statement};\n    PERFORM set_config('{FLAG}', 'off', true);\n"
    )
}

/// Ends a trigger that such a statement has called.
fn guard(result: &str) -> String {
    format!("  IF coalesce(current_setting('{FLAG}', true), '') = 'on' THEN RETURN {result}; END IF;\n")
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

/// Comparable whatever its type.
fn text(table: &Table, id: ColumnId, value: &str) -> String {
    super::fact::as_comparable(table, id, value)
}

/// `a IS DISTINCT FROM b`, of values for a column.
fn differ(table: &Table, id: ColumnId, a: &str, b: &str) -> String {
    format!("{} IS DISTINCT FROM {}", text(table, id, a), text(table, id, b))
}

/// `NEW."a" IS DISTINCT FROM OLD."a" OR …`
fn changed(table: &Table, columns: &[ColumnId]) -> String {
    let one = |id: &ColumnId| {
        let of = |row: &str| format!("{row}.{}", field(table, *id));
        differ(table, *id, &of("NEW"), &of("OLD"))
    };
    columns.iter().map(one).collect::<Vec<_>>().join(" OR ")
}

/// The two tables of a family.
struct Kin<'a> {
    family: &'a Family,
    parent: &'a Table,
    child: &'a Table,
}

impl<'a> Kin<'a> {
    fn of(at: &'a Catalog, family: &'a Family) -> Option<Self> {
        Some(Kin { family, parent: at.tables.get(&family.parent)?, child: at.tables.get(&family.child)? })
    }

    /// `_ps_child."userId" = "User"."id"`: the children of a row of the parent.
    fn children(&self, child: &str, parent: &str) -> String {
        let keys = self.family.child_key.iter().zip(&self.family.parent_key);
        let one = |(c, p): (&ColumnId, &ColumnId)| {
            format!("{child}.{} = {parent}.{}", field(self.child, *c), field(self.parent, *p))
        };
        keys.map(one).collect::<Vec<_>>().join(" AND ")
    }

    /// The row of the parent that a row of the child points at.
    fn parent_of(&self, parent: &str, child: &str) -> String {
        self.children(child, parent)
    }

    /// The tables, as columns of a row are named by them.
    fn rows(&self) -> (String, String) {
        (ident(&self.parent.name.name), ident(&self.child.name.name))
    }

    /// Takes the row of the parent, so that what others write to its children is seen afterwards.
    fn hold(&self, row: &str) -> String {
        let own = self.parent_of("_ps_parent", row);
        format!("    PERFORM 1 FROM {} AS _ps_parent WHERE {own} FOR NO KEY UPDATE;\n", name(&self.parent.name))
    }
}
