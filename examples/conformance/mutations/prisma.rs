//! Prisma's validator, thousands of schemas at a time.

use super::seeds::File;
use crate::Options;
use prisma_stage::live::{Doing, Error, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

/// An error of Prisma.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The place among the files.
    pub(super) file: usize,
    pub(super) line: Option<u32>,
    /// How many units of UTF-16 stand before it.
    start: Option<u64>,
    pub(super) message: String,
}

/// What Prisma says to one schema; None where its validator panics.
pub(super) type Answer = Option<Vec<Said>>;

/// So many schemas go into one process.
const BATCH: usize = 1500;

/// Asks about every schema, in order.
pub(super) fn ask(options: &Options, schemas: &[Vec<File>]) -> Result<Vec<Answer>> {
    let mut answers = Vec::with_capacity(schemas.len());
    for batch in schemas.chunks(BATCH) {
        answers.extend(ask_batch(options, batch)?);
    }
    Ok(answers)
}

fn ask_batch(options: &Options, schemas: &[Vec<File>]) -> Result<Vec<Answer>> {
    let doing = || "asking Prisma's validator".to_owned();
    let folder = tempfile::tempdir().doing(doing)?;
    let mut list = String::new();
    for (number, files) in schemas.iter().enumerate() {
        let path = match &files[..] {
            [file] => {
                let path = folder.path().join(format!("{number}.prisma"));
                std::fs::write(&path, &file.text).doing(doing)?;
                path
            }
            _ => {
                let path = folder.path().join(number.to_string());
                std::fs::create_dir(&path).doing(doing)?;
                for file in files {
                    std::fs::write(path.join(&file.name), &file.text).doing(doing)?;
                }
                path
            }
        };
        list.push_str(&format!("{}\n", path.display()));
    }
    let list_file = folder.path().join("list.txt");
    std::fs::write(&list_file, list).doing(doing)?;
    let asked = Command::new("node")
        .arg(options.oracle.join("validate.mjs"))
        .args(["--neutral-url", "--list"])
        .arg(&list_file)
        .output()
        .doing(doing)?;
    let text = String::from_utf8_lossy(&asked.stdout);
    let answers: Vec<_> = text.lines().zip(schemas).map(|(line, files)| answer(line, files)).collect();
    if answers.len() == schemas.len() {
        return Ok(answers);
    }
    Err(Error::new(doing(), String::from_utf8_lossy(&asked.stderr)))
}

fn answer(line: &str, files: &[File]) -> Answer {
    let record: Value = serde_json::from_str(line).ok()?;
    if record.get("panic").is_some() {
        return None;
    }
    let places: HashMap<&str, usize> = files.iter().enumerate().map(|(i, f)| (f.name.as_str(), i)).collect();
    let errors = record["errors"].as_array()?.iter().map(|error| Said {
        file: error["file"]
            .as_str()
            .and_then(|f| Path::new(f).file_name()?.to_str())
            .map_or(0, |name| places.get(name).copied().unwrap_or(0)),
        line: None,
        start: error["line"].as_u64().and(error["start"].as_u64()),
        message: error["message"].as_str().unwrap_or_default().to_owned(),
    });
    let errors = errors.filter(is_ours).map(|said| Said { line: line_of(files, &said), ..said });
    Some(errors.collect())
}

/// The line of an error: its place counts the units of UTF-16.
fn line_of(files: &[File], said: &Said) -> Option<u32> {
    let mut left = said.start?;
    let mut line = 1;
    for ch in files.get(said.file)?.text.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(ch.len_utf16() as u64);
        line += u32::from(ch == '\n');
    }
    Some(line)
}

/// Is it an error for us as well? Addresses in the datasource are Prisma 7's alone.
fn is_ours(said: &Said) -> bool {
    !(said.message.contains("is no longer supported in schema files") && said.message.contains("datasource property"))
}
