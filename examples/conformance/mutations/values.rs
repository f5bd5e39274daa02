//! Defaults.

use super::mutate::{Cx, Kind, type_name};
use prisma_stage::ast::{Attribute, Field};

/// Constants of every kind, right and wrong.
const CONSTANTS: &[&str] = &[
    "1",
    "-1",
    "0",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "1.5",
    "-1.5",
    "1.",
    "99999999999999999999999999.5",
    "true",
    "false",
    "TRUE",
    "\"true\"",
    "\"\"",
    "\"x\"",
    "\"1\"",
    "\"1.5\"",
    "\"abc\"",
    "\"{}\"",
    "\"[]\"",
    "\"{\\\"a\\\": 1}\"",
    "\"{a: 1}\"",
    "\"null\"",
    "null",
    "\"2020-01-01\"",
    "\"2020-01-01T00:00:00Z\"",
    "\"2020-01-01T00:00:00+02:00\"",
    "\"2020-13-01T00:00:00Z\"",
    "\"2020-01-01 00:00:00\"",
    "\"12:00\"",
    "\"aGVsbG8=\"",
    "\"aGVsbG8\"",
    "\"***\"",
    "[]",
    "[1]",
    "[1, 2]",
    "[\"a\"]",
    "[\"a\", 1]",
    "[true]",
    "[[]]",
    "[1.5]",
    "A",
    "foo",
    "{}",
    "{ a: 1 }",
    "\"1e3\"",
    "1e3",
    "\"\\u0041\"",
    "\"NaN\"",
    "\"Infinity\"",
    "007",
    "\" 1\"",
    "[now()]",
    "[A]",
    "\"2020-01-01T24:00:00Z\"",
];

const FUNCTIONS: &[&str] = &[
    "now()",
    "now(3)",
    "now",
    "uuid()",
    "uuid(4)",
    "uuid(7)",
    "uuid(5)",
    "uuid(\"4\")",
    "uuid(4, 7)",
    "cuid()",
    "cuid(1)",
    "cuid(2)",
    "cuid(3)",
    "cuid(a)",
    "nanoid()",
    "nanoid(1)",
    "nanoid(2)",
    "nanoid(21)",
    "nanoid(255)",
    "nanoid(256)",
    "nanoid(0)",
    "nanoid(-1)",
    "nanoid(\"x\")",
    "ulid()",
    "ulid(1)",
    "auto()",
    "auto(1)",
    "autoincrement()",
    "autoincrement(1)",
    "autoincrement(start: 1)",
    "sequence()",
    "sequence(start: 1)",
    "sequence(start: 1, increment: 2)",
    "sequence(foo: 1)",
    "sequence(virtual: true)",
    "sequence(virtual: 1)",
    "sequence(start: x)",
    "sequence(cache: -1)",
    "sequence(start: \"1\")",
    "sequence(1)",
    "sequence(start: 1, start: 2)",
    "sequence(start: 99999999999)",
    "dbgenerated()",
    "dbgenerated(\"x\")",
    "dbgenerated(\"\")",
    "dbgenerated(1)",
    "dbgenerated(value: \"x\")",
    "dbgenerated(\"a\", \"b\")",
    "dbgenerated(\" \")",
    "env(\"X\")",
    "foo()",
    "Now()",
    "NOW()",
    "uuidv4()",
    "raw(\"x\")",
    "now().x",
    "gen_random_uuid()",
    "uuid(version: 7)",
    "nanoid(length: 5)",
    "dbgenerated(x)",
    "now(foo: 1)",
    "sequence(minValue: 1, maxValue: 5)",
    "sequence(minValue: 5, maxValue: 1)",
];

