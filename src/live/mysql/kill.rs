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

/// Looks, 2 ms apart, behind which somebody waits.
const LONG: usize = 40;

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

/// Runs a file while readers hold these tables. Says which of them it waited for.
pub(super) fn beside(database: &Database, sql: &str, held: &[String]) -> Result<Vec<String>> {
    if held.is_empty() || database.address.is_none() {
        return database.run(sql).map(|()| Vec::new());
    }
    let mut waited = Vec::new();
    let ended = watched(database, sql, held, |watcher, holder, number| {
        waited = pending(watcher, number, held);
        holder.run("ROLLBACK")
    })?;
    ended.map(|()| waited)
}

/// The tables that a connection waits for: MySQL names them, of MariaDB it is known that it is one of these.
fn pending(watcher: &Database, number: &str, held: &[String]) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT object_name FROM performance_schema.metadata_locks AS l JOIN performance_schema.threads AS t \
         ON t.thread_id = l.owner_thread_id WHERE l.lock_status = 'PENDING' AND l.object_type = 'TABLE' AND t.processlist_id = {number}"
    );
    let named: Vec<String> = watcher.query(&sql).unwrap_or_default().into_iter().flatten().flatten().collect();
    if named.is_empty() { vec![format!("one of {}", held.join(", "))] } else { named }
}

/// Cut where it waits for a table that a transaction reads.
fn waiting(database: &Database, sql: &str) -> Result<Cut> {
    let tables: Vec<String> = super::look::columns(database)?.into_keys().collect();
    let mut seen = false;
    let ended = watched(database, sql, &tables, |watcher, holder, number| {
        seen = true;
        // It may have come to its end by itself.
        let _ = watcher.run(&format!("KILL {number}"));
        holder.run("ROLLBACK")
    })?;
    match ended {
        Ok(()) => Ok(Cut::Finished),
        Err(error) if seen && is_cut(&error) => Ok(Cut::At("where it waits for its table".to_owned())),
        Err(error) => Err(error),
    }
}

