//! How ops share a file, so that it is right however it is sent: whole in one simple query, statement by statement, or by psql.
//!
//! A file is one statement: a `DO` block, or one that cannot run in a transaction. What is in a block is done whole or not at
//! all, with no transaction left open for whoever comes next on the connection.

use super::quote::{literal, tag};
use super::{super::FileClass, super::Work, super::strength, Spelled};
use crate::op::{Build, Op};

/// The statements of a file, op by op.
pub type Body = Vec<Vec<Spelled>>;

/// How a file with these ops must be sent; ops that do not go together make a batch, which commits between them.
pub fn class(ops: &[Op]) -> FileClass {
    let online = |op: &Op| {
        matches!(op, Op::CreateIndex { build: Build::Online, .. } | Op::DropIndex { build: Build::Online, .. })
    };
    if ops.iter().any(online) {
        return FileClass::Solitary;
    }
    let looks = |op: &Op| matches!(op, Op::Assert(_));
    if !ops.is_empty() && ops.iter().all(looks) {
        return FileClass::Assertion;
    }
    let slow = |op: &Op| {
        matches!(
            op,
            Op::Backfill(_)
                | Op::ValidateCheck { .. }
                | Op::ValidateForeignKey { .. }
                | Op::CreateIndex { build: Build::Plain, .. }
        )
    };
    match ops {
        [Op::Backfill(_), ..] => FileClass::Batch,
        [_] => FileClass::Transactional,
        _ if ops.iter().any(slow) => FileClass::Batch,
        _ => FileClass::Transactional,
    }
}

/// The text of a file behind its header.
pub fn file(class: FileClass, body: &Body) -> String {
    let statements: Vec<&Spelled> = body.iter().flatten().collect();
    match class {
        _ if statements.is_empty() => "DO $ps$ BEGIN NULL; END $ps$;\n".to_owned(),
        FileClass::Solitary => statements.iter().map(|s| format!("{};\n", s.sql)).collect(),
        FileClass::Assertion => block("", &statements.iter().map(|s| format!("  {};\n", s.sql)).collect::<String>()),
        FileClass::Transactional => {
            let inner = guarded(&statements, "  ");
            block("  _ps_attempt int := 0;\n", &inner)
        }
        FileClass::Batch => {
            let mut inner = String::new();
            let slow = |op: &Vec<Spelled>| {
                op.iter().any(|s| matches!(s.work, Work::Batches | Work::Scan))
                    || op.first().is_some_and(|s| s.work == Work::IndexBuild)
            };
            let body = only_before_turn(body);
            // What is quick and stands together is one transaction; what reads or changes rows is one, or many, of its own.
            for chunk in body.chunk_by(|a, b| !slow(a) && !slow(b)) {
                let all: Vec<&Spelled> = chunk.iter().flatten().collect();
                if all.iter().any(|s| s.work == Work::Batches) {
                    for s in all {
                        inner += &match &s.unless_done {
                            None => format!("  {}\n", s.sql),
                            Some(condition) => format!("  IF {condition} THEN\n  {}\n  END IF;\n", s.sql),
                        };
                    }
                } else if !all.is_empty() {
                    inner += "  _ps_attempt := 0;\n";
                    inner += &guarded(&all, "  ");
                    inner += "  COMMIT;\n";
                }
            }
            block("  _ps_attempt int := 0;\n", &inner)
        }
    }
}

/// Columns that have changed places are not prepared for that again when the file is run again.
fn only_before_turn(body: &Body) -> Body {
    let mut body = body.clone();
    let turn = |op: &Vec<Spelled>| op.iter().find_map(|s| s.turns.clone());
    let Some((turn, due)) = body.iter().enumerate().find_map(|(at, op)| Some((at, turn(op)?))) else { return body };
    for s in body[..turn].iter_mut().flatten() {
        s.unless_done = Some(match s.unless_done.take() {
            Some(condition) => format!("{due} AND {condition}"),
            None => due.clone(),
        });
    }
    body
}

fn block(declare: &str, body: &str) -> String {
    let declare = if declare.is_empty() { String::new() } else { format!("DECLARE\n{declare}") };
    let text = format!("#variable_conflict use_column\n{declare}BEGIN\n{body}END\n");
    let quote = tag(&text, "ps");
    format!("DO {quote}\n{text}{quote};\n")
}

/// Waiting for a strong lock makes everybody behind it wait too: so it is waited for briefly, and again. The timeout stays
/// below `deadlock_timeout` (1 s), so that this side gives way and never the application.
fn guarded(statements: &[&Spelled], pad: &str) -> String {
    let one = |s: &Spelled, pad: &str| match &s.unless_done {
        None => format!("{pad}{};\n", s.sql),
        Some(condition) => format!("{pad}IF {condition} THEN\n{pad}  {};\n{pad}END IF;\n", s.sql),
    };
    if statements.iter().all(|s| s.work != Work::Rows && s.locks.iter().all(|l| !waits(&l.mode))) {
        return statements.iter().map(|s| one(s, pad)).collect();
    }
    let inner = format!("{pad}    ");
    let body: String = statements.iter().map(|s| one(s, &inner)).collect();
    let lock = lock_first(statements, &inner);
    format!(
        "{pad}LOOP\n{pad}  BEGIN\n{inner}SET LOCAL lock_timeout = '300ms';\n{lock}{body}{inner}EXIT;\n\
         {pad}  EXCEPTION WHEN lock_not_available OR deadlock_detected THEN\n{inner}_ps_attempt := _ps_attempt + 1;\n\
         {inner}IF _ps_attempt >= 40 THEN RAISE; END IF;\n{inner}PERFORM pg_sleep(least(0.05 * _ps_attempt, 1));\n\
         {pad}  END;\n{pad}END LOOP;\n"
    )
}

/// Does anybody wait for this lock, or it for them?
fn waits(mode: &str) -> bool {
    strength(mode) >= strength("SHARE UPDATE EXCLUSIVE")
}

/// Several tables are locked at once and first, in one order, or two of us could wait for each other.
fn lock_first(statements: &[&Spelled], pad: &str) -> String {
    let mut tables: Vec<&str> = Vec::new();
    let mut mode = "";
    for lock in statements.iter().flat_map(|s| &s.locks).filter(|l| waits(&l.mode)) {
        if !tables.contains(&lock.table.as_str()) {
            tables.push(&lock.table);
        }
        if mode.is_empty() || strength(&lock.mode) > strength(mode) {
            mode = &lock.mode;
        }
    }
    if tables.len() < 2 {
        return String::new();
    }
    tables.sort_unstable();
    let there =
        tables.iter().map(|t| format!("to_regclass({}) IS NOT NULL", literal(t))).collect::<Vec<_>>().join(" AND ");
    format!("{pad}IF {there} THEN\n{pad}  LOCK TABLE {} IN {mode} MODE;\n{pad}END IF;\n", tables.join(", "))
}
