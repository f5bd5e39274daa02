//! Names: which words may name things.

use super::message;
use super::token::{Reader, Token};
use crate::ast::Ident;

/// The word as it stands.
pub(super) fn ident<'s>(reader: &Reader<'s>, word: Token) -> Ident<'s> {
    Ident { name: reader.str(word), span: reader.place(word) }
}

/// A word that names a `what` ("model", "field", …): letters of any script, digits and `_`, and first a letter.
pub(super) fn name<'s>(reader: &mut Reader<'s>, word: Token, what: &str) -> Ident<'s> {
    let ident = ident(reader, word);
    let first = ident.name.as_bytes()[0];
    if !first.is_ascii_alphabetic() && first < 0x80 {
        reader.report(message::name_start(ident, what));
    } else if let Some(wrong) = ident.name.chars().find(|c| matches!(c, '-' | '.')) {
        reader.report(message::name_character(ident, what, wrong));
    }
    ident
}

/// A word that is a path of names: `db.VarChar`, `Cascade`, `address.street`. Prisma takes a `-` within.
pub(super) fn path<'s>(reader: &mut Reader<'s>, word: Token, what: &str) -> Ident<'s> {
    let ident = ident(reader, word);
    if !is_path(ident.name) {
        reader.report(message::path(ident, what));
    }
    ident
}

fn is_path(text: &str) -> bool {
    let mut start = true;
    for byte in text.bytes() {
        if start && matches!(byte, b'_' | b'-' | b'.') {
            return false;
        }
        start = byte == b'.';
    }
    !start
}
