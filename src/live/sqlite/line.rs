//! A client's connection to SQLite. Prisma's own has foreign keys in force, and names of columns in backticks.

use super::{columns, error, query, run, tables};
use crate::live::Result;
use crate::live::line::{Line, Row, Tongue, Types};
use crate::live::seed::{Column, Shape, Type};
use rusqlite::Connection;

/// The schema that tables without one go by in the clients' books.
const DEFAULT_SCHEMA: &str = "public";

/// A connection of its own to a database that others have open too.
pub(super) struct Talk(pub(super) Connection);

impl Line for Talk {
    fn tongue(&self) -> Tongue {
        Tongue::Sqlite
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        run(&self.0, sql).map_err(|error| crate::live::Error { doing: sql.to_owned(), ..error })
    }

    fn rows(&mut self, sql: &str) -> Result<Vec<Row>> {
        query(&self.0, sql)
    }

    fn count(&mut self, sql: &str) -> Result<u64> {
        let failed = |e: rusqlite::Error| error(sql, &e);
        let mut statement = self.0.prepare(sql).map_err(failed)?;
        if statement.column_count() > 0 {
            drop(statement);
            return Ok(query(&self.0, sql)?.len() as u64);
        }
        Ok(statement.execute([]).map_err(failed)? as u64)
    }

    fn types(&mut self, from: &str, names: &[&str]) -> Result<Vec<String>> {
        let list: Vec<String> = names.iter().map(|name| self.tongue().quote(name)).collect();
        let sql = format!("SELECT {} FROM {from} LIMIT 0", list.join(", "));
        self.0.prepare(&sql).map_err(|e| error(&sql, &e))?;
        let table = from.trim_start_matches("`main`.").trim_matches('`').replace("``", "`");
        let there = columns(&self.0, &table)?;
        let of = |name: &&str| there.iter().find(|c| c.name == **name).map_or_else(String::new, |c| short(&c.ty).name);
        Ok(names.iter().map(of).collect())
    }

    fn described(&mut self) -> Result<(Shape, Types)> {
        let (mut shape, mut types) = (Shape::default(), Types::new());
        for table in tables(&self.0)? {
            let at = (DEFAULT_SCHEMA.to_owned(), table.clone());
            for column in columns(&self.0, &table)? {
                let known =
                    Column { ty: short(&column.ty), required: column.required, generated: false, sequence: None };
                shape.tables.entry(at.clone()).or_default().columns.insert(column.name.clone(), known);
                types.insert((DEFAULT_SCHEMA.to_owned(), table.clone(), column.name), column.ty);
            }
        }
        Ok((shape, types))
    }
}

/// A type that Prisma gives to columns, by the short name that the makers of values know, which are PostgreSQL's.
fn short(declared: &str) -> Type {
    let name = match declared.to_uppercase().as_str() {
        "INTEGER" | "INT" => "int4",
        "BIGINT" => "int8",
        "REAL" | "FLOAT" | "DOUBLE" => "float8",
        "DECIMAL" => "numeric",
        "BOOLEAN" => "bool",
        "DATETIME" => "timestamp",
        "BLOB" => "bytea",
        "JSONB" => "jsonb",
        _ => "text",
    };
    // Moments have milliseconds.
    let modifier = if name == "timestamp" { 3 } else { -1 };
    Type { name: name.to_owned(), list: false, modifier, labels: Vec::new() }
}
