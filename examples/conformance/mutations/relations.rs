//! Relations.

use super::fields::arity_span;
use super::mutate::{Cx, Kind, type_name};
use prisma_stage::ast::{Attribute, Expr, Field, Model};
use prisma_stage::source::Span;

const ACTIONS: &[&str] = &[
    "Cascade",
    "Restrict",
    "NoAction",
    "SetNull",
    "SetDefault",
    "cascade",
    "CASCADE",
    "Foo",
    "\"Cascade\"",
    "Cascade()",
    "[Cascade]",
];

pub(super) const KINDS: &[Kind] = &[
    ("delete-relation-field", |c| {
        let (_, field) = c.a_relation()?;
        let lines = c.lines(field.span);
        c.delete(lines)
    }),
    ("delete-relation-attribute", |c| {
        let attribute = a_relation(c)?.2;
        c.delete(attribute.span)
    }),
    ("relation-argument-gone", |c| {
        let attribute = a_relation(c)?.2;
        let args = attribute.args.as_deref()?;
        let at = c.rng.below(args.len());
        let kept: Vec<_> = args.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, a)| c.text(a.span)).collect();
        c.replace(Span { start: attribute.name.span.end, ..attribute.span }, format!("({})", kept.join(", ")))
    }),
    ("relation-fields", |c| {
        let (model, _, attribute) = a_relation(c)?;
        let span = argument(attribute, "fields")?;
        let fields = c.some_fields(model, 2).join(", ");
        c.replace(span, format!("[{fields}]"))
    }),
    ("relation-references", |c| {
        let (_, field, attribute) = a_relation(c)?;
        let span = argument(attribute, "references")?;
        let target = c.models().into_iter().find(|m| m.name.name == type_name(field))?;
        let fields = c.some_fields(target, 2).join(", ");
        c.replace(span, format!("[{fields}]"))
    }),
    ("swap-fields-and-references", |c| {
        let attribute = a_relation(c)?.2;
        let (fields, references) = (argument(attribute, "fields")?, argument(attribute, "references")?);
        let (a, b) = (c.text(fields), c.text(references));
        c.replace(fields, b)?;
        c.replace(references, a)
    }),
    ("relation-action", |c| {
        let attribute = a_relation(c)?.2;
        let action = c.rng.word(ACTIONS);
        let name = c.rng.word(&["onDelete", "onUpdate"]);
        match argument(attribute, name) {
            Some(span) => c.replace(span, action),
            None => add(c, attribute, &format!("{name}: {action}")),
        }
    }),
    ("valid-relation-action", |c| {
        let attribute = a_relation_with_key(c)?.2;
        let action = c.rng.word(&["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]);
        let name = c.rng.word(&["onDelete", "onUpdate"]);
        match argument(attribute, name) {
            Some(span) => c.replace(span, action),
            None => add(c, attribute, &format!("{name}: {action}")),
        }
    }),
    ("relation-name", |c| {
        let attribute = a_relation(c)?.2;
        let name = c.rng.word(&[
            "\"other\"",
            "\"\"",
            "name: \"other\"",
            "name: other",
            "name: 1",
            "name: \"a b\"",
            "\"a.b\"",
            "\"é\"",
            "\"1\"",
        ]);
        match attribute.args.as_deref()?.iter().find(|a| a.name.is_none_or(|n| n.name == "name")) {
            Some(arg) => c.replace(arg.span, name),
            None => {
                let first = attribute.args.as_deref()?.first()?;
                c.before(first.span, format!("{name}, "))
            }
        }
    }),
    ("name-relation", |c| {
        let (_, field) = c.a_relation()?;
        let name = c.rng.word(&["other", "x", ""]);
        match field.attributes.iter().find(|a| a.name.name == "relation") {
            Some(attribute) => add(c, attribute, &format!("name: \"{name}\"")),
            None => c.after(field.span, format!(" @relation(\"{name}\")")),
        }
    }),
    ("relation-map", |c| {
        let attribute = a_relation(c)?.2;
        let new = c.rng.word(&["map: \"fk\"", "map: \"\"", "map: fk", "map: 1"]);
        add(c, attribute, new)
    }),
    ("second-relation", |c| {
        let (_, field) = c.a_relation()?;
        let text = c.text(Span { start: field.name.span.end, ..field.span });
        c.after(field.span, format!("\n  {}Too{text}", field.name.name))
    }),
    ("add-relation", |c| {
        let (model, target) = (c.a_model()?, c.a_model()?);
        let own = model.fields.first()?.name.name;
        let name = target.name.name;
        let line = match c.rng.below(8) {
            0 => format!("added {name}[]"),
            1 => format!("added {name}?"),
            2 => format!("added {name}"),
            3 => format!("added {name} @relation(fields: [{own}], references: [id])"),
            4 => format!("added {name}? @relation(fields: [{own}], references: [id])"),
            5 => format!("added {name}[] @relation(\"new\")"),
            6 => format!("added {name}[] @relation(fields: [{own}], references: [id])"),
            _ => format!("added {name} @relation(\"new\", fields: [{own}], references: [id])"),
        };
        c.add_line(model.span, &line)
    }),
    ("add-both-sides", |c| {
        let (model, target) = (c.a_model()?, c.a_model()?);
        let own = c.some_fields(model, 1).join("");
        let there = c.some_fields(target, 1).join("");
        let (a, b) = (c.rng.word(&["", "?", "[]"]), c.rng.word(&["", "?", "[]"]));
        let action = c.rng.word(&["", "", ", onDelete: SetNull", ", onDelete: Cascade", ", onUpdate: NoAction"]);
        let line = match c.rng.below(3) {
            0 => format!("added {}{a} @relation(\"new\")", target.name.name),
            _ => format!(
                "added {}{a} @relation(\"new\", fields: [{own}], references: [{there}]{action})",
                target.name.name
            ),
        };
        let other = format!("addedBack {}{b} @relation(\"new\")", model.name.name);
        if model.span == target.span {
            return c.add_line(model.span, &format!("{line}\n  {other}"));
        }
        c.add_line(model.span, &line)?;
        c.add_line(target.span, &other)
    }),
    ("add-self-relation", |c| {
        let model = c.a_model()?;
        let (own, there) = (c.some_fields(model, 1).join(""), c.some_fields(model, 1).join(""));
        let (a, b) = (c.rng.word(&["", "?", "[]"]), c.rng.word(&["", "?", "[]"]));
        let name = model.name.name;
        let line = match c.rng.below(5) {
            0 => format!("selfA {name}{a} @relation(\"self\")\n  selfB {name}{b} @relation(\"self\")"),
            1 => format!("selfA {name}{a} @relation(\"self\")"),
            2 => format!("selfA {name}{a}\n  selfB {name}{b}"),
            3 => format!("selfA {name}{a}"),
            _ => format!(
                "selfA {name}{a} @relation(\"self\", fields: [{own}], references: [{there}])\n  selfB {name}{b} @relation(\"self\")"
            ),
        };
        c.add_line(model.span, &line)
    }),
    ("relation-on-the-other-side", |c| {
        let (_, field, attribute) = a_relation_with_key(c)?;
        let target = c.models().into_iter().find(|m| m.name.name == type_name(field))?;
        let text = c.text(attribute.span).to_owned();
        let other = target.fields.iter().find(|f| f.attributes.is_empty())?;
        c.after(other.span, format!(" {text}"))?;
        if c.rng.one_in(2) { c.delete(attribute.span) } else { Some(()) }
    }),
    ("key-field-arity", |c| {
        let (model, _, attribute) = a_relation_with_key(c)?;
        let key = key_field(model, attribute)?;
        let new = c.rng.word(&["?", "[]", ""]);
        c.replace(arity_span(c, key), new)
    }),
    ("key-field-type", |c| {
        let (model, _, attribute) = a_relation_with_key(c)?;
        let key = key_field(model, attribute)?;
        let new = c.rng.word(super::fields::SCALARS);
        c.replace(super::fields::type_span(key), new)
    }),
    ("key-field-gone", |c| {
        let (model, _, attribute) = a_relation_with_key(c)?;
        let key = key_field(model, attribute)?;
        let lines = c.lines(key.span);
        c.delete(lines)
    }),
    ("key-field-attribute", |c| {
        let (model, _, attribute) = a_relation_with_key(c)?;
        let key = key_field(model, attribute)?;
        let new = c.rng.word(&["@unique", "@id", "@ignore", "@map(\"k\")", "@default(1)", "@updatedAt", "@relation"]);
        c.after(key.span, format!(" {new}"))
    }),
    ("unique-gone", |c| {
        let name = c.rng.word(&["unique", "id"]);
        let of_blocks = c.rng.one_in(3);
        let attribute = c.an_attribute_where(of_blocks, |a| a.name.name == name)?;
        c.delete(attribute.span)
    }),
];

/// A field with `@relation(…)`.
fn a_relation<'a>(c: &mut Cx<'a>) -> Option<(&'a Model<'a>, &'a Field<'a>, &'a Attribute<'a>)> {
    let (model, field) =
        c.a_field_where(|f| f.attributes.iter().any(|a| a.name.name == "relation" && a.args.is_some()))?;
    let attribute = field.attributes.iter().find(|a| a.name.name == "relation")?;
    Some((model, field, attribute))
}

