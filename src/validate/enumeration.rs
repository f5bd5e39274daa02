//! Rules of enums.

use super::context::Context;
use crate::model::EnumWalker;

/// All of them.
pub(super) fn rules(_cx: &mut Context<'_, '_>, _item: EnumWalker<'_, '_>) {}
