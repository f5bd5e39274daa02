//! The way through a plan, file by file.

use super::send::Sending;
use super::{Report, Settings, State, What, compare, restore};
use crate::live::server::Database;
use crate::live::snapshot::{self, Catalog, TableName};
use crate::live::{Doing, Error, Result};
use crate::script::{FileClass, Migration, Query, Script, Stage, Undo, Work};
use postgres::Client;
use std::collections::BTreeMap;

/// Where a rehearsal stands.
pub(super) struct Course<'a> {
    pub(super) client: Client,
    pub(super) report: Report,
    database: &'a Database,
    script: &'a Script,
    settings: &'a Settings,
    /// What there was before each migration that was run, in the order of running.
    before: Vec<State>,
}

impl<'a> Course<'a> {
    pub(super) fn new(client: Client, database: &'a Database, script: &'a Script, settings: &'a Settings) -> Self {
        Course { client, report: Report::default(), database, script, settings, before: Vec::new() }
    }

    /// Every migration.sql in order. Says whether to go on.
    pub(super) fn forwards(&mut self) -> Result<bool> {
        self.before.clear();
        for stage in &self.script.stages {
            self.look(What::Preflight, &format!("{}/preflight.sql", stage.folder), &stage.preflight)?;
            for migration in &stage.migrations {
                let file = format!("{}/{}/migration.sql", stage.folder, migration.name);
                let state = State { catalog: snapshot::catalog(&mut self.client)?, rows: self.rows(migration)? };
                let files = disk_files(&mut self.client)?;
                self.before.push(state);
                if !self.send(&file, &migration.up, What::Fails)? {
                    return Ok(false);
                }
                self.look_for_rewrites(&file, migration, &files)?;
                if self.settings.twice && !self.again(&file, migration)? {
                    return Ok(false);
                }
            }
            self.look(What::Verify, &format!("{}/verify.sql", stage.folder), &stage.verify)?;
        }
        Ok(self.report.proved())
    }

