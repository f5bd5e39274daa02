//! SQLite in this process: what a database holds, and rows to rehearse on. The bundled library is the server, so there is none
//! to look for.

use super::line::Boxed;
use super::rehearse::Cut;
use super::rehearse::plain::{Labels, Place};
use super::snapshot::{Catalog, Rows, TableName};
use super::{Error, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

mod cut;
mod introspect;
mod line;
mod look;
mod seed;
mod stats;

pub use introspect::{drift, read};
pub use look::catalog;
pub use seed::fill;
pub use stats::sizes;

/// The schema that all tables are in.
pub const MAIN: &str = "main";

/// Is it the address of a file, as Prisma writes it?
pub fn is_file(url: &str) -> bool {
    url.starts_with("file:") || url.starts_with("sqlite:")
}

/// What the paths of databases in memory begin with: to this process they are files, which are gone with their last connection
/// (<https://www.sqlite.org/uri.html>, "memdb").
const MEMORY: &str = "/prisma-stage-";

/// A database in memory, in which these files were run one after the other. Others may be connected to it ([`Place::line`]).
///
/// # Errors
/// One of them does not run.
pub fn open(files: &[String]) -> Result<Database> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let database = Database::at(&format!("{MEMORY}{}", NEXT.fetch_add(1, Ordering::Relaxed)))?;
    for file in files {
        run(&database, file)?;
    }
    Ok(database)
}

/// A database, and a connection to it.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    path: String,
}

impl Database {
    /// The one in this file, which is made if it is not there.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn at(path: &str) -> Result<Database> {
        Ok(Database { connection: connect(path)?, path: path.to_owned() })
    }
}

impl std::ops::Deref for Database {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// A connection to a database, as Prisma has it.
fn connect(path: &str) -> Result<Connection> {
    let failed = |e: rusqlite::Error| error("opening a database", &e);
    let connection = if path.starts_with(MEMORY) {
        Connection::open_with_flags(format!("file:{path}?vfs=memdb"), OpenFlags::default())
    } else {
        Connection::open(path)
    };
    let connection = connection.map_err(failed)?;
    // Prisma's connections have it on.
    run(&connection, "PRAGMA foreign_keys=ON")?;
    Ok(connection)
}

/// Runs a file, statement by statement, up to the first that fails.
///
/// # Errors
/// What SQLite says of it.
pub fn run(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(|e| error("running SQL", &e))
}

/// An error of the driver, with the code that PostgreSQL has for what is wrong.
pub fn error(doing: &str, said: &rusqlite::Error) -> Error {
    let found = match said {
        rusqlite::Error::SqlInputError { error, .. } => Some(error),
        other => other.sqlite_error(),
    };
    let code = found.map(|error| match (error.code, error.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => "23503",
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => "23505",
        (_, ffi::SQLITE_CONSTRAINT_NOTNULL) => "23502",
        (ErrorCode::ConstraintViolation, _) => "23000",
        (_, _) => "HY000",
    });
    Error { sqlstate: code.map(str::to_owned), ..Error::new(doing, said.to_string()) }
}

/// The rows that a query returns, each value as text.
///
/// # Errors
/// The query does not run.
pub fn query(connection: &Connection, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
    let failed = |e: rusqlite::Error| error(sql, &e);
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let width = statement.column_count();
    let mut rows = statement.query([]).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push((0..width).map(|at| row.get_ref(at).map(text)).collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?);
    }
    Ok(all)
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(n) => Some(n.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        // Bytes that are text, and text, are the same to look at: a type that changes changes no value.
        ValueRef::Blob(bytes) if std::str::from_utf8(bytes).is_ok() => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        ValueRef::Blob(bytes) => Some(format!("x'{}'", bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())),
    }
}

