//! Whatever is written, the compiler says what is wrong with it, and goes on.

use prisma_stage::catalog::Ids;
use prisma_stage::source::Sources;
use prisma_stage::{lower, model, syntax};
use proptest::prelude::{ProptestConfig, any, proptest};
use std::path::PathBuf;

/// The project's own schemas.
fn schemas() -> Vec<String> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for case in std::fs::read_dir("corpus/change").unwrap() {
        paths.push(case.unwrap().path().join("new.prisma"));
    }
    for file in std::fs::read_dir("corpus/conformance").unwrap() {
        paths.push(file.unwrap().path());
    }
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn compile(text: &str) {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let (ast, _) = syntax::parse(&sources, &files);
    let (schema, _) = model::resolve(&ast);
    let (catalog, diagnostics) = lower::lower(&schema, &mut Ids::default());
    for span in diagnostics.iter().filter_map(|d| d.span) {
        sources.slice(span);
    }
    // A foreign key or index that names something which is not there would be a panic further down.
    for table in catalog.tables.values() {
        let keys =
            table.indexes.values().flat_map(|i| &i.columns).chain(table.primary_key.iter().flat_map(|k| &k.columns));
        assert!(keys.into_iter().all(|k| table.columns.contains_key(&k.column)));
        for key in table.foreign_keys.values() {
            let there = &catalog.tables[&key.references];
            assert!(key.columns.iter().all(|c| table.columns.contains_key(c)));
            assert!(key.referenced.iter().all(|c| there.columns.contains_key(c)));
        }
    }
}

/// The schema with one thing wrong: a line left out, doubled or moved, a word in the place of another.
fn mangled(text: &str, how: u8, at: usize, from: usize) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let (at, from) = (at % lines.len(), from % lines.len());
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let word = words[from % words.len()];
    let changed: String;
    match how % 6 {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[from]),
        2 => lines.swap(at, from),
        3 => {
            changed = lines[at].split(' ').rev().collect::<Vec<_>>().join(" ");
            lines[at] = &changed;
        }
        4 => {
            let inside: Vec<&str> = lines[at].split_ascii_whitespace().collect();
            let old = inside.get(from % inside.len().max(1)).copied().unwrap_or_default();
            changed = if old.is_empty() { word.to_owned() } else { lines[at].replacen(old, word, 1) };
            lines[at] = &changed;
        }
        _ => {
            changed = lines[at].replacen(['(', ')', '[', ']', '"', ',', ':'], "", 1 + from % 2);
            lines[at] = &changed;
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn mangled_schemas_are_refused_or_understood(
        pick in any::<usize>(),
        changes in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..12),
    ) {
        thread_local!(static SCHEMAS: Vec<String> = schemas());
        SCHEMAS.with(|schemas| {
            let text = schemas[pick % schemas.len()].clone();
            compile(&changes.into_iter().fold(text, |text, (how, at, from)| mangled(&text, how, at, from)));
        });
    }
}

#[test]
fn many_errors_take_no_longer_than_many_lines() {
    let mut text = String::from("datasource db {\n  provider = \"postgresql\"\n}\nmodel A {\n  id Int @id\n");
    for n in 0..20_000 {
        text += &format!("  field{n} Tyep{n}\n");
    }
    text += "}\n";
    let start = std::time::Instant::now();
    compile(&text);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
