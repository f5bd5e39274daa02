//! Arguments of attributes and of functions.

use super::attributes::an_attribute_with_arguments;
use super::mutate::{Cx, Kind};
use prisma_stage::ast::{Arg, Expr};
use prisma_stage::source::Span;

pub(super) const KINDS: &[Kind] = &[
    ("delete-argument", |c| {
        let arg = an_argument(c)?;
        c.delete(arg.span)
    }),
    ("delete-argument-and-comma", |c| {
        let attribute = an_attribute_with_arguments(c)?;
        let args = attribute.args.as_deref()?;
        let at = c.rng.below(args.len());
        let kept: Vec<_> = args.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, a)| c.text(a.span)).collect();
        c.replace(Span { start: attribute.name.span.end, ..attribute.span }, format!("({})", kept.join(", ")))
    }),
    ("double-argument", |c| {
        let arg = an_argument(c)?;
        let text = c.text(arg.span);
        c.after(arg.span, format!(", {text}"))
    }),
    ("misspell-argument", |c| {
        let name = a_named_argument(c)?.name?;
        let at = c.rng.below(name.name.len());
        let new: String = name.name.char_indices().filter(|(i, _)| *i != at).map(|(_, ch)| ch).collect();
        c.replace(name.span, new)
    }),
    ("case-of-argument", |c| {
        let name = a_named_argument(c)?.name?;
        c.replace(name.span, name.name.to_uppercase())
    }),
    ("rename-argument", |c| {
        const NAMES: &[&str] = &[
            "name",
            "map",
            "fields",
            "references",
            "onDelete",
            "onUpdate",
            "type",
            "sort",
            "length",
            "ops",
            "clustered",
            "where",
            "value",
            "foo",
        ];
        let name = a_named_argument(c)?.name?;
        let new = c.rng.word(NAMES);
        c.replace(name.span, new)
    }),
    ("unname-argument", |c| {
        let arg = a_named_argument(c)?;
        let value = arg.value.as_ref()?.span();
        c.delete(Span { end: value.start, ..arg.span })
    }),
    ("name-argument", |c| {
        let attribute = an_attribute_with_arguments(c)?;
        let arg = attribute.args.as_deref()?.iter().find(|a| a.name.is_none())?;
        let name = c.rng.word(&["name", "map", "fields", "value", "foo", "expression"]);
        c.before(arg.span, format!("{name}: "))
    }),
    ("argument-value", |c| {
        let arg = an_argument(c)?;
        let value = arg.value.as_ref()?.span();
        let new = a_value(c);
        c.replace(value, new)
    }),
    ("argument-without-value", |c| {
        let arg = an_argument(c)?;
        let value = arg.value.as_ref()?.span();
        c.delete(value)
    }),
    ("argument-in-array", |c| {
        let arg = an_argument(c)?;
        let value = arg.value.as_ref()?.span();
        let text = c.text(value);
        c.replace(value, format!("[{text}]"))
    }),
    ("array-changed", |c| {
        let attribute = an_attribute_with_arguments(c)?;
        let array = attribute.args.as_deref()?.iter().find_map(|a| match &a.value {
            Some(Expr::Array(items, span)) => Some((items, *span)),
            _ => None,
        });
        let (items, span) = array?;
        let first = items.first().map_or("id", |i| c.text(i.span()));
        let last = items.last().map_or("id", |i| c.text(i.span()));
        let all: Vec<_> = items.iter().map(|i| c.text(i.span())).collect();
        let new = match c.rng.below(9) {
            0 => "[]".to_owned(),
            1 => first.to_owned(),
            2 => format!("[{first}, {first}]"),
            3 => format!("[{last}]"),
            4 => format!("[{}, nope]", all.join(", ")),
            5 => format!("[\"{first}\"]"),
            6 => format!("[{}]", all.iter().rev().copied().collect::<Vec<_>>().join(", ")),
            7 => format!("[{}, {last}]", all.join(", ")),
            _ => format!("[{}]", all.join(" ")),
        };
        c.replace(span, new)
    }),
    ("reverse-arguments", |c| {
        let attribute = an_attribute_with_arguments(c)?;
        let args = attribute.args.as_deref()?.iter().rev().map(|a| c.text(a.span));
        let args = args.collect::<Vec<_>>().join(", ");
        c.replace(Span { start: attribute.name.span.end, ..attribute.span }, format!("({args})"))
    }),
    ("add-argument", |c| {
        const ARGUMENTS: &[&str] = &[
            "map: \"x\"",
            "name: \"x\"",
            "foo: 1",
            "\"x\"",
            "1",
            "type: Hash",
            "type: Gin",
            "sort: Desc",
            "length: 5",
            "clustered: true",
            "clustered: 1",
            "ops: X",
            "onDelete: Cascade",
            "onUpdate: SetNull",
            "fields: [id]",
            "references: [id]",
            "where: raw(\"true\")",
            "value: 1",
            "map: \"\"",
            "name: \"\"",
            "map: x",
            "map: 1",
            "where: { id: 1 }",
            "name: \"a b\"",
            "name: \"$x\"",
            "map: \"a b\"",
        ];
        let attribute = an_attribute_with_arguments(c)?;
        let last = attribute.args.as_deref()?.last()?;
        let new = c.rng.word(ARGUMENTS);
        c.after(last.span, format!(", {new}"))
    }),
    ("string-changed", |c| {
        let strings: Vec<Span> = [false, true]
            .iter()
            .flat_map(|b| c.attributes(*b))
            .flat_map(|a| a.args.iter().flatten())
            .filter_map(|a| match &a.value {
                Some(Expr::String(s)) => Some(s.span),
                _ => None,
            })
            .collect();
        let span = *c.rng.pick(&strings)?;
        let other = *c.rng.pick(&strings)?;
        let new = match c.rng.below(10) {
            0 => "\"\"".to_owned(),
            1 => format!("\"{}\"", "x".repeat(64)),
            2 => format!("\"{}\"", "y".repeat(130)),
            3 => "\" \"".to_owned(),
            4 => "\"a.b\"".to_owned(),
            5 => "\"é☃\"".to_owned(),
            6 => format!("\"{}\"", "é".repeat(32)),
            _ => c.text(other).to_owned(),
        };
        c.replace(span, new)
    }),
];

