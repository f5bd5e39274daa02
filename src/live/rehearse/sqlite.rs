//! The same on SQLite, in this process: forwards, backwards, forwards again, on databases in memory.

use super::{Pass, Plan, Report, What, compare};
use crate::dialect::Level;
use crate::live::snapshot::{self, Catalog, TableName};
use crate::live::sqlite::{Labels, catalog, error, fill, open, query, rows, run};
use crate::live::{Result, quote};
use crate::script::{Migration, Query, Undo};
use rusqlite::Connection;
use std::time::Instant;

/// Looks at a live database and says what a new plan from it to NEW would do: nothing, if all is well.
pub type Again<'a> = &'a dyn Fn(&Connection) -> Result<Vec<String>>;

/// Two databases to rehearse between, made by OLD's and NEW's own DDL.
#[derive(Debug)]
pub struct Stand {
    old: Vec<String>,
    new: Connection,
    target: Catalog,
}

/// The version of the library.
pub fn version() -> &'static str {
    rusqlite::version()
}

/// A database at a point of the course.
struct State {
    catalog: Catalog,
    rows: compare::Tables,
}

impl Stand {
    /// Makes both databases, empty of rows, each from the files of its DDL.
    ///
    /// # Errors
    /// One of the two scripts does not run.
    pub fn new(old: &[String], new: &[String]) -> Result<Stand> {
        open(old)?;
        let new = open(new)?;
        let target = catalog(&new)?;
        Ok(Stand { old: old.to_vec(), new, target })
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
        again: Option<Again<'_>>,
    ) -> Result<Report> {
        let database = open(&self.old)?;
        let made = fill(&database, clean.then_some(&self.new), rows_in_each, labels)?;
        let start = state(&database)?;
        let mut course = Course { database, plan, report: Report::of(plan.script), before: Vec::new() };
        course.report.rows = made;
        let _told = course.forwards(Pass::Forwards)?
            && self.arrived(&mut course, &start, again)?
            && course.backwards()?
            && course.returned(&start)?
            && course.forwards(Pass::Again)?
            && self.arrived(&mut course, &start, None)?;
        Ok(course.report)
    }

    /// Is everything as NEW has it, and nothing lost?
    fn arrived(&self, course: &mut Course<'_>, start: &State, again: Option<Again<'_>>) -> Result<bool> {
        let now = state(&course.database)?;
        course.report.all(What::Catalog, "", snapshot::differences(&now.catalog, &self.target));
        let losses = compare::losses(&start.rows, &now.rows, &now.catalog, course.plan);
        course.report.all(What::Lost, "", losses);
        if let (Some(again), true) = (again, course.report.proved()) {
            course.report.all(What::Replan, "", again(&course.database)?);
        }
        let orphans = query(&course.database, "PRAGMA foreign_key_check")?;
        if !orphans.is_empty() {
            course.report.add(What::Verify, "", &format!("foreign_key_check finds {} rows", orphans.len()));
        }
        Ok(course.report.proved())
    }
}

fn state(database: &Connection) -> Result<State> {
    Ok(State { catalog: catalog(database)?, rows: rows(database)? })
}

struct Course<'a> {
    database: Connection,
    plan: Plan<'a>,
    report: Report,
    before: Vec<State>,
}

