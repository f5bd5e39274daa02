//! Tables and indexes as Prisma makes them.

use super::quote::{ident, idents, name};
use super::value::{default_sql, type_sql};
use crate::catalog::{Action, Catalog, Column, ColumnId, Default, ForeignKey, Index, Table};

/// `CREATE TABLE`, under another name where the table is written anew beside itself. Foreign keys are part of it: SQLite adds
/// none later (<https://www.sqlite.org/lang_altertable.html>).
pub fn create_sql(at: &Catalog, table: &Table, called: &str) -> String {
    let alone = match table.primary_key.as_ref().map(|k| k.columns.as_slice()) {
        Some([only]) => Some(only.column),
        Some(_) | None => None,
    };
    let line = |(id, column): (&ColumnId, &Column)| {
        let key = match alone {
            Some(only) if only == *id && numbers(at, column) => " PRIMARY KEY AUTOINCREMENT",
            Some(only) if only == *id => " PRIMARY KEY",
            Some(_) | None => "",
        };
        format!("    {}{key}", column_sql(at, column))
    };
    let mut lines: Vec<String> = table.columns.iter().map(line).collect();
    if let Some(key) = table.primary_key.as_ref().filter(|_| alone.is_none()) {
        lines.push(format!("\n    PRIMARY KEY ({})", columns_sql(table, key.columns.iter().map(|c| c.column))));
    }
    lines.extend(table.foreign_keys.values().map(|key| format!("    {}", foreign_key_sql(at, table, key))));
    format!("CREATE TABLE {} (\n{}\n)", ident(called), lines.join(",\n"))
}

/// A column as it stands in `CREATE TABLE` and `ADD COLUMN`.
pub fn column_sql(at: &Catalog, column: &Column) -> String {
    let mut sql = format!("{} {}", ident(&column.name), type_sql(at, &column.ty));
    if !column.nullable {
        sql.push_str(" NOT NULL");
    }
    match &column.default {
        None | Some(Default::Sequence) => sql,
        Some(default) => sql + " DEFAULT " + &default_sql(default),
    }
}

/// Does the table number its rows, never giving a number twice? Only an `INTEGER` key of its own can
/// (<https://www.sqlite.org/autoinc.html>), and Prisma has it do so whether the schema says `autoincrement()` or not.
pub fn is_numbered(at: &Catalog, table: &Table) -> bool {
    let only = table.primary_key.as_ref().filter(|k| k.columns.len() == 1).and_then(|k| k.columns.first());
    only.and_then(|k| table.columns.get(&k.column)).is_some_and(|c| numbers(at, c))
}

fn numbers(at: &Catalog, column: &Column) -> bool {
    type_sql(at, &column.ty) == "INTEGER"
}

fn columns_sql(table: &Table, columns: impl Iterator<Item = ColumnId>) -> String {
    idents(columns.filter_map(|id| table.columns.get(&id)).map(|c| c.name.as_str()))
}

/// A foreign key. Prisma gives it a name that nothing can look up.
fn foreign_key_sql(at: &Catalog, table: &Table, key: &ForeignKey) -> String {
    let columns: Vec<&str> =
        key.columns.iter().filter_map(|id| table.columns.get(id)).map(|c| c.name.as_str()).collect();
    let called = format!("{}_{}_fkey", table.name.name, columns.join("_"));
    format!("CONSTRAINT {} FOREIGN KEY ({}) {}", ident(&called), idents(columns), references_sql(at, key))
}

/// `REFERENCES "User" ("id") ON DELETE …`
pub fn references_sql(at: &Catalog, key: &ForeignKey) -> String {
    let Some(target) = at.tables.get(&key.references) else { return String::new() };
    format!(
        "REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
        name(&target.name),
        columns_sql(target, key.referenced.iter().copied()),
        action(key.on_delete),
        action(key.on_update)
    )
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

/// `CREATE INDEX`
pub fn index_sql(table: &Table, index: &Index) -> String {
    let column = |c: &crate::catalog::KeyColumn| {
        let name = table.columns.get(&c.column).map_or("", |c| c.name.as_str());
        if c.descending { format!("{} DESC", ident(name)) } else { ident(name) }
    };
    let columns = index.columns.iter().map(column).collect::<Vec<_>>().join(", ");
    let unique = if index.unique { "UNIQUE " } else { "" };
    let condition = index.predicate.as_ref().map_or_else(String::new, |p| format!(" WHERE {p}"));
    format!("CREATE {unique}INDEX {} ON {}({columns}){condition}", ident(&index.name), name(&table.name))
}
