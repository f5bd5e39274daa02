//! A file whose connection is cut on its way.
//!
//! The points are exact, and nothing hangs on how quick the machine is: in a program that commits window by window, around each
//! commit; between two statements, wherever the one before has changed something; and where a statement waits for a table that a
//! reader holds.

use super::{Database, quote};
use crate::live::rehearse::Cut;
use crate::live::rehearse::plain::Place;
use crate::live::{Error, Result};
use std::time::{Duration, Instant};

/// Points in a program before its file's statements are looked at.
const COMMITS: usize = 3;

/// Ends the connection from within.
const KILL: &str = "KILL CONNECTION_ID()";

/// Sends a file and cuts its connection at a point, from 1 on; afterwards there is a new one.
///
/// # Errors
/// The file fails before it is cut.
pub(super) fn cut(database: &Database, sql: &str, point: usize) -> Result<Cut> {
    let commits = if armed(sql).is_some() { COMMITS } else { 0 };
    if let Some(armed) = armed(sql).filter(|_| point <= COMMITS) {
        database.run(&format!("SET @rehearsal_tick = 0, @rehearsal_point = {point}"))?;
        return match database.run(&armed) {
            Ok(()) => Ok(Cut::Finished),
            Err(error) if is_cut(&error) => {
                database.reconnect()?;
                let windows = point / 2;
                Ok(Cut::At(if point % 2 == 1 {
                    format!("before commit {}", windows + 1)
                } else {
                    format!("after commit {windows}")
                }))
            }
            Err(error) => Err(error),
        };
    }
    let all = statements(sql);
    let places: Vec<usize> = (0..all.len()).filter(|at| changes(all[*at])).collect();
    match places.get(point - commits - 1) {
        Some(at) => {
            let first = all[..=*at].join("\n");
            match database.run(&format!("{first}\n{KILL}")) {
                Err(error) if is_cut(&error) => {}
                Err(error) => return Err(error),
                Ok(()) => return Err(Error::new("cutting a file between two statements", "it goes on")),
            }
            database.reconnect()?;
            Ok(Cut::At(format!("behind statement {} of {}", at + 1, all.len())))
        }
        None if places.len() + commits + 1 == point => waiting(database, sql),
        None => Ok(Cut::Whole),
    }
}

/// Cut where it waits for a table that a transaction reads.
fn waiting(database: &Database, sql: &str) -> Result<Cut> {
    let holder = database.another()?;
    holder.run("START TRANSACTION")?;
    for table in super::look::columns(database)?.keys() {
        holder.query(&format!("SELECT 1 FROM {} LIMIT 1", quote(table)))?;
    }
    let watcher = database.another()?;
    let number = database.query("SELECT CONNECTION_ID()")?.into_iter().flatten().flatten().next().unwrap_or_default();
    let connection = database.take()?;
    let (ended, seen) = std::thread::scope(|scope| {
        let file = scope.spawn(|| {
            let runner = Database::of(connection, None, String::new());
            runner.run(sql)
        });
        let begun = Instant::now();
        let mut seen = None;
        let state = format!("SELECT state FROM information_schema.processlist WHERE id = {number}");
        while !file.is_finished() && seen.is_none() && begun.elapsed() < Duration::from_secs(2) {
            let now = watcher.query(&state).unwrap_or_default().into_iter().flatten().flatten().next();
            seen = now.filter(|state| state.starts_with("Waiting for") && state.contains("lock"));
            std::thread::sleep(Duration::from_millis(5));
        }
        if seen.is_some() {
            // It may have come to its end by itself.
            let _ = watcher.run(&format!("KILL {number}"));
        }
        let _ = holder.run("ROLLBACK");
        (file.join(), seen)
    });
    drop((holder, watcher));
    database.reconnect()?;
    match (ended, seen) {
        (Ok(Ok(())), _) => Ok(Cut::Finished),
        (Ok(Err(error)), Some(_)) if is_cut(&error) => Ok(Cut::At("where it waits for its table".to_owned())),
        (Ok(Err(error)), _) => Err(error),
        (Err(_), _) => Err(Error::new("cutting a file where it waits", "the thread panicked")),
    }
}