/// The rows of every table.
///
/// # Errors
/// The database cannot be read.
pub fn rows(connection: &Connection) -> Result<BTreeMap<TableName, Rows>> {
    let mut all = BTreeMap::new();
    for table in tables(connection)? {
        let mut columns: Vec<(String, bool)> =
            columns(connection, &table)?.into_iter().map(|c| (c.name, c.key > 0)).collect();
        columns.sort_by_key(|(name, key)| (!key, name.clone()));
        let key = columns.iter().enumerate().filter(|(_, (_, key))| *key).map(|(at, _)| at).collect();
        let columns: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
        let list = columns.iter().map(|c| super::quote(c)).collect::<Vec<_>>().join(", ");
        let mut rows = query(connection, &format!("SELECT {list} FROM {}", super::quote(&table)))?;
        rows.sort();
        all.insert((MAIN.to_owned(), table), Rows { columns, key, rows });
    }
    Ok(all)
}

/// The tables, by name.
fn tables(connection: &Connection) -> Result<Vec<String>> {
    let sql =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    Ok(query(connection, sql)?.into_iter().flatten().flatten().collect())
}

/// A column as `PRAGMA table_xinfo` has it.
struct Column {
    name: String,
    ty: String,
    required: bool,
    default: Option<String>,
    /// Its place in the primary key, from 1; 0 if it has none.
    key: u32,
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<Column>> {
    let sql = format!("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo({})", literal(table));
    let read = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        let mut next = || row.next().flatten();
        Column {
            name: next().unwrap_or_default(),
            ty: next().unwrap_or_default(),
            required: next().as_deref() == Some("1"),
            default: next(),
            key: next().and_then(|k| k.parse().ok()).unwrap_or(0),
        }
    };
    Ok(query(connection, &sql)?.into_iter().map(read).collect())
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Place for Database {
    fn run(&self, sql: &str) -> Result<()> {
        run(self, sql)
    }

    fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
        query(self, sql)
    }

    fn catalog(&self) -> Result<Catalog> {
        catalog(self)
    }

    fn rows(&self) -> Result<BTreeMap<TableName, Rows>> {
        rows(self)
    }

    fn fill(&self, like: Option<&Self>, rows: u64, labels: &Labels) -> Result<u64> {
        fill(self, like.map(|other| &other.connection), rows, labels)
    }

    fn restore(&self, table: &TableName, rows: &Rows) -> Result<()> {
        run(self, "PRAGMA foreign_keys=OFF")?;
        let name = super::quote(&table.1);
        run(self, &format!("DELETE FROM {name}"))?;
        let columns = rows.columns.iter().map(|c| super::quote(c)).collect::<Vec<_>>().join(", ");
        let marks = vec!["?"; rows.columns.len()].join(", ");
        let sql = format!("INSERT INTO {name} ({columns}) VALUES ({marks})");
        for row in &rows.rows {
            let bytes = |v: &Option<String>| match v.as_deref().and_then(|v| v.strip_prefix("x'")?.strip_suffix('\'')) {
                Some(hex) => rusqlite::types::Value::Blob(
                    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()).collect(),
                ),
                None => v.clone().into(),
            };
            let values = rusqlite::params_from_iter(row.iter().map(bytes));
            self.execute(&sql, values).map_err(|e| error("bringing rows back", &e))?;
        }
        run(self, "PRAGMA foreign_keys=ON")
    }

    fn orphans(&self) -> Result<usize> {
        Ok(query(self, "PRAGMA foreign_key_check")?.len())
    }

    /// There is one writer, and readers of before it go on.
    fn run_beside(&self, sql: &str, _: &[String]) -> Result<Vec<String>> {
        run(self, sql).map(|()| Vec::new())
    }

    fn line(&self) -> Result<Option<Boxed>> {
        Ok(Some(Box::new(line::Talk(connect(&self.path)?))))
    }

    fn cut(&mut self, sql: &str, point: usize) -> Result<Cut> {
        cut::cut(self, sql, point)
    }

    fn left(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        if !self.is_autocommit() {
            all.push("it leaves a transaction open".to_owned());
        }
        for (name, wanted) in [("foreign_keys", "1"), ("legacy_alter_table", "0"), ("defer_foreign_keys", "0")] {
            let found = query(self, &format!("PRAGMA {name}"))?;
            if found.into_iter().flatten().flatten().any(|value| value != wanted) {
                all.push(format!("it leaves {name} changed"));
            }
        }
        Ok(all)
    }
}

/// The version of the library.
pub fn version() -> &'static str {
    rusqlite::version()
}
