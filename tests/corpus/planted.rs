//! Rows that a plan would stumble over are named by its preflight queries: cases with a `planted.sql`.
//!
//! Its first lines say what is to be found, `-- finds: duplicates in User(email)`; the rest is run on OLD's empty database.

use crate::begun;
use libtest_mimic::Failed;
use std::collections::BTreeSet;
use std::path::Path;

/// Goes stage by stage, looking first, until everything that is to be found has been.
pub fn found(case: &Path) -> Result<(), Failed> {
    let sql = std::fs::read_to_string(case.join("planted.sql"))?;
    let mut wanted: BTreeSet<&str> = sql.lines().filter_map(|line| line.strip_prefix("-- finds: ")).collect();
    let (script, database) = begun(case)?;
    let mut client = database.connect()?;
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
