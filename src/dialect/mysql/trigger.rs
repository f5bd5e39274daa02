//! Triggers that keep two shapes right, and second names of tables.
//!
//! A trigger sees every write of a client: `REPLACE` is a delete and an insert to it, and of `INSERT … ON DUPLICATE KEY UPDATE` it
//! sees both. What it does not see is what a foreign key does to a row by itself, `CASCADE` or `SET NULL`
//! (<https://dev.mysql.com/doc/refman/8.4/en/innodb-foreign-key-constraint.html>): there both columns have foreign keys of their own.
//!
//! Two tables that follow each other have triggers on both, and a trigger may not write a table that the statement uses which called it
//! (error 1442, <https://dev.mysql.com/doc/refman/8.4/en/stored-program-restrictions.html>); that is looked at when it comes to write,
//! so the trigger of the other table must not. What it is told by cannot be left over: the moment of the statement, which is one and
//! the same in all triggers of it and another one in the next statement, in a procedure too
//! (<https://dev.mysql.com/doc/refman/8.4/en/date-and-time-functions.html#function_now>; tried on MariaDB 10.11 and MySQL 9.7). A plain
//! flag would stay on where a statement ends in a deadlock or is killed, for which no handler runs, and the connection would carry
//! nothing any more. (Who holds the clock of a session, `SET timestamp`, holds the moment with it: no client of Prisma does.)

use super::super::crossing::Words;
use super::quote::{ident, name};
use super::value::expr_sql;
use super::{Mysql, Spelled, across, alter::METADATA, carry, fact::as_comparable, number};
use crate::catalog::{Catalog, ColumnId, Table, Trigger, TriggerId, TriggerRule, View};

/// What two tables hold of each other, as it is said here.
pub static CROSSING: Words = Words {
    ident,
    name,
    value: |at, table, column, value| expr_sql(at, table, column, value, ""),
    comparable: as_comparable,
    differ: |a, b| format!("NOT ({a} <=> {b})"),
    held: " LOCK IN SHARE MODE",
};

/// Ends a trigger that a statement of another one has called.
pub const GUARD: &str = "  IF @ps_carry <=> NOW(6) THEN LEAVE _ps; END IF;\n";

/// What is watched, and what is done then.
pub struct Event {
    /// A word for its name.
    pub word: &'static str,
    /// `AFTER INSERT`
    pub when: &'static str,
    /// Its statements.
    pub body: String,
}

/// A statement that the triggers of the other table do not answer, at a margin.
pub fn quiet(margin: &str, statement: &str) -> String {
    format!("{margin}SET @ps_carry = NOW(6);\n{margin}{statement};\n{margin}SET @ps_carry = NULL;\n")
}

/// The same where such a statement may have called the trigger that says it.
pub fn nested(statement: &str) -> String {
    format!(
        "  DECLARE _ps_outer DATETIME(6) DEFAULT @ps_carry;\n  SET @ps_carry = NOW(6);\n  {statement};\n  SET @ps_carry = _ps_outer;\n"
    )
}

/// Sets `@ps_due`: a row was changed, or is behind. A query by itself locks nothing; in a condition it would lock what it reads, and a
/// client that changes something else would wait for whoever holds the row of the other table.
pub fn due(changed: &str, behind: &str) -> String {
    format!("  SET @ps_due = {changed};\n  IF NOT @ps_due THEN\n    SELECT {behind} INTO @ps_due;\n  END IF;\n")
}

/// A column, quoted.
pub fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

/// One of these columns of the row has another value than it had.
pub fn changed(table: &Table, ids: &[ColumnId]) -> String {
    CROSSING.another((table, "NEW."), (table, "OLD."), ids.iter().zip(ids))
}

/// Ours is made last, and triggers of one event run in the order in which they were made.
pub fn trigger_name(trigger: &Trigger, event: &str) -> String {
    format!("zz_ps_{}_{event}", trigger.name)
}

/// What a trigger does is read when a row is written: a NOT NULL column without a default that a client leaves out is filled
/// before anybody asks for it.
pub fn create(server: Mysql, at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let on = name(&table.name);
    let one = |Event { word, when, body }: Event| {
        let name = ident(&trigger_name(trigger, word));
        // Where one that is there cannot be left, it is made again: what is written in between a backfill finds.
        let how = if server.makes_missing_triggers() {
            "CREATE TRIGGER IF NOT EXISTS".to_owned()
        } else {
            format!("DROP TRIGGER IF EXISTS {name};\nCREATE TRIGGER")
        };
        let label = if body.contains("LEAVE _ps;") { "_ps: " } else { "" };
        let sql = format!("{how} {name} {when} ON {on} FOR EACH ROW {label}BEGIN\n{body}END");
        Spelled::new(sql).locking(on.clone(), METADATA)
    };
    events(at, table, trigger).into_iter().map(one).collect()
}

/// What a trigger watches: of one row both events, of two tables whatever changes what the other holds.
fn events(at: &Catalog, table: &Table, trigger: &Trigger) -> Vec<Event> {
    let across = |rule: &TriggerRule| match rule {
        TriggerRule::Carry { link, from, carry } => Some(carry::watch(at, trigger, (link, *from, *carry))),
        TriggerRule::Across { across, from, carry } => Some(across::watch(at, across, *from, *carry)),
        TriggerRule::Fill { .. }
        | TriggerRule::Give { .. }
        | TriggerRule::Compute { .. }
        | TriggerRule::Mirror { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Sync(_)
        | TriggerRule::Follow(_) => None,
    };
    let crossing: Vec<Event> = trigger.rules.iter().filter_map(across).flatten().collect();
    if !crossing.is_empty() {
        return crossing;
    }
    let drawn = number::drawn(at, trigger);
    let one = |(word, when): (&'static str, &'static str)| {
        let body: String = trigger.rules.iter().map(|rule| rule_sql(at, table, rule, word)).collect();
        let body = match drawn.as_ref().filter(|_| word == "ins") {
            Some(drawn) => format!("{}{body}{}", drawn.first(), drawn.last()),
            None => body,
        };
        Event { word, when, body }
    };
    [("ins", "BEFORE INSERT"), ("upd", "BEFORE UPDATE")].map(one).into()
}

pub fn drop(at: &Catalog, id: TriggerId) -> Vec<Spelled> {
    let Some(trigger) = at.triggers.get(&id) else { return Vec::new() };
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let on = name(&table.name);
    let one = |event: Event| {
        Spelled::new(format!("DROP TRIGGER IF EXISTS {}", ident(&trigger_name(trigger, event.word))))
            .locking(on.clone(), METADATA)
    };
    events(at, table, trigger).into_iter().map(one).collect()
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
        // Triggers of their own (`events`).
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
