//! Schema arguments → source texts: files, folders, standard input, git revisions.
//!
//! Only the command line and tests use this; the compiler itself reads nothing.

mod folder;
mod git;
mod overlay;

pub use overlay::Overlay;

use crate::diag::Diagnostic;
use crate::source::{SchemaFiles, Sources};
use std::io::Read;
use std::path::Path;

/// The largest schema that is read, in bytes of all its files together.
pub const MAX_SCHEMA_BYTES: usize = 64 << 20;

/// How an argument is to be read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// What diagnostics call standard input; `<stdin>` if nobody says.
    pub stdin_name: Option<String>,
    /// A text in the place of one file.
    pub overlay: Option<Overlay>,
}

/// Reads a schema argument: a file, a folder of `*.prisma` files, `-` for standard input, or `git:REV:PATH`.
///
/// A folder is read with the folders in it, in the order of paths, without `node_modules` and whatever begins with a
/// dot. `REV:PATH` is what `git show` takes, so a path is seen from the root of the repository unless it begins with
/// `./`; it may be a folder as well.
///
/// # Errors
///
/// One diagnostic, `PS00xx`, and nothing is added to `sources`.
pub fn read_schema(
    sources: &mut Sources,
    argument: &str,
    options: &ReadOptions,
) -> Result<SchemaFiles, Box<Diagnostic>> {
    let texts = if argument == "-" {
        let name = options.stdin_name.clone().unwrap_or_else(|| "<stdin>".to_owned());
        vec![read_stdin(&name).map(|text| (name, text))?]
    } else if let Some(revision_and_path) = argument.strip_prefix("git:") {
        git::read(revision_and_path)?
    } else {
        read_path(Path::new(argument), options.overlay.as_ref())?
    };
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    if bytes > MAX_SCHEMA_BYTES {
        return Err(Box::new(too_large(argument, MAX_SCHEMA_BYTES)));
    }
    if texts.iter().all(|(_, text)| text.trim_start_matches('\u{feff}').trim().is_empty()) {
        return Err(Box::new(empty(argument)));
    }
    let files = texts.into_iter().map(|(name, text)| sources.add(name, text)).collect();
    Ok(SchemaFiles { name: argument.to_owned(), files })
}

/// Reads standard input; `name` is what diagnostics call it.
///
/// # Errors
///
/// One diagnostic, `PS00xx`.
pub fn read_stdin(name: &str) -> Result<String, Box<Diagnostic>> {
    read_text(&mut std::io::stdin().lock(), name)
}

/// A file's name and its text.
type NamedText = (String, String);

fn read_path(path: &Path, overlay: Option<&Overlay>) -> Result<Vec<NamedText>, Box<Diagnostic>> {
    let name = path.display().to_string();
    if let Some(overlay) = overlay.filter(|overlay| overlay.is_file(path)) {
        return Ok(vec![overlay.take()]);
    }
    let found = std::fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
    if found.is_dir() {
        return folder::read(path, overlay);
    }
    Ok(vec![(name, read_file(path)?)])
}

fn read_file(path: &Path) -> Result<String, Box<Diagnostic>> {
    let name = path.display().to_string();
    if is_idle_pipe(path) {
        return Err(Box::new(pipe(&name)));
    }
    let mut file = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
    read_text(&mut file, &name)
}

/// A pipe that has a place in a folder: without anybody who writes, reading it would never end. Those that a shell makes
/// for `<(command)` are in /dev, and have their writer.
#[cfg(unix)]
fn is_idle_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_pipe = std::fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo());
    is_pipe && !path.starts_with("/dev") && !path.starts_with("/proc")
}

#[cfg(not(unix))]
fn is_idle_pipe(_: &Path) -> bool {
    false
}

fn pipe(name: &str) -> Diagnostic {
    Diagnostic::error("PS0002", format!("{name} is a pipe"))
        .note("reading it would never end if nobody writes")
        .help(format!("read it through standard input: `prisma-stage check - < {name}`"))
}

/// Reads no more than is allowed, however much there is.
fn read_text(from: &mut dyn Read, name: &str) -> Result<String, Box<Diagnostic>> {
    let limit = crate::syntax::MAX_FILE_BYTES;
    let mut bytes = Vec::new();
    from.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() > limit {
        return Err(Box::new(too_large(name, limit)));
    }
    String::from_utf8(bytes).map_err(|error| Box::new(not_utf8(name, &error)))
}

fn unreadable(name: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(if error.kind() == std::io::ErrorKind::NotFound {
        Diagnostic::error("PS0001", format!("there is no file or folder {name}"))
            .help("give a schema file, a folder of `*.prisma` files, `-` for standard input, or `git:REV:PATH`")
    } else {
        Diagnostic::error("PS0002", format!("{name} cannot be read: {error}"))
    })
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let bytes = error.as_bytes();
    let at = error.utf8_error().valid_up_to();
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let guess = if utf16 { "it looks like UTF-16; " } else { "" };
    Diagnostic::error(
        "PS0003",
        format!("{name} is not UTF-8: the byte at offset {at}, in line {line}, is part of no character"),
    )
    .help(format!("{guess}save it as UTF-8, if it is a Prisma schema"))
}

fn too_large(name: &str, limit: usize) -> Diagnostic {
    Diagnostic::error("PS0004", format!("{name} is larger than {} MB", limit >> 20))
        .note("the largest schemas known are a hundred times smaller")
        .help("give a Prisma schema")
}

fn empty(name: &str) -> Diagnostic {
    Diagnostic::error("PS0006", format!("{name} is empty"))
        .help("where there is no schema yet, or none any more, say `--from-empty` or `--to-empty` instead")
}
