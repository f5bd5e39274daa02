//! Enums and their values.

use super::blocks::ODD_NAMES;
use super::mutate::Kind;

pub(super) const KINDS: &[Kind] = &[
    ("delete-value", |c| {
        let value = c.a_value()?;
        let lines = c.lines(value.span);
        c.delete(lines)
    }),
    ("double-value", |c| {
        let value = c.a_value()?;
        let text = c.text(value.span);
        c.after(value.span, format!("\n  {text}"))
    }),
    ("rename-value", |c| {
        let value = c.a_value()?;
        c.after(value.name.span, "X")
    }),
    ("value-name-odd", |c| {
        let value = c.a_value()?;
        let new = c.rng.word(ODD_NAMES);
        c.replace(value.name.span, new)
    }),
    ("value-attribute", |c| {
        const ATTRIBUTES: &[&str] = &[
            "@map(\"x\")",
            "@map(\"\")",
            "@map",
            "@map()",
            "@map(1)",
            "@map(\"x\") @map(\"y\")",
            "@id",
            "@default",
            "@unique",
            "@ignore",
            "@foo",
            "@db.Text",
            "@@map(\"x\")",
            "@map(name: \"x\")",
            "@map(nmae: \"x\")",
            "@map(x)",
            "= 1",
            ",",
            "Int",
            "?",
            "@map(\"x\", \"y\")",
        ];
        let value = c.a_value()?;
        let new = c.rng.word(ATTRIBUTES);
        c.after(value.span, format!(" {new}"))
    }),
    ("value-mapped-as-another", |c| {
        let item = c.an_enum()?;
        let (value, other) = (c.rng.pick(&item.values)?, c.rng.pick(&item.values)?);
        c.after(value.span, format!(" @map(\"{}\")", other.name.name))
    }),
    ("enum-attribute", |c| {
        const ATTRIBUTES: &[&str] = &[
            "@@map(\"x\")",
            "@@map(\"\")",
            "@@map",
            "@@map(1)",
            "@@schema(\"public\")",
            "@@schema(\"x\")",
            "@@schema",
            "@@id([A])",
            "@@ignore",
            "@@unique([A])",
            "@@foo",
            "@map(\"x\")",
            "@@map(name: \"x\")",
            "@@map(\"users\")",
        ];
        let item = c.an_enum()?;
        let new = c.rng.word(ATTRIBUTES);
        c.add_line(item.span, new)
    }),
];
