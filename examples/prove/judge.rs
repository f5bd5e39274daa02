//! The verdict on one pair.

use crate::Pair;
use crate::ddl::Ddl;
use crate::kept;
use crate::proof::{self, Seen};
use prisma_stage::catalog::Ids;
use prisma_stage::diag::{Diagnostics, Severity};
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::rehearse::{Plan, Replan, Report, Sending, Settings, Stand, plain};
use prisma_stage::live::server::Server;
use prisma_stage::live::{self, mysql, sqlite};
use prisma_stage::question::Question;
use prisma_stage::script::Script;
use prisma_stage::{Assume, Options, Outcome, lower, validate};
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What was judged, and how.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    pub id: String,
    pub verdict: Verdict,
    /// Did a question have to be answered first?
    pub decided: bool,
    /// Why, the first line telling it from others.
    pub why: Vec<String>,
    /// Sizes of the plan.
    pub stages: usize,
    pub files: usize,
    pub seconds: f32,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything was as it has to be.
    Proved,
    /// Something was not.
    Wrong,
    /// There is no plan, and the reason is given.
    Refused,
    /// The plan stops at a preflight query, for rows that no answer covers.
    Stopped,
    /// Prisma itself refuses one of the schemas, or this server lacks what they need.
    NotHere,
}

