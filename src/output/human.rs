//! For a terminal: the glance, then every statement with its lock, its work and its hazards beside it.

use super::style::{Ink, Style, count, width};
use super::{short, words};
use crate::script::{ClientNote, Migration, Script, Stage, Statement};

/// Reasons of a verdict that are listed before the rest is only counted.
const REASONS: usize = 8;

/// The plan.
pub fn render(script: &Script, style: Style) -> String {
    let mut text = short::render(script, style);
    for stage in &script.stages {
        text.push('\n');
        for line in stage_lines(stage, style) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn stage_lines(stage: &Stage, style: Style) -> Vec<String> {
    let rule = "─".repeat(style.width.min(100).saturating_sub(width(&stage.folder) + 4));
    let mut lines = vec![format!(
        "{} {} {}",
        style.ink(Ink::Faint, "──"),
        style.ink(Ink::Heading, &stage.folder),
        style.ink(Ink::Faint, &rule)
    )];
    lines.extend(style.wrap(words::purpose(stage.stage), 0, 0));
    lines.extend(stage.gate.iter().flat_map(|gate| style.wrap(&format!("first: {gate}"), 2, 7)));
    lines.extend(stage.clients.iter().flat_map(|client| client_lines(client, style)));
    lines.extend(stage.migrations.iter().flat_map(|migration| migration_lines(migration, style)));
    lines
}

fn client_lines(client: &ClientNote, style: Style) -> Vec<String> {
    let said = |verdict| style.ink(words::verdict_ink(verdict), words::verdict(verdict));
    let mut lines = vec![if client.during == client.after {
        format!("  {} client: {}", client.client, said(client.after))
    } else {
        format!("  {} client: {} during, {} after", client.client, said(client.during), said(client.after))
    }];
    let reasons = words::reasons(client);
    let shown = &reasons[..reasons.len().min(REASONS)];
    lines.extend(shown.iter().flat_map(|reason| style.wrap(reason, 4, 2)));
    if reasons.len() > shown.len() {
        lines.push(format!("    … and {} more", reasons.len() - shown.len()));
    }
    lines
}

fn migration_lines(migration: &Migration, style: Style) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        format!(
            "  {}  {}",
            style.ink(Ink::Heading, &migration.name),
            style.ink(Ink::Faint, words::class(migration.class))
        ),
    ];
    lines.extend(style.wrap(&migration.title, 2, 0));
    for alike in migration
        .statements
        .chunk_by(|a, b| (&a.locks, a.work, &a.hazards, &a.estimate) == (&b.locks, b.work, &b.hazards, &b.estimate))
    {
        lines.extend(statement_lines(alike, style));
    }
    let undo = style.ink(words::undo_ink(&migration.undo), words::undo(&migration.undo));
    let losses = words::losses(&migration.undo);
    if let [loss] = losses {
        let hang = " ".repeat(4 + "down: ".len() + width(words::undo(&migration.undo)) + 1);
        let mut wrapped = style.wrap(loss, hang.len(), 0).into_iter();
        lines.push(format!("    down: {undo} {}", wrapped.next().unwrap_or_default().trim_start()));
        lines.extend(wrapped);
    } else {
        lines.push(format!("    down: {undo}"));
        lines.extend(losses.iter().flat_map(|loss| style.wrap(loss, 6, 2)));
    }
    lines.extend(migration.residue.iter().flat_map(|left| style.wrap(left, 6, 2)));
    lines
}

/// Statements that cost the same, then what each of them costs.
fn statement_lines(alike: &[Statement], style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    for statement in alike {
        let sql = format!("{};", statement.sql.trim_end_matches(';'));
        if is_block(&sql) {
            let size = count(sql.lines().count(), "line");
            lines.push(format!("    {}", style.ink(Ink::Faint, &format!("(PL/pgSQL, {size}: see --format sql)"))));
        } else {
            lines.extend(sql.lines().map(|line| format!("    {}", style.ink(Ink::Code, line))));
        }
    }
    let Some(statement) = alike.first() else { return lines };
    let each = if alike.len() > 1 { "each: " } else { "" };
    let time = statement.estimate.as_ref().map_or(String::new(), |e| format!(", {}", words::estimate(e)));
    let cost = format!("{each}{}{time}; {}", words::work(statement.work), words::locks(statement));
    let ink = words::work_ink(statement.work);
    lines.extend(style.wrap(&cost, 6, 2).iter().map(|line| style.ink(ink, line)));
    for hazard in &statement.hazards {
        let text = format!("{} {}", hazard.code, hazard.message);
        lines.extend(style.wrap(&text, 6, 5).iter().map(|line| style.ink(Ink::Bad, line)));
    }
    lines
}

/// A block of a procedural language: its title says more than its text.
fn is_block(sql: &str) -> bool {
    ["DECLARE", "BEGIN", "IF "].iter().any(|word| sql.trim_start().starts_with(word))
}
