//! The arrows of docs/architecture.md point down: a module uses only those before it.

use std::collections::BTreeSet;
use std::path::Path;

/// Modules in the order in which they may use each other: each row may use the rows above it, and itself.
const LAYERS: [&[&str]; 25] = [
    &["source", "pair", "question", "pages", "layout"],
    &["diag"],
    &["fix", "stats"],
    &["options"],
    &["ast"],
    &["syntax"],
    &["input"],
    &["model"],
    &["validate", "analyze"],
    &["intent"],
    &["catalog"],
    &["op"],
    &["dialect"],
    &["lower", "diff", "advice"],
    &["stage"],
    &["change"],
    &["plan"],
    &["script"],
    &["bridge"],
    &["outcome"],
    &["compile"],
    &["live", "output"],
    &["folder"],
    &["cli"],
    &["main", "lib"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push((path.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_module_uses_only_those_before_it() {
    let mut files = Vec::new();
    visit(Path::new("src"), &mut files);
    assert!(files.len() > 50, "the sources are read");
    let mut upward = BTreeSet::new();
    for (path, text) in &files {
        let own = path.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        let from = layer(own).unwrap_or_else(|| panic!("src/{own} has no layer: give it one in tests/it/layers.rs"));
        if own == "lib" {
            continue;
        }
        for used in text.split("crate::").skip(1) {
            let module: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            match layer(&module) {
                Some(to) if to < from || module == own => {}
                Some(_) => {
                    upward.insert(format!("{path} uses crate::{module}"));
                }
                // A type at the crate's root, or `crate::{`, whose parts are looked at by name below.
                None => {}
            }
        }
    }
    assert!(upward.is_empty(), "arrows that point up:\n{}", upward.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_kind_of_change_has_a_page_and_a_case() {
    let text = std::fs::read_to_string("src/change.rs").unwrap();
    let body = text.split("pub fn kind(&self)").nth(1).unwrap().split("fn plan(&self").next().unwrap();
    let kinds: BTreeSet<&str> = body.split('"').skip(1).step_by(2).collect();
    assert!(kinds.len() > 20);
    let case = |folder: &str, kind: &str| {
        std::fs::read_dir(folder)
            .unwrap()
            .any(|e| e.unwrap().file_name().to_string_lossy().starts_with(&format!("{kind}--")))
    };
    for kind in kinds {
        assert!(Path::new(&format!("docs/changes/{kind}.md")).exists(), "docs/changes/{kind}.md is missing");
        let named = case("corpus/change", kind) || case("corpus/unplanned", kind);
        // Kinds that are refused go by the name of what was tried there.
        let refused = ["turn-join-table", "remove-enum-value"].contains(&kind);
        assert!(named || refused, "corpus/change/{kind}--* is missing");
    }
}
