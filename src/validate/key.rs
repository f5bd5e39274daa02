//! Rules of ids, uniques and indexes.

use super::caps::Feature;
use super::context::Context;
use crate::ast::Arity;
use crate::diag::Diagnostic;
use crate::model::{Key, KeyField, KeyKind, ModelWalker};

mod cluster;
mod fulltext;
mod method;
mod native;
mod operator_class;
mod option;
mod predicate;

/// Those of one key.
pub(super) fn rules(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>, key: &Key<'_>) {
    an_id_is_over_required_fields(cx, model, key);
    it_names_each_field_once(cx, model, key);
    an_id_is_of_several_fields_only_where_the_database_has_that(cx, key);
    option::rules(cx, key);
    native::rules(cx, key);
    method::rules(cx, key);
    operator_class::rules(cx, key);
    predicate::rules(cx, key);
    fulltext::rules(cx, key);
}

/// Those of all keys of a model together.
pub(super) fn rules_of_model(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    cluster::rules(cx, model);
    fulltext::a_model_has_one(cx, model);
    mongodb_has_one_index_over_the_same_fields(cx, model);
}

/// PS0603: of an id of one field, `field` says it.
fn an_id_is_over_required_fields(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>, key: &Key<'_>) {
    if key.kind != KeyKind::Id || key.at_field.is_some() {
        return;
    }
    let optional = key.fields.iter().filter_map(KeyField::field).map(|f| cx.schema.field(f));
    let Some(field) = optional.into_iter().find(|f| f.arity != Arity::Required) else { return };
    let what = if field.arity == Arity::List { "a list" } else { "optional" };
    cx.report(
        Diagnostic::error(
            "PS0603",
            format!("the id of `{}` is over `{}`, which is {what}", model.name.name, field.name.name),
        )
        .at(key.span)
        .saying("an id is never null")
        .label(field.ty_span, what)
        .help("make the field required, or choose another id"),
    );
}

/// PS0605
fn it_names_each_field_once(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>, key: &Key<'_>) {
    let twice = key.fields.iter().enumerate().find(|(at, f)| key.fields[..*at].iter().any(|g| g.path == f.path));
    let Some((_, field)) = twice else { return };
    let Some(last) = field.path.last().map(|f| cx.schema.field(*f)) else { return };
    let message = format!("{} of `{}` names `{}` twice", key.attribute(), model.name.name, last.name.name);
    cx.report(Diagnostic::error("PS0605", message).at(key.span).saying("named twice").help("name each field once"));
}

/// PS0606
fn an_id_is_of_several_fields_only_where_the_database_has_that(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::CompoundIds)) else { return };
    if key.kind != KeyKind::Id || key.at_field.is_some() {
        return;
    }
    cx.report(
        Diagnostic::error("PS0606", format!("{} has no ids of several fields", caps.title))
            .at(key.span)
            .saying("`@@id`")
            .help("give one field `@id`, and make the rest `@@unique`"),
    );
}

/// PS0617
fn mongodb_has_one_index_over_the_same_fields(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    if cx.caps.is_none_or(|c| !c.can(Feature::OneIndexOverFields)) {
        return;
    }
    let indexes = || model.get().keys.iter().filter(|k| k.kind != KeyKind::Fulltext);
    let same = |a: &Key<'_>, b: &Key<'_>| {
        let fields = |k: &Key<'_>| k.fields.iter().map(|f| (f.path.clone(), f.sort)).collect::<Vec<_>>();
        a.fields.len() == b.fields.len() && fields(a) == fields(b)
    };
    for (at, key) in indexes().enumerate() {
        let Some(first) = indexes().take(at).find(|first| same(first, key)) else { continue };
        cx.report(
            Diagnostic::error("PS0617", format!("`{}` has two indexes over the same fields", model.name.name))
                .at(key.span)
                .saying("the second")
                .label(first.span, "the first")
                .note("MongoDB keeps one index over the same fields, unique or not")
                .help("remove one of them"),
        );
    }
}
