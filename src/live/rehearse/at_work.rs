//! Through a plan with Prisma's clients at work: two at a time wherever the plan lets them, and, where there is a client between
//! old and new, in the order of the rollout.

use super::clients::{Belief, Clients, Company, Leg};
use super::{Report, Settings, Stand, What, compare};
use crate::live::line::Boxed;
use crate::live::{Doing, Result, seed};
use crate::pair::Pair;
use crate::script::{Rollout, Script, Stage};
use std::rc::Rc;

/// The clients of a rollout two by two, and what they take the database for.
type Legs<'l> = Vec<(&'l Leg, Pair<Belief>)>;

/// Sends files.
type Runner<'g> = Box<dyn FnMut(&str) -> Result<()> + 'g>;

/// A database of OLD with rows in it, for a run of its own.
pub(super) struct Site<'g> {
    /// Sends a file.
    pub(super) run: Runner<'g>,
    /// Opens another connection.
    pub(super) line: Box<dyn Fn() -> Result<Boxed> + 'g>,
}

/// Where clients are played.
pub(super) trait Ground {
    /// A fresh database. Rows that break NEW's rules are the other runs' matter: here everybody keeps them from the start.
    fn site(&self) -> Result<Site<'_>>;

    /// Connections to the databases that OLD's own DDL made, and NEW's.
    fn own(&self) -> Result<Pair<Boxed>>;

    /// A connection to a database that other DDL makes, and what keeps it there.
    fn between(&self, sql: &str) -> Result<(Connector, Box<dyn std::any::Any>)>;
}

/// Opens connections.
pub(super) type Connector = Box<dyn Fn() -> Result<Boxed>>;

/// A server on which PostgreSQL's rehearsals are.
pub(super) struct Scene<'s> {
    pub(super) stand: &'s Stand<'s>,
    pub(super) settings: &'s Settings,
}

impl Ground for Scene<'_> {
    fn site(&self) -> Result<Site<'_>> {
        let database = Rc::new(self.stand.server.create(Some(&self.stand.old))?);
        let mut client = database.connect()?;
        let settings = self.settings;
        seed::fill(&mut client, settings.rows, Some(&self.stand.shape), settings.filled)?;
        let there = Rc::clone(&database);
        Ok(Site {
            run: Box::new(move |sql| settings.sending.send(&mut client, &there, sql)),
            line: Box::new(move || Ok(Box::new(database.connect()?))),
        })
    }

    fn own(&self) -> Result<Pair<Boxed>> {
        Ok(Pair { old: Box::new(self.stand.old.connect()?), new: Box::new(self.stand.new.connect()?) })
    }

    /// With the extensions of OLD's.
    fn between(&self, sql: &str) -> Result<(Connector, Box<dyn std::any::Any>)> {
        let database = Rc::new(self.stand.server.create(Some(&self.stand.old))?);
        let mut client = database.connect()?;
        client.batch_execute(EMPTY).doing(|| "emptying a database".to_owned())?;
        client.batch_execute(sql).doing(|| "running the DDL of the schema between".to_owned())?;
        let there = Rc::clone(&database);
        Ok((Box::new(move || Ok(Box::new(there.connect()?))), Box::new(database)))
    }
}