impl Course<'_> {
    fn forwards(&mut self, pass: Pass) -> Result<bool> {
        self.before.clear();
        for stage in &self.plan.script.stages {
            self.look(What::Preflight, &format!("{}/preflight.sql", stage.folder), &stage.preflight);
            for migration in &stage.migrations {
                self.before.push(state(&self.database)?);
                let file = format!("{}/{}/migration.sql", stage.folder, migration.name);
                if !self.send(&file, &migration.up, pass)? {
                    return Ok(false);
                }
            }
            self.look(What::Verify, &format!("{}/verify.sql", stage.folder), &stage.verify);
        }
        Ok(self.report.proved())
    }

    fn backwards(&mut self) -> Result<bool> {
        for stage in self.plan.script.stages.iter().rev() {
            for migration in stage.migrations.iter().rev() {
                let Some(before) = self.before.pop() else { return Ok(true) };
                let file = format!("{}/{}/down.sql", stage.folder, migration.name);
                if !self.send(&file, &migration.down, Pass::Back)? {
                    return Ok(false);
                }
                let now = state(&self.database)?;
                self.report.all(What::DownCatalog, &file, snapshot::differences(&now.catalog, &before.catalog));
                self.bring_back(&file, migration, &before, &now)?;
            }
        }
        Ok(self.report.proved())
    }

    /// What a down says it cannot give back is brought back from a copy; anything else must be there.
    fn bring_back(&mut self, file: &str, migration: &Migration, before: &State, now: &State) -> Result<()> {
        let announced = match &migration.undo {
            Undo::Lossless => String::new(),
            Undo::Lossy { what, .. } | Undo::Irreversible { what } => what.join("\n"),
        };
        run(&self.database, "PRAGMA foreign_keys=OFF")?;
        for (table, change) in compare::changes(&before.rows, &now.rows, &|_, _| false) {
            let renamed = self.plan.renames.tables.get(&table).map(|r| &r.table.1);
            let said = |name: &String| compare::speaks_of(&announced, name);
            if !announced.is_empty() && (said(&table.1) || renamed.is_some_and(said)) {
                self.restore(&table, before)?;
            } else {
                self.report.add(What::DownRows, file, &format!("{}: {change}", table.1));
            }
        }
        run(&self.database, "PRAGMA foreign_keys=ON")
    }

    fn restore(&self, table: &TableName, before: &State) -> Result<()> {
        let Some(rows) = before.rows.get(table) else { return Ok(()) };
        let name = quote(&table.1);
        run(&self.database, &format!("DELETE FROM {name}"))?;
        let columns = rows.columns.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ");
        let marks = vec!["?"; rows.columns.len()].join(", ");
        let sql = format!("INSERT INTO {name} ({columns}) VALUES ({marks})");
        for row in &rows.rows {
            let bytes = |v: &Option<String>| match v.as_deref().and_then(|v| v.strip_prefix("x'")?.strip_suffix('\'')) {
                Some(hex) => rusqlite::types::Value::Blob(
                    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()).collect(),
                ),
                None => v.clone().into(),
            };
            let values = rusqlite::params_from_iter(row.iter().map(bytes));
            self.database.execute(&sql, values).map_err(|e| error("bringing rows back", &e))?;
        }
        Ok(())
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
    fn send(&mut self, file: &str, sql: &str, pass: Pass) -> Result<bool> {
        self.report.files += 1;
        let since = Instant::now();
        let sent = run(&self.database, sql);
        self.report.took(file, pass, since.elapsed());
        if let Err(failure) = sent {
            self.report.add(What::Fails, file, &failure.said);
            return Ok(false);
        }
        if !self.database.is_autocommit() {
            self.report.add(What::Leak, file, "it leaves a transaction open");
        }
        let settings = [("foreign_keys", "1"), ("legacy_alter_table", "0"), ("defer_foreign_keys", "0")];
        for (name, wanted) in settings {
            let found = query(&self.database, &format!("PRAGMA {name}"))?;
            if found.into_iter().flatten().flatten().any(|value| value != wanted) {
                self.report.add(What::Leak, file, &format!("it leaves {name} changed"));
            }
        }
        Ok(self.report.proved())
    }

    fn look(&mut self, what: What, file: &str, queries: &[Query]) {
        self.report.asked(file, queries.len());
        // What is only to be known stops nobody.
        for one in queries.iter().filter(|q| q.level != Level::Notice) {
            match query(&self.database, &one.sql) {
                Ok(rows) if rows.is_empty() => {}
                Ok(rows) => self.report.add(what, file, &format!("{}: {} rows", one.name, rows.len())),
                Err(failure) => self.report.add(what, file, &format!("{}: {}", one.name, failure.said)),
            }
        }
    }
}
