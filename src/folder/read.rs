//! A plan read back from its folder.

use super::{Found, find, unusable, walk};
use crate::diag::Diagnostic;
use crate::output::files::{PLAN, down_path, files, up_path};
use crate::output::json::VERSION;
use crate::script::Script;
use serde::Deserialize;
use std::path::Path;

/// A plan as it lies in its folder.
#[derive(Clone, Debug)]
pub struct Written {
    /// The plan, with the texts of the files as they are now.
    pub script: Script,
    /// The SQL files that are not as they were written: their paths and what is in them now, by path.
    pub edited: Vec<(String, String)>,
}

/// What is read of plan.json.
#[derive(Deserialize)]
struct Document {
    version: u32,
    #[serde(flatten)]
    script: Script,
}

/// Is this the folder of a plan? (What is none may still be a folder of schemas.)
pub fn is_plan(dir: &Path) -> bool {
    matches!(find(dir), Ok(Found::Plan(_)))
}

/// Reads a plan back. The texts are those of the SQL files, not those that plan.json holds: the files are what is run.
///
/// # Errors
/// The folder is no plan, or of another version, or a file is missing, or there is one of which the plan knows nothing.
pub fn read(dir: &Path) -> Result<Written, Box<Diagnostic>> {
    let shown = dir.display();
    let no_plan = |why: String| {
        Box::new(
            Diagnostic::error("PS1104", format!("`{shown}` cannot be read as a plan: {why}"))
                .help("write it again with `prisma-stage diff OLD NEW --out DIR`"),
        )
    };
    let listed = match find(dir).map_err(|error| unusable("read", dir, &error))? {
        Found::Plan(paths) => paths,
        Found::Free | Found::Foreign => return Err(no_plan("there is no plan.json of prisma-stage in it".to_owned())),
    };
    let text = std::fs::read_to_string(dir.join(PLAN)).map_err(|error| unusable("read", &dir.join(PLAN), &error))?;
    let document: Document = serde_json::from_str(&text).map_err(|error| no_plan(format!("plan.json: {error}")))?;
    if document.version != VERSION {
        return Err(no_plan(format!("plan.json is of version {}, this reads version {VERSION}", document.version)));
    }
    let foreign = walk(dir).map_err(|error| unusable("read", dir, &error))?;
    if let Some(path) = foreign.iter().find(|path| path.ends_with("/migration.sql") && !listed.contains(*path)) {
        return Err(Box::new(
            Diagnostic::error("PS1105", format!("`{shown}/{path}` is not in the plan"))
                .note("plan.json says which files there are and in what order they run")
                .help("take the file away, or write the plan again"),
        ));
    }
    with_texts(dir, document.script)
}

/// Every file that plan.json lists is read.
fn with_texts(dir: &Path, mut script: Script) -> Result<Written, Box<Diagnostic>> {
    let mut edited = Vec::new();
    for (path, written) in files(&script).iter().filter(|(path, _)| path.ends_with(".sql")) {
        let text = std::fs::read_to_string(dir.join(path)).map_err(|error| {
            Diagnostic::error("PS1105", format!("`{}` cannot be read: {error}", dir.join(path).display()))
                .note("plan.json lists it")
                .help("write the plan again")
        })?;
        if text != written {
            edited.push((path.to_owned(), text));
        }
    }
    let now = |path: &str| edited.iter().find(|(edited, _)| edited == path).map(|(_, text)| text.clone());
    for stage in &mut script.stages {
        let paths: Vec<(String, String)> =
            stage.migrations.iter().map(|migration| (up_path(stage, migration), down_path(stage, migration))).collect();
        for (migration, (up, down)) in stage.migrations.iter_mut().zip(&paths) {
            if let Some(text) = now(up) {
                migration.up = text;
            }
            if let Some(text) = now(down) {
                migration.down = text;
            }
        }
    }
    Ok(Written { script, edited })
}