/// Where plans are rehearsed.
#[derive(Clone, Copy)]
pub enum Engine {
    /// A server.
    Postgres(&'static Server),
    /// In this process.
    Sqlite,
    /// A MariaDB, or what `MYSQL_URL` names.
    Mysql(&'static mysql::Server),
}

/// Everything that is needed to judge.
pub struct Judge {
    pub engine: Engine,
    pub ddl: Ddl,
    /// The server, where plans differ by its version.
    pub target: Option<String>,
    pub ways: Vec<(&'static str, Settings)>,
    /// Are files cut at each of their points, where they are cut at all?
    pub everywhere: bool,
}

impl Judge {
    /// Compiles a pair and rehearses its plan.
    pub fn judge(&self, pair: &Pair) -> Judged {
        let mut judged = Judged {
            id: pair.id.clone(),
            verdict: Verdict::Wrong,
            decided: false,
            why: Vec::new(),
            stages: 0,
            files: 0,
            seconds: 0.0,
        };
        let (verdict, why) = catch_unwind(AssertUnwindSafe(|| self.run(pair, &mut judged))).unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            (Verdict::Wrong, vec![format!("panic: {}", said.unwrap_or_default())])
        });
        Judged { verdict, why, ..judged }
    }

    /// Are schemas read as they would be where there are no foreign keys?
    fn keeps_relations(&self) -> bool {
        self.target.as_deref() == Some("planetscale")
    }

    fn run(&self, pair: &Pair, judged: &mut Judged) -> (Verdict, Vec<String>) {
        let read = if self.keeps_relations() {
            kept::read(&pair.old, &pair.new)
        } else {
            proof::Pair::read(&pair.old, &pair.new)
        };
        let schemas = match read {
            Ok(schemas) => schemas,
            Err(message) => return (Verdict::Refused, vec![message]),
        };
        let plain = Options { target: self.target.clone(), ..Options::default() };
        let outcome = schemas.compile(&plain);
        if matches!(outcome, Outcome::Undecided { .. }) {
            return self.decided(pair, &schemas, judged);
        }
        let (verdict, why) = self.hold(pair, &schemas, &plain, outcome, judged);
        // A plan that stops before it touches anything, for rows that NEW forbids and OLD cannot avoid (every row of a
        // required foreign key to a new table is one), is right; an answer shows whether it is right beyond that too.
        if verdict == Verdict::Wrong && stops(&why) {
            return self.decided(pair, &schemas, judged);
        }
        (verdict, why)
    }

    /// With every question answered by a stated default: first by all of `--assume`; what is open then, as [`answers`] has it.
    fn decided(&self, pair: &Pair, schemas: &proof::Pair, judged: &mut Judged) -> (Verdict, Vec<String>) {
        judged.decided = true;
        let mut every = Options {
            assume: Assume::ALL.map(|(_, assume)| assume).to_vec(),
            target: self.target.clone(),
            ..Options::default()
        };
        let mut outcome = schemas.compile(&every);
        if let Outcome::Undecided { questions, .. } = &outcome
            && let Some(intent) = answers(questions)
        {
            every.intent = Some((intent, "answers.toml".to_owned()));
            outcome = schemas.compile(&every);
        }
        let (verdict, why) = self.hold(pair, schemas, &every, outcome, judged);
        match verdict {
            Verdict::Wrong if stops(&why) => (Verdict::Stopped, why),
            Verdict::Proved | Verdict::Refused | Verdict::Stopped | Verdict::NotHere | Verdict::Wrong => (verdict, why),
        }
    }

    fn hold(
        &self,
        pair: &Pair,
        schemas: &proof::Pair,
        options: &Options,
        outcome: Outcome,
        judged: &mut Judged,
    ) -> (Verdict, Vec<String>) {
        let script = match outcome {
            Outcome::Plan { script, .. } => script,
            Outcome::Undecided { diagnostics, .. } => return (Verdict::Refused, reasons("still open: ", &diagnostics)),
            Outcome::Rejected(diagnostics) => return (Verdict::Refused, reasons("", &diagnostics)),
            Outcome::Bug(diagnostics) => return (Verdict::Wrong, reasons("bug: ", &diagnostics)),
        };
        judged.stages = script.stages.len();
        judged.files = script.stages.iter().map(|stage| stage.migrations.len()).sum();
        if pair.no_op && !script.is_empty() {
            return (Verdict::Wrong, vec!["the right plan is empty, and this one is not".to_owned()]);
        }
        self.prove(pair, schemas, options, &script)
    }

    fn prove(&self, pair: &Pair, schemas: &proof::Pair, options: &Options, script: &Script) -> (Verdict, Vec<String>) {
        let known = |of: &Path| self.ddl.get(of).filter(|_| !self.keeps_relations()).cloned();
        let ddl = |of: &Path| known(of).unwrap_or_else(|| Err("no DDL".to_owned()));
        let (old, new) = match (ddl(&pair.old), ddl(&pair.new)) {
            (Ok(old), Ok(new)) => (old, new),
            // Ours is the same, letter for letter, wherever it is known (`cargo test --test it conformance`).
            (Err(_), _) | (_, Err(_)) if matches!(self.engine, Engine::Mysql(_)) => {
                let made = |schema| -> String {
                    let checked = validate::check(&schemas.sources, schema);
                    let catalog = lower::lower(&checked.schema, &mut Ids::halves().0).0;
                    database(&catalog).join(";\n") + ";"
                };
                (made(&schemas.old), made(&schemas.new))
            }
            (Err(message), _) | (_, Err(message)) => {
                return (Verdict::NotHere, vec![format!("Prisma refuses: {message}")]);
            }
        };
        let server = match self.engine {
            Engine::Postgres(server) => server,
            Engine::Sqlite => return self.in_process(schemas, options, script, (old, new)),
            Engine::Mysql(server) => {
                let make = |files: &[String]| server.open(files);
                let again = |database: &_| schemas.drift_on_mysql(database);
                return self.plainly(schemas, options, script, (old, new), &make, Some(&again));
            }
        };
        let (old, new) = with_extensions(old, new);
        let stand = Stand::new(server, &old, &new).or_else(|error| {
            if !error.said.contains("\"vector\"") {
                return Err(error);
            }
            let with = |ddl: &[String]| [&[include_str!("vector.sql").to_owned()], ddl].concat();
            Stand::new(server, &with(&old), &with(&new))
        });
        let stand = match stand {
            Ok(stand) => stand,
            Err(error) => return (Verdict::NotHere, vec![format!("Prisma's DDL: {}", error.said)]),
        };
        let renames = schemas.renames(options);
        let clients = schemas.clients(options, script);
        let replan: Replan = &|client| schemas.drift(client);
        let plan = Plan { script, renames: &renames, replan: Some(replan), clients: Some(&clients) };
        // Who says that no row lacks a value has such rows.
        let filled = options.intent.is_some();
        // Where a default answered, rows are deleted, merged and filled with what nobody wrote: no client can tell what is right.
        let answered = !options.assume.is_empty();
        let ways = self.ways.iter().map(|(name, way)| {
            let clients = way.clients.filter(|_| !answered);
            (*name, Settings { filled, clients, ..way.clone() })
        });
        let ways: Vec<_> = ways.collect();
        match proof::hold(&stand, plan, &ways) {
            Ok(seen) if seen.is_empty() => (Verdict::Proved, Vec::new()),
            // The stand-in for an extension is there from the start: a plan that installs it cannot be tried here.
            Ok(seen)
                if seen
                    .iter()
                    .all(|(_, failure)| failure.message.contains("extension vector: in public version 0")) =>
            {
                (Verdict::NotHere, vec!["the plan installs the extension vector, which this server lacks".to_owned()])
            }
            Ok(seen) => (Verdict::Wrong, seen.iter().map(line).collect()),
            Err(error) => (Verdict::Wrong, vec![format!("harness: {error}")]),
        }
    }
}

/// An intent file for questions that no `--assume` answers: where a field becomes required that one placeholder for all would
/// not do for (a link, a unique), the rows have their values already. None if there are others.
fn answers(questions: &[Question]) -> Option<String> {
    let filled = questions.iter().map(|q| (q.code == "PS0704").then(|| format!("{:?}", q.subject)));
    let filled = filled.collect::<Option<Vec<_>>>()?;
    Some(format!("filled = [{}]\n", filled.join(", ")))
}

impl Judge {
    fn in_process(
        &self,
        schemas: &proof::Pair,
        options: &Options,
        script: &Script,
        (old, new): (String, String),
    ) -> (Verdict, Vec<String>) {
        let again = |database: &_| schemas.drift_in_process(database);
        self.plainly(schemas, options, script, (old, new), &sqlite::open, Some(&again))
    }