    /// Every down.sql in reverse order. Says whether to go on.
    pub(super) fn backwards(&mut self) -> Result<bool> {
        let way: Vec<(&Stage, &Migration)> =
            self.script.stages.iter().flat_map(|stage| stage.migrations.iter().map(move |m| (stage, m))).collect();
        for (stage, migration) in way.into_iter().rev() {
            let Some(before) = self.before.pop() else { break };
            let file = format!("{}/{}/down.sql", stage.folder, migration.name);
            if !self.send(&file, &migration.down, What::Fails)? {
                return Ok(false);
            }
            let catalog = snapshot::catalog(&mut self.client)?;
            let wanted = with_labels(before.catalog, &catalog);
            self.report.all(What::DownCatalog, &file, snapshot::differences(&catalog, &wanted));
            self.compare_rows(&file, migration, &before.rows)?;
            if !self.report.proved() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// After a down: what is missing must have been announced, and then we are the operator who brings it back.
    fn compare_rows(&mut self, file: &str, migration: &Migration, before: &compare::Tables) -> Result<()> {
        let now = self.rows(migration)?;
        let announced = match &migration.undo {
            Undo::Lossless => String::new(),
            Undo::Lossy { what, .. } | Undo::Irreversible { what } => what.join("\n"),
        };
        let mut restored = Vec::new();
        for (table, difference) in compare::changes(before, &now) {
            if announced.contains(&table.1) {
                restored.push(table);
            } else {
                self.report.add(What::DownRows, file, &format!("{}.{}: {difference}", table.0, table.1));
            }
        }
        restore::tables(&mut self.client, before, &restored)
    }

    /// The rows that a migration could touch: those of the tables that it speaks of. At both ends of the way everything is
    /// looked at.
    fn rows(&mut self, migration: &Migration) -> Result<compare::Tables> {
        if self.settings.rows == 0 {
            return Ok(compare::Tables::new());
        }
        let spoken_of = |table: &TableName| migration.up.contains(&table.1) || migration.down.contains(&table.1);
        snapshot::rows_of(&mut self.client, spoken_of)
    }

    /// Sends a file; an error is a failure of the plan. Says whether it went well.
    fn send(&mut self, file: &str, sql: &str, what: What) -> Result<bool> {
        self.report.files += 1;
        match self.settings.sending.send(&mut self.client, self.database, sql) {
            Ok(()) => {}
            Err(error) if self.client.is_closed() => return Err(error),
            Err(error) => {
                self.report.add(what, file, &error.said);
                return Ok(false);
            }
        }
        if self.settings.sending != Sending::Psql {
            let leaks = leaks(&mut self.client)?;
            self.report.all(What::Leak, file, leaks);
        }
        Ok(true)
    }

    /// A file that is whole or nothing must be harmless when it is run a second time.
    fn again(&mut self, file: &str, migration: &Migration) -> Result<bool> {
        match migration.class {
            FileClass::Solitary => return Ok(true),
            FileClass::Transactional | FileClass::Batch | FileClass::Assertion => {}
        }
        let before = (snapshot::catalog(&mut self.client)?, self.rows(migration)?);
        if !self.send(file, &migration.up, What::NotAgain)? {
            return Ok(false);
        }
        let after = (snapshot::catalog(&mut self.client)?, self.rows(migration)?);
        self.report.all(What::NotAgain, file, snapshot::differences(&after.0, &before.0));
        for (table, difference) in compare::changes(&before.1, &after.1) {
            self.report.add(What::NotAgain, file, &format!("{}.{}: {difference}", table.0, table.1));
        }
        Ok(self.report.proved())
    }

    /// Each row that a query returns is a problem.
    fn look(&mut self, what: What, file: &str, queries: &[Query]) -> Result<()> {
        for query in queries {
            match self.client.query(&query.sql, &[]).doing(|| query.name.clone()) {
                Ok(rows) if rows.is_empty() => {}
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
        let after = disk_files(&mut self.client)?;
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

/// No server can take a label from an enum. A down leaves those that its plan added, unused; with them, what is there now
/// is what was there before.
fn with_labels(mut wanted: Catalog, now: &Catalog) -> Catalog {
    for (key, labels) in &mut wanted.objects {
        let Some(more) = now.objects.get(key).filter(|_| key.starts_with("enum ")) else { continue };
        let mut rest = more.split(", ");
        if labels.split(", ").all(|label| rest.any(|other| other == label)) {
            labels.clone_from(more);
        }
    }
    wanted
}

/// Name and file on disk of every table, by its oid.
fn disk_files(client: &mut Client) -> Result<BTreeMap<u32, (String, u32)>> {
    let sql = "SELECT c.oid, c.oid::regclass::text, c.relfilenode FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'prisma_stage')";
    let rows = client.query(sql, &[]).doing(|| "looking where tables are on disk".to_owned())?;
    Ok(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
}

/// What a file left behind on the connection: settings, or a transaction (in which time stands still).
fn leaks(client: &mut Client) -> Result<Vec<String>> {
    let doing = || "looking at the connection".to_owned();
    let ours = "('application_name', 'client_encoding', 'TimeZone', 'DateStyle')";
    let sql =
        format!("SELECT name || ' = ' || setting FROM pg_settings WHERE source = 'session' AND name NOT IN {ours}");
    let mut leaks: Vec<String> = client
        .query(&sql, &[])
        .doing(doing)?
        .iter()
        .map(|row| format!("it leaves {}", row.get::<_, String>(0)))
        .collect();
    let time = "SELECT extract(epoch FROM now())::text";
    let first: String = client.query_one(time, &[]).doing(doing)?.get(0);
    let second: String = client.query_one(time, &[]).doing(doing)?.get(0);
    if first == second {
        leaks.push("it leaves a transaction open".to_owned());
    }
    Ok(leaks)
}
