//! Rules of datasources.

use super::context::Context;
use crate::ast;

/// All of them.
pub(super) fn rules(_cx: &mut Context<'_, '_>, _ast: &ast::Schema<'_>) {}
