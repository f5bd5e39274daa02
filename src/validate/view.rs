//! Rules of views.

use super::context::Context;
use crate::diag::Diagnostic;
use crate::model::ModelWalker;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, view: ModelWalker<'_, '_>) {
    the_preview_feature_is_on(cx, view);
}

/// PS0620
fn the_preview_feature_is_on(cx: &mut Context<'_, '_>, view: ModelWalker<'_, '_>) {
    if cx.schema.has_preview("views") {
        return;
    }
    let message = format!("`{}` is a view, which Prisma takes only as a preview feature", view.name.name);
    cx.report(
        Diagnostic::error("PS0620", message)
            .at(view.name.span)
            .saying("a view")
            .help("add `previewFeatures = [\"views\"]` to the generator"),
    );
}
