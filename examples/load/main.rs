//! Applies plans under load: `make load`.
//!
//! Old clients, new clients and such as write with both at once run while the stages are applied, as far as the plan lets them. Each
//! write is recorded with what it asked for; at the end no row may say two things, and no last write may be lost.
//! Environment: `MINUTES` in all (2), `ONLY` cases whose name holds this, `SEED` (1), `CREWS` of clients at once (3), `ROWS` in every table (300),
//! `PROVIDER=mysql` for the same on a MariaDB of our own or at `MYSQL_URL`.

#[path = "../../tests/support/words.rs"]
mod words;

use prisma_stage::catalog::Ids;
use prisma_stage::dialect::mysql::database;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::mysql;
use prisma_stage::live::rehearse::{Clients, Load, Plan, Renames, Settings, Stand, plain};
use prisma_stage::live::server::Server;
use prisma_stage::script::Script;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Options, Outcome, lower, validate};
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

/// Those of them that are planned on MySQL, as schemas that it takes.
const ON_MYSQL: [&str; 12] = [
    "rename-column--plain",
    "rename-column--and-required",
    "rename-column--and-retyped",
    "rename-column--unique",
    "rename-table--on-command-line",
    "retype-column--int-to-bigint",
    "retype-column--text-to-int",
    "retype-column--text-to-enum",
    "retype-column--decimal-scale",
    "require-column--with-default",
    "require-column--fallback",
    "remove-enum-value--on-command-line",
];

/// Where a column stays and gets back what was taken out of it: then new clients find more in it than they wrote.
const FORTH_ONLY: [&str; 1] = ["extract-columns--json-stays"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let only = variable("ONLY").unwrap_or_default();
    let on_mysql = variable("PROVIDER").as_deref() == Some("mysql");
    let cases: &[&str] = if on_mysql { &ON_MYSQL } else { &CASES };
    let cases: Vec<&str> = cases.iter().copied().filter(|case| case.contains(&only)).collect();
    let number = |name: &str, usual: u64| variable(name).map_or(Ok(usual), |text| text.parse::<u64>());
    let (minutes, seed, crews, rows) =
        (number("MINUTES", 2)?, number("SEED", 1)?, number("CREWS", 3)?, number("ROWS", 300)?);
    let server =
        if on_mysql { None } else { Some(Server::start(variable("PG").and_then(|major| major.parse().ok()))?) };
    let each = Duration::from_secs(minutes * 60) / u32::try_from(cases.len().max(1))?;
    let mut out = std::io::stdout();
    let (mut wrong, mut statements, mut written, mut deadlocks) = (0, 0, 0, 0);
    for case in cases {
        let begun = Instant::now();
        let folder = Path::new("corpus/change").join(case);
        let mut sources = Sources::default();
        let mut read = |name: &str| -> Result<SchemaFiles, String> {
            let path = folder.join(name).display().to_string();
            if on_mysql {
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
                return Ok(sources.add_schema(&path, text.replace("\"postgresql\"", "\"mysql\"")));
            }
            read_schema(&mut sources, &path, &ReadOptions::default()).map_err(|diagnostic| diagnostic.message)
        };
        let (old, new) = (read("old.prisma")?, read("new.prisma")?);
        let mut options = words::options(&folder)?;
        if on_mysql {
            options.target = Some(mysql::Server::shared()?.target()?);
        }
        let Outcome::Plan { script, .. } = prisma_stage::compile(&sources, Some(&old), Some(&new), &options) else {
            return Err(format!("{case} is not planned").into());
        };
        let clients = Clients::read(&sources, (&old, &new), &options, &script);
        let renames = Renames::default();
        let plan = Plan { script: &script, renames: &renames, replan: None, clients: Some(&clients) };
        let back = !FORTH_ONLY.contains(&case);
        let dwell = each / u32::try_from(script.stages.len().max(1) * 3)?;
        let load = Load { crews, dwell, seed };
        let seen = match &server {
            Some(server) => {
                let (made, to_be) = (from_nothing(&sources, &old)?, from_nothing(&sources, &new)?);
                let stand = Stand::new(server, &made, &to_be)?;
                stand.load(plan, &Settings { rows, back, ..Settings::default() }, load)?
            }
            None => {
                let made = |schema: &SchemaFiles| -> Vec<String> {
                    let checked = validate::check(&sources, schema);
                    database(&lower::lower(&checked.schema, &mut Ids::halves().0).0)
                };
                let make = |files: &[String]| mysql::Server::shared()?.open(files);
                let stand = plain::Stand::new(&make, &made(&old), &made(&new))?;
                stand.load(plan, (rows, &plain::Labels::new()), load)?
            }
        };
        writeln!(
            out,
            "{case}: {} statements, {} rows, {} deadlocks, {} of {} stages taken back, {} files run again, longest file {:.1} s, {} wrong ({:.0} s)",
            seen.statements,
            seen.rows,
            seen.deadlocks,
            seen.taken_back,
            script.stages.len(),
            seen.again,
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
