//! Rows that a plan would stumble over are named by its preflight queries: cases with a `planted.sql`.
//!
//! Its first lines say what is to be found, `-- finds: duplicates in User(email)`; the rest is run on OLD's empty database.

use crate::{made, options, said};
use libtest_mimic::Failed;
use prisma_stage::Outcome;
use prisma_stage::live::server::Server;
use prisma_stage::script::Script;
use std::collections::BTreeSet;
use std::path::Path;

use crate::proof::Pair;

/// Goes stage by stage, looking first, until everything that is to be found has been.
pub fn found(case: &Path) -> Result<(), Failed> {
    let sql = std::fs::read_to_string(case.join("planted.sql"))?;
    let mut wanted: BTreeSet<&str> = sql.lines().filter_map(|line| line.strip_prefix("-- finds: ")).collect();
    let pair = Pair::read(&case.join("old.prisma"), &case.join("new.prisma"))?;
    let script: Box<Script> = match pair.compile(&options(case)?) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            return Err(said(&diagnostics).into());
        }
    };
    let database = Server::shared()?.create(None)?;
    let mut client = database.connect()?;
    for file in made(&pair, &pair.old)? {
        client.batch_execute(&file)?;
    }
    client.batch_execute(&sql)?;
    for stage in &script.stages {
        for query in &stage.preflight {
            for row in client.query(&query.sql, &[])? {
                let name: String = row.get(0);
                wanted.remove(name.as_str());
            }
        }
        for migration in &stage.migrations {
            if wanted.is_empty() {
                return Ok(());
            }
            if let Err(error) = client.batch_execute(&migration.up) {
                return Err(format!("{}: {error}; not found before: {wanted:?}", migration.name).into());
            }
        }
    }
    if wanted.is_empty() { Ok(()) } else { Err(format!("not found: {wanted:?}").into()) }
}
