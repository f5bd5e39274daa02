//! Clients in the order of the rollout: who is at work, and who comes next.

use super::leg::Leg;
use super::{Author, Belief, Company, Side};
use crate::live::Result;
use crate::live::line::Connect;
use crate::live::rehearse::{Report, What};
use crate::pair::Pair;
use crate::script::{Script, Stage};

impl<'a> Company<'a> {
    /// The first two clients of a rollout, of which the first is at work.
    pub(in super::super) fn first(
        (leg, beliefs): (&'a Leg, &'a Pair<Belief>),
        connect: Connect<'_>,
        script: &Script,
        seed: u64,
    ) -> Result<Company<'a>> {
        let mut company = Company::new((&leg.clients, beliefs), connect, script, seed)?;
        company.at_work = vec![Side::Old];
        company.strict = true;
        Ok(company)
    }

    /// Both begin to work, or rest.
    pub(in super::super) fn works(&mut self, begin: bool) {
        self.at_work = if begin { Side::BOTH.to_vec() } else { Vec::new() };
    }

    /// The second client is rolled out while the first is still there, which has written all that it has to; then it reads all that has been
    /// written.
    pub(in super::super) fn relieve(&mut self, stage: Option<&Stage>, report: &mut Report) -> Result<()> {
        for table in self.tables.clone() {
            let Some(model) = self.world.model(Side::Old, table).filter(|model| !model.both.is_empty()) else {
                continue;
            };
            for row in self.sessions.old.find(model, "TRUE")? {
                for columns in model.apart(&row) {
                    let key: Vec<_> = model.key.iter().map(|at| &row[*at]).collect();
                    let message =
                        format!("{} {key:?}: {columns} do not hold the same when the next client comes", model.sql);
                    report.add(What::Diverged, stage.map_or("", |stage| &stage.folder), &message);
                }
            }
        }
        self.at_work = Side::BOTH.to_vec();
        if let Some(stage) = stage {
            self.after(stage, report)?;
        }
        self.at_work = vec![Side::New];
        self.read(Side::New, stage.map_or("", |stage| &stage.folder), report)
    }

    /// The next two clients: what the first of them finds is what it has written, as far as the second is concerned.
    pub(in super::super) fn next(
        &self,
        leg: (&'a Leg, &'a Pair<Belief>),
        connect: Connect<'_>,
        script: &Script,
        seed: u64,
    ) -> Result<Company<'a>> {
        let mut company = Company::first(leg, connect, script, seed)?;
        company.author = Author::new(seed).after(&self.author);
        company.turn = self.turn;
        for table in company.tables.clone() {
            let Some(model) = company.world.model(Side::Old, table).filter(|model| !model.join) else { continue };
            for row in company.sessions.old.find(model, "TRUE")? {
                let found = company.ledger.created(&company.world, (Side::Old, &mut company.scribe), model, &row)?;
                company.ledger.not_yet(&company.world, Side::Old, found);
            }
        }
        Ok(company)
    }
}
