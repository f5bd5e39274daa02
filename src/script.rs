//! A plan spelled in one dialect: statements in files, with the transaction each file needs.
//!
//! A [`Script`] is self-contained: names are resolved, nothing in it points back into a catalog. It is what gets written,
//! printed, rehearsed and applied; its serialization is the contract's `plan.json`.

mod build;
mod ends;
mod rollout;

pub use crate::dialect::{Engine, FileClass, Level, Lock, Work};
use crate::plan::Seen;
pub use crate::stage::{DecisionNote, Generation, Hazard, StageKind, Verdict};
pub use build::{Input, Stand, build};
pub use ends::{Ends, Labelled, Renaming, Schemas, renamings};
pub use rollout::Rollout;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole sequence.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Script {
    /// The engine that it is written for; PostgreSQL, where none is named.
    #[serde(default, skip_serializing_if = "Engine::is_default")]
    pub engine: Engine,
    /// What changes, in the order of the new schema.
    pub changes: Vec<ChangeNote>,
    /// What was decided, by whom.
    pub decisions: Vec<DecisionNote>,
    /// Stages in order; only those that are needed.
    pub stages: Vec<Stage>,
    /// What is done when, stages and clients in one list: between two entries everything works.
    #[serde(default)]
    pub rollout: Vec<Rollout>,
    /// What the client between writes, one sentence each, where no trigger keeps the old and the new shape of a row the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// Read-only queries to look at while a stage runs.
    #[serde(default)]
    pub monitor: Vec<Query>,
    /// What the plan leaves alone, or what to know before the first stage.
    pub notes: Vec<String>,
    /// Tables that go by another name afterwards, or whose columns do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamings: Vec<Renaming>,
    /// The databases at both ends, which a rehearsal needs; only in what is written for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Ends>,
}

/// One understood change.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangeNote {
    /// Its kind in kebab case, the name of its page: `add-column`.
    pub kind: String,
    /// What it is about: `User.email`.
    pub subject: String,
    /// In one sentence.
    pub summary: String,
    /// Where it was written in the new schema (or the old one, of what left), as `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// One stage.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// Which.
    pub stage: StageKind,
    /// Name of its folder: `1-expand`.
    pub folder: String,
    /// What has to be true, and deployed, before it starts.
    pub gate: Vec<String>,
    /// The text of the schema whose client is right while this stage stands, where a client between old and new is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Which client may run, while it is applied and after.
    pub clients: Vec<ClientNote>,
    /// Its migrations in order.
    pub migrations: Vec<Migration>,
    /// Read-only queries to run before: each row returned is a problem.
    pub preflight: Vec<Query>,
    /// Read-only queries to run after: each row returned is a problem.
    pub verify: Vec<Query>,
}

/// What a stage means for a generation of Prisma Client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientNote {
    /// `old`, `bridge` or `new`.
    pub client: String,
    /// May it run while the stage is applied?
    pub during: Verdict,
    /// And after?
    pub after: Verdict,
    /// Why not, or on what condition: what holds after the stage, then what holds only while it is applied.
    pub reasons: Vec<String>,
    /// How many of the reasons hold only while the stage is applied: the last ones.
    #[serde(default)]
    pub only_while_applied: usize,
}

/// A read-only query each of whose rows is a problem.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Query {
    /// Short name, the first column of each row it returns.
    pub name: String,
    /// What it looks for.
    pub about: String,
    /// The query, without a semicolon.
    pub sql: String,
    /// What its rows mean.
    pub level: Level,
}

/// One folder under `migrations/`: one step forwards and its way back.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Migration {
    /// Name of the folder: `0001_add_user_nickname`.
    pub name: String,
    /// In one sentence.
    pub title: String,
    /// How migration.sql must be sent.
    pub class: FileClass,
    /// What it does, statement by statement (inside a guarded block in the file).
    pub statements: Vec<Statement>,
    /// Text of migration.sql.
    pub up: String,
    /// How down.sql must be sent.
    pub down_class: FileClass,
    /// What going back gives back.
    pub undo: Undo,
    /// What to know of going back: what it leaves behind, harmless, and what may stop it. One sentence each.
    pub residue: Vec<String>,
    /// Text of down.sql.
    pub down: String,
}

/// A statement and what it costs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// The SQL, without a semicolon.
    pub sql: String,
    /// The locks it takes on existing tables, the strongest on each.
    pub locks: Vec<Lock>,
    /// What it does under them.
    pub work: Work,
    /// What may go wrong, by code.
    pub hazards: Vec<Hazard>,
    /// How long it takes, where the size of the table is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
}

/// How long a statement takes, from measured rates (docs/stats.md).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// Rows of the table.
    pub rows: u64,
    /// Its bytes, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Seconds on a server with nothing else to do.
    pub from_seconds: u64,
    /// Seconds on a busy one.
    pub to_seconds: u64,
}

/// What a down script gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "class", rename_all = "lowercase")]
pub enum Undo {
    /// Everything.
    Lossless,
    /// Not this.
    Lossy {
        /// What is lost, one sentence each.
        what: Vec<String>,
        /// The queries that count it now, in the order of `what`; empty where nothing can be counted.
        count: Vec<String>,
    },
    /// It puts the structure back but not what was in it.
    Irreversible {
        /// What is gone, and where to get it.
        what: Vec<String>,
    },
}

impl ClientNote {
    /// What was seen of a client.
    pub fn of(seen: &Seen) -> Self {
        ClientNote {
            client: seen.generation.name().to_owned(),
            during: seen.during,
            after: seen.after,
            reasons: seen.reasons.iter().chain(&seen.meanwhile).cloned().collect(),
            only_while_applied: seen.meanwhile.len(),
        }
    }

    /// The reasons that hold after the stage, and those that hold only while it is applied.
    pub fn split(&self) -> (&[String], &[String]) {
        self.reasons.split_at(self.reasons.len().saturating_sub(self.only_while_applied))
    }
}

impl Script {
    /// Nothing to do?
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }
}
