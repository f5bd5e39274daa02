//! PS1030: uuids as text, on PostgreSQL.

use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, is_on, is_scalar};
use crate::advice::report::{Item, at_all};
use crate::model::{DefaultValue, FieldWalker, Provider, Scalar, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let server = schema.provider() == Some(Provider::Sqlserver);
    if !is_on(schema, POSTGRES_LIKE) && !server {
        return;
    }
    let all = schema.walk_models().filter(|model| !model.ignored).flat_map(|model| model.walk_columns());
    let found = report.unexcused(all.filter(|field| is_uuid_text(*field)));
    let Some(first) = found.first() else { return };
    let kind = if server { "UniqueIdentifier" } else { "Uuid" };
    let message = match found.len() {
        1 => format!("`{}` keeps a uuid as text", first.label()),
        many => format!("{many} fields keep uuids as text"),
    };
    let places = found.iter().map(|field| (field.ty_span, "36 letters".to_owned()));
    let finding = at_all(report.finding(message), places)
        .note(
            "37 bytes instead of 16, in the table, in each index on it and in each foreign key that points at it; \
               compared letter by letter under a collation; and nothing refuses a text that is no uuid, or one uuid \
               in two cases",
        )
        .help(format!(
            "write `@db.{kind}` on new ones and on the fields that point at them; changing an old key \
                       rewrites every table that has it"
        ));
    report.push(Item::Schema, finding);
}

fn is_uuid_text(field: FieldWalker<'_, '_>) -> bool {
    let makes_uuid = field.default.as_ref().is_some_and(|default| match &default.value {
        DefaultValue::Uuid(_) => true,
        DefaultValue::DbGenerated(Some(sql)) => {
            ["gen_random_uuid()", "uuid_generate_v4()", "newid()"].iter().any(|f| sql.trim().eq_ignore_ascii_case(f))
        }
        _ => false,
    });
    is_scalar(field, Scalar::String) && field.native.is_none() && makes_uuid
}
