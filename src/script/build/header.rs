//! The first lines of a file: what it does, what it locks, what state a failure leaves and how to go on.

use super::{can_run_again, deployed, takes_long};
use crate::dialect::{Alter, Dialect, FileClass, Lock, Spelled, Sync, Work, strength};
use crate::script::{StageKind, Statement, Undo};

fn lines(dialect: Dialect, all: &[String]) -> String {
    all.iter().map(|l| format!("-- {}\n", dialect.comment(l))).collect()
}

/// The head of a migration.sql.
pub fn up(
    dialect: Dialect,
    stage: StageKind,
    folder: &str,
    name: &str,
    title: &str,
    class: FileClass,
    statements: &[Statement],
) -> String {
    let mut all = vec![format!("{folder}/{name}"), title.to_owned()];
    if dialect.caps().sync == Sync::Clients {
        let hazards = statements.iter().flat_map(|s| &s.hazards);
        for line in hazards.map(|hazard| format!("{}: {}", hazard.code, hazard.message)) {
            if !all.contains(&line) {
                all.push(line);
            }
        }
        all.extend(deployed::lines(class, &deployed::of(statements)));
        return lines(dialect, &all);
    }
    all.push(match dialect.caps().alter {
        Alter::InSteps => locks(statements),
        Alter::AtOnce => waits(statements).to_owned(),
        Alter::OneByOne => online(statements).to_owned(),
    });
    for hazard in statements.iter().flat_map(|s| &s.hazards) {
        all.push(format!("{}: {}", hazard.code, hazard.message));
    }
    all.extend(match dialect.caps().alter {
        Alter::InSteps | Alter::AtOnce => on_failure(class, statements),
        Alter::OneByOne if class == FileClass::Assertion => on_failure(class, statements),
        Alter::OneByOne if statements.len() > 1 || class == FileClass::Batch => {
            on_failure(FileClass::Batch, statements)
        }
        Alter::OneByOne => {
            vec!["If it fails it has done nothing, or all of it: mend the cause and run it again.".to_owned()]
        }
    });
    match dialect.caps().alter {
        Alter::InSteps if stage == StageKind::Direct => all.push("Once it is done, do not run it again.".to_owned()),
        Alter::InSteps if can_run_again(class) => all.push("Running it twice does no harm.".to_owned()),
        Alter::OneByOne => all.push("Running it twice does no harm.".to_owned()),
        Alter::InSteps => {}
        Alter::AtOnce => all.push(
            "Send it with what stops at the first error (sqlite3 -bail), and not again once it has succeeded."
                .to_owned(),
        ),
    }
    // What is copied while tables are held goes along with more than a tool for one of them does.
    if !statements.iter().any(|s| s.sql.starts_with("LOCK TABLES")) {
        all.extend(statements.iter().flat_map(|s| dialect.instead(&s.sql)));
    }
    if dialect.caps().alter == Alter::OneByOne {
        all.extend(between_names(statements.iter().map(|s| s.sql.as_str())));
        all.extend(between_ends(statements.iter().map(|s| s.sql.as_str())));
        all.extend(whole(statements.iter().map(|s| s.sql.as_str())));
    }
    lines(dialect, &all)
}

/// A shell that cuts a file at each semicolon cuts a program in the middle.
fn whole<'s>(mut sql: impl Iterator<Item = &'s str>) -> Option<String> {
    let program = sql.any(|sql| sql.contains("CREATE TRIGGER ") || sql.contains("CREATE PROCEDURE "));
    program.then(|| "It holds a program: with the mysql shell, send it whole (mysql --delimiter=//).".to_owned())
}

/// Triggers go last of what is done while tables are held: until then they stand for columns that have other names.
fn between_names<'s>(sql: impl Iterator<Item = &'s str>) -> Option<String> {
    let held = sql.skip_while(|sql| !sql.starts_with("LOCK TABLES"));
    let mut rest = held.skip_while(|sql| !sql.contains("RENAME COLUMN"));
    rest.any(|sql| sql.starts_with("DROP TRIGGER")).then(|| {
        "Stopped while its tables are held it may leave them refusing writes (1054, Unknown column in 'NEW'), and loses none: run it again at once."
            .to_owned()
    })
}

