//! Rules of composite types.

use super::caps::Feature;
use super::context::Context;
use crate::diag::Diagnostic;
use crate::model::ModelWalker;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, composite: ModelWalker<'_, '_>) {
    the_database_has_composite_types(cx, composite);
}

/// PS0610
fn the_database_has_composite_types(cx: &mut Context<'_, '_>, composite: ModelWalker<'_, '_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::CompositeTypes)) else { return };
    let message = format!("`{}` is a composite type, which Prisma has on MongoDB alone", composite.name.name);
    cx.report(
        Diagnostic::error("PS0610", message)
            .at(composite.name.span)
            .saying(format!("not on {}", caps.title))
            .help("make it a model with a relation, or keep its values as Json"),
    );
}
