//! Puts a plan where it shall go.

use super::{Found, find, unusable, walk};
use crate::diag::Diagnostic;
use crate::output::files::Files;
use std::collections::BTreeSet;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What may be written into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Nothing, an empty folder, or an earlier plan.
    PlansOnly,
    /// Any folder (`--force`): what is not of a plan stays in it.
    Any,
}

/// Writes the files; those of an earlier plan that are no longer wanted go, whatever else is in the folder stays.
///
/// # Errors
///
/// If the folder is somebody else's, or the disk cannot take the files: then nothing has changed.
pub fn write(dir: &Path, files: &Files, existing: Existing) -> Result<(), Box<Diagnostic>> {
    let failed = |error: Error| unusable("write", dir, &error);
    let found = find(dir).map_err(failed)?;
    let owned = match (found, existing) {
        (Found::Free, _) => BTreeSet::new(),
        (Found::Plan(paths), _) => paths,
        (Found::Foreign, Existing::Any) => BTreeSet::new(),
        (Found::Foreign, Existing::PlansOnly) => return Err(foreign(dir)),
    };
    let made = Made::parents_of(dir).map_err(failed)?;
    let dir = &made.target;
    let there = if dir.exists() { walk(dir).map_err(failed)? } else { BTreeSet::new() };
    let temporary = staged(&made.parent, dir, files).map_err(failed)?;
    let has_guests = there.iter().any(|path| !owned.contains(path));
    if has_guests || is_stood_in(dir) || swap(&temporary, dir).is_err() {
        let stale: BTreeSet<&String> =
            there.iter().filter(|path| owned.contains(*path) && files.get(path).is_none()).collect();
        one_by_one(&temporary.path().join(NEW), dir, files, &stale).map_err(failed)?;
    }
    made.keep();
    Ok(())
}

const NEW: &str = "new";
const OLD: &str = "old";

fn foreign(dir: &Path) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error(
        "PS0801",
        format!("`{}` is not empty, and is not a plan of prisma-stage", dir.display()),
    )
    .note("nothing was written")
    .help("give another folder, or --force to write into this one; what is in it stays, save files of the same names");
    Box::new(diagnostic)
}

/// The folders above the target that had to be made; they go again unless the writing succeeds.
struct Made {
    parent: PathBuf,
    target: PathBuf,
    made: Vec<PathBuf>,
}

impl Made {
    fn parents_of(dir: &Path) -> Result<Made, Error> {
        let target = if dir.exists() { dir.canonicalize()? } else { std::path::absolute(dir)? };
        let parent = target.parent().unwrap_or(&target).to_path_buf();
        let made = parent.ancestors().take_while(|path| !path.exists()).map(Path::to_path_buf).collect();
        let made = Made { parent, target, made };
        std::fs::create_dir_all(&made.parent)?;
        Ok(made)
    }

    fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in &self.made {
            let _ = std::fs::remove_dir(path);
        }
    }
}

/// A temporary folder on the target's disk with all of the files in it. Beside the target if that may be written to, else in it.
fn staged(parent: &Path, dir: &Path, files: &Files) -> Result<TempDir, Error> {
    let new = || tempfile::Builder::new().prefix(".prisma-stage-").to_owned();
    let temporary =
        new().tempdir_in(parent).or_else(|error| if dir.exists() { new().tempdir_in(dir) } else { Err(error) })?;
    let root = temporary.path().join(NEW);
    std::fs::create_dir(&root)?;
    for (path, text) in files.iter() {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text)?;
    }
    Ok(temporary)
}

/// Does this process stand in the folder or below? Then it must not be moved away.
fn is_stood_in(dir: &Path) -> bool {
    std::env::current_dir().and_then(|here| here.canonicalize()).is_ok_and(|here| here.starts_with(dir))
}

/// The old folder away, the new one into its place; back again if that fails.
fn swap(temporary: &TempDir, dir: &Path) -> Result<(), Error> {
    let (new, old) = (temporary.path().join(NEW), temporary.path().join(OLD));
    let had = dir.exists();
    if had {
        std::fs::rename(dir, &old)?;
    }
    std::fs::rename(&new, dir).inspect_err(|_| {
        if had {
            let _ = std::fs::rename(&old, dir);
        }
    })
}

fn one_by_one(from: &Path, dir: &Path, files: &Files, stale: &BTreeSet<&String>) -> Result<(), Error> {
    if let Some((path, _)) = files.iter().find(|(path, _)| dir.join(path).is_dir()) {
        return Err(Error::new(ErrorKind::IsADirectory, format!("{path} in it is a folder")));
    }
    for (path, _) in files.iter() {
        if let Some(folder) = dir.join(path).parent() {
            std::fs::create_dir_all(folder)?;
        }
    }
    for (path, _) in files.iter() {
        std::fs::rename(from.join(path), dir.join(path))?;
    }
    for path in stale {
        std::fs::remove_file(dir.join(path))?;
        for folder in Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            let _ = std::fs::remove_dir(dir.join(folder));
        }
    }
    Ok(())
}
