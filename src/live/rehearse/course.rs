//! The way through a plan, file by file.

use super::report::{Pass, Report};
use super::send::Sending;
use super::{Plan, Settings, State, What, compare, kill, locks, restore};
use crate::live::server::Database;
use crate::live::snapshot::{self, Catalog, Observer, TableName};
use crate::live::{Doing, Error, Result, quote};
use crate::script::{FileClass, Level, Migration, Query, Script, Undo, Work};
use postgres::Client;
use std::collections::BTreeMap;
use std::time::Instant;

/// Where a rehearsal stands.
pub(super) struct Course<'a> {
    pub(super) client: Client,
    pub(super) observer: Observer,
    pub(super) report: Report,
    database: &'a Database,
    script: &'a Script,
    settings: &'a Settings,
    watch: &'a dyn Fn(&str),
    /// Which way it goes.
    pass: Pass,
    /// The catalog after each stage, forwards.
    pub(super) after: Vec<Catalog>,
    /// The columns of OLD's tables, by the names that the tables go by at any time.
    known: BTreeMap<TableName, Vec<String>>,
    /// What there was before each migration that was run, in the order of running; rows only where they may be needed.
    before: Vec<State>,
    /// The catalog (where it is not looked at before each file) and the rows at the beginning of each stage.
    stages: Vec<(Catalog, compare::Tables)>,
}

impl<'a> Course<'a> {
    pub(super) fn new(
        (client, observer): (Client, Observer),
        database: &'a Database,
        plan: Plan<'a>,
        (settings, watch): (&'a Settings, &'a dyn Fn(&str)),
        old: &State,
    ) -> Self {
        let mut known = BTreeMap::new();
        for (name, rows) in &old.rows {
            let renamed = plan.renames.tables.get(name).map(|renamed| &renamed.table);
            for name in std::iter::once(name).chain(renamed) {
                known.entry(name.clone()).or_insert_with(|| rows.columns.clone());
            }
        }
        let (before, stages) = (Vec::new(), Vec::new());
        Course {
            client,
            observer,
            report: Report::of(plan.script),
            database,
            script: plan.script,
            settings,
            watch,
            pass: Pass::Forwards,
            after: Vec::new(),
            known,
            before,
            stages,
        }
    }

    /// Every migration.sql in order. Says whether to go on.
    pub(super) fn forwards(&mut self, pass: Pass) -> Result<bool> {
        self.pass = pass;
        self.before.clear();
        self.stages.clear();
        self.after.clear();
        for stage in &self.script.stages {
            let catalog = if self.cuts() { self.observer.catalog()? } else { Catalog::default() };
            let rows = self.rows(|_| true)?;
            self.stages.push((catalog, rows));
            // Nobody waits for a table that the stage itself makes.
            let began = if self.settings.locks { self.observer.disk()? } else { BTreeMap::new() };
            self.look(What::Preflight, &format!("{}/preflight.sql", stage.folder), &stage.preflight)?;
            for migration in &stage.migrations {
                let file = format!("{}/{}/migration.sql", stage.folder, migration.name);
                let state = State {
                    catalog: self.catalog_between()?,
                    rows: match migration.undo {
                        Undo::Lossless => compare::Tables::new(),
                        Undo::Lossy { .. } | Undo::Irreversible { .. } => self.rows_of(migration)?,
                    },
                };
                let files = if self.cuts() { BTreeMap::new() } else { self.observer.disk()? };
                self.before.push(state);
                let traced = pass == Pass::Forwards && self.settings.locks && !self.cuts();
                let held = if traced && migration.class == FileClass::Transactional {
                    Some(self.trace(migration)?)
                } else {
                    None
                };
                if !self.send(&file, &migration.up, migration.class, What::Fails)? {
                    return Ok(false);
                }
                if let Some(Some(held)) = held {
                    // By the names of the moment: tables may exchange theirs.
                    let standing = files.iter().filter(|(oid, _)| began.contains_key(oid));
                    let standing = standing.map(|(oid, at)| (*oid, at.clone())).collect();
                    self.look_at_locks(&file, migration, &standing, &held);
                }
                self.look_for_rewrites(&file, migration, &files)?;
                if self.settings.twice && !self.again(&file, migration)? {
                    return Ok(false);
                }
            }
            self.look(What::Verify, &format!("{}/verify.sql", stage.folder), &stage.verify)?;
            let catalog = self.observer.catalog()?;
            self.after.push(catalog);
        }
        Ok(self.report.proved())
    }

