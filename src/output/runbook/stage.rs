//! One stage of the runbook: before, during, after, and back.

use super::table::{cell, table};
use crate::dialect::strength;
use crate::output::{files, words};
use crate::script::{FileClass, Lock, Migration, Stage, Statement, Undo};
use std::fmt::Write;

/// The chapter of the stage, and what it leads to.
pub(super) fn render(stage: &Stage, next: Option<&Stage>) -> String {
    let mut text = format!("\n## {}\n\n{}\n\n", stage.folder, words::purpose(stage.stage));
    text.push_str(&super::clients(stage));
    text.push_str("### Before\n\n");
    for gate in &stage.gate {
        let _ = writeln!(text, "- [ ] {gate}");
    }
    text.push_str(&queries(stage, "preflight.sql", !stage.preflight.is_empty(), "no row may come back"));
    if is_irreversible(stage) {
        text.push_str("- [ ] A backup that was tried by restoring it: part of this stage cannot be undone.\n");
    }
    if text.ends_with("### Before\n\n") {
        text.push_str("Nothing has to be waited for.\n");
    }
    text.push_str(&during(stage));
    text.push_str("\n### After\n\n");
    text.push_str(&queries(stage, "verify.sql", !stage.verify.is_empty(), "no row may come back"));
    text.push_str("- [ ] Error rates and latencies of the clients are what they were.");
    text.push_str(&next.map(|next| format!(" Only then go on to {}.\n", next.folder)).unwrap_or("\n".to_owned()));
    text.push_str(&back(stage));
    text
}

fn queries(stage: &Stage, name: &str, there: bool, expect: &str) -> String {
    if !there {
        return String::new();
    }
    format!("- [ ] `psql \"$DATABASE_URL\" -X -f {}/{name}`: {expect}.\n", stage.folder)
}

fn during(stage: &Stage) -> String {
    let mut text =
        format!("\n### During\n\n```sh\nstage={}   # then as in \"How to run a stage\"\n```\n\n", stage.folder);
    let rows: Vec<Vec<String>> = stage.migrations.iter().map(row).collect();
    text.push_str(&table(&["migration", "what", "sent as", "locks", "held for"], &rows));
    let hazards: Vec<String> = stage
        .migrations
        .iter()
        .flat_map(|m| m.statements.iter().flat_map(move |s| s.hazards.iter().map(move |h| (m, h))))
        .map(|(m, h)| format!("- `{}` **{}** {}\n", m.name, h.code, h.message))
        .collect();
    if !hazards.is_empty() {
        let _ = write!(text, "\n**Hazards** (`prisma-stage explain CODE` says what to do):\n\n{}", hazards.concat());
    }
    text.push_str("\n**Abort when**\n\n");
    text.push_str(abort(stage));
    text
}

fn row(migration: &Migration) -> Vec<String> {
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
    let mut held: Vec<&str> = Vec::new();
    for statement in migration.statements.iter().filter(|statement| !statement.locks.is_empty()) {
        let text = words::duration(statement.work);
        if !held.contains(&text) {
            held.push(text);
        }
    }
    let or = |text: String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text };
    vec![
        format!("`{}`", migration.name),
        cell(&migration.title),
        words::class(migration.class).to_owned(),
        or(locks.join("<br>"), "none on a table in use"),
        or(held.join("; "), "nobody waits"),
    ]
}

/// When to stop, by the classes of file that the stage has.
fn abort(stage: &Stage) -> &'static str {
    let any = |class: FileClass| stage.migrations.iter().any(|m| m.class == class);
    match (any(FileClass::Solitary), any(FileClass::Batch)) {
        (false, false) => {
            "- requests queue behind a lock for longer than they may. Stopping is safe: the file that runs is rolled back whole.\n"
        }
        (true, false) => {
            "- requests queue, or the disk fills up, while an index is built. Stopping leaves an INVALID index: see \"solitary\" below.\n"
        }
        (false, true) => {
            "- replicas lag, or the disk fills up, while rows are filled. Stopping is safe: the batches that are done stay done.\n"
        }
        (true, true) => {
            "- replicas lag, or the disk fills up, while rows are filled. Stopping is safe: the batches that are done stay done.\n\
             - requests queue while an index is built. Stopping leaves an INVALID index: see \"solitary\" below.\n"
        }
    }
}

fn back(stage: &Stage) -> String {
    let mut text = String::from("\n### Back\n\nThe down files, in this order (the last one first):\n\n");
    for (i, migration) in stage.migrations.iter().rev().enumerate() {
        let _ = write!(text, "{}. `{}`: {}", i + 1, files::down_path(stage, migration), words::undo(&migration.undo));
        let losses = words::losses(&migration.undo).join("; ");
        let _ = if losses.is_empty() { writeln!(text) } else { writeln!(text, ": {losses}") };
        for left in &migration.residue {
            let _ = writeln!(text, "   (it leaves behind: {left})");
        }
        if let Undo::Lossy { count, .. } = &migration.undo {
            for query in count {
                let _ = writeln!(text, "   ```sql\n   {};\n   ```", query.replace('\n', "\n   "));
            }
        }
    }
    text
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
