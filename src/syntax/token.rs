//! Text → tokens, with the grammar; and a reader that walks over them.
//!
//! The grammar's pairs are laid out flat in the order in which they begin; the children of one are those that follow it
//! and begin before it ends.

use super::message;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use foldhash::HashMap;
use pest::Parser as _;
use pest_derive::Parser;
use std::ops::Range;

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

impl Token {
    /// The same, further on in the text.
    fn moved(self, by: u32) -> Token {
        Token { start: self.start + by, end: self.end + by, ..self }
    }
}

/// How many diagnostics a file may have before the rest of it is left unread.
const ENOUGH: usize = 1_000;

/// Walks over the tokens of one file, or of some pieces of it.
pub(super) struct Reader<'s, 'm> {
    /// What spans point into and names borrow from.
    pub(super) text: &'s str,
    pub(super) file: FileId,
    pub(super) diagnostics: Diagnostics,
    /// What the grammar sees: the text, or a copy of the same length in which something was blanked out.
    masked: &'m str,
    /// The ends of the pieces that are still to be read.
    pieces: &'m [usize],
    /// How much of the text is in `tokens`, or was.
    taken: usize,
    tokens: Vec<Token>,
    at: usize,
    /// Tokens of pieces that were read before.
    known: &'m Known<'m>,
    /// Tokens of the pieces that are read here.
    learned: Learned,
}

/// The tokens of pieces that were read before, in places that count from the beginning of their piece: most blocks of the
/// new version of a schema are in the old one too, letter for letter.
pub(super) type Known<'m> = HashMap<&'m str, Box<[Token]>>;

/// Pieces, by their places, with their tokens.
pub(super) type Learned = Vec<(Range<usize>, Box<[Token]>)>;

impl<'s, 'm> Reader<'s, 'm> {
    /// Reads from `start` on, up to the last of the ends of pieces.
    pub(super) fn new(
        file: FileId,
        text: &'s str,
        masked: &'m str,
        start: usize,
        pieces: &'m [usize],
        known: &'m Known<'m>,
    ) -> Self {
        Reader {
            text,
            file,
            diagnostics: Diagnostics::default(),
            masked,
            pieces,
            taken: start,
            tokens: Vec::new(),
            at: 0,
            known,
            learned: Vec::new(),
        }
    }

    /// The tokens of the pieces that were read for the first time.
    pub(super) fn learned(self) -> Learned {
        self.learned
    }

    /// Gets the tokens of the next piece of the text, if there is one and it is worth it.
    ///
    /// The grammar's own list of a piece is many times larger than the piece; small ones stay in the processor's caches.
    pub(super) fn next_piece(&mut self) -> bool {
        let start = self.taken;
        let Some((end, rest)) = self.pieces.split_first().filter(|_| self.diagnostics.len() < ENOUGH) else {
            return false;
        };
        (self.taken, self.pieces) = (*end, rest);
        self.tokens.clear();
        self.at = 0;
        let piece = &self.masked[start..self.taken];
        if let Some(known) = self.known.get(piece) {
            self.tokens.extend(known.iter().map(|token| token.moved(offset(start))));
            return true;
        }
        let place = self.span(offset(start), offset(self.taken));
        if self.taken - start > MAX_PIECE {
            self.report(message::endless(place));
            return true;
        }
        let Ok(pairs) = Grammar::parse(Rule::file, piece) else {
            self.report(message::unreadable(place));
            return true;
        };
        let found = pairs.flatten().filter_map(|pair| {
            let (span, kind) = (pair.as_span(), pair.as_rule());
            let is_read = !matches!(kind, Rule::file | Rule::EOI | Rule::comment);
            is_read.then(|| Token { kind, start: offset(span.start()), end: offset(span.end()) })
        });
        let found: Box<[Token]> = found.collect();
        self.tokens.extend(found.iter().map(|token| token.moved(offset(start))));
        self.learned.push((start..self.taken, found));
        true
    }

    /// Was the whole text read?
    pub(super) fn is_done(&self) -> bool {
        self.pieces.is_empty() && self.diagnostics.len() < ENOUGH
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

/// How much text the grammar gets at once, in bytes, at most: no block is that long.
const MAX_PIECE: usize = 1 << 20;
