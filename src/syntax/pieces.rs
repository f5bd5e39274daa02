//! A text in pieces, a block each, which know nothing of each other: they are read at the same time.

use super::block;
use super::token::{Known, Learned, Reader};
use crate::ast::Block;
use crate::source::FileId;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// How many pieces are worth a thread.
const FAIR_SHARE: usize = 100;

/// How many threads are worth it; each has to be started.
const MOST_THREADS: usize = 8;

/// Reads the pieces of a file in several threads. None if there is anything to say about it: then it is read in order, so
/// that what is said, and how much of it, does not depend on the machine.
///
/// What goes through the grammar is added to what is known.
pub(super) fn read_together<'s>(
    file: FileId,
    text: &'s str,
    ends: &[usize],
    known: &mut Known<'s>,
) -> Option<Vec<Block<'s>>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = (ends.len() / FAIR_SHARE).clamp(1, cores.min(MOST_THREADS));
    let share = ends.len().div_ceil(threads).max(1);
    let begins = |at: usize| if at == 0 { 0 } else { ends[at - 1] };
    let read: Vec<Option<(Vec<Block<'s>>, Learned)>> = thread::scope(|scope| {
        let seen = &*known;
        let mut shares = ends.chunks(share).enumerate();
        let first = shares.next();
        let others: Vec<_> =
            shares.map(|(at, ends)| scope.spawn(move || read(file, text, begins(at * share), ends, seen))).collect();
        let first = first.map(|(_, ends)| read(file, text, 0, ends, seen));
        let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        first.into_iter().chain(others).collect()
    });
    let mut blocks = Vec::with_capacity(ends.len());
    for one in read {
        let (read, learned) = one?;
        blocks.extend(read);
        known.extend(learned.into_iter().map(|(piece, tokens)| (&text[piece], tokens)));
    }
    Some(blocks)
}

fn read<'s>(
    file: FileId,
    text: &'s str,
    start: usize,
    ends: &[usize],
    known: &Known<'s>,
) -> Option<(Vec<Block<'s>>, Learned)> {
    let mut reader = Reader::new(file, text, text, start, ends, known);
    let mut blocks = Vec::with_capacity(ends.len());
    block::read_all(&mut reader, &mut blocks);
    reader.diagnostics.is_empty().then(|| (blocks, reader.learned()))
}

/// The ends of the pieces of a text, a block each: behind every `}` that begins its line, for that closes a block wherever
/// it stands. Only in a block comment it does not. So no block is in two pieces.
pub(super) fn ends(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let (mut ends, mut at, mut seen, mut in_comment) = (Vec::new(), 0, 0, false);
    while let Some(line) = memchr::memchr2(b'\n', b'\r', &bytes[at..]) {
        at += line + 1;
        at += bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if bytes.get(at) != Some(&b'}') {
            continue;
        }
        in_comment = ends_in_comment(&text[seen..at], in_comment);
        seen = at;
        if !in_comment {
            ends.push(at + 1);
        }
    }
    if ends.last().copied().unwrap_or(0) < text.len() {
        ends.push(text.len());
    }
    ends
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
