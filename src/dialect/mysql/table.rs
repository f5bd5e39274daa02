//! Tables, columns, indexes and foreign keys as Prisma makes them.

use super::quote::{ident, idents, name};
use super::value::{default_sql, type_sql};
use crate::catalog::{Action, Catalog, Column, ColumnId, Default, ForeignKey, Index, KeyColumn, PrimaryKey, Table};

/// What Prisma says at the end of every table.
const CHARACTERS: &str = "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

/// `CREATE TABLE` with its keys and indexes; foreign keys come on their own.
pub fn create_sql(at: &Catalog, table: &Table) -> String {
    let mut lines: Vec<String> = table.columns.values().map(|c| format!("    {}", column_sql(at, c))).collect();
    let mut keys: Vec<String> = table.indexes.values().map(|i| format!("    {}", index_sql(table, i))).collect();
    if let Some(key) = &table.primary_key {
        keys.push(format!("    PRIMARY KEY ({})", parts_sql(table, &key.columns)));
    }
    if let Some(first) = keys.first_mut() {
        first.insert(0, '\n');
    }
    lines.extend(keys);
    format!("CREATE TABLE IF NOT EXISTS {} (\n{}\n) {CHARACTERS}", name(&table.name), lines.join(",\n"))
}

/// A column as it stands in `CREATE TABLE`, `ADD COLUMN` and `MODIFY`.
pub fn column_sql(at: &Catalog, column: &Column) -> String {
    let null = if column.nullable { " NULL" } else { " NOT NULL" };
    let sql = format!("{} {}{null}", ident(&column.name), type_sql(at, &column.ty));
    match &column.default {
        None => sql,
        Some(Default::Sequence) => sql + " AUTO_INCREMENT",
        Some(default) => sql + " DEFAULT " + &default_sql(&column.ty, default),
    }
}

/// An index as it stands in `CREATE TABLE`.
pub fn index_sql(table: &Table, index: &Index) -> String {
    let kind = match (&index.method, index.unique) {
        (Some(method), _) => format!("{method} "),
        (None, true) => "UNIQUE ".to_owned(),
        (None, false) => String::new(),
    };
    format!("{kind}INDEX {}({})", ident(&index.name), parts_sql(table, &index.columns))
}

/// The columns of a primary key.
pub fn key_sql(table: &Table, key: &PrimaryKey) -> String {
    parts_sql(table, &key.columns)
}

fn parts_sql(table: &Table, columns: &[KeyColumn]) -> String {
    let part = |c: &KeyColumn| {
        let name = table.columns.get(&c.column).map_or("", |c| c.name.as_str());
        let length = c.length.map_or_else(String::new, |n| format!("({n})"));
        let order = if c.descending { " DESC" } else { "" };
        format!("{}{length}{order}", ident(name))
    };
    columns.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// The names of columns.
pub fn columns_sql(table: &Table, columns: &[ColumnId]) -> String {
    idents(columns.iter().filter_map(|id| table.columns.get(id)).map(|c| c.name.as_str()))
}

/// `ADD CONSTRAINT … FOREIGN KEY …`, behind `ALTER TABLE`.
pub fn foreign_key_sql(at: &Catalog, table: &Table, key: &ForeignKey) -> String {
    let Some(target) = at.tables.get(&key.references) else { return String::new() };
    format!(
        "ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}",
        ident(&key.name),
        columns_sql(table, &key.columns),
        name(&target.name),
        columns_sql(target, &key.referenced),
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

/// The statements that make a whole database, in order.
pub fn database(at: &Catalog) -> Vec<String> {
    let tables = at.tables.values().map(|table| create_sql(at, table));
    let keys = at.tables.values().flat_map(|table| {
        let alter = |key| format!("ALTER TABLE {} {}", name(&table.name), foreign_key_sql(at, table, key));
        table.foreign_keys.values().map(alter)
    });
    tables.chain(keys).collect()
}
