//! What Prisma warns of under `relationMode = "prisma"`.

use crate::diag::Diagnostic;
use crate::model::{Key, KeyField, Provider, RelationMode, RelationWalker};
use crate::validate::context::{Context, add_line, names};

/// PS0339
pub(super) fn rules(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    // MongoDB has that mode always, and Prisma does not speak of it there.
    let Some(caps) = cx.caps.filter(|c| c.provider != Provider::Mongodb) else { return };
    if cx.schema.relation_mode() != RelationMode::Prisma || relation.fields.is_empty() {
        return;
    }
    let model = relation.owner_side().model;
    let begins = |key: &Key<'_>| {
        let mut first = key.fields.iter().map(KeyField::field);
        relation.fields.iter().all(|f| first.next() == Some(Some(*f)))
    };
    if model.get().id.iter().chain(&model.get().keys).any(begins) {
        return;
    }
    let list = names(relation.walk_fields());
    let line = format!("@@index([{list}])");
    cx.report(
        Diagnostic::warning("PS0339", format!("no index serves the relation `{}`", relation.owner_side().field.label()))
            .at(relation.owner_side().field.span)
            .saying(format!("kept in `{list}`"))
            .note(format!(
                "under `relationMode = \"prisma\"` {} has no foreign keys, and Prisma looks for related rows by itself: each time through the whole table",
                caps.title
            ))
            .help(format!("add `{line}`"))
            .fix(format!("add `{line}`"), vec![add_line(model, &line)]),
    );
}
