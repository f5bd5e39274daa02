//! Rules of `length` and `sort` of a field in a key.

use crate::diag::Diagnostic;
use crate::model::{FieldType, Key, KeyKind, Scalar};
use crate::validate::caps::Feature;
use crate::validate::context::Context;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    a_length_is_for_a_database_that_indexes_a_part(cx, key);
    a_length_is_of_a_text_or_bytes(cx, key);
    an_id_is_sorted_only_where_the_database_does_that(cx, key);
    a_hash_is_not_sorted(cx, key);
}

/// PS0607
fn a_length_is_for_a_database_that_indexes_a_part(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps else { return };
    if caps.can(Feature::PrefixLength) && key.kind != KeyKind::Fulltext || key.fields.iter().all(|f| f.length.is_none())
    {
        return;
    }
    let message = match key.kind {
        KeyKind::Fulltext => "a full-text index is over whole texts".to_owned(),
        KeyKind::Id | KeyKind::Unique | KeyKind::Index => format!("{} has no keys over a part of a text", caps.title),
    };
    let d = Diagnostic::error("PS0607", message).at(key.span).saying("`length`");
    cx.report(d.help("remove `length`, which is for indexes on MySQL"));
}

/// PS0607
fn a_length_is_of_a_text_or_bytes(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    if cx.caps.is_none_or(|c| !c.can(Feature::PrefixLength)) {
        return;
    }
    for field in key.fields.iter().filter(|f| f.length.is_some()) {
        let Some(last) = field.path.last().map(|f| cx.schema.field(*f)) else { continue };
        if matches!(last.ty, FieldType::Scalar(Scalar::String | Scalar::Bytes) | FieldType::Unsupported(_)) {
            continue;
        }
        let message =
            format!("`length` is for String and Bytes, and `{}` is of type {}", last.name.name, cx.type_name(last));
        cx.report(Diagnostic::error("PS0607", message).at(key.span).saying("`length`").help("remove it"));
    }
}

/// PS0608
fn an_id_is_sorted_only_where_the_database_does_that(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps else { return };
    let sorted = key.fields.iter().any(|f| f.sort.is_some());
    let (what, able) = match key.kind {
        KeyKind::Id => ("an id", Feature::IdSort),
        KeyKind::Fulltext => ("a full-text index", Feature::FulltextSort),
        KeyKind::Unique | KeyKind::Index => return,
    };
    if !sorted || caps.can(able) {
        return;
    }
    let message = format!("Prisma does not sort {what} on {}", caps.title);
    cx.report(Diagnostic::error("PS0608", message).at(key.span).saying("`sort`").help("remove `sort`"));
}

/// PS0608
fn a_hash_is_not_sorted(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let is_hash = key.method.is_some_and(|m| m.name == "Hash");
    if !is_hash || key.fields.iter().all(|f| f.sort.is_none()) {
        return;
    }
    cx.report(
        Diagnostic::error("PS0608", "an index of type Hash has no order")
            .at(key.span)
            .saying("`sort`")
            .help("remove `sort`, or use a BTree"),
    );
}
