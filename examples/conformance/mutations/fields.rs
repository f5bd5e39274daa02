//! Fields: names, types, arity, places.

use super::blocks::ODD_NAMES;
use super::mutate::{Cx, Kind};
use prisma_stage::ast::{Field, FieldType};
use prisma_stage::source::Span;

pub(super) const KINDS: &[Kind] = &[
    ("delete-field", |c| {
        let (_, field) = c.a_field()?;
        let lines = c.lines(field.span);
        c.delete(lines)
    }),
    ("double-field", |c| {
        let (_, field) = c.a_field()?;
        let text = c.text(field.span);
        c.after(field.span, format!("\n  {text}"))
    }),
    ("double-field-renamed", |c| {
        let (_, field) = c.a_field()?;
        let text = c.text(Span { start: field.name.span.end, ..field.span });
        c.after(field.span, format!("\n  {}2{text}", field.name.name))
    }),
    ("rename-field", |c| {
        let (_, field) = c.a_field()?;
        c.after(field.name.span, "X")
    }),
    ("rename-field-as-another", |c| {
        let (model, field) = c.a_field()?;
        let other = c.rng.pick(&model.fields)?;
        c.replace(field.name.span, other.name.name)
    }),
    ("field-name-odd", |c| {
        let (_, field) = c.a_field()?;
        let new = c.rng.word(ODD_NAMES);
        c.replace(field.name.span, new)
    }),
    ("retype-as-scalar", |c| {
        let (_, field) = c.a_field()?;
        let new = c.rng.word(SCALARS);
        c.replace(type_span(field), new)
    }),
    ("retype-column", |c| {
        let (_, field) = c.a_column()?;
        let new = c.rng.word(SCALARS);
        c.replace(type_span(field), new)
    }),
    ("retype-as-block", |c| {
        let (_, field) = c.a_field()?;
        let names: Vec<_> =
            c.models().iter().map(|m| m.name.name).chain(c.enums().iter().map(|e| e.name.name)).collect();
        let new = *c.rng.pick(&names)?;
        c.replace(type_span(field), new)
    }),
    ("retype-as-enum", |c| {
        let (_, field) = c.a_column()?;
        let item = c.an_enum()?;
        c.replace(type_span(field), item.name.name)
    }),
    ("retype-misspelt", |c| {
        const TYPES: &[&str] = &[
            "string",
            "Strnig",
            "Integer",
            "Bool",
            "boolean",
            "Text",
            "Datetime",
            "Date",
            "JSON",
            "UUID",
            "Uuid",
            "Number",
            "Bigint",
            "Foo",
            "Long",
            "Double",
            "Byte",
            "Object",
            "Any",
            "ID",
            "Unsupported",
            "Unsupported(x)",
            "Unsupported(\"\")",
            "Unsupported(\"a\", \"b\")",
            "Unsupported(\"inet\")",
            "String(20)",
            "Int(11)",
            "List<Int>",
            "db.Int",
            "\"String\"",
            "[String]",
            "String | Int",
        ];
        let (_, field) = c.a_field()?;
        let new = c.rng.word(TYPES);
        c.replace(type_span(field), new)
    }),
    ("case-of-type", |c| {
        let (_, field) = c.a_field()?;
        let span = type_span(field);
        let text = c.text(span);
        let upper = c.rng.one_in(2);
        c.replace(span, if upper { text.to_uppercase() } else { text.to_lowercase() })
    }),
    ("without-type", |c| {
        let (_, field) = c.a_field()?;
        c.delete(type_span(field))
    }),
    ("arity", |c| {
        let (_, field) = c.a_field()?;
        let new = c.rng.word(&["?", "[]", "", "[]?", "?[]", "!", "[][]", "[3]", " ?", " []"]);
        c.replace(arity_span(c, field), new)
    }),
    ("arity-of-column", |c| {
        let (_, field) = c.a_column()?;
        let new = c.rng.word(&["?", "[]", ""]);
        c.replace(arity_span(c, field), new)
    }),
    ("arity-of-relation", |c| {
        let (_, field) = c.a_relation()?;
        let new = c.rng.word(&["?", "[]", ""]);
        c.replace(arity_span(c, field), new)
    }),
    ("move-field", |c| {
        let (_, field) = c.a_field()?;
        let model = c.a_model()?;
        let lines = c.lines(field.span);
        let text = c.text(field.span).to_owned();
        c.delete(lines)?;
        c.add_line(model.span, &text)
    }),
    ("copy-field", |c| {
        let (_, field) = c.a_field()?;
        let model = c.a_model()?;
        let text = c.text(field.span).to_owned();
        c.add_line(model.span, &text)
    }),
    ("swap-types", |c| {
        let ((_, a), (_, b)) = (c.a_field()?, c.a_field()?);
        let (first, second) = (c.text(type_span(a)), c.text(type_span(b)));
        c.replace(type_span(a), second)?;
        c.replace(type_span(b), first)
    }),
    ("only-name-and-type", |c| {
        let (_, field) = c.a_field_where(|f| !f.attributes.is_empty())?;
        let from = arity_span(c, field).end;
        c.delete(Span { start: from, ..field.span })
    }),
    ("add-field", |c| {
        const FIELDS: &[&str] = &[
            "extra Int",
            "extra Json",
            "extra Json[]",
            "extra Bytes[]",
            "extra String[]",
            "extra Decimal",
            "extra Decimal[]",
            "extra BigInt[]",
            "extra Int @default(autoincrement())",
            "extra Int @unique",
            "extra Int? @unique",
            "extra Int @id",
            "extra String @id",
            "extra Int[] @unique",
            "extra Unsupported(\"x\")",
            "extra Unsupported(\"x\") @unique",
            "extra Unsupported(\"x\")[]",
            "extra Unsupported(\"x\") @default(\"y\")",
            "extra String @map(\"id\")",
            "extra String @map(\"name\")",
            "extra String @map(\"\")",
            "extra DateTime @updatedAt",
            "extra DateTime? @updatedAt",
            "extra DateTime[] @updatedAt",
            "extra DateTime @updatedAt @default(now())",
            "extra Int @updatedAt",
            "extra Int @ignore",
            "extra Json @unique",
            "extra Json @id",
            "extra Float @unique",
            "extra Bytes @unique",
            "extra Json @default(\"{}\")",
            "extra Json @default(\"{\")",
            "extra Json[] @default([\"1\"])",
            "extra Boolean[]",
            "extra Int[] @default([1])",
            "extra Int[] @default(1)",
            "extra Int[] @default([])",
            "extra Int @default([1])",
        ];
        let model = c.a_model()?;
        let field = c.rng.word(FIELDS);
        c.add_line(model.span, field)
    }),
];

pub(super) const SCALARS: &[&str] =
    &["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported(\"x\")"];

/// Where the type stands, without its arity.
pub(super) fn type_span(field: &Field<'_>) -> Span {
    match &field.ty {
        FieldType::Name(name) => name.span,
        // From the keyword to the parenthesis.
        FieldType::Unsupported(raw) => Span {
            start: raw.span.start - u32::try_from("Unsupported(".len()).unwrap_or(0),
            end: raw.span.end + 1,
            ..raw.span
        },
    }
}

/// Where `?` or `[]` stands, or would.
pub(super) fn arity_span(c: &Cx<'_>, field: &Field<'_>) -> Span {
    let end = type_span(field).end;
    let rest = &c.whole(field.span.file)[end as usize..];
    let taken = rest.len() - rest.trim_start_matches(['?', '[', ']']).len();
    Span { start: end, end: end + u32::try_from(taken).unwrap_or(0), ..field.span }
}
