//! The contract's JSON shape of diagnostics.

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::source::{Sources, Span};
use schemars::JsonSchema;
use serde::Serialize;

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiagnosticNote {
    /// Stable code: `PS` and four digits.
    pub code: &'static str,
    /// How bad.
    pub severity: SeverityNote,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The file, as it was called on the command line; absent if the finding is in no place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The place in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanNote>,
    /// Places that the message speaks of; the finding's own, where something is said of it, first.
    pub labels: Vec<LabelNote>,
    /// Why it matters, and what else there is to know.
    pub notes: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Answers that a machine may apply.
    pub fixes: Vec<FixNote>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SeverityNote {
    /// The input cannot be used.
    Error,
    /// It can, and somebody should look at this.
    Warning,
    /// Worth knowing.
    Note,
}

/// From one position to another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SpanNote {
    /// The first character.
    pub start: PositionNote,
    /// Behind the last character.
    pub end: PositionNote,
}

/// A position in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PositionNote {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// In bytes from the start of the file, from 0.
    pub offset: u32,
}

/// A place and what is there.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LabelNote {
    /// The file.
    pub file: String,
    /// The place.
    pub span: SpanNote,
    /// What is there.
    pub message: String,
}

/// An answer that a machine may apply.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FixNote {
    /// What it does.
    pub title: String,
    /// All of its edits; they do not overlap.
    pub edits: Vec<EditNote>,
}

/// One replacement in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EditNote {
    /// The file.
    pub file: String,
    /// What is replaced; empty to insert.
    pub span: SpanNote,
    /// With what.
    pub text: String,
}

/// All of them, in their order.
pub fn notes(sources: &Sources, diagnostics: &Diagnostics) -> Vec<DiagnosticNote> {
    diagnostics.iter().map(|diagnostic| note(sources, diagnostic)).collect()
}

fn note(sources: &Sources, diagnostic: &Diagnostic) -> DiagnosticNote {
    let own = diagnostic.span.filter(|_| !diagnostic.label.is_empty()).map(|span| LabelNote {
        file: file(sources, span),
        span: span_note(sources, span),
        message: diagnostic.label.clone(),
    });
    let others = diagnostic.labels.iter().map(|label| LabelNote {
        file: file(sources, label.span),
        span: span_note(sources, label.span),
        message: label.message.clone(),
    });
    let fixes = diagnostic.fixes.iter().map(|fix| FixNote {
        title: fix.title.clone(),
        edits: fix
            .edits
            .iter()
            .map(|edit| EditNote {
                file: file(sources, edit.span),
                span: span_note(sources, edit.span),
                text: edit.text.clone(),
            })
            .collect(),
    });
    DiagnosticNote {
        code: diagnostic.code,
        severity: match diagnostic.severity {
            Severity::Error => SeverityNote::Error,
            Severity::Warning => SeverityNote::Warning,
            Severity::Note => SeverityNote::Note,
        },
        message: diagnostic.message.clone(),
        file: diagnostic.span.map(|span| file(sources, span)),
        span: diagnostic.span.map(|span| span_note(sources, span)),
        labels: own.into_iter().chain(others).collect(),
        notes: diagnostic.notes.clone(),
        help: diagnostic.help.clone(),
        fixes: fixes.collect(),
    }
}

fn file(sources: &Sources, span: Span) -> String {
    sources.get(span.file).name.clone()
}

fn span_note(sources: &Sources, span: Span) -> SpanNote {
    let position = |offset| {
        let at = sources.line_column(span.file, offset);
        PositionNote { line: at.line, column: at.column, offset }
    };
    SpanNote { start: position(span.start), end: position(span.end) }
}