    /// Every down.sql in reverse order. Says whether to go on.
    pub(super) fn backwards(&mut self) -> Result<bool> {
        self.pass = Pass::Back;
        for stage in self.script.stages.iter().rev() {
            for migration in stage.migrations.iter().rev() {
                let Some(before) = self.before.pop() else { return Ok(true) };
                let file = format!("{}/{}/down.sql", stage.folder, migration.name);
                self.count_losses(&file, &migration.undo)?;
                if !self.send(&file, &migration.down, migration.down_class, What::Fails)? {
                    return Ok(false);
                }
                let catalog = self.catalog_between()?;
                let wanted = up_to_harmless(before.catalog, &catalog);
                self.report.all(What::DownCatalog, &file, snapshot::differences(&catalog, &wanted));
                self.bring_back(migration, &before.rows)?;
            }
            let Some((catalog, before)) = self.stages.pop() else { return Ok(true) };
            if self.cuts() {
                let now = self.observer.catalog()?;
                let wanted = up_to_harmless(catalog, &now);
                self.report.all(What::DownCatalog, &stage.folder, snapshot::differences(&now, &wanted));
            }
            let now = self.rows(|_| true)?;
            let added = |table: &TableName, column: &str| {
                self.known.get(table).is_none_or(|known| !known.iter().any(|other| other == column))
            };
            // A fill may come early: the trigger that keeps new rows right sees the rows that another backfill writes.
            let said: Vec<&String> = stage.migrations.iter().flat_map(|migration| announced(&migration.undo)).collect();
            let filled = |table: &TableName, column: &str| {
                let column = format!("had NULL in {}.{}", quote(&table.1), quote(column));
                said.iter().any(|said| said.contains(&column))
            };
            // So does it with values that become others, which then are forgotten before the file that says so.
            let mapped = |table: &TableName, column: &str| {
                let words = format!("{} held in {} the value", quote(&table.1), quote(column));
                said.iter().any(|said| said.contains(&words))
            };
            let either = |table: &TableName, column: &str| {
                added(table, column) || filled(table, column) || mapped(table, column)
            };
            // Rows that are deleted take those that point at them along.
            let deleted = said.iter().any(|said| said.contains("were deleted or unlinked"));
            let told = compare::without(&before, &mapped);
            let mut wrong = compare::changes_and_losses(&told, &now, &either);
            wrong.retain(|(_, change)| !(deleted && change.only_gone));
            // Rows that a backfill made in a table of the plan's own go with that table.
            wrong.retain(|(table, _)| self.known.contains_key(table));
            let strict = compare::changes(&before, &now, &added);
            let known = strict.into_iter().map(|(table, _)| table).filter(|table| !wrong.iter().any(|w| w.0 == *table));
            restore::tables(&mut self.client, &before, &known.collect::<Vec<_>>())?;
            for (table, change) in wrong {
                let message = format!("{}.{}: {}", table.0, table.1, change.words);
                self.report.add(What::DownRows, &stage.folder, &message);
            }
            if !self.report.proved() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Are files cut? Then everything was run once without: what stands between the files of a stage was looked at there.
    fn cuts(&self) -> bool {
        self.settings.kill.is_some()
    }

    fn catalog_between(&mut self) -> Result<Catalog> {
        if self.cuts() { Ok(Catalog::default()) } else { self.observer.catalog() }
    }

    /// After a down that says what it cannot give back: we are the operator who brings that back from a copy.
    fn bring_back(&mut self, migration: &Migration, before: &compare::Tables) -> Result<()> {
        let announced = announced(&migration.undo).join("\n");
        if announced.is_empty() {
            return Ok(());
        }
        let now = self.rows_of(migration)?;
        let changed = compare::changes(before, &now, &|_, _| false).into_iter().map(|(table, _)| table);
        let announced: Vec<TableName> = changed.filter(|table| compare::speaks_of(&announced, &table.1)).collect();
        restore::tables(&mut self.client, before, &announced)
    }

    /// The rows that a migration could touch: those of the tables that it speaks of. At both ends of the way everything is
    /// looked at.
    fn rows_of(&mut self, migration: &Migration) -> Result<compare::Tables> {
        let text = format!("{}{}", migration.up, migration.down);
        self.rows(|table| compare::speaks_of(&text, &table.1))
    }

    fn rows(&mut self, which: impl Fn(&TableName) -> bool) -> Result<compare::Tables> {
        if self.settings.rows == 0 {
            return Ok(compare::Tables::new());
        }
        self.observer.rows(which)
    }

    /// Sends a file; an error is a failure of the plan. Says whether it went well.
    fn send(&mut self, file: &str, sql: &str, class: FileClass, what: What) -> Result<bool> {
        (self.watch)(&format!("{}: {file}", self.pass.words()));
        self.report.files += 1;
        let begun = Instant::now();
        let ended = match self.cut(file, sql, class) {
            Ok(true) => Ok(()),
            Ok(false) => self.settings.sending.send(&mut self.client, self.database, sql),
            Err(error) => Err(error),
        };
        match ended {
            Ok(()) => {}
            Err(error) if self.client.is_closed() => return Err(error),
            Err(error) => {
                self.report.add(what, file, &error.said);
                return Ok(false);
            }
        }
        if what != What::NotAgain {
            self.report.took(file, self.pass, begun.elapsed());
        }
        if self.settings.sending != Sending::Psql && !self.cuts() {
            let leaks = leaks(&mut self.client)?;
            self.report.all(What::Leak, file, leaks);
        }
        Ok(self.report.proved())
    }

    /// Sends the file over a connection that is cut on the way, and does what the file says is to be done before it is run
    /// again. Says whether that is not necessary: it came to its end.
    fn cut(&mut self, file: &str, sql: &str, class: FileClass) -> Result<bool> {
        let Some(point) = self.settings.kill else { return Ok(false) };
        if point == 1 {
            // Nobody may rely on the connection of the file before.
            self.client = self.database.connect()?;
        }
        match kill::cut(&mut self.client, self.database, sql, class, point)? {
            kill::Cut::Whole => Ok(false),
            kill::Cut::Finished => Ok(true),
            kill::Cut::At(at) => {
                kill::reconnect(self.database, &mut self.client)?;
                let then = kill::before_again(sql);
                for statement in &then {
                    self.client.batch_execute(statement).doing(|| format!("running what {file} says: {statement}"))?;
                }
                self.report.kills.push(kill::Kill { file: file.to_owned(), at, then });
                Ok(false)
            }
        }
    }

    /// A file that is whole or nothing must be harmless when it is run a second time.
    fn again(&mut self, file: &str, migration: &Migration) -> Result<bool> {
        match migration.class {
            FileClass::Solitary => return Ok(true),
            FileClass::Transactional | FileClass::Batch | FileClass::Assertion => {}
        }
        let before = (self.observer.catalog()?, self.rows_of(migration)?);
        if !self.send(file, &migration.up, migration.class, What::NotAgain)? {
            return Ok(false);
        }
        let after = (self.observer.catalog()?, self.rows_of(migration)?);
        self.report.all(What::NotAgain, file, snapshot::differences(&after.0, &before.0));
        for (table, difference) in compare::changes(&before.1, &after.1, &|_, _| false) {
            self.report.add(What::NotAgain, file, &format!("{}.{}: {difference}", table.0, table.1));
        }
        Ok(self.report.proved())
    }

    /// Each row that a query returns is a problem.
    fn look(&mut self, what: What, file: &str, queries: &[Query]) -> Result<()> {
        self.report.asked(file, queries.len());
        for query in queries {
            let is_problem = query.level != Level::Notice;
            match self.client.query(&query.sql, &[]).doing(|| query.name.clone()) {
                Ok(rows) if rows.is_empty() || !is_problem => {}
                Ok(rows) => {
                    let message = format!("{}: {} rows, each a problem: {}", query.name, rows.len(), query.about);
                    self.report.add(what, file, &message);
                }
                Err(Error { doing, said, .. }) => {
                    self.report.add(what, file, &format!("{doing}: {said}\n{}", query.sql));
                }
            }
        }
        Ok(())
    }

    /// The queries that count what a down would lose have to run.
    fn count_losses(&mut self, file: &str, undo: &Undo) -> Result<()> {
        let counts: &[String] = match undo {
            Undo::Lossy { count, .. } => count,
            Undo::Lossless | Undo::Irreversible { .. } => &[],
        };
        for sql in counts {
            if let Err(Error { said, .. }) = self.client.query(sql, &[]).doing(|| "counting".to_owned()) {
                self.report.add(What::Fails, file, &format!("the query that counts what is lost: {said}\n{sql}"));
            }
        }
        Ok(())
    }

    /// Runs a file in a transaction that is given up again, to see which locks it has at its end; None if it fails.
    fn trace(&mut self, migration: &Migration) -> Result<Option<BTreeMap<u32, String>>> {
        let doing = || "tracing locks".to_owned();
        self.client.batch_execute("BEGIN").doing(doing)?;
        let held = match self.client.batch_execute(&migration.up) {
            Ok(()) => Some(locks::held(&mut self.client)?),
            // It fails without us too, which is told then.
            Err(_) => None,
        };
        self.client.batch_execute("ROLLBACK").doing(doing)?;
        Ok(held)
    }

    fn look_at_locks(
        &mut self,
        file: &str,
        migration: &Migration,
        tables: &BTreeMap<u32, (String, u32)>,
        held: &BTreeMap<u32, String>,
    ) {
        let seen = locks::compare(file, migration, tables, held);
        for lock in seen.iter().filter(|lock| lock.is_understated()) {
            let none = || "none".to_owned();
            let (claimed, traced) =
                (lock.claimed.clone().unwrap_or_else(none), lock.traced.clone().unwrap_or_else(none));
            self.report.add(
                What::Lock,
                file,
                &format!("{}: {traced} was held, and the plan names {claimed}", lock.table),
            );
        }
        self.report.locked(file, seen);
    }

    /// A table that lives in another file on disk than before was written anew.
    fn look_for_rewrites(
        &mut self,
        file: &str,
        migration: &Migration,
        before: &BTreeMap<u32, (String, u32)>,
    ) -> Result<()> {
        if migration.statements.iter().any(|statement| statement.work == Work::Rewrite) {
            return Ok(());
        }
        let after = self.observer.disk()?;
        for (table, (name, node)) in before {
            if after.get(table).is_some_and(|(_, now)| now != node) {
                self.report.add(
                    What::Rewrite,
                    file,
                    &format!("{name} was rewritten under a lock that stops everybody"),
                );
            }
        }
        Ok(())
    }
}

/// What a down says it loses.
fn announced(undo: &Undo) -> &[String] {
    match undo {
        Undo::Lossless => &[],
        Undo::Lossy { what, .. } | Undo::Irreversible { what } => what,
    }
}

/// What a down need not give back, because nobody can tell: no server takes a label from an enum (those that the plan added
/// stay, unused), nor the proof from a constraint that was validated.
fn up_to_harmless(mut wanted: Catalog, now: &Catalog) -> Catalog {
    for (key, description) in &mut wanted.objects {
        let Some(found) = now.objects.get(key) else { continue };
        let mut rest = found.split(", ");
        let mut more_labels =
            || key.starts_with("enum ") && description.split(", ").all(|label| rest.any(|other| other == label));
        let validated = key.starts_with("constraint ") && *description == format!("{found} NOT VALID");
        if validated || more_labels() {
            description.clone_from(found);
        }
    }
    wanted
}

/// What a file left behind on the connection: settings, or a transaction (in which time stands still).
fn leaks(client: &mut Client) -> Result<Vec<String>> {
    let doing = || "looking at the connection".to_owned();
    let sql = "SELECT extract(epoch FROM now())::text, array(SELECT name || ' = ' || setting FROM pg_settings
               WHERE source = 'session' AND name NOT IN ('application_name', 'client_encoding', 'TimeZone', 'DateStyle'))";
    let row = client.query_one(sql, &[]).doing(doing)?;
    let settings: Vec<String> = row.get(1);
    let mut leaks: Vec<String> = settings.into_iter().map(|setting| format!("it leaves {setting}")).collect();
    let later: String = client.query_one("SELECT extract(epoch FROM now())::text", &[]).doing(doing)?.get(0);
    if later == row.get::<_, String>(0) {
        leaks.push("it leaves a transaction open".to_owned());
    }
    Ok(leaks)
}
