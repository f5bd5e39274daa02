//! PS1013: a deletion that goes on by cascade, until a relation nobody thought of stops it.

use crate::advice::Report;
use crate::advice::facts::{foreign_keys, has_foreign_keys};
use crate::advice::report::of_field;
use crate::model::{ModelId, ReferentialAction, RelationWalker, Schema};
use foldhash::HashMap;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_foreign_keys(schema) {
        return;
    }
    // A model that goes with another, and the relation by which it goes.
    let mut goes_with: HashMap<ModelId, RelationWalker<'_, '_>> = HashMap::default();
    for model in schema.walk_models() {
        for (_, relation) in foreign_keys(model) {
            if relation.on_delete() == ReferentialAction::Cascade && !relation.is_self_relation() {
                goes_with.entry(model.at).or_insert(relation);
            }
        }
    }
    for model in schema.walk_models().filter(|model| !goes_with.contains_key(&model.at)) {
        for (field, relation) in foreign_keys(model) {
            let forgotten = relation.get().on_delete.is_none() && relation.on_delete() == ReferentialAction::Restrict;
            let Some(cascade) = goes_with.get(&relation.get().other.model).filter(|_| forgotten) else { continue };
            let (middle, top) = (relation.other_side().model.name.name, cascade.other_side().model.name.name);
            let name = model.name.name;
            let finding = report
                .finding(format!("a `{top}` cannot be deleted while a `{middle}` of it has a `{name}`"))
                .at(field.name.span)
                .saying(format!("refuses the deletion of the `{middle}`: the default is Restrict"))
                .label(cascade.owner_side().field.name.span, format!("goes with its `{top}`"))
                .note(
                    "the cascade and the refusal meet in one statement, and the refusal wins: nothing is deleted \
                       (P2003)",
                )
                .help(
                    "say what is meant: `onDelete: Cascade` if it goes too, `onDelete: Restrict` if it is to stop \
                       that",
                );
            report.push(of_field(field), finding);
        }
    }
}
