//! The wording of what cannot be resolved; each message once.

use super::args::Owner;
use crate::ast::{Arg, Arity, Ident, Str};
use crate::diag::{Diagnostic, Edit};
use crate::model::suggest::{Near, near, nearest};
use crate::source::{FileId, Span};

/// Proposes the name that was meant, and writes it if there is but one; `sign` stands around it, in the schema too.
fn did_you_mean(d: Diagnostic, similar: Option<Near<'_>>, at: Span, sign: &str) -> Diagnostic {
    let Some(near) = similar else { return d };
    let text = format!("{sign}{}{sign}", near.name);
    let shown = if sign.is_empty() { format!("`{text}`") } else { text.clone() };
    proposed(d, near, Edit { span: at, text }, &shown)
}

/// The same for a name that is shown with what stands before it.
fn misspelt(d: Diagnostic, near: Near<'_>, at: Span, before: &str) -> Diagnostic {
    let shown = format!("`{before}{}`", near.name);
    proposed(d, near, Edit { span: at, text: near.name.to_owned() }, &shown)
}

fn proposed(d: Diagnostic, near: Near<'_>, edit: Edit, shown: &str) -> Diagnostic {
    let d = d.help(format!("did you mean {shown}?"));
    if near.alone { d.fix(format!("write {shown}"), vec![edit]) } else { d }
}

pub(super) fn duplicate(what: &str, second: Ident, first: Ident) -> Diagnostic {
    Diagnostic::error("PS0201", format!("there is already a {what} named `{}`", second.name))
        .at(second.span)
        .saying("named a second time here")
        .label(first.span, "first named here")
        .help("give one of them another name; `@map` or `@@map` keeps its name in the database")
}

pub(super) fn unknown_type(name: Ident, similar: Option<Near<'_>>) -> Diagnostic {
    let d =
        Diagnostic::error("PS0202", format!("there is no type `{}`", name.name)).at(name.span).saying("unknown type");
    match similar {
        Some(_) => did_you_mean(d, similar, name.span, ""),
        None => {
            d.help("a type is a scalar (String, Int, DateTime …), or a model, enum or composite type of this schema")
        }
    }
}

pub(super) fn unknown_field(model: &str, name: Ident, similar: Option<Near<'_>>) -> Diagnostic {
    let d = Diagnostic::error("PS0203", format!("`{model}` has no field `{}`", name.name))
        .at(name.span)
        .saying("unknown field");
    did_you_mean(d, similar, name.span, "")
}

pub(super) fn relation_field_in_key(owner: &str, name: Ident, fields: &[&str]) -> Diagnostic {
    let d = Diagnostic::error("PS0204", format!("{owner} names the relation field `{}`", name.name))
        .at(name.span)
        .saying("a relation has no column of its own");
    if fields.is_empty() {
        d.help("name the fields that hold the foreign key")
    } else {
        d.help(format!("name the fields that hold the foreign key: `{}`", fields.join(", ")))
    }
}

pub(super) fn unknown_attribute(at: &str, name: Ident, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::error("PS0205", format!("there is no attribute `{at}{}` here", name.name))
        .at(name.span)
        .saying("unknown attribute");
    match near(name.name, known.iter().copied()) {
        Some(near) => misspelt(d, near, name.span, at),
        None => {
            d.help(format!("known here: {}", known.iter().map(|k| format!("{at}{k}")).collect::<Vec<_>>().join(", ")))
        }
    }
}

pub(super) fn repeated_attribute(at: &str, name: Ident, first: Span) -> Diagnostic {
    Diagnostic::error("PS0206", format!("`{at}{}` can be given only once", name.name))
        .at(name.span)
        .saying("given again here")
        .label(first, "first given here")
        .help("remove one of them")
}

pub(super) fn bad_argument(owner: Owner<'_>, name: &str, wanted: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0207", format!("the argument `{name}` of {owner} has to be {wanted}"))
        .at(at)
        .saying(format!("expected {wanted}"))
}

pub(super) fn missing_argument(owner: Owner<'_>, name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0208", format!("{owner} lacks its argument `{name}`"))
        .at(at)
        .saying(format!("`{name}` is missing"))
}

pub(super) fn unknown_argument(owner: Owner<'_>, arg: &Arg<'_>, known: &[&str]) -> Diagnostic {
    let message = match arg.name {
        Some(name) if known.contains(&name.name) => format!("{owner} is given its argument `{}` twice", name.name),
        Some(name) => format!("{owner} takes no argument `{}`", name.name),
        None => format!("{owner} takes no further argument"),
    };
    let d = Diagnostic::error("PS0209", message).at(arg.span).saying("not expected");
    let similar = arg
        .name
        .and_then(|name| Some((near(name.name, known.iter().copied().filter(|k| *k != name.name))?, name.span)));
    match (similar, known) {
        (Some((near, at)), _) => did_you_mean(d, Some(near), at, ""),
        (None, []) => d.help("remove it"),
        (None, _) => d.help(format!("it takes: {}", known.join(", "))),
    }
}

