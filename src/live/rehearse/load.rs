//! Clients that never stop while a plan is applied, several at once, each sure at the end that what it wrote last is there.

use super::at_work::{Ground, Scene};
use super::clients::Company;
use super::report::{Failure, Report};
use super::{Plan, Settings, Stand, What};
use crate::live::{Error, Result};
use crate::script::Undo;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How much goes on.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How many pairs of clients, an old one and a new one, work at once.
    pub crews: u64,
    /// How long they work before each stage, and after it.
    pub dwell: Duration,
    /// Varies what they do.
    pub seed: u64,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Whatever was not as it has to be.
    pub failures: Vec<Failure>,
    /// Statements that clients sent.
    pub statements: u64,
    /// Rows that they wrote, and that were read again at the end.
    pub rows: usize,
    /// Times that the server ended a statement to undo a deadlock: it would be sent again.
    pub deadlocks: usize,
    /// Files that gave up because they waited too long for a table, and were run again, as they say.
    pub again: usize,
    /// The longest that a file took.
    pub longest: Duration,
    /// Stages that were taken back under load.
    pub taken_back: usize,
}

/// Where a plan stands: the stage, and what becomes of it; None when all is over.
type Moment = Option<(usize, Point)>;

/// What becomes of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// It is being applied.
    Applying,
    /// It has been applied.
    Applied,
    /// It is being taken back.
    TakingBack,
}

impl Stand<'_> {
    /// Applies a plan forwards under load, and, if the settings want that, takes back what can be taken back without loss.
    ///
    /// # Errors
    /// Something is wrong with the server or the rows; whatever is wrong with the plan is in what was seen.
    pub fn load(&self, plan: Plan<'_>, settings: &Settings, load: Load) -> Result<Loaded> {
        let scene = Scene { stand: self, settings };
        (&scene as &dyn Ground).load(plan, settings.back, load)
    }
}

impl dyn Ground + '_ {
    /// Applies a plan forwards under load, and takes `back` what can be taken back without loss.
    pub(super) fn load(&self, plan: Plan<'_>, back: bool, load: Load) -> Result<Loaded> {
        let Some(clients) = plan.clients else { return Ok(Loaded::default()) };
        let mut site = self.site()?;
        let beliefs = clients.beliefs(self.own()?)?;
        let script = plan.script;
        let crew = |nth| Company::crew((clients, &beliefs), &*site.line, script, (load.seed, nth));
        let crews = (0..load.crews).map(crew).collect::<Result<Vec<_>>>()?;
        let moment: RwLock<Moment> = RwLock::new(Some((0, Point::Applying)));
        let seen = Mutex::new(Loaded::default());
        let home = AtomicUsize::new(script.stages.len());
        let again = AtomicUsize::new(0);
        let work = |mut company: Company<'_>| -> Result<()> {
            let mut report = Report::default();
            loop {
                let now = moment.read().unwrap_or_else(PoisonError::into_inner);
                let Some((stage, point)) = *now else { break };
                company.shift(&script.stages, (stage, point), &mut report)?;
                drop(now);
                // In a pause of a plan there is nothing to do.
                std::thread::sleep(Duration::from_millis(1));
            }
            // Where everything was taken back, the old client is the one that finds it.
            company.close(&script.stages, home.load(Ordering::Relaxed), &mut report)?;
            let (statements, rows) = company.sum();
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let (deadlocks, wrong): (Vec<_>, Vec<_>) =
                report.failures.into_iter().partition(|failure| is_deadlock(&failure.message));
            seen.deadlocks += deadlocks.len();
            seen.failures.extend(wrong);
            seen.statements += statements;
            seen.rows += rows;
            Ok(())
        };
        let work = &work;
        let set = |to: Moment| *moment.write().unwrap_or_else(PoisonError::into_inner) = to;
        let (applied, ended) = std::thread::scope(|scope| {
            let all: Vec<_> = crews.into_iter().map(|company| scope.spawn(move || work(company))).collect();
            let mut apply = || -> Result<(Option<Failure>, Duration)> {
                let mut longest = Duration::ZERO;
                for (nth, stage) in script.stages.iter().enumerate() {
                    set(Some((nth, Point::Applying)));
                    std::thread::sleep(load.dwell);
                    for migration in &stage.migrations {
                        let begun = Instant::now();
                        if let Err(error) = patiently(&mut *site.run, &migration.up, &again) {
                            let file = format!("{}/{}/migration.sql", stage.folder, migration.name);
                            return Ok((Some(Failure { what: What::Fails, file, message: error.said }), longest));
                        }
                        longest = longest.max(begun.elapsed());
                    }
                    set(Some((nth, Point::Applied)));
                    std::thread::sleep(load.dwell);
                }
                for (nth, stage) in script.stages.iter().enumerate().rev() {
                    if !back || stage.migrations.iter().any(|migration| migration.undo != Undo::Lossless) {
                        break;
                    }
                    set(Some((nth, Point::TakingBack)));
                    std::thread::sleep(load.dwell);
                    for migration in stage.migrations.iter().rev() {
                        let begun = Instant::now();
                        if let Err(error) = patiently(&mut *site.run, &migration.down, &again) {
                            let file = format!("{}/{}/down.sql", stage.folder, migration.name);
                            return Ok((Some(Failure { what: What::Fails, file, message: error.said }), longest));
                        }
                        longest = longest.max(begun.elapsed());
                    }
                    home.store(nth, Ordering::Relaxed);
                    if let Some(before) = nth.checked_sub(1) {
                        set(Some((before, Point::Applied)));
                        std::thread::sleep(load.dwell);
                    }
                }
                Ok((None, longest))
            };
            let applied = apply();
            set(None);
            let joined = all.into_iter().map(|crew| crew.join());
            let ended: Result<Vec<()>> = joined
                .map(|end| end.unwrap_or_else(|_| Err(Error::new("clients at work", "one of them panicked"))))
                .collect();
            (applied, ended)
        });
        let ((failure, longest), _) = (applied?, ended?);
        let mut seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        seen.failures.extend(failure);
        let taken_back = script.stages.len() - home.into_inner();
        Ok(Loaded { longest, taken_back, again: again.into_inner(), ..seen })
    }
}

/// So often is a file run that gives up because it waits too long.
const TRIES: usize = 5;

/// Sends a file, and again if it gave up because it waited too long for a table, as its first lines say.
fn patiently(run: &mut dyn FnMut(&str) -> Result<()>, sql: &str, again: &AtomicUsize) -> Result<()> {
    for _ in 1..TRIES {
        match run(sql) {
            Err(Error { sqlstate, said, .. })
                if sqlstate.as_deref() == Some("55P03") || said.contains("Lock wait timeout") =>
            {
                again.fetch_add(1, Ordering::Relaxed);
            }
            ended => return ended,
        }
    }
    run(sql)
}

/// Did the server end a statement to undo a deadlock, as PostgreSQL or as MySQL says it?
fn is_deadlock(message: &str) -> bool {
    message.contains("deadlock detected") || message.contains("Deadlock found")
}
