//! Columns. All of these are `ALTER TABLE` under a brief ACCESS EXCLUSIVE
//! (<https://www.postgresql.org/docs/current/sql-altertable.html>).

use super::helper::AEL;
use super::quote::{ident, literal, name};
use super::value::{default_sql, type_sql};
use super::{super::Work, Spelled};
use crate::catalog::{BaseType, Catalog, Column, ColumnId, Default, Table, TableId};

fn look(at: &Catalog, on: TableId, id: ColumnId) -> Option<(&Table, &Column, String)> {
    let table = at.tables.get(&on)?;
    Some((table, table.columns.get(&id)?, name(&table.name)))
}

fn alter(table: &str, what: &str) -> Spelled {
    Spelled::new(format!("ALTER TABLE {table} {what}")).locking(table, AEL)
}

/// A default that is the same for every row costs nothing (since PostgreSQL 11); any other, and a sequence, is set after
/// the column is there, which leaves the rows that exist alone.
pub fn add(at: &Catalog, on: TableId, column: &Column) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let quoted = name(&table.name);
    let not_null = if column.nullable { "" } else { " NOT NULL" };
    let head = format!("ADD COLUMN IF NOT EXISTS {} {}{not_null}", ident(&column.name), type_sql(at, &column.ty));
    match &column.default {
        None => vec![alter(&quoted, &head)],
        Some(default) if crate::op::is_constant(default) => {
            vec![alter(&quoted, &format!("{head} DEFAULT {}", default_sql(at, &column.ty, default)))]
        }
        Some(default) => {
            let mut all = vec![alter(&quoted, &head)];
            all.extend(set_default_on(at, table, column, Some(default)));
            all
        }
    }
}

pub fn drop(at: &Catalog, on: TableId, id: ColumnId) -> Vec<Spelled> {
    let Some((_, column, table)) = look(at, on, id) else { return Vec::new() };
    vec![alter(&table, &format!("DROP COLUMN IF EXISTS {}", ident(&column.name)))]
}

pub fn rename(at: &Catalog, on: TableId, id: ColumnId, to: &str) -> Vec<Spelled> {
    let Some((_, column, table)) = look(at, on, id) else { return Vec::new() };
    let there = |name: &str| {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass({}) AND attname = {} AND NOT attisdropped)",
            literal(&table),
            literal(name)
        )
    };
    let due = format!("{} AND NOT {}", there(&column.name), there(to));
    vec![
        alter(&table, &format!("RENAME COLUMN {} TO {}", ident(&column.name), ident(to)))
            .while_true(due.clone())
            .turning(due),
    ]
}

/// Reads the whole table under its lock, unless a validated CHECK proves that there is no NULL (since PostgreSQL 12).
pub fn set_not_null(at: &Catalog, on: TableId, id: ColumnId, proved: bool) -> Vec<Spelled> {
    let Some((_, column, table)) = look(at, on, id) else { return Vec::new() };
    let set = alter(&table, &format!("ALTER COLUMN {} SET NOT NULL", ident(&column.name)));
    vec![if proved { set } else { set.doing(Work::Scan) }]
}

pub fn drop_not_null(at: &Catalog, on: TableId, id: ColumnId) -> Vec<Spelled> {
    let Some((_, column, table)) = look(at, on, id) else { return Vec::new() };
    vec![alter(&table, &format!("ALTER COLUMN {} DROP NOT NULL", ident(&column.name)))]
}

pub fn set_default(at: &Catalog, on: TableId, id: ColumnId, default: Option<&Default>) -> Vec<Spelled> {
    let Some((table, column, _)) = look(at, on, id) else { return Vec::new() };
    set_default_on(at, table, column, default)
}

