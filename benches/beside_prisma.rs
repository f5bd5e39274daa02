//! The same work beside Prisma's own engine, in one run: `cargo bench --bench beside_prisma`.
//!
//! Needs node and Prisma's engine (scripts/oracle.sh finds or installs it); without them it says so and ends.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use prisma_stage::source::Sources;
use prisma_stage::validate;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use support::{Version, schema};

/// How many models, and how often each thing is measured; the least of the times counts.
const MODELS: usize = 2_000;
const TIMES: usize = 5;

fn main() {
    let Some(engine) = engine() else {
        println!("beside_prisma: skipped, it needs node and Prisma's engine (scripts/oracle.sh)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = [(Version::Old, "old.prisma"), (Version::New, "new.prisma")].map(|(version, name)| {
        let path = folder.path().join(name);
        std::fs::write(&path, schema(MODELS, version)).unwrap();
        path
    });
    let theirs = ["node".into(), engine.join("diff.mjs"), "--from".into(), old.clone(), "--to".into(), new.clone()];
    let ours = [env!("CARGO_BIN_EXE_prisma-stage").into(), "diff".into(), old.clone(), new, "--format=sql".into()];
    println!("{MODELS} models, least of {TIMES}, milliseconds        Prisma   prisma-stage   times faster");
    row("parse and validate, in process", prisma_validates(&engine, &old), we_validate(&old));
    row("diff, a fresh process", least(|| wall_time(&theirs)), least(|| wall_time(&ours)));
    row("  processor time of it", least(|| processor_time(&theirs)), least(|| processor_time(&ours)));
}

fn row(what: &str, theirs: f64, ours: f64) {
    println!("{what:<45} {theirs:>8.1} {ours:>14.1} {:>14.1}", theirs / ours);
}

/// The folder of Prisma's engine.
fn engine() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/oracle.sh");
    let found = Command::new("sh").arg(script).stderr(Stdio::null()).output().ok()?;
    found.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&found.stdout).trim()))
}

fn least(mut once: impl FnMut() -> f64) -> f64 {
    (0..TIMES).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn milliseconds(of: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    of();
    begun.elapsed().as_secs_f64() * 1e3
}

/// Prisma's validator, warm, in one node process that measures itself.
fn prisma_validates(engine: &Path, old: &Path) -> f64 {
    let program = format!(
        "import {{ validateFiles, loadSchema }} from {engine};
         const files = loadSchema({old}), times = [];
         for (let n = 0; n < {TIMES}; n++) {{
           const begun = performance.now();
           if (!validateFiles(files, {{ line: '7' }}).ok) throw new Error('Prisma refuses the schema');
           times.push(performance.now() - begun);
         }}
         console.log(Math.min(...times));",
        engine = serde_json::Value::from(engine.join("lib.mjs").display().to_string()),
        old = serde_json::Value::from(old.display().to_string()),
    );
    let output = Command::new("node").args(["--input-type=module", "--eval", &program]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

fn we_validate(old: &Path) -> f64 {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", std::fs::read_to_string(old).unwrap());
    least(|| {
        milliseconds(|| {
            assert!(!validate::check(&sources, &files).diagnostics.has_errors());
        })
    })
}

/// From the start of a process to its end. Prisma's exits with 2 where there is a difference.
fn wall_time(command: &[PathBuf]) -> f64 {
    milliseconds(|| {
        let status = Command::new(&command[0]).args(&command[1..]).stdout(Stdio::null()).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 2)), "{command:?}: {status}");
    })
}

/// What a process used of all processors, which other processes hardly change; the shell says it in minutes and seconds.
fn processor_time(command: &[PathBuf]) -> f64 {
    let output = Command::new("sh").args(["-c", "\"$@\" >/dev/null; times", "sh"]).args(command).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let children = printed.lines().nth(1).unwrap_or_default().split_whitespace();
    let seconds = |time: &str| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    };
    children.map(seconds).sum::<f64>() * 1e3
}
