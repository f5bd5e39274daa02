//! Valid schemas have no errors, whatever their provider.

use prisma_stage::diag::Severity;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::source::Sources;
use prisma_stage::validate;
use std::path::{Path, PathBuf};

fn errors(path: &Path) -> Vec<String> {
    let mut sources = Sources::default();
    let files = read_schema(&mut sources, &path.to_string_lossy(), &ReadOptions::default()).unwrap();
    let found = validate::check(&sources, &files).diagnostics;
    let errors = found.iter().filter(|d| d.severity == Severity::Error);
    let line = |s: prisma_stage::source::Span| sources.line_column(s.file, s.start).line;
    errors.map(|d| format!("{}:{} {} {}", path.display(), d.span.map_or(0, line), d.code, d.message)).collect()
}

fn schemas_in(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn schemas_with_everything_that_a_provider_has() {
    let paths = schemas_in(Path::new("corpus/valid"));
    assert!(paths.len() >= 6);
    let wrong: Vec<_> = paths.iter().flat_map(|path| errors(path)).collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn real_schemas() {
    let corpus = Path::new("../shared/corpus");
    if !corpus.exists() {
        eprintln!("skipped: ../shared/corpus is not here");
        return;
    }
    let mut paths = schemas_in(&corpus.join("finals"));
    paths.extend(schemas_in(&corpus.join("finals_multi")));
    let wrong: Vec<_> = paths.iter().flat_map(|path| errors(path)).collect();
    assert_eq!(wrong, [""; 0]);
}
