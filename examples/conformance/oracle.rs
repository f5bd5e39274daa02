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
        return Ok(say(
            "conformance: skipped, Prisma's engine is not here and could not be installed (../shared/oracle, npm)",
            None,
        ));
    }
    let folder = tempfile::tempdir().doing(|| "making a folder".to_owned())?;
    let list = schemas.iter().enumerate().map(|(id, schema)| entry(id, schema, &folder.path().join("in")));
    let list = list.collect::<Result<Vec<_>>>()?;
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

/// Where the schema is, or a copy without the preview features that Prisma 7 has retired (which it refuses).
fn entry(id: usize, schema: &Schema, copies: &Path) -> Result<serde_json::Value> {
    let texts = || schema.files.files.iter().map(|f| schema.sources.get(*f));
    if !texts().any(|file| file.text.contains("previewFeatures")) {
        let path = schema.path.canonicalize().unwrap_or_else(|_| schema.path.clone());
        return Ok(serde_json::json!({ "id": id.to_string(), "from": null, "to": path }));
    }
    let folder = copies.join(id.to_string());
    let doing = || format!("writing {}", folder.display());
    std::fs::create_dir_all(&folder).doing(doing)?;
    for (number, file) in texts().enumerate() {
        let text: Vec<_> = file.text.split('\n').map(without_retired).collect();
        std::fs::write(folder.join(format!("{number:04}.prisma")), text.join("\n")).doing(doing)?;
    }
    Ok(serde_json::json!({ "id": id.to_string(), "from": null, "to": folder }))
}

fn without_retired(line: &str) -> String {
    const KNOWN: [&str; 4] = ["partialIndexes", "postgresqlExtensions", "shardKeys", "views"];
    match line.trim_start().strip_prefix("previewFeatures") {
        Some(rest) => {
            let kept = rest.split('"').filter(|word| KNOWN.contains(word)).map(|word| format!("\"{word}\""));
            format!("previewFeatures = [{}]", kept.collect::<Vec<_>>().join(", "))
        }
        None => line.to_owned(),
    }
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
    if !from.exists() {
        return Ok(false);
    }
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
