//! The same on engines of which a rehearsal asks less (SQLite in this process, MySQL): forwards, backwards, forwards again.

use super::at_work::{Connector, Ground, Site};
use super::kill::{Cut, Kill};
use super::load::{Load, Loaded};
use super::{Pass, Plan, Report, What, compare};
use crate::dialect::Level;
use crate::live::line::Boxed;
use crate::live::snapshot::{self, Catalog, Rows, TableName};
use crate::live::{Error, Result};
use crate::pair::Pair;
use crate::script::{Migration, Query, Undo};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Instant;

/// The labels of columns that are enums in the schema, by table and column.
pub type Labels = BTreeMap<(String, String), Vec<String>>;

/// A database that a plan is rehearsed on.
pub trait Place: Sized {
    /// Runs a file, up to the first statement that fails.
    ///
    /// # Errors
    /// What the database says of it.
    fn run(&self, sql: &str) -> Result<()>;

    /// The rows that a query returns, each value as text.
    ///
    /// # Errors
    /// The query does not run.
    fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>>;

    /// Every object that somebody could notice.
    ///
    /// # Errors
    /// The database cannot be read.
    fn catalog(&self) -> Result<Catalog>;

    /// The rows of every table.
    ///
    /// # Errors
    /// The database cannot be read.
    fn rows(&self) -> Result<BTreeMap<TableName, Rows>>;

    /// Fills every table with as many rows. Keys of `like`, another database, are satisfied as well as far as it has the same columns.
    ///
    /// # Errors
    /// A row is refused.
    fn fill(&self, like: Option<&Self>, rows: u64, labels: &Labels) -> Result<u64>;

    /// Puts the rows of a table back, whatever points at them.
    ///
    /// # Errors
    /// A row is refused.
    fn restore(&self, table: &TableName, rows: &Rows) -> Result<()>;

    /// Rows that point nowhere.
    ///
    /// # Errors
    /// The database cannot be read.
    fn orphans(&self) -> Result<usize>;

    /// Runs a file while readers hold these tables, which it should not need alone. Says which of them it waited for, if the
    /// database can tell; they are let go then.
    ///
    /// # Errors
    /// What the database says of the file.
    fn run_beside(&self, sql: &str, held: &[String]) -> Result<Vec<String>>;

    /// Another connection, as a client has it; None where there can be no other.
    ///
    /// # Errors
    /// Nobody answers.
    fn line(&self) -> Result<Option<Boxed>>;

    /// Runs a file over a connection that is cut on its way at a point, from 1 on, with another one in its place afterwards.
    ///
    /// # Errors
    /// The file fails before it is cut.
    fn cut(&mut self, sql: &str, point: usize) -> Result<Cut>;

    /// What a file has left behind on the connection.
    ///
    /// # Errors
    /// The database cannot be asked.
    fn left(&self) -> Result<Vec<String>>;
}

/// Looks at a live database and says what a new plan from it to NEW would do: nothing, if all is well.
pub type Again<'a, P> = &'a dyn Fn(&P) -> Result<Vec<String>>;

/// How often a file is cut before it is let go: files of many statements have many points.
const POINTS: usize = 24;

/// Two databases to rehearse between, made by OLD's and NEW's own DDL.
pub struct Stand<'m, P> {
    make: &'m dyn Fn(&[String]) -> Result<P>,
    old: Vec<String>,
    new: P,
    target: Catalog,
}

impl<P: Place> std::fmt::Debug for Stand<'_, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stand").field("target", &self.target).finish_non_exhaustive()
    }
}

/// A database at a point of the course.
struct State {
    catalog: Catalog,
    rows: compare::Tables,
}

