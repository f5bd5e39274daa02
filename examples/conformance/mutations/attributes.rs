//! Attributes: which, where, how often, in which order.

use super::mutate::{Cx, Kind};
use prisma_stage::ast::{Attribute, Model};
use prisma_stage::source::Span;

pub(super) const KINDS: &[Kind] = &[
    ("delete-attribute", |c| {
        let attribute = c.an_attribute()?;
        c.delete(attribute.span)
    }),
    ("double-attribute", |c| {
        let attribute = c.an_attribute()?;
        let text = c.text(attribute.span);
        let apart = if text.starts_with("@@") { "\n  " } else { " " };
        c.after(attribute.span, format!("{apart}{text}"))
    }),
    ("misspell-attribute", |c| {
        let attribute = c.an_attribute()?;
        let name = attribute.name.name;
        let at = c.rng.below(name.len());
        let new: String = name.char_indices().filter(|(i, _)| *i != at).map(|(_, ch)| ch).collect();
        c.replace(attribute.name.span, new)
    }),
    ("case-of-attribute", |c| {
        let attribute = c.an_attribute()?;
        let name = attribute.name.name;
        let upper = c.rng.one_in(2);
        c.replace(attribute.name.span, if upper { name.to_uppercase() } else { name.to_lowercase() })
    }),
    ("replace-attribute", |c| {
        const NAMES: &[&str] = &[
            "id",
            "unique",
            "default",
            "map",
            "relation",
            "updatedAt",
            "ignore",
            "index",
            "fulltext",
            "schema",
            "shardKey",
            "db.Text",
            "foo",
        ];
        let attribute = c.an_attribute()?;
        let new = c.rng.word(NAMES);
        c.replace(attribute.name.span, new)
    }),
    ("number-of-signs", |c| {
        let attribute = c.an_attribute()?;
        let signs = Span { end: attribute.name.span.start, ..attribute.span };
        let new = c.rng.word(&["", "@", "@@", "@@@", "@ "]);
        c.replace(signs, new)
    }),
    ("add-field-attribute", |c| {
        let (model, field) = c.a_field()?;
        let new = field_attribute(c, model);
        c.after(field.span, format!(" {new}"))
    }),
    ("add-column-attribute", |c| {
        let (model, field) = c.a_column()?;
        let new = field_attribute(c, model);
        c.after(field.span, format!(" {new}"))
    }),
    ("add-block-attribute", |c| {
        let model = c.a_model()?;
        let new = block_attribute(c, model);
        c.add_line(model.span, &new)
    }),
    ("move-attribute", |c| {
        let attribute = c.an_attribute_where(false, |_| true)?;
        let (_, field) = c.a_field()?;
        let text = c.text(attribute.span);
        c.delete(attribute.span)?;
        c.after(field.span, format!(" {text}"))
    }),
    ("copy-attribute", |c| {
        let attribute = c.an_attribute_where(false, |_| true)?;
        let (_, field) = c.a_field()?;
        let text = c.text(attribute.span);
        c.after(field.span, format!(" {text}"))
    }),
    ("copy-block-attribute", |c| {
        let attribute = c.an_attribute_where(true, |_| true)?;
        let model = c.a_model()?;
        let text = c.text(attribute.span).to_owned();
        c.add_line(model.span, &text)
    }),
    ("drop-parentheses", |c| {
        let attribute = an_attribute_with_arguments(c)?;
        c.delete(Span { start: attribute.name.span.end, ..attribute.span })
    }),
    ("empty-parentheses", |c| {
        let attribute = c.an_attribute()?;
        c.replace(Span { start: attribute.name.span.end, ..attribute.span }, "()")
    }),
    ("map-a-field", |c| {
        let (model, field) = c.a_column()?;
        let other = c.rng.pick(&model.fields)?;
        c.after(field.span, format!(" @map(\"{}\")", other.name.name))
    }),
    ("map-a-model", |c| {
        let (model, other) = (c.a_model()?, c.a_model()?);
        let name = other.attributes.iter().find(|a| a.name.name == "map").map(|a| c.text(a.span));
        let line = match name {
            Some(name) if c.rng.one_in(2) => name.to_owned(),
            Some(_) | None => format!("@@map(\"{}\")", other.name.name),
        };
        c.add_line(model.span, &line)
    }),
];