pub(super) fn bad_default(ty: &str, wanted: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0210", format!("the default of a field of type {ty} has to be {wanted}"))
        .at(at)
        .saying(format!("expected {wanted}"))
}

pub(super) fn unknown_value(of: Ident, value: Ident, similar: Option<Near<'_>>) -> Diagnostic {
    let d = Diagnostic::error("PS0211", format!("the enum `{}` has no value `{}`", of.name, value.name))
        .at(value.span)
        .saying("unknown value")
        .label(of.span, "the enum");
    did_you_mean(d, similar, value.span, "")
}

pub(super) fn unknown_function(name: Ident, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::error("PS0212", format!("there is no function `{}()` for defaults", name.name))
        .at(name.span)
        .saying("unknown function");
    match nearest(name.name, known.iter().copied()) {
        // Not written by itself: keys of another kind would be made from then on.
        Some(similar) => d.help(format!("did you mean `{similar}()`?")),
        None => d.help(format!("known: {}", known.iter().map(|k| format!("{k}()")).collect::<Vec<_>>().join(", "))),
    }
}

pub(super) fn wrong_native_prefix(prefix: &str, datasource: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0213", format!("native types here begin with `@{datasource}.`, not with `@{prefix}.`"))
        .at(at)
        .saying("not the datasource's name")
        .help(format!("write `@{datasource}.…`: the prefix is the name of the datasource block"))
}

pub(super) fn misplaced(attribute: &str, why: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0214", format!("`{attribute}` has no meaning here: {why}")).at(at).saying("remove this")
}

pub(super) fn second_id(model: Ident, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error("PS0215", format!("`{}` has two ids", model.name))
        .at(model.span)
        .saying("a model has one")
        .label(first, "the first")
        .label(second, "the second")
        .help("a model has one `@id` or one `@@id([…])`; make the other one `@unique` or `@@unique`")
}

pub(super) fn empty_name(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0218", format!("{what} is empty"))
        .at(at)
        .saying("no name")
        .help("give a name, or leave it out")
}

pub(super) fn relation_in_composite(field: Ident, composite: &str) -> Diagnostic {
    Diagnostic::error("PS0216", format!("the composite type `{composite}` cannot hold records of a model"))
        .at(field.span)
        .saying("a relation inside a composite type")
        .help("keep the id of the record instead, or make the composite type a model")
}

pub(super) fn names_differ(label: &str, field: Ident, other_label: &str, other: Ident) -> Diagnostic {
    Diagnostic::error("PS0310", format!("`{label}` and `{other_label}` are not named as one relation"))
        .at(field.span)
        .saying("has no field of this relation on the other side")
        .label(other.span, "nor has this one")
        .help("if they belong together, give both the same name in `@relation(\"name\")`, or neither one")
}

/// A relation that lacks its other end.
pub(super) struct Opposite<'a> {
    pub(super) label: String,
    pub(super) field: Ident<'a>,
    /// What the missing field would be; Required: it would hold the foreign key.
    pub(super) of: Arity,
    pub(super) model: &'a str,
    pub(super) other: Ident<'a>,
    /// The block of the other model.
    pub(super) brace: Span,
    pub(super) relation: Option<&'a Str<'a>>,
    /// Does the other model have a field of this name?
    pub(super) taken: &'a dyn Fn(&str) -> bool,
}

