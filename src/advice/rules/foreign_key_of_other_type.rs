//! PS1017: a foreign key and the key it points at have types that do not fit.

use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, foreign_keys, has_foreign_keys, is_native, is_on};
use crate::advice::report::of_field;
use crate::diag::Edit;
use crate::model::{FieldWalker, Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let looks = is_on(schema, POSTGRES_LIKE) || schema.provider() == Some(Provider::Sqlserver);
    if !looks || !has_foreign_keys(schema) {
        return;
    }
    let kind = if schema.provider() == Some(Provider::Sqlserver) { "UniqueIdentifier" } else { "Uuid" };
    for model in schema.walk_models() {
        for (_, relation) in foreign_keys(model) {
            for (own, other) in relation.walk_fields().zip(relation.walk_references()) {
                if own.get().ty != other.get().ty || is_native(own, &[kind]) == is_native(other, &[kind]) {
                    continue;
                }
                let finding = finding(own, other, kind, schema, report);
                report.push(of_field(own), finding);
            }
        }
    }
}

fn finding(
    own: FieldWalker<'_, '_>,
    other: FieldWalker<'_, '_>,
    kind: &str,
    schema: &Schema<'_>,
    report: &Report<'_, '_>,
) -> crate::diag::Diagnostic {
    let says = |field: FieldWalker<'_, '_>| if is_native(field, &[kind]) { "a uuid" } else { "text" };
    let finding = report
        .finding(format!(
            "`{}` is {}, and `{}`, which it points at, is {}",
            own.label(),
            says(own),
            other.label(),
            says(other)
        ))
        .at(own.span)
        .saying(says(own))
        .label(other.span, says(other))
        .note("the migration that adds this foreign key fails: the types cannot be compared")
        .help(format!("write `@db.{kind}` on both, or on neither"));
    let source = schema.datasource.as_ref().map_or("db", |datasource| datasource.name.name);
    if own.native.is_none() && is_native(other, &[kind]) {
        let end = crate::source::Span { start: own.span.end, ..own.span };
        return finding.fix(
            format!("make `{}` a uuid", own.label()),
            vec![Edit { span: end, text: format!(" @{source}.{kind}") }],
        );
    }
    finding
}
