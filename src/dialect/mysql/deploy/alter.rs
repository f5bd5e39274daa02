//! One database turned into the next: a statement for each table that differs.

use super::super::Spelled;
use super::super::quote::{ident, name};
use super::super::table::{column_sql, create_sql, index_sql, key_sql};
use super::super::value::{default_sql, type_sql};
use crate::catalog::{Catalog, Column, Default, Table};
use crate::dialect::Work;

/// For a moment, when the copy takes its place, whoever uses the table waits
/// (<https://planetscale.com/docs/vitess/schema-changes/how-online-schema-change-tools-work>).
const CUT_OVER: &str = "CUT-OVER";

/// The statements.
pub(super) fn difference(before: &Catalog, after: &Catalog) -> Vec<Spelled> {
    let mut all = Vec::new();
    for (_, table) in after.tables.iter().filter(|(id, _)| !before.tables.contains_key(*id)) {
        all.push(Spelled::new(create_sql(after, table)));
    }
    for (id, was) in &before.tables {
        let Some(now) = after.tables.get(id) else { continue };
        let clauses = clauses((before, was), (after, now));
        if !clauses.is_empty() {
            let table = name(&now.name);
            let sql = format!("ALTER TABLE {table}\n  {}", clauses.join(",\n  "));
            all.push(Spelled::new(sql).locking(table, CUT_OVER).doing(Work::Copy));
        }
    }
    for (_, table) in before.tables.iter().filter(|(id, _)| !after.tables.contains_key(*id)) {
        let table = name(&table.name);
        all.push(Spelled::new(format!("DROP TABLE IF EXISTS {table}")).locking(table, CUT_OVER));
    }
    all
}

/// What one `ALTER TABLE` says: what goes first, then what comes.
fn clauses((before, was): (&Catalog, &Table), (after, now): (&Catalog, &Table)) -> Vec<String> {
    let mut all = Vec::new();
    // An index has no other name without being another one: it is built anew under it, in the copy.
    let renamed = |id| was.indexes.get(id).zip(now.indexes.get(id)).is_some_and(|(was, now)| was.name != now.name);
    let key = |table: &Table| table.primary_key.as_ref().map(|key| key.columns.clone());
    let rekeyed = key(was) != key(now);
    for (id, index) in &was.indexes {
        if !now.indexes.contains_key(id) || renamed(id) {
            all.push(format!("DROP INDEX {}", ident(&index.name)));
        }
    }
    if rekeyed && was.primary_key.is_some() {
        all.push("DROP PRIMARY KEY".to_owned());
    }
    for (_, column) in was.columns.iter().filter(|(id, _)| !now.columns.contains_key(*id)) {
        all.push(format!("DROP COLUMN {}", ident(&column.name)));
    }
    for (id, column) in &now.columns {
        match was.columns.get(id) {
            None => all.push(format!("ADD COLUMN {}", column_sql(after, column))),
            Some(old) => all.extend(changed((before, old), (after, column))),
        }
    }
    if let Some(key) = now.primary_key.as_ref().filter(|_| rekeyed) {
        all.push(format!("ADD PRIMARY KEY ({})", key_sql(now, key)));
    }
    for (id, index) in &now.indexes {
        if !was.indexes.contains_key(id) || renamed(id) {
            all.push(format!("ADD {}", index_sql(now, index)));
        }
    }
    all
}

/// A default that is a plain value has words of its own, which leave alone what else the column has.
fn changed((before, old): (&Catalog, &Column), (after, new): (&Catalog, &Column)) -> Option<String> {
    let (was, now) = (column_sql(before, old), column_sql(after, new));
    if was == now {
        return None;
    }
    let field = ident(&new.name);
    let same = old.nullable == new.nullable && type_sql(before, &old.ty) == type_sql(after, &new.ty);
    Some(match (&old.default, &new.default) {
        (None | Some(Default::Literal(_)), None) if same && !new.nullable => {
            format!("ALTER COLUMN {field} DROP DEFAULT")
        }
        (None | Some(Default::Literal(_)), Some(Default::Literal(value))) if same => {
            format!("ALTER COLUMN {field} SET DEFAULT {}", default_sql(&new.ty, &Default::Literal(value.clone())))
        }
        _ => format!("MODIFY COLUMN {now}"),
    })
}
