//! The words that every format for people shares: each is worded once, here.

use super::json::How;
use super::style::Ink;
use crate::dialect::{Engine, strength};
use crate::script::{ClientNote, Estimate, FileClass, Rollout, StageKind, Statement, Undo, Verdict, Work};

/// What a stage is for, in one sentence.
pub fn purpose(stage: StageKind) -> &'static str {
    match stage {
        StageKind::Expand => "Adds what the new schema needs. Every client that ran before still runs.",
        StageKind::Backfill => "Fills rows, in small transactions, while clients run.",
        StageKind::Validate => "Proves what the rows now hold and lets the server enforce it.",
        StageKind::Contract => "Removes what only old clients needed.",
        StageKind::Direct => "Changes everything at once, while nobody uses the database.",
    }
}

/// May the client run?
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Runs => "runs",
        Verdict::WithCare => "runs, with care",
        Verdict::ReadsOnly => "reads only",
        Verdict::MustNotRun => "must not run",
    }
}

/// How a verdict looks.
pub fn verdict_ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Runs => Ink::Good,
        Verdict::WithCare | Verdict::ReadsOnly => Ink::Care,
        Verdict::MustNotRun => Ink::Bad,
    }
}

/// One thing to do, and what to know of it.
pub fn rollout(step: &Rollout) -> (String, &[String]) {
    match step {
        Rollout::Apply { stage } => (format!("apply {stage}"), &[]),
        Rollout::Deploy { client, schema, replaces, notes } => {
            let from = schema.as_ref().map_or(String::new(), |schema| format!(", generated from {schema},"));
            if client == replaces {
                return (
                    format!(
                        "roll out the {} client{from} once more, with other code, until none is left without it",
                        client.name()
                    ),
                    notes,
                );
            }
            let (client, before) = (client.name(), replaces.name());
            (format!("roll out the {client} client{from} everywhere, until no {before} one is left"), notes)
        }
        Rollout::Stop { client, why } => {
            (format!("stop every {} client: no client runs until the new one starts", client.name()), why)
        }
        Rollout::Start { client } => (format!("start the {} client", client.name()), &[]),
    }
}

/// The reasons of a verdict, each with when it holds.
pub fn reasons(client: &ClientNote) -> Vec<String> {
    let (after, meanwhile) = client.split();
    let only = meanwhile.iter().map(|why| format!("only while it is applied: {why}"));
    after.iter().cloned().chain(only).collect()
}

/// What a statement does while it holds its locks.
pub fn work(work: Work) -> &'static str {
    match work {
        Work::Metadata => "catalog only, milliseconds",
        Work::Scan => "reads the whole table",
        Work::IndexBuild => "builds an index, reading the table",
        Work::Rewrite => "writes the whole table anew",
        Work::Copy => "copies the whole table beside its readers and writers",
        Work::Batches => "changes rows in small transactions",
        Work::Rows => "changes rows, all at once",
        Work::Check => "reads rows, nobody waits",
    }
}

/// How the work of a statement looks.
pub fn work_ink(work: Work) -> Ink {
    match work {
        Work::Metadata | Work::Check => Ink::Good,
        Work::Scan | Work::IndexBuild | Work::Batches | Work::Rows | Work::Copy => Ink::Care,
        Work::Rewrite => Ink::Bad,
    }
}

/// How long its locks are held.
pub fn duration(work: Work) -> &'static str {
    match work {
        Work::Metadata => "milliseconds once it has its lock",
        Work::Scan => "as long as it takes to read the table once",
        Work::IndexBuild => "as long as it takes to read the table twice and sort it",
        Work::Rewrite => "as long as it takes to write the table and its indexes anew",
        Work::Copy => "a moment, once the copy is complete",
        Work::Batches => "as long as there are rows; each transaction is short",
        Work::Rows => "as long as it takes to change the rows",
        Work::Check => "as long as it takes to read the rows",
    }
}

