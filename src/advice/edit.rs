//! Fixes: changes to the source texts.

use crate::diag::Edit;
use crate::model::{FieldWalker, Key, ModelWalker};
use crate::source::{FileId, Sources, Span};

/// Puts an attribute behind those of a field.
pub fn append(field: FieldWalker<'_, '_>, attribute: &str) -> Edit {
    let end = Span { start: field.span.end, ..field.span };
    Edit { span: end, text: format!(" {attribute}") }
}

/// Puts another type in place of the field's, its `?` or `[]` kept.
pub fn retype(field: FieldWalker<'_, '_>, ty: &str) -> Edit {
    Edit { span: field.ty_span, text: ty.to_owned() }
}

/// Puts lines at the end of a model's block.
pub fn add_lines(sources: &Sources, model: ModelWalker<'_, '_>, lines: &[String]) -> Edit {
    let text = &sources.get(model.span.file).text;
    let brace = model.span.end.saturating_sub(1) as usize;
    let before = text.get(..brace).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let newline = if before.ends_with("\r\n") || before[..start].ends_with("\r\n") { "\r\n" } else { "\n" };
    let lines: String = lines.iter().map(|line| format!("  {line}{newline}")).collect();
    let (at, text) =
        if before[start..].trim().is_empty() { (start, lines) } else { (brace, format!("{newline}{lines}")) };
    Edit { span: place(model.span.file, at, at), text }
}

/// Takes a key away: its whole line, or the attribute of a field with the blanks before it.
pub fn remove(sources: &Sources, key: &Key<'_>) -> Edit {
    let text = &sources.get(key.span.file).text;
    let (start, end) = (key.span.start as usize, key.span.end as usize);
    let before = text[..start].trim_end_matches([' ', '\t']);
    let after = &text[end..];
    let rest = after.find('\n').map_or(after, |at| &after[..=at]);
    let is_alone = (before.is_empty() || before.ends_with('\n')) && rest.trim().is_empty();
    let end = if is_alone { end + rest.len() } else { end };
    Edit { span: place(key.span.file, before.len(), end), text: String::new() }
}

fn place(file: FileId, start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: offset(start), end: offset(end) }
}
