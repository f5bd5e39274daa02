//! What the client between has to do itself, where no trigger keeps the old and the new shape of a row the same.

use crate::catalog::{Column, ColumnId, Expr, Table, TriggerRule};
use crate::script::{Engine, Script, Stand};

/// What it writes, and what it reads once rows are filled.
#[derive(Default)]
pub(super) struct Duty {
    /// In every write.
    pub(super) writes: Vec<String>,
    /// In a second step of its code, before the new client is rolled out beside it.
    pub(super) then_reads: Vec<String>,
}

/// The duty of a plan's client between; nothing where triggers have it.
pub(super) fn duty(script: &Script, stands: &[Stand]) -> Duty {
    let mut duty = Duty::default();
    if script.engine != Engine::Vitess {
        return duty;
    }
    let mut add = |writes: String, reads: Option<String>| {
        if !duty.writes.contains(&writes) {
            duty.writes.push(writes);
            duty.then_reads.extend(reads);
        }
    };
    for stand in stands {
        for trigger in stand.catalog.triggers.values() {
            let Some(table) = stand.catalog.tables.get(&trigger.table) else { continue };
            for rule in &trigger.rules {
                match rule {
                    TriggerRule::Mirror { old, new } => {
                        let (old, new) = (label(table, *old), label(table, *new));
                        add(
                            format!(
                                "in every create, update and upsert it writes the same value to {old} and {new}; it reads {old}"
                            ),
                            Some(format!("it reads {new}, and still writes {old} and {new}")),
                        );
                    }
                    TriggerRule::Fill { column, .. } => {
                        let column = label(table, *column);
                        add(
                            format!(
                                "it gives {column} a value in every row that it creates, and never writes NULL to it"
                            ),
                            None,
                        );
                    }
                    TriggerRule::Give { column, .. } => {
                        add(format!("it gives {} a value in every row that it creates", label(table, *column)), None);
                    }
                    TriggerRule::Compute { column, value: Expr::Remap { labels, .. } } => {
                        let said = labels.iter().map(|(from, to)| format!("{to} instead of {from}"));
                        let said = said.collect::<Vec<_>>().join(", ");
                        let left = table.columns.get(column).is_some_and(|c| c.default.is_some());
                        let too = if left { ", where it leaves the field to its default, too" } else { "" };
                        add(format!("it writes {said} to {}{too}", label(table, *column)), None);
                    }
                    // Refused there.
                    TriggerRule::Compute { .. }
                    | TriggerRule::Map { .. }
                    | TriggerRule::Carry { .. }
                    | TriggerRule::Across { .. }
                    | TriggerRule::Sync(_)
                    | TriggerRule::Follow(_) => {}
                }
            }
        }
    }
    duty
}

/// The field, as its schema calls it.
fn label(table: &Table, id: ColumnId) -> String {
    let said = |column: &Column| {
        let label = column.origin.label();
        if label.is_empty() { format!("{}.{}", table.name.name, column.name) } else { label }
    };
    table.columns.get(&id).map_or_else(String::new, said)
}
