//! The databases at both ends of a plan.

use super::compile;
use crate::diag::Diagnostics;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::pair::Pair;
use crate::script::{Ends, Script};
use crate::source::{SchemaFiles, Sources};

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
    let Pair { old, new } = Pair { old, new }.map(|schema| ddl(sources, schema, options));
    Ok(Ends { old: old?, new: new? })
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
