//! Attributes, arguments, values.

use super::message;
use super::token::{Kind, Reader, Token, offset};
use super::{literal, name};
use crate::ast::{Arg, Attribute, Expr, Function, Property};

/// An attribute that ends before `end`, and how many `@` it was written with.
pub(super) fn attribute<'s>(reader: &mut Reader<'s, '_>, token: Token, end: u32) -> (Attribute<'s>, usize) {
    let written = reader.str(token);
    let ats = written.bytes().take_while(|b| *b == b'@').count();
    let name = written[ats..].trim_start();
    let word = Token { kind: Kind::word, start: token.end - offset(name.len()), end: token.end };
    let name = name::attribute(reader, word);
    let list = call(reader, word, end);
    // Of native types Prisma does not look behind the last comma.
    let last = if name.name.contains('.') { LastComma::Passed } else { LastComma::Refused };
    let args = list.map(|list| args(reader, list, last));
    let span = reader.span(token.start, list.map_or(token.end, |list| list.end));
    (Attribute { name, args, span }, ats)
}

/// What Prisma makes of a comma behind the last argument.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastComma {
    Refused,
    Passed,
}

/// A value that ends before `end`; `token` is its first. In a function, `last` is said of its arguments.
pub(super) fn value<'s>(reader: &mut Reader<'s, '_>, token: Token, end: u32, last: LastComma) -> Option<Expr<'s>> {
    match token.kind {
        Kind::string => Some(Expr::String(literal::string(reader, token))),
        Kind::array | Kind::wide_array | Kind::inner_array => Some(array(reader, token)),
        Kind::object => Some(object(reader, token)),
        Kind::word => Some(match call(reader, token, end) {
            Some(list) => function(reader, token, list, last),
            None => bare(reader, token),
        }),
        Kind::attribute => {
            reader.report(message::unexpected(reader.place(token)));
            None
        }
        _ => {
            reader.report(message::nameless_call(reader.place(token)));
            reader.skip_to(token.end);
            None
        }
    }
}

/// The parenthesis that makes a call of this word, taken.
fn call(reader: &mut Reader<'_, '_>, word: Token, end: u32) -> Option<Token> {
    let next = reader.peek_before(end)?;
    let is_args = matches!(next.kind, Kind::args | Kind::wide_args | Kind::inner_args);
    let called = is_args && reader.slice(word.end, next.start).trim().is_empty();
    if called { reader.next_before(end) } else { None }
}

fn function<'s>(reader: &mut Reader<'s, '_>, word: Token, list: Token, last: LastComma) -> Expr<'s> {
    let name = name::path(reader, word, "function");
    let args = args(reader, list, last);
    Expr::Function(Function { name, args, span: reader.span(word.start, list.end) })
}

/// A number or a constant.
fn bare<'s>(reader: &mut Reader<'s, '_>, word: Token) -> Expr<'s> {
    let ident = name::ident(reader, word);
    if literal::is_number(ident.name) {
        return Expr::Number(ident);
    }
    if literal::begins_number(ident.name) {
        reader.report(message::number(ident));
        return Expr::Number(ident);
    }
    Expr::Constant(name::path(reader, word, "value"))
}

fn array<'s>(reader: &mut Reader<'s, '_>, list: Token) -> Expr<'s> {
    let mut values = Vec::with_capacity(items(reader, list));
    let mut commas = Commas::begin(reader, list);
    while let Some(token) = reader.next_before(list.end) {
        commas.before(reader, token.start);
        // `[name(sort: Desc,)]` is taken.
        let value = value(reader, token, list.end, LastComma::Passed);
        commas.after(token.end.max(value.as_ref().map_or(0, |v| v.span().end)));
        values.extend(value);
    }
    commas.close(reader, list.end - 1, LastComma::Refused);
    Expr::Array(values, reader.place(list))
}

/// `{ a: null, b: { not: 1 } }`: written like arguments that all have names.
fn object<'s>(reader: &mut Reader<'s, '_>, list: Token) -> Expr<'s> {
    let mut properties = Vec::new();
    for arg in args(reader, list, LastComma::Refused) {
        match arg.name {
            Some(name) => properties.push(Property { name, value: arg.value, span: arg.span }),
            None => reader.report(message::nameless_property(arg.span)),
        }
    }
    Expr::Object(properties, reader.place(list))
}

