//! The same cases on MariaDB, where both schemas are valid there: the plan beside PostgreSQL's, and its proof on a server of our own
//! (or at `MYSQL_URL`). Those that have a golden, all of them with `MYSQL=all`.

use crate::proof::Pair;
use crate::{golden, options, said, text};
use libtest_mimic::{Failed, Trial};
use prisma_stage::catalog::Ids;
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::mysql::{Database, Server};
use prisma_stage::live::rehearse::{Plan, Report, plain::Stand};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Assume, Outcome, lower, validate};
use std::path::{Path, PathBuf};

/// A trial for each case.
pub fn trials(cases: Vec<PathBuf>) -> Vec<Trial> {
    let all = std::env::var("MYSQL").is_ok_and(|which| which == "all");
    let wanted = |case: &PathBuf| all || case.join("plan.mysql.snap").exists();
    let named = |case: PathBuf| {
        let name = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let pair = as_mysql(&case, &str::to_owned)?;
        Some(Trial::test(format!("mysql/{name}"), move || hold(&case, &pair)))
    };
    cases.into_iter().filter(wanted).filter_map(named).collect()
}

/// The pair with another provider, its texts as `also` has them; None where MySQL has not what it speaks of, or where it speaks in
/// PostgreSQL's words.
pub fn as_mysql(case: &Path, also: &dyn Fn(&str) -> String) -> Option<Pair> {
    const FOREIGN: [&str; 10] = [
        "::",
        "array_agg",
        "split_part",
        "EXTRACT",
        "||",
        "timestamp '",
        "provider = \"mongodb\"",
        "[]",
        "schemas",
        "extensions",
    ];
    if case.join("objects.sql").exists() {
        return None;
    }
    let mut sources = Sources::default();
    let mut read = |name: &str| {
        let text = std::fs::read_to_string(case.join(name)).ok()?;
        let lists = text.lines().any(|line| {
            line.contains("[]") && ["String[]", "Int[]", "Boolean[]", "Json[]"].iter().any(|list| line.contains(list))
        });
        let foreign = FOREIGN.iter().filter(|words| **words != "[]").any(|words| text.contains(words)) || lists;
        let text = text.replace("\"postgresql\"", "\"mysql\"").replace("\"postgres\"", "\"mysql\"");
        (!foreign).then(|| sources.add_schema(name, also(&text)))
    };
    let (old, new) = (read("old.prisma")?, read("new.prisma")?);
    let valid = [&old, &new].into_iter().all(|schema| !validate::check(&sources, schema).diagnostics.has_errors());
    valid.then_some(Pair { sources, old, new })
}

/// Varies what is done from case to case.
fn name_as_number(case: &Path) -> u64 {
    case.file_name().map_or(0, |name| name.len() as u64)
}

fn hold(case: &Path, pair: &Pair) -> Result<(), Failed> {
    let options = prisma_stage::Options { target: None, ..options(case)? };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) => {
            if case.join("plan.mysql.snap").exists() {
                return Err(format!("it is not planned any more\n{}", said(&diagnostics)).into());
            }
            return Err(format!("refused\n{}", said(&diagnostics)).into());
        }
        Outcome::Bug(diagnostics) => return Err(format!("a bug of ours\n{}", said(&diagnostics)).into()),
    };
    let blessing = std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always");
    let golden = || {
        if blessing || case.join("plan.mysql.snap").exists() {
            golden(case, "plan.mysql", &text::of_plan(&script));
        }
    };
    let server = match Server::shared() {
        Ok(server) => server,
        Err(error) => {
            eprintln!("skipped, but for its golden: {error}");
            golden();
            return Ok(());
        }
    };
    // Written for the oldest that its vendor supports, and rehearsed as it is written for the server that is here.
    let here = prisma_stage::Options { target: Some(server.target()?), ..options.clone() };
    let own = match pair.compile(&here) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            return Err(format!("refused for this server\n{}", said(&diagnostics)).into());
        }
    };
    let made = |schema: &SchemaFiles| -> Vec<String> {
        let checked = validate::check(&pair.sources, schema);
        database(&lower::lower(&checked.schema, &mut Ids::halves().0).0)
    };
    let make = |files: &[String]| server.open(files);
    let stand = Stand::new(&make, &made(&pair.old), &made(&pair.new))?;
    let renames = pair.renames(&options);
    let clients = pair.clients(&here, &own);
    let plan = Plan { script: &own, renames: &renames, replan: None, clients: Some(&clients) };
    let clean = !options.assume.iter().any(|a| matches!(a, Assume::KeepFirst | Assume::DeleteOrphans));
    let again = |database: &Database| pair.drift_on_mysql(database);
    for rows in [5, 0] {
        let report = stand.rehearse(plan, rows, clean, &pair.labels(), Some(&again))?;
        if !report.proved() {
            let lines = report.failures.iter().map(|f| format!("[{rows} rows] {:?} {}: {}", f.what, f.file, f.message));
            return Err(lines.collect::<Vec<_>>().join("\n").into());
        }
    }
    // With clients at work, as on PostgreSQL.
    if clean {
        let mut report = Report::default();
        stand.play(plan, (5, &pair.labels()), name_as_number(case), &mut report)?;
        if !report.proved() {
            let lines = report.failures.iter().map(|f| format!("[clients] {:?} {}: {}", f.what, f.file, f.message));
            return Err(lines.collect::<Vec<_>>().join("\n").into());
        }
    }
    // Cut at one point, which the case's name chooses; with KILLS=all at each, and nothing but that is new to the plan.
    let all = std::env::var("KILLS").is_ok_and(|kills| kills == "all");
    let point = usize::try_from(1 + name_as_number(case) % 4)?;
    let points = if all { 1..=usize::MAX } else { point..=point };
    let report = stand.cut(plan, (5, clean, &pair.labels()), points)?;
    if !report.proved() {
        let lines = report.failures.iter().map(|f| format!("[cut] {:?} {}: {}", f.what, f.file, f.message));
        let kills = report.kills.iter().map(|k| format!("cut: {} {}", k.file, k.at));
        return Err(lines.chain(kills).collect::<Vec<_>>().join("\n").into());
    }
    golden();
    Ok(())
}
