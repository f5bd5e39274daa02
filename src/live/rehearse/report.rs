//! What was seen in a rehearsal.

use super::clients::Seen;
use super::kill::Kill;
use super::locks::LockSeen;
use crate::script::Script;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Whatever is not as it has to be, in the order in which it was seen.
    pub failures: Vec<Failure>,
    /// Rows that took part.
    pub rows: u64,
    /// Files that were sent, forwards and backwards.
    pub files: u64,
    /// The stages of the plan, and what was seen in each.
    pub stages: Vec<StageSeen>,
    /// The files that were cut in their middle, and how they were taken up again.
    pub kills: Vec<Kill>,
}

/// What was seen in a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StageSeen {
    /// Name of its folder: `1-expand`.
    pub folder: String,
    /// Each run of each of its files, in the order of running; those that were cut are not among them.
    pub files: Vec<FileSeen>,
    /// Queries of its preflight.sql and verify.sql that were asked, each time that they were.
    pub queries: u64,
    /// Each of Prisma's clients, old, new and between, when the stage was applied; empty where none was played.
    pub clients: Vec<Seen>,
    /// The locks of its files, where they were looked at.
    pub locks: Vec<LockSeen>,
}

/// A run of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileSeen {
    /// The file, as `1-expand/0001_name/migration.sql`.
    pub file: String,
    /// On which way.
    pub pass: Pass,
    /// How long it took.
    pub milliseconds: u64,
}

/// The ways that a rehearsal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pass {
    /// From OLD to NEW.
    Forwards,
    /// Back to OLD.
    Back,
    /// To NEW once more.
    Again,
}

/// Something is not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// What kind of thing.
    pub what: What,
    /// The file at which it was seen, as `1-expand/0001_name/migration.sql`; empty if at none.
    pub file: String,
    /// In words.
    pub message: String,
}

/// What can go wrong in a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// OLD's or NEW's own DDL does not run here.
    Setup,
    /// A file fails.
    Fails,
    /// A file fails, or changes something, when it is run again.
    NotAgain,
    /// A preflight query returns rows.
    Preflight,
    /// A verify query returns rows.
    Verify,
    /// The catalog after the last stage is not NEW's, or that after a stage whose files were cut not what it was without.
    Catalog,
    /// Values or rows are gone, or changed, and nobody said so.
    Lost,
    /// A table was rewritten, and the plan does not say so.
    Rewrite,
    /// A down does not give back the catalog before it.
    DownCatalog,
    /// A down does not give back the rows before it, and does not say so.
    DownRows,
    /// A file leaves a setting or a transaction behind on the connection.
    Leak,
    /// Helpers are left at the end.
    Leftover,
    /// Planning again from the live database is not empty.
    Replan,
    /// What a client sends that may run is refused, or it cannot read what comes back.
    ClientFails,
    /// What a client wrote last is not what it, or the other one, reads.
    Diverged,
    /// A file holds a stronger lock than the plan names.
    Lock,
}

impl Report {
    /// Of a plan of which nothing was run yet.
    pub(super) fn of(script: &Script) -> Report {
        let stages = script.stages.iter().map(|stage| stage.folder.clone());
        let stages = stages.map(|folder| StageSeen { folder, ..StageSeen::default() }).collect();
        Report { stages, ..Report::default() }
    }

    /// Nothing was wrong.
    pub fn proved(&self) -> bool {
        self.failures.is_empty()
    }

    pub(super) fn add(&mut self, what: What, file: &str, message: &str) {
        self.failures.push(Failure { what, file: file.to_owned(), message: message.to_owned() });
    }

    pub(super) fn all(&mut self, what: What, file: &str, messages: Vec<String>) {
        for message in messages {
            self.add(what, file, &message);
        }
    }

    /// A file was run, and took so long.
    pub(super) fn took(&mut self, file: &str, pass: Pass, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        if let Some(stage) = self.stage(file) {
            stage.files.push(FileSeen { file: file.to_owned(), pass, milliseconds });
        }
    }

    /// Clients were at work when a stage was applied.
    pub(super) fn met(&mut self, folder: &str, clients: Vec<Seen>) {
        let Some(stage) = self.stage(folder) else { return };
        for seen in clients {
            match stage.clients.iter_mut().find(|known| known.client == seen.client) {
                Some(known) => known.statements += seen.statements,
                None => stage.clients.push(seen),
            }
        }
    }

    /// The locks of a file were looked at.
    pub(super) fn locked(&mut self, file: &str, locks: Vec<LockSeen>) {
        if let Some(stage) = self.stage(file) {
            stage.locks.extend(locks);
        }
    }

    /// Queries of a stage were asked.
    pub(super) fn asked(&mut self, file: &str, queries: usize) {
        if let Some(stage) = self.stage(file) {
            stage.queries += queries as u64;
        }
    }

    /// The stage that a file is of.
    fn stage(&mut self, file: &str) -> Option<&mut StageSeen> {
        let folder = file.split('/').next()?;
        self.stages.iter_mut().find(|stage| stage.folder == folder)
    }
}

impl Pass {
    /// In a word.
    pub fn words(self) -> &'static str {
        match self {
            Pass::Forwards => "forwards",
            Pass::Back => "back",
            Pass::Again => "forwards again",
        }
    }
}
