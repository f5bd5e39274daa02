//! A folder of `*.prisma` files.

use super::{MAX_SCHEMA_BYTES, NamedText, Overlay, read_file, too_large, unreadable};
use crate::diag::Diagnostic;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Reads every schema file in the folder and the folders in it, in the order of their paths.
pub(super) fn read(folder: &Path, overlay: Option<&Overlay>) -> Result<Vec<NamedText>, Box<Diagnostic>> {
    let mut found = Vec::new();
    collect(folder, &mut found, &mut HashSet::new())?;
    let overlay = overlay.filter(|overlay| overlay.is_in(folder));
    if found.is_empty() && overlay.is_none() {
        return Err(Box::new(without_schemas(&folder.display().to_string())));
    }
    found.sort();
    let mut texts = Vec::new();
    let (mut bytes, mut is_there) = (0, false);
    for path in found {
        let text = match overlay.filter(|overlay| overlay.is_file(&path)) {
            Some(overlay) => {
                is_there = true;
                overlay.take()
            }
            None => (path.display().to_string(), read_file(&path)?),
        };
        bytes += text.1.len();
        if bytes > MAX_SCHEMA_BYTES {
            return Err(Box::new(too_large(&folder.display().to_string(), MAX_SCHEMA_BYTES)));
        }
        texts.push(text);
    }
    // A file that was never saved.
    texts.extend(overlay.filter(|_| !is_there).map(Overlay::take));
    Ok(texts)
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

/// `seen` are the folders that were read, by their real paths: links lead in no circles, and a folder that is reached in
/// two ways is read once.
fn collect(folder: &Path, found: &mut Vec<PathBuf>, seen: &mut HashSet<PathBuf>) -> Result<(), Box<Diagnostic>> {
    let refuse = |error: &std::io::Error| unreadable(&folder.display().to_string(), error);
    if !seen.insert(folder.canonicalize().map_err(|error| refuse(&error))?) {
        return Ok(());
    }
    let entries: Result<Vec<PathBuf>, _> =
        std::fs::read_dir(folder).and_then(|all| all.map(|entry| entry.map(|entry| entry.path())).collect());
    let mut entries = entries.map_err(|error| refuse(&error))?;
    // Folders themselves come before links to them, so that a file goes by its own path.
    entries.sort_by_cached_key(|path| (path.is_symlink(), path.clone()));
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !is_left_out(&name) {
                collect(&path, found, seen)?;
            }
        } else if name.ends_with(".prisma") {
            found.push(path);
        }
    }
    Ok(())
}
