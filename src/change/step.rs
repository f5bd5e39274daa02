//! What a change asks of a plan: steps, each of which becomes a file forwards and a file back.

use crate::catalog::TableId;
use crate::op::{Fact, Loss, Op};
use crate::stage::{Hazard, StageKind};

/// When within its stage a step runs. The order of the variants is the order of the run; what must come before what for a
/// reason of its own is an edge of the graph in `plan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    // expand
    /// The place for progress and functions.
    Bookkeeping,
    /// Schemas and extensions.
    Namespaces,
    /// Enum types, and values for them: usable only by later files.
    Enums,
    /// What has to be so before a trigger is made.
    BeforeTriggers,
    /// Tables, with their indexes.
    Tables,
    /// Columns, defaults and relaxed rules, and the triggers that fill them: a file a table.
    Columns,
    /// Foreign keys that look at no row.
    ForeignKeys,
    /// Second names.
    Views,
    // backfill
    /// Rows go that would agree once values are others.
    Merged,
    /// Rows.
    Rows,
    /// What the backfill should have done.
    Filled,
    // validate
    /// CHECKs that look at no row.
    Checks,
    /// They look.
    CheckRows,
    /// What they prove.
    NotNull,
    /// What an index build would stumble over.
    BeforeIndexes,
    /// Indexes, each alone.
    Indexes,
    /// Are they valid?
    IndexesValid,
    /// Foreign keys that had to wait for an index or for rows.
    LateForeignKeys,
    /// Foreign keys look at the rows.
    ForeignKeyRows,
    /// Other primary keys.
    Keys,
    /// Foreign keys that were made anew with them look at the rows.
    KeyForeignKeyRows,
    // contract
    /// Foreign keys go that point at columns which are about to be written by nobody.
    MovedForeignKeys,
    /// Values of enums, and enum types, get other names.
    EnumNames,
    /// Helpers go, final defaults come: a file a table.
    Helpers,
    /// Foreign keys with other actions.
    ChangedForeignKeys,
    /// And their rows.
    ChangedForeignKeyRows,
    /// Foreign keys go.
    OldForeignKeys,
    /// Indexes go, each alone.
    OldIndexes,
    /// Columns go.
    OldColumns,
    /// Tables go.
    OldTables,
    /// Names.
    Names,
    /// Enum types and extensions go.
    OldTypes,
    /// Names that only now are free.
    LateNames,
    /// The place for progress goes.
    CloseBookkeeping,
}

/// Steps of one group, phase and stage share a file where their class allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What is new, and nobody uses yet.
    New,
    /// One table in use.
    Table(TableId),
    /// A file of its own.
    Alone,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// The change it belongs to.
    pub change: usize,
    /// Its stage.
    pub stage: StageKind,
    /// When in the stage.
    pub phase: Phase,
    /// With whom it may share a file.
    pub group: Group,
    /// For the name of its folder: `add_user_nickname`.
    pub slug: String,
    /// In one sentence.
    pub title: String,
    /// What is done.
    pub ops: Vec<Op>,
    /// The way back where it is not that of each op in reverse.
    pub back: Option<Vec<Op>>,
    /// What that way back loses.
    pub losses: Vec<Loss>,
    /// Losses that undoing its ops would name do not happen, since the values live on elsewhere.
    pub lossless: bool,
    /// What has to be true before the stage; each row a query returns is a problem.
    pub before: Vec<Fact>,
    /// What has to be true after the stage.
    pub verify: Vec<Fact>,
    /// What may go wrong.
    pub hazards: Vec<Hazard>,
}

impl Step {
    /// A step without ops yet.
    pub fn new(
        stage: StageKind,
        phase: Phase,
        group: Group,
        slug: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        Step {
            change: 0,
            stage,
            phase,
            group,
            slug: slug.into(),
            title: title.into(),
            ops: Vec::new(),
            back: None,
            losses: Vec::new(),
            lossless: false,
            before: Vec::new(),
            verify: Vec::new(),
            hazards: Vec::new(),
        }
    }

    /// Adds an op.
    #[must_use]
    pub fn op(mut self, op: Op) -> Self {
        self.ops.push(op);
        self
    }

    /// Adds ops.
    #[must_use]
    pub fn ops(mut self, ops: impl IntoIterator<Item = Op>) -> Self {
        self.ops.extend(ops);
        self
    }

    /// Gives the way back.
    #[must_use]
    pub fn back(mut self, ops: Vec<Op>) -> Self {
        self.back = Some(ops);
        self
    }

    /// Says what the way back loses.
    #[must_use]
    pub fn losing(mut self, losses: Vec<Loss>) -> Self {
        self.losses = losses;
        self
    }

    /// Nothing is lost by going back, since the values live on elsewhere.
    #[must_use]
    pub fn lossless(mut self) -> Self {
        self.lossless = true;
        self
    }

    /// Adds a fact to look up before the stage.
    #[must_use]
    pub fn before(mut self, fact: Fact) -> Self {
        self.before.push(fact);
        self
    }

    /// Adds a fact to look up after the stage.
    #[must_use]
    pub fn verify(mut self, fact: Fact) -> Self {
        self.verify.push(fact);
        self
    }

    /// Says what may go wrong.
    #[must_use]
    pub fn hazard(mut self, code: &str, message: impl Into<String>) -> Self {
        self.hazards.push(Hazard { code: code.to_owned(), message: message.into() });
        self
    }
}
