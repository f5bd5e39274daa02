//! PS1034: texts without a bound in an index that takes 2,704 bytes.

use crate::advice::Report;
use crate::advice::facts::{is_native, is_plain, is_scalar, spelled};
use crate::advice::report::of_key;
use crate::advice::words::ends_in;
use crate::model::{FieldWalker, KeyKind, Provider, Scalar, Schema};

const LONG: &[&str] = &[
    "content",
    "body",
    "description",
    "message",
    "html",
    "markdown",
    "bio",
    "prompt",
    "text",
    "payload",
    "stacktrace",
    "answer",
    "instructions",
    "summary",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() != Some(Provider::Postgresql) {
        return;
    }
    for model in schema.walk_models() {
        for key in model.get().keys.iter().filter(|key| is_plain(key) && key.kind != KeyKind::Fulltext) {
            let fields = key.fields.iter().filter_map(|field| field.field()).map(|field| schema.field(field));
            let Some(field) = fields.into_iter().find(|field| is_long(*field)) else { continue };
            let own = spelled(schema, key);
            let finding = report
                .finding(format!("{own} of `{}` refuses long texts", model.name.name))
                .at(key.span)
                .saying("an entry of a B-tree has 2,704 bytes at most")
                .label(field.ty_span, "without a bound")
                .note(
                    "a row whose text is longer, after compression, cannot be inserted: index row size exceeds \
                       btree version 4 maximum 2704 (54000)",
                )
                .help(if key.kind == KeyKind::Unique {
                    "make unique a digest of it (sha256, in a column of its own), or bound it: `@db.VarChar(600)`"
                } else {
                    "for equality use `type: Hash`; for parts of it a trigram index (GIN, gin_trgm_ops); or bound it"
                });
            report.push(of_key(model, key), finding);
        }
    }
}

fn is_long(field: FieldWalker<'_, '_>) -> bool {
    let is_unbound = field.native.is_none() || is_native(field, &["Text"]);
    is_scalar(field, Scalar::String) && is_unbound && ends_in(field.name.name, LONG)
}
