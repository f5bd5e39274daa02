//! PS1099: a `@stage.allow` that names no rule, or excuses nothing.

use crate::advice::Report;
use crate::advice::levels::Selector;
use crate::advice::report::Item;
use crate::model::Schema;

/// Comes last: what the other rules found has marked the comments that were of use.
pub fn look(_: &Schema<'_>, report: &mut Report<'_, '_>) {
    let mut found = Vec::new();
    for excuse in report.comments().filter(|excuse| !excuse.used.get()) {
        let finding = match &excuse.selector {
            Err(why) => report.finding(why.clone()).at(excuse.span).saying("excuses nothing").help(
                "write a code or name that `prisma-stage explain` lists, or several: /// @stage.allow(PS1002, \
                 unused-enum)",
            ),
            // What is off finds nothing that could be excused.
            Ok(Selector::Rule(place)) if !report.is_on(*place) => continue,
            Ok(_) => report
                .finding("there is nothing here that this would excuse")
                .at(excuse.span)
                .saying("no finding of that rule")
                .note("a comment that excuses nothing hides the finding that comes next")
                .help("remove it"),
        };
        found.push(finding);
    }
    for finding in found {
        report.push(Item::Schema, finding);
    }
}
