//! What a file leaves when its connection is cut in the middle, and whether its own header says how to go on.
//!
//! A file that is one transaction leaves nothing. One that commits on its way is cut right before its first commit and after
//! each commit; an index build, at each of the points where it waits for others. Both are exact: nothing here
//! hangs on how quick the machine is.

use super::split;
use crate::live::server::Database;
use crate::live::{Doing, Error, Result};
use crate::script::FileClass;
use postgres::Client;
use std::time::{Duration, Instant};

mod concurrent;

/// How often a file is cut before it is let go: files of many batches have many points.
pub(super) const POINTS: usize = 8;

/// The connection of a file was cut in its middle, and the file was taken up again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Kill {
    /// The file, as `1-expand/0001_name/migration.sql`.
    pub file: String,
    /// Where: `after commit 2`.
    pub at: String,
    /// What was run before the file was run again, because its header says so; empty if nothing but the file.
    pub then: Vec<String>,
}

/// How a run that was to be cut has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It was cut here.
    At(String),
    /// It came to its end first.
    Finished,
    /// There is no such point in this file.
    Whole,
}

/// Sends a file and cuts its connection at a point, from 1 on. The connection is of no use afterwards, if it was cut.
///
/// # Errors
/// The file fails before it is cut.
pub(super) fn cut(client: &mut Client, database: &Database, sql: &str, class: FileClass, point: usize) -> Result<Cut> {
    match class {
        FileClass::Transactional | FileClass::Assertion => Ok(Cut::Whole),
        FileClass::Solitary => concurrent::cut(client, database, sql, point),
        FileClass::Batch => at_commit(client, sql, point),
    }
}

/// A file that commits on its way.
fn at_commit(client: &mut Client, sql: &str, point: usize) -> Result<Cut> {
    let Some(armed) = armed(sql) else { return Ok(Cut::Whole) };
    let doing = || "cutting a file at a commit".to_owned();
    let settings = format!("SET rehearsal.tick = '0'; SET rehearsal.point = '{point}'");
    client.batch_execute(&settings).doing(doing)?;
    match client.batch_execute(&armed).doing(doing) {
        Ok(()) => {
            client.batch_execute("RESET rehearsal.tick; RESET rehearsal.point").doing(doing)?;
            Ok(Cut::Finished)
        }
        Err(error) if is_cut(client, &error) => Ok(Cut::At(match point {
            1 => "before its first commit".to_owned(),
            _ => format!("after commit {}", point - 1),
        })),
        Err(error) => Err(error),
    }
}

/// `admin_shutdown`: what a backend says that is terminated.
const TERMINATED: &str = "57P01";

/// Was it our cut that ended it?
fn is_cut(client: &Client, error: &Error) -> bool {
    client.is_closed() || error.sqlstate.as_deref() == Some(TERMINATED)
}

/// Ends the connection from within when as many points have gone by as are wanted.
const TICK: &str = "PERFORM set_config('rehearsal.tick', (current_setting('rehearsal.tick')::int + 1)::text, false); \
    IF current_setting('rehearsal.tick') = current_setting('rehearsal.point') THEN \
    PERFORM pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()); PERFORM pg_catalog.pg_sleep(60); END IF;";

/// The file with a point before its first commit and after each, and with windows so small that few rows make several.
fn armed(sql: &str) -> Option<String> {
    const COMMIT: &str = "COMMIT;";
    let mut first = true;
    let mut lines = Vec::new();
    for line in sql.lines() {
        if line.trim() == COMMIT {
            let before = if std::mem::take(&mut first) { TICK } else { "" };
            lines.push(format!("{before} {COMMIT} {TICK}"));
        } else {
            lines.push(line.replace("OFFSET 5000 LIMIT 1", "OFFSET 2 LIMIT 1"));
        }
    }
    (!first).then(|| lines.join("\n") + "\n")
}

/// What the header of a file says is to be run before the file is run again: whole statements in its first lines.
pub(super) fn before_again(sql: &str) -> Vec<String> {
    let header = sql.lines().map_while(|line| line.strip_prefix("--")).map(str::trim);
    header.filter(|line| line.starts_with("DROP INDEX ")).map(str::to_owned).collect()
}

/// Opens a connection in place of one that is gone; the server may need a moment to notice.
pub(super) fn reconnect(database: &Database, client: &mut Client) -> Result<()> {
    *client = database.connect()?;
    let doing = || "waiting for a connection to end that was cut".to_owned();
    let sql = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()
               AND backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()";
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if client.query_one(sql, &[]).doing(doing)?.get::<_, i64>(0) == 0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Err(Error::new(doing(), "it is still at work after 10 s"))
}

/// The one statement of a file that cannot be part of a transaction.
fn only_statement(sql: &str) -> Option<&str> {
    match split::statements(sql)[..] {
        [statement] => Some(statement),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{armed, before_again};

    #[test]
    fn only_files_that_commit_have_points() {
        assert_eq!(armed("DO $$ BEGIN NULL; END $$;"), None);
        let text = armed("DO $$\nBEGIN\n  COMMIT;\n  COMMIT;\nEND $$;").unwrap_or_default();
        assert_eq!(text.matches("pg_terminate_backend").count(), 3);
    }

    #[test]
    fn headers_say_what_to_run_first() {
        let text = "-- one\n-- DROP INDEX CONCURRENTLY IF EXISTS \"a\";\nCREATE INDEX CONCURRENTLY \"a\" ON \"b\" (c);\n-- DROP INDEX x;";
        assert_eq!(before_again(text), ["DROP INDEX CONCURRENTLY IF EXISTS \"a\";"]);
    }
}
