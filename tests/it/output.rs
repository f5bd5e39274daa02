//! What is printed and written, from a plan made by hand that has one of everything.

use crate::script_by_hand::everything;
use prisma_stage::folder::{self, Existing};
use prisma_stage::output::files::files;
use prisma_stage::output::json::How;
use prisma_stage::output::style::{Style, width};
use prisma_stage::output::{Format, render};
use prisma_stage::script::Script;
use std::fs;

#[test]
fn human() {
    insta::assert_snapshot!(render(Format::Human, &everything(), Style::PLAIN));
}

#[test]
fn short() {
    insta::assert_snapshot!(render(Format::Short, &everything(), Style::PLAIN));
}

#[test]
fn sql() {
    insta::assert_snapshot!(render(Format::Sql, &everything(), Style::PLAIN));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(render(Format::Markdown, &everything(), Style::PLAIN));
}

#[test]
fn json() {
    insta::assert_snapshot!(render(Format::Json, &everything(), Style::PLAIN));
}

#[test]
fn runbook() {
    insta::assert_snapshot!(files(&everything()).get("RUNBOOK.md").unwrap());
}

#[test]
fn every_format_ends_with_one_line_feed_and_says_when_there_is_nothing_to_do() {
    for script in [everything(), Script::default()] {
        for format in [Format::Human, Format::Short, Format::Sql, Format::Json, Format::Markdown] {
            let text = render(format, &script, Style::PLAIN);
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{format:?} {text:?}");
            assert!(text.lines().all(|line| line == line.trim_end()), "{format:?} has blanks at the end of a line");
        }
    }
}

#[test]
fn prose_keeps_to_the_width_of_the_terminal() {
    for columns in [60, 80, 140] {
        let text = render(Format::Short, &everything(), Style { width: columns, colour: false });
        for line in text.lines().filter(|line| !line.contains(" · ")) {
            assert!(width(line) <= columns, "{columns}: {line}");
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = render(Format::Human, &everything(), Style::PLAIN);
    let coloured = render(Format::Human, &everything(), Style { colour: true, ..Style::PLAIN });
    assert_ne!(plain, coloured);
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(bare + rest, plain);
}

#[test]
fn a_plan_is_replaced_whole_and_what_is_not_of_it_stays() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("deep/er/plan");
    let all = files(&everything());
    folder::write(&dir, &all, Existing::PlansOnly).unwrap();
    assert_eq!(folder::check(&dir, &all).unwrap(), []);

    // Beside it nothing is left behind.
    assert_eq!(fs::read_dir(dir.parent().unwrap()).unwrap().count(), 1);

    // A smaller plan takes the place of the bigger one, and the files of that go.
    let empty = files(&Script::default());
    folder::write(&dir, &empty, Existing::PlansOnly).unwrap();
    assert_eq!(folder::check(&dir, &empty).unwrap(), []);
    assert!(!dir.join("1-expand").exists());

    // Somebody's notes in it are no reason to refuse, and are kept.
    folder::write(&dir, &all, Existing::PlansOnly).unwrap();
    fs::write(dir.join("1-expand/notes.txt"), "mine").unwrap();
    folder::write(&dir, &empty, Existing::PlansOnly).unwrap();
    let differences = folder::check(&dir, &empty).unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!((differences[0].path.as_str(), differences[0].how), ("1-expand/notes.txt", How::Extra));
    assert!(!dir.join("1-expand/migrations").exists());
}

#[test]
fn a_folder_of_somebody_else_is_refused_unless_forced() {
    let root = tempfile::tempdir().unwrap();
    let all = files(&everything());
    for (name, text) in [("thesis.tex", "years of work"), ("plan.json", "{\"version\": 1}")] {
        let dir = root.path().join(name.replace('.', "-"));
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join(name), text).unwrap();
        let refused = folder::write(&dir, &all, Existing::PlansOnly).unwrap_err();
        assert_eq!(refused.code, "PS0801");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(dir.join(name)).unwrap(), text);
        folder::write(&dir, &all, Existing::Any).unwrap();
    }
    assert_eq!(fs::read_to_string(root.path().join("thesis-tex/thesis.tex")).unwrap(), "years of work");
}

#[test]
fn a_plan_json_that_lies_about_its_files_deletes_none_outside() {
    let root = tempfile::tempdir().unwrap();
    let victim = root.path().join("victim/preflight.sql");
    fs::create_dir(victim.parent().unwrap()).unwrap();
    fs::write(&victim, "mine").unwrap();
    let dir = root.path().join("plan");
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("plan.json"), r#"{"tool": "prisma-stage", "stages": [{"folder": "../victim"}]}"#).unwrap();
    folder::write(&dir, &files(&Script::default()), Existing::PlansOnly).unwrap();
    assert!(victim.exists());
}

#[test]
fn a_comment_on_a_pull_request_is_never_too_long() {
    let mut script = everything();
    let stage = script.stages[0].clone();
    for copies in [40, 400, 4000] {
        script.stages[0].migrations = stage.migrations.iter().cycle().take(copies).cloned().collect();
        script.stages[0].migrations[0].up = "-- long\n".repeat(copies * 20);
        script.changes = script.changes.iter().cycle().take(copies).cloned().collect();
        let text = render(Format::Markdown, &script, Style::PLAIN);
        assert!(text.len() <= 65_536, "{copies}: {}", text.len());
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
}