pub(super) const KINDS: &[Kind] = &[
    ("default-as-constant", |c| {
        let (attribute, _) = a_default(c)?;
        let new = c.rng.word(CONSTANTS);
        set(c, attribute, new)
    }),
    ("default-as-function", |c| {
        let (attribute, _) = a_default(c)?;
        let new = c.rng.word(FUNCTIONS);
        set(c, attribute, new)
    }),
    ("default-of-another", |c| {
        let ((a, _), (b, _)) = (a_default(c)?, a_default(c)?);
        let text = c.text(b.span);
        c.replace(a.span, text)
    }),
    ("add-default-constant", |c| {
        let (_, field) = a_column_without_default(c)?;
        let new = c.rng.word(CONSTANTS);
        c.after(field.span, format!(" @default({new})"))
    }),
    ("add-default-function", |c| {
        let (_, field) = a_column_without_default(c)?;
        let new = c.rng.word(FUNCTIONS);
        c.after(field.span, format!(" @default({new})"))
    }),
    ("fitting-default", |c| {
        let (_, field) = a_column_without_default(c)?;
        let new = fitting(c, field);
        c.after(field.span, format!(" @default({new})"))
    }),
    ("fitting-function", |c| {
        const OF: &[(&str, &[&str])] = &[
            (
                "Int",
                &[
                    "autoincrement()",
                    "sequence()",
                    "dbgenerated(\"1\")",
                    "sequence(start: 3, virtual: true)",
                    "autoincrement(x)",
                ],
            ),
            ("BigInt", &["autoincrement()", "sequence()", "dbgenerated(\"1\")", "sequence(start: 3)"]),
            (
                "String",
                &[
                    "uuid()",
                    "uuid(7)",
                    "cuid()",
                    "cuid(2)",
                    "nanoid()",
                    "nanoid(9)",
                    "ulid()",
                    "auto()",
                    "dbgenerated(\"x\")",
                    "now()",
                    "nanoid(1)",
                    "cuid(9)",
                    "uuid(1)",
                ],
            ),
            ("DateTime", &["now()", "dbgenerated(\"now()\")", "now(1)"]),
        ];
        let (name, functions) = *c.rng.pick(OF)?;
        let (_, field) = c.a_field_where(|f| type_name(f) == name)?;
        let new = c.rng.word(functions);
        match field.attributes.iter().find(|a| a.name.name == "default") {
            Some(attribute) => set(c, attribute, new),
            None => c.after(field.span, format!(" @default({new})")),
        }
    }),
    ("default-of-an-enum", |c| {
        let enums: Vec<_> = c.enums().iter().map(|e| e.name.name).collect();
        let (_, field) = c.a_field_where(|f| enums.contains(&type_name(f)))?;
        let value = c.a_value()?;
        let new = match c.rng.below(6) {
            0 => format!("\"{}\"", value.name.name),
            1 => value.name.name.to_lowercase(),
            2 => format!("[{}]", value.name.name),
            3 => format!("{}.{}", type_name(field), value.name.name),
            _ => value.name.name.to_owned(),
        };
        match field.attributes.iter().find(|a| a.name.name == "default") {
            Some(attribute) => set(c, attribute, &new),
            None => c.after(field.span, format!(" @default({new})")),
        }
    }),
    ("default-map", |c| {
        let (attribute, _) = a_default(c)?;
        let last = attribute.args.as_deref()?.last()?;
        let new =
            c.rng.word(&["map: \"df\"", "map: \"\"", "map: 1", "name: \"df\"", "1", "value: 1", "map: \"df_name\""]);
        c.after(last.span, format!(", {new}"))
    }),
];

fn set(c: &mut Cx<'_>, attribute: &Attribute<'_>, value: &str) -> Option<()> {
    c.replace(attribute.span, format!("@default({value})"))
}

fn a_default<'a>(c: &mut Cx<'a>) -> Option<(&'a Attribute<'a>, &'a Field<'a>)> {
    let (_, field) = c.a_field_where(|f| f.attributes.iter().any(|a| a.name.name == "default"))?;
    field.attributes.iter().find(|a| a.name.name == "default").map(|a| (a, field))
}

fn a_column_without_default<'a>(c: &mut Cx<'a>) -> Option<(&'a prisma_stage::ast::Model<'a>, &'a Field<'a>)> {
    let found = c.a_column()?;
    found.1.attributes.iter().all(|a| a.name.name != "default").then_some(found)
}

/// A constant that might fit.
fn fitting(c: &mut Cx<'_>, field: &Field<'_>) -> &'static str {
    match type_name(field) {
        "String" => c.rng.word(&["\"x\"", "\"\"", "\"a \\\"b\\\"\"", "x", "1"]),
        "Int" => c.rng.word(&["1", "-1", "2147483648", "1.0", "\"1\""]),
        "BigInt" => c.rng.word(&["1", "9223372036854775807", "9223372036854775808", "1.5"]),
        "Float" => c.rng.word(&["1", "1.5", "-0.1", "\"1\"", "1e5"]),
        "Decimal" => c.rng.word(&["1", "1.5", "\"1.5\"", "\"x\"", "\"1e5\"", "-3.20"]),
        "Boolean" => c.rng.word(&["true", "false", "1", "\"true\"", "True"]),
        "DateTime" => c.rng.word(&[
            "\"2020-01-01T00:00:00Z\"",
            "\"2020-01-01T00:00:00.123456Z\"",
            "\"2020-01-01\"",
            "\"now\"",
            "0",
        ]),
        "Json" => c.rng.word(&["\"{}\"", "\"1\"", "\"\\\"x\\\"\"", "\"{\"", "\"\"", "{}"]),
        "Bytes" => c.rng.word(&["\"aGVsbG8=\"", "\"\"", "\"x\"", "\"00\"", "1"]),
        _ => c.rng.word(&["A", "\"A\"", "1", "[]"]),
    }
}
