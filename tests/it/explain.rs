//! Everything that plans and diagnostics name has a page.

use crate::run::Scratch;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn page(code: &str) -> String {
    let ran = Scratch::new().run(&["explain", code]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{code} has no page");
    ran.stdout
}

#[test]
fn every_hazard_and_decision_of_the_planner_has_a_page() {
    let mut codes = BTreeSet::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/change"), &mut |text| {
        let quoted = text.split('"').skip(1).step_by(2);
        let is_code = |code: &&str| {
            let digits = code.strip_prefix('H').or_else(|| code.strip_prefix("PS07")).unwrap_or_default();
            (2..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        };
        codes.extend(quoted.filter(is_code).map(str::to_owned));
    });
    assert!(codes.len() > 15, "{codes:?}");
    for code in codes.iter().filter(|code| *code != "PS0715") {
        let page = page(code);
        assert!(page.starts_with(&format!("# {code}: ")) && page.lines().count() > 2, "{code}: {page}");
    }
}

#[test]
fn every_kind_of_change_has_a_page() {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/change.rs")).unwrap();
    let kinds: Vec<&str> =
        source.lines().filter_map(|line| line.trim().split_once("=> \"")?.1.strip_suffix("\",")).collect();
    assert!(kinds.len() > 20, "{kinds:?}");
    for kind in kinds {
        assert!(page(kind).starts_with(&format!("# {kind}\n")), "{kind}");
    }
}

#[test]
fn explain_lists_its_pages_and_knows_what_it_does_not_know() {
    let all = Scratch::new().run(&["explain"]).stdout;
    for code in ["H101", "PS0703", "rename-column"] {
        assert!(all.lines().any(|line| line.starts_with(code)), "{all}");
    }
    assert!(page("PS0203").contains("PS02xx"));
    assert_eq!(page("h101"), page("H101"));
    for code in ["H999", "PS99", "PS\u{e9}\u{e9}", "", "nonsense"] {
        let ran = Scratch::new().run(&["explain", code]);
        assert_eq!((ran.code, ran.codes()), (1, vec!["PS0806".to_owned()]), "{code}");
    }
}

fn read(dir: &Path, each: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, each);
        } else {
            each(&fs::read_to_string(&path).unwrap());
        }
    }
}
