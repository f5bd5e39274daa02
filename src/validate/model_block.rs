//! Rules of models.

use super::caps::Feature;
use super::context::Context;
use crate::ast::Arity;
use crate::diag::Diagnostic;
use crate::model::{FieldType, Key, KeyKind, ModelWalker};
use foldhash::HashMap;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    its_rows_can_be_told_apart(cx, model);
    mongodb_keeps_its_id_as_it_must(cx, model);
    each_column_belongs_to_one_field(cx, model);
}

/// PS0601
fn its_rows_can_be_told_apart(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    let own_rule = cx.caps.is_some_and(|c| c.can(Feature::IdIsUnderscoreId));
    let mut keys = model.get().id.iter().chain(model.walk_uniques());
    let read = cx.was_read(model.span) && !cx.has_unread_keys(model);
    if own_rule || model.ignored || keys.any(|k| tells_apart(cx, k)) || !read {
        return;
    }
    cx.report(
        Diagnostic::error("PS0601", format!("nothing tells the rows of `{}` apart", model.name.name))
            .at(model.name.span)
            .saying("has neither an id nor a unique over required fields")
            .note("Prisma Client could neither find, update nor delete one row")
            .help("add an id, such as `id Int @id @default(autoincrement())`, or `@unique` to a required field"),
    );
}

/// PS0604
fn mongodb_keeps_its_id_as_it_must(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    let read = cx.was_read(model.span) && !cx.has_unread_keys(model);
    if cx.caps.is_none_or(|c| !c.can(Feature::IdIsUnderscoreId)) || !read {
        return;
    }
    let help = "write `id String @id @default(auto()) @map(\"_id\") @db.ObjectId`";
    let Some(id) = &model.get().id else {
        cx.report(
            Diagnostic::error(
                "PS0604",
                format!("`{}` has no id, and every document of MongoDB has one", model.name.name),
            )
            .at(model.name.span)
            .saying("no field with `@id`")
            .help(help),
        );
        return;
    };
    // That an id is of one field is another rule.
    let Some(field) = id.at_field.map(|f| cx.schema.field(f)) else { return };
    if field.get().database_name() != "_id" {
        cx.report(
            Diagnostic::error("PS0604", format!("the id of `{}` is not kept in `_id`", model.name.name))
                .at(field.span)
                .saying("MongoDB keeps the id of a document in `_id`")
                .help(help),
        );
    }
    for key in model.walk_uniques().filter(|k| k.fields.len() == 1 && k.fields[0].field() == Some(field.at)) {
        cx.report(
            Diagnostic::error("PS0604", format!("`{}` is unique as it is: it is the id", field.name.name))
                .at(key.span)
                .saying("MongoDB has an index for this already")
                .help("remove it"),
        );
    }
}

/// Is there always a value, and one that the client can read?
fn tells_apart(cx: &Context<'_, '_>, key: &Key<'_>) -> bool {
    let fields = key.fields.iter().flat_map(|f| &f.path).map(|f| cx.schema.field(*f));
    fields.into_iter().all(|f| {
        let readable = !matches!(f.ty, FieldType::Unsupported(_));
        // Of an id that may be null, it is said that it may not.
        readable && (f.arity != Arity::Optional || key.kind == KeyKind::Id)
    })
}

/// PS0602
pub(super) fn each_column_belongs_to_one_field(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    if model.walk_columns().all(|f| f.map.is_none()) {
        return;
    }
    let mut seen = HashMap::default();
    for field in model.walk_columns() {
        let Some(first) = seen.insert(field.get().database_name(), field) else { continue };
        let at = cx.field_attribute(field.at, "map").or_else(|| cx.field_attribute(first.at, "map"));
        let message =
            format!("two fields of `{}` are kept in the column \"{}\"", model.name.name, field.database_name());
        cx.report(
            Diagnostic::error("PS0602", message)
                .at(at.map(|a| a.span))
                .saying(format!("`{}` is", field.name.name))
                .label(first.span, format!("`{}` is as well", first.name.name))
                .help("give one of them another column with `@map`"),
        );
    }
}