pub(super) fn an_attribute_with_arguments<'a>(c: &mut Cx<'a>) -> Option<&'a Attribute<'a>> {
    let of_blocks = c.rng.one_in(3);
    c.an_attribute_where(of_blocks, |a| a.args.as_ref().is_some_and(|args| !args.is_empty()))
}

fn field_attribute<'a>(c: &mut Cx<'a>, model: &'a Model<'a>) -> String {
    const ATTRIBUTES: &[&str] = &[
        "@id",
        "@id(map: \"x\")",
        "@id(\"x\")",
        "@id(sort: Desc)",
        "@id(length: 10)",
        "@id(clustered: false)",
        "@id(clustered: true)",
        "@id(foo: 1)",
        "@id(name: \"x\")",
        "@unique",
        "@unique(map: \"x\")",
        "@unique(\"x\")",
        "@unique(sort: Desc)",
        "@unique(length: 10)",
        "@unique(clustered: true)",
        "@unique(name: \"x\")",
        "@unique(map: \"\")",
        "@unique(sort: Up)",
        "@unique(where: raw(\"x\"))",
        "@updatedAt",
        "@updatedAt()",
        "@updatedAt(1)",
        "@ignore",
        "@ignore()",
        "@ignore(true)",
        "@map(\"other\")",
        "@map(\"\")",
        "@map(\"a b\")",
        "@map(\"$x\")",
        "@map(\"a.b\")",
        "@map",
        "@map(1)",
        "@map(\"_id\")",
        "@relation",
        "@relation(\"x\")",
        "@relation(fields: [id], references: [id])",
        "@shardKey",
        "@foo",
        "@index",
        "@unique @unique",
        "@default",
        "@default()",
        "@createdAt",
        "@fulltext",
        "@schema(\"x\")",
        "@map(name: \"x\")",
        "@map(names: \"x\")",
        "@db",
        "@db.Foo",
        "@foo.Text",
        "@@map(\"x\")",
        "@@index",
        "@map(\"x\") @map(\"y\")",
        "@id @unique",
        "@ID",
    ];
    match c.rng.below(8) {
        0 => {
            let fields = c.some_fields(model, 2).join(", ");
            format!("@relation(fields: [{fields}], references: [id])")
        }
        _ => c.rng.word(ATTRIBUTES).to_owned(),
    }
}

fn block_attribute<'a>(c: &mut Cx<'a>, model: &'a Model<'a>) -> String {
    const ATTRIBUTES: &[&str] = &[
        "@@ignore",
        "@@ignore()",
        "@@ignore(true)",
        "@@map(\"other\")",
        "@@map(\"\")",
        "@@map",
        "@@map(1)",
        "@@map(other)",
        "@@map(\"a b\")",
        "@@map(\"$a\")",
        "@@map(\"system.x\")",
        "@@schema(\"public\")",
        "@@schema(\"other\")",
        "@@schema",
        "@@schema(1)",
        "@@schema(\"\")",
        "@@id",
        "@@id()",
        "@@id([])",
        "@@unique",
        "@@unique([])",
        "@@index",
        "@@index([])",
        "@@fulltext([])",
        "@@fulltext",
        "@@shardKey([id])",
        "@@foo",
        "@@default(1)",
        "@@relation",
        "@@updatedAt",
        "@@index([nope])",
        "@@unique([nope])",
        "@@id([nope])",
        "@@fulltext([nope])",
        "@map(\"x\")",
        "@@map(name: \"x\")",
        "@@map(map: \"x\")",
        "@@INDEX([id])",
        "@@db.Foo",
        "@@allow('all', true)",
        "@@index(\"id\")",
        "@@index([\"id\"])",
    ];
    if c.rng.one_in(2) {
        return c.rng.word(ATTRIBUTES).to_owned();
    }
    let fields = c.some_fields(model, 3).join(", ");
    let name = c.rng.word(&["@@id", "@@unique", "@@index", "@@fulltext", "@@shardKey"]);
    let option =
        c.rng.word(&["", "", "", ", map: \"x\"", ", name: \"x\"", ", type: Hash", ", clustered: true", ", sort: Desc"]);
    format!("{name}([{fields}]{option})")
}
