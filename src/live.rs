//! The only code that talks to a database.
//!
//! - [`server`]: a private PostgreSQL of our own, found on the machine, started and thrown away;
//! - [`snapshot`]: what a database holds, as text that can be compared;
//! - [`introspect`]: a database as the catalog that its schema would be lowered to;
//! - [`mod@line`]: a connection as a client has it;
//! - [`drift`]: what a database has in another way than a schema;
//! - [`seed`]: rows to rehearse on;
//! - [`rehearse`]: a plan run for real, forwards and backwards;
//! - [`mysql`]: the same looks at a MySQL or MariaDB;
//! - [`sqlite`]: the same looks at a SQLite database in this process;
//! - [`stats`]: how big the tables are.
//!
//! Architecture invariant: nothing but the command line uses this module, and it is behind the feature `live`.

pub mod drift;
pub mod introspect;
pub mod line;
pub mod mysql;
pub mod rehearse;
pub mod seed;
pub mod server;
pub mod snapshot;
mod sql;
pub mod sqlite;
pub mod stats;

pub use sql::quote;

use crate::catalog::{Catalog, Ids};
use crate::source::{SchemaFiles, Sources};
use crate::{lower, model, syntax};

/// The catalog of a schema, with identities of `ids`; what is wrong with the schema was said by those who read it first.
fn lowered(sources: &Sources, schema: &SchemaFiles, ids: &mut Ids) -> Catalog {
    let (ast, _) = syntax::parse(sources, schema);
    lower::lower(&model::resolve(&ast).0, ids).0
}

/// What went wrong, and while doing what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was being done.
    pub doing: String,
    /// What the machine or the server said.
    pub said: String,
    /// The server's code of the error (`23505`), if it was the server.
    pub sqlstate: Option<String>,
}

/// The result of talking to a database.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error that is not the server's.
    pub fn new(doing: impl Into<String>, said: impl Into<String>) -> Self {
        Error { doing: doing.into(), said: said.into(), sqlstate: None }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.doing, self.said)
    }
}

impl std::error::Error for Error {}

/// Adds what was being done to an error of the driver.
pub trait Doing<T> {
    /// Says what was being done.
    fn doing(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, postgres::Error> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| match error.as_db_error() {
            None => Error::new(what(), with_causes(&error)),
            Some(db) => {
                let mut said = db.message().to_owned();
                for (name, more) in [("detail", db.detail()), ("hint", db.hint()), ("where", db.where_())] {
                    if let Some(more) = more {
                        said.push_str(&format!("\n{name}: {more}"));
                    }
                }
                Error { doing: what(), said, sqlstate: Some(db.code().code().to_owned()) }
            }
        })
    }
}

/// An error with what stands behind it: "error performing TLS handshake" alone says little.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !said.contains(&more) {
            said.push_str(&format!(": {more}"));
        }
        cause = next.source();
    }
    said
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error::new(what(), error.to_string()))
    }
}
