//! Words that changes, plans and scripts share: stages, hazards, decisions, verdicts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A decision that the schemas alone do not make.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DecisionNote {
    /// Its code: `PS0701`.
    pub code: String,
    /// What it is about: `User.email`.
    pub subject: String,
    /// The question.
    pub question: String,
    /// What was answered.
    pub answer: String,
    /// Where the answer came from: a comment, `--rename`, `--assume placeholder`, the intent file.
    pub source: String,
}

/// The stages of every plan, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StageKind {
    /// Additions; every client that ran before still runs.
    Expand,
    /// Rows.
    Backfill,
    /// Constraints and indexes.
    Validate,
    /// What only old clients needed goes.
    Contract,
    /// Everything at once, while no client runs: the only stage of its plan.
    Direct,
}

/// Which generation of an application with Prisma Client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// The one that runs before the plan: it reads and writes whatever its schema has.
    Old,
    /// One between the two, made for the time of the plan: it reads what both know, and is written so that it does not
    /// write what only one of them does.
    Bridge,
    /// The one that is wanted: it reads and writes whatever its schema has.
    New,
}

/// May a client run?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Reads and writes work.
    Runs,
    /// It runs, on a condition that is stated.
    WithCare,
    /// Reads work, some writes fail.
    ReadsOnly,
    /// It must not run.
    MustNotRun,
}

/// Something that may go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hazard {
    /// Its code, the name of its page in docs/hazards.md: `H101`.
    pub code: String,
    /// In one sentence, about this statement.
    pub message: String,
}

impl Generation {
    /// `old`, `bridge` or `new`.
    pub fn name(self) -> &'static str {
        match self {
            Generation::Old => "old",
            Generation::Bridge => "bridge",
            Generation::New => "new",
        }
    }
}

impl StageKind {
    /// Its name in folders and JSON.
    pub fn name(self) -> &'static str {
        match self {
            StageKind::Expand => "expand",
            StageKind::Backfill => "backfill",
            StageKind::Validate => "validate",
            StageKind::Contract => "contract",
            StageKind::Direct => "direct",
        }
    }
}
