//! Rules of namespaces: `schemas` of the datasource, `@@schema` of what is in them.

use super::context::Context;
use crate::ast::{Ident, ModelKind};
use crate::diag::Diagnostic;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>) {
    everything_says_in_which_it_is(cx);
}

/// PS0630
fn everything_says_in_which_it_is(cx: &mut Context<'_, '_>) {
    if cx.schema.datasource.as_ref().is_none_or(|d| d.schemas.is_empty()) {
        return;
    }
    for model in cx.schema.walk_all() {
        let what = match model.kind {
            ModelKind::Model => "model",
            ModelKind::View => "view",
            ModelKind::Composite => continue,
        };
        if cx.model_attribute(model.at, "schema").is_none() {
            cx.report(unplaced(what, model.get().name));
        }
    }
    for item in cx.schema.walk_enums() {
        if item.schema.is_none() {
            cx.report(unplaced("enum", item.get().name));
        }
    }
}

fn unplaced(what: &str, name: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0630", format!("the {what} `{}` does not say in which schema it is", name.name))
        .at(name.span)
        .saying("no `@@schema`")
        .note("the datasource lists `schemas`, so there is no default one")
        .help("add `@@schema(\"…\")` with one of them")
}
