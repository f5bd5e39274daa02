//! How ops share a file: each DDL commits by itself, so a file holds one, and may be run again.

use super::{Kind, Mysql, Spelled, kind};
use crate::dialect::{Body, FileClass, Sync};
use crate::op::Op;

/// How a file with these ops must be sent.
pub fn class(server: Mysql, ops: &[Op]) -> FileClass {
    let looks = |op: &&Op| matches!(op, Op::Assert(_) | Op::ValidateForeignKey { .. });
    let mut loud = ops.iter().filter(|op| kind(server, op) != Kind::Silent || server.sync() == Sync::Triggers);
    if loud.clone().next().is_some() && loud.all(|op| looks(&op)) {
        return FileClass::Assertion;
    }
    let own = ops.iter().filter(|op| matches!(kind(server, op), Kind::Own)).count();
    let shape = usize::from(ops.iter().any(|op| kind(server, op) == Kind::Shape));
    let batches = ops.iter().any(|op| match op {
        Op::Backfill(_) => true,
        Op::BackfillAtOnce(_) => server.sync() == Sync::Clients,
        _ => false,
    });
    if batches || own + shape > 1 { FileClass::Batch } else { FileClass::Solitary }
}

/// The text of a file behind its header. Whoever waits for a table makes everybody wait behind them, so not for long
/// (<https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html>).
pub fn file(server: Mysql, class: FileClass, body: &Body) -> String {
    let statements: Vec<&Spelled> = body.iter().flatten().collect();
    if statements.is_empty() {
        return match server.sync() {
            Sync::Triggers => "DO 0;\n".to_owned(),
            Sync::Clients => "SELECT 1;\n".to_owned(),
        };
    }
    let lines: String = statements.iter().map(|s| format!("{};\n", s.sql)).collect();
    if class == FileClass::Assertion || server.sync() == Sync::Clients {
        return lines;
    }
    format!(
        "SET @ps_wait = @@SESSION.lock_wait_timeout;\nSET SESSION lock_wait_timeout = 3;\n{lines}SET SESSION lock_wait_timeout = @ps_wait;\n"
    )
}
