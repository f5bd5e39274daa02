//! The `[lint]` table of prisma-stage.toml.
//!
//! ```toml
//! [lint]
//! warn = ["pedantic"]
//! allow = ["redundant-index", "PS1013"]
//! deny = ["foreign-key-without-index"]
//! ```

use super::levels::{Choices, Level, Selector, contradiction};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const SHAPE: &str = "the file has one table, [lint], with the lists `allow`, `warn` and `deny`";

/// Reads the levels in a file. What is wrong is said at its place; the rest counts.
pub fn read(sources: &Sources, file: FileId) -> (Choices, Diagnostics) {
    let text = &sources.get(file).text;
    let body = text.trim_start_matches('\u{feff}');
    let shift = text.len() - body.len();
    let mut reader = Reader { file, shift, choices: Vec::new(), places: Vec::new(), found: Diagnostics::default() };
    let (document, errors) = DeTable::parse_recoverable(body);
    for error in errors {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        let span = error.span().map(|range| reader.span(range));
        reader.found.push(Diagnostic::error("PS0010", format!("this is not TOML: {message}")).at(span).help(SHAPE));
    }
    if reader.found.is_empty() {
        reader.document(document.get_ref());
    }
    reader.found.sort();
    (reader.choices, reader.found)
}

struct Reader {
    file: FileId,
    /// The length of a byte order mark.
    shift: usize,
    choices: Choices,
    /// Where each of the choices is written.
    places: Vec<Span>,
    found: Diagnostics,
}

impl Reader {
    fn document(&mut self, document: &DeTable<'_>) {
        for (key, value) in document {
            match (&**key.get_ref(), value.get_ref()) {
                ("lint", DeValue::Table(table)) => self.lint(table),
                ("lint", other) => self.wrong(value, "`lint`", "a table", other),
                (name, _) => self.unknown(name, key.span(), SHAPE.to_owned(), &["lint"]),
            }
        }
        if let Some((first, second)) = contradiction(&self.choices) {
            let finding = Diagnostic::error("PS0013", "this has two levels")
                .at(self.places.get(second).copied())
                .saying("here another")
                .label(self.places.get(first).copied(), "here one")
                .help("leave it in one of the lists");
            self.found.push(finding);
        }
    }

    fn lint(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = &**key.get_ref();
            let Some((_, level)) = Level::ALL.into_iter().find(|(word, _)| *word == name) else {
                let words = Level::ALL.map(|(word, _)| word);
                self.unknown(name, key.span(), "the lists are `allow`, `warn` and `deny`".to_owned(), &words);
                continue;
            };
            match value.get_ref() {
                DeValue::Array(words) => words.iter().for_each(|word| self.word(word, level)),
                other => self.wrong(value, &format!("`{name}`"), "a list of codes and names", other),
            }
        }
    }

    fn word(&mut self, word: &Spanned<DeValue<'_>>, level: Level) {
        let DeValue::String(text) = word.get_ref() else {
            return self.wrong(word, "a rule", "a code or a name", word.get_ref());
        };
        let span = self.span(word.span());
        match Selector::parse(text) {
            Ok(selector) => {
                self.choices.push((selector, level));
                self.places.push(span);
            }
            Err(why) => self.found.push(
                Diagnostic::error("PS0012", why)
                    .at(span)
                    .saying("unknown")
                    .help("`prisma-stage explain` lists the rules; `advice` and `pedantic` stand for many"),
            ),
        }
    }

    fn unknown(&mut self, name: &str, at: Range<usize>, help: String, known: &[&str]) {
        let near = crate::model::suggest::nearest(name, known.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let span = self.span(at);
        let message = format!("nothing is called `{name}` here{near}");
        self.found.push(Diagnostic::error("PS0011", message).at(span).saying("unknown").help(help));
    }

    fn wrong(&mut self, at: &Spanned<DeValue<'_>>, what: &str, wanted: &str, got: &DeValue<'_>) {
        let span = self.span(at.span());
        let message = format!("{what} is to be {wanted}, and is of the type {}", got.type_str());
        self.found.push(Diagnostic::error("PS0013", message).at(span).saying(format!("expected {wanted}")).help(SHAPE));
    }

    fn span(&self, range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at + self.shift).unwrap_or(u32::MAX);
        Span { file: self.file, start: offset(range.start), end: offset(range.end) }
    }
}
