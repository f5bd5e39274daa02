//! Triggers that keep two shapes right, and second names of tables.
//!
//! A trigger sees every write of a client: `REPLACE` is a delete and an insert to it, and of `INSERT … ON DUPLICATE KEY UPDATE` it
//! sees both. What it does not see is what a foreign key does to a row by itself, `CASCADE` or `SET NULL`
//! (<https://dev.mysql.com/doc/refman/8.4/en/innodb-foreign-key-constraint.html>): there both columns have foreign keys of their own.

use super::quote::{ident, name};
use super::value::expr_sql;
use super::{Mysql, Spelled, alter::METADATA, fact::as_comparable};
use crate::catalog::{Catalog, ColumnId, Table, Trigger, TriggerId, TriggerRule, View};

/// Ours is made last, and triggers of one event run in the order in which they were made.
pub fn trigger_name(trigger: &Trigger, event: &str) -> String {
    format!("zz_ps_{}_{event}", trigger.name)
}

/// What a trigger does is read when a row is written: a NOT NULL column without a default that a client leaves out is filled
/// before anybody asks for it.
pub fn create(server: Mysql, at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let on = name(&table.name);
    let one = |(event, when): (&str, &str)| {
        let body: String = trigger.rules.iter().map(|rule| rule_sql(at, table, rule, event)).collect();
        let name = ident(&trigger_name(trigger, event));
        // Where one that is there cannot be left, it is made again: what is written in between a backfill finds.
        let how = if server.makes_missing_triggers() {
            "CREATE TRIGGER IF NOT EXISTS".to_owned()
        } else {
            format!("DROP TRIGGER IF EXISTS {name};\nCREATE TRIGGER")
        };
        let sql = format!("{how} {name} BEFORE {when} ON {on} FOR EACH ROW BEGIN\n{body}END");
        Spelled::new(sql).locking(on.clone(), METADATA)
    };
    [("ins", "INSERT"), ("upd", "UPDATE")].map(one).into()
}

pub fn drop(at: &Catalog, id: TriggerId) -> Vec<Spelled> {
    let Some(trigger) = at.triggers.get(&id) else { return Vec::new() };
    let on = at.tables.get(&trigger.table).map_or_else(String::new, |t| name(&t.name));
    let one = |event: &str| {
        Spelled::new(format!("DROP TRIGGER IF EXISTS {}", ident(&trigger_name(trigger, event))))
            .locking(on.clone(), METADATA)
    };
    ["ins", "upd"].map(one).into()
}

fn rule_sql(at: &Catalog, table: &Table, rule: &TriggerRule, event: &str) -> String {
    let field = |id: &ColumnId| ident(table.columns.get(id).map_or("", |c| &c.name));
    match rule {
        TriggerRule::Give { .. } if event != "ins" => String::new(),
        TriggerRule::Fill { column, value } | TriggerRule::Give { column, value } => {
            let Some(target) = table.columns.get(column) else { return String::new() };
            let (value, column) = (expr_sql(at, table, target, value, "NEW."), ident(&target.name));
            format!("  IF NEW.{column} IS NULL THEN SET NEW.{column} = {value}; END IF;\n")
        }
        TriggerRule::Compute { column, value } => {
            let Some(target) = table.columns.get(column) else { return String::new() };
            format!("  SET NEW.{} = {};\n", ident(&target.name), expr_sql(at, table, target, value, "NEW."))
        }
        TriggerRule::Mirror { old, new } => {
            let (a, b) = (field(old), field(new));
            let same =
                |x: &str, y: &str| format!("{} <=> {}", as_comparable(table, *new, x), as_comparable(table, *new, y));
            // On insert the new column has no default, so a value in it is a new client's. On update whoever changed its
            // side wins, the new side if both did; a row that nobody filled yet is filled.
            let new_wrote = if event == "ins" {
                format!("NEW.{b} IS NOT NULL")
            } else {
                format!("NOT ({})", same(&format!("NEW.{b}"), &format!("OLD.{b}")))
            };
            let apart = same(&format!("NEW.{b}"), &format!("NEW.{a}"));
            format!(
                "  IF NOT ({apart}) THEN\n    IF {new_wrote} THEN SET NEW.{a} = NEW.{b}; ELSE SET NEW.{b} = NEW.{a}; END IF;\n  END IF;\n"
            )
        }
        TriggerRule::Map { mapping, lead } => super::mapping::rule_sql(at, table, mapping, *lead, event),
        TriggerRule::Sync(sync) => super::sync::WORDS.both_ways(at, table, sync, event).unwrap_or_default(),
        TriggerRule::Follow(sync) => super::sync::WORDS.follow(at, table, sync).unwrap_or_default(),
        // Refused before (`is_spoken`).
        TriggerRule::Carry { .. } | TriggerRule::Across { .. } => String::new(),
    }
}

/// A second name: one table, plain columns, so that it can be written through
/// (<https://dev.mysql.com/doc/refman/8.4/en/view-updatability.html>). As whoever asks, not as whoever made it.
pub fn create_view(at: &Catalog, view: &View) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&view.table) else { return Vec::new() };
    let columns = view.columns.iter().map(|(alias, id)| {
        let column = table.columns.get(id).map_or("", |c| &c.name);
        if column == alias { ident(column) } else { format!("{} AS {}", ident(column), ident(alias)) }
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let sql = format!(
        "CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW {} AS SELECT {columns} FROM {}",
        name(&view.name),
        name(&table.name)
    );
    vec![Spelled::new(sql)]
}
