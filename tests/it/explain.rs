//! Everything that plans and diagnostics name has a page, and what the pages show is true.

use crate::run::{Ran, Scratch};
use prisma_stage::pages::{self, Page};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Codes that no small schema brings about: their pages show the message.
const WITHOUT_EXAMPLE: [&str; 5] = ["PS0190", "PS0191", "PS0192", "PS0198", "PS0199"];

fn page(code: &str) -> String {
    let ran = Scratch::new().run(&["explain", code]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{code} has no page");
    ran.stdout
}

/// Every code of a diagnostic or hazard in the sources.
fn codes_of_the_sources() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |text| {
        // What stands behind the tests of a file is no message of ours.
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let quoted = text.split(['"', '[', ']']).filter(|word| is_code(word));
        codes.extend(quoted.map(str::to_owned));
    });
    codes
}

/// `PS0203`, `H101`
fn is_code(word: &str) -> bool {
    let digits = |digits: &str, many: usize| digits.len() == many && digits.bytes().all(|b| b.is_ascii_digit());
    word.strip_prefix("PS").is_some_and(|rest| digits(rest, 4))
        || word.strip_prefix('H').is_some_and(|rest| digits(rest, 3))
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes = codes_of_the_sources();
    assert!(codes.len() > 100, "{codes:?}");
    let pages: Vec<&str> = pages::all().map(|page| page.name).filter(|name| is_code(name)).collect();
    let named: BTreeSet<String> = pages.iter().map(|name| (*name).to_owned()).collect();
    let missing: Vec<_> = codes.difference(&named).collect();
    assert!(missing.is_empty(), "without a page in docs/diagnostics (or another book of src/pages.rs): {missing:?}");
    let stray: Vec<_> = named.difference(&codes).collect();
    assert!(stray.is_empty(), "pages of codes that nothing in src says: {stray:?}");
    assert_eq!(pages.len(), named.len(), "a code has two pages");
    for page in pages::all() {
        assert!(!page.title.is_empty() && page.text.len() > 40, "{page:?}");
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
    for code in ["H101", "PS0203", "PS0703", "rename-column"] {
        assert!(all.lines().any(|line| line.starts_with(code)), "{all}");
    }
    let shown = page("PS0203");
    assert!(shown.starts_with("# PS0203: ") && shown.contains("Wrong:\n\n    model User {"), "{shown}");
    assert_eq!(page("h101"), page("H101"));
    for code in ["H999", "PS99", "PS\u{e9}\u{e9}", "", "nonsense"] {
        let ran = Scratch::new().run(&["explain", code]);
        assert_eq!((ran.code, ran.codes()), (1, vec!["PS0806".to_owned()]), "{code}");
    }
}

#[test]
fn bad_examples_are_refused_for_the_reason_of_their_page_and_good_ones_are_not() {
    let mut wrong = Vec::new();
    for page in pages::all().filter(|page| page.name.starts_with("PS")) {
        let kinds: Vec<&str> = page.examples().filter_map(|(info, _)| info.split(' ').nth(1)).collect();
        let family = &page.name[..4];
        let of_schemas =
            !["PS00", "PS07", "PS08", "PS09", "PS11"].contains(&family) && !WITHOUT_EXAMPLE.contains(&page.name);
        if of_schemas && !(kinds.contains(&"bad") && kinds.contains(&"good")) {
            wrong.push(format!("{}: needs an example that is `prisma bad`, and one that is `prisma good`", page.name));
        }
        if !of_schemas && page.examples().next().is_none() && family != "PS07" {
            wrong.push(format!("{}: needs an example of its message", page.name));
        }
        for (info, text) in page.examples() {
            wrong.extend(judged(&page, info, text).err());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Is an example what its page says?
fn judged(page: &Page, info: &str, text: &str) -> Result<(), String> {
    let words: Vec<&str> = info.split(' ').collect();
    let (language, kind) = (words[0], words.get(1).copied().unwrap_or_default());
    if language != "prisma" {
        return Ok(());
    }
    let bare = words.contains(&"alone") || text.contains("datasource ");
    let whole =
        if bare { text.to_owned() } else { format!("datasource db {{\n  provider = \"postgresql\"\n}}\n\n{text}") };
    let is_advice = page.name.starts_with("PS10");
    let command: &[&str] = match words.contains(&"diff") {
        true => &["diff", "--from-empty", "-", "--format", "json"],
        false if is_advice => &["check", "-", "--format", "json", "--warn", page.name],
        false => &["check", "-", "--format", "json"],
    };
    let found = findings(&Scratch::new().run_with_stdin(command, &whole));
    let errors: Vec<&String> = found.iter().filter(|(severity, _)| severity == "error").map(|(_, code)| code).collect();
    let own = found.iter().filter(|(_, code)| code == page.name).count();
    let right = match kind {
        "bad" if is_advice => own == 1 && found.len() == 1,
        "bad" => own > 0 && errors.iter().all(|code| *code == page.name),
        "good" => own == 0 && errors.is_empty(),
        _ => false,
    };
    if right { Ok(()) } else { Err(format!("{}: the example `{info}` gives {found:?}:\n{whole}", page.name)) }
}

/// Severity and code of each finding.
fn findings(ran: &Ran) -> Vec<(String, String)> {
    let json: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    let schemas = json["schemas"].as_array().cloned().unwrap_or_else(|| vec![json.clone()]);
    let found = schemas.iter().flat_map(|schema| schema["diagnostics"].as_array().into_iter().flatten());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found.map(|finding| (text(&finding["severity"]), text(&finding["code"]))).collect()
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
