//! PS1023: sizes in bytes, where 2 GiB do not fit.

use crate::advice::facts::is_scalar;
use crate::advice::report::of_field;
use crate::advice::words::{ends_in, has_word, is_name};
use crate::advice::{Report, edit};
use crate::model::{FieldWalker, ModelWalker, Provider, Scalar, Schema};

const FILES: &[&str] = &[
    "file",
    "files",
    "attachment",
    "media",
    "upload",
    "document",
    "image",
    "asset",
    "video",
    "blob",
    "object",
    "backup",
    "download",
    "audio",
    "artifact",
    "archive",
    "storage",
    "disk",
    "location",
    "volume",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // On SQLite and CockroachDB an Int is as wide as a BigInt.
    if !matches!(schema.provider(), Some(Provider::Postgresql | Provider::Mysql | Provider::Sqlserver)) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|f| is_scalar(*f, Scalar::Int) && is_size(model, *f)) {
            let finding = report
                .finding(format!("`{}` cannot hold the size of a file of 2 GiB", field.label()))
                .at(field.ty_span)
                .saying("at most 2,147,483,647")
                .note(
                    "the insert fails (integer out of range, P2020 or P2033), after the file was uploaded; a sum \
                       over many files gets there sooner",
                )
                .help("use `BigInt`");
            let finding = if field.native.is_none() && field.default.is_none() {
                finding.fix("make it a BigInt", vec![edit::retype(field, "BigInt")])
            } else {
                finding
            };
            report.push(of_field(field), finding);
        }
    }
}

fn is_size(model: ModelWalker<'_, '_>, field: FieldWalker<'_, '_>) -> bool {
    let name = field.name.name;
    let in_other_units = has_word(name, &["mb", "gb", "kb", "max", "limit", "page", "batch", "chunk"]);
    let says_bytes = ends_in(name, &["bytes"]) || is_name(name, &["contentlength", "storageused", "storageusage"]);
    let of_file = ends_in(name, &["size"]) && has_word(name, FILES);
    let in_file = is_name(name, &["size"]) && ends_in(model.name.name, FILES);
    !in_other_units && (says_bytes || of_file || in_file)
}
