//! Databases: what each can do, and how it spells it.
//!
//! Architecture invariant: a dialect sees ops and catalogs, never a change. Nothing here connects to anything.

mod any;
mod caps;
mod conventions;
mod crossing;
mod engine;
mod loss;
pub mod mysql;
mod names;
pub mod native;
mod page;
pub mod postgres;
pub mod sqlite;
mod sync;

pub use crate::model::Provider;
pub use any::Dialect;
pub use caps::{Alter, Caps, Enums, Labels, Numbers, Sync};
pub use conventions::{Conventions, Fulltext, JoinKey};
pub use engine::Engine;
pub use names::{Called, Names, Spaces};
pub use page::page;
pub use postgres::{Body, Cast, Retype, Works};

/// An op in a dialect's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The statement, without a semicolon.
    pub sql: String,
    /// A condition in SQL under which it runs: false where it has been done already, so that a file can be run again.
    pub unless_done: Option<String>,
    /// Where the statements before it in its file prepare it: the condition under which that still makes sense.
    pub turns: Option<String>,
    /// The locks it takes on tables that are in use.
    pub locks: Vec<Lock>,
    /// What it does under them.
    pub work: Work,
}

/// What a dialect has no words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unspoken {
    /// What it is.
    pub what: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}

/// A conversion that somebody may mean, there and back, in SQL over the columns of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it does.
    pub meaning: String,
    /// The new value.
    pub using: String,
    /// The old value.
    pub back: String,
}

/// A lock on a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Lock {
    /// The table as the statement names it, quoted.
    pub table: String,
    /// In the server's own words: `ACCESS EXCLUSIVE`.
    pub mode: String,
}

/// What a statement does while it holds its locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Changes the system catalogs only: milliseconds.
    Metadata,
    /// Reads the whole table.
    Scan,
    /// Builds an index, reading the table.
    IndexBuild,
    /// Writes the whole table anew.
    Rewrite,
    /// Copies the whole table beside its readers and writers; the copy takes its place in a moment.
    Copy,
    /// Changes rows in small transactions.
    Batches,
    /// Changes rows in one statement.
    Rows,
    /// Reads rows to check a fact, under no lock that anybody waits for.
    Check,
}

/// A read-only query for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Short name; of a check, the first column of each row that it returns.
    pub name: String,
    /// What it looks for, or shows.
    pub about: String,
    /// The query, without a semicolon.
    pub sql: String,
    /// What its rows mean.
    pub level: Level,
}

/// What the rows of a query mean.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A problem of the server, its settings or sessions; it reads catalogs alone.
    Server,
    /// A problem of the rows; it reads the table.
    Rows,
    /// Something to know, and nothing to stop for.
    Notice,
}

/// What a stage, or a whole plan, does to the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undertaking {
    /// Tables in use that it locks, quoted.
    pub tables: Vec<String>,
    /// Tables whose writes it watches for a while, quoted.
    pub triggers: Vec<String>,
    /// Tables that grow, by a backfill or an index, quoted.
    pub grows: Vec<String>,
    /// Indexes that it builds beside running work, quoted.
    pub builds: Vec<String>,
    /// Are indexes built or dropped beside running work?
    pub online: Option<Online>,
    /// Are rows changed in batches?
    pub batches: Option<Batches>,
    /// Columns that are said anew, with whatever no schema speaks of: tables and their columns.
    pub anew: Vec<(String, String)>,
}

/// Something runs outside of a transaction, beside running work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Online;

/// Rows are changed in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batches;

/// How a file must be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileClass {
    /// All or nothing, in a transaction of its own.
    Transactional,
    /// One statement that cannot run in a transaction.
    Solitary,
    /// One block that commits batch by batch and goes on where it stopped.
    Batch,
    /// Looks, changes nothing, and fails if what it looks for is not so.
    Assertion,
}

impl Spelled {
    /// A statement that changes system catalogs only and locks no table in use.
    pub fn new(sql: impl Into<String>) -> Self {
        Spelled { sql: sql.into(), unless_done: None, turns: None, locks: Vec::new(), work: Work::Metadata }
    }

    /// Adds a lock.
    #[must_use]
    pub fn locking(mut self, table: impl Into<String>, mode: &str) -> Self {
        let table = table.into();
        if !self.locks.iter().any(|l| l.table == table) {
            self.locks.push(Lock { table, mode: mode.to_owned() });
        }
        self
    }

    /// Says when the statements before it, which prepare it, still make sense.
    #[must_use]
    pub fn turning(mut self, condition: impl Into<String>) -> Self {
        self.turns = Some(condition.into());
        self
    }

    /// Says what it does under its locks.
    #[must_use]
    pub fn doing(mut self, work: Work) -> Self {
        self.work = work;
        self
    }

    /// Says when it still has to be done.
    #[must_use]
    pub fn while_true(mut self, condition: impl Into<String>) -> Self {
        self.unless_done = Some(condition.into());
        self
    }
}

/// How strong a table lock is, the weakest 0, in PostgreSQL's order
/// (<https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>).
pub fn strength(mode: &str) -> usize {
    const MODES: [&str; 8] = [
        "ACCESS SHARE",
        "ROW SHARE",
        "ROW EXCLUSIVE",
        "SHARE UPDATE EXCLUSIVE",
        "SHARE",
        "SHARE ROW EXCLUSIVE",
        "EXCLUSIVE",
        "ACCESS EXCLUSIVE",
    ];
    MODES.iter().position(|m| *m == mode).unwrap_or(MODES.len())
}
