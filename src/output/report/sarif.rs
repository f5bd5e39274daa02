//! SARIF 2.1.0, the format of code scanning.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. Columns are in UTF-16 code units: that is what
//! viewers count in that do not look at `columnKind`.

use super::{Looked, severity, told};
use crate::diag::{Diagnostic, Edit, Fix};
use crate::output::json;
use crate::pages;
use crate::source::{FileId, Sources, Span};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One log with one run.
pub fn render(looked: &[Looked<'_>]) -> String {
    let all = looked.iter().flat_map(|schema| schema.diagnostics.iter());
    let codes: Vec<&str> = all.map(|diagnostic| diagnostic.code).collect::<BTreeSet<_>>().into_iter().collect();
    let results = looked.iter().flat_map(|schema| schema.diagnostics.iter().map(|d| result(schema, d, &codes)));
    json::text(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": json::TOOL,
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

/// What a code means: its page.
fn rule(code: &str) -> Value {
    let mut rule = Map::new();
    rule.insert("id".into(), json!(code));
    if let Some(page) = pages::find(code) {
        rule.insert("shortDescription".into(), json!({ "text": page.title }));
        rule.insert("help".into(), json!({ "text": page.plain(), "markdown": page.text }));
    }
    Value::Object(rule)
}

fn result(schema: &Looked<'_>, diagnostic: &Diagnostic, codes: &[&str]) -> Value {
    let sources = schema.sources;
    let place = match diagnostic.span {
        Some(span) => location(sources, span),
        None => json!({ "artifactLocation": { "uri": uri(schema.name) } }),
    };
    let mut result = Map::new();
    result.insert("ruleId".into(), json!(diagnostic.code));
    result.insert("ruleIndex".into(), json!(codes.binary_search(&diagnostic.code).unwrap_or_default()));
    result.insert("level".into(), json!(severity(diagnostic)));
    result.insert("message".into(), json!({ "text": told(diagnostic) }));
    result.insert("locations".into(), json!([{ "physicalLocation": place }]));
    if !diagnostic.labels.is_empty() {
        let related = diagnostic.labels.iter().enumerate().map(|(id, label)| {
            json!({
                "id": id,
                "physicalLocation": location(sources, label.span),
                "message": { "text": label.message },
            })
        });
        result.insert("relatedLocations".into(), related.collect());
    }
    if !diagnostic.fixes.is_empty() {
        result.insert("fixes".into(), diagnostic.fixes.iter().map(|fix| fixed(sources, fix)).collect());
    }
    Value::Object(result)
}

fn fixed(sources: &Sources, fix: &Fix) -> Value {
    let files: BTreeSet<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    let changes = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        json!({
            "artifactLocation": { "uri": uri(&sources.get(file).name) },
            "replacements": edits.map(|edit| replacement(sources, edit)).collect::<Vec<_>>(),
        })
    });
    json!({ "description": { "text": fix.title }, "artifactChanges": changes.collect::<Vec<_>>() })
}

fn replacement(sources: &Sources, edit: &Edit) -> Value {
    json!({ "deletedRegion": region(sources, edit.span), "insertedContent": { "text": edit.text } })
}

fn location(sources: &Sources, span: Span) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&sources.get(span.file).name) },
        "region": region(sources, span),
    })
}

fn region(sources: &Sources, span: Span) -> Value {
    let (start, end) = (position(sources, span.file, span.start), position(sources, span.file, span.end));
    json!({
        "startLine": start.0,
        "startColumn": start.1,
        "endLine": end.0,
        "endColumn": end.1,
        "byteOffset": span.start,
        "byteLength": span.end - span.start,
    })
}

/// Line, and column in UTF-16 code units, both from 1.
fn position(sources: &Sources, file: FileId, offset: u32) -> (u32, usize) {
    let at = sources.line_column(file, offset);
    let text = &sources.get(file).text;
    let before = &text[..offset as usize];
    let on_line = before.rsplit('\n').next().unwrap_or(before);
    // A character above U+FFFF takes two units; the column counts it as one.
    let wide = on_line.chars().filter(|c| c.len_utf16() == 2).count();
    (at.line, at.column as usize + wide)
}

/// A path as a reference from the folder that the command runs in; an absolute one as a URI of its own.
fn uri(name: &str) -> String {
    let path = name.strip_prefix("./").unwrap_or(name).replace('\\', "/");
    let (prefix, path) = match path.strip_prefix('/') {
        Some(rest) => ("file:///", rest),
        None => ("", path.as_str()),
    };
    let mut uri = prefix.to_owned();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_references() {
        assert_eq!(uri("./prisma/my schema.prisma"), "prisma/my%20schema.prisma");
        assert_eq!(uri("/srv/é.prisma"), "file:///srv/%C3%A9.prisma");
        assert_eq!(uri("git:HEAD:a.prisma"), "git%3AHEAD%3Aa.prisma");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }

    #[test]
    fn columns_are_in_utf16_code_units() {
        let mut sources = Sources::default();
        let file = sources.add("a.prisma", "\u{feff}// 🚀é x\r\n🚀y");
        assert_eq!(position(&sources, file, 3), (1, 1));
        assert_eq!(position(&sources, file, 12), (1, 7));
        assert_eq!(position(&sources, file, 20), (2, 3));
    }
}
