//! A folder of `*.prisma` files.

use super::{NamedText, read_file, unreadable};
use crate::diag::Diagnostic;
use std::path::{Path, PathBuf};

/// Reads every schema file in the folder and the folders in it, in the order of their paths.
pub(super) fn read(folder: &Path) -> Result<Vec<NamedText>, Box<Diagnostic>> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    collect(folder, &mut found, &mut seen)?;
    if found.is_empty() {
        return Err(Box::new(without_schemas(&folder.display().to_string())));
    }
    found.sort();
    found.into_iter().map(|path| Ok((path.display().to_string(), read_file(&path)?))).collect()
}

/// No `*.prisma` file anywhere below.
pub(super) fn without_schemas(name: &str) -> Diagnostic {
    Diagnostic::error("PS0005", format!("folder {name} has no `*.prisma` files"))
        .note("`node_modules` and folders whose names begin with a dot are left out")
        .help("give the schema file itself, or the folder that it is in")
}

/// Is this a folder that is left out?
pub(super) fn is_left_out(name: &str) -> bool {
    name == "node_modules" || name.starts_with('.')
}

/// `seen` are the folders on the way here, so that links cannot lead in circles.
fn collect(folder: &Path, found: &mut Vec<PathBuf>, seen: &mut Vec<PathBuf>) -> Result<(), Box<Diagnostic>> {
    let refuse = |error: &std::io::Error| unreadable(&folder.display().to_string(), error);
    let real = folder.canonicalize().map_err(|error| refuse(&error))?;
    if seen.contains(&real) {
        return Ok(());
    }
    seen.push(real);
    for entry in std::fs::read_dir(folder).map_err(|error| refuse(&error))? {
        let path = entry.map_err(|error| refuse(&error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !is_left_out(&name) {
                collect(&path, found, seen)?;
            }
        } else if name.ends_with(".prisma") {
            found.push(path);
        }
    }
    seen.pop();
    Ok(())
}
