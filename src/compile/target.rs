//! What a schema says that the target does not have, told once for the whole of it.

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::dialect::{Dialect, Sync};
use crate::model;
use crate::options::Strategy;
use crate::pair::Pair;

/// Why there are no plans between these two on this target.
pub fn refused(
    dialect: Dialect,
    models: &Pair<model::Schema>,
    catalogs: &Pair<Catalog>,
    course: Strategy,
) -> Option<Diagnostic> {
    if dialect.caps().sync == Sync::Triggers {
        return None;
    }
    let title = dialect.title();
    if course == Strategy::Direct {
        return Some(
            Diagnostic::error("PS0729", format!("--strategy direct is not for {title}"))
                .note("a deploy request is the difference of two schemas already, and rows are changed over another connection")
                .help("where nobody uses the database, run `prisma db push` on a branch and deploy that; else leave --strategy out"),
        );
    }
    let linked =
        |catalog: &Catalog| catalog.tables.values().find(|t| !t.foreign_keys.is_empty()).map(|t| t.origin.span);
    let (which, model, span) = match (linked(&catalogs.new), linked(&catalogs.old)) {
        (Some(span), _) => ("new", &models.new, span),
        (None, Some(span)) => ("old", &models.old, span),
        (None, None) => return None,
    };
    let at = model.datasource.as_ref().and_then(|d| d.provider_span).or(span);
    Some(
        Diagnostic::error("PS0728", format!("the {which} schema makes foreign keys, and plans for {title} have none"))
            .at(at)
            .note(
                "they are off unless somebody has turned them on for a whole database, their names change with every deploy request, and no \
                 existing row is looked at (https://planetscale.com/docs/vitess/foreign-key-constraints)",
            )
            .help("write `relationMode = \"prisma\"` in the datasource block of both schemas, and an @@index for each relation's fields (`prisma-stage check` names them)"),
    )
}
