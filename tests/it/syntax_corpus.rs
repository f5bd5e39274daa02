//! Real schemas are read without a complaint. They are not part of the repository: without them these tests say so.

use prisma_stage::pair::Pair;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::syntax;
use std::path::{Path, PathBuf};

/// Every `*.prisma` file below `../shared/corpus`, sorted.
#[allow(clippy::print_stderr)]
pub fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root =
        if root.is_dir() { root } else { PathBuf::from(std::env::var_os("PRISMA_STAGE_CORPUS").unwrap_or_default()) };
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "prisma") {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        eprintln!("skipped: no ../shared/corpus here");
    }
    found
}

#[test]
fn real_schemas_are_read_without_a_complaint() {
    let mut complaints = Vec::new();
    for path in corpus() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut sources = Sources::default();
        let schema: SchemaFiles = sources.add_schema(&path.display().to_string(), text);
        let (read, diagnostics) = syntax::parse(&sources, &schema);
        assert!(!read.blocks.is_empty() || sources.get(schema.files[0]).text.trim().is_empty(), "{}", path.display());
        for diagnostic in diagnostics.iter() {
            let line = diagnostic.span.map_or(0, |s| sources.line_column(s.file, s.start).line);
            complaints.push(format!("{}:{line}: {} {}", path.display(), diagnostic.code, diagnostic.message));
        }
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// The old and the new version of a schema share most of their blocks, which go through the grammar once.
#[test]
fn two_versions_are_read_as_if_each_were_alone() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/change");
    let mut pairs: Vec<PathBuf> =
        std::fs::read_dir(own).map(|all| all.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    let real = corpus();
    let real = real.iter().filter(|path| path.ends_with("old.prisma")).step_by(10);
    pairs.extend(real.filter_map(|path| Some(path.parent()?.to_owned())));
    let mut seen = 0;
    for folder in pairs {
        let [old, new] = ["old.prisma", "new.prisma"].map(|name| std::fs::read_to_string(folder.join(name)));
        let (Ok(old), Ok(new)) = (old, new) else { continue };
        let mut sources = Sources::default();
        let pair = Pair { old: sources.add_schema("old.prisma", old), new: sources.add_schema("new.prisma", new) };
        let both = syntax::parse_both(&sources, pair.as_ref().map(Some));
        for (together, files) in [(both.old, &pair.old), (both.new, &pair.new)] {
            let alone = syntax::parse(&sources, files);
            assert_eq!(format!("{together:?}"), format!("{:?}", Some(alone)), "{}", folder.display());
        }
        seen += 1;
    }
    assert!(seen >= 200, "only {seen} pairs");
}