impl<'m, P: Place> Stand<'m, P> {
    /// Makes both databases, empty of rows, each from the files of its DDL.
    ///
    /// # Errors
    /// One of the two scripts does not run.
    pub fn new(make: &'m dyn Fn(&[String]) -> Result<P>, old: &[String], new: &[String]) -> Result<Stand<'m, P>> {
        make(old)?;
        let new = make(new)?;
        let target = new.catalog()?;
        Ok(Stand { make, old: old.to_vec(), new, target })
    }

    /// Runs a plan forwards, backwards, and forwards again, with so many rows in every table; at its end `again` says what a plan
    /// from the database as it stands would still do.
    ///
    /// # Errors
    /// The rows cannot be made; whatever is wrong with the plan is in the report.
    pub fn rehearse(
        &self,
        plan: Plan<'_>,
        rows_in_each: u64,
        clean: bool,
        labels: &Labels,
        again: Option<Again<'_, P>>,
    ) -> Result<Report> {
        let (mut course, start) = self.course(plan, (rows_in_each, clean, labels), None)?;
        let _told = course.forwards(Pass::Forwards)?
            && self.arrived(&mut course, &start, again)?
            && course.backwards()?
            && course.returned(&start)?
            && course.forwards(Pass::Again)?
            && self.arrived(&mut course, &start, None)?;
        Ok(course.report)
    }

    /// Runs a plan forwards and backwards as often as there are points at which a file can be cut, at most so often: each file is
    /// cut there and run again, and has to end as it does without.
    ///
    /// # Errors
    /// As of [`Stand::rehearse`].
    pub fn cut(
        &self,
        plan: Plan<'_>,
        (rows_in_each, clean, labels): (u64, bool, &Labels),
        points: impl IntoIterator<Item = usize>,
    ) -> Result<Report> {
        let mut all = Report::of(plan.script);
        for point in points.into_iter().take_while(|point| *point <= POINTS) {
            let (mut course, start) = self.course(plan, (rows_in_each, clean, labels), Some(point))?;
            let _told = course.forwards(Pass::Forwards)?
                && self.arrived(&mut course, &start, None)?
                && course.backwards()?
                && course.returned(&start)?;
            let cut = course.report;
            let done = cut.kills.is_empty();
            all.files += cut.files;
            all.kills.extend(cut.kills);
            for failure in cut.failures {
                all.add(failure.what, &failure.file, &format!("with files cut at point {point}: {}", failure.message));
            }
            if done || !all.proved() {
                break;
            }
        }
        Ok(all)
    }

    /// Goes through a plan forwards, each time on a database of its own, with Prisma's clients at work between its files wherever it
    /// lets them; nothing where no other connection can be had.
    ///
    /// # Errors
    /// As of [`Stand::rehearse`].
    pub fn play(&self, plan: Plan<'_>, (rows, labels): (u64, &Labels), seed: u64, report: &mut Report) -> Result<()>
    where
        P: 'static,
    {
        let Some(clients) = plan.clients else { return Ok(()) };
        match self.yard(rows, labels)? {
            Some(yard) => (&yard as &dyn Ground).with_clients(plan.script, (clients, seed), report),
            None => Ok(()),
        }
    }

    /// Applies a plan forwards under load, and takes back what can be taken back without loss.
    ///
    /// # Errors
    /// As of [`Stand::rehearse`].
    pub fn load(&self, plan: Plan<'_>, (rows, labels): (u64, &Labels), load: Load) -> Result<Loaded>
    where
        P: 'static,
    {
        match self.yard(rows, labels)? {
            Some(yard) => (&yard as &dyn Ground).load(plan, true, load),
            None => Ok(Loaded::default()),
        }
    }

    fn yard<'y>(&'y self, rows: u64, labels: &'y Labels) -> Result<Option<Yard<'y, 'm, P>>> {
        let old = (self.make)(&self.old)?;
        Ok(old.line()?.is_some().then_some(Yard { stand: self, old, rows, labels }))
    }

    /// A database of OLD with rows in it, at the beginning of a plan.
    fn course<'p>(
        &self,
        plan: Plan<'p>,
        (rows_in_each, clean, labels): (u64, bool, &Labels),
        kill: Option<usize>,
    ) -> Result<(Course<'p, P>, State)> {
        let database = (self.make)(&self.old)?;
        let made = database.fill(clean.then_some(&self.new), rows_in_each, labels)?;
        let start = state(&database)?;
        let mut report = Report::of(plan.script);
        report.rows = made;
        let (before, stays, owed) = (Vec::new(), Vec::new(), BTreeMap::new());
        let began = BTreeSet::new();
        Ok((Course { database, plan, report, kill, before, began, stays, owed }, start))
    }

    /// Is everything as NEW has it, and nothing lost?
    fn arrived(&self, course: &mut Course<'_, P>, start: &State, again: Option<Again<'_, P>>) -> Result<bool> {
        let now = state(&course.database)?;
        course.report.all(What::Catalog, "", snapshot::differences(&now.catalog, &self.target));
        let losses = compare::losses(&start.rows, &now.rows, &now.catalog, course.plan);
        course.report.all(What::Lost, "", losses);
        if let (Some(again), true) = (again, course.report.proved()) {
            course.report.all(What::Replan, "", again(&course.database)?);
        }
        let orphans = course.database.orphans()?;
        if orphans > 0 {
            course.report.add(What::Verify, "", &format!("{orphans} rows point nowhere"));
        }
        Ok(course.report.proved())
    }
}

/// Where clients are played: a server.
struct Yard<'y, 'm, P> {
    stand: &'y Stand<'m, P>,
    old: P,
    rows: u64,
    labels: &'y Labels,
}

/// Another connection to a database of which it is known that it can be had.
fn another<P: Place>(database: &P) -> Result<Boxed> {
    database.line()?.ok_or_else(|| Error::new("opening a client's connection", "there is one connection here"))
}

impl<P: Place + 'static> Ground for Yard<'_, '_, P> {
    fn site(&self) -> Result<Site<'_>> {
        let database = Rc::new((self.stand.make)(&self.stand.old)?);
        database.fill(Some(&self.stand.new), self.rows, self.labels)?;
        let there = Rc::clone(&database);
        Ok(Site { run: Box::new(move |sql| there.run(sql)), line: Box::new(move || another(&*database)) })
    }

    fn own(&self) -> Result<Pair<Boxed>> {
        Ok(Pair { old: another(&self.old)?, new: another(&self.stand.new)? })
    }

    fn between(&self, sql: &str) -> Result<(Connector, Box<dyn std::any::Any>)> {
        let database = Rc::new((self.stand.make)(&[sql.to_owned()])?);
        let there = Rc::clone(&database);
        Ok((Box::new(move || another(&*there)), Box::new(database)))
    }
}

