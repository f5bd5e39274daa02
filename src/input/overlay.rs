//! A text that stands in the place of a file: an editor's buffer that is not saved.

use super::NamedText;
use std::cell::Cell;
use std::path::{Path, PathBuf};

/// A text and the file that it stands for, which need not be there yet.
#[derive(Clone, Debug)]
pub struct Overlay {
    name: String,
    path: PathBuf,
    text: String,
    used: Cell<bool>,
}

impl Overlay {
    /// The text in the place of the file of this name.
    pub fn new(name: &str, text: String) -> Self {
        Overlay { name: name.to_owned(), path: real(Path::new(name)), text, used: Cell::new(false) }
    }

    /// Did a schema have the file?
    pub fn is_used(&self) -> bool {
        self.used.get()
    }

    /// Does it stand for this file?
    pub(super) fn is_file(&self, path: &Path) -> bool {
        real(path) == self.path
    }

    /// Does it stand for a schema file in this folder, there or not?
    pub(super) fn is_in(&self, folder: &Path) -> bool {
        let real = real(folder);
        let below = self.path.strip_prefix(&real);
        self.path.extension().is_some_and(|extension| extension == "prisma")
            && below.is_ok_and(|below| !below.parent().is_some_and(has_left_out))
    }

    /// The text, by the name that was given: an editor knows its buffer by that.
    pub(super) fn take(&self) -> NamedText {
        self.used.set(true);
        (self.name.clone(), self.text.clone())
    }
}

fn has_left_out(path: &Path) -> bool {
    path.iter().any(|part| super::folder::is_left_out(&part.to_string_lossy()))
}

/// The path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for there in absolute.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), absolute.strip_prefix(there)) {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    absolute
}
