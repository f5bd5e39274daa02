//! Runs a plan for real on a scratch server, forwards and backwards, and says what was seen.
//!
//! The truths of the contract that a single connection can see: the catalog after the last stage is NEW's, no value is lost
//! that was not announced, every down gives back what was before it, the plan can be run again after it was taken back, each
//! file leaves the connection as it found it, and nothing of ours stays behind.

use super::server::{Database, Server};
use super::snapshot::{self, Catalog, Observer, Rows, TableName};
use super::{Doing, Result, seed};
use crate::script::Script;
use postgres::Client;
use std::collections::{BTreeMap, BTreeSet};

mod at_work;
mod clients;
mod compare;
mod course;
mod kill;
mod load;
mod locks;
pub mod plain;
mod report;
mod restore;
mod send;
mod split;

pub use clients::{Clients, Seen};
pub use compare::{Renamed, Renames};
use course::Course;
pub use kill::{Cut, Kill};
pub use load::{Load, Loaded};
pub use locks::LockSeen;
pub use report::{Failure, FileSeen, Pass, Report, StageSeen, What};
pub use send::Sending;
pub use split::statements;

/// How many lines a message about many takes.
const SHOWN: usize = 3;

/// How to rehearse.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Rows in every table.
    pub rows: u64,
    /// How files are sent.
    pub sending: Sending,
    /// Is every file that may be run again run again at once?
    pub twice: bool,
    /// Is the plan taken back at the end?
    pub back: bool,
    /// And run once more after that?
    pub forth: bool,
    /// Do the rows satisfy NEW's uniques and foreign keys as well from the start?
    pub clean: bool,
    /// Have they a value in every column that NEW requires?
    pub filled: bool,
    /// Is every file that is not one transaction cut at this point of it (from 1 on), and taken up again as its header says?
    pub kill: Option<usize>,
    /// Are clients at work between the files, in a run of its own? The number varies what they do.
    pub clients: Option<u64>,
    /// Is each file that is one transaction run once more before, and given up, to see its locks?
    pub locks: bool,
}

/// A pair of databases to rehearse between; makes as many rehearsals as wanted.
#[derive(Debug)]
pub struct Stand<'s> {
    server: &'s Server,
    old: Database,
    new: Database,
    target: Catalog,
    /// Enums of NEW whose labels cannot be brought into its order, which Prisma does not compare either.
    unordered: BTreeSet<String>,
    shape: seed::Shape,
    watch: Watch<'s>,
}

/// Is told what is being done, as it is done.
#[derive(Clone, Copy)]
struct Watch<'s>(&'s dyn Fn(&str));

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

/// Looks at a live database and says what a new plan from it to NEW would do: nothing, if all is well.
pub type Replan<'a> = &'a dyn Fn(&mut Client) -> Result<Vec<String>>;

/// What is rehearsed.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The plan.
    pub script: &'a Script,
    /// What it renames.
    pub renames: &'a Renames,
    /// The check that planning again finds nothing to do.
    pub replan: Option<Replan<'a>>,
    /// The clients of its two schemas, if they are to be played.
    pub clients: Option<&'a Clients>,
}

