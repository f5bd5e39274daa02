//! Triggers that carry what is written to one table over to another, while both clients write.
//!
//! A trigger here has no variables and no branches, cannot assign to the row that it watches, and is not called again by what it
//! does itself (`recursive_triggers` is off, <https://www.sqlite.org/pragma.html#pragma_recursive_triggers>). So each event has one
//! of its own, with a condition, and every statement writes only rows that hold something else: what one trigger has written
//! leaves the one that answers nothing to do.

use super::super::crossing::Words;
use super::quote::{ident, name, rowid};
use super::value::expr_sql;
use super::{DATABASE, Spelled, WRITES, across, carry};
use crate::catalog::{Catalog, ColumnId, Expr, Table, Trigger, TriggerRule};

/// How each of ours begins. Nobody else's does, so they are told from what would be lost.
pub const PREFIX: &str = "zz_ps_";

/// What two tables hold of each other, as it is said here.
pub static CROSSING: Words = Words {
    ident,
    name,
    value: |at, table, _, value| expr_sql(at, table, value),
    comparable: |_, _, value| value.to_owned(),
    differ: |a, b| format!("{a} IS NOT {b}"),
    held: "",
};

/// What is watched, when something is done, and what.
pub struct Event {
    /// A word for its name.
    pub word: &'static str,
    /// `AFTER INSERT`
    pub on: &'static str,
    /// Nothing stands for always.
    pub when: String,
    /// What is done, in order.
    pub acts: Vec<String>,
}

/// The triggers of a rule: none where it needs none here.
fn events(at: &Catalog, trigger: &Trigger) -> Vec<Event> {
    let of = |rule: &TriggerRule| match rule {
        TriggerRule::Carry { link, from, carry } => carry::watch(at, link, *from, *carry),
        TriggerRule::Across { across, from, carry } => across::watch(at, across, *from, *carry),
        TriggerRule::Fill { column, value } => fill(at, trigger, *column, value),
        TriggerRule::Give { .. }
        | TriggerRule::Compute { .. }
        | TriggerRule::Mirror { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Sync(_)
        | TriggerRule::Follow(_) => Vec::new(),
    };
    trigger.rules.iter().flat_map(of).filter(|e| !e.acts.is_empty()).collect()
}

/// A row that is made, or emptied, by a client that knows nothing of the column gets its value.
fn fill(at: &Catalog, trigger: &Trigger, column: ColumnId, value: &Expr) -> Vec<Event> {
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let (column, number) = (field(table, column), rowid(table));
    let act = format!(
        "UPDATE {} SET {column} = {} WHERE \"{number}\" = NEW.\"{number}\" AND {column} IS NULL",
        name(&table.name),
        expr_sql(at, table, value)
    );
    let event = |word, on| Event { word, on, when: format!("NEW.{column} IS NULL"), acts: vec![act.clone()] };
    vec![event("fill", "AFTER INSERT"), event("keep", "AFTER UPDATE")]
}

fn called(trigger: &Trigger, word: &str) -> String {
    ident(&format!("{PREFIX}{}_{word}", trigger.name))
}

/// `CREATE TRIGGER`, one an event.
pub fn create(at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let one = |event: Event| {
        let when = if event.when.is_empty() { String::new() } else { format!("\nWHEN {}", event.when) };
        let acts: String = event.acts.iter().map(|act| format!("  {act};\n")).collect();
        let sql = format!(
            "CREATE TRIGGER {} {} ON {} FOR EACH ROW{when}\nBEGIN\n{acts}END",
            called(trigger, event.word),
            event.on,
            name(&table.name)
        );
        Spelled::new(sql).locking(DATABASE, WRITES)
    };
    events(at, trigger).into_iter().map(one).collect()
}

/// They go.
pub fn drop(at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    let one =
        |event: Event| Spelled::new(format!("DROP TRIGGER {}", called(trigger, event.word))).locking(DATABASE, WRITES);
    events(at, trigger).into_iter().map(one).collect()
}

/// A column, quoted.
pub fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

/// Columns of one row with those of another: `a."x" = b."y" AND …`. A row is named with its dot.
pub fn pairs<'c>(
    (table, row): (&Table, &str),
    operator: &str,
    (other, there): (&Table, &str),
    ids: impl Iterator<Item = (&'c ColumnId, &'c ColumnId)>,
    between: &str,
) -> String {
    let one =
        |(a, b): (&ColumnId, &ColumnId)| format!("{row}{} {operator} {there}{}", field(table, *a), field(other, *b));
    ids.map(one).collect::<Vec<_>>().join(between)
}

/// `NEW."a" IS NOT OLD."a" OR …`
pub fn changed(table: &Table, ids: &[ColumnId]) -> String {
    let all = pairs((table, "NEW."), "IS NOT", (table, "OLD."), ids.iter().zip(ids), " OR ");
    format!("({all})")
}

/// The name of a table in front of its columns: the target of an `UPDATE` in a trigger has no other.
pub fn row(table: &Table) -> String {
    format!("{}.", name(&table.name))
}
