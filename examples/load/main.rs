//! Applies plans under load: `make load`.
//!
//! Old clients, new clients and such as write with both at once run while the stages are applied, as far as the plan lets them. Each
//! write is recorded with what it asked for; at the end no row may say two things, and no last write may be lost.
//! Environment: `MINUTES` in all (2), `ONLY` cases whose name holds this, `SEED` (1), `CREWS` of clients at once (3), `ROWS` in every table (300).

#[path = "../../tests/support/words.rs"]
mod words;

use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::rehearse::{Clients, Load, Plan, Renames, Settings, Stand};
use prisma_stage::live::server::Server;
use prisma_stage::script::Script;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Options, Outcome};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The kinds that keep two shapes in step.
const CASES: [&str; 30] = [
    "rename-column--plain",
    "rename-column--and-required",
    "rename-column--and-retyped",
    "rename-column--unique",
    "rename-column--time-to-flag",
    "rename-table--with-a-field",
    "retype-column--int-to-bigint",
    "retype-column--key-with-three-followers",
    "retype-column--text-to-int",
    "retype-column--decimal-scale",
    "retype-column--scalar-to-list-beside",
    "require-column--fallback",
    "remove-enum-value--part-of-a-key",
    "remove-enum-value--merged-in-a-unique",
    "split-column--full-name",
    "split-column--json-leaves",
    "merge-columns--full-name",
    "map-columns--two-of-two",
    "extract-columns--json-stays",
    "split-model--profile",
    "merge-models--profile",
    "merge-models--many-to-a-list",
    "move-columns--to-the-parent",
    "move-columns--to-the-child",
    "move-columns--down-to-many",
    "move-columns--up-from-many",
    "flip-relation--optional",
    "flip-relation--required-after",
    "change-primary-key--single-to-composite",
    "combo--rename-widen-require-default",
];

/// Where a column stays and gets back what was taken out of it: then new clients find more in it than they wrote.
const FORTH_ONLY: [&str; 1] = ["extract-columns--json-stays"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let only = variable("ONLY").unwrap_or_default();
    let cases: Vec<&str> = CASES.into_iter().filter(|case| case.contains(&only)).collect();
    let number = |name: &str, usual: u64| variable(name).map_or(Ok(usual), |text| text.parse::<u64>());
    let (minutes, seed, crews, rows) =
        (number("MINUTES", 2)?, number("SEED", 1)?, number("CREWS", 3)?, number("ROWS", 300)?);
    let server = Server::start(variable("PG").and_then(|major| major.parse().ok()))?;
    let each = Duration::from_secs(minutes * 60) / u32::try_from(cases.len().max(1))?;
    let mut out = std::io::stdout();
    let (mut wrong, mut statements, mut written, mut deadlocks) = (0, 0, 0, 0);
    for case in cases {
        let begun = Instant::now();
        let folder = Path::new("corpus/change").join(case);
        let mut sources = Sources::default();
        let mut read = |name: &str| {
            let path = folder.join(name).display().to_string();
            read_schema(&mut sources, &path, &ReadOptions::default()).map_err(|diagnostic| diagnostic.message)
        };
        let (old, new) = (read("old.prisma")?, read("new.prisma")?);
        let options = words::options(&folder)?;
        let Outcome::Plan { script, .. } = prisma_stage::compile(&sources, Some(&old), Some(&new), &options) else {
            return Err(format!("{case} is not planned").into());
        };
        let (made, to_be) = (from_nothing(&sources, &old)?, from_nothing(&sources, &new)?);
        let stand = Stand::new(&server, &made, &to_be)?;
        let clients = Clients::read(&sources, (&old, &new), &options, &script);
        let renames = Renames::default();
        let plan = Plan { script: &script, renames: &renames, replan: None, clients: Some(&clients) };
        let back = !FORTH_ONLY.contains(&case);
        let dwell = each / u32::try_from(script.stages.len().max(1) * 3)?;
        let seen = stand.load(plan, &Settings { rows, back, ..Settings::default() }, Load { crews, dwell, seed })?;
        writeln!(
            out,
            "{case}: {} statements, {} rows, {} deadlocks, {} of {} stages taken back, longest file {:.1} s, {} wrong ({:.0} s)",
            seen.statements,
            seen.rows,
            seen.deadlocks,
            seen.taken_back,
            script.stages.len(),
            seen.longest.as_secs_f32(),
            seen.failures.len(),
            begun.elapsed().as_secs_f32(),
        )?;
        for failure in seen.failures.iter().take(3) {
            writeln!(out, "  {:?} {}: {}", failure.what, failure.file, failure.message)?;
        }
        wrong += seen.failures.len();
        statements += seen.statements;
        written += seen.rows;
        deadlocks += seen.deadlocks;
    }
    writeln!(out, "{statements} statements, {written} rows written, {deadlocks} deadlocks, {wrong} wrong")?;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The files that make a schema from nothing.
fn from_nothing(sources: &Sources, schema: &SchemaFiles) -> Result<Vec<String>, Box<dyn Error>> {
    match prisma_stage::compile(sources, None, Some(schema), &Options::default()) {
        Outcome::Plan { script, .. } => {
            let Script { stages, .. } = *script;
            Ok(stages.into_iter().flat_map(|stage| stage.migrations).map(|migration| migration.up).collect())
        }
        Outcome::Undecided { .. } | Outcome::Rejected(_) | Outcome::Bug(_) => {
            Err(format!("{} cannot be made from nothing", schema.name).into())
        }
    }
}
