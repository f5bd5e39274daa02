//! MySQL and MariaDB: what a database holds, and rows to rehearse on.

use super::line::Boxed;
use super::rehearse::Cut;
use super::rehearse::plain::{Labels, Place};
use super::snapshot::{Catalog, Rows, TableName};
use super::{Error, Result};
use mysql::prelude::Queryable;
use mysql::{Conn, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;

mod address;
mod introspect;
mod kill;
mod line;
mod look;
mod seed;
mod server;
mod stats;

pub use address::Address;
pub use introspect::{drift, read};
pub use server::{Server, VARIABLE};
pub use stats::sizes;

/// A database, and a connection to it.
pub struct Database {
    connection: RefCell<Conn>,
    /// Where other connections to it are made.
    address: Option<Address>,
    name: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Database {
    /// A connection to a database that is there.
    fn of(connection: Conn, address: Option<Address>, name: String) -> Self {
        Database { connection: RefCell::new(connection), address, name }
    }

    /// The rows of a query, each column with its bytes.
    fn bytes(&self, sql: &str) -> Result<Vec<Vec<Option<Vec<u8>>>>> {
        let mut connection = self.connection.borrow_mut();
        let rows: Vec<mysql::Row> = connection.query(sql).map_err(|e| refused(sql, e))?;
        let value = |value: Value| match value {
            Value::NULL => None,
            Value::Bytes(bytes) => Some(bytes),
            other => Some(other.as_sql(true).into_bytes()),
        };
        Ok(rows.into_iter().map(|row| row.unwrap().into_iter().map(value).collect()).collect())
    }
}

/// A name in backticks.
fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A string constant.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn text(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            format!("x'{}'", error.as_bytes().iter().map(|b| format!("{b:02x}")).collect::<String>())
        }
    }
}

impl Place for Database {
    fn run(&self, sql: &str) -> Result<()> {
        let mut connection = self.connection.borrow_mut();
        let mut sets = connection.query_iter(sql).map_err(|e| refused("running SQL", e))?;
        while let Some(set) = sets.iter() {
            for row in set {
                row.map_err(|e| refused("running SQL", e))?;
            }
        }
        Ok(())
    }

    fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
        let rows = self.bytes(sql)?;
        Ok(rows.into_iter().map(|row| row.into_iter().map(|v| v.map(text)).collect()).collect())
    }

    fn catalog(&self) -> Result<Catalog> {
        look::catalog(self)
    }

    fn rows(&self) -> Result<BTreeMap<TableName, Rows>> {
        let mut all = BTreeMap::new();
        // How far a backfill is, is nobody's row.
        let all_columns = look::columns(self)?.into_iter().filter(|(table, _)| !table.starts_with("_prisma_stage"));
        for (table, columns) in all_columns {
            let mut names: Vec<(String, bool)> = columns.into_iter().map(|c| (c.name, c.key)).collect();
            names.sort_by_key(|(name, key)| (!key, name.clone()));
            let key = names.iter().enumerate().filter(|(_, (_, key))| *key).map(|(at, _)| at).collect();
            let columns: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
            let list = columns.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ");
            let mut rows = self.query(&format!("SELECT {list} FROM {}", quote(&table)))?;
            rows.sort();
            all.insert((String::new(), table), Rows { columns, key, rows });
        }
        Ok(all)
    }

    fn fill(&self, like: Option<&Self>, rows: u64, labels: &Labels) -> Result<u64> {
        seed::fill(self, like, rows, labels)
    }

    fn restore(&self, table: &TableName, rows: &Rows) -> Result<()> {
        let name = quote(&table.1);
        self.run(&format!("SET SESSION foreign_key_checks = 0; DELETE FROM {name}"))?;
        let columns = rows.columns.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ");
        for row in &rows.rows {
            let value = |v: &Option<String>| match v.as_deref() {
                None => "NULL".to_owned(),
                Some(hex) if hex.starts_with("x'") && hex.ends_with('\'') => hex.to_owned(),
                Some(text) => literal(text),
            };
            let values = row.iter().map(value).collect::<Vec<_>>().join(", ");
            self.run(&format!("INSERT INTO {name} ({columns}) VALUES ({values})"))?;
        }
        self.run("SET SESSION foreign_key_checks = 1")
    }

    fn orphans(&self) -> Result<usize> {
        let mut count = 0;
        for key in look::foreign_keys(self)? {
            let known = key.columns.iter().map(|(own, _)| format!("c.{} IS NOT NULL", quote(own)));
            let met = key.columns.iter().map(|(own, to)| format!("p.{} = c.{}", quote(to), quote(own)));
            let sql = format!(
                "SELECT count(*) FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
                quote(&key.table),
                known.collect::<Vec<_>>().join(" AND "),
                quote(&key.target),
                met.collect::<Vec<_>>().join(" AND ")
            );
            let found = self.query(&sql)?.into_iter().flatten().flatten().next();
            count += found.and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        }
        Ok(count)
    }

    fn run_beside(&self, sql: &str, held: &[String]) -> Result<Vec<String>> {
        kill::beside(self, sql, held)
    }

    fn line(&self) -> Result<Option<Boxed>> {
        let Some(address) = &self.address else { return Ok(None) };
        let connection = address.connect_as_client(&self.name)?;
        Ok(Some(Box::new(line::Talk(Database::of(connection, None, String::new())))))
    }

    fn cut(&mut self, sql: &str, point: usize) -> Result<Cut> {
        kill::cut(self, sql, point)
    }

    fn left(&self) -> Result<Vec<String>> {
        let sql = "SELECT @@SESSION.foreign_key_checks, @@SESSION.lock_wait_timeout = @@GLOBAL.lock_wait_timeout, @@SESSION.autocommit, \
                   @@SESSION.innodb_lock_wait_timeout = @@GLOBAL.innodb_lock_wait_timeout";
        let found = self.query(sql)?.into_iter().next().unwrap_or_default();
        let names = ["foreign_key_checks", "lock_wait_timeout", "autocommit", "innodb_lock_wait_timeout"];
        let changed = names.iter().zip(found).filter(|(_, value)| value.as_deref() != Some("1"));
        Ok(changed.map(|(name, _)| format!("it leaves {name} changed")).collect())
    }
}

/// What the server says of a statement, with its number.
fn refused(doing: &str, error: mysql::Error) -> Error {
    let sqlstate = match &error {
        mysql::Error::MySqlError(said) => Some(said.state.clone()),
        mysql::Error::IoError(_)
        | mysql::Error::CodecError(_)
        | mysql::Error::DriverError(_)
        | mysql::Error::UrlError(_)
        | mysql::Error::TlsError(_)
        | mysql::Error::FromValueError(_)
        | mysql::Error::FromRowError(_) => None,
    };
    Error { sqlstate, ..failed(doing, error) }
}

/// An error of the driver.
fn failed(doing: &str, said: impl std::fmt::Display) -> Error {
    Error::new(doing, said.to_string())
}
