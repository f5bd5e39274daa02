//! PS1040: a list that is NULL where nothing was written.

use crate::advice::facts::{POSTGRES_LIKE, is_on};
use crate::advice::report::{Item, at_all};
use crate::advice::{Report, edit, words};
use crate::ast::Arity;
use crate::diag::Edit;
use crate::model::{FieldType, FieldWalker, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !is_on(schema, POSTGRES_LIKE) {
        return;
    }
    for model in schema.walk_models() {
        let found = report.unexcused(model.walk_columns().filter(|field| is_bare_list(*field)));
        if found.is_empty() {
            continue;
        }
        let names: Vec<String> = found.iter().map(|field| format!("`{}`", field.name.name)).collect();
        let finding = report.finding(format!(
            "in `{}`, {} may be NULL, which no filter on lists finds",
            model.name.name,
            words::listed(&names)
        ));
        let places = found.iter().map(|field| (field.span, "no default".to_owned()));
        let edits: Vec<Edit> = found.iter().map(|field| edit::append(*field, "@default([])")).collect();
        let finding = at_all(finding, places)
            .note(
                "the client shows NULL as []; but `isEmpty: true` passes over such rows, and so does `NOT: { has: \
                   … }`. A row gets NULL when the field is left out of `create`, and every row has it when the \
                   column is added",
            )
            .help("write `@default([])`, and fill old rows once: UPDATE … SET … = '{}' WHERE … IS NULL")
            .fix("give it the empty list", edits);
        report.push(Item::Schema, finding);
    }
}

fn is_bare_list(field: FieldWalker<'_, '_>) -> bool {
    let is_value = matches!(field.ty, FieldType::Scalar(_) | FieldType::Enum(_));
    is_value && field.arity == Arity::List && field.default.is_none()
}
