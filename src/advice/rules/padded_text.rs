//! PS1029: `char(n)`, which pads.

use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, is_native, is_on};
use crate::advice::report::of_field;
use crate::diag::Edit;
use crate::model::Schema;

/// Lengths of what always has that length: codes of countries and currencies, uuids, digests.
const EXACT: &[&str] = &["1", "2", "3", "32", "36", "40", "56", "64", "96", "128"];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !is_on(schema, POSTGRES_LIKE) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_native(*field, &["Char"])) {
            let Some(native) = &field.get().native else { continue };
            // Without a length it is one letter, which is never filled up; nor are codes and digests, which are all as long.
            let Some(length) = native.args.first().filter(|length| !EXACT.contains(&&***length)) else { continue };
            let source = schema.datasource.as_ref().map_or("db", |datasource| datasource.name.name);
            let finding = report
                .finding(format!("`{}` is filled up with blanks to {length}", field.label()))
                .at(native.span)
                .saying("char(n) pads")
                .note(
                    "the blanks are stored and come back to the client, but vanish in comparisons and casts, and \
                       LIKE sees them; it is no faster than varchar here",
                )
                .help(format!("use `@{source}.VarChar({length})`: the change rewrites the table, so make it in stages"))
                .fix(
                    "make it a VarChar",
                    vec![Edit { span: native.span, text: format!("@{source}.VarChar({length})") }],
                );
            report.push(of_field(field), finding);
        }
    }
}