/// Runs a file on the connection of a database, or on another one where that was ended, while a transaction reads these tables. When it
/// is seen to wait for one, whoever watches does something about it: with a connection of its own, that of the reader, and the number of the one that waits.
fn watched(
    database: &Database,
    sql: &str,
    tables: &[String],
    act: impl FnOnce(&Database, &Database, &str) -> Result<()>,
) -> Result<Result<()>> {
    let holder = database.another()?;
    holder.run("START TRANSACTION")?;
    for table in tables {
        holder.query(&format!("SELECT 1 FROM {} LIMIT 1", quote(table)))?;
    }
    let watcher = database.another()?;
    let number = database.query("SELECT CONNECTION_ID()")?.into_iter().flatten().flatten().next().unwrap_or_default();
    let connection = database.take()?;
    let ended = std::thread::scope(|scope| {
        let file = scope.spawn(|| {
            let runner = Database::of(connection, None, String::new());
            let ended = runner.run(sql);
            (runner, ended)
        });
        let begun = Instant::now();
        let (mut act, mut waits) = (Some(act), 0);
        let state = watcher.list()?.state(&number);
        while !file.is_finished() && act.is_some() && begun.elapsed() < Duration::from_secs(2) {
            let now = watcher.query(&state).unwrap_or_default().into_iter().flatten().flatten().next();
            // A moment may be that of a thread of the server, which cleans up behind a table that is gone.
            waits = if now.is_some_and(|state| state.contains("metadata lock")) { waits + 1 } else { 0 };
            if let Some(act) = act.take_if(|_| waits > LONG) {
                act(&watcher, &holder, &number)?;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = holder.run("ROLLBACK");
        file.join().map_err(|_| Error::new("running a file beside readers", "the thread panicked"))
    });
    drop((holder, watcher));
    let (runner, ended) = ended?;
    match &ended {
        Err(error) if is_cut(error) => database.reconnect()?,
        // What a file leaves on its connection is looked at there.
        Ok(()) | Err(_) => database.connection.swap(&runner.connection),
    }
    Ok(ended)
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

/// The statements of a file: each ends at the end of a line outside of quotes, and a program, which is more lines, at its `END;`.
fn statements(sql: &str) -> Vec<&str> {
    let (mut all, mut start, mut at, mut program, mut quote) = (Vec::new(), 0, 0, false, None);
    for line in sql.split_inclusive('\n') {
        at += line.len();
        let bare = line.trim_end();
        if quote.is_none() && (sql[start..at].trim().is_empty() || bare.starts_with("--")) {
            start = at;
            continue;
        }
        quote = quoted(line, quote);
        if quote.is_some() {
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

/// The quote that is open behind a line, if there was this one before it. Two of one kind close it and open it again.
fn quoted(line: &str, before: Option<char>) -> Option<char> {
    let (mut open, mut letters) = (before, line.chars());
    while let Some(letter) = letters.next() {
        match (open, letter) {
            (Some('\'' | '"'), '\\') => drop(letters.next()),
            (Some(quote), _) if quote == letter => open = None,
            (None, '\'' | '"' | '`') => open = Some(letter),
            (Some(_) | None, _) => {}
        }
    }
    open
}

/// Does a statement change anything that outlives its connection, or hold a table?
fn changes(statement: &str) -> bool {
    let idle = ["SET ", "PREPARE ", "DEALLOCATE ", "DO ", "SELECT ", "UNLOCK "];
    !idle.iter().any(|word| statement.starts_with(word))
}

/// Where a server lists its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    /// In the process list.
    Processes,
    /// Among its threads. The process list of MySQL cannot be read while a statement runs that holds a character of four bytes
    /// (error 3854: its text is put into another character set), whichever columns are asked for.
    Threads,
}

impl List {
    /// What a connection is at.
    fn state(self, number: &str) -> String {
        match self {
            List::Processes => format!("SELECT state FROM information_schema.processlist WHERE id = {number}"),
            List::Threads => {
                format!("SELECT processlist_state FROM performance_schema.threads WHERE processlist_id = {number}")
            }
        }
    }

    /// How many others are connected to the same database.
    fn others(self) -> String {
        let (table, database, number) = match self {
            List::Processes => ("information_schema.processlist", "db", "id"),
            List::Threads => ("performance_schema.threads", "processlist_db", "processlist_id"),
        };
        format!("SELECT count(*) FROM {table} WHERE {database} = DATABASE() AND {number} <> CONNECTION_ID()")
    }
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

    /// Where connections are listed.
    fn list(&self) -> Result<List> {
        let found = self.query("SELECT VERSION()")?.into_iter().flatten().flatten().next();
        Ok(if found.is_some_and(|version| version.contains("MariaDB")) { List::Processes } else { List::Threads })
    }

    /// The server may need a moment to end what was cut.
    fn settled(&self) -> Result<()> {
        let sql = self.list()?.others();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if self.query(&sql)?.into_iter().flatten().flatten().any(|many| many == "0") {
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
    fn a_statement_in_quotes_is_one_statement() {
        let sql = "SET @ps = IF(x, 'CREATE TRIGGER t BEGIN\n  SET NEW.a = ''b'';\n  SET NEW.c = \\'\\';\nEND', 'DO 0');\nPREPARE ps FROM @ps;\nDROP TABLE `it's`;\nDO 0;\n";
        assert_eq!(statements(sql).len(), 4);
    }

    #[test]
    fn only_programs_that_commit_have_points_in_them() {
        assert_eq!(armed("SET @a = 1;\nCOMMIT;\n"), None);
        let text = armed("CREATE PROCEDURE p() BEGIN\n  COMMIT;\nEND;\n").unwrap_or_default();
        assert_eq!(text.matches("KILL").count(), 2);
    }
}