/// A server that looks at the columns of a trigger when it is made (MySQL) does not make the first of two again, once the columns have
/// their names and one of the two is gone: then there is nothing left to do but to take the other one away.
fn between_ends<'s>(sql: impl Iterator<Item = &'s str>) -> Vec<String> {
    let all: Vec<&str> = sql.collect();
    let Some(renamed) = all.iter().rposition(|sql| sql.contains("RENAME COLUMN")) else { return Vec::new() };
    let (before, behind) = all.split_at(renamed);
    let made = |drop: &&&str| {
        let name = drop.split_whitespace().last().unwrap_or_default();
        before.iter().any(|sql| sql.starts_with("CREATE TRIGGER") && sql.contains(name))
    };
    let again: Vec<&str> = behind.iter().filter(|s| s.starts_with("DROP TRIGGER")).filter(made).copied().collect();
    if again.len() < 2 {
        return Vec::new();
    }
    let first = "Where it then stops at a trigger with this error, nothing but this is left to change:".to_owned();
    vec![first, again.iter().map(|sql| format!("{};", sql.trim_end_matches(';'))).collect::<Vec<_>>().join(" ")]
}

/// Where a statement says itself how it may be done.
fn online(statements: &[Statement]) -> &'static str {
    let says = |words: &str| statements.iter().any(|s| s.sql.contains(words));
    if says("LOCK TABLES") && says("ALGORITHM=COPY") {
        "Readers and writers wait while its tables are held, and some are copied meanwhile: as long as they are large."
    } else if says("LOCK TABLES") {
        "Readers and writers wait while its tables are held, for milliseconds; what it does before that goes on beside them."
    } else if statements.iter().any(|s| s.work == Work::Batches) {
        "Changes rows in small transactions."
    } else if statements.iter().all(|s| s.locks.is_empty()) {
        "Locks no table in use."
    } else if says("LOCK=SHARED") {
        "Writers of the table wait until it is done, readers go on."
    } else if says("LOCK=NONE") {
        "Readers and writers go on, however long it takes; it needs the table alone for a moment, at its beginning and its end."
    } else {
        "Takes milliseconds, once it has the table alone for a moment."
    }
}

/// Where there is one writer at a time: how long the others wait.
fn waits(statements: &[Statement]) -> &'static str {
    let does = |work: Work| statements.iter().any(|s| s.work == work);
    if does(Work::Rewrite) {
        "Writes whole tables anew. Other writers wait until it is done, as long as their busy timeout allows."
    } else if does(Work::IndexBuild) {
        "Reads whole tables to build indexes. Other writers wait until it is done, as long as their busy timeout allows."
    } else if does(Work::Scan) || does(Work::Rows) {
        "Changes rows. Other writers wait until it is done, as long as their busy timeout allows."
    } else {
        "Takes milliseconds."
    }
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
        Work::Copy => "copies the whole table beside its readers and writers",
        Work::Batches => "changes rows in small transactions",
        Work::Rows => "changes rows, all at once",
        Work::Check => "reads rows, nobody waits",
    }
}

fn on_failure(class: FileClass, statements: &[Statement]) -> Vec<String> {
    let builds = statements.iter().find(|s| s.work == Work::IndexBuild);
    match class {
        FileClass::Transactional => {
            vec!["If it fails nothing has changed: mend the cause and run it again.".to_owned()]
        }
        FileClass::Assertion => {
            vec!["It changes nothing. If it fails, what it says is so: mend that and run it again.".to_owned()]
        }
        FileClass::Batch => {
            vec![
                "If it fails or is stopped, what is done stays done: run it again and it goes on from there."
                    .to_owned(),
            ]
        }
        FileClass::Solitary => alone(builds.map(|statement| statement.sql.as_str())),
    }
}

