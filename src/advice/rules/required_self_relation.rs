//! PS1011: a relation to its own model that every row must have.

use crate::advice::Report;
use crate::advice::facts::{foreign_keys, has_foreign_keys};
use crate::advice::report::of_field;
use crate::ast::Arity;
use crate::model::{DefaultValue, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_foreign_keys(schema) {
        return;
    }
    for model in schema.walk_models() {
        for (field, relation) in foreign_keys(model).filter(|(_, relation)| relation.is_self_relation()) {
            let must = relation.walk_fields().all(|f| f.arity == Arity::Required);
            // The database may give a row's own key.
            let is_given = relation
                .walk_fields()
                .any(|f| f.default.as_ref().is_some_and(|d| matches!(d.value, DefaultValue::DbGenerated(_))));
            if !must || is_given {
                continue;
            }
            let columns: Vec<&str> = relation.walk_fields().map(|f| f.get().name.name).collect();
            let finding = report
                .finding(format!("the first `{}` cannot be inserted", model.name.name))
                .at(field.name.span)
                .saying(format!("every row needs another `{}` before it", model.name.name))
                .note(
                    "the foreign key is checked at the end of each statement, so the first row has nothing to point at \
                     but itself, which only works where its key is known before; a deletion from the top is refused",
                )
                .help(format!(
                    "make `{}` and {} optional: a row without it is a root",
                    field.name.name,
                    columns.join(", ")
                ));
            report.push(of_field(field), finding);
        }
    }
}
