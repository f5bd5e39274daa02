//! Writes the statements of plans out flat, for tools that read SQL and do not look into blocks: `cargo run --example flat -- OUT`.
//!
//! One file for each file of an expand or validate stage, of every plan of corpus/change and, where they are at hand, of every
//! real pair of ../shared/corpus (with all of `--assume`). What a block does around its statements is said in their words: it is one
//! transaction, with a lock timeout.

use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::script::{FileClass, Migration, Script};
use prisma_stage::source::Sources;
use prisma_stage::stage::StageKind;
use prisma_stage::{Assume, Options, Outcome};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

#[path = "../tests/support/words.rs"]
mod words;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("into which folder?")?);
    let (mut plans, mut files) = (0, 0);
    for case in folders(Path::new("corpus/change"), 1)? {
        let options = words::options(&case)?;
        write(&case, &options, &out.join("change"), (&mut plans, &mut files))?;
    }
    let real = Path::new("../shared/corpus/pairs");
    if real.exists() {
        let assume: Vec<Assume> = Assume::ALL.iter().map(|(_, assume)| *assume).collect();
        let options = Options { assume, ..Options::default() };
        for pair in folders(real, 2)? {
            write(&pair, &options, &out.join("real"), (&mut plans, &mut files))?;
        }
    }
    writeln!(std::io::stdout(), "{files} files of {plans} plans")?;
    Ok(())
}

/// Folders with two schemas, so deep below.
fn folders(root: &Path, depth: usize) -> std::io::Result<Vec<PathBuf>> {
    let mut all = vec![root.to_owned()];
    for _ in 0..depth {
        let mut below = Vec::new();
        for folder in all.iter().filter(|folder| folder.is_dir()) {
            for entry in std::fs::read_dir(folder)? {
                below.push(entry?.path());
            }
        }
        all = below;
    }
    all.retain(|folder| folder.join("old.prisma").exists() && folder.join("new.prisma").exists());
    all.sort();
    Ok(all)
}

fn write(
    folder: &Path,
    options: &Options,
    out: &Path,
    (plans, files): (&mut usize, &mut usize),
) -> Result<(), Box<dyn Error>> {
    let mut sources = Sources::default();
    let mut read = |name: &str| {
        let path = folder.join(name).display().to_string();
        read_schema(&mut sources, &path, &ReadOptions::default()).map_err(|diagnostic| diagnostic.message)
    };
    let (old, new) = (read("old.prisma")?, read("new.prisma")?);
    let text = std::fs::read_to_string(folder.join("new.prisma"))?;
    let provider = |name: &str| text.lines().any(|l| l.trim_start().starts_with("provider") && l.contains(name));
    if !provider("\"postgres") || provider("\"sqlite\"") {
        return Ok(());
    }
    let Outcome::Plan { script, .. } = prisma_stage::compile(&sources, Some(&old), Some(&new), options) else {
        return Ok(());
    };
    *plans += 1;
    let name: Vec<String> = folder.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
    std::fs::create_dir_all(out)?;
    for (path, text) in flat(&script) {
        let name = format!("{}--{}--{path}.sql", name[1], name[0]);
        std::fs::write(out.join(name), text)?;
        *files += 1;
    }
    Ok(())
}

fn flat(script: &Script) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for stage in &script.stages {
        match stage.stage {
            StageKind::Expand | StageKind::Validate => {}
            StageKind::Backfill | StageKind::Contract | StageKind::Direct => continue,
        }
        let speaks = |migration: &&Migration| match migration.class {
            FileClass::Transactional | FileClass::Solitary | FileClass::Batch => !migration.statements.is_empty(),
            // It looks at rows, and raises.
            FileClass::Assertion => false,
        };
        for migration in stage.migrations.iter().filter(speaks) {
            all.push((format!("{}--{}", stage.folder, migration.name), text(migration)));
        }
    }
    all
}

fn text(migration: &Migration) -> String {
    // A block's own language, where a statement is no SQL by itself.
    let sql = |text: &str| text.strip_prefix("PERFORM ").map_or(text.to_owned(), |rest| format!("SELECT {rest}"));
    let statements: String = migration
        .statements
        .iter()
        .filter(|statement| is_sql(&statement.sql))
        .map(|statement| format!("{};\n", sql(&statement.sql)))
        .collect();
    match migration.class {
        FileClass::Transactional => format!("BEGIN;\nSET LOCAL lock_timeout = '300ms';\n{statements}COMMIT;\n"),
        FileClass::Solitary | FileClass::Batch | FileClass::Assertion => statements,
    }
}

/// Is it a statement by itself, and not of a block's own language?
fn is_sql(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    ["ALTER", "CREATE", "DROP", "UPDATE", "DELETE", "INSERT", "LOCK", "SET", "PERFORM", "DO"].contains(&first)
}
