//! The folder of a plan on a disk: written whole or not at all, and compared byte for byte.
//!
//! A folder is replaced by renaming a complete one that was written beside it. Where that cannot be (it holds files of
//! somebody else, it is a mount point, or somebody stands in it), every file is written beside its place first and renamed
//! into it last, so that a full disk is noticed before anything is touched.

mod check;
mod read;
mod write;

pub use check::check;
pub use read::{Written, is_plan, read};
pub use write::{Existing, write};

use crate::diag::Diagnostic;
use crate::output::files::{MONITOR, PLAN};
use crate::output::json::TOOL;
use std::collections::BTreeSet;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// What stands where a plan shall go.
enum Found {
    /// Nothing, or an empty folder.
    Free,
    /// A plan that was written by us, and the paths of its files.
    Plan(BTreeSet<String>),
    /// Something else.
    Foreign,
}

fn find(dir: &Path) -> Result<Found, Error> {
    match std::fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound && std::fs::symlink_metadata(dir).is_err() => {
            return Ok(Found::Free);
        }
        Err(error) => return Err(error),
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(Found::Free);
            }
        }
    }
    let text = match std::fs::read_to_string(dir.join(PLAN)) {
        Ok(text) => text,
        Err(_) => return Ok(Found::Foreign),
    };
    Ok(match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(plan) if plan["tool"] == TOOL => Found::Plan(paths(&plan)),
        Ok(_) | Err(_) => Found::Foreign,
    })
}

/// The files that a plan.json says are there.
fn paths(plan: &serde_json::Value) -> BTreeSet<String> {
    let mut paths: BTreeSet<String> = [PLAN, MONITOR, "RUNBOOK.md"].map(str::to_owned).into();
    let is_name = |name: &str| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    for stage in plan["stages"].as_array().into_iter().flatten() {
        let Some(folder) = stage["folder"].as_str().filter(|name| is_name(name)) else { continue };
        paths.extend(["schema.prisma", "preflight.sql", "verify.sql"].map(|name| format!("{folder}/{name}")));
        for migration in stage["migrations"].as_array().into_iter().flatten() {
            let Some(name) = migration["name"].as_str().filter(|name| is_name(name)) else { continue };
            paths.extend(["migration.sql", "down.sql"].map(|file| format!("{folder}/migrations/{name}/{file}")));
        }
    }
    paths
}

/// Every file under the folder, as relative paths with `/`.
fn walk(dir: &Path) -> Result<BTreeSet<String>, Error> {
    let mut files = BTreeSet::new();
    let mut open = vec![(dir.to_path_buf(), String::new())];
    while let Some((dir, prefix)) = open.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), path + "/"));
            } else {
                files.insert(path);
            }
        }
    }
    Ok(files)
}

fn unusable(verb: &str, path: &Path, error: &Error) -> Box<Diagnostic> {
    let why = match error.kind() {
        ErrorKind::NotADirectory => "it is not a folder, or something above it is not".to_owned(),
        _ => error.to_string(),
    };
    Box::new(Diagnostic::error("PS0802", format!("cannot {verb} `{}`: {why}", path.display())))
}
