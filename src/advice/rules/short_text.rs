//! PS1033: long texts in MySQL's varchar(191).

use crate::advice::Report;
use crate::advice::facts::{is_native, is_scalar};
use crate::advice::report::{Item, at_all};
use crate::advice::words::{ends_in, is_name};
use crate::diag::Edit;
use crate::model::{DefaultValue, FieldWalker, Literal, Provider, Scalar, Schema};

const LONG: &[&str] = &[
    "content",
    "body",
    "description",
    "url",
    "message",
    "html",
    "markdown",
    "bio",
    "prompt",
    "notes",
    "note",
    "comment",
    "text",
    "summary",
    "payload",
    "stacktrace",
    "stack",
    "query",
    "uri",
    "link",
    "answer",
    "instructions",
];
const LONGEST: &[&str] = &["content", "body", "html", "markdown", "payload", "stacktrace", "url"];
const TOKENS: &[&str] = &["refreshtoken", "accesstoken", "idtoken", "useragent", "referrer", "publickey", "privatekey"];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() != Some(Provider::Mysql) {
        return;
    }
    // Who writes @db.Text somewhere knows of the bound.
    let all = schema.walk_models().flat_map(|model| model.walk_columns());
    let long =
        if all.into_iter().any(|field| is_native(field, &["Text", "MediumText", "LongText"])) { LONGEST } else { LONG };
    for model in schema.walk_models() {
        let found = report
            .unexcused(model.walk_columns().filter(|field| is_long(*field, long) && !report.facts.is_keyed(*field)));
        let Some(first) = found.first() else { continue };
        let message = match found.len() {
            1 => format!("`{}` holds 191 characters and no more", first.label()),
            many => format!("{many} texts of `{}` hold 191 characters and no more", model.name.name),
        };
        let source = schema.datasource.as_ref().map_or("db", |datasource| datasource.name.name);
        let places = found.iter().map(|field| (field.ty_span, "varchar(191)".to_owned()));
        // A text has no constant default on MySQL.
        let fixable = found.iter().filter(|field| field.default.is_none());
        let edits: Vec<Edit> =
            fixable.map(|field| crate::advice::edit::append(*field, &format!("@{source}.Text"))).collect();
        let mut finding = at_all(report.finding(message), places)
            .note(
                "Prisma's String is varchar(191) on MySQL; a longer value is refused (P2000), or cut without a \
                   word where the strict mode is off",
            )
            .help(format!("write `@{source}.Text` (65,535 bytes), or `@{source}.VarChar(2048)` where it is indexed"));
        if edits.len() == found.len() {
            finding = finding.fix("make room for more", edits);
        }
        report.push(Item::Schema, finding);
    }
}

fn is_long(field: FieldWalker<'_, '_>, long: &[&str]) -> bool {
    let name = field.name.name;
    let is_bare = is_scalar(field, Scalar::String) && field.native.is_none();
    // What has a constant or generated default is short.
    let is_free = field.default.as_ref().is_none_or(
        |default| matches!(&default.value, DefaultValue::Literal(Literal::String(text)) if text.is_empty()),
    );
    is_bare && is_free && (ends_in(name, long) || is_name(name, TOKENS))
}
