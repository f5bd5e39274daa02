//! Rules of relations.

use super::context::Context;
use crate::model::{RelationKind, RelationWalker};

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
}