fn state<P: Place>(database: &P) -> Result<State> {
    Ok(State { catalog: database.catalog()?, rows: database.rows()? })
}

struct Course<'a, P> {
    database: P,
    plan: Plan<'a>,
    report: Report,
    /// Is each file cut at this point of it, and run again?
    kill: Option<usize>,
    before: Vec<State>,
    /// The tables at the beginning of a stage.
    began: BTreeSet<String>,
    /// What downs leave where it is.
    stays: Vec<String>,
    /// What is to be brought back from a copy.
    owed: BTreeMap<TableName, Rows>,
}

/// Do the rows of a table differ in nothing but columns that stand beside others for a while?
fn only_of_helpers(table: &TableName, before: &State, now: &State) -> bool {
    let (Some(before), Some(now)) = (before.rows.get(table), now.rows.get(table)) else { return false };
    let helper = |column: &String| column.ends_with("__ps") || column.ends_with("__ps_old");
    let own = |rows: &Rows| Rows {
        columns: rows.columns.iter().filter(|c| !helper(c)).cloned().collect(),
        ..Rows::default()
    };
    of_columns(before, &own(before)) == of_columns(now, &own(now))
}

/// Rows as far as a table still has their columns.
fn of_columns(rows: &Rows, there: &Rows) -> Rows {
    let kept: Vec<usize> = (0..rows.columns.len()).filter(|at| there.columns.contains(&rows.columns[*at])).collect();
    let mut cut: Vec<_> = rows.rows.iter().map(|row| kept.iter().map(|at| row[*at].clone()).collect()).collect();
    cut.sort();
    Rows {
        columns: kept.iter().map(|at| rows.columns[*at].clone()).collect(),
        key: kept.iter().enumerate().filter(|(_, at)| rows.key.contains(at)).map(|(new, _)| new).collect(),
        rows: cut,
    }
}

