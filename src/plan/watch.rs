//! Clients that are watched while a plan is run: what each may do before, in and after every stage.

use super::Judge;
use crate::op::{Op, Run};
use crate::stage::{Generation, Verdict};

/// What a stage means for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which client.
    pub generation: Generation,
    /// May it run before the stage?
    pub start: Verdict,
    /// And while it is applied?
    pub during: Verdict,
    /// And after it?
    pub after: Verdict,
    /// Why not after it, or on what condition.
    pub reasons: Vec<String>,
    /// What is in its way only until the stage is through.
    pub meanwhile: Vec<String>,
    /// Does it fail, after the stage, as soon as a newer client writes what it does not know?
    pub is_exposed: bool,
}

/// The clients, and what has been seen of the stage that is under way.
#[derive(Clone, Debug)]
pub struct Watch<'a> {
    judges: Vec<Judge<'a>>,
    starts: Vec<Verdict>,
    worst: Vec<(Verdict, Vec<String>)>,
}

impl<'a> Watch<'a> {
    /// Of these.
    pub fn new(judges: Vec<Judge<'a>>) -> Self {
        Watch { judges, starts: Vec::new(), worst: Vec::new() }
    }

    /// A stage begins.
    pub fn begin(&mut self) {
        self.worst = self.judges.iter().map(Judge::verdict).collect();
        self.starts = self.worst.iter().map(|w| w.0).collect();
    }

    /// Ops were done: the run is behind them.
    pub fn after<'o>(&mut self, ops: impl Iterator<Item = &'o Op>, run: &Run) {
        for op in ops {
            for judge in &mut self.judges {
                judge.after(op, run);
            }
        }
        for (judge, worst) in self.judges.iter_mut().zip(&mut self.worst) {
            let (verdict, reasons) = judge.changed();
            worst.0 = worst.0.max(verdict);
            worst.1.extend(reasons);
        }
    }

    /// The stage is through.
    pub fn end(&mut self) -> Vec<Seen> {
        let seen = self.judges.iter().zip(&self.starts).zip(std::mem::take(&mut self.worst));
        seen.map(|((judge, start), (during, while_applied))| {
            let (after, found) = judge.verdict();
            let mut reasons: Vec<String> = Vec::new();
            let mut meanwhile: Vec<String> = Vec::new();
            let mut known = foldhash::HashSet::default();
            for (from, to) in [(found, &mut reasons), (while_applied, &mut meanwhile)] {
                to.extend(from.into_iter().filter(|why| known.insert(why.clone())));
            }
            Seen {
                generation: judge.generation(),
                start: *start,
                during,
                after,
                reasons,
                meanwhile,
                is_exposed: judge.is_exposed(),
            }
        })
        .collect()
    }
}
