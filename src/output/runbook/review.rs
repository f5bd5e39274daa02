//! What a reviewer asks of every migration, answered for this plan.

use super::table::{cell, table};
use crate::dialect::{Engine, strength};
use crate::output::words;
use crate::script::{FileClass, Migration, Script, Stage, StageKind, Undo, Verdict, Work};

/// Questions and answers.
pub(super) fn render(script: &Script) -> String {
    let rows = [
        ("Can it run twice?", twice(script)),
        ("Can it go back after the next deploy?", back(script)),
        ("What is gone in the end?", losses(script)),
        ("Which locks stop somebody?", locks(script)),
        ("Does the way back change rows?", down_work(script)),
        ("Which tables are locked together, by a foreign key or a switch?", together(script)),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(asked, said)| vec![asked.to_owned(), cell(&said)]).collect();
    format!("\n## Before anybody says yes\n\n{}", table(&["asked", "answer"], &rows))
}

/// What is left if the new client turns out to be wrong after a stage.
pub(super) fn left(stages: &[Stage], at: usize) -> String {
    let Some(stage) = stages.get(at) else { return String::new() };
    let old = stage.clients.iter().find(|client| client.client == "old");
    let mut ways = Vec::new();
    match old.map(|client| client.after) {
        Some(Verdict::Runs) => ways.push("roll the application back: old clients run".to_owned()),
        Some(Verdict::WithCare) => {
            ways.push("roll the application back: old clients run, with care (see above)".to_owned());
        }
        Some(Verdict::ReadsOnly | Verdict::MustNotRun) => {
            ways.push("an application rollback alone does not help: old clients do not work now".to_owned());
        }
        None => {}
    }
    let gone = stage.migrations.iter().any(|m| matches!(m.undo, Undo::Irreversible { .. }));
    let lossy = stage.migrations.iter().any(|m| matches!(m.undo, Undo::Lossy { .. }));
    ways.push(match (gone, lossy) {
        (true, _) => "the down files give back the shape and not what was dropped: that is in the backup alone, so roll forward unless it is missed".to_owned(),
        (false, true) => "take the stage back with its down files, which lose what is listed below".to_owned(),
        (false, false) => "take the stage back with its down files, which lose nothing".to_owned(),
    });
    ways.join("; or ")
}

fn migrations(script: &Script) -> impl Iterator<Item = &Migration> {
    script.stages.iter().flat_map(|stage| &stage.migrations)
}

/// `0003, 0004 and 0007`, or how many where there are many.
fn numbers<'a>(migrations: impl Iterator<Item = &'a Migration>) -> String {
    let all: Vec<&str> = migrations.map(|m| m.name.split('_').next().unwrap_or_default()).collect();
    match &all[..] {
        [one] => (*one).to_owned(),
        [first, .., last] if all.len() > 8 => format!("{} of them from {first} to {last}", all.len()),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
        [] => String::new(),
    }
}

fn twice(script: &Script) -> String {
    if script.engine == Engine::Sqlite || script.stages.iter().any(|stage| stage.stage == StageKind::Direct) {
        return "No: each file is done whole or not at all, and once.".to_owned();
    }
    if script.engine == Engine::Vitess {
        return "Yes: what changes rows goes on from where it is, and a deploy request that is done already fails and changes nothing.".to_owned();
    }
    let builds = |m: &&Migration| m.class == FileClass::Solitary && script.engine == Engine::Postgresql;
    let alone = numbers(migrations(script).filter(builds));
    if alone.is_empty() {
        return "Yes, every file: what is done already is left alone.".to_owned();
    }
    format!(
        "Yes, but for {alone}: what stands alone in its file says \"already exists\", and after a failure an INVALID index has to go first."
    )
}

fn back(script: &Script) -> String {
    let stops = |stage: &&Stage| stage.clients.iter().any(|c| c.client == "old" && c.after >= Verdict::ReadsOnly);
    let gone = |stage: &&Stage| stage.migrations.iter().any(|m| matches!(m.undo, Undo::Irreversible { .. }));
    let mut said = match script.stages.iter().find(stops) {
        Some(stage) => {
            format!("The application alone until {} is applied; afterwards with the down files first.", stage.folder)
        }
        None => "Yes: old clients run after every stage.".to_owned(),
    };
    if let Some(stage) = script.stages.iter().find(gone) {
        said += &format!(" What {} drops comes from a backup only.", stage.folder);
    }
    said
}

