//! Diagnostics as people read them.

use crate::diag::{Diagnostic, Diagnostics, Fix, Severity};
use crate::output::style::count;
use crate::source::{FileId, Sources, Span};
use codespan_reporting::diagnostic::{Diagnostic as Printed, Label, Severity as PrintedSeverity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Config, Styles, StylesWriter};
use std::ops::Range;

/// So many are shown; the rest are counted.
const SHOWN: usize = 50;
/// So many edits of a fix are shown; the rest are counted.
const EDITS_SHOWN: usize = 12;
/// A line longer than this is not printed: it would bury the message.
const LONGEST_LINE: usize = 400;

/// The diagnostics with the lines that they speak of, in their order; empty for none.
pub fn render(sources: &Sources, diagnostics: &Diagnostics, colour: bool) -> String {
    let view = View { sources };
    let styles = Styles::default();
    let mut out = Vec::new();
    // What is said of the rest is worth more than the rest.
    let counts = diagnostics.iter().skip(SHOWN).filter(|diagnostic| diagnostic.code == "PS0198");
    for diagnostic in diagnostics.iter().take(SHOWN).chain(counts) {
        let printed = view.printed(diagnostic);
        let config = Config { before_label_lines: 0, ..Config::default() };
        let result = if colour {
            let mut writer = StylesWriter::new(term::termcolor::Ansi::new(&mut out), &styles);
            term::emit_to_write_style(&mut writer, &config, &view, &printed)
        } else {
            term::emit_to_io_write(&mut out, &config, &view, &printed)
        };
        if result.is_err() {
            out.extend_from_slice(format!("{}\n", printed.message).as_bytes());
        }
        if !out.ends_with(b"\n\n") {
            out.push(b'\n');
        }
    }
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if let Some(total) = total(diagnostics) {
        text.push_str(&total);
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
    text
}

/// `3 errors, 1 warning`, where there is more than one thing to count.
fn total(diagnostics: &Diagnostics) -> Option<String> {
    if diagnostics.len() < 2 {
        return None;
    }
    let of = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let parts: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
        .into_iter()
        .filter(|(severity, _)| of(*severity) > 0)
        .map(|(severity, name)| count(of(severity), name))
        .collect();
    let hidden = if diagnostics.len() > SHOWN { format!("; the first {SHOWN} are shown") } else { String::new() };
    Some(format!("{}{hidden}\n", parts.join(", ")))
}

/// The sources as codespan-reporting wants them.
struct View<'a> {
    sources: &'a Sources,
}

impl View<'_> {
    fn printed(&self, diagnostic: &Diagnostic) -> Printed<FileId> {
        let mut notes = Vec::new();
        let mut labels = Vec::new();
        let own = diagnostic.span.map(|span| (Label::primary(span.file, range(span)), span, &diagnostic.label));
        let others =
            diagnostic.labels.iter().map(|l| (Label::secondary(l.span.file, range(l.span)), l.span, &l.message));
        for (label, span, message) in own.into_iter().chain(others) {
            if self.is_presentable(span) {
                labels.push(label.with_message(clean(message)));
            } else {
                notes.push(clean(&format!("at {}{}{message}", self.place(span), sep(message))));
            }
        }
        notes.extend(diagnostic.notes.iter().map(|note| prefixed("note", note)));
        notes.extend(diagnostic.help.iter().map(|help| prefixed("help", help)));
        notes.extend(diagnostic.fixes.iter().map(|fix| prefixed("fix", &self.fix(fix))));
        Printed::new(match diagnostic.severity {
            Severity::Error => PrintedSeverity::Error,
            Severity::Warning => PrintedSeverity::Warning,
            Severity::Note => PrintedSeverity::Note,
        })
        .with_code(diagnostic.code)
        .with_message(clean(&diagnostic.message))
        .with_labels(labels)
        .with_notes(notes)
    }

    /// `schema.prisma:3:5`
    fn place(&self, span: Span) -> String {
        let at = self.sources.line_column(span.file, span.start);
        format!("{}:{}:{}", self.sources.get(span.file).name, at.line, at.column)
    }

    /// Can the lines of a span be shown on a terminal: short, and without anything that would steer it?
    fn is_presentable(&self, span: Span) -> bool {
        let Ok(first) = self.line_index(span.file, span.start as usize) else { return false };
        let Ok(last) = self.line_index(span.file, (span.end.max(span.start)) as usize) else { return false };
        let text = &self.sources.get(span.file).text;
        (first..=last).all(|line| {
            self.line_range(span.file, line).is_ok_and(|range| {
                range.len() <= LONGEST_LINE
                    && text
                        .get(range)
                        .is_some_and(|line| line.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n')))
            })
        })
    }

    fn fix(&self, fix: &Fix) -> String {
        let mut text = fix.title.clone();
        for edit in fix.edits.iter().take(EDITS_SHOWN) {
            let old = self.sources.slice(edit.span);
            let place = self.place(edit.span);
            let new = edit.text.trim_matches('\n');
            text.push_str(&match (old.trim().is_empty(), new.trim().is_empty()) {
                (true, _) => format!("\n{place}: insert `{new}`"),
                (false, true) => format!("\n{place}: remove `{}`", old.trim_end()),
                (false, false) => format!("\n{place}: `{old}` becomes `{new}`"),
            });
        }
        if fix.edits.len() > EDITS_SHOWN {
            text.push_str(&format!("\nand {}", count(fix.edits.len() - EDITS_SHOWN, "more edit")));
        }
        text
    }
}