/// A value of any form.
pub(super) fn a_value(c: &mut Cx<'_>) -> &'static str {
    const VALUES: &[&str] = &[
        "\"x\"",
        "\"\"",
        "1",
        "-1",
        "0",
        "1.5",
        "99999999999999999999",
        "true",
        "false",
        "null",
        "foo",
        "[]",
        "[1]",
        "[\"a\"]",
        "[id]",
        "now()",
        "uuid()",
        "foo()",
        "env(\"X\")",
        "raw(\"x\")",
        "Cascade",
        "Desc",
        "Hash",
        "{ a: 1 }",
        "'x'",
        "[[1]]",
        "autoincrement()",
        "dbgenerated()",
        "id",
        "a.b",
        "\"a\\nb\"",
        "1e5",
        "+1",
        "0x1F",
        "None",
        "undefined",
    ];
    c.rng.word(VALUES)
}

fn an_argument<'a>(c: &mut Cx<'a>) -> Option<&'a Arg<'a>> {
    let attribute = an_attribute_with_arguments(c)?;
    c.rng.pick(attribute.args.as_deref()?)
}

fn a_named_argument<'a>(c: &mut Cx<'a>) -> Option<&'a Arg<'a>> {
    let of_blocks = c.rng.one_in(2);
    let attributes = c.attributes(of_blocks);
    let named: Vec<_> = attributes.iter().flat_map(|a| a.args.iter().flatten()).filter(|a| a.name.is_some()).collect();
    c.rng.pick(&named).copied()
}
