//! How deep brackets may nest: checked before the grammar, which recurses, sees the text.

use super::message;
use crate::diag::Diagnostics;
use crate::source::{FileId, Span};

/// Prisma's own schemas need four.
pub(super) const MAX_DEPTH: usize = 32;

/// What was found.
pub(super) struct Nesting {
    /// The text with the lines that nest too deeply blanked out, if there is one.
    pub(super) masked: Option<String>,
    pub(super) diagnostics: Diagnostics,
}

/// Finds lines whose brackets nest too deeply. Brackets that span lines are bounded by the grammar itself.
pub(super) fn check(file: FileId, text: &str) -> Nesting {
    let mut nesting = Nesting { masked: None, diagnostics: Diagnostics::default() };
    if is_surely_flat(text.as_bytes()) {
        return nesting;
    }
    let mut masked: Vec<u8> = Vec::new();
    let bytes = text.as_bytes();
    let (mut line, mut depth) = (0, 0usize);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' | b'\r' => (line, depth) = (at + 1, 0),
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    let end =
                        bytes[at..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |n| at + n);
                    if masked.is_empty() {
                        masked = bytes.to_vec();
                    }
                    masked[line..end].fill(b' ');
                    let place = Span { file, start: super::token::offset(at), end: super::token::offset(at + 1) };
                    nesting.diagnostics.push(message::too_deep(place, MAX_DEPTH));
                    at = end;
                    continue;
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            // A string may hold any bracket.
            b'"' => at = end_of_string(bytes, at),
            // And so may a comment.
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                while !matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r')) {
                    at += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    // Whole lines were replaced by blanks, so it is still UTF-8.
    nesting.masked = if masked.is_empty() { None } else { String::from_utf8(masked).ok() };
    nesting
}

/// Has no line more opening brackets than may nest, whatever they belong to? So it is in all real schemas.
fn is_surely_flat(bytes: &[u8]) -> bool {
    let (mut last, mut on_line) = (0, 0);
    for at in memchr::memchr3_iter(b'(', b'[', b'{', bytes) {
        let same_line = memchr::memchr2(b'\n', b'\r', &bytes[last..at]).is_none();
        on_line = if same_line { on_line + 1 } else { 1 };
        if on_line > MAX_DEPTH {
            return false;
        }
        last = at;
    }
    true
}

/// The closing quote, or the last byte of the line, or the quote itself where nothing closes it.
pub(super) fn end_of_string(bytes: &[u8], quote: usize) -> usize {
    let mut at = quote + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\n' | b'\r' => return quote,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    quote
}
