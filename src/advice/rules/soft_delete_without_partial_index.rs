//! PS1008: indexes that are full of rows which are marked as deleted.

use crate::advice::facts::{has_partial_indexes, keys, own_fields, soft_delete};
use crate::advice::report::{Item, at_all};
use crate::advice::{Report, words};
use crate::model::{FieldWalker, KeyKind, ModelWalker, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_partial_indexes(schema) {
        return;
    }
    let marked = schema.walk_models().filter_map(|model| Some((model, soft_delete(model)?)));
    let found = marked.filter(|(model, marker)| is_unaware(*model, *marker)).map(|(_, marker)| marker);
    let markers = report.unexcused(found);
    let Some(first) = markers.first() else { return };
    let models: Vec<String> = markers.iter().map(|marker| format!("`{}`", marker.owner().name.name)).collect();
    let mark = first.name.name;
    let finding = report.finding(format!("the indexes of {} hold deleted rows", words::listed(&models)));
    let places = markers.iter().map(|marker| (marker.name.span, "no index knows of this".to_owned()));
    let finding = at_all(finding, places)
        .note(
            "every query asks for live rows, and each index finds the deleted ones first, to pass over them one by one \
             in the table; the more is deleted, the slower, and all of it stays in memory with the rest",
        )
        .help(format!(
            "with the preview feature partialIndexes: `where: {{ {mark}: null }}` in the indexes that \
                       lists of live rows use"
        ));
    report.push(Item::Schema, finding);
}

/// It has indexes, and none has the mark in it or in its condition.
fn is_unaware(model: ModelWalker<'_, '_>, marker: FieldWalker<'_, '_>) -> bool {
    let mut indexes = model.get().keys.iter().filter(|key| key.kind == KeyKind::Index).peekable();
    let knows = |key: &crate::model::Key<'_>| {
        key.predicate.is_some() || own_fields(key).is_some_and(|fields| fields.contains(&marker.at))
    };
    indexes.peek().is_some() && !keys(model).any(knows)
}
