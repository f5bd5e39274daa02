//! Many findings of one rule are one finding.

use crate::diag::{Diagnostic, Diagnostics, Edit};
use crate::source::{Sources, Span};

/// So many findings of a rule stand by themselves.
const SINGLE: usize = 5;
/// So many places of a gathered one are shown.
const SHOWN: usize = 12;
/// So many more are told by their lines.
const TOLD: usize = 200;

/// Adds what a rule found: each by itself if they are few; else the first, and where the others are.
pub(super) fn add(sources: &Sources, mut own: Diagnostics, found: &mut Diagnostics) {
    own.sort();
    if own.len() <= SINGLE {
        return found.append(own);
    }
    let mut all = own.iter();
    let Some(mut first) = all.next().cloned() else { return };
    let others: Vec<&Diagnostic> = all.collect();
    first.message = format!("{} (and {} more)", first.message, others.len());
    for other in others.iter().take(SHOWN) {
        first = first.label(other.span, other.message.clone());
    }
    let lines: Vec<_> = others.iter().skip(SHOWN).filter_map(|other| other.span).collect();
    let (told, hidden) = lines.split_at(lines.len().min(TOLD));
    if !told.is_empty() {
        first = first.note(lines_of(sources, told, hidden.len()));
    }
    let fixable = own.iter().filter(|finding| !finding.fixes.is_empty()).count();
    let edits = own.iter().filter_map(|finding| finding.fixes.first()).flat_map(|fix| fix.edits.clone());
    let edits = disjoint(edits.collect());
    if fixable > 1 {
        // One answer: whoever wants it for some of the places has the places.
        first.fixes.clear();
        first = first.fix(format!("do so in all {fixable} places"), edits);
    }
    found.push(first);
}

/// `others are in a.prisma: 3, 7; b.prisma: 4`
fn lines_of(sources: &Sources, spans: &[Span], hidden: usize) -> String {
    let mut text = String::from("others are in ");
    let mut before = None;
    for span in spans {
        let line = sources.line_column(span.file, span.start).line;
        match before {
            Some(file) if file == span.file => text.push_str(&format!(", {line}")),
            Some(_) => text.push_str(&format!("; {}: {line}", sources.get(span.file).name)),
            None => text.push_str(&format!("{}: {line}", sources.get(span.file).name)),
        }
        before = Some(span.file);
    }
    if hidden > 0 { format!("{text} and {hidden} more lines") } else { text }
}

/// Without edits that are there twice or overlap an earlier one; what is inserted at one place is inserted at once.
fn disjoint(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        match kept.last_mut() {
            Some(last) if last.span == edit.span && edit.span.start == edit.span.end => {
                if !last.text.contains(&edit.text) {
                    last.text.push_str(&edit.text);
                }
            }
            Some(last) if last.span.file == edit.span.file && edit.span.start < last.span.end => {}
            _ => kept.push(edit),
        }
    }
    kept
}
