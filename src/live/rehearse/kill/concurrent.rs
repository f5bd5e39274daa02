//! An index that is built or dropped beside running work, cut where it waits for others: a transaction of ours keeps it
//! waiting for as long as we like.

use super::{Cut, is_cut, only_statement};
use crate::live::server::Database;
use crate::live::sql::qualified;
use crate::live::{Doing, Error, Result};
use postgres::Client;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// Whom it waits for when it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// Writers from before it: the index is in the catalog, and empty.
    Writers,
    /// Writers that came meanwhile: the index takes part in writes, and is not checked.
    LaterWriters,
    /// A reader with an old picture of the rows: everything is done but to call the index valid.
    Readers,
}

/// Cuts it at a point, from 1 on.
pub(super) fn cut(client: &mut Client, database: &Database, sql: &str, point: usize) -> Result<Cut> {
    let Some(statement) = only_statement(sql) else { return Ok(Cut::Whole) };
    let builds = statement.contains("CREATE ");
    let (wait, words) = match point {
        1 => (Wait::Writers, "while it waits for writers from before it"),
        2 => (Wait::LaterWriters, "while it waits for writers that came meanwhile"),
        3 if builds => (Wait::Readers, "while it waits for readers from before it"),
        _ => return Ok(Cut::Whole),
    };
    let doing = || format!("cutting it {words}");
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).doing(doing)?.get(0);
    let mut eye = database.connect()?;
    let tables = tables(&mut eye)?;
    let both = thread::scope(|scope| {
        // It lives in here: when it is dropped, for whatever reason, the build goes on and the thread comes to its end.
        let mut first = Blocker::new(database, wait, &tables)?;
        let run = scope.spawn(|| client.batch_execute(sql).doing(doing));
        let mut waiting = waits(&mut eye, pid, &first, &run)?;
        let mut second = None;
        if waiting && wait == Wait::LaterWriters {
            let blocker = second.insert(Blocker::new(database, Wait::Writers, &tables)?);
            first.end()?;
            waiting = waits(&mut eye, pid, blocker, &run)?;
        }
        if waiting {
            eye.execute("SELECT pg_terminate_backend($1)", &[&pid]).doing(doing)?;
        }
        first.end()?;
        if let Some(mut second) = second {
            second.end()?;
        }
        match run.join() {
            Ok(ended) => Ok((waiting, ended)),
            Err(_) => Err(Error::new(doing(), "the thread that sent it fell over")),
        }
    });
    let (was_cut, ended) = both?;
    match ended {
        Ok(()) => Ok(Cut::Finished),
        Err(error) if was_cut && is_cut(client, &error) => Ok(Cut::At(words.to_owned())),
        Err(error) => Err(error),
    }
}

/// A transaction that somebody waits for.
struct Blocker {
    client: Client,
    /// What others see of it.
    transaction: String,
}

impl Blocker {
    fn new(database: &Database, wait: Wait, tables: &str) -> Result<Blocker> {
        let doing = || "keeping an index build waiting".to_owned();
        let mut client = database.connect()?;
        let begin = match wait {
            Wait::Writers | Wait::LaterWriters => format!("BEGIN; LOCK TABLE {tables} IN ROW EXCLUSIVE MODE"),
            Wait::Readers => "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1".to_owned(),
        };
        client.batch_execute(&begin).doing(doing)?;
        let sql = "SELECT virtualxid FROM pg_catalog.pg_locks WHERE pid = pg_backend_pid() AND locktype = 'virtualxid'";
        let transaction: String = client.query_one(sql, &[]).doing(doing)?.get(0);
        Ok(Blocker { client, transaction })
    }

    fn end(&mut self) -> Result<()> {
        self.client.batch_execute("ROLLBACK").doing(|| "letting an index build go on".to_owned())
    }
}

/// Waits until the backend waits for the blocker; false if it ends first.
fn waits(eye: &mut Client, pid: i32, blocker: &Blocker, run: &ScopedJoinHandle<'_, Result<()>>) -> Result<bool> {
    let doing = || "watching an index build".to_owned();
    let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks
               WHERE pid = $1 AND locktype = 'virtualxid' AND NOT granted AND virtualxid = $2)";
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if eye.query_one(sql, &[&pid, &blocker.transaction]).doing(doing)?.get(0) {
            return Ok(true);
        }
        if run.is_finished() {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(2));
    }
    // Whoever is waited for lets go when it is dropped, so the build comes to its end.
    Ok(false)
}

/// Every table, as a list.
fn tables(eye: &mut Client) -> Result<String> {
    let sql = "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    let rows = eye.query(sql, &[]).doing(|| "listing tables".to_owned())?;
    Ok(rows.iter().map(|row| qualified(row.get(0), row.get(1))).collect::<Vec<_>>().join(", "))
}
