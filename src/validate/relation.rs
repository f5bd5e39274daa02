//! Rules of relations.

use super::context::{Context, add_attribute};
use crate::diag::Diagnostic;
use crate::model::{RelationKind, RelationWalker, SideWalker};

mod foreign_key;
mod many_to_many;
mod missing_index;
mod one_to_one;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    match relation.kind {
        RelationKind::ManyToMany => many_to_many::rules(cx, relation),
        RelationKind::OneToOne => {
            one_to_one::rules(cx, relation);
            foreign_key::rules(cx, relation);
        }
        RelationKind::OneToMany => foreign_key::rules(cx, relation),
    }
    if relation.kind != RelationKind::ManyToMany {
        missing_index::rules(cx, relation);
    }
    let (owner, other) = (relation.owner_side(), relation.other_side());
    an_ignored_model_is_reached_by_ignored_fields(cx, owner, other);
    an_ignored_model_is_reached_by_ignored_fields(cx, other, owner);
}

/// PS0341
fn an_ignored_model_is_reached_by_ignored_fields(
    cx: &mut Context<'_, '_>,
    from: SideWalker<'_, '_>,
    to: SideWalker<'_, '_>,
) {
    if !to.model.ignored || from.field.ignored || from.model.ignored {
        return;
    }
    cx.report(
        Diagnostic::error(
            "PS0341",
            format!("`{}` leads to `{}`, which is ignored", from.field.label(), to.model.name.name),
        )
        .at(from.field.span)
        .saying("has to be ignored as well")
        .label(to.model.name.span, "has `@@ignore`")
        .note("the client has no records of an ignored model")
        .help("add `@ignore` to the field")
        .fix("add `@ignore`", vec![add_attribute(from.field, "@ignore")]),
    );
}