impl<P: Place> Course<'_, P> {
    fn forwards(&mut self, pass: Pass) -> Result<bool> {
        self.before.clear();
        for stage in &self.plan.script.stages {
            self.look(What::Preflight, &format!("{}/preflight.sql", stage.folder), &stage.preflight);
            // Nobody waits for a table that the stage itself makes.
            let tables = self.database.catalog()?.objects.into_keys();
            self.began = tables.filter_map(|key| Some(key.strip_prefix("table ")?.to_owned())).collect();
            for migration in &stage.migrations {
                self.before.push(state(&self.database)?);
                let file = format!("{}/{}/migration.sql", stage.folder, migration.name);
                let traced = pass == Pass::Forwards && self.kill.is_none();
                let held = if traced { self.unnamed(migration) } else { Vec::new() };
                if !self.send(&file, &migration.up, (pass, &held))? {
                    return Ok(false);
                }
            }
            self.look(What::Verify, &format!("{}/verify.sql", stage.folder), &stage.verify);
        }
        Ok(self.report.proved())
    }

    fn backwards(&mut self) -> Result<bool> {
        for stage in self.plan.script.stages.iter().rev() {
            // What one file makes room for another may bring, so the rows are those of before when the stage is taken back.
            let (mut early, mut announced) = (Vec::new(), String::new());
            for (nth, migration) in stage.migrations.iter().enumerate().rev() {
                let Some(before) = self.before.pop() else { return Ok(true) };
                let file = format!("{}/{}/down.sql", stage.folder, migration.name);
                if !self.send(&file, &migration.down, (Pass::Back, &[]))? {
                    return Ok(false);
                }
                let now = state(&self.database)?;
                self.report.all(What::DownCatalog, &file, snapshot::differences(&now.catalog, &before.catalog));
                if let Undo::Lossy { what, .. } | Undo::Irreversible { what } = &migration.undo {
                    announced += &what.join("\n");
                }
                early.extend(self.bring_back((&file, &announced), migration, &before, &now)?);
                if nth == 0 {
                    let left = compare::changes(&before.rows, &now.rows, &|_, _| false);
                    for (file, table, change) in early.drain(..).filter(|(_, t, _)| left.iter().any(|(l, _)| l == t)) {
                        self.report.add(What::DownRows, &file, &format!("{}: {change}", table.1));
                    }
                }
            }
        }
        Ok(self.report.proved())
    }

    /// What a down says it cannot give back is brought back from a copy; anything else must be there, and what is not is given back.
    fn bring_back(
        &mut self,
        (file, announced): (&str, &str),
        migration: &Migration,
        before: &State,
        now: &State,
    ) -> Result<Vec<(String, TableName, String)>> {
        let mut missed = Vec::new();
        let filled = migration.residue.iter().filter(|line| line.starts_with("what was filled in"));
        self.stays.extend(filled.cloned());
        let stays = self.stays.join("\n");
        for (table, change) in compare::changes(&before.rows, &now.rows, &|_, _| false) {
            let renamed = self.plan.renames.tables.get(&table).map(|r| &r.table.1);
            let said = |name: &String| compare::speaks_of(announced, name);
            if !announced.is_empty() && (said(&table.1) || renamed.is_some_and(said)) {
                if let Some(rows) = before.rows.get(&table) {
                    self.owed.insert(table, rows.clone());
                }
            } else if !self.owed.contains_key(&table)
                && !compare::speaks_of(&stays, &table.1)
                && !only_of_helpers(&table, before, now)
            {
                // What was filled beside the old columns stays, and goes with its column: all is looked at in the end.
                missed.push((file.to_owned(), table, change));
            }
        }
        for (table, rows) in std::mem::take(&mut self.owed) {
            let Some(there) = now.rows.get(&table) else { continue };
            if !there.columns.iter().all(|c| rows.columns.contains(c)) {
                self.owed.insert(table, rows);
                continue;
            }
            let wanted = of_columns(&rows, there);
            self.database.restore(&table, &wanted)?;
            // A trigger that is still there may give a row what it lacks: then once more when that is gone.
            if self.database.rows()?.get(&table).is_some_and(|now| now.rows != wanted.rows) {
                self.owed.insert(table, rows);
            }
        }
        Ok(missed)
    }

    /// Is everything as it was at the beginning?
    fn returned(&mut self, start: &State) -> Result<bool> {
        let now = state(&self.database)?;
        self.report.all(What::DownCatalog, "", snapshot::differences(&now.catalog, &start.catalog));
        for (table, change) in compare::changes(&start.rows, &now.rows, &|_, _| false) {
            self.report.add(What::DownRows, "", &format!("{} when all is taken back: {change}", table.1));
        }
        Ok(self.report.proved())
    }

    /// Sends a file. Says whether it went well, and left nothing behind on the connection.
    fn send(&mut self, file: &str, sql: &str, (pass, held): (Pass, &[String])) -> Result<bool> {
        self.report.files += 1;
        let since = Instant::now();
        let sent = self.cut(file, sql).and_then(|ended| match ended {
            true => Ok(Vec::new()),
            false => self.database.run_beside(sql, held).or_else(|error| self.finish(file, sql, error)),
        });
        self.report.took(file, pass, since.elapsed());
        match sent {
            Ok(waited) => {
                for table in waited {
                    let message =
                        format!("{table}: it waits for whoever reads this table, and the plan does not name it");
                    self.report.add(What::Lock, file, &message);
                }
            }
            Err(failure) => {
                self.report.add(What::Fails, file, &failure.said);
                return Ok(false);
            }
        }
        for left in self.database.left()? {
            self.report.add(What::Leak, file, &left);
        }
        Ok(self.report.proved())
    }

    /// The tables that stood before the stage, stand before the file, and are not named among its locks.
    fn unnamed(&self, migration: &Migration) -> Vec<String> {
        let Some(before) = self.before.last() else { return Vec::new() };
        let named = |table: &str| {
            let mut locks = migration.statements.iter().flat_map(|statement| &statement.locks);
            locks.any(|lock| lock.table.trim_matches('`').replace("``", "`") == table)
        };
        let key = |table: &&str| self.began.contains(*table) && !table.starts_with("_prisma_stage");
        let tables = before.catalog.objects.keys().filter_map(|key| key.strip_prefix("table "));
        tables.filter(key).filter(|table| !named(table)).map(str::to_owned).collect()
    }

    /// Cuts a file on its way, if that is wanted. Says whether it came to its end first.
    fn cut(&mut self, file: &str, sql: &str) -> Result<bool> {
        let Some(point) = self.kill else { return Ok(false) };
        match self.database.cut(sql, point)? {
            Cut::Whole => Ok(false),
            Cut::Finished => Ok(true),
            Cut::At(at) => {
                self.report.kills.push(Kill { file: file.to_owned(), at, then: Vec::new() });
                Ok(false)
            }
        }
    }

    /// A file that was cut stops when it is run again: then what its first lines say is left to do is done.
    fn finish(&mut self, file: &str, sql: &str, error: Error) -> Result<Vec<String>> {
        let header = sql.lines().map_while(|line| line.strip_prefix("-- "));
        let left: Vec<&str> = header.filter(|line| line.starts_with("DROP TRIGGER ")).collect();
        let cut = self.report.kills.last_mut().filter(|kill| kill.file == file && error.said.contains("'NEW'"));
        let (Some(kill), false) = (cut, left.is_empty()) else { return Err(error) };
        kill.then = left.iter().map(|line| (*line).to_owned()).collect();
        // Whoever does that does it on a connection of theirs: this one is put right as the end of the file does it.
        let settings = sql.lines().last().filter(|line| line.starts_with("SET SESSION "));
        left.iter().chain(&settings).try_for_each(|line| self.database.run(line)).map(|()| Vec::new())
    }

    fn look(&mut self, what: What, file: &str, queries: &[Query]) {
        self.report.asked(file, queries.len());
        // What is only to be known stops nobody.
        for one in queries.iter().filter(|q| q.level != Level::Notice) {
            match self.database.query(&one.sql) {
                Ok(rows) if rows.is_empty() => {}
                Ok(rows) => self.report.add(what, file, &format!("{}: {} rows", one.name, rows.len())),
                Err(failure) => self.report.add(what, file, &format!("{}: {}", one.name, failure.said)),
            }
        }
    }
}
