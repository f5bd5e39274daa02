//! Holds the plans of real pairs of schemas to the truth, on a server: `make prove`.
//!
//! OLD and NEW are made by Prisma's own DDL; the plan is rehearsed forwards, backwards and forwards again. Environment:
//! `PROVIDER` (`postgresql`; `sqlite` is rehearsed in this process, `mysql` on a MariaDB of our own or at `MYSQL_URL`),
//! `ROWS` in every table (5), `ONLY` pairs whose id holds this (or one of several, by comma), `WAYS=all` to send files in every way and to cut them, `KILLS=all` to
//! cut them at all of their points (on PostgreSQL at the first), `CLIENTS` a number that
//! varies what Prisma's clients do between the files (1), `PAIRS=turned` for each pair from NEW to OLD, `PAIRS=leaps` for each OLD to the NEW of the
//! pair after it in the same history, `PAIRS=spoken` for those of PostgreSQL as they would be on `PROVIDER`, `PG` for the server's major version, `PRISMA_ORACLE` for Prisma's engine.

mod ddl;
mod groups;
mod judge;
mod kept;
#[path = "../../tests/support/proof.rs"]
mod proof;
mod spoken;

use groups::Groups;
use judge::{Engine, Judge, Judged};
use prisma_stage::live::mysql;
use prisma_stage::live::rehearse::{Sending, Settings};
use prisma_stage::live::server::Server;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// As many as the machine has cores, within reason.
const WORKERS: usize = 2;

/// A pair of schemas of the corpus.
#[derive(Clone, Debug)]
struct Pair {
    id: String,
    old: PathBuf,
    new: PathBuf,
    /// Does the right plan do nothing?
    no_op: bool,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let corpus = Path::new("../shared/corpus");
    let mut err = std::io::stderr();
    if !corpus.exists() {
        writeln!(err, "skipped: the real schemas are not at {}", corpus.display())?;
        return Ok(ExitCode::SUCCESS);
    }
    let started = Instant::now();
    let pairs = pairs(corpus)?;
    let texts = pairs.iter().flat_map(|pair| [pair.old.clone(), pair.new.clone()]);
    let ddl = match variable("PROVIDER").as_deref() {
        Some("mysql") => ddl::written(corpus, texts),
        Some(_) | None => ddl::of_all(texts)?,
    };
    writeln!(
        err,
        "{} pairs, Prisma's DDL of {} schemas in {:.1} s",
        pairs.len(),
        ddl.len(),
        started.elapsed().as_secs_f32()
    )?;

