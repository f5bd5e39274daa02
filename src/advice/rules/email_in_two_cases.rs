//! PS1054: one address, two accounts.

use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, is_native, is_on, is_scalar};
use crate::advice::report::of_field;
use crate::advice::words::is_name;
use crate::model::{KeyKind, Scalar, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !is_on(schema, POSTGRES_LIKE) {
        return;
    }
    for model in schema.walk_models() {
        for key in model.get().keys.iter().filter(|key| key.kind == KeyKind::Unique && key.fields.len() == 1) {
            let Some(field) = key.fields.first().and_then(|f| f.field()).map(|field| schema.field(field)) else {
                continue;
            };
            let is_address = is_scalar(field, Scalar::String) && is_name(field.name.name, &["email", "emailaddress"]);
            if !is_address || is_native(field, &["Citext"]) {
                continue;
            }
            let finding = report
                .finding(format!("`{}` takes one address twice, in two cases", field.label()))
                .at(key.span)
                .saying("Ann@example.org and ann@example.org are two")
                .note("who signs up with a capital and signs in without one is not found, or has two accounts")
                .help("use `@db.Citext` (extension citext), or let the application write lower case in every place");
            report.push(of_field(field), finding);
        }
    }
}
