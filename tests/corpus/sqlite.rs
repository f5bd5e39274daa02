//! The same cases on SQLite, where both schemas are valid there: the plan beside PostgreSQL's, and its proof in this process.

use crate::proof::Pair;
use crate::{golden, made, options, said, text};
use libtest_mimic::{Failed, Trial};
use prisma_stage::live::rehearse::{Plan, Report, plain::Stand};
use prisma_stage::live::sqlite;
use prisma_stage::script::Script;
use prisma_stage::source::Sources;
use prisma_stage::{Assume, Options, Outcome, Strategy, validate};
use std::path::{Path, PathBuf};

/// A trial for each case.
pub fn trials(cases: Vec<PathBuf>) -> Vec<Trial> {
    let named = |case: PathBuf| {
        let name = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let pair = as_sqlite(&case)?;
        Some(Trial::test(format!("sqlite/{name}"), move || hold(&case, &pair)))
    };
    cases.into_iter().filter_map(named).collect()
}

/// Cases of which SQLite has another idea: two names that differ in case are one there, and a table has as many rows as the test
/// says, though its key holds only two values.
const OTHER: [&str; 3] =
    ["add-column--names-of-63-bytes", "require-column--held-by-every-row", "flip-relation--required-after"];

/// The pair with another provider; None where SQLite has not what it speaks of, or where it speaks in PostgreSQL's words.
fn as_sqlite(case: &Path) -> Option<Pair> {
    const FOREIGN: [&str; 7] =
        ["::", "array_agg", "split_part", "EXTRACT", "char_length", "timestamp '", "provider = \"mongodb\""];
    if OTHER.iter().any(|name| case.ends_with(name)) || case.join("objects.sql").exists() {
        return None;
    }
    let mut sources = Sources::default();
    let mut read = |name: &str| {
        let text = std::fs::read_to_string(case.join(name)).ok()?;
        let foreign = FOREIGN.iter().any(|words| text.contains(words));
        let text = text.replace("\"postgresql\"", "\"sqlite\"").replace("\"postgres\"", "\"sqlite\"");
        (!foreign).then(|| sources.add_schema(name, text))
    };
    let (old, new) = (read("old.prisma")?, read("new.prisma")?);
    let valid = [&old, &new].into_iter().all(|schema| !validate::check(&sources, schema).diagnostics.has_errors());
    valid.then_some(Pair { sources, old, new })
}

/// The plan is right, with rows and without.
pub fn proved(
    pair: &Pair,
    stand: &Stand<'_, sqlite::Database>,
    script: &Script,
    options: &Options,
    seed: u64,
) -> Result<(), String> {
    let renames = pair.renames(options);
    let clients = pair.clients(options, script);
    let plan = Plan { script, renames: &renames, replan: None, clients: Some(&clients) };
    let clean = !options.assume.iter().any(|a| matches!(a, Assume::KeepFirst | Assume::DeleteOrphans));
    let again = |database: &_| pair.drift_in_process(database);
    for rows in [5, 0] {
        let report = stand.rehearse(plan, rows, clean, &pair.labels(), Some(&again)).map_err(|e| e.to_string())?;
        if !report.proved() {
            let lines = report.failures.iter().map(|f| format!("[{rows} rows] {:?} {}: {}", f.what, f.file, f.message));
            return Err(lines.collect::<Vec<_>>().join("\n"));
        }
    }
    // With clients at work, as on PostgreSQL.
    if clean {
        let mut report = Report::default();
        stand.play(plan, (5, &pair.labels()), seed, &mut report).map_err(|e| format!("[clients] {e}"))?;
        if !report.proved() {
            let lines = report.failures.iter().map(|f| format!("[clients] {:?} {}: {}", f.what, f.file, f.message));
            return Err(lines.collect::<Vec<_>>().join("\n"));
        }
    }
    // And cut at each statement.
    let report = stand.cut(plan, (3, clean, &pair.labels()), 1..).map_err(|e| format!("[cut] {e}"))?;
    if !report.proved() {
        let lines = report.failures.iter().map(|f| format!("[cut] {:?} {}: {}", f.what, f.file, f.message));
        let kills = report.kills.iter().map(|k| format!("cut: {} {}", k.file, k.at));
        return Err(lines.chain(kills).collect::<Vec<_>>().join("\n"));
    }
    Ok(())
}

fn hold(case: &Path, pair: &Pair) -> Result<(), Failed> {
    let options = Options { target: None, ..options(case)? };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) => {
            golden(case, "refused.sqlite", &text::of_diagnostics(&pair.sources, &diagnostics, case));
            return Ok(());
        }
        Outcome::Bug(diagnostics) => return Err(format!("a bug of ours\n{}", said(&diagnostics)).into()),
    };
    let stand = Stand::new(&sqlite::open, &made(pair, &pair.old)?, &made(pair, &pair.new)?)?;
    let seed = case.file_name().map_or(1, |name| name.len() as u64);
    proved(pair, &stand, &script, &options, seed)?;
    let direct = Options { strategy: Strategy::Direct, ..options.clone() };
    match pair.compile(&direct) {
        Outcome::Plan { script, .. } => {
            proved(pair, &stand, &script, &direct, seed).map_err(|e| format!("direct: {e}"))?
        }
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            return Err(format!("direct: {}", said(&diagnostics)).into());
        }
    }
    // A case that somebody has only blessed on a server is proved here all the same.
    let blessing = std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always");
    if blessing || case.join("plan.sqlite.snap").exists() {
        golden(case, "plan.sqlite", &text::of_plan(&script));
    }
    Ok(())
}
