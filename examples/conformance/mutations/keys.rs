//! Ids, uniques and indexes.

use super::mutate::{Cx, Kind};
use prisma_stage::ast::{Attribute, Expr};
use prisma_stage::source::Span;

const OPS: &[&str] = &[
    "JsonbPathOps",
    "JsonbOps",
    "ArrayOps",
    "InetOps",
    "TextOps",
    "BitMinMaxOps",
    "Int4MinMaxOps",
    "Int4BloomOps",
    "TextMinMaxOps",
    "UuidMinMaxOps",
    "TimestampMinMaxOps",
    "DateMinMaxOps",
    "NumericMinMaxOps",
    "Float8MinMaxOps",
    "Int8BloomOps",
    "ByteaMinMaxOps",
    "InetMinMaxOps",
    "InetInclusionOps",
    "raw(\"x_ops\")",
    "raw()",
    "raw(x)",
    "Foo",
    "\"x\"",
    "1",
    "jsonb_path_ops",
];

pub(super) const KINDS: &[Kind] = &[
    ("add-index", |c| {
        let model = c.a_model()?;
        let fields = c.some_fields(model, 3);
        let fields: Vec<_> = fields.iter().map(|f| format!("{f}{}", field_options(c))).collect();
        let name = c.rng.word(&["@@index", "@@unique", "@@id", "@@fulltext", "@@index"]);
        let option = index_option(c);
        c.add_line(model.span, &format!("{name}([{}]{option})", fields.join(", ")))
    }),
    ("add-plain-index", |c| {
        let model = c.a_model()?;
        let fields = c.some_fields(model, 2).join(", ");
        let name = c.rng.word(&["@@index", "@@unique", "@@id", "@@fulltext"]);
        c.add_line(model.span, &format!("{name}([{fields}])"))
    }),
    ("index-type", |c| {
        let model = c.a_model()?;
        let field = c.some_fields(model, 1).join("");
        let ty = c.rng.word(&["BTree", "Hash", "Gin", "Gist", "SpGist", "Brin", "FullText", "Foo", "gin", "\"Gin\""]);
        let ops = if c.rng.one_in(2) { format!("(ops: {})", c.rng.word(OPS)) } else { String::new() };
        c.add_line(model.span, &format!("@@index([{field}{ops}], type: {ty})"))
    }),
    ("index-field-options", |c| {
        let attribute = an_index(c)?;
        let (items, _) = fields(attribute)?;
        let item = c.rng.pick(items)?.span();
        let new = field_options(c);
        c.after(item, new)
    }),
    ("index-fields", |c| {
        let model = c.a_model()?;
        let attribute = c.rng.pick(&model.attributes)?;
        let (_, span) = fields(attribute)?;
        let new = c.some_fields(model, 3).join(", ");
        c.replace(span, format!("[{new}]"))
    }),
    ("index-option", |c| {
        let attribute = an_index(c)?;
        let (_, span) = fields(attribute)?;
        let new = index_option(c);
        c.after(span, new)
    }),
    ("same-name", |c| {
        let model = c.a_model()?;
        let field = c.some_fields(model, 1).join("");
        let other = c.a_model()?;
        let map = c.rng.word(&["same", "x"]);
        let there = c.some_fields(other, 1).join("");
        let (a, b) = (c.rng.word(&["@@index", "@@unique"]), c.rng.word(&["@@index", "@@unique"]));
        let argument = c.rng.word(&["map", "map", "name"]);
        if model.span == other.span {
            let lines = format!("{a}([{field}], {argument}: \"{map}\")\n  {b}([{there}], {argument}: \"{map}\")");
            return c.add_line(model.span, &lines);
        }
        c.add_line(model.span, &format!("{a}([{field}], {argument}: \"{map}\")"))?;
        c.add_line(other.span, &format!("{b}([{there}], {argument}: \"{map}\")"))
    }),
    ("name-of-another", |c| {
        let model = c.a_model()?;
        let field = c.some_fields(model, 1).join("");
        let other = c.a_model()?;
        let there = c.some_fields(other, 1).join("");
        let suffix = c.rng.word(&["pkey", "key", "idx", "fkey"]);
        let map = if suffix == "pkey" {
            format!("{}_pkey", other.name.name)
        } else {
            format!("{}_{there}_{suffix}", other.name.name)
        };
        let kind = c.rng.word(&["@@index", "@@unique", "@@id"]);
        c.add_line(model.span, &format!("{kind}([{field}], map: \"{map}\")"))
    }),
    ("index-of-unique", |c| {
        let (model, field) =
            c.a_field_where(|f| f.attributes.iter().any(|a| matches!(a.name.name, "unique" | "id")))?;
        let kind = c.rng.word(&["@@index", "@@unique", "@@id"]);
        c.add_line(model.span, &format!("{kind}([{}])", field.name.name))
    }),
    ("long-names", |c| {
        let model = c.a_model()?;
        let fields = c.some_fields(model, 3).join(", ");
        let map = "n".repeat(20 + c.rng.below(240));
        let kind = c.rng.word(&["@@index", "@@unique", "@@id", "@@map"]);
        let argument = c.rng.word(&["map", "map", "name"]);
        let line = if kind == "@@map" {
            format!("@@map(\"{map}\")")
        } else {
            format!("{kind}([{fields}], {argument}: \"{map}\")")
        };
        c.add_line(model.span, &line)
    }),
    ("change-id", |c| {
        let (_, field) = c.a_field_where(|f| f.attributes.iter().any(|a| a.name.name == "id"))?;
        let attribute = field.attributes.iter().find(|a| a.name.name == "id")?;
        const NEW: &[&str] = &[
            "@unique",
            "",
            "@id(map: \"x\")",
            "@id(map: \"\")",
            "@id(sort: Desc)",
            "@id(length: 5)",
            "@id(clustered: false)",
            "@id @unique",
            "@id @id",
            "@id(\"x\")",
            "@id(name: \"x\")",
            "@id @ignore",
            "@id @updatedAt",
            "@id @map(\"x\")",
            "@id()",
            "@id(length: 5, sort: Desc)",
        ];
        let new = c.rng.word(NEW);
        c.replace(attribute.span, new)
    }),
    ("partial-index", |c| {
        const WHERE: &[&str] = &[
            "raw(\"true\")",
            "raw(\"\")",
            "raw()",
            "raw(1)",
            "\"x\"",
            "true",
            "{}",
            "{ F: null }",
            "{ F: 1 }",
            "{ F: \"x\" }",
            "{ F: true }",
            "{ F: { not: null } }",
            "{ F: { gt: 1 } }",
            "{ F: { not: { not: 1 } } }",
            "{ nope: 1 }",
            "{ F: [1] }",
            "{ F: now() }",
            "{ F: 1, F: 2 }",
            "raw(\"a\", \"b\")",
            "{ F: A }",
            "{ F: 1.5 }",
            "{ F: { not: \"x\" } }",
        ];
        let model = c.a_model()?;
        let (field, other) = (c.some_fields(model, 1).join(""), c.some_fields(model, 1).join(""));
        let condition = c.rng.word(WHERE).replace('F', &other);
        let kind = c.rng.word(&["@@index", "@@unique", "@@id", "@@fulltext"]);
        c.add_line(model.span, &format!("{kind}([{field}], where: {condition})"))
    }),
];

