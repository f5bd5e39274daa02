//! The names by which the client calls ids and uniques of several fields.

use super::list;
use crate::diag::Diagnostic;
use crate::model::{Key, KeyField, KeyKind, ModelWalker};
use crate::validate::context::Context;

/// Those of one key.
pub(super) fn rules(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>, key: &Key<'_>) {
    if matches!(key.kind, KeyKind::Id | KeyKind::Unique) && key.at_field.is_none() {
        it_is_a_name(cx, key);
        no_field_has_it(cx, model, key);
    }
}

/// PS0644
fn it_is_a_name(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(name) = &key.name else { return };
    if name.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return;
    }
    cx.report(
        Diagnostic::error("PS0644", format!("the client cannot call a key `{}`", name.value))
            .at(name.span)
            .saying("not a name of letters, digits and _")
            .help("`map` takes any name, for the database; `name` is for code"),
    );
}

/// PS0642: without a name of its own, the client calls it by its fields: `a_b`.
fn no_field_has_it(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>, key: &Key<'_>) {
    let (field, at) = match &key.name {
        Some(name) => (model.find_field(&name.value), model.name.span),
        None if key.fields.len() > 1 => (model.walk_fields().find(|f| is_joined(cx, key, f.get().name.name)), key.span),
        None => return,
    };
    let Some(field) = field else { return };
    let message = format!(
        "the client would call {} over `{}` as it calls the field `{}`",
        key.attribute(),
        list(cx, key),
        field.name.name
    );
    let d = Diagnostic::error("PS0642", message)
        .at(at)
        .saying(if key.name.is_some() { "in this model" } else { "this key" })
        .label(field.span, "the field")
        .help("give the key another name: `name: \"…\"`");
    cx.report(if key.name.is_some() { d.label(key.span, "the key") } else { d });
}

/// Is the name that of the fields, with `_` between them?
fn is_joined(cx: &Context<'_, '_>, key: &Key<'_>, name: &str) -> bool {
    let mut rest = name;
    for (at, field) in key.fields.iter().enumerate() {
        let Some(field) = KeyField::field(field) else { return false };
        rest = match rest.strip_prefix(if at > 0 { "_" } else { "" }) {
            Some(rest) => rest,
            None => return false,
        };
        rest = match rest.strip_prefix(cx.schema.field(field).get().name.name) {
            Some(rest) => rest,
            None => return false,
        };
    }
    rest.is_empty()
}

/// PS0643
pub(super) fn no_two_keys_have_one_name(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    let keys = model.get().id.iter().chain(model.walk_uniques());
    let named: Vec<_> = keys.filter_map(|k| k.name.as_ref()).collect();
    for (at, name) in named.iter().enumerate() {
        let Some(first) = named[..at].iter().find(|n| n.value == name.value) else { continue };
        cx.report(
            Diagnostic::error(
                "PS0643",
                format!("the client would call two keys of `{}` `{}`", model.name.name, name.value),
            )
            .at(name.span)
            .saying("the second")
            .label(first.span, "the first")
            .help("give one of them another name"),
        );
    }
}