/// One that names its foreign key.
fn a_relation_with_key<'a>(c: &mut Cx<'a>) -> Option<(&'a Model<'a>, &'a Field<'a>, &'a Attribute<'a>)> {
    let (model, field) = c.a_field_where(|f| f.attributes.iter().any(|a| argument(a, "fields").is_some()))?;
    let attribute = field.attributes.iter().find(|a| a.name.name == "relation")?;
    Some((model, field, attribute))
}

fn key_field<'a>(model: &'a Model<'a>, attribute: &Attribute<'a>) -> Option<&'a Field<'a>> {
    let value =
        attribute.args.as_deref()?.iter().find(|a| a.name.is_some_and(|n| n.name == "fields"))?.value.as_ref()?;
    let Expr::Array(items, _) = value else { return None };
    let Some(Expr::Constant(name)) = items.first() else { return None };
    model.fields.iter().find(|f| f.name.name == name.name)
}

fn argument(attribute: &Attribute<'_>, name: &str) -> Option<Span> {
    let arg = attribute.args.as_deref()?.iter().find(|a| a.name.is_some_and(|n| n.name == name))?;
    arg.value.as_ref().map(Expr::span)
}

fn add(c: &mut Cx<'_>, attribute: &Attribute<'_>, text: &str) -> Option<()> {
    let last = attribute.args.as_deref()?.last()?;
    c.after(last.span, format!(", {text}"))
}
