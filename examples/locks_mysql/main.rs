//! Writes docs/locks-mysql.md: for every kind of statement by which plans for MySQL and MariaDB change a table, what the statement says of itself
//! (`ALGORITHM`, `LOCK`), the least that a server takes it with, and whether it waits for a transaction that has read the table. `make locks
//! PROVIDER=mysql` compares, `BLESS=1` writes the column of the server at hand: that of `MYSQL_URL`, or a MariaDB of our own.
//!
//! Every plan of corpus/change that there is on MySQL is walked forwards on a database of its own, statement by statement.

mod page;
#[path = "../../tests/support/words.rs"]
mod words;

use page::{MODES, Page, Seen, kind};
use prisma_stage::catalog::Ids;
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::mysql::{Database, Server};
use prisma_stage::live::rehearse::plain::Place;
use prisma_stage::script::{Script, Statement};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, lower, validate};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const PAGE: &str = "docs/locks-mysql.md";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<ExitCode> {
    let server = Server::shared()?;
    let target = server.target()?;
    let mut out = std::io::stdout();
    let mut page = Page::read(&std::fs::read_to_string(PAGE).unwrap_or_default());
    page.forget(&target);
    for case in cases()? {
        let Some((script, made)) = planned(&case, &target)? else { continue };
        // What a server refuses of OLD, another takes.
        let Ok(db) = server.open(&made) else { continue };
        let other = server.open(&[])?;
        let name = text(&db, "SELECT DATABASE()")?;
        other.run(&format!("USE `{name}`"))?;
        // What has been tried stays, and a file that cannot be run on top of it ends its plan: its statements are looked at in others.
        if let Err(error) = walk(&script, (&db, &other), &target, &mut page) {
            writeln!(out, "{}, not looked at further: {error}", case.display())?;
        }
    }
    let wrong = page.mismatches(&target);
    for line in &wrong {
        writeln!(out, "{line}")?;
    }
    let text = page.text();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, text)?;
    } else if std::fs::read_to_string(PAGE).unwrap_or_default() != text {
        writeln!(out, "{PAGE} says something else than {target}: BLESS=1 make locks PROVIDER=mysql")?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "{target}: {} mismatches", wrong.len())?;
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cases() -> std::io::Result<Vec<PathBuf>> {
    let all = std::fs::read_dir("corpus/change")?.map(|entry| Ok(entry?.path()));
    let mut all = all.collect::<std::io::Result<Vec<_>>>()?;
    all.retain(|case: &PathBuf| case.join("new.prisma").exists() && !case.join("objects.sql").exists());
    all.sort();
    Ok(all)
}

/// The plan, and the statements that make OLD; None where there is none on MySQL.
fn planned(case: &Path, target: &str) -> Result<Option<(Script, Vec<String>)>> {
    const FOREIGN: [&str; 8] = ["::", "split_part", "EXTRACT", "||", "timestamp '", "mongodb", "schemas", "extensions"];
    let mut sources = Sources::default();
    let mut read = |name: &str| -> std::io::Result<_> {
        let text = std::fs::read_to_string(case.join(name))?;
        let spoken = !FOREIGN.iter().any(|words| text.contains(words));
        Ok(spoken.then(|| sources.add_schema(name, text.replace("\"postgresql\"", "\"mysql\""))))
    };
    let (Some(old), Some(new)) = (read("old.prisma")?, read("new.prisma")?) else { return Ok(None) };
    let checked = validate::check(&sources, &old);
    if checked.diagnostics.has_errors() || validate::check(&sources, &new).diagnostics.has_errors() {
        return Ok(None);
    }
    let made = database(&lower::lower(&checked.schema, &mut Ids::default()).0);
    let options = Options { target: Some(target.to_owned()), ..words::options(case)? };
    Ok(match prisma_stage::compile(&sources, Some(&old), Some(&new), &options) {
        Outcome::Plan { script, .. } => Some((*script, made)),
        Outcome::Undecided { .. } | Outcome::Rejected(_) | Outcome::Bug(_) => None,
    })
}

/// Every file, forwards: what it says of each table first, then the file.
fn walk(script: &Script, (db, other): (&Database, &Database), target: &str, page: &mut Page) -> Result<()> {
    for migration in script.stages.iter().flat_map(|stage| &stage.migrations) {
        for statement in &migration.statements {
            look(statement, (db, other), target, page)?;
        }
        db.run(&migration.up)?;
    }
    Ok(())
}

/// What a statement prepares, or is; none where it has been done, or cannot be said yet.
fn said(db: &Database, statement: &Statement) -> Result<Option<String>> {
    let Some((before, _)) = statement.sql.split_once("\nPREPARE ps FROM @ps") else {
        return Ok(Some(statement.sql.clone()));
    };
    let Some((_, value)) = before.rsplit_once("SET @ps = ") else { return Ok(None) };
    if before.contains("SET @ps_0 = ") {
        let looks = before.rsplit_once("SET @ps = ").map_or("", |(looks, _)| looks);
        db.run(looks)?;
    }
    db.run(&format!("SET @ps = {}", value.trim_end_matches(';')))?;
    Ok(Some(text(db, "SELECT @ps")?).filter(|sql| !sql.is_empty()))
}

fn look(statement: &Statement, (db, other): (&Database, &Database), target: &str, page: &mut Page) -> Result<()> {
    let Some(sql) = said(db, statement)? else { return Ok(()) };
    let Some((core, claimed)) = sql.strip_prefix("ALTER TABLE ").and_then(|_| sql.split_once(", ALGORITHM=")) else {
        return Ok(());
    };
    let (claimed, kind) = (format!("ALGORITHM={claimed}"), kind(core));
    if page.knows(&kind, &claimed, target) {
        return Ok(());
    }
    let table = core.trim_start_matches("ALTER TABLE ").split(' ').next().unwrap_or_default();
    let with = |mode: &str| {
        db.run(&format!("SET SESSION foreign_key_checks = 0, SESSION lock_wait_timeout = 1;\n{core}, {mode}"))
    };
    // Somebody has read the table, and goes on.
    other.run("START TRANSACTION")?;
    if other.query(&format!("SELECT 1 FROM {table} LIMIT 1")).is_err() {
        return Ok(other.run("ROLLBACK")?);
    }
    let waits = with(&claimed).is_err_and(|error| error.to_string().contains("1205"));
    other.run("ROLLBACK")?;
    let named = statement.locks.iter().any(|lock| lock.table == table);
    let least = if waits { MODES.iter().find(|mode| with(mode).is_ok()) } else { Some(&"") };
    db.run("SET SESSION foreign_key_checks = 1, SESSION lock_wait_timeout = 60")?;
    // One that needs what the file does before it is looked at in another plan.
    if let Some(least) = least.filter(|least| !least.is_empty()) {
        page.add(target, (kind, claimed), Seen { least: (*least).to_owned(), waits, named });
    }
    Ok(())
}

fn text(db: &Database, sql: &str) -> Result<String> {
    let rows = db.query(sql)?;
    Ok(rows.into_iter().flatten().flatten().next().unwrap_or_default())
}
