//! PS1025: some points in time with a time zone, some without.

use super::timestamp_without_time_zone::moments;
use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, is_on};
use crate::advice::report::{Item, at_all};
use crate::model::Schema;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !is_on(schema, POSTGRES_LIKE) {
        return;
    }
    let (zoned, bare) = moments(schema);
    if zoned.is_empty() || bare.is_empty() {
        return;
    }
    let (many, few) = (zoned.len().max(bare.len()), zoned.len().min(bare.len()));
    let (odd, word) = if zoned.len() >= bare.len() { (bare, "without") } else { (zoned, "with") };
    let odd = report.unexcused(odd);
    if odd.is_empty() {
        return;
    }
    let other = if word == "with" { "without" } else { "with" };
    let finding = report.finding(format!("{few} DateTime fields are {word} a time zone, and {many} are {other} one"));
    let places = odd.iter().map(|field| (field.ty_span, format!("{word} a time zone")));
    let finding = at_all(finding, places)
        .note(
            "comparing one with the other in SQL converts by the session's time zone: a join, a CHECK or a report \
               is hours off wherever that is not UTC",
        )
        .help("settle on `@db.Timestamptz(3)`; where the session's time zone is UTC the change writes no row");
    report.push(Item::Schema, finding);
}
