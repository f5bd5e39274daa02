//! One pair of schemas, compiled and held to the truth on a server.

use postgres::Client;
use prisma_stage::catalog::{Catalog, Ids, Name};
use prisma_stage::dialect::Caps;
use prisma_stage::diff::Matched;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::rehearse::{Clients, Failure, Plan, Renamed, Renames, Settings, Stand, plain};
use prisma_stage::live::{self, introspect, mysql, sqlite};
use prisma_stage::model::Provider;
use prisma_stage::script::Script;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Options, Outcome, diff, intent, lower, model, syntax};
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
        let mut ids = Ids::default();
        let wanted = self.lowered(&self.new, &mut ids);
        Ok(introspect::read(client, &wanted, &mut ids)?.differences(&wanted))
    }

    /// The clients of both schemas.
    pub fn clients(&self, options: &Options, script: &Script) -> Clients {
        Clients::read(&self.sources, (&self.old, &self.new), options, script)
    }

    /// What the plan renames.
    pub fn renames(&self, options: &Options) -> Renames {
        let mut ids = Ids::default();
        let (old, new) = (self.lowered(&self.old, &mut ids), self.lowered(&self.new, &mut ids));
        let (ast, _) = syntax::parse(&self.sources, &self.new);
        let (model, _) = model::resolve(&ast);
        let (intent, _) = intent::collect(&model, options);
        let Matched { catalogs: matched, renamed_columns, .. } =
            diff::pair(old, new, &intent, Caps::PLAIN, &|_, _, _| true);
        let default = match model.provider() {
            Some(Provider::Sqlite) => sqlite::MAIN,
            Some(Provider::Mysql) => "",
            Some(_) | None => "public",
        };
        let named = |name: &Name| (name.schema.clone().unwrap_or_else(|| default.to_owned()), name.name.clone());
        let mut renames = Renames::default();
        for (id, old) in &matched.old.tables {
            let Some(new) = matched.new.tables.get(id) else { continue };
            let both = old.columns.iter().filter_map(|(id, column)| Some((column, new.columns.get(id)?)));
            let kept = both.map(|(old, new)| (old.name.clone(), new.name.clone()));
            // These live side by side for a while, so they have no identity in common.
            let moved = renamed_columns.iter().filter(|(table, _, _)| table == id);
            let moved =
                moved.filter_map(|(_, from, to)| Some((&old.columns.get(from)?.name, &new.columns.get(to)?.name)));
            let columns = kept.chain(moved.map(|(from, to)| (from.clone(), to.clone()))).collect();
            renames.tables.insert(named(&old.name), Renamed { table: named(&new.name), columns });
        }
        renames
    }

    /// What a plan from a SQLite database to NEW would still do.
    pub fn drift_in_process(&self, database: &sqlite::Database) -> live::Result<Vec<String>> {
        sqlite::drift(&self.sources, &self.new, database)
    }

    /// What a plan from a MySQL database to NEW would still do.
    pub fn drift_on_mysql(&self, database: &mysql::Database) -> live::Result<Vec<String>> {
        mysql::drift(&self.sources, &self.new, database)
    }

    /// The labels of OLD's columns that are enums, where the database knows nothing of them.
    pub fn labels(&self) -> plain::Labels {
        let old = self.lowered(&self.old, &mut Ids::default());
        let columns = old.tables.values().flat_map(|t| t.columns.values().map(move |c| (t, c)));
        let labelled = columns.filter_map(|(t, c)| Some((t, c, old.enums.get(&c.ty.enum_id()?)?)));
        labelled.map(|(t, c, e)| ((t.name.name.clone(), c.name.clone()), e.values.clone())).collect()
    }

    fn lowered(&self, schema: &SchemaFiles, ids: &mut Ids) -> Catalog {
        let (ast, _) = syntax::parse(&self.sources, schema);
        let (model, _) = model::resolve(&ast);
        lower::lower(&model, ids).0
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
