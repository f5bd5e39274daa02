//! Fixes → texts: what a machine may do about findings.
//!
//! A finding with one fix has one right answer, and that is applied; of several the choice is a person's. Fixes that touch
//! the same place wait for the next round, because the first of them may have settled the second.

use crate::diag::{Diagnostic, Diagnostics, Edit, Fix};
use crate::source::{FileId, LineColumn, SchemaFiles, Sources};
use std::collections::BTreeMap;

/// So many rounds are enough: a fix seldom uncovers another mistake, and never many.
const ROUNDS: usize = 10;

/// A schema after its fixes.
#[derive(Debug)]
pub struct Mended {
    /// Its files as they are now, in their order.
    pub sources: Sources,
    /// Which of the sources they are.
    pub files: SchemaFiles,
    /// What is left to say of them.
    pub diagnostics: Diagnostics,
    /// What was done, in the order in which it was done.
    pub applied: Vec<Applied>,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The code of the finding: `PS0107`.
    pub code: &'static str,
    /// What it did.
    pub title: String,
    /// The file, as diagnostics call it.
    pub file: String,
    /// Where its first edit was, in the text as it was then.
    pub at: LineColumn,
}

/// Applies the fixes of findings that are `wanted`, looks again, and goes on until there is none left to apply. `check` says
/// what is wrong with a schema.
pub fn mend(
    sources: &Sources,
    files: &SchemaFiles,
    wanted: impl Fn(&Diagnostic) -> bool,
    check: impl Fn(&Sources, &SchemaFiles) -> Diagnostics,
) -> Mended {
    let (mut sources, mut files) = only(sources, files);
    let mut applied = Vec::new();
    let mut diagnostics = check(&sources, &files);
    for _ in 0..ROUNDS {
        let round = apply(&sources, &diagnostics, &wanted);
        if round.texts.is_empty() {
            break;
        }
        applied.extend(round.applied.into_iter().filter_map(|diagnostic| noted(&sources, diagnostic)));
        (sources, files) = replaced(&sources, &files, &round.texts);
        diagnostics = check(&sources, &files);
    }
    Mended { sources, files, diagnostics, applied }
}

/// One round.
#[derive(Debug)]
pub struct Round<'d> {
    /// The new texts of the files that change.
    pub texts: BTreeMap<FileId, String>,
    /// The findings whose fix was applied.
    pub applied: Vec<&'d Diagnostic>,
}

/// Applies every fix that is the only one of a finding that is wanted, save those that touch what an earlier one has touched.
pub fn apply<'d>(sources: &Sources, diagnostics: &'d Diagnostics, wanted: impl Fn(&Diagnostic) -> bool) -> Round<'d> {
    let mut taken = Taken::default();
    let mut applied = Vec::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| wanted(diagnostic)) {
        if let [fix] = &diagnostic.fixes[..]
            && taken.take(sources, fix)
        {
            applied.push(diagnostic);
        }
    }
    Round { texts: taken.texts(sources), applied }
}

/// The new texts of the files that one fix changes; None if it does not fit them.
pub fn apply_one(sources: &Sources, fix: &Fix) -> Option<BTreeMap<FileId, String>> {
    let mut taken = Taken::default();
    taken.take(sources, fix).then(|| taken.texts(sources))
}

/// The edits of a round, by file and in the order of their places.
#[derive(Default)]
struct Taken<'d> {
    edits: BTreeMap<FileId, BTreeMap<(u32, u32), &'d str>>,
}

impl<'d> Taken<'d> {
    fn texts(&self, sources: &Sources) -> BTreeMap<FileId, String> {
        self.edits.iter().map(|(file, edits)| (*file, edited(&sources.get(*file).text, edits))).collect()
    }

    /// Takes all edits of a fix, or none of them.
    fn take(&mut self, sources: &Sources, fix: &'d Fix) -> bool {
        let fits = |edit: &Edit| {
            let text = &sources.get(edit.span.file).text;
            text.get(edit.span.start as usize..edit.span.end as usize).is_some_and(|old| old != edit.text)
        };
        let among = fix.edits.iter().enumerate().all(|(at, edit)| {
            fix.edits[..at].iter().all(|other| other.span.file != edit.span.file || !meets(key(edit), key(other)))
        });
        let is_free = |edit: &Edit| {
            let there = self.edits.get(&edit.span.file);
            // Edits that are there do not meet, so only the neighbours can be met.
            let before = there.and_then(|edits| edits.range(..=key(edit)).next_back());
            let behind = there.and_then(|edits| edits.range(key(edit)..).next());
            before.into_iter().chain(behind).all(|(other, _)| !meets(key(edit), *other))
        };
        if fix.edits.is_empty() || !among || !fix.edits.iter().all(|edit| fits(edit) && is_free(edit)) {
            return false;
        }
        for edit in &fix.edits {
            self.edits.entry(edit.span.file).or_default().insert(key(edit), &edit.text);
        }
        true
    }
}

