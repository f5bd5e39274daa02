//! PS1028: `json` where `jsonb` would do.

use crate::advice::Report;
use crate::advice::facts::is_native;
use crate::advice::report::of_field;
use crate::diag::Edit;
use crate::model::{Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() != Some(Provider::Postgresql) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_native(*field, &["Json"])) {
            let Some(native) = &field.get().native else { continue };
            let source = schema.datasource.as_ref().map_or("db", |datasource| datasource.name.name);
            let finding = report
                .finding(format!("`{}` is kept as text", field.label()))
                .at(native.span)
                .saying("json, not jsonb")
                .note(
                    "it is parsed anew by each query that looks into it; it has no equality, so DISTINCT, GROUP \
                       BY and UNION fail; no GIN index serves it",
                )
                .help("use jsonb, which is what Json is without this attribute; the change rewrites the table")
                .fix("make it jsonb", vec![Edit { span: native.span, text: format!("@{source}.JsonB") }]);
            report.push(of_field(field), finding);
        }
    }
}
