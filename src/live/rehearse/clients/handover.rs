//! Clients in the order of the rollout: who is at work, and who comes next.

use super::leg::Leg;
use super::{Author, Belief, Company, Side};
use crate::live::Result;
use crate::live::line::Connect;
use crate::live::rehearse::Report;
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

    /// The second client is rolled out while the first is still there; then it reads all that has been written.
    pub(in super::super) fn relieve(&mut self, stage: Option<&Stage>, report: &mut Report) -> Result<()> {
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
                company.ledger.created(&company.world, (Side::Old, &mut company.scribe), model, &row)?;
            }
        }
        Ok(company)
    }
}
