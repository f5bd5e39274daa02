//! Rules of enums.

use super::caps::Feature;
use super::context::Context;
use crate::diag::Diagnostic;
use crate::model::EnumWalker;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, item: EnumWalker<'_, '_>) {
    it_has_values(cx, item);
    the_database_has_enums(cx, item);
}

/// PS0226
fn it_has_values(cx: &mut Context<'_, '_>, item: EnumWalker<'_, '_>) {
    if item.values.is_empty() && cx.was_read(item.span) {
        cx.report(
            Diagnostic::error("PS0226", format!("the enum `{}` has no values", item.name.name))
                .at(item.name.span)
                .saying("empty")
                .note("a field of it could hold nothing")
                .help("add at least one value, or remove the enum"),
        );
    }
}

/// PS0527
fn the_database_has_enums(cx: &mut Context<'_, '_>, item: EnumWalker<'_, '_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::Enums)) else { return };
    cx.report(
        Diagnostic::error("PS0527", format!("{} has no enums, which `{}` is", caps.title, item.name.name))
            .at(item.name.span)
            .saying(format!("not on {}", caps.title))
            .help("make its fields Strings, and its values rows of a table or a check in the database"),
    );
}
