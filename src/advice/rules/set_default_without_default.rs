//! PS1016: SetDefault, and there is no default.

use crate::advice::Report;
use crate::advice::facts::{foreign_keys, has_foreign_keys};
use crate::advice::report::of_field;
use crate::ast::Arity;
use crate::model::{ReferentialAction, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_foreign_keys(schema) {
        return;
    }
    for model in schema.walk_models() {
        for (field, relation) in foreign_keys(model) {
            if relation.on_delete() != ReferentialAction::SetDefault {
                continue;
            }
            let bare = relation.walk_fields().find(|f| f.default.is_none() && f.arity == Arity::Required);
            let Some(bare) = bare else { continue };
            let finding = report
                .finding(format!("`{}` is to get its default, and has none", bare.label()))
                .at(field.name.span)
                .saying("onDelete: SetDefault")
                .label(bare.name.span, "no @default")
                .note(format!(
                    "the database puts NULL there, which the column does not take: each deletion of a `{}` that is \
                     pointed at fails",
                    relation.other_side().model.name.name
                ))
                .help("give it a `@default(…)` that exists as a row, or use another action");
            report.push(of_field(field), finding);
        }
    }
}
