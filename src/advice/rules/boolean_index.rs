//! PS1003: an index on nothing but a truth value.

use crate::advice::Report;
use crate::advice::facts::{is_plain, is_scalar, spelled};
use crate::advice::report::of_key;
use crate::model::{KeyKind, Scalar, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    for model in schema.walk_models() {
        for key in model.get().keys.iter().filter(|key| key.kind == KeyKind::Index && is_plain(key)) {
            let [only] = &key.fields[..] else { continue };
            let Some(field) = only.field().map(|field| schema.field(field)) else { continue };
            if !is_scalar(field, Scalar::Boolean) {
                continue;
            }
            let name = field.name.name;
            let finding = report
                .finding(format!(
                    "{} of `{}` has two values to tell rows apart by",
                    spelled(schema, key),
                    model.name.name
                ))
                .at(key.span)
                .saying("an index on a Boolean alone")
                .note(
                    "where a value is on more than a few per cent of the rows, reading the table is cheaper and the \
                     index is passed over; every write pays for it all the same",
                )
                .help(format!(
                    "index what the queries order or filter by besides, under the condition: \
                     `@@index([createdAt], where: {{ {name}: true }})` where the database has partial indexes, else \
                     `@@index([{name}, createdAt])`"
                ));
            report.push(of_key(model, key), finding);
        }
    }
}
