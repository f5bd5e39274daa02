//! Edits of a text by its lines: what is put in, taken out and replaced, everything else as it was.

use crate::source::{FileId, SchemaFiles, Sources, Span};
use std::collections::BTreeMap;

/// Edits of the files of a schema.
pub(super) struct Edits<'a> {
    sources: &'a Sources,
    /// By file and place: what is replaced there, and with what. Where it ends where it begins, something is put in.
    all: BTreeMap<(FileId, u32, u32), String>,
    ends: BTreeMap<FileId, String>,
}

impl<'a> Edits<'a> {
    /// None yet.
    pub(super) fn new(sources: &'a Sources) -> Self {
        Edits { sources, all: BTreeMap::new(), ends: BTreeMap::new() }
    }

    pub(super) fn replace(&mut self, span: Span, text: &str) {
        self.all.insert((span.file, span.start, span.end), text.to_owned());
    }

    /// Behind what was put in at the same place.
    pub(super) fn insert(&mut self, file: FileId, at: u32, text: String) {
        self.all.entry((file, at, at)).or_default().push_str(&text);
    }

    /// In lines of its own, behind the line in which something ends.
    pub(super) fn after_line(&mut self, anchor: Span, text: String) {
        let end = line_end(self.text(anchor), anchor.end);
        self.insert(anchor.file, end, format!("\n{}", text.trim_end()));
    }

    /// In a line of its own, above the brace that ends a block.
    pub(super) fn before_end(&mut self, block: Span, text: String) {
        let start = line_start(self.text(block), block.end.saturating_sub(1));
        self.insert(block.file, start, format!("{text}\n"));
    }

    pub(super) fn at_end(&mut self, file: FileId, text: String) {
        self.ends.entry(file).or_default().push_str(&format!("\n{}\n", text.trim_end()));
    }

    /// The whole lines of something, with the line feed.
    pub(super) fn line(&self, span: Span) -> Span {
        self.line_with_docs(span, None)
    }

    /// The same, with the documentation above it.
    pub(super) fn line_with_docs(&self, span: Span, docs: Option<Span>) -> Span {
        let text = self.text(span);
        let first = docs.filter(|d| d.start < span.start).map_or(span.start, |d| d.start);
        let end = line_end(text, span.end);
        let feed = u32::from((end as usize) < text.len());
        Span { file: span.file, start: line_start(text, first), end: end + feed }
    }

    /// With the blanks before it.
    pub(super) fn with_blank(&self, span: Span) -> Span {
        let text = self.text(span);
        let before = text[..span.start as usize].trim_end_matches([' ', '\t']).len();
        Span { start: u32::try_from(before).unwrap_or(span.start), ..span }
    }

    fn text(&self, span: Span) -> &'a str {
        &self.sources.get(span.file).text
    }

    /// The files with their edits, as one: of several, each under its name.
    pub(super) fn joined(&self, files: &SchemaFiles) -> String {
        let mut out = String::new();
        for file in &files.files {
            let source = self.sources.get(*file);
            if files.files.len() > 1 {
                if !out.is_empty() {
                    out.push('\n');
                }
                let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
                out.push_str(&format!("// {name}\n\n"));
            }
            let edits = self.all.range((*file, 0, 0)..=(*file, u32::MAX, u32::MAX));
            let edits: Vec<(u32, u32, &str)> = edits.map(|((_, start, end), t)| (*start, *end, t.as_str())).collect();
            let text = source.text.trim_start_matches('\u{feff}');
            let skipped = u32::try_from(source.text.len() - text.len()).unwrap_or(0);
            out.push_str(&edited(&source.text, skipped, u32::try_from(source.text.len()).unwrap_or(u32::MAX), &edits));
            if !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(self.ends.get(file).map_or("", String::as_str));
        }
        if out.contains("\r\n") { out.replace("\r\n", "\n").replace('\n', "\r\n") } else { out }
    }
}

/// The lines in which something stands, its documentation above it included, edited; without the last line feed.
pub(super) fn whole_lines(sources: &Sources, span: Span, docs: Option<Span>, edits: &[(Span, String)]) -> String {
    let text = &sources.get(span.file).text;
    let first = docs.filter(|d| d.start < span.start).map_or(span.start, |d| d.start);
    let (start, end) = (line_start(text, first), line_end(text, span.end));
    let mut edits: Vec<(u32, u32, &str)> = edits.iter().map(|(s, t)| (s.start, s.end, t.as_str())).collect();
    edits.sort_unstable();
    edited(text, start, end, &edits)
}

/// A stretch of a text with edits in the order of their places; one that begins in another is left out.
fn edited(text: &str, start: u32, end: u32, edits: &[(u32, u32, &str)]) -> String {
    let mut out = String::new();
    let mut at = start;
    for (from, to, new) in edits.iter().filter(|(from, to, _)| *from >= start && *to <= end) {
        if *from < at {
            continue;
        }
        out.push_str(&text[at as usize..*from as usize]);
        out.push_str(new);
        at = *to;
    }
    out.push_str(&text[at as usize..end as usize]);
    out
}

fn line_start(text: &str, at: u32) -> u32 {
    text[..at as usize].rfind('\n').map_or(0, |feed| u32::try_from(feed + 1).unwrap_or(at))
}

fn line_end(text: &str, at: u32) -> u32 {
    let rest = &text[at as usize..];
    let length = rest.find('\n').map_or(rest.len(), |feed| rest[..feed].trim_end_matches('\r').len());
    at + u32::try_from(length).unwrap_or(0)
}
