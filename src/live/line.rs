//! A connection as a client has it, whatever the database: it sends SQL, and reads and writes values as text.

use super::seed::Shape;
use super::sql;
use super::{Doing, Result};
use postgres::{Client, SimpleQueryMessage};
use std::collections::BTreeMap;

/// A row that was read, column by column.
pub type Row = Vec<Option<String>>;

/// The type of every column as SQL, by schema, table and column.
pub type Types = BTreeMap<(String, String, String), String>;

/// A connection that may be handed to another thread.
pub type Boxed = Box<dyn Line + Send>;

/// Opens connections to one database.
pub type Connect<'c> = &'c dyn Fn() -> Result<Boxed>;

/// A connection.
pub trait Line {
    /// How it is spoken to.
    fn tongue(&self) -> Tongue;

    /// Sends SQL that returns nothing.
    fn run(&mut self, sql: &str) -> Result<()>;

    /// Sends a statement and reads the rows it returns.
    fn rows(&mut self, sql: &str) -> Result<Vec<Row>>;

    /// Sends a statement that returns no rows, and says how many it concerned.
    fn count(&mut self, sql: &str) -> Result<u64>;

    /// The short names of the types that the columns of a query have: `int4`, `_text`.
    fn types(&mut self, from: &str, columns: &[&str]) -> Result<Vec<String>>;

    /// What the tables of the database are, and the type of each column as SQL.
    fn described(&mut self) -> Result<(Shape, Types)>;
}

/// What is spelled in another way from database to database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// PostgreSQL's.
    Postgres,
    /// MySQL's and MariaDB's.
    Mysql,
    /// SQLite's, as Prisma speaks it.
    Sqlite,
}

impl Tongue {
    /// A name.
    pub fn quote(self, name: &str) -> String {
        match self {
            Tongue::Postgres => sql::quote(name),
            // What stands between quotation marks and is no column is a text to SQLite.
            Tongue::Mysql | Tongue::Sqlite => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A table.
    pub fn table(self, schema: &str, name: &str) -> String {
        match self {
            Tongue::Postgres => sql::qualified(schema, name),
            Tongue::Mysql => self.quote(name),
            Tongue::Sqlite => format!("`main`.{}", self.quote(name)),
        }
    }

    /// A text constant.
    pub fn literal(self, text: &str) -> String {
        match self {
            Tongue::Postgres => sql::literal(text),
            Tongue::Mysql => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
            Tongue::Sqlite => format!("'{}'", text.replace('\'', "''")),
        }
    }

    /// Whoever waits for a migration that never ends must say so.
    pub fn patience(self) -> &'static str {
        match self {
            Tongue::Postgres => "SET lock_timeout = '5s'; SET statement_timeout = '30s'",
            // Rows are waited for as shortly as can be said: two clients that one hand leads wait for each other for ever.
            Tongue::Mysql => "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 1",
            Tongue::Sqlite => "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 1000",
        }
    }

    /// May two write at once?
    pub fn writers(self) -> Writers {
        match self {
            Tongue::Postgres | Tongue::Mysql => Writers::Many,
            Tongue::Sqlite => Writers::One,
        }
    }
}

/// How many transactions may write into a database at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// As many as want to.
    Many,
    /// One; the others wait until it is over.
    One,
}

impl Line for Client {
    fn tongue(&self) -> Tongue {
        Tongue::Postgres
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        self.batch_execute(sql).doing(|| sql.to_owned())
    }

    fn rows(&mut self, sql: &str) -> Result<Vec<Row>> {
        let messages = self.simple_query(sql).doing(|| sql.to_owned())?;
        let row = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        };
        Ok(messages.iter().filter_map(row).collect())
    }

    fn count(&mut self, sql: &str) -> Result<u64> {
        let messages = self.simple_query(sql).doing(|| sql.to_owned())?;
        let count = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::CommandComplete(count) => Some(*count),
            _ => None,
        };
        Ok(messages.iter().find_map(count).unwrap_or(0))
    }

    fn types(&mut self, from: &str, columns: &[&str]) -> Result<Vec<String>> {
        let names: Vec<String> = columns.iter().map(|name| sql::quote(name)).collect();
        let sql = format!("SELECT {} FROM {from}", names.join(", "));
        let statement = self.prepare(&sql).doing(|| sql.clone())?;
        Ok(statement.columns().iter().map(|column| column.type_().name().to_owned()).collect())
    }

    fn described(&mut self) -> Result<(Shape, Types)> {
        let shape = Shape::read(self)?;
        let sql = "SELECT n.nspname::text, c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
        let rows = self.query(sql, &[]).doing(|| "reading the types of columns".to_owned())?;
        let types = rows.iter().map(|row| ((row.get(0), row.get(1), row.get(2)), row.get(3))).collect();
        Ok((shape, types))
    }
}
