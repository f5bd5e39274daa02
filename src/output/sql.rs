//! Every migration.sql in the order in which they run, each under its path.

use super::words;
use crate::script::Script;
use std::fmt::Write;

/// The files one after the other.
pub fn render(script: &Script) -> String {
    let mut text = String::new();
    for stage in &script.stages {
        for (i, migration) in stage.migrations.iter().enumerate() {
            if !text.is_empty() {
                text.push('\n');
            }
            for gate in stage.gate.iter().filter(|_| i == 0) {
                let _ = writeln!(text, "-- before {}: {gate}", stage.folder);
            }
            let rule = "-".repeat(100);
            let path = super::files::up_path(stage, migration);
            let class = words::class(migration.class);
            let _ = writeln!(text, "{rule}\n-- {path} ({class})\n{rule}\n{}", migration.up.trim_end());
        }
    }
    if text.is_empty() { "-- nothing to do\n".to_owned() } else { text }
}
