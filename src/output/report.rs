//! Diagnostics: for a terminal through codespan-reporting, for machines as the contract's JSON, for others as they want it.

pub mod github;
pub mod lines;
mod notes;
mod questions;
pub mod sarif;
mod text;

pub use notes::{DiagnosticNote, notes};
pub use questions::undecided;
pub use text::render;

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// A schema that was looked at, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    /// What it is called, where a finding is in no place.
    pub name: &'a str,
    /// Its texts.
    pub sources: &'a Sources,
    /// What was found.
    pub diagnostics: &'a Diagnostics,
}

/// `error`, `warning`, `note`
fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The message, why it matters and what to do, a line each: where there is room for one text alone.
fn told(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push_str(&format!("\nnote: {note}"));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}
