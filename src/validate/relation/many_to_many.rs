//! Rules of many-to-many relations without a model in between.

use crate::ast::{Arity, Attribute, Expr, ModelKind};
use crate::diag::Diagnostic;
use crate::model::{FieldWalker, RelationWalker, SideWalker};
use crate::source::Span;
use crate::validate::caps::{Caps, Feature};
use crate::validate::context::{Context, argument};

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let sides = [relation.owner_side(), relation.other_side()];
    let says = |cx: &Context<'_, '_>, side: SideWalker<'_, '_>, name: &str| {
        cx.field_attribute(side.field.at, "relation").and_then(|a| argument(a, name)).map(|a| a.span)
    };
    let embedded = sides.iter().any(|side| says(cx, *side, "fields").is_some());
    for side in sides {
        let attribute = cx.field_attribute(side.field.at, "relation");
        it_has_no_referential_actions(cx, attribute);
        it_has_no_view(cx, side);
        let Some(caps) = cx.caps else { continue };
        match embedded {
            true => the_database_keeps_lists_of_ids(cx, caps, side),
            false if caps.can(Feature::EmbeddedManyToMany) => it_says_where_its_ids_are_kept(cx, caps, side),
            false => it_has_no_references(cx, says(cx, side, "references"), side),
        }
    }
    if embedded && cx.caps.is_some_and(|c| c.can(Feature::EmbeddedManyToMany)) {
        both_sides_keep_the_ids_of_the_other(cx, relation, &says);
        its_ids_are_kept_in_one_list(cx, sides[0], sides[1]);
        its_ids_are_kept_in_one_list(cx, sides[1], sides[0]);
    }
}

/// PS0329
fn it_has_no_referential_actions(cx: &mut Context<'_, '_>, attribute: Option<&Attribute<'_>>) {
    for name in ["onDelete", "onUpdate"] {
        let Some(argument) = attribute.and_then(|a| argument(a, name)) else { continue };
        cx.report(
            Diagnostic::error("PS0329", format!("`{name}` has no meaning in a many-to-many relation"))
                .at(argument.span)
                .saying("remove this")
                .note("it is the links that go when a record of either side does")
                .help("for anything else, write the table in between as a model of its own"),
        );
    }
}

/// PS0332
fn it_has_no_view(cx: &mut Context<'_, '_>, side: SideWalker<'_, '_>) {
    if side.model.kind != ModelKind::View {
        return;
    }
    cx.report(
        Diagnostic::error("PS0332", format!("`{}` is many-to-many with a view", side.field.label()))
            .at(side.field.span)
            .saying("the table in between would need a foreign key to a view")
            .help("go through a model or view that has both ids"),
    );
}

/// PS0330
fn the_database_keeps_lists_of_ids(cx: &mut Context<'_, '_>, caps: &Caps, side: SideWalker<'_, '_>) {
    if caps.can(Feature::EmbeddedManyToMany) {
        return;
    }
    cx.report(
        Diagnostic::error(
            "PS0330",
            format!("`{}` is kept in a list of ids, which {} has no foreign keys for", side.field.label(), caps.title),
        )
        .at(side.field.span)
        .saying("many-to-many with `fields`")
        .help("remove `fields` and `references`: Prisma keeps the links in a table of its own"),
    );
}

/// PS0330
fn it_says_where_its_ids_are_kept(cx: &mut Context<'_, '_>, caps: &Caps, side: SideWalker<'_, '_>) {
    cx.report(
        Diagnostic::error("PS0330", format!("`{}` does not say in which field its ids are kept", side.field.label()))
            .at(side.field.span)
            .saying("many-to-many without `fields`")
            .note(format!("{} has no tables in between: each side keeps the ids of the other in a list", caps.title))
            .help("add a list of ids, and name it: `@relation(fields: [otherIds], references: [id])`"),
    );
}

/// PS0329
fn it_has_no_references(cx: &mut Context<'_, '_>, references: Option<Span>, side: SideWalker<'_, '_>) {
    let Some(at) = references else { return };
    cx.report(
        Diagnostic::error("PS0329", format!("`{}` is many-to-many and always refers to the id", side.field.label()))
            .at(at)
            .saying("remove this")
            .help("remove `references`, or write the table in between as a model of its own"),
    );
}

/// PS0331
fn both_sides_keep_the_ids_of_the_other(
    cx: &mut Context<'_, '_>,
    relation: RelationWalker<'_, '_>,
    says: &dyn Fn(&Context<'_, '_>, SideWalker<'_, '_>, &str) -> Option<Span>,
) {
    for side in [relation.owner_side(), relation.other_side()] {
        for name in ["fields", "references"] {
            if says(cx, side, name).is_none() {
                cx.report(
                    Diagnostic::error("PS0331", format!("`{}` lacks `{name}`", side.field.label()))
                        .at(side.field.span)
                        .saying("the other side has it")
                        .help("both sides of a many-to-many relation say where they keep the ids of the other"),
                );
            }
        }
    }
}

/// PS0331
fn its_ids_are_kept_in_one_list(cx: &mut Context<'_, '_>, side: SideWalker<'_, '_>, other: SideWalker<'_, '_>) {
    let Some(attribute) = cx.field_attribute(side.field.at, "relation") else { return };
    let (Some(fields), Some(references)) = (named(attribute, "fields"), named(attribute, "references")) else { return };
    let list = match fields[..] {
        [name] => side.model.find_field(name),
        _ => None,
    };
    let id = match references[..] {
        [name] => other.model.find_field(name),
        _ => None,
    };
    let is_id = |f: FieldWalker<'_, '_>| {
        other.model.get().id.as_ref().is_some_and(|id| id.fields.len() == 1 && id.fields[0].field() == Some(f.at))
    };
    let wrong = if fields.len() != 1 {
        "names several fields, and one holds the list".to_owned()
    } else if references.len() != 1 || id.is_some_and(|f| !is_id(f)) {
        format!("has to refer to the id of `{}`", other.model.name.name)
    } else {
        match (list, id) {
            (Some(list), Some(id)) if list.arity != Arity::List || list.ty != id.ty => {
                format!("keeps ids in `{}`, which has to be a list of {}", list.name.name, cx.type_name(id))
            }
            _ => return,
        }
    };
    cx.report(
        Diagnostic::error("PS0331", format!("`{}` {wrong}", side.field.label()))
            .at(side.field.span)
            .saying("many-to-many, kept in a list of ids")
            .help("on each side, a list of the other's ids: `@relation(fields: [otherIds], references: [id])`"),
    );
}

/// The names that an argument lists.
fn named<'s>(attribute: &Attribute<'s>, name: &str) -> Option<Vec<&'s str>> {
    let names = |items: &[Expr<'s>]| {
        items.iter().filter_map(|e| if let Expr::Constant(word) = e { Some(word.name) } else { None }).collect()
    };
    match argument(attribute, name)?.value.as_ref()? {
        Expr::Array(items, _) => Some(names(items)),
        other => Some(names(std::slice::from_ref(other))),
    }
}
