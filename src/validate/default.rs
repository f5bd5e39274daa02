//! Rules of defaults.

use super::caps::Feature;
use super::context::Context;
use crate::ast::{Expr, Function, ModelKind};
use crate::diag::{Diagnostic, Edit};
use crate::model::{DefaultValue, FieldId, FieldType, FieldWalker, KeyKind, Literal, ModelWalker, Provider, Scalar};
use crate::source::Span;

mod literal;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    let Some(attribute) = cx.field_attribute(field.at, "default") else { return };
    let given = attribute.args.iter().flatten().find(|a| a.name.is_none_or(|n| n.name == "value"));
    if let Some(Expr::Function(function)) = given.and_then(|a| a.value.as_ref()) {
        the_function_is_one_of_the_database(cx, function);
        the_function_takes_its_argument(cx, function);
    }
    let Some(default) = &field.get().default else { return };
    the_text_is_a_value_of_the_type(cx, field, &default.value, default.span);
    only_the_database_makes_up_what_it_alone_knows(cx, field, &default.value, default.span);
    an_object_id_is_made_for_ids(cx, field, &default.value, default.span);
    the_database_names_its_defaults(cx, field);
}

/// Those of a model as a whole.
pub(super) fn of_a_model(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    let counting = |f: &FieldWalker<'_, '_>| f.default.as_ref().is_some_and(|d| d.value == DefaultValue::Autoincrement);
    let fields: Vec<_> = model.walk_fields().filter(counting).collect();
    if !fields.is_empty() {
        the_database_counts_up_like_this(cx, model, &fields);
    }
}

/// PS0508
fn the_text_is_a_value_of_the_type(
    cx: &mut Context<'_, '_>,
    field: FieldWalker<'_, '_>,
    value: &DefaultValue<'_>,
    at: Span,
) {
    let FieldType::Scalar(scalar) = field.ty else { return };
    let (fits, wanted, help): (fn(&str) -> bool, _, _) = match scalar {
        Scalar::DateTime => (
            literal::is_instant,
            "an instant in RFC 3339",
            "write a date, a time with seconds and a zone: \"2020-01-31T00:00:00Z\"",
        ),
        Scalar::Json => {
            (literal::is_json, "JSON", "names and texts stand in quotes, which are escaped here: \"{\\\"a\\\": 1}\"")
        }
        Scalar::Bytes => (literal::is_base64, "base64", "write the bytes in base64 with its padding: \"aGVsbG8=\""),
        Scalar::String | Scalar::Boolean | Scalar::Int | Scalar::BigInt | Scalar::Float | Scalar::Decimal => return,
    };
    let literals = match value {
        DefaultValue::Literal(literal) => std::slice::from_ref(literal),
        DefaultValue::List(literals) => literals,
        _ => return,
    };
    for literal in literals {
        if let Literal::String(text) = literal
            && !fits(text)
        {
            let message = format!("the default of `{}` is not {wanted}", field.label());
            cx.report(Diagnostic::error("PS0508", message).at(at).saying(format!("not {wanted}")).help(help));
        }
    }
}

/// PS0509
fn the_function_is_one_of_the_database(cx: &mut Context<'_, '_>, function: &Function<'_>) {
    let Some(caps) = cx.caps else { return };
    let (feature, instead) = match function.name.name {
        "sequence" => (Feature::SequenceDefault, "`autoincrement()` counts up on this database"),
        "auto" => (Feature::DefaultAuto, "ids of their own are made by `uuid()`, `cuid()` or `autoincrement()`"),
        _ => return,
    };
    if caps.can(feature) {
        return;
    }
    let name = function.name.name;
    cx.report(
        Diagnostic::error("PS0509", format!("{} has no `{name}()`", caps.title))
            .at(function.span)
            .saying(format!("not on {}", caps.title))
            .help(instead),
    );
}

/// PS0530
fn the_function_takes_its_argument(cx: &mut Context<'_, '_>, function: &Function<'_>) {
    let (allowed, wanted): (fn(i64) -> bool, _) = match function.name.name {
        "uuid" => (|n| n == 4 || n == 7, "nothing, 4 or 7"),
        "cuid" => (|n| n == 1 || n == 2, "nothing, 1 or 2"),
        "nanoid" => (|n| (2..=255).contains(&n), "nothing, or a length from 2 to 255"),
        "sequence" => return arguments_of_a_sequence(cx, function),
        _ => return,
    };
    let wrong = function.args.first().filter(|arg| match &arg.value {
        Some(Expr::Number(number)) => !number.name.parse().is_ok_and(allowed),
        _ => true,
    });
    if let Some(arg) = wrong {
        let message = format!("`{}()` takes {wanted}", function.name.name);
        cx.report(Diagnostic::error("PS0530", message).at(arg.span).saying(format!("expected {wanted}")));
    }
}

fn arguments_of_a_sequence(cx: &mut Context<'_, '_>, function: &Function<'_>) {
    for arg in &function.args {
        let Some(name) = arg.name else { continue };
        let (fits, wanted) = match (&arg.value, name.name) {
            (Some(Expr::Constant(word)), "virtual") => (matches!(word.name, "true" | "false"), "`true` or `false`"),
            (_, "virtual") => (false, "`true` or `false`"),
            (Some(Expr::Number(number)), _) => (number.name.parse::<i64>().is_ok(), "a whole number"),
            (_, _) => (false, "a whole number"),
        };
        if !fits {
            let message = format!("`{}` of `sequence()` has to be {wanted}", name.name);
            cx.report(Diagnostic::error("PS0530", message).at(arg.span).saying(format!("expected {wanted}")));
        }
    }
}

