//! The plan at a glance: what changes, what was decided, the stages and what each means for clients.

use super::style::{Ink, Style, count, pad, width};
use super::words;
use crate::script::{ChangeNote, Rollout, Script, Stage, Undo};

/// Changes that are listed before the rest is only counted.
const LISTED: usize = 30;

/// Notes of a step that are listed before the rest is only counted.
const NOTES: usize = 6;

/// The glance.
pub fn render(script: &Script, style: Style) -> String {
    let mut lines = Vec::new();
    if script.is_empty() {
        lines.push("Nothing to do: the database of the old schema is the database of the new one.".to_owned());
        lines.extend(notes(script, style));
        return lines.join("\n") + "\n";
    }
    let files = script.stages.iter().map(|stage| stage.migrations.len()).sum();
    let mut head = vec![count(script.changes.len(), "change")];
    if !script.decisions.is_empty() {
        head.push(count(script.decisions.len(), "decision"));
    }
    head.extend([count(script.stages.len(), "stage"), count(files, "migration")]);
    lines.push(style.ink(Ink::Heading, &head.join(", ")));
    lines.extend(changes(&script.changes, style));
    lines.extend(decisions(script, style));
    lines.extend(stages(script, style));
    lines.extend(order(script, style));
    lines.extend(notes(script, style));
    lines.join("\n") + "\n"
}

fn changes(changes: &[ChangeNote], style: Style) -> Vec<String> {
    let shown = &changes[..changes.len().min(LISTED)];
    let kind = shown.iter().map(|change| width(&change.kind)).max().unwrap_or(0);
    let mut lines = vec![String::new(), style.ink(Ink::Heading, "Changes")];
    for change in shown {
        let text = style.wrap(&change.summary, 2 + kind + 2, 2);
        lines.push(format!("  {}  {}", style.ink(Ink::Code, &pad(&change.kind, kind)), text[0].trim_start()));
        lines.extend(text.into_iter().skip(1));
    }
    if changes.len() > shown.len() {
        lines.push(format!("  … and {} more", changes.len() - shown.len()));
    }
    lines
}

fn decisions(script: &Script, style: Style) -> Vec<String> {
    if script.decisions.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), style.ink(Ink::Heading, "Decided")];
    for decision in &script.decisions {
        lines.extend(style.wrap(&decision.question, 2, 2));
        lines.extend(style.wrap(&format!("→ {} ({})", decision.answer, decision.source), 4, 2));
    }
    lines
}

/// Stages and clients in one list, where that does not go without saying.
fn order(script: &Script, style: Style) -> Vec<String> {
    if script.rollout.iter().all(Rollout::is_usual) {
        return Vec::new();
    }
    let mut lines = vec![String::new(), style.ink(Ink::Heading, "In this order")];
    for (at, step) in script.rollout.iter().enumerate() {
        let (what, notes) = words::rollout(step);
        lines.extend(style.wrap(&format!("{}. {what}", at + 1), 2, 3));
        let shown = &notes[..notes.len().min(NOTES)];
        lines.extend(shown.iter().flat_map(|note| style.wrap(note, 5, 2)));
        if notes.len() > shown.len() {
            lines.push(format!("     … and {} more", notes.len() - shown.len()));
        }
    }
    lines
}

fn stages(script: &Script, style: Style) -> Vec<String> {
    let folder = script.stages.iter().map(|stage| width(&stage.folder)).max().unwrap_or(0);
    let mut lines = vec![String::new(), style.ink(Ink::Heading, "Stages")];
    for stage in &script.stages {
        let files = pad(&count(stage.migrations.len(), "migration"), 13);
        let mut parts: Vec<String> = stage
            .clients
            .iter()
            .map(|client| {
                let verdict = style.ink(words::verdict_ink(client.after), words::verdict(client.after));
                format!("{} {verdict}", client.client)
            })
            .collect();
        if let Some(undo) = worst_undo(stage) {
            parts.push(format!("undo {}", style.ink(words::undo_ink(undo), words::undo(undo))));
        }
        for gate in &stage.gate {
            lines.extend(style.wrap(&format!("↓ {gate}"), 2, 2).iter().map(|line| style.ink(Ink::Care, line)));
        }
        lines.push(format!(
            "  {}  {files}  {}",
            style.ink(Ink::Code, &pad(&stage.folder, folder)),
            parts.join(&style.ink(Ink::Faint, " · "))
        ));
    }
    lines
}

fn notes(script: &Script, style: Style) -> Vec<String> {
    if script.notes.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), style.ink(Ink::Heading, "Notes")];
    lines.extend(script.notes.iter().flat_map(|note| style.wrap(note, 2, 2)));
    lines
}

/// The undo of the stage that gives back least.
fn worst_undo(stage: &Stage) -> Option<&Undo> {
    stage.migrations.iter().map(|migration| &migration.undo).max_by_key(|undo| match undo {
        Undo::Lossless => 0,
        Undo::Lossy { .. } => 1,
        Undo::Irreversible { .. } => 2,
    })
}
