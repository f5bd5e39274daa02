//! Text → tokens, with the grammar; and a reader that walks over them.
//!
//! The grammar's pairs are laid out flat in the order in which they begin; the children of one are those that follow it
//! and begin before it ends.

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

/// Walks over the tokens of one file.
pub(super) struct Reader<'s> {
    /// What spans point into and names borrow from.
    pub(super) text: &'s str,
    pub(super) file: FileId,
    pub(super) diagnostics: Diagnostics,
    tokens: Vec<Token>,
    at: usize,
}

impl<'s> Reader<'s> {
    /// Tokens of `masked`: `text`, or a copy of the same length in which something was blanked out.
    pub(super) fn new(file: FileId, text: &'s str, masked: &str) -> Self {
        let mut diagnostics = Diagnostics::default();
        let tokens = tokens(masked).unwrap_or_else(|()| {
            let everything = Span { file, start: 0, end: offset(text.len()) };
            diagnostics.push(super::message::unreadable(everything));
            Vec::new()
        });
        Reader { text, file, diagnostics, tokens, at: 0 }
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

    /// Notes what is wrong.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// An offset as spans hold it; texts that are too long for it are refused before they are read.
pub(super) fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn tokens(text: &str) -> Result<Vec<Token>, ()> {
    let pairs = Grammar::parse(Rule::file, text).map_err(|_| ())?;
    let flat = pairs.flatten();
    let mut tokens = Vec::with_capacity(flat.len());
    for pair in flat {
        let span = pair.as_span();
        match pair.as_rule() {
            Rule::file | Rule::EOI | Rule::comment => {}
            kind => tokens.push(Token { kind, start: offset(span.start()), end: offset(span.end()) }),
        }
    }
    Ok(tokens)
}
