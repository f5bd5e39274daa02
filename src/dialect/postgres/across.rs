//! Values that two tables hold in two ways: triggers that carry what is written to the one, and rows that are brought there.
//!
//! As in [`super::carry`], a setting of the transaction keeps the trigger of the other table from answering, and only around
//! our own statement.

use super::super::crossing::{Behind, Bring, Kin};
use super::super::{Spelled, Work as Cost};
use super::carry::{CROSSING, FLAG};
use super::helper::{SRE, function_name, trigger_name};
use super::quote::{ident, literal, name, tag};
use crate::catalog::{Across, Carry, Catalog, ColumnId, Side, Table, Trigger, TriggerRule};

mod down;
mod listed;
mod turned;
mod up;

/// The trigger of a side: what it does, and when.
struct Watch {
    /// Variables of its function.
    declare: &'static str,
    body: String,
    events: Vec<(&'static str, &'static str)>,
}

/// The rows of which one side does not follow the other yet.
pub fn behind<'a>(at: &'a Catalog, across: &Across, from: Side) -> Option<Behind<'a>> {
    let condition = match across {
        Across::Listed(listed) => listed::apart(at, listed)?,
        Across::Turned(_) | Across::Down(_) | Across::Up(_) => bring(at, across, from)?.still,
    };
    Behind::of(at, across, from, condition)
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

/// `a IS DISTINCT FROM b`, of values for a column.
fn differ(table: &Table, id: ColumnId, a: &str, b: &str) -> String {
    CROSSING.apart(table, id, a, b)
}

/// `NEW."a" IS DISTINCT FROM OLD."a" OR …`
fn changed(table: &Table, columns: &[ColumnId]) -> String {
    let one = |id: &ColumnId| {
        let of = |row: &str| format!("{row}.{}", field(table, *id));
        differ(table, *id, &of("NEW"), &of("OLD"))
    };
    columns.iter().map(one).collect::<Vec<_>>().join(" OR ")
}

/// Takes the row of the parent that a row of the child points at, so that what others write to its children is seen afterwards.
fn hold(kin: &Kin, row: &str) -> String {
    let own = kin.met(row, "_ps_parent.");
    format!("    PERFORM 1 FROM {} AS _ps_parent WHERE {own} FOR NO KEY UPDATE;\n", kin.names().0)
}
