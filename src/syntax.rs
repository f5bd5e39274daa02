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
mod docs;
mod expr;
mod literal;
mod member;
mod message;
mod name;
mod nesting;
mod pieces;
mod stray;
mod token;

use crate::ast;
use crate::diag::Diagnostics;
use crate::pair::Pair;
use crate::source::{FileId, SchemaFiles, Sources, Span};
use token::Known;

/// The largest file that is read, in bytes; the largest schemas known are a hundred times smaller.
pub const MAX_FILE_BYTES: usize = 16 << 20;

/// How many diagnostics of a file are worth a reader's time; the rest is counted.
const MAX_DIAGNOSTICS: usize = 100;

/// How many of a file without any block: with more, it is hardly a schema.
const FEW: usize = 5;

/// Reads all files of a schema as one.
///
/// The diagnostics are `PS01xx`, in the order of files and lines; of a file with very many of them the first hundred, and a
/// last one that says how many more there are.
pub fn parse<'s>(sources: &'s Sources, schema: &SchemaFiles) -> (ast::Schema<'s>, Diagnostics) {
    parse_knowing(sources, schema, &mut Known::default())
}

/// Reads two versions of a schema, where there are two. What both have, letter for letter, goes through the grammar once.
pub fn parse_both<'s>(
    sources: &'s Sources,
    schemas: Pair<Option<&SchemaFiles>>,
) -> Pair<Option<(ast::Schema<'s>, Diagnostics)>> {
    let mut known = Known::default();
    schemas.map(|files| files.map(|files| parse_knowing(sources, files, &mut known)))
}

fn parse_knowing<'s>(
    sources: &'s Sources,
    schema: &SchemaFiles,
    known: &mut Known<'s>,
) -> (ast::Schema<'s>, Diagnostics) {
    let mut read = ast::Schema { blocks: Vec::new(), files: schema.files.clone() };
    let mut diagnostics = Diagnostics::default();
    for &file in &schema.files {
        let found = parse_file(file, &sources.get(file).text, &mut read.blocks, known);
        diagnostics.append(found);
    }
    (read, diagnostics)
}

fn parse_file<'s>(file: FileId, text: &'s str, blocks: &mut Vec<ast::Block<'s>>, known: &mut Known<'s>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    if text.len() > MAX_FILE_BYTES {
        diagnostics.push(message::too_large(Span { file, start: 0, end: 0 }, text.len()));
        return diagnostics;
    }
    let nesting = nesting::check(file, text);
    let seen = nesting.masked.as_deref().unwrap_or(text);
    let ends = pieces::ends(seen);
    if nesting.masked.is_none()
        && let Some(read) = pieces::read_together(file, text, &ends, known)
    {
        blocks.extend(read);
        return diagnostics;
    }
    let nothing = Known::default();
    let mut reader = token::Reader::new(file, text, seen, 0, &ends, &nothing);
    let before = blocks.len();
    block::read_all(&mut reader, blocks);
    let all = reader.is_done();
    diagnostics.append(nesting.diagnostics);
    diagnostics.append(reader.diagnostics);
    diagnostics.sort();
    if blocks.len() == before { summed_up(diagnostics) } else { capped(diagnostics, all) }
}

/// Of a file without a single block: what is wrong with its few lines, or with the whole of them.
fn summed_up(diagnostics: Diagnostics) -> Diagnostics {
    let count = diagnostics.len();
    let Some(first) = diagnostics.iter().find_map(|d| d.span).filter(|_| count > FEW) else { return diagnostics };
    let mut one = Diagnostics::default();
    one.push(message::no_schema(first, count));
    one
}

/// Keeps the first hundred and counts the rest.
fn capped(diagnostics: Diagnostics, all: bool) -> Diagnostics {
    let more = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS);
    let Some(next) = diagnostics.iter().nth(MAX_DIAGNOSTICS) else { return diagnostics };
    let mut kept = Diagnostics::default();
    diagnostics.iter().take(MAX_DIAGNOSTICS).for_each(|diagnostic| kept.push(diagnostic.clone()));
    kept.push(message::and_more(next.span, more, all));
    kept
}