pub(super) fn no_opposite(missing: &Opposite<'_>) -> Diagnostic {
    let Opposite { label, field, of, model, other, brace, relation, taken } = missing;
    let what = relation.map_or_else(String::new, |n| format!(" named \"{}\"", n.value));
    let named = relation.map_or_else(String::new, |n| format!(" @relation(\"{}\")", n.value));
    let mut name = lower_first(model);
    while taken(&name) {
        name += "_";
    }
    let to_add = match of {
        Arity::List => format!("{name} {model}[]{named}"),
        Arity::Optional => format!("{name} {model}?{named}"),
        Arity::Required => {
            let named = relation.map_or_else(String::new, |n| format!("\"{}\", ", n.value));
            format!("{name} {model} @relation({named}fields: [{name}Id], references: [id])")
        }
    };
    let d = Diagnostic::error(
        "PS0301",
        format!("the relation{what} of `{label}` has no field on the other side, in `{}`", other.name),
    )
    .at(field.span)
    .saying(format!("points at `{}`", other.name))
    .label(other.span, "the opposite field is missing here")
    .help(format!("add a field to `{}`, such as `{to_add}`", other.name));
    // A foreign key would need a column as well, and what old rows have there is not known.
    if *of == Arity::Required {
        return d;
    }
    let end = brace.end - 1;
    let edit = Edit { span: Span { start: end, end, ..*brace }, text: format!("  {to_add}\n") };
    d.fix(format!("add `{to_add}` to `{}`", other.name), vec![edit])
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

pub(super) fn ambiguous_relation(label: &str, field: Ident, others: &[Ident]) -> Diagnostic {
    let d = Diagnostic::error("PS0302", format!("it is not clear which field is the other side of `{label}`"))
        .at(field.span)
        .saying("one of several relations between these models");
    others
        .iter()
        .fold(d, |d, o| d.label(o.span, "another"))
        .help("name each relation, on both sides: `@relation(\"name\")`")
}

pub(super) fn no_foreign_key(label: &str, field: Ident, other: Ident, list: bool) -> Diagnostic {
    let d = Diagnostic::error("PS0303", format!("neither side of the relation `{label}` says which fields hold it"))
        .at(field.span)
        .saying("no `fields` and `references` here")
        .label(other.span, "nor here");
    if list {
        d.help("on the side that is not a list, write `@relation(fields: […], references: […])`")
    } else {
        d.help("on one side, write `@relation(fields: […], references: […])`")
    }
}

pub(super) fn two_foreign_keys(label: &str, at: Span, other: Span) -> Diagnostic {
    Diagnostic::error("PS0304", format!("both sides of the relation `{label}` have `fields` and `references`"))
        .at(at)
        .saying("here")
        .label(other, "and here")
        .help("keep them on the side that holds the foreign key")
}

pub(super) fn uneven(at: Span, fields: usize, references: usize) -> Diagnostic {
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    Diagnostic::error(
        "PS0305",
        format!(
            "`fields` and `references` have to go in pairs, but there are {} and {}",
            plural(fields, "field"),
            plural(references, "reference")
        ),
    )
    .at(at)
    .saying("not the same number")
}

pub(super) fn list_with_foreign_key(label: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0306", format!("`{label}` is a list and cannot hold a foreign key"))
        .at(at)
        .saying("`fields` and `references` on a list")
        .help("move them to the other side")
}

pub(super) fn many_to_many_without_id(label: &str, model: Ident, field: Ident) -> Diagnostic {
    Diagnostic::error(
        "PS0307",
        format!("the many-to-many relation `{label}` needs an id of one field in `{}`", model.name),
    )
    .at(field.span)
    .saying("kept in a join table of ids")
    .label(model.span, "has no id of one field")
    .help("give the model an `@id`, or write the join table as a model of its own")
}

pub(super) fn one_sided(label: &str, argument: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "PS0308",
        format!("`{argument}` belongs to the side of a relation that holds the foreign key, which `{label}` does not"),
    )
    .at(at)
    .saying("on the wrong side")
    .help("move it beside `fields` and `references`")
}

pub(super) fn no_datasource(file: Option<FileId>) -> Diagnostic {
    Diagnostic::error("PS0401", "the schema has no datasource block")
        .at(file.map(|file| Span { file, start: 0, end: 0 }))
        .note("without one it is not known for which kind of database it is")
        .help("add one: datasource db { provider = \"postgresql\" }")
}

pub(super) fn second_datasource(second: Ident, first: Ident) -> Diagnostic {
    Diagnostic::error("PS0402", "a schema has one datasource block")
        .at(second.span)
        .saying("the second")
        .label(first.span, "the first")
}

pub(super) fn no_provider(datasource: Ident) -> Diagnostic {
    Diagnostic::error(
        "PS0403",
        format!("the datasource `{}` does not say which kind of database it is", datasource.name),
    )
    .at(datasource.span)
    .saying("`provider` is missing")
    .help("add provider = \"postgresql\"")
}

pub(super) fn unknown_provider(name: &str, at: Span, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::error("PS0404", format!("there is no provider `{name}`")).at(at).saying("unknown provider");
    match near(name, known.iter().copied()) {
        Some(near) => did_you_mean(d, Some(near), at, "\""),
        None => d.help(format!("one of: {}", known.join(", "))),
    }
}

pub(super) fn bad_property(block: &str, name: Ident, wanted: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0405", format!("`{}` of a {block} has to be {wanted}", name.name))
        .at(at)
        .saying(format!("expected {wanted}"))
}

pub(super) fn repeated_property(second: Ident, first: Ident) -> Diagnostic {
    Diagnostic::error("PS0406", format!("`{}` is set twice", second.name))
        .at(second.span)
        .saying("set again here")
        .label(first.span, "first set here")
}

pub(super) fn wrong_function(name: Ident, wanted: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0217", format!("`{}()` is a default for fields of type {wanted} alone", name.name))
        .at(at)
        .saying("of another type")
}

pub(super) fn unknown_action(name: Ident, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::error("PS0309", format!("there is no referential action `{}`", name.name))
        .at(name.span)
        .saying("unknown action");
    match near(name.name, known.iter().copied()) {
        Some(near) => misspelt(d, near, name.span, ""),
        None => d.help(format!("one of: {}", known.join(", "))),
    }
}
