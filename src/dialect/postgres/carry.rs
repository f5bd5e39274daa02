//! Values that move to another table: triggers on both that carry what is written to the other side.
//!
//! AFTER triggers, since they write another table. What one of them writes the other is not to answer: a setting of the
//! transaction says so, and only around our own statement. The depth of triggers would not do: it would swallow what other
//! triggers write as well.

use super::super::crossing::{Sides, Words};
use super::super::{Spelled, Work as Cost};
use super::helper::{SCHEMA, SRE, function_name, trigger_name};
use super::quote::{ident, idents, literal, name, tag};
use super::value::expr_sql;
use crate::catalog::{Carry, Catalog, ColumnId, End, Link, Table, Trigger};

/// The setting that is on while a trigger of ours writes.
pub(super) const FLAG: &str = "prisma_stage.carry";

/// What two tables hold of each other, as it is said here: comparable whatever its type.
pub(super) static CROSSING: Words = Words {
    ident,
    name,
    value: |at, table, column, value| expr_sql(at, table, column, value, ""),
    comparable: super::fact::as_comparable,
    differ: |a, b| format!("{a} IS DISTINCT FROM {b}"),
    held: "",
};

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

/// The row of the child for a row of the parent.
fn make(sides: &Sides, row: &str) -> Option<String> {
    let (names, values) = sides.made(row)?;
    let key = sides.link.child_key.iter().map(|id| field(sides.child, *id)).collect::<Vec<_>>().join(", ");
    let (set, differs) = overwrite(sides);
    Some(format!(
        "INSERT INTO {} AS _ps_other ({names}) VALUES ({values})\n        ON CONFLICT ({key}) DO UPDATE SET {set} WHERE {differs}",
        name(&sides.child.name)
    ))
}

fn overwrite(sides: &Sides) -> (String, String) {
    let columns: Vec<String> = sides.link.columns(End::Child).map(|id| field(sides.child, id)).collect();
    let set = columns.iter().map(|c| format!("{c} = EXCLUDED.{c}")).collect::<Vec<_>>().join(", ");
    let differ = |id: ColumnId| {
        let column = field(sides.child, id);
        CROSSING.apart(sides.child, id, &format!("_ps_other.{column}"), &format!("EXCLUDED.{column}"))
    };
    (set, sides.link.columns(End::Child).map(differ).collect::<Vec<_>>().join(" OR "))
}

/// The condition of rows at an end that the other one does not follow yet.
pub fn behind(at: &Catalog, link: &Link, from: End) -> Option<String> {
    Some(Sides::of(at, link, &CROSSING)?.behind(from))
}

/// A change of rows that changes nothing but makes the trigger carry them.
pub fn touch(at: &Catalog, link: &Link, from: End) -> Option<String> {
    let table = at.tables.get(&link.table(from))?;
    let column = field(table, link.columns(from).next()?);
    Some(format!("UPDATE {} SET {column} = {column}", name(&table.name)))
}

/// All rows of the other end at once, with a trigger or without.
pub fn at_once(at: &Catalog, link: &Link, from: End) -> Vec<Spelled> {
    let Some(sides) = Sides::of(at, link, &CROSSING) else { return Vec::new() };
    let (own, there) = (name(&sides.table(from).name), name(&sides.table(from.other()).name));
    let belong = sides.belong(from.other(), "_ps_other.", "_ps_own.");
    let rows = |sql: String| Spelled::new(sql).locking(there.clone(), "ROW EXCLUSIVE").doing(Cost::Rows);
    let mut all = vec![rows(format!(
        "UPDATE {there} AS _ps_other SET {} FROM {own} AS _ps_own WHERE {belong} AND {}",
        sides.set(from, "_ps_own.", "_ps_other."),
        sides.differs(from, "_ps_own.", "_ps_other.")
    ))];
    if let Some((names, values)) = sides.made("_ps_own.").filter(|_| from == End::Parent) {
        all.push(rows(format!(
            "INSERT INTO {there} ({names}) SELECT {values} FROM {own} AS _ps_own WHERE {} AND NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong})",
            sides.worth_a_row("_ps_own.")
        )));
    }
    all
}

/// The trigger at one end.
pub fn create(at: &Catalog, trigger: &Trigger, link: &Link, from: End, carry: Carry) -> Vec<Spelled> {
    let Some(sides) = Sides::of(at, link, &CROSSING) else { return Vec::new() };
    let table = sides.table(from);
    let (body, there) = (body(&sides, from, carry), name(&sides.table(from.other()).name));
    let quote = tag(&body, "fn");
    let function = function_name(trigger, "carry");
    let mut all = vec![Spelled::new(format!(
        "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {quote}{body}{quote}"
    ))];
    let quoted = name(&table.name);
    let mut events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE")];
    match from {
        End::Child => events.push(("del", "AFTER DELETE")),
        End::Parent if link.deletes => events.push(("del", "BEFORE DELETE")),
        End::Parent => {}
    }
    for (event, when) in events {
        let own = trigger_name(trigger, event);
        all.push(
            Spelled::new(format!(
                "CREATE TRIGGER {} {when} ON {quoted} FOR EACH ROW EXECUTE FUNCTION {function}()",
                ident(&own)
            ))
            .locking(quoted.clone(), SRE)
            .locking(there.clone(), SRE)
            .while_true(format!(
                "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass({}) AND tgname = {})",
                literal(&quoted),
                literal(&own)
            )),
        );
    }
    all
}

