//! Plans for PlanetScale: every case of corpus/deploy, its plan beside it, proved on a MySQL or MariaDB (there is no Vitess here); and,
//! with `DEPLOY=all`, every case of corpus/change that is valid there, as a schema that keeps its relations itself.

use crate::proof::Pair;
use crate::{golden, mysql, options, said, text};
use libtest_mimic::{Failed, Trial};
use prisma_stage::catalog::Ids;
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::mysql::{Database, Server};
use prisma_stage::live::rehearse::{Plan, Report, plain::Stand};
use prisma_stage::script::{FileClass, Script};
use prisma_stage::source::SchemaFiles;
use prisma_stage::{Assume, Options, Outcome, lower, validate};
use std::path::{Path, PathBuf};

/// What no file may hold: programs, what holds tables, other names, and how MySQL itself would do it.
const NEVER: [&str; 13] = [
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "LOCK TABLES",
    "RENAME",
    "FOREIGN KEY",
    "PREPARE ",
    "EXECUTE ",
    "ALGORITHM",
    "LOCK=",
    "SET @",
    "SET SESSION",
    ":=",
];

/// A trial for each case.
pub fn trials(own: Vec<PathBuf>, others: Vec<PathBuf>) -> Vec<Trial> {
    let name = |case: &Path| case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut all = Vec::new();
    for case in own {
        all.push(Trial::test(format!("deploy/{}", name(&case)), move || held(&case)));
    }
    if std::env::var("DEPLOY").is_ok_and(|which| which == "all") {
        for case in others {
            if let Some(pair) = mysql::as_mysql(&case, &keeps_relations) {
                all.push(Trial::test(format!("deploy-change/{}", name(&case)), move || hold(&case, &pair, false)));
            }
        }
    }
    all
}

/// The schema with `relationMode = "prisma"`.
fn keeps_relations(text: &str) -> String {
    if text.contains("relationMode") {
        return text.to_owned();
    }
    text.replacen("\"mysql\"\n", "\"mysql\"\n  relationMode = \"prisma\"\n", 1)
}

fn held(case: &Path) -> Result<(), Failed> {
    let pair = Pair::read(&case.join("old.prisma"), &case.join("new.prisma"))?;
    hold(case, &pair, true)
}

fn hold(case: &Path, pair: &Pair, own: bool) -> Result<(), Failed> {
    let options = Options { target: Some("planetscale".to_owned()), ..options(case)? };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) => {
            if own && case.file_name().is_some_and(|name| name.to_string_lossy().starts_with("refused--")) {
                golden(case, "refused", &text::of_diagnostics(&pair.sources, &diagnostics, case));
                return Ok(());
            }
            return Err(format!("refused\n{}", said(&diagnostics)).into());
        }
        Outcome::Bug(diagnostics) => return Err(format!("a bug of ours\n{}", said(&diagnostics)).into()),
    };
    shaped(&script)?;
    let golden = || {
        if own {
            golden(case, "plan", &text::of_plan(&script));
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
    let made = |schema: &SchemaFiles| -> Vec<String> {
        let checked = validate::check(&pair.sources, schema);
        database(&lower::lower(&checked.schema, &mut Ids::halves().0).0)
    };
    let make = |files: &[String]| server.open(files);
    let stand = Stand::new(&make, &made(&pair.old), &made(&pair.new))?;
    let renames = pair.renames(&options);
    let clients = pair.clients(&options, &script);
    let plan = Plan { script: &script, renames: &renames, replan: None, clients: Some(&clients) };
    let clean = !options.assume.iter().any(|a| matches!(a, Assume::KeepFirst | Assume::DeleteOrphans));
    let again = |database: &Database| pair.drift_on_mysql(database);
    let mut reports = Vec::new();
    for rows in [5, 0] {
        reports.push((format!("{rows} rows"), stand.rehearse(plan, rows, clean, &pair.labels(), Some(&again))?));
    }
    // The client between does by itself what a trigger does elsewhere.
    if clean {
        let mut report = Report::default();
        stand.play(plan, (5, &pair.labels()), 1, &mut report)?;
        reports.push(("clients".to_owned(), report));
        if case.ends_with("rename-column--plain") {
            neglected(pair, &stand, (&options, &script))?;
        }
    }
    let failures = reports.iter().flat_map(|(way, report)| report.failures.iter().map(move |f| (way, f)));
    let lines: Vec<String> =
        failures.map(|(way, f)| format!("[{way}] {:?} {}: {}", f.what, f.file, f.message)).collect();
    if !lines.is_empty() {
        return Err(lines.join("\n").into());
    }
    golden();
    Ok(())
}

/// A client between that does not do what the plan says is found out.
fn neglected(pair: &Pair, stand: &Stand<'_, Database>, (options, script): (&Options, &Script)) -> Result<(), Failed> {
    let script = Script { kept: Vec::new(), ..script.clone() };
    let (renames, clients) = (pair.renames(options), pair.clients(options, &script));
    let plan = Plan { script: &script, renames: &renames, replan: None, clients: Some(&clients) };
    let mut report = Report::default();
    stand.play(plan, (5, &pair.labels()), 1, &mut report)?;
    if report.proved() { Err("a client between may write one column alone, and nobody notices".into()) } else { Ok(()) }
}

/// Every file is one that can go its way: a deploy request that changes tables, or one statement over a connection.
fn shaped(script: &Script) -> Result<(), Failed> {
    for migration in script.stages.iter().flat_map(|stage| &stage.migrations) {
        for (file, class) in [(&migration.up, migration.class), (&migration.down, migration.down_class)] {
            let code: String =
                file.lines().filter(|line| !line.starts_with("--")).map(|line| format!("{line}\n")).collect();
            let bare = without_names(&code);
            let wrong = |why: &str| Err(format!("{}: {why}\n{file}", migration.name).into());
            if let Some(word) = NEVER.iter().find(|word| bare.contains(**word)) {
                return wrong(&format!("it says {word}"));
            }
            let statements: Vec<&str> = bare.split(";\n").map(str::trim).filter(|s| !s.is_empty()).collect();
            let ddl = |s: &str| ["CREATE TABLE", "ALTER TABLE", "DROP TABLE"].iter().any(|verb| s.starts_with(verb));
            let nothing = statements == ["SELECT 1"];
            let fits = match class {
                _ if nothing => true,
                FileClass::Solitary => statements.iter().all(|s| ddl(s)),
                FileClass::Batch => statements.len() == 1 && (bare.contains("LIMIT 10000") && !ddl(statements[0])),
                FileClass::Assertion => statements.len() == 1 && statements[0].starts_with("SELECT IF("),
                FileClass::Transactional => false,
            };
            if !fits {
                return wrong(&format!("it is no file of its class {class:?}"));
            }
            if statements.iter().any(|s| s.contains("ADD COLUMN") && s.contains("DROP COLUMN")) {
                return wrong("columns come and go in one statement");
            }
        }
    }
    Ok(())
}

/// The text without what stands in quotes.
fn without_names(code: &str) -> String {
    let (mut out, mut quote) = (String::new(), None);
    for c in code.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if c == '`' || c == '\'' => quote = Some(c),
            None => out.push(c),
        }
    }
    out
}
