//! PS1026: points in time as text.

use crate::advice::Report;
use crate::advice::facts::is_scalar;
use crate::advice::report::of_field;
use crate::advice::words::{is_name, words};
use crate::model::{Provider, Scalar, Schema};

/// What happens to rows, in front of `At`.
const DONE: &[&str] = &[
    "created",
    "updated",
    "deleted",
    "published",
    "expires",
    "expired",
    "started",
    "ended",
    "finished",
    "completed",
    "scheduled",
    "sent",
    "received",
    "accepted",
    "verified",
    "archived",
    "closed",
    "opened",
    "seen",
    "login",
    "paid",
    "cancelled",
    "canceled",
    "joined",
    "modified",
    "registered",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // SQLite keeps a DateTime as a number or a text itself.
    if schema.provider() == Some(Provider::Sqlite) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_scalar(*field, Scalar::String) && field.native.is_none()) {
            let name = field.name.name;
            let ends_so =
                name.len() > 2 && name.get(name.len() - 2..).is_some_and(|end| end.eq_ignore_ascii_case("at"));
            let is_done = ends_so
                && match words(name).collect::<Vec<_>>()[..] {
                    [.., done, at] => at.eq_ignore_ascii_case("at") && is_name(done, DONE),
                    _ => false,
                };
            let is_date =
                is_name(name, &["birthdate", "birthday", "startdate", "enddate", "duedate", "timestamp", "datetime"]);
            if !is_done && !is_date {
                continue;
            }
            let finding = report
                .finding(format!("`{}` keeps a point in time as text", field.label()))
                .at(field.ty_span)
                .saying("sorted letter by letter")
                .note(
                    "ranges and order are right only as long as every writer uses one format and one time zone; \
                       nothing refuses \"31/12/2025\"; no interval can be taken without a cast that fails on the \
                       first odd row",
                )
                .help("use `DateTime` (`@db.Date` for a day)");
            report.push(of_field(field), finding);
        }
    }
}