/// The row that was just written takes what the other end holds.
fn pull(sides: &Sides, end: End) -> String {
    let (own, other) = (sides.table(end), sides.table(end.other()));
    let set = sides.pairs(end).into_iter().map(|(a, b)| format!("{} = _ps_other.{}", field(own, a), field(other, b)));
    let key = match end {
        End::Parent => &sides.link.parent_key,
        End::Child => &sides.link.child_key,
    };
    let this = key.iter().map(|id| format!("_ps_own.{0} = NEW.{0}", field(own, *id))).collect::<Vec<_>>().join(" AND ");
    format!(
        "UPDATE {} AS _ps_own SET {} FROM {} AS _ps_other\n      WHERE {this} AND {}",
        name(&own.name),
        set.collect::<Vec<_>>().join(", "),
        name(&other.name),
        sides.belong(end.other(), "_ps_other.", "NEW.")
    )
}

fn body(sides: &Sides, from: End, carry: Carry) -> String {
    let quiet = |statement: &str| {
        format!(
            "    PERFORM set_config('{FLAG}', 'on', true);\n    {statement};\n    PERFORM set_config('{FLAG}', 'off', true);\n"
        )
    };
    let there = name(&sides.table(from.other()).name);
    let guard = format!("  IF coalesce(current_setting('{FLAG}', true), '') = 'on' THEN RETURN NULL; END IF;\n");
    let follow = |row: &str| {
        format!(
            "UPDATE {there} AS _ps_other SET {}\n      WHERE {} AND {}",
            sides.set(from, row, "_ps_other."),
            sides.belong(from.other(), "_ps_other.", row),
            sides.differs(from, row, "_ps_other.")
        )
    };
    let own = sides.table(from);
    let columns: Vec<(ColumnId, String)> = sides.link.columns(from).map(|id| (id, field(own, id))).collect();
    let same = columns.iter().map(|(id, c)| {
        let of = |row: &str| super::fact::as_comparable(own, *id, &format!("{row}.{c}"));
        format!("{} IS NOT DISTINCT FROM {}", of("NEW"), of("OLD"))
    });
    let same = same.collect::<Vec<_>>().join(" AND ");
    let empty = columns.iter().map(|(_, c)| format!("NEW.{c} IS NULL")).collect::<Vec<_>>().join(" AND ");
    // A row that says nothing is not to empty what the other end holds: it gets that.
    let only_changes = match carry {
        Carry::All => String::new(),
        Carry::Changes => format!(
            "  IF TG_OP = 'INSERT' THEN\n    IF {empty} THEN\n  {}      RETURN NULL;\n    END IF;\n  ELSIF {same} THEN\n    RETURN NULL;\n  END IF;\n",
            quiet(&pull(sides, from))
        ),
    };
    let mut text = "\nBEGIN\n".to_owned();
    match from {
        End::Parent => {
            if sides.link.deletes {
                let gone = format!(
                    "DELETE FROM {there} AS _ps_other WHERE {}",
                    sides.belong(End::Child, "_ps_other.", "OLD.")
                );
                text += &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN OLD;\n  END IF;\n", quiet(&gone));
            }
            text += &guard;
            text += &only_changes;
            text += &quiet(&follow("NEW."));
            if let Some(make) = make(sides, "NEW.") {
                let there_is = format!(
                    "EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {})",
                    sides.belong(End::Child, "_ps_other.", "NEW.")
                );
                text +=
                    &format!("  IF {} AND NOT {there_is} THEN\n{}  END IF;\n", sides.worth_a_row("NEW."), quiet(&make));
            }
        }
        End::Child => {
            text += &guard;
            if let Some((nulls, any)) = sides.cleared("_ps_other.") {
                let clear = format!(
                    "UPDATE {there} AS _ps_other SET {nulls}\n      WHERE {} AND ({any})",
                    sides.belong(End::Parent, "_ps_other.", "OLD.")
                );
                let key: Vec<&str> = sides
                    .link
                    .child_key
                    .iter()
                    .filter_map(|id| Some(sides.child.columns.get(id)?.name.as_str()))
                    .collect();
                let moved = key
                    .iter()
                    .map(|k| format!("NEW.{0} IS DISTINCT FROM OLD.{0}", idents([*k])))
                    .collect::<Vec<_>>()
                    .join(" OR ");
                text += &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN NULL;\n  END IF;\n", quiet(&clear));
                text += &format!(
                    "  IF TG_OP = 'UPDATE' THEN\n    IF {moved} THEN\n{}    END IF;\n  END IF;\n",
                    quiet(&clear)
                );
            } else {
                text += "  IF TG_OP = 'DELETE' THEN RETURN NULL; END IF;\n";
            }
            text += &only_changes;
            text += &quiet(&follow("NEW."));
        }
    }
    text + "  RETURN NULL;\nEND\n"
}

/// The triggers of an end go, and their function.
pub fn drop(at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let quoted = name(&table.name);
    let one = |event: &str| {
        Spelled::new(format!("DROP TRIGGER IF EXISTS {} ON {quoted}", ident(&trigger_name(trigger, event))))
            .locking(quoted.clone(), super::helper::AEL)
    };
    let function =
        Spelled::new(format!("DROP FUNCTION IF EXISTS {SCHEMA}.{}()", ident(&format!("{}_carry", trigger.name))));
    vec![one("ins"), one("upd"), one("del"), function]
}
