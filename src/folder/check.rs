//! Is the folder exactly what would be written?

use super::{unusable, walk};
use crate::diag::Diagnostic;
use crate::output::files::Files;
use crate::output::json::{Difference, How};
use std::io::ErrorKind;
use std::path::Path;

/// What differs, by path; nothing if the folder is exactly the plan.
///
/// # Errors
///
/// If the folder is there and cannot be read.
pub fn check(dir: &Path, files: &Files) -> Result<Vec<Difference>, Box<Diagnostic>> {
    let there = match walk(dir) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => std::collections::BTreeSet::new(),
        Err(error) => return Err(unusable("read", dir, &error)),
    };
    let mut differences = Vec::new();
    for (path, text) in files.iter() {
        let how = if !there.contains(path) {
            How::Missing
        } else {
            let full = dir.join(path);
            match std::fs::read(&full).map_err(|error| unusable("read", &full, &error))? {
                bytes if bytes == text.as_bytes() => continue,
                _ => How::Changed,
            }
        };
        differences.push(Difference { path: path.to_owned(), how });
    }
    let extra = there.into_iter().filter(|path| files.get(path).is_none());
    differences.extend(extra.map(|path| Difference { path, how: How::Extra }));
    differences.sort();
    Ok(differences)
}
