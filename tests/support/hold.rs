//! What has to hold for any text: reading and checking it ends, without a panic, with places that fit it, and a fix mends.
//!
//! The fuzz targets and the tests call the same functions.

use prisma_stage::advice::{self, Level, Levels, Selector};
use prisma_stage::catalog::Ids;
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::fix;
use prisma_stage::output::report::{self, Looked, github, lines, sarif};
use prisma_stage::source::{SchemaFiles, Sources, Span};
use prisma_stage::{lower, syntax, validate};

/// A text as a schema of its own.
pub fn source(text: &str) -> (Sources, SchemaFiles) {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    (sources, files)
}

/// Everything that `check` says of a schema, with all advice that there is.
pub fn check(sources: &Sources, files: &SchemaFiles) -> Diagnostics {
    let mut checked = validate::check(sources, files);
    if !checked.diagnostics.has_errors() {
        let mut levels = Levels::default();
        levels.set(&[(Selector::Pedantic, Level::Warn)]);
        checked.diagnostics.append(advice::advise(sources, &checked.schema, &levels));
        checked.diagnostics.sort();
    }
    checked.diagnostics
}

/// Reading a text.
pub fn parses(text: &str) {
    let (sources, files) = source(text);
    let (_, diagnostics) = syntax::parse(&sources, &files);
    diagnostics.iter().for_each(|diagnostic| fits(&sources, diagnostic));
}

/// Reading a text, understanding it, and saying what is wrong with it.
pub fn checks(text: &str) {
    let (sources, files) = source(text);
    let checked = validate::check(&sources, &files);
    let all = check(&sources, &files);
    all.iter().for_each(|diagnostic| fits(&sources, diagnostic));
    let looked = [Looked { name: "schema.prisma", sources: &sources, diagnostics: &all }];
    report::render(&sources, &all, false);
    sarif::render(&looked);
    github::render(&looked);
    lines::render(&looked);
    lower::lower(&checked.schema, &mut Ids::default());
}

/// Mending a text: it ends, and the text is still one.
pub fn fixes(text: &str) {
    let (sources, files) = source(text);
    let mended = fix::mend(&sources, &files, |_| true, check);
    mended.diagnostics.iter().for_each(|diagnostic| fits(&mended.sources, diagnostic));
}

/// Every place of a diagnostic lies in its file, on the borders of characters, and its line and column are those that a
/// plain count of characters gives.
pub fn fits(sources: &Sources, diagnostic: &Diagnostic) {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    for span in diagnostic.span.into_iter().chain(labels).chain(edits) {
        fits_text(sources, span, diagnostic);
    }
}

fn fits_text(sources: &Sources, span: Span, diagnostic: &Diagnostic) {
    let text = &sources.get(span.file).text;
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && text.get(start..end).is_some(), "{span:?} of {diagnostic:?}");
    for offset in [span.start, span.end] {
        let before = &text[..offset as usize];
        let line = before.matches('\n').count() + 1;
        let on_line = before.rsplit('\n').next().unwrap_or(before);
        let mark = usize::from(line == 1 && on_line.starts_with('\u{feff}'));
        let column = on_line.chars().count() - mark + 1;
        let found = sources.line_column(span.file, offset);
        assert_eq!((found.line as usize, found.column as usize), (line, column), "{offset} of {diagnostic:?}");
    }
}
