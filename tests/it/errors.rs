//! The cases of corpus/error: one mistake each; the last lines say what Prisma 7.10 reports, and what prisma-stage does.
//!
//!     // prisma: LINE message            an error of Prisma's own
//!     // prisma warns: LINE message      a warning
//!     // ours: LINE CODE message         written by `BLESS=1 cargo test --test it errors`, and read before it is committed
//!
//! One of our lines has to be one of Prisma's, save where the case says `// otherwise: why`, and docs/conformance.md has it too.

use prisma_stage::diag::Severity;
use prisma_stage::source::Sources;
use prisma_stage::validate;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Severity, line and text of each diagnostic.
fn ours(text: &str) -> Vec<(Severity, u32, String)> {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let checked = validate::check(&sources, &files);
    let of = |d: &prisma_stage::diag::Diagnostic| {
        let line = d.span.map_or(0, |s| sources.line_column(s.file, s.start).line);
        (d.severity, line, format!("{line} {} {}", d.code, d.message))
    };
    checked.diagnostics.iter().map(of).collect()
}

/// The lines that the case gives to Prisma, under this heading.
fn lines(text: &str, heading: &str) -> BTreeSet<u32> {
    let stated = text.lines().filter_map(|l| l.strip_prefix(heading));
    stated.map(|rest| rest.split(' ').next().unwrap().parse().unwrap()).collect()
}

fn cases() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir("corpus/error").unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Cases that are still to be mended; it only goes down.
const MISSED: usize = 4;

#[test]
fn every_mistake_is_said_at_a_line_where_prisma_says_it() {
    let mut missed = Vec::new();
    for path in cases() {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = ours(&text);
        for (severity, heading) in [(Severity::Error, "// prisma: "), (Severity::Warning, "// prisma warns: ")] {
            let said: BTreeSet<u32> = found.iter().filter(|f| f.0 == severity).map(|f| f.1).collect();
            let expected = lines(&text, heading);
            // Prisma may say more of one mistake than we do, or less: one line in common is the same mistake.
            let same = said.is_empty() == expected.is_empty() && (said.is_empty() || !said.is_disjoint(&expected));
            if !same && !text.contains("\n// otherwise: ") {
                missed.push(format!("{}: {severity:?}: Prisma {expected:?}, prisma-stage {said:?}", path.display()));
            }
        }
    }
    assert!(missed.len() <= MISSED, "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn every_mistake_is_said_in_these_words() {
    let mut wrong = Vec::new();
    for path in cases() {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = ours(&text);
        let stated: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("// ours: ")).collect();
        let said: Vec<&str> = found.iter().map(|f| f.2.as_str()).collect();
        if stated == said {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            let kept = text.lines().filter(|l| !l.starts_with("// ours: ")).collect::<Vec<_>>().join("\n");
            let added: String = said.iter().map(|s| format!("// ours: {s}\n")).collect();
            std::fs::write(&path, format!("{}\n{added}", kept.trim_end())).unwrap();
        } else {
            wrong.push(format!("{}:\n  stated {stated:#?}\n  said {said:#?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
