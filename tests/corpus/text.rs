//! What a compilation gives, as text to read.

use prisma_stage::diag::Diagnostics;
use prisma_stage::output::words::rollout;
use prisma_stage::script::{Level, Query, Rollout, Script, Stage, Undo};
use prisma_stage::source::Sources;
use std::fmt::Write;
use std::path::Path;

/// A plan: what changes, what was decided, then file by file.
pub fn of_plan(script: &Script) -> String {
    let mut out = String::new();
    if script.is_empty() {
        out.push_str("nothing to do\n");
    }
    for change in &script.changes {
        line(&mut out, format_args!("change    {} {}: {}", change.kind, change.subject, change.summary));
    }
    for decision in &script.decisions {
        let (code, subject, source) = (&decision.code, &decision.subject, &decision.source);
        line(
            &mut out,
            format_args!("decision  {code} {subject}: {} {} ({source})", decision.question, decision.answer),
        );
    }
    for note in &script.notes {
        line(&mut out, format_args!("note      {note}"));
    }
    if !script.rollout.iter().all(Rollout::is_usual) {
        for step in &script.rollout {
            let (what, notes) = rollout(step);
            line(&mut out, format_args!("rollout   {what}"));
            notes.iter().for_each(|note| line(&mut out, format_args!("          {note}")));
        }
    }
    for stage in &script.stages {
        of_stage(&mut out, stage);
    }
    out
}

fn of_stage(out: &mut String, stage: &Stage) {
    line(out, format_args!("\n======== {}", stage.folder));
    for gate in &stage.gate {
        line(out, format_args!("gate      {gate}"));
    }
    for client in &stage.clients {
        let reasons = client.reasons.join("; ");
        line(
            out,
            format_args!(
                "client    {}: during {:?}, after {:?}. {reasons}",
                client.client, client.during, client.after
            ),
        );
    }
    if let Some(schema) = &stage.schema {
        line(out, format_args!("---- schema.prisma\n{}----", schema));
    }
    queries(out, "preflight", &stage.preflight);
    for migration in &stage.migrations {
        line(out, format_args!("\n---- {} ({:?}) {}", migration.name, migration.class, migration.title));
        for statement in &migration.statements {
            let locks: Vec<String> =
                statement.locks.iter().map(|lock| format!("{} on {}", lock.mode, lock.table)).collect();
            let hazards: Vec<&str> = statement.hazards.iter().map(|hazard| hazard.code.as_str()).collect();
            line(out, format_args!("# {:?}; {} {}", statement.work, locks.join(", "), hazards.join(" ")));
        }
        out.push_str(&folded(&migration.up));
        let undo = match &migration.undo {
            Undo::Lossless => "lossless".to_owned(),
            Undo::Lossy { what, .. } => format!("lossy: {}", what.join("; ")),
            Undo::Irreversible { what } => format!("irreversible: {}", what.join("; ")),
        };
        line(out, format_args!("---- {} back ({:?}), {undo}", migration.name, migration.down_class));
        out.push_str(&folded(&migration.down));
    }
    queries(out, "verify", &stage.verify);
}

/// What every guarded block says the same way, in one word: a golden is for reading.
/// (tests/corpus/main.rs keeps the whole text of one case.)
fn folded(text: &str) -> String {
    const FOLDS: [(&str, &str); 4] = [
        ("#variable_conflict use_column\nDECLARE\n  _ps_attempt int := 0;\nBEGIN\n", ""),
        ("  _ps_attempt := 0;\n", ""),
        ("  LOOP\n    BEGIN\n      SET LOCAL lock_timeout = '300ms';\n", "  guarded:\n"),
        (
            "      EXIT;\n    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN\n      _ps_attempt := _ps_attempt + 1;\n      \
             IF _ps_attempt >= 40 THEN RAISE; END IF;\n      PERFORM pg_sleep(least(0.05 * _ps_attempt, 1));\n    END;\n  END LOOP;\n",
            "",
        ),
    ];
    FOLDS.iter().fold(text.to_owned(), |text, (long, short)| text.replace(long, short))
}

/// The files of a plan, to the letter.
pub fn of_files(script: &Script) -> String {
    let files = script.stages.iter().flat_map(|stage| &stage.migrations);
    files.map(|m| format!("==== {}/migration.sql\n{}==== {}/down.sql\n{}", m.name, m.up, m.name, m.down)).collect()
}

fn queries(out: &mut String, kind: &str, queries: &[Query]) {
    let server: Vec<&str> = queries.iter().filter(|q| q.level == Level::Server).map(|q| q.name.as_str()).collect();
    if !server.is_empty() {
        line(out, format_args!("{kind:9} (of the server) {}", server.join("; ")));
    }
    for query in queries.iter().filter(|q| q.level != Level::Server) {
        line(out, format_args!("{kind:9} {}: {}\n          {}", query.name, query.about, query.sql));
    }
}

/// Diagnostics with their places.
pub fn of_diagnostics(sources: &Sources, diagnostics: &Diagnostics, case: &Path) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let at = diagnostic.span.map_or(String::new(), |span| {
            let place = sources.line_column(span.file, span.start);
            let name = Path::new(&sources.get(span.file).name);
            let name = name.strip_prefix(case).unwrap_or(name).display();
            format!(" {name}:{}:{}", place.line, place.column)
        });
        line(&mut out, format_args!("{:?} {}{at}: {}", diagnostic.severity, diagnostic.code, diagnostic.message));
        for note in &diagnostic.notes {
            line(&mut out, format_args!("  note: {note}"));
        }
        if let Some(help) = &diagnostic.help {
            line(&mut out, format_args!("  help: {help}"));
        }
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}
