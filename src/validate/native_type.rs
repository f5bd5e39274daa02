//! Rules of native types.

use super::context::Context;
use crate::model::FieldWalker;

/// All of them.
pub(super) fn rules(_cx: &mut Context<'_, '_>, _field: FieldWalker<'_, '_>) {}