/// How a file is sent that cannot be part of a transaction, and what an index build that was stopped leaves.
fn alone(build: Option<&str>) -> Vec<String> {
    let send = "Send it alone, outside of a transaction, with lock_timeout and statement_timeout at 0.".to_owned();
    let Some(sql) = build else { return vec![send, "If it fails, run it again.".to_owned()] };
    let leaves = "If it fails or is stopped it leaves an INVALID index, which may refuse writes already: drop that, then run it again:";
    vec![send, leaves.to_owned(), format!("DROP INDEX CONCURRENTLY IF EXISTS {};", index(sql))]
}

/// The head of a down.sql; its first line is the class.
pub fn down(
    dialect: Dialect,
    folder: &str,
    name: &str,
    undo: &Undo,
    (class, body): (FileClass, &[Vec<Spelled>]),
    residue: &[String],
) -> String {
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
    if dialect.caps().sync == Sync::Clients {
        let sql: Vec<(&str, Work)> = body.iter().flatten().map(|s| (s.sql.as_str(), s.work)).collect();
        if sql.is_empty() {
            all.push("There is nothing to send.".to_owned());
        } else {
            all.extend(deployed::lines(class, &sql));
        }
        return lines(dialect, &all);
    }
    match class {
        FileClass::Batch => all.push("If it fails or is stopped, what is done stays done: run it again.".to_owned()),
        FileClass::Solitary if dialect.caps().alter == Alter::OneByOne && body.iter().flatten().count() > 1 => {
            all.push("If it fails or is stopped, what is done stays done: run it again.".to_owned());
        }
        FileClass::Solitary if dialect.caps().alter == Alter::OneByOne => {
            all.push(
                "If it fails it has done nothing, or all of it: run it again. Running it twice does no harm."
                    .to_owned(),
            );
        }
        FileClass::Solitary => {
            let build = body.iter().flatten().find(|spelled| spelled.work == Work::IndexBuild);
            all.extend(alone(build.map(|spelled| spelled.sql.as_str())));
        }
        FileClass::Transactional | FileClass::Assertion => {}
    }
    if !body.iter().flatten().any(|s| s.sql.starts_with("LOCK TABLES")) {
        all.extend(body.iter().flatten().flat_map(|s| dialect.instead(&s.sql)));
    }
    if dialect.caps().alter == Alter::OneByOne {
        all.extend(between_names(body.iter().flatten().map(|s| s.sql.as_str())));
        all.extend(between_ends(body.iter().flatten().map(|s| s.sql.as_str())));
        all.extend(whole(body.iter().flatten().map(|s| s.sql.as_str())));
    }
    lines(dialect, &all)
}

/// The index that a `CREATE INDEX CONCURRENTLY` builds, in the schema of its table.
fn index(sql: &str) -> String {
    let (_, rest) = sql.split_once("CONCURRENTLY ").unwrap_or(("", sql));
    let rest = rest.strip_prefix("IF NOT EXISTS ").unwrap_or(rest);
    let (name, rest) = quoted(rest);
    let (first, rest) = quoted(rest.strip_prefix(" ON ").unwrap_or(rest));
    if rest.starts_with('.') { format!("{first}.{name}") } else { name.to_owned() }
}

/// A name in double quotes at the beginning, and what is behind it.
fn quoted(text: &str) -> (&str, &str) {
    let mut at = 1;
    while let Some(end) = text.get(at..).and_then(|rest| rest.find('"')).map(|end| at + end) {
        if text[end + 1..].starts_with('"') {
            at = end + 2;
        } else {
            return text.split_at(end + 1);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::index;

    #[test]
    fn an_index_is_in_the_schema_of_its_table() {
        assert_eq!(index(r#"CREATE INDEX CONCURRENTLY "a ""b" ON "T" ("x")"#), r#""a ""b""#);
        assert_eq!(index(r#"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "s"."T" ("x")"#), r#""s"."i""#);
    }
}
