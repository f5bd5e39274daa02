//! Prisma's engine.

use crate::schemas::Schema;
use crate::{Options, say};
use prisma_stage::live::{Doing, Error, Result};
use std::path::Path;
use std::process::Command;

/// What Prisma's engine says to a schema.
pub(crate) enum Answer {
    Ddl(String),
    Refused(String),
}

/// Prisma's DDL from empty of every schema; None, with a notice, where the engine is not to be had.
pub(crate) fn ddl(options: &Options, schemas: &[Schema]) -> Result<Option<Vec<Answer>>> {
    if Command::new("node").arg("--version").output().is_err() {
        return Ok(say("conformance: skipped, it needs node", None));
    }
    if !install(options)? {
        return Ok(say("conformance: skipped, Prisma's engine could not be installed (npm)", None));
    }
    let folder = tempfile::tempdir().doing(|| "making a folder".to_owned())?;
    let list: Vec<_> = schemas.iter().enumerate().map(|(id, schema)| entry(id, schema)).collect();
    let file = folder.path().join("list.json");
    let doing = || "asking Prisma's engine".to_owned();
    std::fs::write(&file, serde_json::Value::from(list).to_string()).doing(doing)?;
    let asked = Command::new("node")
        .arg(options.oracle.join("diff.mjs"))
        .args(["--neutral-url", "--batch"])
        .arg(&file)
        .arg("--out")
        .arg(folder.path().join("out"))
        .output()
        .doing(doing)?;
    let answers = (0..schemas.len()).map(|id| answer(&folder.path().join("out"), id));
    let answers: Option<Vec<_>> = answers.collect();
    answers.map(Some).ok_or_else(|| Error::new(doing(), String::from_utf8_lossy(&asked.stderr)))
}

fn entry(id: usize, schema: &Schema) -> serde_json::Value {
    let path = schema.path.canonicalize().unwrap_or_else(|_| schema.path.clone());
    serde_json::json!({ "id": id.to_string(), "from": null, "to": path })
}

fn answer(out: &Path, id: usize) -> Option<Answer> {
    let sql = std::fs::read_to_string(out.join(format!("{id}.sql"))).map(Answer::Ddl);
    let refused = || std::fs::read_to_string(out.join(format!("{id}.error.json"))).map(Answer::Refused);
    sql.or_else(|_| refused()).ok()
}

/// Copies the oracle's scripts and installs its packages beside them, once.
fn install(options: &Options) -> Result<bool> {
    if options.oracle.join("node_modules").exists() {
        return Ok(true);
    }
    let from = options.shared.join("oracle");
    let doing = || format!("installing {}", options.oracle.display());
    std::fs::create_dir_all(&options.oracle).doing(doing)?;
    for entry in std::fs::read_dir(&from).doing(doing)? {
        let path = entry.doing(doing)?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            std::fs::copy(&path, options.oracle.join(name)).doing(doing)?;
        }
    }
    let installed = Command::new("npm")
        .args(["install", "--omit=optional", "--no-audit", "--no-fund", "--silent"])
        .current_dir(&options.oracle)
        .status();
    Ok(installed.is_ok_and(|status| status.success()))
}
