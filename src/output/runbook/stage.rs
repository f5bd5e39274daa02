//! One stage of the runbook: before, during, after, and back.

use super::shell;
use super::table::{cell, table};
use crate::dialect::{Engine, strength};
use crate::output::{files, words};
use crate::script::{FileClass, Level, Lock, Migration, Query, Script, Stage, Statement, Undo};
use std::fmt::Write;

/// The chapter of a stage: what to wait for, what runs, what to look at, and what is left if it was wrong.
pub(super) fn render(script: &Script, at: usize) -> String {
    let (stages, engine) = (&script.stages, script.engine);
    let Some(stage) = stages.get(at) else { return String::new() };
    let mut text = format!("\n## {}\n\n{}\n\n", stage.folder, words::purpose(stage.stage));
    text.push_str(&super::clients(stage));
    text.push_str("**Before**\n\n");
    for gate in &stage.gate {
        let _ = writeln!(text, "- [ ] {gate}");
    }
    text.push_str(&queries(engine, stage, "preflight.sql", &stage.preflight));
    if is_irreversible(stage) {
        text.push_str("- [ ] a backup that was tried by restoring it: part of this stage cannot be undone\n");
    }
    if text.ends_with("**Before**\n\n") {
        text.push_str("Nothing has to be waited for.\n");
    }
    text.push_str(&during(engine, stage));
    text.push_str("\n**After**\n\n");
    text.push_str(&queries(engine, stage, "verify.sql", &stage.verify));
    text.push_str("- [ ] error rates and latencies of the clients are what they were");
    text.push_str(&stages.get(at + 1).map(|next| format!("; only then {}\n", next.folder)).unwrap_or("\n".to_owned()));
    let _ = write!(text, "\n**If it was wrong:** {}.\n", super::review::left(stages, at));
    text.push_str(&back(stage));
    text
}

fn queries(engine: Engine, stage: &Stage, name: &str, all: &[Query]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let expect = match all.iter().any(|query| query.level == Level::Notice) {
        true => "no row may come back, but in the last part, which is to know",
        false => "no row may come back",
    };
    let ask = shell::ask(engine, &format!("{}/{name}", stage.folder));
    format!("- [ ] `{ask}`: {expect}\n")
}

fn during(engine: Engine, stage: &Stage) -> String {
    let mut text =
        format!("\n**During**\n\n```sh\nstage={}   # then as in \"How to run a stage\"\n```\n\n", stage.folder);
    let rows: Vec<Vec<String>> = stage.migrations.iter().map(|migration| row(engine, migration)).collect();
    text.push_str(&table(&["migration", "what", "sent as", "locks", "held for"], &rows));
    let mut hazards: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for migration in &stage.migrations {
        let number = migration.name.split('_').next().unwrap_or_default();
        for hazard in migration.statements.iter().flat_map(|s| &s.hazards) {
            match hazards.iter_mut().find(|(_, message, _)| *message == hazard.message) {
                Some((_, _, files)) if !files.contains(&number) => files.push(number),
                Some(_) => {}
                None => hazards.push((&hazard.code, &hazard.message, vec![number])),
            }
        }
    }
    if !hazards.is_empty() {
        let lines =
            hazards.iter().map(|(code, message, files)| format!("- **{code}** ({}) {message}\n", files.join(", ")));
        let _ = write!(
            text,
            "\n**Hazards** (`prisma-stage explain CODE` says what to do):\n\n{}",
            lines.collect::<String>()
        );
    }
    text
}

fn row(engine: Engine, migration: &Migration) -> Vec<String> {
    let mut strongest: Vec<&Lock> = Vec::new();
    for lock in migration.statements.iter().flat_map(|statement| &statement.locks) {
        match strongest.iter_mut().find(|known| known.table == lock.table) {
            Some(known) if strength(&known.mode) < strength(&lock.mode) => *known = lock,
            Some(_) => {}
            None => strongest.push(lock),
        }
    }
    let locks: Vec<String> = strongest
        .iter()
        .map(|lock| {
            let waits = words::who_waits(&lock.mode).map_or(String::new(), |who| format!(" ({who})"));
            cell(&format!("{} on `{}`{waits}", lock.mode, lock.table))
        })
        .collect();
    let mut held: Vec<String> = Vec::new();
    for statement in migration.statements.iter().filter(|statement| !statement.locks.is_empty()) {
        let text = match &statement.estimate {
            Some(estimate) => words::estimate(estimate),
            None => words::duration(statement.work).to_owned(),
        };
        if !held.contains(&text) {
            held.push(text);
        }
    }
    let or = |text: String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text };
    vec![
        format!("`{}`", migration.name),
        cell(&migration.title),
        match engine {
            Engine::Vitess if migration.statements.is_empty() => "nothing".to_owned(),
            Engine::Postgresql | Engine::Sqlite | Engine::Mysql | Engine::Vitess => {
                words::sent_as(engine, migration.class).to_owned()
            }
        },
        or(locks.join("<br>"), "none on a table in use"),
        or(held.join("; "), "nobody waits"),
    ]
}

/// The way back: what it loses, file by file; those that lose nothing are only counted.
fn back(stage: &Stage) -> String {
    let mut text = String::new();
    let mut rest = 0;
    for migration in stage.migrations.iter().rev() {
        let losses = words::losses(&migration.undo).join("; ");
        if losses.is_empty() && migration.residue.is_empty() {
            rest += 1;
            continue;
        }
        let colon = if losses.is_empty() { "" } else { ": " };
        let path = files::down_path(stage, migration);
        let _ = writeln!(text, "- `{path}`: {}{colon}{losses}", words::undo(&migration.undo));
        for left in &migration.residue {
            let _ = writeln!(text, "  ({left})");
        }
        if let Undo::Lossy { count, .. } = &migration.undo {
            for query in count {
                let _ = writeln!(text, "  ```sql\n  {};\n  ```", query.replace('\n', "\n  "));
            }
        }
    }
    let others = match (rest, text.is_empty()) {
        (0, _) => String::new(),
        (_, true) => "- every down file: lossless\n".to_owned(),
        (1, false) => "- the other down file: lossless\n".to_owned(),
        (many, false) => format!("- the {many} other down files: lossless\n"),
    };
    format!("\n{text}{others}")
}

fn is_irreversible(stage: &Stage) -> bool {
    stage.migrations.iter().any(|m| match m.undo {
        Undo::Irreversible { .. } => true,
        Undo::Lossless | Undo::Lossy { .. } => false,
    })
}

/// The statements of a migration that are sent alone.
pub(super) fn solitary(migration: &Migration) -> &[Statement] {
    match migration.class {
        FileClass::Solitary => &migration.statements,
        FileClass::Transactional | FileClass::Batch | FileClass::Assertion => &[],
    }
}
