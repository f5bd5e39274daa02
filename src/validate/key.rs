//! Rules of ids, uniques and indexes.

use super::context::Context;
use crate::model::{Key, ModelWalker};

/// All of them.
pub(super) fn rules(_cx: &mut Context<'_, '_>, _model: ModelWalker<'_, '_>, _key: &Key<'_>) {}
