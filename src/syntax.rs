//! Text → [`ast::Schema`] and what could not be understood.
//!
//! Reading never fails: it gives back what it understood together with what it did not. A line that is no member of its
//! block is one diagnostic, and the next line is read as if nothing had happened.
//!
//! Architecture invariant: what is accepted here is what Prisma 7 accepts, with two exceptions that do no harm: a byte
//! order mark at the beginning of a file, which Prisma refuses, and whatever is left to the validation of meaning.
//! What is refused here is understood all the same where its meaning is plain, so that one slip does not bring errors
//! about things that are defined further down.

mod block;
mod expr;
mod literal;
mod member;
mod message;
mod name;
mod nesting;
mod stray;
mod token;

use crate::ast;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{FileId, SchemaFiles, Sources, Span};

/// The largest file that is read, in bytes; the largest schemas known are a hundred times smaller.
pub const MAX_FILE_BYTES: usize = 16 << 20;

/// How many diagnostics of a file are worth a reader's time; the rest is counted.
const MAX_DIAGNOSTICS: usize = 50;

/// Reads all files of a schema as one.
///
/// The diagnostics are `PS01xx`, in the order of files and lines; of a file with very many of them the first fifty, and a
/// last one that says how many more there are.
pub fn parse<'s>(sources: &'s Sources, schema: &SchemaFiles) -> (ast::Schema<'s>, Diagnostics) {
    let mut read = ast::Schema { blocks: Vec::new(), files: schema.files.clone() };
    let mut diagnostics = Diagnostics::default();
    for &file in &schema.files {
        let found = parse_file(file, &sources.get(file).text, &mut read.blocks);
        diagnostics.append(found);
    }
    (read, diagnostics)
}

fn parse_file<'s>(file: FileId, text: &'s str, blocks: &mut Vec<ast::Block<'s>>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    if text.len() > MAX_FILE_BYTES {
        diagnostics.push(message::too_large(Span { file, start: 0, end: 0 }, text.len()));
        return diagnostics;
    }
    let nesting = nesting::check(file, text);
    let mut reader = token::Reader::new(file, text, nesting.masked.as_deref().unwrap_or(text));
    block::read_all(&mut reader, blocks);
    diagnostics.append(nesting.diagnostics);
    diagnostics.append(reader.diagnostics);
    diagnostics.sort();
    capped(diagnostics)
}

/// Keeps the first fifty and counts the rest.
fn capped(diagnostics: Diagnostics) -> Diagnostics {
    if diagnostics.len() <= MAX_DIAGNOSTICS {
        return diagnostics;
    }
    let mut kept = Diagnostics::default();
    let mut rest = diagnostics.iter().skip(MAX_DIAGNOSTICS);
    for diagnostic in diagnostics.iter().take(MAX_DIAGNOSTICS) {
        kept.push(Diagnostic::clone(diagnostic));
    }
    let next = rest.next().and_then(|d| d.span);
    kept.push(message::and_more(next, diagnostics.len() - MAX_DIAGNOSTICS));
    kept
}
