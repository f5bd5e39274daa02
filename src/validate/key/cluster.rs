//! Rules of `clustered`.

use crate::diag::Diagnostic;
use crate::model::{Key, KeyKind, ModelWalker};
use crate::validate::caps::Feature;
use crate::validate::context::Context;

/// PS0609
pub(super) fn rules(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    let Some(caps) = cx.caps else { return };
    let keys = || model.get().id.iter().chain(&model.get().keys);
    if !caps.can(Feature::Clustering) {
        for key in keys().filter(|k| k.clustered.is_some()) {
            let message = format!("{} has no `clustered`", caps.title);
            let d = Diagnostic::error("PS0609", message).at(key.span).saying("is for SQL Server");
            cx.report(d.help("remove `clustered`"));
        }
        return;
    }
    // The id is, unless it says otherwise.
    let is_clustered = |key: &Key<'_>| key.clustered.unwrap_or(key.kind == KeyKind::Id);
    let clustered: Vec<&Key<'_>> = keys().filter(|k| is_clustered(k)).collect();
    let [first, second, ..] = clustered[..] else { return };
    for key in &clustered {
        let other = if key.span == first.span { second } else { first };
        cx.report(
            Diagnostic::error("PS0609", format!("`{}` is clustered twice", model.name.name))
                .at(key.span)
                .saying(if key.clustered.is_none() { "clustered, as ids are" } else { "clustered" })
                .label(other.span, "so is this")
                .note("the rows of a table lie in one order")
                .help("write `clustered: false` in one of them"),
        );
    }
}
