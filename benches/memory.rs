//! How much memory checking takes, beside the size of the source: the peak of a process that does nothing else.
//!
//! Each size runs in a process of its own, because a peak does not go down again. Linux says it in /proc.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/mod.rs"]
mod support;

use prisma_stage::source::Sources;
use prisma_stage::validate;
use std::process::Command;
use support::Version;

const SIZES: [usize; 3] = [200, 2_000, 10_000];

fn main() {
    // `cargo bench` hands its own arguments along.
    let size = std::env::args().nth(1).and_then(|word| word.parse().ok());
    match size {
        Some(models) => measure(models),
        None if peak().is_none() => println!("memory: skipped, there is no /proc"),
        None => {
            for models in SIZES {
                let ran = Command::new(std::env::current_exe().unwrap()).arg(models.to_string()).output().unwrap();
                print!("{}", String::from_utf8(ran.stdout).unwrap());
            }
        }
    }
}

fn measure(models: usize) {
    let text = support::schema(models, Version::Old);
    let (bytes, lines) = (text.len(), text.lines().count());
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let before = peak().unwrap_or_default();
    let checked = validate::check(&sources, &files);
    let after = peak().unwrap_or_default();
    assert!(checked.diagnostics.iter().all(|d| d.severity != prisma_stage::diag::Severity::Error));
    let times = (after - before) as f64 * 1024.0 / bytes as f64;
    let (source, peak) = (bytes / 1024, after - before);
    println!(
        "{models:>6} models, {lines:>7} lines, {source:>6} KB of source: {peak:>7} KB, {times:.1} times the source"
    );
}

/// The peak of this process, in kB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
