//! PS1043: today, as the session's time zone has it.

use crate::advice::Report;
use crate::advice::facts::is_native;
use crate::advice::report::of_field;
use crate::model::{DefaultValue, Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // There a Date is a moment.
    if schema.provider() == Some(Provider::Mongodb) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_native(*field, &["Date", "Time"])) {
            let Some(default) = field.get().default.as_ref().filter(|d| d.value == DefaultValue::Now) else { continue };
            let kind = field.native.as_ref().map_or("Date", |native| native.name);
            let finding = report
                .finding(format!("`{}` is today or now where the server is", field.label()))
                .at(default.span)
                .saying(format!("CURRENT_TIMESTAMP, cut to a {kind}"))
                .note(
                    "the database cuts it in the session's time zone, and Prisma Client takes what it gets for \
                       UTC: for some hours of each day it is another day",
                )
                .help("use a DateTime with a time zone and take the day from it, or let the application give the day");
            report.push(of_field(field), finding);
        }
    }
}