    fn plainly<P: plain::Place + 'static>(
        &self,
        schemas: &proof::Pair,
        options: &Options,
        script: &Script,
        (old, new): (String, String),
        make: &dyn Fn(&[String]) -> live::Result<P>,
        again: Option<plain::Again<'_, P>>,
    ) -> (Verdict, Vec<String>) {
        let stand = match plain::Stand::new(make, &[old], &[new]) {
            Ok(stand) => stand,
            Err(error) => return (Verdict::NotHere, vec![format!("Prisma's DDL: {}", error.said)]),
        };
        let renames = schemas.renames(options);
        let clients = schemas.clients(options, script);
        let plan = Plan { script, renames: &renames, replan: None, clients: Some(&clients) };
        // As on PostgreSQL.
        let answered = !options.assume.is_empty();
        let labels = schemas.labels();
        let run = |settings: &Settings| -> live::Result<Report> {
            let rows = (settings.rows, settings.clean, &labels);
            if let Some(point) = settings.kill {
                return stand.cut(plan, rows, if self.everywhere { 1..=usize::MAX } else { point..=point });
            }
            let mut report = stand.rehearse(plan, settings.rows, settings.clean, &labels, again)?;
            if let (Some(seed), true, false) = (settings.clients, report.proved(), answered) {
                stand.play(plan, (settings.rows, &labels), seed, &mut report)?;
            }
            Ok(report)
        };
        for (way, settings) in self.ways.iter().filter(|(_, way)| way.sending == Sending::Whole) {
            match run(settings) {
                Ok(report) if report.proved() => {}
                Ok(report) => {
                    let seen = report.failures.into_iter().map(|failure| line(&((*way).to_owned(), failure)));
                    return (Verdict::Wrong, seen.collect());
                }
                Err(error) => return (Verdict::Wrong, vec![format!("harness: {error}")]),
            }
        }
        (Verdict::Proved, Vec::new())
    }
}

/// Would whoever runs the plan have stopped there?
fn stops(why: &[String]) -> bool {
    why.first().is_some_and(|why| why.starts_with("Preflight"))
}

fn line((way, failure): &Seen) -> String {
    format!("{:?}: {}   [{way}] {}", failure.what, failure.message, failure.file)
}

fn reasons(prefix: &str, diagnostics: &Diagnostics) -> Vec<String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|diagnostic| format!("{prefix}{} {}", diagnostic.code, diagnostic.message)).collect()
}

/// What the schemas use and leave to somebody else to install.
const EXTENSIONS: [(&str, &str); 7] = [
    ("citext", "CITEXT"),
    ("pg_trgm", "_trgm_ops"),
    ("uuid-ossp", "uuid_generate_v"),
    ("pgcrypto", "gen_random_bytes"),
    ("hstore", "hstore"),
    ("ltree", "ltree"),
    ("btree_gist", "gist_"),
];

/// Adds them in front, to both sides where only NEW uses them: a plan does not install what no schema speaks of.
fn with_extensions(old: String, new: String) -> (Vec<String>, Vec<String>) {
    let lacks = |ddl: &str, name: &str, sign: &str| {
        ddl.contains(sign) && !ddl.contains(&format!("CREATE EXTENSION IF NOT EXISTS \"{name}\""))
    };
    let (mut before_old, mut before_new) = (Vec::new(), Vec::new());
    for (name, sign) in EXTENSIONS {
        let install = format!("CREATE EXTENSION \"{name}\"");
        let (in_old, in_new) = (lacks(&old, name, sign), lacks(&new, name, sign));
        if in_old || in_new {
            before_old.push(install.clone());
        }
        if in_new || in_old && !new.contains(&format!("\"{name}\"")) {
            before_new.push(install);
        }
    }
    before_old.push(old);
    before_new.push(new);
    (before_old, before_new)
}
