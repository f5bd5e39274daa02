//! Files and blocks.

use super::docs::Waiting;
use super::token::{Kind, Reader, Token, offset};
use super::{expr, member, message, name, stray};
use crate::ast::{Attribute, Block, Config, Docs, Enum, Ident, Model, ModelKind};
use crate::source::Span;

/// What a block begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Datasource,
    Generator,
    Model,
    View,
    Composite,
    Enum,
}

/// All of them, as they are written.
pub(super) const KEYWORDS: [(&str, Keyword); 6] = [
    ("model", Keyword::Model),
    ("enum", Keyword::Enum),
    ("view", Keyword::View),
    ("type", Keyword::Composite),
    ("datasource", Keyword::Datasource),
    ("generator", Keyword::Generator),
];

impl Keyword {
    /// As it is written.
    pub(super) fn text(self) -> &'static str {
        KEYWORDS.iter().find(|(_, keyword)| *keyword == self).map_or("", |(text, _)| text)
    }

    /// The keyword that the text begins with.
    fn of(text: &str) -> Option<Self> {
        KEYWORDS.iter().find(|(keyword, _)| text.starts_with(keyword)).map(|(_, keyword)| *keyword)
    }
}

/// Reads a file's blocks.
pub(super) fn read_all<'s>(reader: &mut Reader<'s, '_>, blocks: &mut Vec<Block<'s>>) {
    let mut docs = Waiting::default();
    while reader.next_piece() {
        while let Some(token) = reader.next_before(u32::MAX) {
            match token.kind {
                Kind::doc => docs.add(reader, token),
                Kind::block => {
                    let docs = docs.take_adjacent(reader, token.start);
                    blocks.extend(block(reader, token, docs));
                }
                _ => {
                    docs.take();
                    stray::outside(reader, token);
                }
            }
        }
    }
}

/// The beginning of a block.
#[derive(Clone, Copy)]
struct Header<'s> {
    token: Token,
    keyword: Keyword,
    name: Ident<'s>,
}

fn block<'s>(reader: &mut Reader<'s, '_>, token: Token, docs: Docs<'s>) -> Option<Block<'s>> {
    let keyword = Keyword::of(reader.rest(token.start))?;
    let word = reader.next_before(token.end)?;
    let name = name::name(reader, word, keyword.text());
    let header = Header { token, keyword, name };
    brace(reader, header);
    Some(match keyword {
        Keyword::Datasource => Block::Datasource(config(reader, header, docs)),
        Keyword::Generator => Block::Generator(config(reader, header, docs)),
        Keyword::Model => Block::Model(model(reader, header, ModelKind::Model, docs)),
        Keyword::View => Block::Model(model(reader, header, ModelKind::View, docs)),
        Keyword::Composite => Block::Model(model(reader, header, ModelKind::Composite, docs)),
        Keyword::Enum => Block::Enum(enumeration(reader, header, docs)),
    })
}

/// The opening brace belongs on the line of the name.
fn brace(reader: &mut Reader<'_, '_>, header: Header<'_>) {
    let behind = reader.slice(header.name.span.end, header.token.end);
    let late = behind.bytes().find(|b| matches!(b, b'{' | b'\n' | b'\r' | b'/')) != Some(b'{');
    if late {
        reader.report(message::late_brace(header.keyword, header.name));
    }
}

fn model<'s>(reader: &mut Reader<'s, '_>, header: Header<'s>, kind: ModelKind, docs: Docs<'s>) -> Model<'s> {
    let lines = reader.str(header.token).bytes().filter(|byte| *byte == b'\n').count();
    let mut fields = Vec::with_capacity(lines);
    let body = body(reader, header, |reader, entry, docs| fields.extend(member::field(reader, entry, docs)));
    Model { kind, name: header.name, fields, attributes: body.attributes, docs, span: body.span }
}

