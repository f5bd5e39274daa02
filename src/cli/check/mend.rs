//! `check --fix`: what has one right answer is written.

use super::look::{Checked, judged};
use crate::cli::exit::Exit;
use crate::cli::lint::Lint;
use crate::cli::terminal::Terminal;
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::fix;
use similar::TextDiff;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Applies the fixes of findings that are wanted to the texts; nothing is written.
pub fn mend(checked: &mut Checked, lint: &Lint, wanted: impl Fn(&Diagnostic) -> bool) {
    let Some(files) = &checked.files else { return };
    let (levels, _) = lint.levels(&mut checked.sources, &checked.name, &checked.shown);
    let check = |sources: &_, files: &_| judged(sources, files, &levels).0;
    let mended = fix::mend(&checked.sources, files, wanted, check);
    checked.before = Some(std::mem::replace(&mut checked.sources, mended.sources));
    checked.files = Some(mended.files);
    checked.judge(lint);
    checked.applied = mended.applied;
}

/// A file that changed: its name, its text before and now.
type Change<'c> = (&'c str, &'c str, &'c str);

/// The files that changed, in their order.
fn changes(checked: &Checked) -> Vec<Change<'_>> {
    let (Some(before), Some(files)) = (&checked.before, &checked.files) else { return Vec::new() };
    let changed = files.files.iter().zip(before.iter()).filter_map(|(file, old)| {
        let new = checked.sources.get(*file);
        (old.text != new.text).then_some((new.name.as_str(), old.text.as_str(), new.text.as_str()))
    });
    changed.collect()
}

/// Prints the changes as one unified diff. The files stay as they are, and so does the verdict on them.
pub fn preview(checked: &[Checked], terminal: &Terminal) -> Exit {
    let mut text = String::new();
    let mut is_wrong = false;
    for schema in checked {
        terminal.report(&schema.sources, &schema.diagnostics);
        is_wrong |= schema.diagnostics.has_errors() || !schema.applied.is_empty();
        for (name, old, new) in changes(schema) {
            let diff = TextDiff::from_lines(old, new);
            text.push_str(&diff.unified_diff().header(name, name).to_string());
        }
    }
    terminal.print(&text, if is_wrong { Exit::Input } else { Exit::Done })
}

/// Writes the files that changed, each as a whole or not at all. If one cannot be written, that is what there is to say,
/// and nothing of this schema was changed, unless it was in the last moment.
pub fn write(checked: &mut Checked) {
    if checked.name == "-" {
        return;
    }
    if let Err(diagnostic) = written(&changes(checked)) {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(*diagnostic);
        checked.diagnostics = diagnostics;
        checked.applied.clear();
    }
}

fn written(changes: &[Change<'_>]) -> Result<(), Box<Diagnostic>> {
    let prepared: Vec<(&str, NamedTempFile, PathBuf)> =
        changes.iter().map(|change| prepared(change)).collect::<Result<_, _>>()?;
    for (name, file, path) in prepared {
        file.persist(path).map_err(|error| refused(name, &error.error))?;
    }
    Ok(())
}

/// The new text in a file beside the old one, with its rights.
fn prepared<'c>((name, old, new): &Change<'c>) -> Result<(&'c str, NamedTempFile, PathBuf), Box<Diagnostic>> {
    let refuse = |error: std::io::Error| refused(name, &error);
    // What a link leads to is replaced, not the link.
    let path = std::fs::canonicalize(name).map_err(refuse)?;
    if std::fs::read(&path).map_err(refuse)? != old.as_bytes() {
        return Err(Box::new(changed(name)));
    }
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new("."))).map_err(refuse)?;
    file.write_all(new.as_bytes()).map_err(refuse)?;
    let rights = std::fs::metadata(&path).map_err(refuse)?.permissions();
    if rights.readonly() {
        return Err(refused(name, &std::io::ErrorKind::PermissionDenied.into()));
    }
    file.as_file().set_permissions(rights).map_err(refuse)?;
    Ok((name, file, path))
}

fn refused(name: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("PS0803", format!("the mended {name} cannot be written: {error}"))
            .note("the file is as it was")
            .help("look at the rights of the file and its folder; `--dry-run` prints what would change"),
    )
}

fn changed(name: &str) -> Diagnostic {
    Diagnostic::error("PS0804", format!("{name} was changed while it was being looked at"))
        .note("it is as somebody else left it")
        .help("run the command again")
}
