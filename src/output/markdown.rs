//! For the comment of a pull request: the stages as a table, the SQL folded away.

use super::runbook::table::{cell, table};
use super::style::count;
use super::{files, words};
use crate::script::{Script, Stage};
use std::fmt::Write;

/// Changes that are listed before the rest is only counted.
const CHANGES: usize = 100;
/// GitHub takes comments of 65,536 characters, GitLab a million.
const LONGEST: usize = 60_000;

/// The plan; without its SQL if that makes it too long for a comment.
pub fn render(script: &Script) -> String {
    let whole = with(script, Sql::Shown);
    if whole.len() <= LONGEST {
        return whole;
    }
    let brief = with(script, Sql::LeftOut) + "\nThe SQL is left out: it is too long for a comment.\n";
    if brief.len() <= LONGEST {
        return brief;
    }
    format!("{}\nThe statements are left out: there are too many for a comment.\n", heading(script))
}

/// Are files quoted?
#[derive(Clone, Copy)]
enum Sql {
    Shown,
    LeftOut,
}

fn with(script: &Script, sql: Sql) -> String {
    script.stages.iter().fold(heading(script), |text, stage| text + &folded(stage, sql))
}

/// Changes as far as they fit, decisions, the stages.
fn heading(script: &Script) -> String {
    let mut text = String::from("### Migration plan\n\n");
    if script.is_empty() {
        text.push_str("Nothing to do: the database of the old schema is the database of the new one.\n");
        return text + &notes(script);
    }
    for change in script.changes.iter().take(CHANGES) {
        let _ = writeln!(text, "- `{}` {}", change.kind, change.summary);
    }
    if script.changes.len() > CHANGES {
        let _ = writeln!(text, "- … and {} more", script.changes.len() - CHANGES);
    }
    text.push_str(&super::runbook::decisions(script));
    let _ = write!(text, "\n{}", super::runbook::overview(script));
    text + &notes(script)
}

fn folded(stage: &Stage, sql: Sql) -> String {
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
        match sql {
            Sql::Shown => {
                let path = files::up_path(stage, migration);
                let _ = writeln!(text, "```sql\n-- {path}\n{}\n```\n", migration.up.trim_end());
            }
            Sql::LeftOut => {}
        }
    }
    text + "</details>\n"
}

fn notes(script: &Script) -> String {
    script.notes.iter().fold(String::new(), |text, note| text + "\n> " + note + "\n")
}
