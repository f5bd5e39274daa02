//! PS1007: a value that a soft-deleted row goes on holding.

use crate::advice::facts::{has_partial_indexes, own_fields, soft_delete, spelled};
use crate::advice::report::of_key;
use crate::advice::words::ends_in;
use crate::advice::{Report, words};
use crate::model::{FieldWalker, Key, KeyKind, ModelWalker, Provider, Schema};

/// What people choose, and choose again.
const CHOSEN: &[&str] = &[
    "name",
    "slug",
    "email",
    "username",
    "handle",
    "title",
    "domain",
    "subdomain",
    "phone",
    "login",
    "nickname",
    "path",
    "label",
    "alias",
    "sku",
    "hostname",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() == Some(Provider::Mongodb) {
        return;
    }
    for model in schema.walk_models() {
        let Some(marker) = soft_delete(model) else { continue };
        for key in model.get().keys.iter().filter(|key| key.kind == KeyKind::Unique && key.predicate.is_none()) {
            let Some(fields) = own_fields(key) else { continue };
            let fields: Vec<_> = fields.into_iter().map(|field| schema.field(field)).collect();
            let is_chosen = fields.iter().any(|field| field.default.is_none() && ends_in(field.name.name, CHOSEN));
            if is_chosen && fields.iter().all(|field| field.at != marker.at) {
                let finding = finding(schema, model, key, &fields, marker, report);
                report.push(of_key(model, key), finding);
            }
        }
    }
}

fn finding(
    schema: &Schema<'_>,
    model: ModelWalker<'_, '_>,
    key: &Key<'_>,
    fields: &[FieldWalker<'_, '_>],
    marker: FieldWalker<'_, '_>,
    report: &Report<'_, '_>,
) -> crate::diag::Diagnostic {
    let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.name.name)).collect();
    let (names, mark) = (words::listed(&names), marker.name.name);
    let finding = report
        .finding(format!("a deleted `{}` keeps its {names}", model.name.name))
        .at(key.span)
        .saying("holds for deleted rows too")
        .label(marker.name.span, "rows are only marked as deleted")
        .note("who deletes and makes the same again is refused as a duplicate (P2002), by a row nobody sees");
    let condition = if marker.ty == crate::model::FieldType::Scalar(crate::model::Scalar::Boolean) {
        format!("{{ {mark}: false }}")
    } else {
        format!("{{ {mark}: null }}")
    };
    finding.help(if has_partial_indexes(schema) {
        format!(
            "let it hold for live rows alone, with the preview feature partialIndexes: `where: {condition}` in \
                 {}",
            spelled(schema, key)
        )
    } else {
        format!(
            "change the value when the row is marked, or move deleted rows to a table of their own; this \
                 database has no partial index, and `{mark}` in the key lets live duplicates in, since its NULLs \
                 are distinct"
        )
    })
}