    let engine = match variable("PROVIDER").as_deref() {
        Some("sqlite") => Engine::Sqlite,
        Some("mysql") => Engine::Mysql(mysql::Server::shared()?),
        Some(_) | None => Engine::Postgres(Server::shared()?),
    };
    let target = match engine {
        // Vitess is not at hand: its plans are run on what is.
        Engine::Mysql(server) => Some(variable("TARGET").map_or_else(|| server.target(), Ok)?),
        Engine::Postgres(_) | Engine::Sqlite => None,
    };
    let everywhere = variable("KILLS").as_deref() == Some("all");
    let judge = Judge { engine, ddl, target, ways: ways(everywhere)?, everywhere };
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(pair) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let one = Instant::now();
                    let judged = judge.judge(pair);
                    if let Ok(mut results) = results.lock() {
                        results.push(Judged { seconds: one.elapsed().as_secs_f32(), ..judged });
                        if results.len() % 100 == 0 {
                            // Progress is a courtesy.
                            let _ = writeln!(std::io::stderr(), "{} of {}", results.len(), pairs.len());
                        }
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().map_err(|_| "a worker panicked")?;
    results.sort_by(|a, b| a.id.cmp(&b.id));

    let groups = Groups::of(&results);
    let mut out = std::io::stdout();
    write!(out, "{groups}")?;
    std::fs::create_dir_all("target/prove")?;
    std::fs::write("target/prove/report.json", serde_json::to_string_pretty(&results)?)?;
    writeln!(out, "{:.0} s; details in target/prove/report.json", started.elapsed().as_secs_f32())?;
    Ok(if groups.wrong() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn ways(everywhere: bool) -> Result<Vec<(&'static str, Settings)>, Box<dyn Error>> {
    let rows = variable("ROWS").map_or(Ok(5), |rows| rows.parse())?;
    let base = Settings { rows, ..Settings::default() };
    let empty = Settings { rows: 0, twice: true, back: false, ..base.clone() };
    let clients = variable("CLIENTS").map_or(Ok(1), |seed| seed.parse())?;
    let mut ways = vec![("rows", Settings { clients: Some(clients), locks: true, ..base.clone() }), ("empty", empty)];
    if everywhere {
        ways.push(("cut", Settings { kill: Some(1), forth: false, ..base.clone() }));
    } else if variable("WAYS").as_deref() == Some("all") {
        ways.push((
            "statements, twice",
            Settings { sending: Sending::Statements, twice: true, forth: false, ..base.clone() },
        ));
        for (name, point) in [("cut at 1", 1), ("cut at 2", 2), ("cut at 4", 4)] {
            ways.push((name, Settings { kill: Some(point), forth: false, ..base.clone() }));
        }
        if Sending::Psql.available() {
            ways.push(("psql", Settings { sending: Sending::Psql, forth: false, ..base }));
        }
    }
    Ok(ways)
}

/// The pairs of the provider (`PROVIDER`, PostgreSQL's if not said), as far as `ONLY` wants them.
fn pairs(corpus: &Path) -> Result<Vec<Pair>, Box<dyn Error>> {
    let index: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(corpus.join("index.json"))?)?;
    let only = variable("ONLY").unwrap_or_default();
    let provider = variable("PROVIDER").unwrap_or_else(|| "postgresql".to_owned());
    let foreign = variable("PAIRS").as_deref() == Some("spoken");
    let mut pairs = Vec::new();
    for entry in index.as_array().ok_or("index.json is no list")? {
        let id = entry["id"].as_str().ok_or("a pair without an id")?;
        let own = if foreign { "postgresql" } else { provider.as_str() };
        if entry["provider"] == own && only.split(',').any(|part| id.contains(part)) {
            let [old, new] = ["old.prisma", "new.prisma"].map(|name| corpus.join(id).join(name));
            pairs.push(Pair { id: id.to_owned(), old, new, no_op: id.starts_with("pairs_noop/") });
        }
    }
    match variable("PAIRS").as_deref() {
        None => Ok(pairs),
        Some("spoken") => pairs.into_iter().map(|pair| spoken_as(pair, &provider)).collect(),
        Some("turned") => Ok(pairs.into_iter().map(turned).collect()),
        Some("leaps") => Ok(pairs.windows(2).filter_map(|two| leap(&two[0], &two[1])).collect()),
        Some(other) => Err(format!("PAIRS={other}: turned, leaps or spoken").into()),
    }
}

/// In another provider's words.
fn spoken_as(pair: Pair, provider: &str) -> Result<Pair, Box<dyn Error>> {
    let folder = Path::new("target/prove/spoken").join(provider).join(&pair.id);
    std::fs::create_dir_all(&folder)?;
    let write = |from: &Path, name: &str| -> Result<PathBuf, Box<dyn Error>> {
        let to = folder.join(name);
        std::fs::write(&to, spoken::spoken(&std::fs::read_to_string(from)?, provider))?;
        Ok(to)
    };
    Ok(Pair { old: write(&pair.old, "old.prisma")?, new: write(&pair.new, "new.prisma")?, ..pair })
}

/// The other way round.
fn turned(pair: Pair) -> Pair {
    Pair { id: format!("{}, turned", pair.id), old: pair.new, new: pair.old, ..pair }
}

/// From before the one change to after the next, and whatever happened in between, of one history.
fn leap(first: &Pair, next: &Pair) -> Option<Pair> {
    let history = |pair: &Pair| Some(Path::new(&pair.id).parent()?.to_owned());
    let one = !first.no_op && !next.no_op && history(first)? == history(next)?;
    let (old, new) = (first.old.clone(), next.new.clone());
    one.then(|| Pair { id: format!("{} to {}", first.id, next.id), old, new, no_op: false })
}
