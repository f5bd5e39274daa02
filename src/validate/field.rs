//! Rules of fields and their attributes.

use super::caps::Feature;
use super::context::Context;
use crate::ast::{Arity, Attribute, ModelKind};
use crate::diag::{Diagnostic, Edit};
use crate::model::{FieldType, FieldWalker, KeyKind, Scalar};
use crate::source::Span;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    what_is_set_on_update_is_one_moment(cx, field);
    an_id_is_one_value_and_always_there(cx, field);
    what_is_ignored_with_its_model_is_not_ignored_again(cx, field);
    a_relation_has_no_column(cx, field);
    what_belongs_to_models_is_not_in_composite_types(cx, field);
    mongodb_reads_its_own_signs_in_names(cx, field);
}

fn removal(attribute: &Attribute<'_>) -> Vec<Edit> {
    vec![Edit { span: attribute.span, text: String::new() }]
}

/// PS0221
fn what_is_set_on_update_is_one_moment(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    if !field.updated_at {
        return;
    }
    let Some(attribute) = cx.field_attribute(field.at, "updatedAt") else { return };
    let wrong = match (&field.get().ty, field.arity) {
        (FieldType::Scalar(Scalar::DateTime), Arity::List) => "a list",
        (FieldType::Scalar(Scalar::DateTime) | FieldType::Unknown, _) => return,
        (FieldType::Scalar(scalar), _) => scalar.name(),
        (FieldType::Enum(_), _) => "an enum",
        (FieldType::Composite(_), _) => "a composite type",
        (FieldType::Model(..), _) => "a relation",
        (FieldType::Unsupported(_), _) => "Unsupported",
    };
    cx.report(
        Diagnostic::error(
            "PS0221",
            format!("`@updatedAt` is for a single DateTime, and `{}` is {wrong}", field.label()),
        )
        .at(attribute.span)
        .saying("sets the moment of the last change")
        .label(field.ty_span, "the type of the field")
        .help("make it a DateTime, or remove `@updatedAt`"),
    );
}

/// PS0222
fn an_id_is_one_value_and_always_there(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    let owner = field.owner();
    let Some(id) = owner.get().id.as_ref().filter(|id| id.kind == KeyKind::Id && id.at_field == Some(field.at)) else {
        return;
    };
    let what = match field.arity {
        Arity::Required => return,
        Arity::Optional => "optional",
        Arity::List => "a list",
    };
    let sign = if field.arity == Arity::List { "[]" } else { "?" };
    let mark = Span { start: field.ty_span.end, end: field.type_end, ..field.ty_span };
    let mut diagnostic = Diagnostic::error("PS0222", format!("the id `{}` is {what}", field.label()))
        .at(id.span)
        .saying("an id is one value, and always there")
        .note("rows are found by their id: without one, a row could not be found")
        .help(format!("write `{}` without `{}`", field.name.name, sign));
    if matches!(field.ty, FieldType::Scalar(_) | FieldType::Enum(_)) {
        diagnostic = diagnostic.fix("make it required", vec![Edit { span: mark, text: String::new() }]);
    }
    cx.report(diagnostic);
}

/// PS0223
fn what_is_ignored_with_its_model_is_not_ignored_again(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    let owner = field.owner();
    if !field.ignored || !owner.ignored || matches!(field.ty, FieldType::Model(..)) {
        return;
    }
    let Some(attribute) = cx.field_attribute(field.at, "ignore") else { return };
    let whole = cx.model_attribute(owner.at, "ignore");
    cx.report(
        Diagnostic::error("PS0223", format!("`{}` is ignored with the whole of its model", field.label()))
            .at(attribute.span)
            .saying("ignored again")
            .label(whole.map(|a| a.span), "the model is ignored here")
            .help("remove one of the two")
            .fix("remove `@ignore`", removal(attribute)),
    );
}

/// PS0224
fn a_relation_has_no_column(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    if !matches!(field.ty, FieldType::Model(..)) || field.owner().kind == ModelKind::Composite {
        return;
    }
    let Some(written) = cx.written_field(field.at) else { return };
    for attribute in written.attributes.iter().filter(|a| ["map", "updatedAt"].contains(&a.name.name)) {
        let name = attribute.name.name;
        // A wrong type for `@updatedAt` has its own diagnostic.
        if name == "map" {
            let message = format!("`{}` is a relation, which has no column that `@map` could name", field.label());
            cx.report(
                Diagnostic::error("PS0224", message)
                    .at(attribute.span)
                    .saying("remove this")
                    .help("put `@map` on the fields that hold the foreign key; its constraint is named by `map:` of `@relation`")
                    .fix("remove `@map`", removal(attribute)),
            );
        }
    }
}

/// PS0225
fn what_belongs_to_models_is_not_in_composite_types(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    if field.owner().kind != ModelKind::Composite {
        return;
    }
    let Some(written) = cx.written_field(field.at) else { return };
    for attribute in written.attributes.iter().filter(|a| !KEPT_IN_COMPOSITES.contains(&a.name.name)) {
        let name = attribute.name.name;
        if name.contains('.') || !OF_MODELS.contains(&name) {
            continue;
        }
        let message = format!("`@{name}` has no meaning in a composite type, which is no table: `{}`", field.label());
        cx.report(
            Diagnostic::error("PS0225", message)
                .at(attribute.span)
                .saying("remove this")
                .fix(format!("remove `@{name}`"), removal(attribute)),
        );
    }
}

const KEPT_IN_COMPOSITES: [&str; 2] = ["default", "map"];
const OF_MODELS: [&str; 6] = ["id", "unique", "relation", "updatedAt", "ignore", "shardKey"];

/// PS0230
fn mongodb_reads_its_own_signs_in_names(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    let is_mongodb = cx.caps.is_some_and(|c| c.can(Feature::IdIsUnderscoreId));
    if !is_mongodb || field.owner().kind == ModelKind::Composite {
        return;
    }
    let (name, Some(attribute)) = (field.get().database_name(), cx.field_attribute(field.at, "map")) else { return };
    let why = match (name.starts_with('$'), name.contains('.')) {
        (true, _) => "begins with `$`, as MongoDB's operators do",
        (false, true) => "has a `.` in it, which MongoDB takes for a path into a document",
        (false, false) => return,
    };
    cx.report(
        Diagnostic::error("PS0230", format!("the name of `{}` in the database {why}", field.label()))
            .at(attribute.span)
            .help("keep it under another name"),
    );
}
