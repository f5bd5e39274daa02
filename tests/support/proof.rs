//! One pair of schemas, compiled and held to the truth on a server.

use postgres::Client;
use prisma_stage::catalog::Ids;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::rehearse::{Failure, Plan, Renames, Settings, Stand};
use prisma_stage::live::{self, introspect};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Options, Outcome};
use std::path::Path;

/// OLD and NEW, read.
pub struct Pair {
    /// Both texts.
    pub sources: Sources,
    /// The schema of the database as it is.
    pub old: SchemaFiles,
    /// The schema of the database as it is to be.
    pub new: SchemaFiles,
}

impl Pair {
    /// Reads both.
    pub fn read(old: &Path, new: &Path) -> Result<Pair, String> {
        let mut sources = Sources::default();
        let mut read = |path: &Path| {
            let found = read_schema(&mut sources, &path.display().to_string(), &ReadOptions::default());
            found.map_err(|diagnostic| diagnostic.message)
        };
        let (old, new) = (read(old)?, read(new)?);
        Ok(Pair { sources, old, new })
    }

    /// The plan from OLD to NEW.
    pub fn compile(&self, options: &Options) -> Outcome {
        prisma_stage::compile(&self.sources, Some(&self.old), Some(&self.new), options)
    }

    /// What is different between a live database and the catalog that NEW is lowered to; nothing, after its plan was run.
    pub fn drift(&self, client: &mut Client) -> live::Result<Vec<String>> {
        let (ast, _) = prisma_stage::syntax::parse(&self.sources, &self.new);
        let (model, _) = prisma_stage::model::resolve(&ast);
        let mut ids = Ids::default();
        let (wanted, _) = prisma_stage::lower::lower(&model, &mut ids);
        Ok(introspect::read(client, &wanted, &mut ids)?.differences(&wanted))
    }

    /// What the plan renames.
    pub fn renames(&self, _options: &Options) -> Renames {
        Renames::default()
    }
}

/// A failure and how the plan was run when it was seen.
pub type Seen = (String, Failure);

/// Rehearses a plan in each of these ways, up to the first that shows it wrong.
pub fn hold(stand: &Stand<'_>, plan: Plan<'_>, ways: &[(&str, Settings)]) -> live::Result<Vec<Seen>> {
    for (name, settings) in ways {
        let report = stand.rehearse(plan, settings)?;
        if !report.proved() {
            return Ok(report.failures.into_iter().map(|failure| ((*name).to_owned(), failure)).collect());
        }
    }
    Ok(Vec::new())
}