fn set_default_on(at: &Catalog, table: &Table, column: &Column, default: Option<&Default>) -> Vec<Spelled> {
    let (quoted, field) = (name(&table.name), ident(&column.name));
    let owned = format!("pg_get_serial_sequence({}, {})", literal(&quoted), literal(&column.name));
    let mut all = Vec::new();
    match default {
        Some(Default::Sequence) => all.extend(make_sequence(table, column, &owned)),
        Some(default) => {
            let value = default_sql(at, &column.ty, default);
            all.push(alter(&quoted, &format!("ALTER COLUMN {field} SET DEFAULT {value}")));
        }
        None => all.push(alter(&quoted, &format!("ALTER COLUMN {field} DROP DEFAULT"))),
    }
    if column.default == Some(Default::Sequence) && default != Some(&Default::Sequence) {
        // A table or column that was renamed kept the name of its sequence: ask the server for it.
        let drop =
            Spelled::new(format!("EXECUTE 'DROP SEQUENCE ' || {owned}")).while_true(format!("{owned} IS NOT NULL"));
        all.push(drop);
    }
    all
}

/// The sequence keeps its name and its numbers; it takes the type of the column that it is of from now on.
pub fn move_sequence(at: &Catalog, on: TableId, from: ColumnId, to: ColumnId) -> Vec<Spelled> {
    let (Some((_, old, table)), Some((_, new, _))) = (look(at, on, from), look(at, on, to)) else { return Vec::new() };
    let was = ident(&old.name);
    let owned = |c: &Column| format!("pg_get_serial_sequence({}, {})", literal(&table), literal(&c.name));
    let (sequence, moved) = (owned(old), owned(new));
    let due = format!("{sequence} IS NOT NULL");
    let ty = sequence_type(new);
    let none = format!("prisma-stage: the sequence that numbers {table} is not its own");
    let hint = format!("Run: ALTER SEQUENCE … OWNED BY {table}.{was}; then this file again.");
    vec![
        Spelled::new(format!("RAISE EXCEPTION USING MESSAGE = {}, HINT = {}", literal(&none), literal(&hint)))
            .while_true(format!("{sequence} IS NULL AND {moved} IS NULL")),
        alter(&table, &format!("ALTER COLUMN {was} DROP DEFAULT")).while_true(due.clone()),
        Spelled::new(format!(
            "EXECUTE format('ALTER SEQUENCE %s AS {ty} OWNED BY %s.%I', {sequence}, {}, {})",
            literal(&table),
            literal(&new.name)
        ))
        .while_true(due),
        Spelled::new(format!(
            "EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT nextval(%L::regclass)', {}, {}, {moved})",
            literal(&table),
            literal(&new.name)
        ))
        .locking(table, AEL)
        .while_true(format!("{moved} IS NOT NULL")),
    ]
}

fn sequence_type(column: &Column) -> &'static str {
    match &column.ty.base {
        BaseType::Native { name, .. } if name == "SMALLINT" => "smallint",
        BaseType::Native { name, .. } if name == "BIGINT" => "bigint",
        BaseType::Native { .. } | BaseType::Enum(_) | BaseType::Raw(_) => "integer",
    }
}

/// Starts well above what is there, so that ids which old clients still write themselves do not meet it.
fn make_sequence(table: &Table, column: &Column, owned: &str) -> Vec<Spelled> {
    let (quoted, field) = (name(&table.name), ident(&column.name));
    let base = format!("{}_{}_seq", table.name.name, column.name);
    let sequence = if base.len() <= 63 { base } else { crate::catalog::helper_name(&base, "seq") };
    let sequence = name(&table.name.with_name(sequence));
    let ty = sequence_type(column);
    let headroom = if ty == "smallint" { 100 } else { 1_000_000 };
    let missing = format!("{owned} IS NULL");
    vec![
        Spelled::new(format!("CREATE SEQUENCE {sequence} AS {ty} OWNED BY {quoted}.{field}")).while_true(missing),
        Spelled::new(format!(
            "PERFORM setval({owned}, (SELECT coalesce(max({field}) + {headroom}, 1) FROM {quoted}), false)"
        ))
        .doing(Work::Check),
        alter(&quoted, &format!("ALTER COLUMN {field} SET DEFAULT nextval({}::regclass)", literal(&sequence))),
    ]
}
