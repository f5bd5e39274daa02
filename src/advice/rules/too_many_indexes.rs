//! PS1004: a table with so many indexes that writes are about them.

use crate::advice::Report;
use crate::advice::facts::keys;
use crate::advice::report::of_model;
use crate::model::Schema;

/// From so many on it is said.
const MANY: usize = 16;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    for model in schema.walk_models() {
        let count = keys(model).count();
        if count < MANY {
            continue;
        }
        let finding = report
            .finding(format!("`{}` has {count} indexes", model.name.name))
            .at(model.name.span)
            .saying("each insert writes all of them")
            .note(format!(
                "an inserted row is one entry in the table and {count} in indexes; an update of any indexed column \
                 writes to every index on PostgreSQL, for the row moves; each index takes memory from the others"
            ))
            .help(
                "look which of them are used (PostgreSQL: idx_scan in pg_stat_user_indexes; MySQL: \
                 sys.schema_unused_indexes), and drop the others",
            );
        report.push(of_model(model), finding);
    }
}