impl dyn Ground + '_ {
    /// Goes through the plan forwards, each time on a database of its own and with clients at work between the files.
    pub(super) fn with_clients(
        &self,
        script: &Script,
        (clients, seed): (&Clients, u64),
        report: &mut Report,
    ) -> Result<()> {
        let beliefs = clients.beliefs(self.own()?)?;
        self.wherever((script, 0), (clients, &beliefs, seed), report)?;
        if clients.legs().is_empty() || !report.proved() {
            return Ok(());
        }
        let Some(legs) = self.legs(clients.legs(), report)? else { return Ok(()) };
        let known = report.failures.len();
        self.in_order(script, (&legs, seed), report)?;
        for failure in report.failures.iter_mut().skip(known) {
            failure.message = format!("in the order of the rollout: {}", failure.message);
        }
        // The last client between is also held to all that is said of it from where it may be rolled out on.
        match legs.last() {
            Some((leg, beliefs)) if report.proved() => {
                self.wherever((script, leg.from), (&leg.clients, beliefs, seed), report)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Both clients work at each point at which the plan lets them, whatever the rollout says, behind so many stages.
    fn wherever(
        &self,
        (script, from): (&Script, usize),
        (clients, beliefs, seed): (&Clients, &Pair<Belief>, u64),
        report: &mut Report,
    ) -> Result<()> {
        let mut site = self.site()?;
        let mut company = Company::new((clients, beliefs), &*site.line, script, seed)?;
        company.begin(report)?;
        for (nth, stage) in script.stages.iter().enumerate() {
            company.works(nth >= from);
            if !apply((script, stage), &mut *site.run, &mut company, report)? {
                return Ok(());
            }
            if nth + 1 == from {
                company.works(true);
                let clients = company.after(stage, report)?;
                report.met(&stage.folder, clients);
            }
        }
        company.end(report)
    }

    /// Who has been rolled out works, and nobody else.
    fn in_order(
        &self,
        script: &Script,
        (legs, seed): (&[(&Leg, Pair<Belief>)], u64),
        report: &mut Report,
    ) -> Result<()> {
        let mut site = self.site()?;
        let mut legs = legs.iter().map(|(leg, beliefs)| (*leg, beliefs));
        let Some(first) = legs.next() else { return Ok(()) };
        let mut company = Company::first(first, &*site.line, script, seed)?;
        company.begin(report)?;
        let (mut stands, mut runs): (Option<&Stage>, Option<&String>) = (None, None);
        for step in &script.rollout {
            match step {
                Rollout::Apply { stage } => {
                    let Some(stage) = script.stages.iter().find(|known| known.folder == *stage) else { continue };
                    if !apply((script, stage), &mut *site.run, &mut company, report)? {
                        return Ok(());
                    }
                    stands = Some(stage);
                }
                // The same client with other code.
                Rollout::Deploy { schema: Some(schema), .. } if runs == Some(schema) => {}
                Rollout::Deploy { schema, .. } => {
                    runs = schema.as_ref();
                    company.relieve(stands, report)?;
                    if !report.proved() {
                        return Ok(());
                    }
                    if let Some(leg) = legs.next() {
                        company = company.next(leg, &*site.line, script, seed)?;
                    }
                }
                Rollout::Stop { .. } | Rollout::Start { .. } => {}
            }
        }
        company.end(report)
    }

    /// What the clients of a rollout take the database for; None, with a word about it, if a schema between gives no database.
    fn legs<'l>(&self, legs: &'l [Leg], report: &mut Report) -> Result<Option<Legs<'l>>> {
        let mut all = Vec::new();
        let mut before: Option<(Connector, Box<dyn std::any::Any>)> = None;
        for leg in legs {
            let made = match &leg.made {
                Some(Ok(sql)) => Some(self.between(sql)?),
                Some(Err(why)) => {
                    report.add(What::Setup, "", &format!("the schema of the client between: {why}"));
                    return Ok(None);
                }
                None => None,
            };
            let mut own = self.own()?;
            if let Some((connect, _)) = &before {
                own.old = connect()?;
            }
            if let Some((connect, _)) = &made {
                own.new = connect()?;
            }
            all.push((leg, leg.beliefs(own)?));
            before = made;
        }
        Ok(Some(all))
    }
}

/// Applies a stage, with clients at work behind each file. Says whether to go on.
fn apply(
    (script, stage): (&Script, &Stage),
    run: &mut dyn FnMut(&str) -> Result<()>,
    company: &mut Company<'_>,
    report: &mut Report,
) -> Result<bool> {
    for (nth, migration) in stage.migrations.iter().enumerate() {
        let file = format!("{}/{}/migration.sql", stage.folder, migration.name);
        if let Err(error) = run(&migration.up) {
            // Rows that break NEW's rules are written again, as often as they are taken away: the file stops, as it says.
            let breaks = error.sqlstate.as_deref().is_some_and(|state| ["23503", "23505"].contains(&state));
            if !(breaks && compare::rows_may_go(script)) {
                report.add(What::Fails, &file, &format!("with clients at work: {}", error.said));
            }
            return Ok(false);
        }
        if nth + 1 < stage.migrations.len() {
            company.during(stage, &file, report)?;
        }
    }
    let clients = company.after(stage, report)?;
    report.met(&stage.folder, clients);
    Ok(report.proved())
}

/// Takes away the tables, views and enums of a database, and leaves what extensions brought.
const EMPTY: &str = "DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT c.oid::regclass::text AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relkind IN ('r', 'p')
  LOOP EXECUTE format('DROP %s IF EXISTS %s CASCADE', r.kind, r.name); END LOOP;
  FOR r IN SELECT t.oid::regtype::text AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', r.name); END LOOP;
END $$";
