//! Rules of the names of tables and collections in the database.

use super::context::Context;
use crate::ast::ModelKind;
use crate::diag::Diagnostic;
use foldhash::HashMap;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>) {
    each_table_belongs_to_one_model(cx);
}

/// PS0650
fn each_table_belongs_to_one_model(cx: &mut Context<'_, '_>) {
    let schema = cx.schema;
    // Without `@@map` the names differ as the models do.
    if schema.models.iter().all(|m| m.map.is_none()) {
        return;
    }
    let mut seen = HashMap::default();
    for model in schema.walk_all().filter(|m| m.kind != ModelKind::Composite) {
        let item = model.get();
        let place = (item.schema.as_ref().map(|s| &*s.value), item.database_name());
        let Some(first) = seen.insert(place, model) else { continue };
        // Only one of them may be named by `@@map`: that is where something can be changed.
        let (named, other) = if item.map.is_some() { (model, first) } else { (first, model) };
        let message = format!("`{}` and `{}` are both kept in \"{}\"", named.name.name, other.name.name, place.1);
        cx.report(
            Diagnostic::error("PS0650", message)
                .at(cx.model_attribute(named.at, "map").map_or(named.name.span, |a| a.span))
                .saying("one name for two")
                .label(other.name.span, "the other")
                .help("give one of them another name with `@@map`"),
        );
    }
}