fn an_index<'a>(c: &mut Cx<'a>) -> Option<&'a Attribute<'a>> {
    c.an_attribute_where(true, |a| fields(a).is_some())
}

fn fields<'a>(attribute: &'a Attribute<'a>) -> Option<(&'a [Expr<'a>], Span)> {
    attribute.args.as_deref()?.iter().find_map(|a| match &a.value {
        Some(Expr::Array(items, span)) => Some((&items[..], *span)),
        _ => None,
    })
}

fn field_options(c: &mut Cx<'_>) -> String {
    match c.rng.below(8) {
        0 => "(sort: Desc)".to_owned(),
        1 => "(sort: Asc)".to_owned(),
        2 => "(length: 10)".to_owned(),
        3 => c
            .rng
            .word(&[
                "(length: 0)",
                "(length: -1)",
                "(length: x)",
                "(sort: Down)",
                "(sort: \"Desc\")",
                "(foo: 1)",
                "(length: 99999999999)",
                "(Desc)",
                "()",
                "(10)",
            ])
            .to_owned(),
        4 => format!("(ops: {})", c.rng.word(OPS)),
        5 => "(length: 5, sort: Desc)".to_owned(),
        _ => String::new(),
    }
}

fn index_option(c: &mut Cx<'_>) -> String {
    const OPTIONS: &[&str] = &[
        "",
        "",
        "",
        ", map: \"m\"",
        ", name: \"n\"",
        ", map: \"m\", name: \"n\"",
        ", type: BTree",
        ", type: Hash",
        ", type: Gin",
        ", type: Gist",
        ", type: SpGist",
        ", type: Brin",
        ", type: Foo",
        ", clustered: true",
        ", clustered: false",
        ", clustered: x",
        ", clustered: \"true\"",
        ", foo: 1",
        ", sort: Desc",
        ", length: 3",
        ", map: \"\"",
        ", name: \"\"",
        ", name: \"a b\"",
        ", name: \"a-b\"",
        ", type: \"Hash\"",
        ", where: raw(\"true\")",
        ", map: m",
    ];
    c.rng.word(OPTIONS).to_owned()
}
