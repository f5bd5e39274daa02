//! Rules of referential actions.

use super::context::Context;
use crate::model::RelationWalker;

/// All of them.
pub(super) fn rules(_cx: &mut Context<'_, '_>, _relation: RelationWalker<'_, '_>) {}
