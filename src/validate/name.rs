//! Rules of names.

use super::context::Context;

/// All of them.
pub(super) fn rules(_cx: &mut Context<'_, '_>) {}