impl<'a> Files<'a> for View<'_> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.sources.get(id).name)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.sources.get(id).text)
    }

    fn line_index(&self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        let starts = self.sources.line_starts(id);
        Ok(starts.partition_point(|start| *start as usize <= byte_index).saturating_sub(1))
    }

    fn line_range(&self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let starts = self.sources.line_starts(id);
        let too_large = || Error::LineTooLarge { given: line_index, max: starts.len() - 1 };
        let start = *starts.get(line_index).ok_or_else(too_large)?;
        let end = starts.get(line_index + 1).map_or(self.sources.get(id).text.len(), |end| *end as usize);
        Ok(start as usize..end)
    }
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn sep(message: &str) -> &'static str {
    if message.is_empty() { "" } else { ": " }
}

/// `note: …`, the following lines set under the first.
fn prefixed(kind: &str, text: &str) -> String {
    let indent = format!("\n{}", " ".repeat(kind.len() + 2));
    format!("{kind}: {}", clean(text).trim_end().replace('\n', &indent))
}

/// Text from a source file must not steer the terminal.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => clean.push(c),
            c if c.is_control() => clean.extend(c.escape_default()),
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, at: Range<u32>) -> String {
        let mut sources = Sources::default();
        let file = sources.add("a.prisma", text);
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(
            Diagnostic::error("PS0203", "there is no type `Strin`")
                .at(Span { file, start: at.start, end: at.end })
                .saying("used here")
                .help("did you mean `String`?")
                .fix(
                    "write `String`",
                    vec![crate::diag::Edit {
                        span: Span { file, start: at.start, end: at.end },
                        text: "String".into(),
                    }],
                ),
        );
        render(&sources, &diagnostics, false)
    }

    #[test]
    fn a_finding_shows_its_line_and_what_to_do() {
        assert_eq!(
            one("model A {\n  name Strin\n}\n", 17..22),
            "error[PS0203]: there is no type `Strin`
  ┌─ a.prisma:2:8
  │
2 │   name Strin
  │        ^^^^^ used here
  │
  = help: did you mean `String`?
  = fix: write `String`
         a.prisma:2:8: `Strin` becomes `String`
"
        );
    }

    #[test]
    fn a_line_of_noise_is_named_but_not_printed() {
        let noise = "x".repeat(100_000);
        let text = one(&noise, 17..22);
        assert!(text.len() < 500, "{text}");
        assert!(text.contains("at a.prisma:1:18: used here"), "{text}");
        let text = one("model \u{1b}[31m A", 0..5);
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
