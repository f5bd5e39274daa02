//! RUNBOOK.md: for the person on call, who may be reading this for the first time at three in the morning.

mod deploy;
mod failure;
mod review;
mod shell;
mod stage;
pub mod table;

use super::style::count;
use super::words;
use crate::script::{FileClass, Script, Stage, Statement, Work};
use std::fmt::Write;
use table::{cell, table};

/// The runbook.
pub fn render(script: &Script) -> String {
    let mut text = String::from("# Runbook\n\n");
    if script.is_empty() {
        text.push_str("Nothing to do: the database of the old schema is the database of the new one.\n");
        text.push_str(&notes(script));
        return text;
    }
    let _ = writeln!(
        text,
        "{} in {}.{}\n",
        count(script.changes.len(), "change"),
        count(script.stages.len(), "stage"),
        match script.stages.len() {
            1 => "",
            _ => " Each stage may be the last one for today: between stages the database is whole, and waits.",
        }
    );
    text.push_str(&overview(script));
    text.push_str(&rollout(script));
    text.push_str("\n## What changes\n\n");
    for change in &script.changes {
        let _ = writeln!(text, "- {} (`{}`)", change.summary, change.kind);
    }
    text.push_str(&decisions(script));
    text.push_str(&notes(script));
    text.push_str(&review::render(script));
    text.push_str(&failure::before_you_start(script));
    for at in 0..script.stages.len() {
        text.push_str(&stage::render(script, at));
    }
    text.push_str(&failure::back(script.engine));
    text.push_str(&failure::render(script));
    text
}

/// The stages as a table.
pub fn overview(script: &Script) -> String {
    let rows: Vec<Vec<String>> = script
        .stages
        .iter()
        .map(|stage| {
            let clients = stage.clients.iter().map(|c| format!("{} {}", c.client, words::verdict(c.after)));
            vec![
                format!("**{}**", stage.folder),
                stage.migrations.len().to_string(),
                cell(&if stage.gate.is_empty() { "nothing".to_owned() } else { stage.gate.join("; ") }),
                clients.collect::<Vec<_>>().join("<br>"),
                heaviest(stage).map_or("none", |statement| words::work(statement.work)).to_owned(),
                undo(stage),
            ]
        })
        .collect();
    table(&["stage", "migrations", "first", "clients after it", "heaviest work", "undo"], &rows)
}

/// Stages and clients in one list; empty for none.
pub fn rollout(script: &Script) -> String {
    if script.rollout.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n**In this order**, each only when the one before it is through:\n\n");
    for (at, step) in script.rollout.iter().enumerate() {
        let (what, notes) = words::rollout(step);
        let _ = writeln!(text, "{}. {what}", at + 1);
        for note in notes {
            let _ = writeln!(text, "   - {note}");
        }
    }
    text
}

/// What was decided and where each decision came from; empty for none.
pub fn decisions(script: &Script) -> String {
    if script.decisions.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = script
        .decisions
        .iter()
        .map(|d| vec![format!("`{}`", cell(&d.subject)), cell(&d.question), cell(&d.answer), cell(&d.source)])
        .collect();
    format!("\n**Decided:**\n\n{}", table(&["about", "question", "answer", "said by"], &rows))
}

/// What the stage means for each client; empty for none.
pub fn clients(stage: &Stage) -> String {
    let rows: Vec<Vec<String>> = stage
        .clients
        .iter()
        .map(|client| {
            vec![
                client.client.clone(),
                words::verdict(client.during).to_owned(),
                words::verdict(client.after).to_owned(),
                cell(&words::reasons(client).join("; ")),
            ]
        })
        .collect();
    let text = table(&["client", "while it is applied", "after it", "why"], &rows);
    if text.is_empty() { text } else { text + "\n" }
}

fn notes(script: &Script) -> String {
    if script.notes.is_empty() {
        return String::new();
    }
    script.notes.iter().fold("\n**To know:**\n\n".to_owned(), |text, note| text + "- " + note + "\n")
}

/// The statement of a stage that costs most.
fn heaviest(stage: &Stage) -> Option<&Statement> {
    stage.migrations.iter().flat_map(|m| &m.statements).max_by_key(|statement| match statement.work {
        Work::Metadata => 0,
        Work::Check => 1,
        Work::Batches => 2,
        Work::Rows => 3,
        Work::Scan => 4,
        Work::IndexBuild => 5,
        Work::Copy => 6,
        Work::Rewrite => 7,
    })
}

/// `lossless`, or the classes that are not, with how many migrations are of each.
fn undo(stage: &Stage) -> String {
    let of = |name: &str| stage.migrations.iter().filter(|m| words::undo(&m.undo) == name).count();
    let parts: Vec<String> = ["IRREVERSIBLE", "LOSSY"]
        .into_iter()
        .filter(|name| of(name) > 0)
        .map(|name| format!("{name} ({} of {})", of(name), stage.migrations.len()))
        .collect();
    if parts.is_empty() { "lossless".to_owned() } else { parts.join(", ") }
}

/// Does any file of the plan, forwards or back, belong to the class?
fn has(script: &Script, class: FileClass) -> bool {
    script.stages.iter().flat_map(|stage| &stage.migrations).any(|m| m.class == class || m.down_class == class)
}
