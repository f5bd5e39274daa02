//! Rules of views.

use super::context::Context;
use crate::diag::Diagnostic;
use crate::model::{KeyKind, ModelWalker};

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, view: ModelWalker<'_, '_>) {
    the_preview_feature_is_on(cx, view);
    it_has_neither_id_nor_indexes(cx, view);
    its_uniques_have_no_name_in_the_database(cx, view);
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

/// PS0621
fn it_has_neither_id_nor_indexes(cx: &mut Context<'_, '_>, view: ModelWalker<'_, '_>) {
    for key in view.get().id.iter().chain(&view.get().keys).filter(|k| k.kind != KeyKind::Unique) {
        cx.report(
            Diagnostic::error("PS0621", format!("the view `{}` has {}", view.name.name, key.attribute()))
                .at(key.span)
                .saying("kept with the rows of a table, and a view has none")
                .help("where a field tells the rows apart, say so with `@unique`; index the tables behind the view"),
        );
    }
}

/// PS0621
fn its_uniques_have_no_name_in_the_database(cx: &mut Context<'_, '_>, view: ModelWalker<'_, '_>) {
    for key in view.walk_uniques() {
        let Some(map) = &key.map else { continue };
        let message = format!("{} of the view `{}` names an index that is not there", key.attribute(), view.name.name);
        cx.report(
            Diagnostic::error("PS0621", message)
                .at(map.span)
                .saying("no such index in the database")
                .label(key.span, "only the client knows of this")
                .help("remove `map`"),
        );
    }
}
