//! A file whose connection is gone on its way, as it is when the power goes: behind each statement of its transaction.

use super::{Database, connect, error};
use crate::live::Result;
use crate::live::rehearse::Cut;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection};

/// Sends a file up to a point of its transaction, from 1 on, and opens a new connection in place of the one that it was sent over:
/// what was not committed by then is gone. Behind the last of these points is the one where it is committed, and connections are as
/// the file has left them.
///
/// # Errors
/// A statement before the point fails.
pub(super) fn cut(database: &mut Database, sql: &str, point: usize) -> Result<Cut> {
    let Some((at, open)) = send(database, sql, point)? else { return Ok(Cut::Finished) };
    // A database in memory is gone with its last connection.
    database.connection = connect(&database.path)?;
    Ok(if open { Cut::At(format!("behind statement {at}")) } else { Cut::Finished })
}

/// Sends as much of a file: behind which statement that is, and is the transaction open there? None where the file has ended before.
fn send(connection: &Connection, sql: &str, point: usize) -> Result<Option<(usize, bool)>> {
    let failed = |e: rusqlite::Error| error("running SQL", &e);
    let (mut at, mut passed, mut open) = (0, 0, false);
    let mut batch = Batch::new(connection, sql);
    while let Some(mut statement) = batch.next().map_err(failed)? {
        step(&mut statement).map_err(failed)?;
        drop(statement);
        at += 1;
        let was_open = std::mem::replace(&mut open, !connection.is_autocommit());
        if open || was_open {
            passed += 1;
            if passed == point {
                return Ok(Some((at, open)));
            }
        }
    }
    Ok(None)
}

/// Runs a statement to its end, whether it returns rows or not.
fn step(statement: &mut rusqlite::Statement<'_>) -> rusqlite::Result<()> {
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::live::Result;
    use crate::live::rehearse::Cut;
    use crate::live::sqlite::{open, query};

    const FILE: &str = "PRAGMA foreign_keys=OFF;\nBEGIN IMMEDIATE;\nINSERT INTO a VALUES (1);\n\
                        CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; SELECT 1; END;\nCOMMIT;\nPRAGMA foreign_keys=ON;";

    #[test]
    fn what_was_not_committed_is_gone() -> Result<()> {
        for (point, ends, left) in
            [(1, Some(2), "0"), (2, Some(3), "0"), (3, Some(4), "0"), (4, None, "1"), (5, None, "1")]
        {
            let mut database = open(&["CREATE TABLE a (n INTEGER)".to_owned()])?;
            let wanted = ends.map_or(Cut::Finished, |at| Cut::At(format!("behind statement {at}")));
            assert_eq!(cut(&mut database, FILE, point)?, wanted);
            let found = query(&database, "SELECT (SELECT count(*) FROM a), foreign_keys FROM pragma_foreign_keys")?;
            assert_eq!(found, [[Some(left.to_owned()), Some("1".to_owned())]]);
        }
        Ok(())
    }
}
