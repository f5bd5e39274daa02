//! How ops share a file. It is one transaction: SQLite's DDL can be taken back, and a crash in the middle leaves nothing behind.

use super::Spelled;
use crate::dialect::{Body, FileClass};
use crate::op::Op;

/// How a file with these ops must be sent.
pub fn class(ops: &[Op]) -> FileClass {
    match ops.iter().all(|op| matches!(op, Op::Assert(_))) && !ops.is_empty() {
        true => FileClass::Assertion,
        false => FileClass::Transactional,
    }
}

/// The text of a file behind its header.
///
/// `PRAGMA foreign_keys` has no effect inside a transaction (<https://www.sqlite.org/pragma.html#pragma_foreign_keys>), so it stands
/// before it: with it on, `DROP TABLE` would first delete the rows, and those that point at them.
pub fn file(_class: FileClass, body: &Body) -> String {
    let statements: Vec<&Spelled> = body.iter().flatten().collect();
    if statements.is_empty() {
        return "SELECT 1 WHERE 0;\n".to_owned();
    }
    let drops = statements.iter().any(|s| s.sql.starts_with("DROP TABLE "));
    let rows = statements.iter().any(|s| s.sql.starts_with("DELETE ") || s.sql.starts_with("UPDATE "));
    let (before, after) = match (drops, rows) {
        (true, _) => ("PRAGMA foreign_keys=OFF;\n", "PRAGMA foreign_keys=ON;\n"),
        // Rows that go take along what their foreign keys say.
        (false, true) => ("PRAGMA foreign_keys=ON;\n", ""),
        (false, false) => ("", ""),
    };
    let lines: String = statements.iter().map(|s| format!("{};\n", s.sql)).collect();
    format!("{before}BEGIN IMMEDIATE;\n{lines}COMMIT;\n{after}")
}
