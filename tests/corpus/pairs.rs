//! Invented pairs of schemas, with hostile names, are proved on a server like the project's own corpus.
//!
//! `PAIRS=500 SEED=7 make test ARGS=invented` makes so many from each of four seeds, and others. What fails is made small and
//! printed: it belongs into corpus/change, and then is mended.

mod blueprint;
mod edit;

use crate::proof::{self, Pair};
use crate::sqlite;
use blueprint::Blueprint;
use libtest_mimic::{Failed, Trial};
use prisma_stage::diag::Diagnostics;
use prisma_stage::live;
use prisma_stage::live::rehearse::{Plan, Replan, Sending, Settings, Stand, plain};
use prisma_stage::live::server::Server;
use prisma_stage::options::Assume;
use prisma_stage::script::DecisionNote;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Options, Outcome, validate};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What became of the pairs.
#[derive(Default, Debug)]
struct Count {
    proved: u32,
    empty: u32,
    asked: u32,
    refused: u32,
    invalid: u32,
    codes: BTreeMap<&'static str, u32>,
}

fn number(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
}

/// Some seeds, each a test.
pub fn trials() -> impl Iterator<Item = Trial> {
    let first = number("SEED", 1);
    (first..first + 4).flat_map(|seed| {
        [
            Trial::test(format!("invented/{seed}"), move || hold(seed, prove)),
            Trial::test(format!("sqlite/invented/{seed}"), move || hold(seed, prove_in_process)),
        ]
    })
}

/// How a pair is proved.
type Prove = fn(&Blueprint, &Blueprint, &mut Count) -> Result<(), TestCaseError>;

fn hold(seed: u64, prove: Prove) -> Result<(), Failed> {
    let cases = u32::try_from(number("PAIRS", 50))?;
    let mut bytes = [0_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        max_shrink_iters: 300,
        failure_persistence: None,
        // Of those for SQLite many speak of what is not there.
        max_global_rejects: cases * 40,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let count = RefCell::new(Count::default());
    let outcome = runner.run(&edit::pair(), |(old, new)| prove(&old, &new, &mut count.borrow_mut()));
    let count = count.into_inner();
    eprintln!("invented/{seed}: {count:?}");
    match outcome {
        Ok(()) if count.proved * 2 > cases => Ok(()),
        Ok(()) => Err(format!("too few are proved to mean much: {count:?}").into()),
        Err(TestError::Abort(why)) => Err(format!("{why}: {count:?}").into()),
        Err(TestError::Fail(why, (old, new))) => {
            let texts = format!("======== old.prisma\n{}======== new.prisma\n{}", old.text(), new.text());
            Err(format!("{why}\n{texts}").into())
        }
    }
}

fn prove(old: &Blueprint, new: &Blueprint, count: &mut Count) -> Result<(), TestCaseError> {
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", old.text()), sources.add_schema("new.prisma", new.text()));
    let pair = Pair { sources, old, new };
    if [&pair.old, &pair.new].iter().any(|schema| validate::check(&pair.sources, schema).diagnostics.has_errors()) {
        count.invalid += 1;
        return Err(TestCaseError::reject("not valid"));
    }
    let options = Options { assume: Assume::ALL.iter().map(|(_, assume)| *assume).collect(), ..Options::default() };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } => {
            count.asked += 1;
            said(&diagnostics, count);
            return Ok(());
        }
        Outcome::Rejected(diagnostics) => {
            count.refused += 1;
            said(&diagnostics, count);
            return Ok(());
        }
        Outcome::Bug(diagnostics) => return Err(TestCaseError::fail(text(&diagnostics))),
    };
    if script.is_empty() {
        count.empty += 1;
    }
    let fail = |why: String| TestCaseError::fail(why);
    let (old, new) = (made(&pair, &pair.old)?, made(&pair, &pair.new)?);
    let server = Server::shared().map_err(|e| fail(e.to_string()))?;
    let stand = Stand::new(server, &old, &new).map_err(|e| fail(e.to_string()))?;
    let renames = pair.renames(&options);
    let clients = pair.clients(&options, &script);
    let replan: Replan = &|client| pair.drift(client);
    let plan = Plan { script: &script, renames: &renames, replan: Some(replan), clients: Some(&clients) };
    // Rows of clients go with the others where it was decided that rows do.
    let deletes = |d: &DecisionNote| ["keep-first", "delete-orphans"].iter().any(|word| d.source.contains(word));
    let played = (!script.decisions.iter().any(deletes)).then_some(1);
    let base = Settings { clean: true, clients: played, locks: true, ..Settings::default() };
    // Each is run one way, in turn.
    let settings = match count.proved % 3 {
        0 => base,
        1 => Settings {
            rows: 13,
            sending: Sending::Statements,
            twice: true,
            forth: false,
            clients: None,
            locks: false,
            ..base
        },
        _ => Settings { rows: 0, twice: true, back: false, clients: None, locks: false, ..base },
    };
    let way = format!("{settings:?}");
    let seen = proof::hold(&stand, plan, &[(&way, settings)]).map_err(|e| fail(e.to_string()))?;
    if seen.is_empty() {
        count.proved += 1;
        return Ok(());
    }
    let lines = seen.iter().map(|(_, f)| format!("{:?} {}: {}", f.what, f.file, f.message));
    Err(fail(format!("{way}\n{}", lines.collect::<Vec<_>>().join("\n"))))
}

