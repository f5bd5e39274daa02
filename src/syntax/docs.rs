//! Documentation: which `///` lines belong to which item.

use super::token::{Reader, Token};
use crate::ast::Docs;

/// Lines that wait for the item below them.
#[derive(Default)]
pub(super) struct Waiting<'s>(Docs<'s>);

impl<'s> Waiting<'s> {
    /// One more line. What stands above a blank line documents something else, or nothing.
    pub(super) fn add(&mut self, reader: &Reader<'s, '_>, token: Token) {
        self.drop_if_apart(reader, token.start);
        push(&mut self.0, reader, token);
    }

    /// An item of a block is there: blank lines before it do not matter.
    pub(super) fn take(&mut self) -> Docs<'s> {
        std::mem::take(&mut self.0)
    }

    /// A block is there, which has to follow its documentation without a blank line.
    pub(super) fn take_adjacent(&mut self, reader: &Reader<'s, '_>, start: u32) -> Docs<'s> {
        self.drop_if_apart(reader, start);
        self.take()
    }

    fn drop_if_apart(&mut self, reader: &Reader<'s, '_>, start: u32) {
        let apart = self.0.lines.last().is_some_and(|(_, last)| has_blank_line(reader.slice(last.end, start)));
        if apart {
            self.0.lines.clear();
        }
    }
}

/// Adds a `///` line: its text, without the slashes and one blank, and its place.
pub(super) fn push<'s>(docs: &mut Docs<'s>, reader: &Reader<'s, '_>, token: Token) {
    let text = &reader.str(token)[3..];
    docs.lines.push((text.strip_prefix(' ').unwrap_or(text), reader.place(token)));
}

/// Is there a line of blanks alone? The text begins at the end of a line and ends at the beginning of one.
fn has_blank_line(text: &str) -> bool {
    let mut ends = 0;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' if bytes.peek() == Some(&b'\n') => {}
            b'\n' | b'\r' => ends += 1,
            b' ' | b'\t' => {}
            _ => ends = 0,
        }
        if ends == 2 {
            return true;
        }
    }
    false
}
