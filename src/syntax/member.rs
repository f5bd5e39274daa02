//! Members of blocks: fields, enum values, properties.

use super::expr::LastComma;
use super::message;
use super::token::{Kind, Reader, Token, offset};
use super::{docs, expr, name};
use crate::ast::{Arg, Arity, Attribute, Docs, EnumValue, Expr, Field, FieldType, Property};

/// `name Type @attribute`, or what is wrong with it.
pub(super) fn field<'s>(reader: &mut Reader<'s, '_>, entry: Token, mut docs: Docs<'s>) -> Option<Field<'s>> {
    let word = reader.first_word(entry);
    let name = name::name(reader, word, "field");
    let mut from = word.end;
    match mark_after(reader, word, entry.end) {
        Some((b'=', _)) => {
            reader.report(message::assigned_field(name));
            reader.skip_to(entry.end);
            return None;
        }
        Some((b':', at)) => {
            reader.report(message::colon(reader.span(at, at + 1)));
            from = at + 1;
        }
        _ => {}
    }
    let next = reader.peek_before(entry.end).filter(|next| matches!(next.kind, Kind::word | Kind::array));
    let Some(next) = next.filter(|next| odd(reader, from, next.start).is_none()) else {
        reader.report(message::field_without_type(name));
        reader.skip_to(entry.end);
        return None;
    };
    reader.next_before(entry.end);
    let (ty, arity, type_end) = field_type(reader, next, entry.end)?;
    let attributes = attributes(reader, type_end, entry.end, &mut docs);
    let end = attributes.last().map_or(type_end, |a| a.span.end);
    Some(Field { name, ty, arity, type_end, attributes, docs, span: reader.span(word.start, end) })
}

/// The sign behind a word, if there is one, and where.
fn mark_after(reader: &Reader<'_, '_>, word: Token, end: u32) -> Option<(u8, u32)> {
    let at = odd(reader, word.end, end)?;
    Some((reader.text.as_bytes()[at as usize], at))
}

/// The first character from `from` to `end` that is no blank; a comment or the end of the line ends the search.
fn odd(reader: &Reader<'_, '_>, from: u32, end: u32) -> Option<u32> {
    for (at, c) in reader.slice(from, end).char_indices() {
        match c {
            ' ' | '\t' => {}
            '/' | '\n' | '\r' => return None,
            _ if c.is_whitespace() => {}
            _ => return Some(from + offset(at)),
        }
    }
    None
}

/// The type that begins with a word, or with the bracket of an old list; its arity, and where they end.
fn field_type<'s>(reader: &mut Reader<'s, '_>, first: Token, end: u32) -> Option<(FieldType<'s>, Arity, u32)> {
    let opened = first.kind == Kind::array;
    let word = if opened { reader.next_before(first.end).filter(|next| next.kind == Kind::word) } else { Some(first) };
    let Some(word) = word else {
        reader.report(message::no_type(reader.place(first)));
        reader.skip_to(end);
        return None;
    };
    let call = reader.peek_before(end).filter(|next| next.kind == Kind::args && next.start == word.end);
    let ty = match call {
        Some(list) => {
            reader.next_before(end);
            called_type(reader, word, list)
        }
        None => FieldType::Name(name::name(reader, word, "type")),
    };
    let base_end = call.map_or(word.end, |list| list.end);
    let type_end = suffix_end(reader, base_end, end);
    let arity = match (opened, reader.slice(base_end, type_end).trim_start()) {
        (false, "") => Arity::Required,
        (false, "?") => Arity::Optional,
        (false, "[]") => Arity::List,
        (_, suffix) => {
            let (diagnostic, arity) =
                message::old_type(reader.span(first.start, type_end), reader.slice(word.start, base_end), suffix);
            reader.report(diagnostic);
            arity
        }
    };
    reader.skip_to(type_end);
    Some((ty, arity, type_end))
}

/// Where the brackets and marks behind a type end.
fn suffix_end(reader: &Reader<'_, '_>, from: u32, end: u32) -> u32 {
    let mut suffix_end = from;
    for (at, c) in reader.slice(from, end).char_indices() {
        match c {
            '[' | ']' | '?' | '!' => suffix_end = from + offset(at) + 1,
            '\n' | '\r' => break,
            _ if c.is_whitespace() => {}
            _ => break,
        }
    }
    suffix_end
}

