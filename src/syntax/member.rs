//! Members of blocks: fields, enum values, properties.

use super::message;
use super::token::{Kind, Reader, Token, offset};
use super::{expr, name};
use crate::ast::{Arg, Arity, Attribute, Docs, EnumValue, Expr, Field, FieldType, Property};

/// `name Type @attribute`, or what is wrong with it.
pub(super) fn field<'s>(reader: &mut Reader<'s>, entry: Token, mut docs: Docs<'s>) -> Option<Field<'s>> {
    let word = reader.next_before(entry.end)?;
    let name = name::name(reader, word, "field");
    let behind = reader.slice(word.end, entry.end).trim_start();
    if behind.starts_with('=') {
        reader.report(message::assigned_field(name));
        reader.skip_to(entry.end);
        return None;
    }
    if behind.starts_with(':') {
        let colon = word.end + offset(reader.slice(word.end, entry.end).find(':')?);
        reader.report(message::colon(reader.span(colon, colon + 1)));
    }
    let Some(ty) = reader.peek_before(entry.end).filter(|next| next.kind == Kind::word) else {
        reader.report(message::field_without_type(name));
        reader.skip_to(entry.end);
        return None;
    };
    reader.next_before(entry.end);
    let (ty, arity, end) = field_type(reader, ty, entry.end);
    let attributes = attributes(reader, entry.end, &mut docs);
    let end = attributes.last().map_or(end, |a| a.span.end);
    Some(Field { name, ty, arity, attributes, docs, span: reader.span(word.start, end) })
}

/// The type that begins with `word`, its arity, and where they end.
fn field_type<'s>(reader: &mut Reader<'s>, word: Token, end: u32) -> (FieldType<'s>, Arity, u32) {
    let call = reader.peek_before(end).filter(|next| next.kind == Kind::args && next.start == word.end);
    let ty = match call {
        Some(list) => {
            reader.next_before(end);
            called_type(reader, word, list)
        }
        None => FieldType::Name(name::name(reader, word, "type")),
    };
    let from = call.map_or(word.end, |list| list.end);
    let behind = reader.slice(from, end);
    let suffix_end = behind.find(|c: char| !matches!(c, '[' | ']' | '?' | '!') && !is_space(c)).unwrap_or(behind.len());
    let suffix = behind[..suffix_end].trim_matches(is_space);
    let type_end =
        if suffix.is_empty() { from } else { from + offset(behind[..suffix_end].trim_end_matches(is_space).len()) };
    let opened = reader.text[..word.start as usize].ends_with('[');
    let arity = match (opened, suffix) {
        (false, "") => Arity::Required,
        (false, "?") => Arity::Optional,
        (false, "[]") => Arity::List,
        _ => {
            let whole = reader.span(word.start - u32::from(opened), type_end);
            let base = reader.slice(word.start, from);
            let (diagnostic, arity) = message::old_type(whole, base, opened, suffix);
            reader.report(diagnostic);
            arity
        }
    };
    (ty, arity, type_end)
}

/// `Unsupported("…")`, or something that looks like it.
fn called_type<'s>(reader: &mut Reader<'s>, word: Token, list: Token) -> FieldType<'s> {
    let mut args = expr::args(reader, list);
    let ident = name::ident(reader, word);
    if ident.name != "Unsupported" {
        reader.report(message::type_with_arguments(ident, reader.place(list)));
        return FieldType::Name(ident);
    }
    match (args.pop(), args.is_empty()) {
        (Some(Arg { name: None, value: Some(Expr::String(text)), .. }), true) => FieldType::Unsupported(text),
        _ => {
            reader.report(message::unsupported(reader.span(word.start, list.end)));
            FieldType::Name(ident)
        }
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\r')
}

/// `VALUE @map("v")`, or what is wrong with it.
pub(super) fn enum_value<'s>(reader: &mut Reader<'s>, entry: Token, mut docs: Docs<'s>) -> Option<EnumValue<'s>> {
    let word = reader.next_before(entry.end)?;
    let name = name::name(reader, word, "enum value");
    let odd = reader.peek_before(entry.end).filter(|next| !matches!(next.kind, Kind::attribute | Kind::doc));
    let marks = reader.slice(word.end, entry.end).trim_start();
    if odd.is_some() || marks.starts_with(['=', ':']) {
        reader.report(message::enum_value_with_type(name));
        reader.skip_to(entry.end);
        return Some(EnumValue { name, attributes: Vec::new(), docs, span: name.span });
    }
    let attributes = attributes(reader, entry.end, &mut docs);
    let end = attributes.last().map_or(word.end, |a| a.span.end);
    Some(EnumValue { name, attributes, docs, span: reader.span(word.start, end) })
}

/// The attributes of a member, and the documentation behind them.
fn attributes<'s>(reader: &mut Reader<'s>, end: u32, docs: &mut Docs<'s>) -> Vec<Attribute<'s>> {
    let mut attributes = Vec::new();
    while let Some(token) = reader.next_before(end) {
        match token.kind {
            Kind::doc => docs.lines.push(doc(reader, token)),
            _ => {
                let Some((attribute, ats)) = expr::attribute(reader, token) else { continue };
                if ats > 1 {
                    reader.report(message::too_many_ats(&attribute));
                }
                attributes.push(attribute);
            }
        }
    }
    attributes
}

/// A `///` line: its text, without the slashes and one blank, and its place.
pub(super) fn doc<'s>(reader: &Reader<'s>, token: Token) -> (&'s str, crate::source::Span) {
    let text = &reader.str(token)[3..];
    (text.strip_prefix(' ').unwrap_or(text), reader.place(token))
}

/// `key = value`, or what is wrong with it.
pub(super) fn property<'s>(reader: &mut Reader<'s>, entry: Token, block: &str) -> Option<Property<'s>> {
    let word = reader.next_before(entry.end)?;
    let name = name::path(reader, word, "property");
    let behind = reader.slice(word.end, entry.end).trim_start();
    if !behind.starts_with('=') {
        reader.report(message::property_without_sign(name, block));
        reader.skip_to(entry.end);
        return None;
    }
    let first = reader.next_before(entry.end).filter(|next| next.kind != Kind::doc);
    let value = first.and_then(|first| expr::value(reader, first, entry.end));
    reader.skip_to(entry.end);
    if value.is_none() && first.is_none() {
        reader.report(message::property_without_value(name, block));
    }
    let span = value.as_ref().map_or(name.span, |value| name.span.to(value.span()));
    Some(Property { name, value, span })
}
