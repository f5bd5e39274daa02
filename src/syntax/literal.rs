//! Strings and numbers.

use super::message;
use super::token::{Reader, Token, offset};
use crate::ast::Str;
use std::borrow::Cow;

/// A string; its text is borrowed unless it has escapes.
pub(super) fn string<'s>(reader: &mut Reader<'s, '_>, token: Token) -> Str<'s> {
    let inner = reader.slice(token.start + 1, token.end - 1);
    if let Some((at, c)) = inner.char_indices().find(|(_, c)| *c < ' ') {
        let at = token.start + 1 + offset(at);
        reader.report(message::control(reader.span(at, at + 1), c));
    }
    let value =
        if inner.contains('\\') { Cow::Owned(unescaped(reader, token.start + 1, inner)) } else { Cow::Borrowed(inner) };
    Str { value, span: reader.place(token) }
}

/// `text` begins at `start`. An escape that means nothing is reported and kept as written.
fn unescaped(reader: &mut Reader<'_, '_>, start: u32, text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        let (meant, length) = match escape(rest) {
            Ok(found) => found,
            Err(problem) => {
                let from = start + offset(text.len() - rest.len());
                let length = problem.length(rest);
                let place = reader.span(from, from + offset(length));
                reader.report(message::escape(place, &rest[..length], problem));
                value.push_str(&rest[..length]);
                rest = &rest[length..];
                continue;
            }
        };
        value.push(meant);
        rest = &rest[length..];
    }
    value.push_str(rest);
    value
}

/// What is wrong with an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadEscape {
    /// No such letter.
    Unknown,
    /// `\u` without four hexadecimal digits.
    Digits,
    /// Half of a surrogate pair.
    Surrogate,
}

impl BadEscape {
    /// How many bytes of `text`, which begins with the backslash, it takes.
    fn length(self, text: &str) -> usize {
        let letter = 1 + text[1..].chars().next().map_or(0, char::len_utf8);
        match self {
            BadEscape::Unknown | BadEscape::Digits => letter,
            BadEscape::Surrogate => 6,
        }
    }
}

/// The character that `text`, which begins with a backslash, stands for, and how many bytes it takes.
fn escape(text: &str) -> Result<(char, usize), BadEscape> {
    let plain = |c| Ok((c, 2));
    match text.as_bytes().get(1) {
        Some(b'"') => plain('"'),
        Some(b'\\') => plain('\\'),
        Some(b'/') => plain('/'),
        Some(b'n') => plain('\n'),
        Some(b't') => plain('\t'),
        Some(b'r') => plain('\r'),
        Some(b'b') => plain('\u{8}'),
        Some(b'f') => plain('\u{c}'),
        Some(b'u') => unicode(text),
        _ => Err(BadEscape::Unknown),
    }
}

/// `\uXXXX`, or a surrogate pair of them.
fn unicode(text: &str) -> Result<(char, usize), BadEscape> {
    let unit = hex(text).ok_or(BadEscape::Digits)?;
    if let Some(c) = char::from_u32(unit) {
        return Ok((c, 6));
    }
    let low = text.get(6..).and_then(hex).ok_or(BadEscape::Surrogate)?;
    if unit >= 0xDC00 || !(0xDC00..0xE000).contains(&low) {
        return Err(BadEscape::Surrogate);
    }
    let c = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)).ok_or(BadEscape::Surrogate)?;
    Ok((c, 12))
}

/// The number in `\uXXXX`.
fn hex(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Does the word begin like a number?
pub(super) fn begins_number(word: &str) -> bool {
    let word = word.as_bytes();
    word[0].is_ascii_digit()
        || (matches!(word[0], b'-' | b'.')
            && word.get(1).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')))
}

/// An optional `-`, digits, and perhaps a point and digits: no exponent, no `_`, nothing else.
pub(super) fn is_number(word: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    match word.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(word),
    }
}