/// The arguments in a pair of parentheses.
pub(super) fn args<'s>(reader: &mut Reader<'s, '_>, list: Token, last: LastComma) -> Vec<Arg<'s>> {
    let mut args = Vec::with_capacity(items(reader, list));
    let mut commas = Commas::begin(reader, list);
    while let Some(token) = reader.next_before(list.end) {
        commas.before(reader, token.start);
        let arg = arg(reader, token, list.end);
        commas.after(token.end.max(arg.as_ref().map_or(0, |a| a.span.end)));
        args.extend(arg);
    }
    commas.close(reader, list.end - 1, last);
    args
}

/// How many items a list has at most; nearly always as many as it has.
fn items(reader: &Reader<'_, '_>, list: Token) -> usize {
    reader.str(list).bytes().filter(|byte| *byte == b',').count() + 1
}

fn arg<'s>(reader: &mut Reader<'s, '_>, token: Token, end: u32) -> Option<Arg<'s>> {
    let Some(colon) = colon_after(reader, token, end) else {
        let value = value(reader, token, end, LastComma::Refused)?;
        let span = value.span();
        return Some(Arg { name: None, value: Some(value), span });
    };
    let name = name::plain(reader, token, "argument");
    let next = reader.peek_before(end).filter(|next| is_blank(reader.slice(colon + 1, next.start)));
    let Some(next) = next else {
        reader.report(message::missing_value(name));
        return Some(Arg { name: Some(name), value: None, span: reader.span(token.start, colon + 1) });
    };
    reader.next_before(end);
    let value = value(reader, next, end, LastComma::Refused);
    let span = name.span.to(value.as_ref().map_or(reader.place(next), Expr::span));
    Some(Arg { name: Some(name), value, span })
}

/// Where the colon is that makes this word the name of an argument.
fn colon_after(reader: &Reader<'_, '_>, word: Token, end: u32) -> Option<u32> {
    if word.kind != Kind::word {
        return None;
    }
    let behind = reader.slice(word.end, end);
    let trimmed = behind.trim_start();
    trimmed.starts_with(':').then(|| word.end + offset(behind.len() - trimmed.len()))
}

fn is_blank(text: &str) -> bool {
    text.trim_start().is_empty()
}

/// Watches the text between the items of a list: one comma between two of them, and nothing else.
struct Commas {
    /// Where the text between begins.
    from: u32,
    /// How many commas there should be.
    due: usize,
    /// It may have line ends and comments: an error that was reported for the whole list.
    wide: bool,
}

impl Commas {
    fn begin(reader: &mut Reader<'_, '_>, list: Token) -> Self {
        let outermost = matches!(list.kind, Kind::wide_args | Kind::wide_array);
        if outermost {
            reader.report(message::several_lines(reader.place(list), reader.str(list)));
        }
        let wide = outermost || matches!(list.kind, Kind::inner_args | Kind::inner_array);
        Commas { from: list.start + 1, due: 0, wide }
    }

    /// An item begins.
    fn before(&mut self, reader: &mut Reader<'_, '_>, start: u32) {
        self.check(reader, start, self.due);
        self.due = 1;
    }

    /// The item ended.
    fn after(&mut self, end: u32) {
        self.from = end;
    }

    /// The list ends.
    fn close(&mut self, reader: &mut Reader<'_, '_>, end: u32, last: LastComma) {
        let behind = reader.slice(self.from, end).trim_start();
        if last == LastComma::Passed && self.due == 1 && behind.starts_with(',') {
            self.from = end - offset(behind.len()) + 1;
        }
        self.check(reader, end, 0);
    }

    fn check(&self, reader: &mut Reader<'_, '_>, end: u32, due: usize) {
        let between = reader.slice(self.from, end);
        let mut found = 0;
        for (at, byte) in between.bytes().enumerate() {
            match byte {
                b',' if found < due => found += 1,
                b',' | b':' => {
                    let at = self.from + offset(at);
                    let last = due == 0 && self.due == 1;
                    reader.report(message::stray_mark(reader.span(at, at + 1), byte == b':', last));
                    return;
                }
                // A comment, in a list that should not have one: what it holds does not count.
                b'/' if self.wide => return,
                _ => {}
            }
        }
        if found < due {
            reader.report(message::missing_comma(reader.span(self.from, self.from)));
        }
    }
}
