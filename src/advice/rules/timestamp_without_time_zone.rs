//! PS1024: points in time without a time zone, on PostgreSQL.

use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, is_native, is_on, is_scalar};
use crate::advice::report::{Item, at_all};
use crate::model::{FieldWalker, Scalar, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !is_on(schema, POSTGRES_LIKE) {
        return;
    }
    let (zoned, bare) = moments(schema);
    // Where there are both, that is PS1025.
    if !zoned.is_empty() {
        return;
    }
    let bare = report.unexcused(bare);
    if bare.is_empty() {
        return;
    }
    let finding = report.finding(format!("{} DateTime fields are without a time zone", bare.len()));
    let places = bare.iter().map(|field| (field.ty_span, "timestamp(3)".to_owned()));
    let finding = at_all(finding, places)
        .note(
            "Prisma Client writes UTC there and reads it as UTC; whatever else connects (psql, a report, now() in \
               SQL) reads and writes its own local time, and nothing in the row tells them apart",
        )
        .help(
            "in new columns write `@db.Timestamptz(3)`: as large, as fast, and clear to everybody; a change of \
               old ones rewrites the table unless the session's time zone is UTC",
        );
    report.push(Item::Schema, finding);
}

/// DateTime fields with a time zone, and without one.
pub(super) fn moments<'a, 's>(schema: &'a Schema<'s>) -> (Vec<FieldWalker<'a, 's>>, Vec<FieldWalker<'a, 's>>) {
    let all = schema.walk_models().filter(|model| !model.ignored).flat_map(|model| model.walk_columns());
    let moments = all.filter(|f| is_scalar(*f, Scalar::DateTime) && !is_native(*f, &["Date", "Time", "Timetz"]));
    moments.partition(|field| is_native(*field, &["Timestamptz"]))
}
