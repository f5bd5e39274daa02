//! PS1035: files in rows.

use crate::advice::Report;
use crate::advice::facts::is_scalar;
use crate::advice::report::of_field;
use crate::advice::words::{ends_in, has_word};
use crate::model::{Provider, Scalar, Schema};

const FILES: &[&str] = &[
    "file",
    "image",
    "photo",
    "picture",
    "avatar",
    "video",
    "audio",
    "document",
    "pdf",
    "attachment",
    "thumbnail",
    "blob",
    "logo",
    "screenshot",
    "upload",
];
const CONTENTS: &[&str] = &["data", "content", "contents", "bytes", "blob", "body"];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // On SQLite small files are faster in the database than beside it.
    if matches!(schema.provider(), Some(Provider::Sqlite) | None) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_scalar(*field, Scalar::Bytes)) {
            let name = field.name.name;
            let of_file = has_word(model.name.name, FILES) && ends_in(name, CONTENTS);
            if !ends_in(name, FILES) && !of_file {
                continue;
            }
            let finding = report
                .finding(format!("`{}` keeps files in rows", field.label()))
                .at(field.ty_span)
                .saying("read by every query that does not leave it out")
                .note(
                    "Prisma Client selects all fields by default, so each `findMany` carries the files through \
                       the connection and holds them in memory, in base64 for some drivers; backups, replicas and \
                       the write-ahead log carry them too",
                )
                .help(
                    "keep files in an object store and their keys here; or in a model of their own, read only \
                       when they are wanted",
                );
            report.push(of_field(field), finding);
        }
    }
}
