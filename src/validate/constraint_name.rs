//! Rules of the names of keys: those that the database knows (`map`), and those of the client (`name`).

use super::caps::{Caps, Feature};
use super::context::Context;
use crate::ast::Str;
use crate::diag::Diagnostic;
use crate::model::{Key, KeyField, KeyKind, ModelWalker};

mod client;
mod derived;
mod scope;

/// Those of the keys of one model.
pub(super) fn rules_of_model(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    for key in model.get().id.iter().chain(&model.get().keys) {
        it_is_not_empty(cx, key);
        an_index_has_one_name(cx, key);
        client::rules(cx, model, key);
    }
    client::no_two_keys_have_one_name(cx, model);
    let Some(caps) = cx.caps else { return };
    if let Some(id) = &model.get().id {
        an_id_has_a_name_only_where_the_database_keeps_it(cx, caps, model, id);
    }
    for key in model.get().id.iter().chain(&model.get().keys) {
        it_is_short_enough(cx, caps, key.map.as_ref());
    }
    for field in model.walk_fields() {
        it_is_short_enough(cx, caps, field.get().default.as_ref().and_then(|d| d.map.as_ref()));
    }
}

/// Those of all names together.
pub(super) fn rules(cx: &mut Context<'_, '_>) {
    let Some(caps) = cx.caps else { return };
    for relation in cx.schema.walk_relations() {
        it_is_short_enough(cx, caps, relation.get().map.as_ref());
    }
    scope::names_differ_where_the_database_wants_that(cx, caps);
}

/// PS0218
fn it_is_not_empty(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    for (what, name) in [("map", &key.map), ("name", &key.name)] {
        let Some(name) = name.as_ref().filter(|n| n.value.is_empty()) else { continue };
        cx.report(
            Diagnostic::error("PS0218", format!("`{what}` of {} is empty", key.attribute()))
                .at(name.span)
                .saying("no name")
                .help("give a name, or leave it out"),
        );
    }
}

/// PS0646
fn an_index_has_one_name(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    if !matches!(key.kind, KeyKind::Index | KeyKind::Fulltext) || key.name.is_none() {
        return;
    }
    cx.report(
        Diagnostic::error("PS0646", format!("{} has both `name` and `map`", key.attribute()))
            .at(key.span)
            .saying("two names")
            .note("an index has no name for the client: `name` is what `map` was called once")
            .help("remove `name`"),
    );
}

/// PS0640
fn it_is_short_enough(cx: &mut Context<'_, '_>, caps: &Caps, name: Option<&Str<'_>>) {
    let Some(name) = name.filter(|n| n.value.len() > caps.name_limit) else { return };
    let message = format!("a name of {} bytes is too long for {}", name.value.len(), caps.title);
    cx.report(
        Diagnostic::error("PS0640", message)
            .at(name.span)
            .saying(format!("at most {} bytes", caps.name_limit))
            .note("the database would cut it, and not find it again by its whole name")
            .help("choose a shorter name"),
    );
}

/// PS0645
fn an_id_has_a_name_only_where_the_database_keeps_it(
    cx: &mut Context<'_, '_>,
    caps: &Caps,
    model: ModelWalker<'_, '_>,
    id: &Key<'_>,
) {
    let Some(map) = id.map.as_ref().filter(|_| !caps.can(Feature::NamedIds)) else { return };
    cx.report(
        Diagnostic::error("PS0645", format!("the primary key of `{}` has no name on {}", model.name.name, caps.title))
            .at(model.name.span)
            .saying("its id has a `map`")
            .label(map.span, "not kept by the database")
            .help("remove `map`"),
    );
}

/// The fields of a key by their names, for messages: `a, b`.
fn list(cx: &Context<'_, '_>, key: &Key<'_>) -> String {
    let names = key.fields.iter().filter_map(KeyField::field).map(|f| cx.schema.field(f).get().name.name);
    names.collect::<Vec<_>>().join(", ")
}