/// The same pair on SQLite, in this process, where its schemas are valid there.
fn prove_in_process(old: &Blueprint, new: &Blueprint, count: &mut Count) -> Result<(), TestCaseError> {
    let mut sources = Sources::default();
    let mut read = |name: &str, of: &Blueprint| {
        let text: Vec<String> = of.text().lines().map(|line| line.replace("\"postgresql\"", "\"sqlite\"")).collect();
        sources.add_schema(name, text.join("\n") + "\n")
    };
    let (old, new) = (read("old.prisma", old), read("new.prisma", new));
    let pair = Pair { sources, old, new };
    if [&pair.old, &pair.new].iter().any(|schema| validate::check(&pair.sources, schema).diagnostics.has_errors()) {
        count.invalid += 1;
        return Err(TestCaseError::reject("not valid"));
    }
    let options = Options { assume: Assume::ALL.iter().map(|(_, assume)| *assume).collect(), ..Options::default() };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } => {
            count.asked += 1;
            said(&diagnostics, count);
            return Ok(());
        }
        Outcome::Rejected(diagnostics) => {
            count.refused += 1;
            said(&diagnostics, count);
            return Ok(());
        }
        Outcome::Bug(diagnostics) => return Err(TestCaseError::fail(text(&diagnostics))),
    };
    if script.is_empty() {
        count.empty += 1;
    }
    let (old, new) = (made(&pair, &pair.old)?, made(&pair, &pair.new)?);
    let fail = |e: live::Error| TestCaseError::fail(e.to_string());
    // Some take no five rows: an enum of few values that is unique.
    for made in [&old, &new] {
        let database = live::sqlite::open(made).map_err(fail)?;
        if live::sqlite::fill(&database, None, 5, &pair.labels()).is_err() {
            count.invalid += 1;
            return Err(TestCaseError::reject("no rows for it"));
        }
    }
    let stand = plain::Stand::new(&live::sqlite::open, &old, &new).map_err(fail)?;
    sqlite::proved(&pair, &stand, &script, &options, 1).map_err(TestCaseError::fail)?;
    count.proved += 1;
    Ok(())
}

fn said(diagnostics: &Diagnostics, count: &mut Count) {
    for diagnostic in diagnostics.iter() {
        *count.codes.entry(diagnostic.code).or_default() += 1;
    }
}

fn text(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect::<Vec<_>>().join("\n")
}

fn made(pair: &Pair, schema: &SchemaFiles) -> Result<Vec<String>, TestCaseError> {
    match prisma_stage::compile(&pair.sources, None, Some(schema), &Options::default()) {
        Outcome::Plan { script, .. } => {
            let migrations = script.stages.into_iter().flat_map(|stage| stage.migrations);
            Ok(migrations.map(|migration| migration.up).collect())
        }
        Outcome::Undecided { diagnostics, .. } => Err(TestCaseError::reject(text(&diagnostics))),
        // A name that two things have (PS0720), which a schema made from nothing is refused for.
        Outcome::Rejected(diagnostics) => Err(TestCaseError::reject(text(&diagnostics))),
        Outcome::Bug(diagnostics) => Err(TestCaseError::fail(text(&diagnostics))),
    }
}
