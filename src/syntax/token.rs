//! Text → tokens, with the grammar; and a reader that walks over them.
//!
//! The grammar's pairs are laid out flat in the order in which they begin; the children of one are those that follow it
//! and begin before it ends.

use super::message;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use pest::Parser as _;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../grammar/prisma.pest"]
struct Grammar;

pub(super) use self::Rule as Kind;

/// One pair of the grammar: what it is, and its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// How many diagnostics a file may have before the rest of it is left unread.
const ENOUGH: usize = 1_000;

/// Walks over the tokens of one file.
pub(super) struct Reader<'s, 'm> {
    /// What spans point into and names borrow from.
    pub(super) text: &'s str,
    pub(super) file: FileId,
    pub(super) diagnostics: Diagnostics,
    /// What the grammar sees: the text, or a copy of the same length in which something was blanked out.
    masked: &'m str,
    /// How much of it is in `tokens`, or was.
    taken: usize,
    tokens: Vec<Token>,
    at: usize,
}

impl<'s, 'm> Reader<'s, 'm> {
    pub(super) fn new(file: FileId, text: &'s str, masked: &'m str) -> Self {
        Reader { text, file, diagnostics: Diagnostics::default(), masked, taken: 0, tokens: Vec::new(), at: 0 }
    }

    /// Gets the tokens of the next piece of the text, if there is one and it is worth it. No block is in two pieces.
    ///
    /// The grammar's own list of a piece is many times larger than the piece; small ones stay in the processor's caches.
    pub(super) fn next_piece(&mut self) -> bool {
        let start = self.taken;
        if start >= self.masked.len() || self.diagnostics.len() >= ENOUGH {
            return false;
        }
        self.taken = piece_end(self.masked, start);
        self.tokens.clear();
        self.at = 0;
        let place = self.span(offset(start), offset(self.taken));
        if self.taken - start > MAX_PIECE {
            self.report(message::endless(place));
            return true;
        }
        let Ok(pairs) = Grammar::parse(Rule::file, &self.masked[start..self.taken]) else {
            self.report(message::unreadable(place));
            return true;
        };
        self.tokens.extend(pairs.flatten().filter_map(|pair| {
            let span = pair.as_span();
            let (kind, from) = (pair.as_rule(), offset(start));
            let is_read = !matches!(kind, Rule::file | Rule::EOI | Rule::comment);
            is_read.then(|| Token { kind, start: from + offset(span.start()), end: from + offset(span.end()) })
        }));
        true
    }

    /// Was the whole text read?
    pub(super) fn is_done(&self) -> bool {
        self.taken >= self.masked.len() && self.diagnostics.len() < ENOUGH
    }

    /// The next token that begins before `end`.
    pub(super) fn next_before(&mut self, end: u32) -> Option<Token> {
        let token = self.peek_before(end)?;
        self.at += 1;
        Some(token)
    }

    /// The same, without taking it.
    pub(super) fn peek_before(&self, end: u32) -> Option<Token> {
        self.tokens.get(self.at).copied().filter(|token| token.start < end)
    }

    /// Leaves out all that begins before `end`.
    pub(super) fn skip_to(&mut self, end: u32) {
        while self.next_before(end).is_some() {}
    }

    /// The word that an entry begins with.
    pub(super) fn first_word(&self, entry: Token) -> Token {
        let text = self.str(entry);
        let is_word = |c: char| match c {
            '_' | '-' | '.' => true,
            _ => c.is_ascii_alphanumeric() || (!c.is_ascii() && pest::unicode::XID_CONTINUE(c)),
        };
        let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
        Token { kind: Kind::word, start: entry.start, end: entry.start + offset(length) }
    }

    /// The text from `start` to `end`.
    pub(super) fn slice(&self, start: u32, end: u32) -> &'s str {
        &self.text[start as usize..end as usize]
    }

    /// A token's text.
    pub(super) fn str(&self, token: Token) -> &'s str {
        self.slice(token.start, token.end)
    }

    /// The text from `start` on.
    pub(super) fn rest(&self, start: u32) -> &'s str {
        &self.text[start as usize..]
    }

    /// A place in this file.
    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end }
    }

    /// A token's place.
    pub(super) fn place(&self, token: Token) -> Span {
        self.span(token.start, token.end)
    }

    /// Notes what is wrong. When it is enough, the rest of the file is left unread.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() >= ENOUGH {
            self.tokens.truncate(self.at);
        }
    }
}

/// An offset as spans hold it; texts that are too long for it are refused before they are read.
pub(super) fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// How much text the grammar gets at once, in bytes, at least.
const PIECE: usize = 16 << 10;

/// How much it gets at most: no block is that long.
const MAX_PIECE: usize = 1 << 20;

/// The end of a piece of at least 16 KB that begins at `start`: behind a `}` that begins its line, for that closes a block
/// wherever it stands. Only in a block comment it does not.
fn piece_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut seen, mut in_comment) = (start + PIECE, start, false);
    while let Some(line) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'\n' | b'\r'))) {
        at += line + 1;
        at += bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if bytes.get(at) != Some(&b'}') {
            continue;
        }
        in_comment = ends_in_comment(&text[seen..at], in_comment);
        seen = at;
        if !in_comment {
            return at + 1;
        }
    }
    text.len()
}

/// Does a block comment go on where the text, which ends at the beginning of a line, ends?
fn ends_in_comment(text: &str, begins_in_comment: bool) -> bool {
    if !begins_in_comment && !text.contains("/*") {
        return false;
    }
    let bytes = text.as_bytes();
    let (mut at, mut in_comment) = (0, begins_in_comment);
    while at < bytes.len() {
        let pair = (bytes[at], bytes.get(at + 1).copied().unwrap_or(b'\n'));
        match pair {
            (b'*', b'/') if in_comment => (in_comment, at) = (false, at + 1),
            _ if in_comment => {}
            (b'/', b'*') => (in_comment, at) = (true, at + 1),
            (b'/', b'/') => at += bytes[at..].iter().take_while(|b| !matches!(b, b'\n' | b'\r')).count(),
            (b'"', _) => at = super::nesting::end_of_string(bytes, at),
            _ => {}
        }
        at += 1;
    }
    in_comment
}