/// Was it our cut that ended it?
fn is_cut(error: &Error) -> bool {
    // 70100: query execution was interrupted; without a number, the connection is gone.
    error.sqlstate.as_deref().is_none_or(|state| state == "70100" || state == "08S01" || state == "HY000")
        && !error.said.contains("lock_wait_timeout")
}

/// The file with a point before each commit of its program and after it, and with windows so small that few rows make several.
fn armed(sql: &str) -> Option<String> {
    const TICK: &str = "SET @rehearsal_tick = @rehearsal_tick + 1; IF @rehearsal_tick = @rehearsal_point THEN KILL CONNECTION_ID(); END IF;";
    let mut found = false;
    let line = |line: &str| match line.trim() {
        "COMMIT;" if line.starts_with(' ') => {
            found = true;
            format!("{TICK} COMMIT; {TICK}\n")
        }
        _ => line.replace("COALESCE(MAX(`batch_rows`), 1000)", "COALESCE(MIN(2), 2)") + "\n",
    };
    let text: String = sql.lines().map(line).collect();
    found.then_some(text)
}

/// The statements of a file: each ends at the end of a line, and a program, which is more lines, at its `END;`.
fn statements(sql: &str) -> Vec<&str> {
    let (mut all, mut start, mut at, mut program) = (Vec::new(), 0, 0, false);
    for line in sql.split_inclusive('\n') {
        at += line.len();
        let bare = line.trim_end();
        if sql[start..at].trim().is_empty() || bare.starts_with("--") {
            start = at;
            continue;
        }
        program |= bare.starts_with("CREATE ") && bare.ends_with(" BEGIN");
        if if program { bare == "END;" } else { bare.ends_with(';') } {
            all.push(sql[start..at].trim_end());
            (start, program) = (at, false);
        }
    }
    all
}

/// Does a statement change anything that outlives its connection, or hold a table?
fn changes(statement: &str) -> bool {
    let idle = ["SET ", "PREPARE ", "DEALLOCATE ", "DO ", "SELECT ", "UNLOCK "];
    !idle.iter().any(|word| statement.starts_with(word))
}

impl Database {
    /// Another connection to the same database.
    fn another(&self) -> Result<Database> {
        Ok(Database::of(self.opened()?, None, String::new()))
    }

    fn reconnect(&self) -> Result<()> {
        *self.connection.borrow_mut() = self.opened()?;
        self.settled()
    }

    /// The connection, with a new one in its place.
    fn take(&self) -> Result<mysql::Conn> {
        let fresh = self.opened()?;
        Ok(self.connection.replace(fresh))
    }

    fn opened(&self) -> Result<mysql::Conn> {
        match &self.address {
            Some(address) => address.connect(Some(&self.name)),
            None => Err(Error::new("opening another connection", "nobody said where")),
        }
    }

    /// The server may need a moment to end what was cut.
    fn settled(&self) -> Result<()> {
        let sql = "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if self.query(sql)?.into_iter().flatten().flatten().any(|many| many == "0") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{armed, changes, statements};

    #[test]
    fn a_program_is_one_statement() {
        let sql = "-- head\n-- more\nSET @a = 1;\nCREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN\n  SET NEW.a = 1;\nEND;\n\nALTER TABLE x\n  ADD y INT;\n";
        let all = statements(sql);
        assert_eq!(all.len(), 3);
        assert_eq!(all.iter().filter(|one| changes(one)).count(), 2);
        assert!(all[1].starts_with("CREATE TRIGGER") && all[1].ends_with("END;"));
    }

    #[test]
    fn only_programs_that_commit_have_points_in_them() {
        assert_eq!(armed("SET @a = 1;\nCOMMIT;\n"), None);
        let text = armed("CREATE PROCEDURE p() BEGIN\n  COMMIT;\nEND;\n").unwrap_or_default();
        assert_eq!(text.matches("KILL").count(), 2);
    }
}
