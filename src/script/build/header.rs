//! The first lines of a file: what it does, what it locks, what state a failure leaves and how to go on.

use super::{can_run_again, takes_long};
use crate::dialect::{Dialect, FileClass, Lock, Work, strength};
use crate::script::{Statement, Undo};

fn lines(dialect: Dialect, all: &[String]) -> String {
    all.iter().map(|l| format!("-- {}\n", dialect.comment(l))).collect()
}

/// The head of a migration.sql.
pub fn up(
    dialect: Dialect,
    folder: &str,
    name: &str,
    title: &str,
    class: FileClass,
    statements: &[Statement],
) -> String {
    let mut all = vec![format!("{folder}/{name}"), title.to_owned()];
    all.push(locks(statements));
    for hazard in statements.iter().flat_map(|s| &s.hazards) {
        all.push(format!("{}: {}", hazard.code, hazard.message));
    }
    all.extend(on_failure(class, statements).into_iter().map(str::to_owned));
    if can_run_again(class) {
        all.push("Running it twice does no harm.".to_owned());
    }
    lines(dialect, &all)
}

/// The strongest lock on each table, and what is done meanwhile.
fn locks(statements: &[Statement]) -> String {
    let mut strongest: Vec<&Lock> = Vec::new();
    for lock in statements.iter().flat_map(|s| &s.locks) {
        match strongest.iter_mut().find(|l| l.table == lock.table) {
            Some(known) if strength(&lock.mode) > strength(&known.mode) => *known = lock,
            Some(_) => {}
            None => strongest.push(lock),
        }
    }
    let work = statements.iter().map(|s| s.work).find(|w| takes_long(*w)).map_or("milliseconds", describe);
    if strongest.is_empty() {
        return format!("Locks no table in use; {work}.");
    }
    let list = strongest.iter().map(|l| format!("{} {}", l.table, l.mode)).collect::<Vec<_>>().join(", ");
    format!("Locks: {list}; {work}.")
}

fn describe(work: Work) -> &'static str {
    match work {
        Work::Metadata => "milliseconds",
        Work::Scan => "reads the whole table",
        Work::IndexBuild => "reads the whole table to build an index",
        Work::Rewrite => "WRITES THE WHOLE TABLE ANEW under the lock",
        Work::Batches => "changes rows in small transactions",
        Work::Check => "reads rows, nobody waits",
    }
}

fn on_failure(class: FileClass, statements: &[Statement]) -> Vec<&'static str> {
    let builds = statements.iter().any(|s| s.work == Work::IndexBuild);
    match class {
        FileClass::Transactional => vec!["If it fails nothing has changed: mend the cause and run it again."],
        FileClass::Assertion => {
            vec!["It changes nothing. If it fails, what it says is so: mend that and run it again."]
        }
        FileClass::Batch => {
            vec!["If it fails or is stopped, what is done stays done: run it again and it goes on from there."]
        }
        FileClass::Solitary if builds => vec![
            "Send it alone, outside of a transaction, with lock_timeout and statement_timeout at 0.",
            "If it fails it leaves an INVALID index, which may refuse writes already: drop it (DROP INDEX CONCURRENTLY), then run it again.",
        ],
        FileClass::Solitary => vec![
            "Send it alone, outside of a transaction, with lock_timeout and statement_timeout at 0.",
            "If it fails, run it again.",
        ],
    }
}

/// The head of a down.sql; its first line is the class.
pub fn down(dialect: Dialect, folder: &str, name: &str, undo: &Undo, class: FileClass, residue: &[String]) -> String {
    let mut all = Vec::new();
    match undo {
        Undo::Lossless => all.push("down: lossless".to_owned()),
        Undo::Lossy { what, .. } => all.extend(what.iter().map(|w| format!("down: LOSSY {w}"))),
        Undo::Irreversible { what } => all.extend(what.iter().map(|w| format!("down: IRREVERSIBLE {w}"))),
    }
    if let Undo::Lossy { count, .. } = undo {
        all.extend(count.iter().map(|c| format!("count it now: {c};")));
    }
    all.extend(residue.iter().cloned());
    all.push(format!("Takes {folder}/{name} back; run the down files of a stage in reverse order."));
    if class == FileClass::Batch {
        all.push("If it fails or is stopped, what is done stays done: run it again.".to_owned());
    }
    lines(dialect, &all)
}