/// `Unsupported("…")`, or something that looks like it.
fn called_type<'s>(reader: &mut Reader<'s, '_>, word: Token, list: Token) -> FieldType<'s> {
    let mut args = expr::args(reader, list, LastComma::Refused);
    let ident = name::ident(reader, word);
    if ident.name != "Unsupported" {
        reader.report(message::type_with_arguments(ident, reader.place(list), reader.str(list)));
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

/// `VALUE @map("v")`, or what is wrong with it.
pub(super) fn enum_value<'s>(reader: &mut Reader<'s, '_>, entry: Token, mut docs: Docs<'s>) -> EnumValue<'s> {
    let word = reader.first_word(entry);
    let name = name::name(reader, word, "enum value");
    let next = reader.peek_before(entry.end).filter(|next| !matches!(next.kind, Kind::attribute | Kind::doc));
    if next.is_some() || mark_after(reader, word, entry.end).is_some_and(|(mark, _)| mark != b'@') {
        reader.report(message::enum_value_with_type(name));
        reader.skip_to(entry.end);
        return EnumValue { name, attributes: Vec::new(), docs, span: name.span };
    }
    let attributes = attributes(reader, word.end, entry.end, &mut docs);
    let end = attributes.last().map_or(word.end, |a| a.span.end);
    EnumValue { name, attributes, docs, span: reader.span(word.start, end) }
}

/// The attributes of a member from `from` on, and the documentation behind them.
fn attributes<'s>(reader: &mut Reader<'s, '_>, from: u32, end: u32, docs: &mut Docs<'s>) -> Vec<Attribute<'s>> {
    let mut attributes = Vec::new();
    let mut from = from;
    while let Some(token) = next_on_line(reader, from, end) {
        match token.kind {
            Kind::attribute => {
                let (attribute, ats) = expr::attribute(reader, token, end);
                if ats > 1 {
                    reader.report(message::too_many_ats(&attribute));
                }
                from = attribute.span.end;
                attributes.push(attribute);
            }
            Kind::doc => {
                docs::push(docs, reader, token);
                from = token.end;
            }
            _ => {
                reader.report(message::unexpected(reader.place(token)));
                reader.skip_to(end);
                break;
            }
        }
    }
    attributes
}

/// The next token of the line, if there are only blanks before it; anything else is reported, and the line is over.
pub(super) fn next_on_line(reader: &mut Reader<'_, '_>, from: u32, end: u32) -> Option<Token> {
    let next = reader.next_before(end);
    if let Some(at) = odd(reader, from, next.map_or(end, |next| next.start)) {
        reader.report(message::unexpected(reader.span(at, at + 1)));
        reader.skip_to(end);
        return None;
    }
    next
}

/// `key = value`, or what is wrong with it.
pub(super) fn property<'s>(reader: &mut Reader<'s, '_>, entry: Token, block: &str) -> Option<Property<'s>> {
    let word = reader.first_word(entry);
    let name = name::plain(reader, word, "property");
    let (signed, from) = match mark_after(reader, word, entry.end) {
        Some((b'=', at)) => (true, at + 1),
        Some((b':', at)) => (false, at + 1),
        Some(_) | None => (false, word.end),
    };
    if !signed {
        reader.report(message::property_without_sign(name, block));
        let next = reader.peek_before(entry.end).map_or(entry.end, |next| next.start);
        if odd(reader, from, next).is_some() {
            reader.skip_to(entry.end);
            return None;
        }
    }
    let first = next_on_line(reader, from, entry.end).filter(|next| next.kind != Kind::doc);
    let value = first.and_then(|first| expr::value(reader, first, entry.end, LastComma::Refused));
    match &value {
        Some(value) => {
            let behind = next_on_line(reader, value.span().end, entry.end).filter(|next| next.kind != Kind::doc);
            if let Some(behind) = behind.filter(|_| signed) {
                reader.report(message::unexpected(reader.place(behind)));
            }
        }
        None if signed && first.is_none() => reader.report(message::property_without_value(name, block)),
        None => {}
    }
    reader.skip_to(entry.end);
    let span = value.as_ref().map_or(name.span, |value| name.span.to(value.span()));
    Some(Property { name, value, span })
}
