//! Every case of corpus/change: its plan beside it, and the proof of the plan on a server. One test a case. And pairs that
//! are invented.

#[expect(clippy::print_stderr, reason = "that there is no server belongs into the log of CI")]
mod deploy;
mod matrix;
#[expect(clippy::print_stderr, reason = "that there is no server belongs into the log of CI")]
mod mysql;
#[expect(clippy::print_stderr, reason = "how many of the pairs were proved belongs into the log of CI")]
mod pairs;
mod planted;
#[path = "../support/proof.rs"]
mod proof;
mod sqlite;
mod text;
mod unplanned;
#[path = "../support/words.rs"]
mod words;

use libtest_mimic::{Arguments, Failed, Trial};
use prisma_stage::diag::Diagnostics;
use prisma_stage::live::rehearse::{Plan, Replan, Sending, Settings, Stand};
use prisma_stage::live::server::{Database, Server};
use prisma_stage::live::snapshot;
use prisma_stage::script::Script;
use prisma_stage::source::SchemaFiles;
use prisma_stage::{Assume, Options, Outcome, Strategy};
use proof::Pair;
use std::path::{Path, PathBuf};
use words::options;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for case in folders("change") {
        let name = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let direct = case.clone();
        if case.join("planted.sql").exists() {
            let case = case.clone();
            trials.push(Trial::test(format!("planted/{name}"), move || planted::found(&case)));
        }
        trials.push(Trial::test(format!("change/{name}"), move || change(&case)));
        trials.push(Trial::test(format!("direct/{name}"), move || at_once(&direct).map(|_| ())));
    }
    for case in folders("hanging") {
        let name = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        trials.push(Trial::test(format!("hanging/{name}"), move || hanging(&case)));
    }
    for case in folders("unplanned") {
        let name = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        trials.push(Trial::test(format!("unplanned/{name}"), move || unplanned::refused(&case)));
    }
    trials.extend(sqlite::trials(folders("change")));
    trials.extend(mysql::trials(folders("change")));
    trials.extend(deploy::trials(folders("deploy"), folders("change")));
    trials.extend(pairs::trials());
    // Every type is planned; on the server they are tried where that is asked for, since it takes long.
    let whole = std::env::var("MATRIX").is_ok();
    for (name, field) in matrix::all() {
        for living in [matrix::Living::Switch, matrix::Living::Beside] {
            let of = field.clone();
            trials.push(Trial::test(format!("matrix/{living:?}/{name}/planned"), move || matrix::planned(&of, living)));
            if whole {
                let of = field.clone();
                trials
                    .push(Trial::test(format!("matrix/{living:?}/{name}/proved"), move || matrix::proved(&of, living)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn folders(kind: &str) -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(kind);
    let entries = std::fs::read_dir(corpus).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut cases: Vec<PathBuf> = entries.unwrap_or_default();
    cases.retain(|case| case.join("new.prisma").exists());
    cases.sort();
    cases
}

/// The plan is the one beside the schemas, and right.
fn change(case: &Path) -> Result<(), Failed> {
    let pair = Pair::read(&case.join("old.prisma"), &case.join("new.prisma"))?;
    let options = options(case)?;
    if options.strategy == Strategy::Direct {
        let script = at_once(case)?;
        golden(case, "plan", &text::of_plan(&script));
        return Ok(());
    }
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } => {
            return Err(format!("undecided\n{}", said(&diagnostics)).into());
        }
        Outcome::Rejected(diagnostics) => return Err(format!("rejected\n{}", said(&diagnostics)).into()),
        Outcome::Bug(diagnostics) => return Err(format!("a bug of ours\n{}", said(&diagnostics)).into()),
    };
    if case.file_name().is_some_and(|name| name.to_string_lossy().starts_with("no-change--")) && !script.is_empty() {
        return Err("the right plan is empty".into());
    }

    let (mut old, mut new) = (made(&pair, &pair.old)?, made(&pair, &pair.new)?);
    old.extend(std::fs::read_to_string(case.join("objects.sql")));
    new.extend(std::fs::read_to_string(case.join("objects-after.sql")));
    let stand = Stand::new(Server::shared()?, &old, &new)?;
    let renames = pair.renames(&options);
    // What the schema does not speak of would be a difference.
    let drift: Replan = &|client| pair.drift(client);
    let plain = !case.join("objects.sql").exists();
    let clients = pair.clients(&options, &script);
    let clients = plain.then_some(&clients);
    let plan = Plan { script: &script, renames: &renames, replan: plain.then_some(drift), clients };
    // What was decided about rows that break NEW's rules is only tried by rows that do.
    let clean = !options.assume.iter().any(|a| matches!(a, Assume::KeepFirst | Assume::DeleteOrphans));
    let objects = std::fs::read_to_string(case.join("objects.sql")).unwrap_or_default();
    let back = !objects.starts_with("-- one way");
    let base = Settings { clean, back, forth: back, ..Settings::default() };
    let mut ways = vec![
        ("whole", Settings { clients: Some(1), locks: true, ..base.clone() }),
        ("empty", Settings { rows: 0, twice: true, back: false, ..base.clone() }),
        ("twice", Settings { rows: 23, sending: Sending::Statements, twice: true, forth: false, ..base.clone() }),
    ];
    if Sending::Psql.available() {
        ways.push(("psql", Settings { rows: 2, sending: Sending::Psql, back: false, ..base }));
    }
    // Every file that is not one transaction is cut in its middle; with KILLS=all, at each of its points, and that is all.
    if std::env::var("KILLS").is_ok_and(|kills| kills == "all") {
        let report = stand.rehearse_with_kills(plan, &Settings { rows: 7, ..ways[0].1.clone() })?;
        if let Some(failure) = report.failures.first() {
            let kills: Vec<String> = report.kills.iter().map(|k| format!("{} {}", k.file, k.at)).collect();
            return Err(format!("[cut] {failure:?}\n{}", kills.join("\n")).into());
        }
        return Ok(());
    }
    ways.push((
        "cut",
        Settings { rows: 3, kill: Some(2), forth: false, clients: None, locks: false, ..ways[0].1.clone() },
    ));
    // Only what clients do between the files, which is quick: to look for what they find.
    if std::env::var("WAYS").is_ok_and(|ways| ways == "clients") {
        ways = vec![("clients", Settings { back: false, ..ways[0].1.clone() })];
    }
    let seen = proof::hold(&stand, plan, &ways)?;
    if seen.is_empty() {
        golden(case, "plan", &text::of_plan(&script));
        if case.ends_with("rename-column--plain") {
            golden(case, "files", &text::of_files(&script));
        }
        return Ok(());
    }
    let lines = seen.iter().map(|(way, f)| format!("[{way}] {:?} {}: {}", f.what, f.file, f.message));
    Err(lines.collect::<Vec<_>>().join("\n").into())
}

/// The plan of a case, and a database with OLD's empty tables.
fn begun(case: &Path) -> Result<(Box<Script>, Database), Failed> {
    let pair = Pair::read(&case.join("old.prisma"), &case.join("new.prisma"))?;
    let script = match pair.compile(&options(case)?) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            return Err(said(&diagnostics).into());
        }
    };
    let database = Server::shared()?.create(None)?;
    let mut client = database.connect()?;
    for file in made(&pair, &pair.old)? {
        client.batch_execute(&file)?;
    }
    Ok((script, database))
}