fn key(edit: &Edit) -> (u32, u32) {
    (edit.span.start, edit.span.end)
}

/// Do two places overlap, or touch so that their order would matter?
fn meets(a: (u32, u32), b: (u32, u32)) -> bool {
    a == b || a.0 < b.1 && b.0 < a.1 || (a.0 == a.1 || b.0 == b.1) && a.0 == b.0
}

/// The text with edits that do not meet, in the order of their places. A line feed that is put in is the one of the file.
fn edited(text: &str, edits: &BTreeMap<(u32, u32), &str>) -> String {
    let has_returns = text.contains("\r\n");
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for ((start, end), new) in edits {
        out.push_str(&text[at..*start as usize]);
        if has_returns {
            out.push_str(&new.replace("\r\n", "\n").replace('\n', "\r\n"));
        } else {
            out.push_str(new);
        }
        at = *end as usize;
    }
    out.push_str(&text[at..]);
    out
}

fn noted(sources: &Sources, diagnostic: &Diagnostic) -> Option<Applied> {
    let fix = diagnostic.fixes.first()?;
    let place = fix.edits.first()?.span;
    Some(Applied {
        code: diagnostic.code,
        title: fix.title.clone(),
        file: sources.get(place.file).name.clone(),
        at: sources.line_column(place.file, place.start),
    })
}

/// The files of one schema, alone.
fn only(sources: &Sources, files: &SchemaFiles) -> (Sources, SchemaFiles) {
    replaced(sources, files, &BTreeMap::new())
}

fn replaced(sources: &Sources, files: &SchemaFiles, texts: &BTreeMap<FileId, String>) -> (Sources, SchemaFiles) {
    let mut new = Sources::default();
    let ids = files.files.iter().map(|id| {
        let old = sources.get(*id);
        new.add(old.name.clone(), texts.get(id).unwrap_or(&old.text).clone())
    });
    let ids = ids.collect();
    (new, SchemaFiles { name: files.name.clone(), files: ids })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn fixed(text: &str, fixes: &[&[(u32, u32, &str)]]) -> (String, usize) {
        let mut sources = Sources::default();
        let file = sources.add("a.prisma", text);
        let mut diagnostics = Diagnostics::default();
        for edits in fixes {
            let edits = edits.iter().map(|(start, end, text)| Edit {
                span: Span { file, start: *start, end: *end },
                text: (*text).to_owned(),
            });
            diagnostics.push(Diagnostic::error("PS0107", "wrong").fix("mend it", edits.collect()));
        }
        let round = apply(&sources, &diagnostics, |_| true);
        (round.texts.get(&file).map_or(text.to_owned(), Clone::clone), round.applied.len())
    }

    #[test]
    fn fixes_are_applied_where_they_do_not_meet() {
        assert_eq!(fixed("abcdef", &[&[(4, 5, "E")], &[(0, 1, "A"), (2, 2, "-")]]), ("Ab-cdEf".into(), 2));
        assert_eq!(fixed("abcdef", &[&[(1, 4, "x")], &[(3, 5, "y")]]), ("axef".into(), 1));
        assert_eq!(fixed("abcdef", &[&[(2, 2, "x")], &[(2, 2, "y")]]), ("abxcdef".into(), 1));
        assert_eq!(fixed("abcdef", &[&[(0, 6, "x")], &[(3, 3, "y")]]), ("x".into(), 1));
        assert_eq!(fixed("abcdef", &[&[(0, 2, "x")], &[(2, 2, "y")]]), ("xycdef".into(), 2));
    }

    #[test]
    fn a_fix_that_makes_no_sense_is_not_applied() {
        assert_eq!(fixed("é", &[&[(1, 2, "x")]]).1, 0);
        assert_eq!(fixed("abc", &[&[(2, 9, "x")]]).1, 0);
        assert_eq!(fixed("abc", &[&[(0, 2, "x"), (1, 3, "y")]]).1, 0);
        assert_eq!(fixed("abc", &[&[(0, 1, "a")], &[]]).1, 0);
    }

    #[test]
    fn line_feeds_are_those_of_the_file() {
        assert_eq!(fixed("a\r\nb", &[&[(1, 1, "\n}\n")]]).0, "a\r\n}\r\n\r\nb");
    }
}
