//! What every rule of advice says of the schema in corpus/advice that bears its name, and of real schemas.

use crate::syntax_corpus::corpus;
use prisma_stage::advice::{self, Level, Levels, RULES, Rule, Selector};
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::output::report;
use prisma_stage::source::Sources;
use prisma_stage::validate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Name and text of the schemas of a rule: `rule.prisma`, and `rule--case.prisma` for more.
fn fixtures(rule: &Rule) -> Vec<(String, String)> {
    let all = folder().read_dir().unwrap().flatten().map(|entry| entry.path());
    let mut own: Vec<(String, String)> = all
        .filter(|path| path.extension().is_some_and(|e| e == "prisma"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .filter(|(name, _)| name.split("--").next() == Some(rule.name))
        .collect();
    own.sort();
    assert!(own.first().is_some_and(|(name, _)| name == rule.name), "corpus/advice/{}.prisma is missing", rule.name);
    own
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/advice")
}

/// These rules alone.
fn only(rules: &[&str]) -> Levels {
    let mut levels = Levels::default();
    levels.set(&[(Selector::Advice, Level::Allow)]);
    let rules: Vec<_> = rules.iter().map(|rule| (Selector::parse(rule).unwrap(), Level::Warn)).collect();
    levels.set(&rules);
    levels
}

/// The findings of a schema that has no errors.
fn found(name: &str, text: &str, levels: &Levels) -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    let files = sources.add_schema(&format!("{name}.prisma"), text);
    let checked = validate::check(&sources, &files);
    assert!(!checked.diagnostics.has_errors(), "{}\n{text}", report::render(&sources, &checked.diagnostics, false));
    let found = advice::advise(&sources, &checked.schema, levels);
    drop(checked);
    (sources, found)
}

fn line(sources: &Sources, finding: &Diagnostic) -> usize {
    let span = finding.span.unwrap();
    sources.line_column(span.file, span.start).line as usize
}

/// A comment excuses something or it does not: rules are looked at together with the one that says so.
fn with_excuses(rule: &Rule) -> Vec<&'static str> {
    if rule.name == "excuse-without-effect" {
        vec!["PS1099", "money-as-float", "redundant-index", "unused-enum"]
    } else {
        vec![rule.code, "PS1099"]
    }
}

#[test]
fn every_rule_finds_what_its_fixtures_mark_and_nothing_else() {
    for rule in &RULES {
        let mut marks = 0;
        for (name, text) in fixtures(rule) {
            let (sources, found) = found(&name, &text, &only(&with_excuses(rule)));
            let lines: Vec<usize> = found.iter().map(|finding| line(&sources, finding)).collect();
            let marked = text.lines().enumerate().filter(|(_, line)| line.contains("//~")).map(|(index, _)| index + 1);
            let marked: Vec<usize> = marked.collect();
            let said = report::render(&sources, &found, false);
            assert_eq!(lines, marked, "{name}\n{said}");
            assert!(found.iter().all(|finding| finding.code == rule.code), "{said}");
            marks += marked.len();
            if !marked.is_empty() {
                let beside = folder();
                insta::with_settings!({ snapshot_path => beside, prepend_module_to_snapshot => false, omit_expression => true }, {
                    insta::assert_snapshot!(name.as_str(), said);
                });
            }
        }
        assert!(marks > 0, "{} marks nothing", rule.name);
    }
}

#[test]
fn every_finding_says_why_and_what_to_do() {
    for rule in &RULES {
        for (name, text) in fixtures(rule) {
            for finding in found(&name, &text, &only(&[rule.code])).1.iter() {
                assert!(finding.help.is_some() && !finding.label.is_empty(), "{finding:?}");
                assert!(!finding.notes.is_empty() || rule.code == "PS1099", "{finding:?}");
                let first = finding.message.split(' ').next().unwrap();
                assert!(first.starts_with("PS") || !first.starts_with(char::is_uppercase), "{}", finding.message);
            }
        }
    }
}

#[test]
fn fixes_mend_what_they_are_for_and_break_nothing() {
    let mut fixes = BTreeSet::new();
    for rule in &RULES {
        for (name, text) in fixtures(rule) {
            for text in [text.clone(), text.replace('\n', "\r\n")] {
                mended(rule, &name, &text, &mut fixes);
            }
        }
    }
    assert!(fixes.len() > 12, "{fixes:?}");
}