impl<'s> Stand<'s> {
    /// Makes both databases, empty of rows, each from the files of its DDL.
    ///
    /// # Errors
    /// One of the two scripts does not run on this server.
    pub fn new(server: &'s Server, old: &[String], new: &[String]) -> Result<Stand<'s>> {
        let make = |ddl: &[String], name: &str| -> Result<(Database, Client)> {
            let database = server.create(None)?;
            let mut client = database.connect()?;
            for file in ddl {
                client.batch_execute(file).doing(|| format!("running {name}'s own DDL"))?;
            }
            Ok((database, client))
        };
        let (old, mut client) = make(old, "OLD")?;
        let before = snapshot::catalog(&mut client)?;
        let (new, mut client) = make(new, "NEW")?;
        let mut target = snapshot::catalog(&mut client)?;
        let unordered = reordered(&before, &target);
        // Prisma drops no schema and no extension that its files do not list any more, and neither do we.
        let kept = |key: &str| key.starts_with("schema ") || key.starts_with("extension ");
        for (key, description) in before.objects.into_iter().filter(|(key, _)| kept(key)) {
            target.objects.entry(key).or_insert(description);
        }
        let shape = seed::Shape::read(&mut client)?;
        Ok(Stand { server, old, new, target, unordered, shape, watch: Watch(&|_| {}) })
    }

    /// The database made by NEW's own DDL.
    pub fn new_database(&self) -> &Database {
        &self.new
    }

    /// The database made by OLD's own DDL.
    pub fn old_database(&self) -> &Database {
        &self.old
    }

    /// The same, telling this what is being done.
    #[must_use]
    pub fn watched(mut self, watch: &'s dyn Fn(&str)) -> Self {
        self.watch = Watch(watch);
        self
    }

    /// Runs a plan forwards, backwards, and forwards again, as far as the settings want it.
    ///
    /// # Errors
    /// Something is wrong with the server or the rows; whatever is wrong with the plan is in the report.
    pub fn rehearse(&self, plan: Plan<'_>, settings: &Settings) -> Result<Report> {
        Ok(self.run(plan, settings, None)?.0)
    }

    /// The same, and then as often as there are points at which a file can be cut: each file that is not one transaction is cut
    /// there and taken up again as its header says, forwards and backwards, and every stage has to end as it did without.
    ///
    /// # Errors
    /// As of [`Stand::rehearse`].
    pub fn rehearse_with_kills(&self, plan: Plan<'_>, settings: &Settings) -> Result<Report> {
        let (mut report, after) = self.run(plan, settings, None)?;
        for point in 1..=kill::POINTS {
            if !report.proved() {
                break;
            }
            (self.watch.0)(&format!("cutting files at point {point}"));
            let sending = Sending::Whole;
            let settings = Settings {
                kill: Some(point),
                sending,
                twice: false,
                forth: false,
                clients: None,
                locks: false,
                ..settings.clone()
            };
            let (cut, _) = self.run(Plan { replan: None, ..plan }, &settings, Some(&after))?;
            let done = cut.kills.is_empty();
            report.files += cut.files;
            report.kills.extend(cut.kills);
            let at = |failure: Failure| Failure {
                message: format!("with files cut at point {point}: {}", failure.message),
                ..failure
            };
            report.failures.extend(cut.failures.into_iter().map(at));
            if done {
                break;
            }
        }
        Ok(report)
    }

    /// One rehearsal, and the catalog after each stage: as it is in `wanted`, if that is given.
    fn run(&self, plan: Plan<'_>, settings: &Settings, wanted: Option<&[Catalog]>) -> Result<(Report, Vec<Catalog>)> {
        let database = self.server.create(Some(&self.old))?;
        let mut client = database.connect()?;
        (self.watch.0)("filling the database");
        let seeded = seed::fill(&mut client, settings.rows, settings.clean.then_some(&self.shape), settings.filled)?;
        let mut observer = Observer::new(database.connect()?)?;
        let start = State { catalog: observer.catalog()?, rows: observer.rows(|_| true)? };
        let mut course = Course::new((client, observer), &database, plan, (settings, self.watch.0), &start);
        course.report.rows = seeded.rows;
        // The story: each step is only told if those before it went well.
        let mut told = course.forwards(Pass::Forwards)?;
        let after = course.after.clone();
        told = told && self.arrived(&mut course, plan, &start)? && as_before(&mut course, wanted);
        let _told = told
            && settings.back
            && course.backwards()?
            && returned(&mut course, &start)?
            && settings.forth
            && course.forwards(Pass::Again)?
            && self.arrived(&mut course, Plan { replan: None, ..plan }, &start)?;
        let mut report = course.report;
        if let (Some(clients), Some(seed), true) = (plan.clients, settings.clients, report.proved()) {
            let scene = at_work::Scene { stand: self, settings };
            (&scene as &dyn at_work::Ground).with_clients(plan.script, (clients, seed), &mut report)?;
        }
        Ok((report, after))
    }

    /// Is everything as NEW has it, and nothing lost?
    fn arrived(&self, course: &mut Course<'_>, plan: Plan<'_>, start: &State) -> Result<bool> {
        let catalog = course.observer.catalog()?;
        let mut target = self.target.clone();
        for key in &self.unordered {
            if let (Some(wanted), Some(found)) = (target.objects.get_mut(key), catalog.objects.get(key))
                && labels(wanted).collect::<BTreeSet<_>>() == labels(found).collect::<BTreeSet<_>>()
            {
                wanted.clone_from(found);
            }
        }
        course.report.all(What::Catalog, "", snapshot::differences(&catalog, &target));
        if course.observer.has_bookkeeping()? {
            course.report.add(What::Leftover, "", "the schema prisma_stage is still there");
        }
        let rows = course.observer.rows(|_| true)?;
        let losses = compare::losses(&start.rows, &rows, &catalog, plan);
        course.report.all(What::Lost, "", losses);
        if let (Some(replan), true) = (plan.replan, course.report.proved()) {
            let steps = replan(&mut course.client)?;
            course.report.all(What::Replan, "", steps);
        }
        Ok(course.report.proved())
    }
}

/// Has every stage ended as it did before?
fn as_before(course: &mut Course<'_>, wanted: Option<&[Catalog]>) -> bool {
    let after = std::mem::take(&mut course.after);
    for (at, (found, wanted)) in after.iter().zip(wanted.unwrap_or_default()).enumerate() {
        let folder = course.report.stages.get(at).map_or(String::new(), |stage| stage.folder.clone());
        course.report.all(What::Catalog, &folder, snapshot::differences(found, wanted));
    }
    course.report.proved()
}

fn labels(description: &str) -> impl Iterator<Item = &str> {
    description.split(", ")
}

/// The enums whose labels stand in another order than before.
fn reordered(old: &Catalog, new: &Catalog) -> BTreeSet<String> {
    let apart = |key: &str, now: &str| {
        let Some(before) = old.objects.get(key) else { return false };
        let kept: Vec<&str> = labels(before).filter(|label| labels(now).any(|other| other == *label)).collect();
        let wanted: Vec<&str> = labels(now).filter(|label| kept.contains(label)).collect();
        kept != wanted
    };
    let enums = new.objects.iter().filter(|(key, _)| key.starts_with("enum "));
    enums.filter(|(key, now)| apart(key, now)).map(|(key, _)| key.clone()).collect()
}

/// Is everything as OLD had it?
fn returned(course: &mut Course<'_>, start: &State) -> Result<bool> {
    if course.observer.has_bookkeeping()? {
        course.report.add(What::Leftover, "", "the schema prisma_stage is still there when all is taken back");
    }
    let rows = course.observer.rows(|_| true)?;
    for (table, difference) in compare::changes(&start.rows, &rows, &|_, _| false) {
        let message = format!("{}.{} when all is taken back: {difference}", table.0, table.1);
        course.report.add(What::DownRows, "", &message);
    }
    Ok(course.report.proved())
}

/// A database at a point of the course.
#[derive(Clone, Debug)]
struct State {
    catalog: Catalog,
    rows: BTreeMap<TableName, Rows>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            rows: 5,
            sending: Sending::Whole,
            twice: false,
            back: true,
            forth: true,
            clean: true,
            filled: false,
            kill: None,
            clients: None,
            locks: false,
        }
    }
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("script", self.script).field("renames", self.renames).finish_non_exhaustive()
    }
}
