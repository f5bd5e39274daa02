//! For the comment of a pull request: the stages as a table, the SQL folded away.

use super::runbook::table::{cell, table};
use super::style::count;
use super::{files, words};
use crate::script::{Script, Stage};
use std::fmt::Write;

/// The plan.
pub fn render(script: &Script) -> String {
    let mut text = String::from("### Migration plan\n\n");
    if script.is_empty() {
        text.push_str("Nothing to do: the database of the old schema is the database of the new one.\n");
        return text + &notes(script);
    }
    for change in &script.changes {
        let _ = writeln!(text, "- `{}` {}", change.kind, change.summary);
    }
    text.push_str(&super::runbook::decisions(script));
    let _ = write!(text, "\n{}", super::runbook::overview(script));
    text.push_str(&notes(script));
    for stage in &script.stages {
        text.push_str(&folded(stage));
    }
    text
}

fn folded(stage: &Stage) -> String {
    let mut text = format!("\n<details>\n<summary><b>{}</b>: {}", stage.folder, words::purpose(stage.stage));
    let _ = writeln!(text, " ({})</summary>\n", count(stage.migrations.len(), "migration"));
    for gate in &stage.gate {
        let _ = writeln!(text, "**First:** {gate}\n");
    }
    text.push_str(&super::runbook::clients(stage));
    for migration in &stage.migrations {
        let _ = writeln!(text, "**`{}`** {}\n", migration.name, migration.title);
        let rows: Vec<Vec<String>> = migration
            .statements
            .iter()
            .map(|statement| {
                let hazards: Vec<String> =
                    statement.hazards.iter().map(|h| format!("**{}** {}", h.code, cell(&h.message))).collect();
                vec![
                    cell(&words::locks(statement)),
                    words::work(statement.work).to_owned(),
                    if hazards.is_empty() { "none".to_owned() } else { hazards.join("<br>") },
                ]
            })
            .collect();
        let _ = writeln!(text, "{}", table(&["lock", "work", "hazards"], &rows));
        let losses = words::losses(&migration.undo).join("; ");
        let colon = if losses.is_empty() { "" } else { ": " };
        let _ = writeln!(text, "Down: {}{colon}{losses}\n", words::undo(&migration.undo));
        let _ = writeln!(text, "```sql\n-- {}\n{}\n```\n", files::up_path(stage, migration), migration.up.trim_end());
    }
    text + "</details>\n"
}

fn notes(script: &Script) -> String {
    script.notes.iter().fold(String::new(), |text, note| text + "\n> " + note + "\n")
}
