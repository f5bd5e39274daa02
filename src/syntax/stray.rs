//! Lines that are no member of their block, and blocks that are none: what may have been meant.

use super::block::{KEYWORDS, Keyword};
use super::message;
use super::token::{Kind, Reader, Token, offset};
use crate::diag::Diagnostic;
use crate::source::Span;

/// A line inside of a block.
pub(super) fn inside(reader: &mut Reader<'_, '_>, token: Token, keyword: Keyword) {
    let diagnostic = open_comment(reader, token)
        .or_else(|| mistake(reader, token))
        .unwrap_or_else(|| message::no_member(line(reader, token), keyword));
    reader.report(diagnostic);
}

/// A line or a whole block outside of all blocks.
pub(super) fn outside(reader: &mut Reader<'_, '_>, token: Token) {
    let place = line(reader, token);
    let text = reader.slice(place.start, place.end);
    let diagnostic = open_comment(reader, token)
        .or_else(|| headline(place, text, token.kind == Kind::strange_block))
        .unwrap_or_else(|| message::no_block(place));
    reader.report(diagnostic);
}

fn open_comment(reader: &Reader<'_, '_>, token: Token) -> Option<Diagnostic> {
    (token.kind == Kind::open_comment).then(|| message::open_comment(reader.span(token.start, token.start + 2)))
}

/// The first line of a token, without the blanks around it.
pub(super) fn line(reader: &Reader<'_, '_>, token: Token) -> Span {
    let text = reader.str(token);
    let first = text.split(['\n', '\r']).next().unwrap_or("").trim_end();
    let end = token.start + offset(first.len());
    reader.span(end - offset(first.trim_start().len()), end)
}

/// A line that looks like the beginning of a block.
fn headline(place: Span, text: &str, is_block: bool) -> Option<Diagnostic> {
    if text.starts_with('}') {
        return Some(message::brace_closes_nothing(place));
    }
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let known = KEYWORDS.iter().map(|(keyword, _)| *keyword).find(|keyword| *keyword == word);
    if let Some(keyword) = known {
        let one_line = text.contains('{') && !text.ends_with('{');
        return Some(match (keyword, one_line) {
            ("type", _) if text.contains('=') => message::type_alias(place),
            (_, true) => message::one_line_block(place, keyword),
            (_, false) => message::bad_headline(place, keyword),
        });
    }
    let meant = meant(word);
    match meant {
        Some(meant) if is_block || text.contains('{') => Some(message::keyword_meant(place, word, meant)),
        _ if is_block => Some(message::unknown_block(place, word)),
        _ => None,
    }
}

/// The keyword that a word is nearly.
fn meant(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    if matches!(word.as_str(), "interface" | "table" | "class" | "struct") {
        return Some("model");
    }
    KEYWORDS.iter().map(|(keyword, _)| *keyword).find(|keyword| is_near(&word, keyword))
}

/// One letter changed, left out, put in, or two swapped; or nothing at all.
fn is_near(word: &str, keyword: &str) -> bool {
    let same = word.bytes().zip(keyword.bytes()).take_while(|(a, b)| a == b).count();
    let (word, keyword) = (&word.as_bytes()[same..], &keyword.as_bytes()[same..]);
    let from = |text: &'_ [u8], at: usize| text.get(at..).map(<[u8]>::to_vec);
    let swapped = word.len() > 1 && keyword.len() > 1 && word[0] == keyword[1] && word[1] == keyword[0];
    word.is_empty() && keyword.is_empty()
        || from(word, 1) == from(keyword, 1)
        || from(word, 1).as_deref() == Some(keyword)
        || from(keyword, 1).as_deref() == Some(word)
        || swapped && from(word, 2) == from(keyword, 2)
}

/// The first thing on the line that cannot be right wherever it stands.
fn mistake(reader: &Reader<'_, '_>, token: Token) -> Option<Diagnostic> {
    let whole = line(reader, token);
    let text = reader.slice(whole.start, whole.end);
    let place = |at: usize, length: usize| {
        let start = whole.start + offset(at);
        Span { start, end: start + offset(length), ..whole }
    };
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => match string_length(&text[at..]) {
                Some(length) => {
                    let behind = at + length;
                    while chars.clone().next().is_some_and(|(next, _)| next < behind) {
                        chars.next();
                    }
                }
                None => return Some(message::open_string(place(at, text.len() - at))),
            },
            '\'' | '`' | '“' | '”' | '‘' | '’' => {
                return Some(message::wrong_quote(place(at, c.len_utf8()), c));
            }
            '/' if text[at..].starts_with("//") => break,
            '/' if text[at..].starts_with("/*") => return Some(message::comment_within(place(at, 2))),
            '(' | '[' => open.push((c, at)),
            ')' | ']' => match open.pop() {
                Some(('(', _)) if c == ')' => {}
                Some(('[', _)) if c == ']' => {}
                _ => return Some(message::closes_nothing(place(at, 1), c)),
            },
            '{' | '}' => return Some(message::brace_within(place(at, 1), c)),
            ',' if open.is_empty() => return Some(message::strange_character(place(at, 1), c)),
            '@' | ',' | ':' | '=' | '?' | '!' | '_' | '-' | '.' => {}
            _ if c.is_alphanumeric() || c.is_whitespace() => {}
            _ => return Some(message::strange_character(place(at, c.len_utf8()), c)),
        }
    }
    let (bracket, at) = open.pop()?;
    Some(message::open_bracket(place(at, 1), bracket))
}

/// How many bytes the string at the beginning of `text` takes, quotes included.
fn string_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
