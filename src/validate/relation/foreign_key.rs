//! Rules of the fields that hold a relation, and of those they point at.

use crate::ast::Arity;
use crate::diag::{Diagnostic, Edit};
use crate::model::{FieldType, Key, KeyField, NativeType, RelationWalker};
use crate::source::Span;
use crate::validate::caps::Feature;
use crate::validate::context::{Context, add_attribute, add_line, names};

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    it_is_optional_if_a_field_of_it_is(cx, relation);
    its_references_are_unique(cx, relation);
    its_fields_have_the_types_of_its_references(cx, relation);
    its_fields_have_the_native_types_of_its_references(cx, relation);
    its_name_is_for_a_database_that_keeps_it(cx, relation);
    each_of_its_fields_is_named_once(cx, relation);
}

/// PS0342
fn each_of_its_fields_is_named_once(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    for (what, fields) in [("fields", &relation.get().fields), ("references", &relation.get().references)] {
        let Some(twice) = fields.iter().enumerate().find(|(at, f)| fields[..*at].contains(f)) else { continue };
        let field = cx.schema.field(*twice.1);
        let message = format!(
            "`{}` is named twice in the `{what}` of `{}`",
            field.name.name,
            relation.owner_side().field.label()
        );
        cx.report(
            Diagnostic::error("PS0342", message)
                .at(relation.owner_side().field.span)
                .saying("named twice")
                .label(field.span, "the field")
                .help("each field of a foreign key has one of its own that it refers to"),
        );
    }
}

/// PS0325
fn it_is_optional_if_a_field_of_it_is(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let owner = relation.owner_side().field;
    let Some(optional) = relation.walk_fields().find(|f| f.arity == Arity::Optional) else { return };
    if owner.arity != Arity::Required {
        return;
    }
    let end = Span { start: owner.ty_span.end, ..owner.ty_span };
    cx.report(
        Diagnostic::error(
            "PS0325",
            format!("`{}` is required, but its `{}` may be null", owner.label(), optional.name.name),
        )
        .at(owner.span)
        .saying("required")
        .label(optional.span, "optional")
        .note("where the foreign key is null there is no record on the other side")
        .help("make both optional or both required")
        .fix(format!("make `{}` optional", owner.label()), vec![Edit { span: end, text: "?".to_owned() }]),
    );
}

/// PS0322, PS0323
fn its_references_are_unique(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let (owner, target) = (relation.owner_side(), relation.other_side().model);
    let fields = |key: &'_ Key<'_>| key.fields.iter().filter_map(KeyField::field).collect::<Vec<_>>();
    let keys = || target.get().id.iter().chain(target.walk_uniques()).map(fields);
    let same =
        |key: &[_]| key.len() == relation.references.len() && relation.references.iter().all(|f| key.contains(f));
    let list = names(relation.walk_references());
    if keys().any(|key| same(&key)) {
        let any_order = cx.caps.is_none_or(|c| c.can(Feature::ReferencesInAnyOrder));
        if any_order || keys().any(|key| key == relation.references) {
            return;
        }
        cx.report(
            Diagnostic::error(
                "PS0323",
                format!("`{}` refers to `{list}` in another order than the key has", owner.field.label()),
            )
            .at(owner.field.span)
            .saying("not in the order of an id or unique")
            .label(target.name.span, "of this model")
            .help("give `fields` and `references` in the order of the key"),
        );
        return;
    }
    // An id or unique that could not be read has its diagnostic.
    if cx.has_unread_keys(target) {
        return;
    }
    let d = Diagnostic::error(
        "PS0322",
        format!("`{}` refers to `{list}` of `{}`, which is not unique", owner.field.label(), target.name.name),
    )
    .at(owner.field.span)
    .saying("could mean several rows")
    .label(relation.walk_references().next().map(|f| f.span), "nothing makes this unique")
    .note("a foreign key points at an id or unique, whole");
    let d = match relation.walk_references().next() {
        Some(field) if relation.references.len() == 1 => d
            .help(format!("refer to the id of `{}`, or add `@unique` to `{list}`", target.name.name))
            .fix(format!("add `@unique` to `{}`", field.label()), vec![add_attribute(field, "@unique")]),
        Some(_) | None => {
            let line = format!("@@unique([{list}])");
            d.help(format!("add `{line}` to `{}`", target.name.name))
                .fix(format!("add `{line}` to `{}`", target.name.name), vec![add_line(target, &line)])
        }
    };
    cx.report(d);
}

/// PS0324
fn its_fields_have_the_types_of_its_references(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let owner = relation.owner_side();
    for (field, reference) in relation.walk_fields().zip(relation.walk_references()) {
        let unknown = [&field.ty, &reference.ty].contains(&&FieldType::Unknown);
        if field.ty == reference.ty || unknown {
            continue;
        }
        let (is, wanted) = (cx.type_name(field), cx.type_name(reference));
        let d = Diagnostic::error(
            "PS0324",
            format!("`{}` is of type {is}, but refers to `{}` of type {wanted}", field.label(), reference.label()),
        )
        .at(owner.field.span)
        .saying("a foreign key has the type of what it points at")
        .label(field.ty_span, is)
        .label(reference.ty_span, wanted.clone());
        let is_unsupported =
            matches!(reference.ty, FieldType::Unsupported(_)) || matches!(field.ty, FieldType::Unsupported(_));
        cx.report(match is_unsupported {
            true => d.help("give both the same type"),
            false => d
                .help(format!("make `{}` a {wanted}", field.label()))
                .fix(format!("make `{}` a {wanted}", field.label()), vec![Edit { span: field.ty_span, text: wanted }]),
        });
    }
}

/// PS0340: MongoDB does not join values of different types.
fn its_fields_have_the_native_types_of_its_references(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    if cx.caps.is_none_or(|c| !c.can(Feature::NativeTypesOfReferences)) {
        return;
    }
    let owner = relation.owner_side();
    for (field, reference) in relation.walk_fields().zip(relation.walk_references()) {
        if same_native_type(field.get().native.as_ref(), reference.get().native.as_ref()) {
            continue;
        }
        cx.report(
            Diagnostic::warning(
                "PS0340",
                format!("`{}` and `{}` are not of the same native type", field.label(), reference.label()),
            )
            .at(field.span)
            .saying("such values are never equal in the database")
            .label(reference.span, "what it refers to")
            .label(owner.field.span, "the relation")
            .help("give both the same native type, such as `@db.ObjectId`"),
        );
    }
}

fn same_native_type(a: Option<&NativeType<'_>>, b: Option<&NativeType<'_>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.name == b.name && a.args == b.args,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// PS0327
fn its_name_is_for_a_database_that_keeps_it(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let (Some(caps), Some(map)) = (cx.caps, &relation.get().map) else { return };
    if caps.can(Feature::NamedForeignKeys) {
        return;
    }
    cx.report(
        Diagnostic::error("PS0327", format!("a foreign key on {} has no name that `map` could set", caps.title))
            .at(map.span)
            .saying("not kept by the database")
            .help("remove `map`"),
    );
}