fn enumeration<'s>(reader: &mut Reader<'s, '_>, header: Header<'s>, docs: Docs<'s>) -> Enum<'s> {
    let mut values = Vec::new();
    let body = body(reader, header, |reader, entry, docs| values.push(member::enum_value(reader, entry, docs)));
    Enum { name: header.name, values, attributes: body.attributes, docs, span: body.span }
}

fn config<'s>(reader: &mut Reader<'s, '_>, header: Header<'s>, docs: Docs<'s>) -> Config<'s> {
    let mut properties = Vec::new();
    let block = header.keyword.text();
    let body = body(reader, header, |reader, entry, _| properties.extend(member::property(reader, entry, block)));
    for attribute in &body.attributes {
        reader.report(message::attribute_in_config(attribute, block));
    }
    Config { name: header.name, properties, docs, span: body.span }
}

/// What all blocks have.
struct Body<'s> {
    attributes: Vec<Attribute<'s>>,
    span: Span,
}

/// Reads the lines of a block; `entry` takes those that are its own.
fn body<'s>(
    reader: &mut Reader<'s, '_>,
    header: Header<'s>,
    mut entry: impl FnMut(&mut Reader<'s, '_>, Token, Docs<'s>),
) -> Body<'s> {
    let mut attributes = Vec::new();
    let mut docs = Waiting::default();
    let mut end = header.name.span.end;
    let mut closed = false;
    let ignored = reader.peek_before(header.token.end).filter(|next| next.kind == Kind::ignored);
    if let Some(ignored) = ignored {
        end = ignored.end;
        reader.next_before(header.token.end);
    }
    while let Some(token) = reader.next_before(header.token.end) {
        end = token.end;
        match token.kind {
            Kind::doc => docs.add(reader, token),
            Kind::entry => entry(reader, token, docs.take()),
            Kind::setting => {
                docs.take();
                setting(reader, token, &mut attributes);
            }
            Kind::close => closed = true,
            _ => {
                docs.take();
                stray::inside(reader, token, header.keyword);
            }
        }
    }
    match ignored.map(|ignored| stray::line(reader, ignored)) {
        Some(rest) if !closed && reader.slice(rest.start, rest.end).contains('}') => {
            reader.report(message::one_line_block(rest, header.keyword.text()));
        }
        rest => {
            if let Some(rest) = rest.filter(|rest| rest.start < rest.end) {
                reader.report(message::ignored(rest, header.keyword));
            }
            if !closed {
                let next = next_block(reader, header.token.end);
                reader.report(message::unclosed_block(header.keyword, header.name, reader.span(end, end), next));
            }
        }
    }
    Body { attributes, span: reader.span(header.token.start, end) }
}

/// The first word of the block that follows, if one does: it begins inside of one that is never closed.
fn next_block(reader: &Reader<'_, '_>, end: u32) -> Option<Span> {
    let mut at = end;
    for line in reader.rest(end).split_inclusive('\n') {
        let text = line.trim_start();
        if !text.is_empty() && !text.starts_with("//") {
            let start = at + offset(line.len() - text.len());
            return Keyword::of(text).map(|keyword| reader.span(start, start + offset(keyword.text().len())));
        }
        at += offset(line.len());
    }
    None
}

/// A line of `@@` attributes: one, if it is right. The token is its first.
fn setting<'s>(reader: &mut Reader<'s, '_>, line: Token, attributes: &mut Vec<Attribute<'s>>) {
    let mut from = line.start;
    let mut first = true;
    while let Some(token) = member::next_on_line(reader, from, line.end) {
        match token.kind {
            Kind::attribute => {
                let (attribute, ats) = expr::attribute(reader, token, line.end);
                if ats != 2 {
                    reader.report(message::block_attribute_signs(&attribute));
                } else if !first {
                    reader.report(message::second_on_line(&attribute));
                }
                (from, first) = (attribute.span.end, false);
                attributes.push(attribute);
            }
            Kind::doc => from = token.end,
            _ => {
                reader.report(message::unexpected(reader.place(token)));
                reader.skip_to(line.end);
                return;
            }
        }
    }
}
