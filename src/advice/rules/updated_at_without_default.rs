//! PS1041: a moment that only Prisma Client writes.

use crate::advice::Report;
use crate::advice::report::{Item, at_all};
use crate::ast::Arity;
use crate::diag::Edit;
use crate::model::{Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() == Some(Provider::Mongodb) {
        return;
    }
    let all = schema.walk_models().filter(|model| !model.ignored).flat_map(|model| model.walk_columns());
    let bare = all.filter(|f| f.updated_at && f.default.is_none() && f.arity == Arity::Required);
    let found = report.unexcused(bare);
    let Some(first) = found.first() else { return };
    let message = match found.len() {
        1 => format!("`{}` has no default in the database", first.label()),
        many => format!("{many} @updatedAt fields have no default in the database"),
    };
    let places = found.iter().map(|field| (field.span, "NOT NULL, without a default".to_owned()));
    let edits: Vec<Edit> = found.iter().map(|f| crate::advice::edit::append(*f, "@default(now())")).collect();
    let finding = at_all(report.finding(message), places)
        .note(
            "only Prisma Client fills it: an INSERT in raw SQL, in a seed, or of another program fails; and the \
               field cannot be added to a table with rows in one step",
        )
        .help("write `@default(now())` beside `@updatedAt`: it costs nothing and touches no row")
        .fix("add @default(now())", edits);
    report.push(Item::Schema, finding);
}
