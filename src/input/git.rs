//! `git:REV:PATH`, through git itself.

use super::folder::{is_left_out, without_schemas};
use super::{NamedText, read_text};
use crate::diag::Diagnostic;
use std::io::Read;
use std::process::{Command, Stdio};

/// Reads `REV:PATH`, a file or a folder.
pub(super) fn read(argument: &str) -> Result<Vec<NamedText>, Box<Diagnostic>> {
    let Some((revision, path)) = argument.split_once(':') else {
        return Err(Box::new(bad_argument(argument)));
    };
    // git would take it for an option.
    if revision.starts_with('-') {
        return Err(Box::new(bad_argument(argument)));
    }
    let object = format!("{revision}:{}", path.trim_end_matches('/'));
    let name = format!("git:{object}");
    if git(&["cat-file", "-t", &object], &name)?.trim() != "tree" {
        return Ok(vec![(name.clone(), git(&["cat-file", "blob", &object], &name)?)]);
    }
    let listing = git(&["ls-tree", "-r", "-z", "--full-tree", &object], &name)?;
    let mut found: Vec<(&str, &str)> = listing.split('\0').filter_map(schema_file).collect();
    if found.is_empty() {
        return Err(Box::new(without_schemas(&name)));
    }
    found.sort_by(|a, b| a.0.split('/').cmp(b.0.split('/')));
    let separator = if name.ends_with(':') { "" } else { "/" };
    found
        .into_iter()
        .map(|(path, id)| {
            let name = format!("{name}{separator}{path}");
            let text = git(&["cat-file", "blob", id], &name)?;
            Ok((name, text))
        })
        .collect()
}

/// Path and object of a line of `git ls-tree`, if it is a schema file: `<mode> <type> <object>\t<path>`.
fn schema_file(line: &str) -> Option<(&str, &str)> {
    let (about, path) = line.split_once('\t')?;
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let wanted = about.starts_with("100") && file.ends_with(".prisma") && !folders.split('/').any(is_left_out);
    wanted.then(|| Some((path, about.rsplit(' ').next()?)))?
}

/// What git prints, bounded; or what it complains of.
fn git(arguments: &[&str], name: &str) -> Result<String, Box<Diagnostic>> {
    let mut child = Command::new("git")
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Box::new(no_git(name, &error.to_string())))?;
    let read = match child.stdout.take() {
        Some(mut out) => read_text(&mut out, name),
        None => Ok(String::new()),
    };
    let mut complaint = String::new();
    if let Some(error) = child.stderr.take() {
        // What cannot be read of a complaint is not worth another one.
        let _ = error.take(4096).read_to_string(&mut complaint);
    }
    let ended = child.wait().map_err(|error| Box::new(no_git(name, &error.to_string())))?;
    // A text that was refused is the better reason: git may have ended because nobody read on.
    let text = read?;
    if ended.success() { Ok(text) } else { Err(Box::new(refused(name, &complaint))) }
}

fn bad_argument(argument: &str) -> Diagnostic {
    Diagnostic::error("PS0007", format!("git:{argument} names no file of a revision"))
        .help("write `git:REV:PATH`, as in `git:HEAD~1:prisma/schema.prisma`")
}

fn no_git(name: &str, error: &str) -> Diagnostic {
    Diagnostic::error("PS0008", format!("{name} cannot be read, because git cannot be run: {error}"))
        .help("install git, or give a file")
}

fn refused(name: &str, complaint: &str) -> Diagnostic {
    let first = complaint.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
    let because = if first.is_empty() { String::new() } else { format!(": {first}") };
    Diagnostic::error("PS0008", format!("git does not give {name}{because}"))
        .help("the path is seen from the root of the repository, unless it begins with `./`")
}
