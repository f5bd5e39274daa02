//! The databases at both ends of a plan.

use super::compile;
use crate::catalog::Ids;
use crate::diag::Diagnostics;
use crate::dialect::Provider;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::pair::Pair;
use crate::script::{Ends, Labelled, Schemas, Script};
use crate::source::{SchemaFiles, Sources};
use crate::{lower, model, syntax};

/// The SQL that makes OLD's database from nothing, and that which makes NEW's; None stands for an empty one.
///
/// A plan that is written to a folder carries it ([`Script::ends`]), so that it can be rehearsed wherever it is. A plan that
/// is only read has no need of it.
///
/// # Errors
/// One of the two cannot be made from nothing.
pub fn ends(
    sources: &Sources,
    old: Option<&SchemaFiles>,
    new: Option<&SchemaFiles>,
    options: &Options,
) -> Result<Ends, Diagnostics> {
    let first = old;
    let schemas = Some(Schemas::of(sources, Pair { old, new }, options));
    let Pair { old, new } = Pair { old, new }.map(|schema| ddl(sources, schema, options));
    Ok(Ends { old: old?, new: new?, labels: labels(sources, first), schemas })
}

/// The columns of a schema that are enums to clients and text to the database.
fn labels(sources: &Sources, schema: Option<&SchemaFiles>) -> Vec<Labelled> {
    let Some(schema) = schema else { return Vec::new() };
    let (ast, _) = syntax::parse(sources, schema);
    let (model, _) = model::resolve(&ast);
    if model.provider() != Some(Provider::Sqlite) {
        return Vec::new();
    }
    let (catalog, _) = lower::lower(&model, &mut Ids::default());
    let columns = catalog.tables.values().flat_map(|t| t.columns.values().map(move |c| (t, c)));
    let labelled = columns.filter_map(|(t, c)| {
        let values = catalog.enums.get(&c.ty.enum_id()?)?.values.clone();
        Some(Labelled { table: t.name.name.clone(), column: c.name.clone(), values })
    });
    labelled.collect()
}

fn ddl(sources: &Sources, schema: Option<&SchemaFiles>, options: &Options) -> Result<String, Diagnostics> {
    if schema.is_none() {
        return Ok(String::new());
    }
    let plain = Options { target: options.target.clone(), ..Options::default() };
    match compile(sources, None, schema, &plain) {
        Outcome::Plan { script, .. } => Ok(statements(&script)),
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            Err(diagnostics)
        }
    }
}

fn statements(script: &Script) -> String {
    let migrations = script.stages.iter().flat_map(|stage| &stage.migrations);
    migrations.flat_map(|migration| &migration.statements).map(|s| format!("{};\n", s.sql.trim_end())).collect()
}