/// PS0531
fn only_the_database_makes_up_what_it_alone_knows(
    cx: &mut Context<'_, '_>,
    field: FieldWalker<'_, '_>,
    value: &DefaultValue<'_>,
    at: Span,
) {
    let is_generated = matches!(value, DefaultValue::DbGenerated(_));
    if !is_generated || cx.caps.is_none_or(|c| c.provider != Provider::Mongodb) {
        return;
    }
    cx.report(
        Diagnostic::error("PS0531", format!("`dbgenerated()` of `{}` has no meaning on MongoDB", field.label()))
            .at(at)
            .saying("an expression in SQL")
            .note("MongoDB has no defaults of its own: Prisma Client fills them in")
            .help("use `auto()` for an id of type `@db.ObjectId`, else a value or a function of Prisma's"),
    );
}

/// PS0532
fn an_object_id_is_made_for_ids(
    cx: &mut Context<'_, '_>,
    field: FieldWalker<'_, '_>,
    value: &DefaultValue<'_>,
    at: Span,
) {
    let is_mongodb = cx.caps.is_some_and(|c| c.can(Feature::DefaultAuto));
    if *value != DefaultValue::Auto || !is_mongodb || field.owner().kind == ModelKind::Composite {
        return;
    }
    let owner = field.owner();
    let is_id = owner.id.as_ref().is_some_and(|id| id.fields.iter().any(|f| f.field() == Some(field.at)));
    let prefix = cx.schema.datasource.as_ref().map_or("db", |d| d.name.name);
    if !is_id {
        cx.report(
            Diagnostic::error("PS0532", format!("`auto()` is for the id, which `{}` is not", field.label()))
                .at(at)
                .saying("of another field than the id")
                .note("MongoDB makes an ObjectId up for `_id` alone")
                .help("remove the default, or use `uuid()` or `cuid()`"),
        );
    } else if field.native.as_ref().is_none_or(|n| n.name != "ObjectId") {
        let text = format!(" @{prefix}.ObjectId");
        let behind = Span { start: at.end, ..at };
        cx.report(
            Diagnostic::error("PS0532", format!("`auto()` makes an ObjectId, which `{}` is not", field.label()))
                .at(at)
                .saying("makes an ObjectId")
                .help(format!("add `@{prefix}.ObjectId`"))
                .fix(format!("add `@{prefix}.ObjectId`"), vec![Edit { span: behind, text }]),
        );
    }
}

/// PS0533
fn the_database_names_its_defaults(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    let Some(map) = field.get().default.as_ref().and_then(|d| d.map.as_ref()) else { return };
    let Some(caps) = cx.caps else { return };
    if !caps.can(Feature::NamedDefaults) {
        cx.report(
            Diagnostic::error("PS0533", format!("on {} a default has no name", caps.title))
                .at(map.span)
                .saying("the name of a default")
                .note("on SQL Server alone a default is a constraint of its own")
                .help("remove `map`"),
        );
    }
}

/// PS0534
fn the_database_counts_up_like_this(
    cx: &mut Context<'_, '_>,
    model: ModelWalker<'_, '_>,
    fields: &[FieldWalker<'_, '_>],
) {
    let Some(caps) = cx.caps else { return };
    let is_id = |at: FieldId| match &model.get().id {
        Some(id) => id.fields.len() == 1 && id.fields[0].field() == Some(at),
        None => false,
    };
    if fields.len() > 1 && caps.can(Feature::AutoIncrement) && !caps.can(Feature::AutoIncrementSeveral) {
        let message = format!("{} counts up in one field of a table alone: `{}`", caps.title, model.name.name);
        let diagnostic = Diagnostic::error("PS0534", message)
            .at(model.name.span)
            .saying("has several")
            .help("keep `autoincrement()` on one of them");
        let spans = fields.iter().filter_map(|f| f.default.as_ref()).map(|d| d.span);
        cx.report(spans.fold(diagnostic, |d, span| d.label(span, "counts up")));
    }
    for field in fields {
        let at = field.default.as_ref().map_or(field.span, |d| d.span);
        let wrong = if !caps.can(Feature::AutoIncrement) {
            Some(("has no `autoincrement()`", "use `auto()` with an ObjectId, or `uuid()`"))
        } else if caps.provider == Provider::Cockroachdb && field.ty == FieldType::Scalar(Scalar::Int) {
            Some(("counts up in a BigInt alone", "make it a BigInt, or use `sequence()`"))
        } else if !is_id(field.at) && !caps.can(Feature::AutoIncrementAnywhere) {
            Some(("counts up in the id alone", "make the field the `@id`, or remove the default"))
        } else if !caps.can(Feature::AutoIncrementUnindexed) && !is_first_in_a_key(model, field.at) {
            Some(("counts up only in what an index begins with", "add `@unique`, or an `@@index` that begins with it"))
        } else {
            None
        };
        if let Some((why, help)) = wrong {
            cx.report(
                Diagnostic::error("PS0534", format!("{} {why}: `{}`", caps.title, field.label()))
                    .at(at)
                    .saying("counts up")
                    .help(help),
            );
        }
    }
}

/// Does an id, a unique or an index begin with the field?
fn is_first_in_a_key(model: ModelWalker<'_, '_>, field: FieldId) -> bool {
    let keys = model.get().id.iter().chain(&model.get().keys);
    let mut first = keys.filter(|k| k.kind != KeyKind::Fulltext).filter_map(|k| k.fields.first());
    first.any(|f| f.field() == Some(field))
}