/// What the schema does not speak of hangs on what the plan changes: the preflight of the first stage names it, and the file
/// that would break it, or drop it along, fails before it has changed anything.
fn hanging(case: &Path) -> Result<(), Failed> {
    let (script, database) = begun(case)?;
    let mut client = database.connect()?;
    client.batch_execute(&std::fs::read_to_string(case.join("objects.sql"))?)?;
    let mut told = String::from("preflight of the first stage:\n");
    for query in script.stages.first().into_iter().flat_map(|stage| &stage.preflight) {
        for row in client.query(&query.sql, &[])? {
            let object: String = row.try_get("object")?;
            told += &format!("  {}: {object}\n", query.name);
        }
    }
    for stage in &script.stages {
        for migration in &stage.migrations {
            let before = snapshot::catalog(&mut client)?;
            let Err(error) = client.batch_execute(&migration.up) else { continue };
            let after = snapshot::catalog(&mut client)?;
            let changed = snapshot::differences(&after, &before);
            if !changed.is_empty() {
                return Err(format!("{} fails and has changed {}", migration.name, changed.join(", ")).into());
            }
            let why = error.as_db_error().map_or_else(|| error.to_string(), |e| e.message().to_owned());
            told += &format!("{}/{} fails, and has changed nothing:\n  {why}\n", stage.folder, migration.name);
            golden(case, "hanging", &told);
            return Ok(());
        }
    }
    Err(format!("no file fails\n{told}").into())
}

/// The same pair in one step, for a database that nobody uses.
fn at_once(case: &Path) -> Result<Box<Script>, Failed> {
    let pair = Pair::read(&case.join("old.prisma"), &case.join("new.prisma"))?;
    let options = Options { strategy: Strategy::Direct, ..options(case)? };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            return Err(said(&diagnostics).into());
        }
    };
    if script.stages.len() > 1 {
        return Err("more than one stage".into());
    }
    let (old, new) = (made(&pair, &pair.old)?, made(&pair, &pair.new)?);
    let stand = Stand::new(Server::shared()?, &old, &new)?;
    let renames = pair.renames(&options);
    let plan = Plan { script: &script, renames: &renames, replan: Some(&|client| pair.drift(client)), clients: None };
    let clean = !options.assume.iter().any(|a| matches!(a, Assume::KeepFirst | Assume::DeleteOrphans));
    let ways = [
        ("whole", Settings { clean, ..Settings::default() }),
        ("empty", Settings { clean, rows: 0, back: false, ..Settings::default() }),
    ];
    let seen = proof::hold(&stand, plan, &ways)?;
    let lines = seen.iter().map(|(way, f)| format!("[{way}] {:?} {}: {}", f.what, f.file, f.message));
    if seen.is_empty() { Ok(script) } else { Err(lines.collect::<Vec<_>>().join("\n").into()) }
}

/// The files that make a schema from nothing.
fn made(pair: &Pair, schema: &SchemaFiles) -> Result<Vec<String>, Failed> {
    match prisma_stage::compile(&pair.sources, None, Some(schema), &Options::default()) {
        Outcome::Plan { script, .. } => {
            let migrations = script.stages.into_iter().flat_map(|stage| stage.migrations);
            Ok(migrations.map(|migration| migration.up).collect())
        }
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            Err(format!("{} cannot be made from nothing: {}", schema.name, said(&diagnostics)).into())
        }
    }
}

/// Diagnostics, a line each.
fn said(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect::<Vec<_>>().join("\n")
}

fn golden(case: &Path, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(case);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description("written by `make bless`");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