/// How long a statement takes, where that is known: `4 s to 40 s for 1200000 rows`, `less than a second for 12 rows`.
pub fn estimate(estimate: &Estimate) -> String {
    let rows = if estimate.rows == 1 { "1 row".to_owned() } else { format!("{} rows", estimate.rows) };
    if estimate.to_seconds <= 1 {
        return format!("less than a second for {rows}");
    }
    format!("{} to {} for {rows}", seconds(estimate.from_seconds), seconds(estimate.to_seconds))
}

/// `40 s`, `12 min`, `3 h`.
fn seconds(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

/// Who waits for a lock of this mode (PostgreSQL manual, 13.3.1 "Table-Level Locks"); `None` for modes of other vendors.
pub fn who_waits(mode: &str) -> Option<&'static str> {
    match mode {
        "ACCESS SHARE" | "ROW SHARE" | "ROW EXCLUSIVE" | "SHARE UPDATE EXCLUSIVE" => Some("readers and writers go on"),
        "SHARE" | "SHARE ROW EXCLUSIVE" | "EXCLUSIVE" => Some("writers wait, readers go on"),
        "ACCESS EXCLUSIVE" => Some("readers and writers wait"),
        "RESERVED" => Some("other writers wait, readers go on"),
        _ => None,
    }
}

/// The locks of a statement in one line: `ACCESS EXCLUSIVE on "User" and "Post": readers and writers wait`.
pub fn locks(statement: &Statement) -> String {
    let mut modes: Vec<(&str, Vec<&str>)> = Vec::new();
    for lock in &statement.locks {
        match modes.iter_mut().find(|(mode, _)| *mode == lock.mode) {
            Some((_, tables)) => tables.push(&lock.table),
            None => modes.push((&lock.mode, vec![&lock.table])),
        }
    }
    modes.sort_by_key(|(mode, _)| std::cmp::Reverse(strength(mode)));
    if modes.is_empty() {
        return "no lock on a table in use".to_owned();
    }
    let each: Vec<String> = modes
        .iter()
        .map(|(mode, tables)| {
            let who = who_waits(mode).map_or(String::new(), |who| format!(": {who}"));
            format!("{mode} on {}{who}", tables.join(", "))
        })
        .collect();
    each.join("; ")
}

/// The name of a file class.
pub fn class(class: FileClass) -> &'static str {
    match class {
        FileClass::Transactional => "transactional",
        FileClass::Solitary => "solitary",
        FileClass::Batch => "batch",
        FileClass::Assertion => "assertion",
    }
}

/// What a file is sent as, by the engine.
pub fn sent_as(engine: Engine, own: FileClass) -> &'static str {
    match (engine, own) {
        (Engine::Vitess, FileClass::Solitary | FileClass::Transactional) => "deploy request",
        (Engine::Vitess, FileClass::Batch) => "rows",
        (Engine::Vitess, FileClass::Assertion) => "look",
        (Engine::Postgresql | Engine::Sqlite | Engine::Mysql, own) => class(own),
    }
}

/// The name of an undo class, as the first line of a down.sql has it.
pub fn undo(undo: &Undo) -> &'static str {
    match undo {
        Undo::Lossless => "lossless",
        Undo::Lossy { .. } => "LOSSY",
        Undo::Irreversible { .. } => "IRREVERSIBLE",
    }
}

/// How an undo class looks.
pub fn undo_ink(undo: &Undo) -> Ink {
    match undo {
        Undo::Lossless => Ink::Good,
        Undo::Lossy { .. } => Ink::Care,
        Undo::Irreversible { .. } => Ink::Bad,
    }
}

/// What an undo does not give back.
pub fn losses(undo: &Undo) -> &[String] {
    match undo {
        Undo::Lossless => &[],
        Undo::Lossy { what, .. } | Undo::Irreversible { what } => what,
    }
}

/// How a file of a folder differs from the plan's.
pub fn how(how: How) -> &'static str {
    match how {
        How::Missing => "missing",
        How::Changed => "changed",
        How::Extra => "extra",
    }
}
