//! Writes docs/locks.md: for every kind of statement that plans hold, the lock that plans name for it and the lock that a
//! server was seen to hold. `make locks` compares, `BLESS=1 make locks` writes the columns of the server at hand.
//!
//! Every plan of corpus/change is walked forwards on a database of its own, statement by statement, each in a transaction that is
//! looked at before it ends; an index that is built or dropped beside running work is looked at while it waits for a writer.

mod kind;
mod page;
mod trace;
#[path = "../../tests/support/words.rs"]
mod words;

use kind::kind;
use page::Page;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::server::Server;
use prisma_stage::script::{FileClass, Script};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, Strategy};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const PAGE: &str = "docs/locks.md";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let server = Server::start(std::env::var("PG").ok().and_then(|major| major.parse().ok()))?;
    let mut out = std::io::stdout();
    let mut page = Page::read(&std::fs::read_to_string(PAGE).unwrap_or_default());
    let mut version = String::new();
    for case in cases()? {
        let mut sources = Sources::default();
        let mut read = |name: &str| {
            let path = case.join(name).display().to_string();
            read_schema(&mut sources, &path, &ReadOptions::default()).map_err(|diagnostic| diagnostic.message)
        };
        let (old, new) = (read("old.prisma")?, read("new.prisma")?);
        let options = words::options(&case)?;
        if options.strategy == Strategy::Direct || case.join("objects.sql").exists() {
            continue;
        }
        let Outcome::Plan { script, .. } = prisma_stage::compile(&sources, Some(&old), Some(&new), &options) else {
            continue;
        };
        let database = server.create(None)?;
        let mut client = database.connect()?;
        if version.is_empty() {
            let row = client.query_one("SELECT current_setting('server_version_num')::int / 10000", &[])?;
            version = row.get::<_, i32>(0).to_string();
        }
        if let Outcome::Plan { script, .. } = prisma_stage::compile(&sources, None, Some(&old), &Options::default()) {
            for migration in script.stages.iter().flat_map(|stage| &stage.migrations) {
                client.batch_execute(&migration.up)?;
            }
        }
        if let Err(error) = walk(&script, &mut client, &mut || Ok(database.connect()?), &version, &mut page) {
            writeln!(out, "{}: {error}", case.display())?;
            return Ok(ExitCode::FAILURE);
        }
    }
    let text = page.text();
    let wrong = page.mismatches(&version);
    for line in &wrong {
        writeln!(out, "{line}")?;
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, text)?;
    } else if std::fs::read_to_string(PAGE).unwrap_or_default() != text {
        writeln!(out, "{PAGE} says something else than PostgreSQL {version}: BLESS=1 make locks")?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "PostgreSQL {version}: {} mismatches", wrong.len())?;
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cases() -> std::io::Result<Vec<PathBuf>> {
    let all = std::fs::read_dir("corpus/change")?.map(|entry| Ok(entry?.path()));
    let mut all = all.collect::<std::io::Result<Vec<_>>>()?;
    all.retain(|case: &PathBuf| Path::new(case).join("new.prisma").exists());
    all.sort();
    Ok(all)
}

/// Every file, forwards.
fn walk(
    script: &Script,
    client: &mut postgres::Client,
    connect: &mut dyn FnMut() -> Result<postgres::Client, Box<dyn Error>>,
    version: &str,
    page: &mut Page,
) -> Result<(), Box<dyn Error>> {
    for stage in &script.stages {
        let standing = trace::tables(client)?;
        for migration in &stage.migrations {
            let now = trace::tables(client)?;
            let tables = now.into_iter().filter(|(oid, _)| standing.contains_key(oid)).collect();
            match migration.class {
                FileClass::Transactional => {
                    let held = trace::inside(client, &migration.statements)?;
                    for (statement, held) in migration.statements.iter().zip(held) {
                        if let Some(held) = held {
                            page.add(version, &kind(&statement.sql), trace::compare(statement, &tables, &held));
                        }
                    }
                    client.batch_execute(&migration.up)?;
                }
                FileClass::Solitary => {
                    for statement in &migration.statements {
                        let held = trace::beside(client, connect, &statement.sql, &tables)?;
                        if let Some(held) = held {
                            page.add(version, &kind(&statement.sql), trace::compare(statement, &tables, &held));
                        }
                    }
                }
                FileClass::Batch | FileClass::Assertion => client.batch_execute(&migration.up)?,
            }
        }
    }
    Ok(())
}
