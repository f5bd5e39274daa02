//! Names: which words may name things.

use super::message;
use super::token::{Reader, Token};
use crate::ast::Ident;

/// The word as it stands.
pub(super) fn ident<'s>(reader: &Reader<'s, '_>, word: Token) -> Ident<'s> {
    Ident { name: reader.str(word), span: reader.place(word) }
}

/// A word that names a model, field and so on: letters of any script, digits and `_`, and first a letter.
pub(super) fn name<'s>(reader: &mut Reader<'s, '_>, word: Token, what: &str) -> Ident<'s> {
    let ident = ident(reader, word);
    let bytes = ident.name.as_bytes();
    if bytes[0].is_ascii_alphabetic() && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        return ident;
    }
    // Prisma has fewer rules for the names of what becomes no type.
    if matches!(what, "datasource" | "generator") && !ident.name.contains('.') && is_path(ident.name) {
        return ident;
    }
    if matches!(bytes[0], b'0'..=b'9' | b'_' | b'-' | b'.') {
        reader.report(message::name_start(ident, what));
    } else if let Some(wrong) = ident.name.chars().find(|c| !is_letter(*c) && *c != '_') {
        reader.report(message::name_character(ident, what, wrong));
    }
    ident
}

/// A word that is a path of names: `Cascade`, `address.street`. Prisma takes a `-` within.
pub(super) fn path<'s>(reader: &mut Reader<'s, '_>, word: Token, what: &str) -> Ident<'s> {
    let ident = ident(reader, word);
    if !is_path(ident.name) {
        reader.report(message::no_name(ident, what));
    }
    ident
}

/// A word that names an attribute: `map`, `db.VarChar`.
pub(super) fn attribute<'s>(reader: &mut Reader<'s, '_>, word: Token) -> Ident<'s> {
    let ident = ident(reader, word);
    let parts = ident.name.split('.').all(|part| part.bytes().next().is_some_and(|b| !b.is_ascii_digit()));
    if !parts || ident.name.contains('-') || !is_path(ident.name) {
        reader.report(message::no_name(ident, "attribute"));
    }
    ident
}

/// A word that is one name, of an argument or a property. Prisma takes a `-` within.
pub(super) fn plain<'s>(reader: &mut Reader<'s, '_>, word: Token, what: &str) -> Ident<'s> {
    let ident = ident(reader, word);
    if ident.name.contains('.') || !is_path(ident.name) {
        reader.report(message::no_name(ident, what));
    }
    ident
}

/// Letters, digits, `_`, `-` and `.`, where no part begins with a sign. The last part may be empty, as Prisma has it.
fn is_path(text: &str) -> bool {
    let mut start = true;
    for (at, c) in text.char_indices() {
        match c {
            '_' | '-' if start => return false,
            '.' if at == 0 => return false,
            '.' => start = true,
            _ if c.is_ascii() || is_letter(c) => start = false,
            _ => return false,
        }
    }
    true
}

/// Letters and digits of ASCII, and the letters of all other scripts, but not their digits and accents alone.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && pest::unicode::LETTER(c))
}