/// What the hazards of lost values say (H2…), file by file.
fn losses(script: &Script) -> String {
    let mut all: Vec<String> = Vec::new();
    for migration in migrations(script) {
        let number = migration.name.split('_').next().unwrap_or_default();
        for hazard in migration.statements.iter().flat_map(|s| &s.hazards).filter(|h| h.code.starts_with("H2")) {
            let said = format!("{} ({number})", hazard.message);
            if !all.contains(&said) {
                all.push(said);
            }
        }
    }
    match all.len() {
        0 => "Nothing.".to_owned(),
        1..=8 => format!("{}.", all.join("; ")),
        many => format!("{}; and {} more: see the files.", all[..7].join("; "), many - 7),
    }
}

/// Where there is one writer at a time.
fn waits(script: &Script) -> String {
    let long = numbers(migrations(script).filter(|m| m.statements.iter().any(|s| s.work == Work::Rewrite)));
    if long.is_empty() {
        return "Whoever writes waits while a file runs: milliseconds.".to_owned();
    }
    format!(
        "Whoever writes waits while a file runs: {long} for as long as it takes to write whole tables anew, the others for \
         milliseconds. Readers go on."
    )
}

fn locks(script: &Script) -> String {
    if script.engine == Engine::Vitess {
        return "None for longer than a moment: Vitess copies a table beside its users, and the copy takes its place. Long transactions keep it waiting."
            .to_owned();
    }
    if script.engine == Engine::Mysql {
        return "Each statement needs its table alone for a moment, at its beginning and its end, and waits three seconds for it. What waits for a \
                table makes everybody wait behind it: look for long transactions first."
            .to_owned();
    }
    if script.engine == Engine::Sqlite {
        return waits(script);
    }
    let mut short: Vec<&str> = Vec::new();
    let mut long: Vec<String> = Vec::new();
    for migration in migrations(script) {
        for statement in &migration.statements {
            for lock in statement.locks.iter().filter(|lock| strength(&lock.mode) >= strength("SHARE")) {
                let small = statement.estimate.as_ref().is_some_and(|e| e.to_seconds <= 1);
                let quick = small || matches!(statement.work, Work::Metadata | Work::Check);
                if quick && !short.contains(&lock.table.as_str()) {
                    short.push(&lock.table);
                }
                let said = format!(
                    "{} on {} ({}) while it {}",
                    lock.mode,
                    lock.table,
                    migration.name,
                    words::work(statement.work)
                );
                if !quick && !long.contains(&said) {
                    long.push(said);
                }
            }
        }
    }
    let mut said = match short.len() {
        0 => "None.".to_owned(),
        1..=8 => format!("For milliseconds, each waited for 300 ms at a time: {}.", short.join(", ")),
        many => format!("For milliseconds, each waited for 300 ms at a time: {many} tables."),
    };
    if !long.is_empty() {
        said += &format!(" For longer: {}.", long.join("; "));
    }
    said
}

fn down_work(script: &Script) -> String {
    let works = numbers(migrations(script).filter(|m| m.down_class == FileClass::Batch));
    if works.is_empty() {
        "No.".to_owned()
    } else {
        let what = if script.engine == Engine::Vitess { "fill rows" } else { "fill rows or build indexes" };
        format!("The down files of {works} {what}: they take as long as on the way forwards.")
    }
}

fn together(script: &Script) -> String {
    if script.engine == Engine::Vitess {
        return "None: there are no foreign keys, and a file changes one table, or several each on its own.".to_owned();
    }
    if script.engine == Engine::Mysql {
        return "Both ends of a foreign key, while it is made or dropped.".to_owned();
    }
    if script.engine == Engine::Sqlite {
        return "All of them: a database is one file.".to_owned();
    }
    let mut all: Vec<String> = Vec::new();
    for migration in migrations(script) {
        let mut tables: Vec<&str> = Vec::new();
        for lock in migration.statements.iter().flat_map(|s| &s.locks) {
            if strength(&lock.mode) >= strength("SHARE") && !tables.contains(&lock.table.as_str()) {
                tables.push(&lock.table);
            }
        }
        if tables.len() > 1 {
            all.push(format!("{} ({})", tables.join(" and "), migration.name.split('_').next().unwrap_or_default()));
        }
    }
    match all.len() {
        0 => "None.".to_owned(),
        1..=6 => format!("{}: all or none, in one LOCK TABLE.", all.join("; ")),
        many => format!("{}; and {} more: all or none, in one LOCK TABLE.", all[..5].join("; "), many - 5),
    }
}
