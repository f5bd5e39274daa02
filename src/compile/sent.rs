//! A plan without what nothing is sent for: an enum with another name, or with the same labels, is the same column to a database of which it is
//! part of the column.

use crate::dialect::{Dialect, Sync};
use crate::script::{Migration, Rollout, Script, Undo};

/// The script without files that send nothing, forwards or back, and without stages that have no other.
pub fn only_what_is_sent(mut script: Script, dialect: Dialect) -> Script {
    if dialect.caps().sync == Sync::Triggers {
        return script;
    }
    for stage in &mut script.stages {
        stage.migrations.retain(|migration| !is_nothing(migration));
    }
    // A client between is rolled out with the schema of its stage.
    script.stages.retain(|stage| !stage.migrations.is_empty() || stage.schema.is_some());
    let there = |folder: &String| script.stages.iter().any(|stage| stage.folder == *folder);
    script.rollout.retain(|step| match step {
        Rollout::Apply { stage } => there(stage),
        Rollout::Deploy { .. } | Rollout::Stop { .. } | Rollout::Start { .. } => true,
    });
    if script.stages.is_empty() {
        script.rollout.clear();
    }
    script
}

fn is_nothing(migration: &Migration) -> bool {
    let code = |file: &str| file.lines().filter(|line| !line.starts_with("--")).collect::<String>();
    migration.statements.is_empty() && migration.undo == Undo::Lossless && code(&migration.down) == "SELECT 1;"
}
