//! PS1022: a counter whose numbers run out.

use crate::advice::facts::is_scalar;
use crate::advice::report::of_field;
use crate::advice::words::{ends_in, is_name};
use crate::advice::{Report, edit};
use crate::model::{DefaultValue, FieldWalker, ModelWalker, Provider, Scalar, Schema};

/// Last words of names of models that get a row each time something happens.
const STREAMS: &[&str] = &[
    "event",
    "log",
    "logs",
    "events",
    "view",
    "views",
    "click",
    "clicks",
    "impression",
    "impressions",
    "metric",
    "metrics",
    "hit",
    "hits",
    "audit",
    "visit",
    "pageview",
    "measurement",
    "sample",
    "samples",
    "reading",
    "readings",
    "trace",
    "span",
    "tick",
    "ticks",
    "delivery",
    "deliveries",
];

/// What has one of these was made by somebody, one by one.
const PLANNED: &[&str] =
    &["title", "startdate", "enddate", "startsat", "endsat", "startat", "endat", "slug", "description"];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // On SQLite an Int key is 64 bits wide, on CockroachDB a number is no counter.
    if !matches!(schema.provider(), Some(Provider::Postgresql | Provider::Mysql | Provider::Sqlserver)) {
        return;
    }
    for model in schema.walk_models() {
        let counters = model.walk_columns().filter(|field| is_counter(*field) && report.facts.is_keyed(*field));
        for field in counters {
            let Some((most, why)) = bound(model, field) else { continue };
            let finding = report
                .finding(format!("`{}` runs out of numbers at {most}", field.label()))
                .at(field.ty_span)
                .saying(why)
                .note(
                    "then every insert fails, and numbers go by for failed and rolled back inserts too; by then \
                       the table is large, and widening its key and all that point at it writes them anew",
                )
                .help("use `BigInt` while the table is small: 8 bytes instead of 4, and a bigint in the client");
            let finding = if field.native.is_none() {
                finding.fix("make it a BigInt", vec![edit::retype(field, "BigInt")])
            } else {
                finding
            };
            report.push(of_field(field), finding);
        }
    }
}

fn is_counter(field: FieldWalker<'_, '_>) -> bool {
    let counts = field.default.as_ref().is_some_and(|d| d.value == DefaultValue::Autoincrement);
    counts && is_scalar(field, Scalar::Int)
}

/// How far it goes, and why that is worth a word.
fn bound(model: ModelWalker<'_, '_>, field: FieldWalker<'_, '_>) -> Option<(&'static str, &'static str)> {
    let small = field.native.as_ref().and_then(|native| match native.name {
        "TinyInt" => Some("127"),
        "UnsignedTinyInt" => Some("255"),
        "SmallInt" => Some("32,767"),
        "UnsignedSmallInt" => Some("65,535"),
        "MediumInt" => Some("8,388,607"),
        "UnsignedMediumInt" => Some("16,777,215"),
        _ => None,
    });
    let is_stream = ends_in(model.name.name, STREAMS) && !model.walk_columns().any(|f| is_name(f.name.name, PLANNED));
    match small {
        Some(most) => Some((most, "a small counter")),
        None if is_stream => Some(("2,147,483,647", "one number for each time something happens")),
        None => None,
    }
}