/// Applies each fix to the text by itself.
fn mended(rule: &'static Rule, name: &str, text: &str, fixes: &mut BTreeSet<&'static str>) {
    let levels = only(&[rule.code]);
    let (_, before) = found(name, text, &levels);
    for fix in before.iter().flat_map(|finding| &finding.fixes) {
        let mut mended = text.to_owned();
        let mut edits = fix.edits.clone();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        for edit in edits {
            mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        let (_, after) = found(name, &mended, &levels);
        assert!(after.len() < before.len(), "{}\n{mended}", fix.title);
        assert!(!text.contains('\r') || !mended.replace("\r\n", "").contains('\n'), "{}", fix.title);
        fixes.insert(rule.code);
    }
}

#[test]
fn a_comment_above_the_place_excuses_a_finding_and_is_used() {
    for rule in RULES.iter().filter(|rule| rule.code != "PS1099") {
        for (name, text) in fixtures(rule) {
            excused(rule, &name, &text);
        }
    }
}

fn excused(rule: &Rule, name: &str, text: &str) {
    let levels = only(&[rule.code, "PS1099"]);
    let (sources, before) = found(name, text, &levels);
    for word in [rule.code, rule.name] {
        for finding in before.iter() {
            let mut lines: Vec<&str> = text.lines().collect();
            let comment = format!("  /// @stage.allow({word}): we know");
            let at = line(&sources, finding);
            lines.insert(at - 1, &comment);
            let (sources, after) = found(name, &lines.join("\n"), &levels);
            let same = after.iter().any(|other| line(&sources, other) == at + 1 || other.code == "PS1099");
            assert!(!same, "{name} in line {at}\n{}", report::render(&sources, &after, false));
        }
    }
}

#[test]
fn a_comment_on_the_model_excuses_its_fields_and_keys() {
    let schema = |docs: &str| {
        crate::run::postgres(&format!(
            "{docs}model Item {{\n  id Int @id\n  price Float\n  tags String[]\n  @@index([id])\n}}"
        ))
    };
    let levels = Levels::default();
    let codes = |docs: &str| -> Vec<&str> {
        found("item", &schema(docs), &levels).1.iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(""), ["PS1020", "PS1040", "PS1002"]);
    assert_eq!(codes("/// @stage.allow(PS1020, redundant-index)\n"), ["PS1040"]);
    assert_eq!(codes("/// @stage.allow(advice)\n"), [""; 0]);
    assert_eq!(codes("/// @stage.allow(PS1021)\n"), ["PS1099", "PS1020", "PS1040", "PS1002"]);
}

#[test]
fn many_findings_of_a_rule_are_one_with_the_places_of_the_others() {
    let models: String = (0..40).map(|i| format!("model M{i} {{\n  id Int @id\n  price Float\n}}\n")).collect();
    let (_, few) = found("few", &crate::run::postgres(models.split("model M5 ").next().unwrap()), &Levels::default());
    assert_eq!(few.len(), 5);
    let (sources, many) = found("many", &crate::run::postgres(&models), &Levels::default());
    let [one] = many.iter().collect::<Vec<_>>()[..] else { panic!("{}", report::render(&sources, &many, false)) };
    assert_eq!(one.message, "`M0.price` keeps money as a Float (and 39 more)");
    assert_eq!(one.labels.len(), 12);
    assert!(one.notes.iter().any(|note| note.starts_with("others are in many.prisma: 60, 64,")), "{:?}", one.notes);
}

#[test]
fn what_is_ignored_gets_no_advice() {
    let text = crate::run::postgres("model Old {\n  id Int @id\n  price Float\n  day DateTime\n\n  @@ignore\n}");
    let mut levels = Levels::default();
    levels.set(&[(Selector::Pedantic, Level::Warn)]);
    assert_eq!(found("old", &text, &levels).1.len(), 0);
}

#[test]
fn every_rule_is_written_where_its_name_says() {
    let files = std::fs::read_dir("src/advice/rules").unwrap().count();
    assert_eq!(files, RULES.len(), "a file a rule");
    for rule in &RULES {
        assert!(Path::new(&format!("src/advice/rules/{}.rs", rule.name.replace('-', "_"))).exists(), "{}", rule.name);
        let page = prisma_stage::pages::find(rule.code).unwrap();
        assert_eq!(page.title, rule.name);
        assert_eq!(page.text.starts_with("Pedantic. "), rule.level == Level::Allow, "{}", rule.code);
        assert_eq!(prisma_stage::pages::find(rule.name), Some(page));
    }
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted() && codes.iter().collect::<BTreeSet<_>>().len() == codes.len());
    for path in folder().read_dir().unwrap().flatten().map(|entry| entry.path()) {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(RULES.iter().any(|rule| Some(rule.name) == stem.split("--").next()), "{stem} is of no rule");
    }
}

/// The newest schemas in the shared corpus: files, and folders of them. None where it is not there.
fn finals() -> Vec<Vec<PathBuf>> {
    let mut schemas: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in corpus() {
        let folder = path.parent().unwrap().to_owned();
        if folder.ends_with("finals") {
            schemas.insert(path.clone(), vec![path]);
        } else if path.components().any(|part| part.as_os_str() == "finals_multi") {
            schemas.entry(folder).or_default().push(path);
        }
    }
    schemas.into_values().collect()
}

#[test]
fn the_table_of_the_book_is_what_real_schemas_get() {
    let schemas = finals();
    if schemas.is_empty() {
        return;
    }
    let mut levels = Levels::default();
    levels.set(&[(Selector::Pedantic, Level::Warn)]);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for paths in &schemas {
        let mut sources = Sources::default();
        let texts = paths.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()));
        let files = texts.map(|(name, text)| sources.add(name, text)).collect();
        let files = prisma_stage::source::SchemaFiles { name: "schema".to_owned(), files };
        let checked = validate::check(&sources, &files);
        let found = advice::advise(&sources, &checked.schema, &levels);
        for finding in found.iter() {
            counts.entry(finding.code).or_default().0 += 1;
        }
        for code in found.iter().map(|finding| finding.code).collect::<BTreeSet<_>>() {
            counts.entry(code).or_default().1 += 1;
        }
    }
    let mut table = String::from("| rule | | findings | in so many |\n|---|---|---:|---:|\n");
    for rule in &RULES {
        let (findings, of) = counts.get(rule.code).copied().unwrap_or_default();
        let level = if rule.level == Level::Allow { "pedantic" } else { "" };
        table.push_str(&format!("| {} {} | {level} | {findings} | {of} |\n", rule.code, rule.name));
    }
    let book = std::fs::read_to_string("docs/advice.md").unwrap();
    assert!(book.contains(&format!("{} real schemas", schemas.len())), "of {}", schemas.len());
    assert!(book.contains(&table), "docs/advice.md is to have this table:\n{table}");
}
