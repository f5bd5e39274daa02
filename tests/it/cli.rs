//! The command line: help, usage, exit codes, streams.

use crate::run::{Ran, Scratch, postgres};
use std::process::Stdio;

fn schemas() -> Scratch {
    Scratch::new()
        .file("old.prisma", postgres("model User {\n  id Int @id\n}"))
        .file("new.prisma", postgres("model User {\n  id   Int     @id\n  name String?\n}"))
}

#[test]
fn help_teaches_by_example() {
    insta::assert_snapshot!("help", schemas().run(&["--help"]).stdout);
    insta::assert_snapshot!("help_diff", schemas().run(&["diff", "--help"]).stdout);
}

#[test]
fn help_and_version_are_answers() {
    for args in [&["--help"][..], &["-h"], &["help", "diff"], &["--version"], &["-V"]] {
        let ran = schemas().run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
        assert!(ran.stdout.starts_with("prisma-stage 0.") || ran.stdout.contains("Usage:"), "{args:?}");
    }
}

#[test]
fn bad_usage_is_64_and_says_so_on_standard_error() {
    for args in [
        &[][..],
        &["frobnicate"],
        &["diff"],
        &["diff", "old.prisma"],
        &["diff", "old.prisma", "new.prisma", "third.prisma"],
        &["diff", "--from-empty", "old.prisma", "new.prisma"],
        &["diff", "--from-empty", "--to-empty", "new.prisma"],
        &["diff", "-", "-"],
        &["diff", "old.prisma", "new.prisma", "--format", "yaml"],
        &["diff", "old.prisma", "new.prisma", "--color", "green"],
        &["diff", "old.prisma", "new.prisma", "--strategy", "reckless"],
        &["diff", "old.prisma", "new.prisma", "--assume", "everything"],
        &["diff", "old.prisma", "new.prisma", "--rename", "User.name"],
        &["diff", "old.prisma", "new.prisma", "--rename", "=x"],
        &["diff", "old.prisma", "new.prisma", "--check"],
        &["diff", "old.prisma", "new.prisma", "--force"],
        &["diff", "old.prisma", "new.prisma", "-o", "plan", "--check", "--force"],
        &["diff", "old.prisma", "new.prisma", "--frobnicate"],
        &["completions", "cmd.exe"],
        &["schema", "everything"],
    ] {
        let scratch = schemas();
        let ran = scratch.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}");
        assert!(ran.stderr.contains("Usage:") || ran.stderr.contains("--help"), "{args:?}: {}", ran.stderr);
        assert_eq!(scratch.listing(), ["new.prisma", "old.prisma"], "{args:?}");
    }
}

#[test]
fn completions_and_manual_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = schemas().run(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("from-empty"), "{shell}");
    }
    let man = schemas().run(&["man"]);
    assert_eq!(man.code, 0);
    assert!(man.stdout.starts_with(".ie") || man.stdout.contains(".TH"), "{}", man.stdout);
}

#[test]
fn colour_is_for_terminals_or_where_it_is_asked_for() {
    let coloured = |ran: &Ran| ran.stderr.contains('\u{1b}');
    let missing = &["diff", "old.prisma", "no.prisma"][..];
    assert!(!coloured(&schemas().run(missing)));
    assert!(coloured(&schemas().run(&[missing, &["--color", "always"]].concat())));
    assert!(!coloured(&schemas().run(&[missing, &["--color", "never"]].concat())));
    let no_color = schemas().command(missing).env("NO_COLOR", "1").output().unwrap();
    assert!(!coloured(&Ran::of(no_color)));
}

#[test]
fn a_pipe_that_is_closed_early_is_no_error() {
    let scratch = schemas();
    for args in [&["diff", "old.prisma", "new.prisma"][..], &["schema", "plan"], &["completions", "bash"], &["--help"]]
    {
        let mut child = scratch.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_said() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = Ran::of(schemas().command(&["schema", "plan"]).stdout(full).stderr(Stdio::piped()).output().unwrap());
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS0805".to_owned()]));
}

#[test]
fn one_schema_may_come_from_standard_input() {
    let scratch = schemas();
    let text = std::fs::read_to_string(scratch.path("new.prisma")).unwrap();
    let ran = scratch.run_with_stdin(&["diff", "old.prisma", "-"], &text);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.stdout, scratch.run(&["diff", "old.prisma", "new.prisma"]).stdout);
}

#[test]
fn check_says_what_is_wrong_and_with_which_schema() {
    let scratch = schemas().file("wrong.prisma", postgres("model User {\n  id  Int @id\n  é   Strin\n}"));
    let fine = scratch.run(&["check", "old.prisma", "new.prisma"]);
    assert_eq!((fine.code, fine.stderr.as_str()), (0, ""));
    assert_eq!(fine.stdout, "old.prisma: nothing to say\nnew.prisma: nothing to say\n");

    let wrong = scratch.run(&["check", "old.prisma", "wrong.prisma", "missing.prisma"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.stderr.contains("wrong.prisma:8") && wrong.stderr.contains("missing.prisma"), "{}", wrong.stderr);

    let json = scratch.run(&["check", "--format", "json", "old.prisma", "wrong.prisma", "missing.prisma"]);
    assert_eq!((json.code, json.stderr.as_str()), (1, ""));
    crate::json_schema::hold(&prisma_stage::output::json::check_schema(), &json.stdout);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let ok: Vec<bool> = json["schemas"].as_array().unwrap().iter().map(|s| s["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, false]);
    assert_eq!(json["schemas"][0]["provider"], "postgresql");
    assert_eq!(json["schemas"][1]["diagnostics"][0]["span"]["start"]["line"], 8);
}

#[test]
fn exit_codes_say_whether_there_is_a_plan() {
    let scratch = schemas();
    assert_eq!(scratch.run(&["diff", "old.prisma", "new.prisma"]).code, 0);
    assert_eq!(scratch.run(&["diff", "old.prisma", "new.prisma", "--exit-code"]).code, 2);
    assert_eq!(scratch.run(&["diff", "old.prisma", "old.prisma", "--exit-code"]).code, 0);
    assert_eq!(scratch.run(&["diff", "--from-empty", "old.prisma", "--exit-code"]).code, 2);
    assert_eq!(scratch.run(&["diff", "old.prisma", "--to-empty", "--exit-code"]).code, 2);
}

#[test]
fn a_folder_is_checked_file_by_file() {
    let scratch = schemas();
    let check = |scratch: &Scratch| scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan", "--check"]);
    let none = check(&scratch);
    assert_eq!(none.code, 2);
    assert!(none.stdout.contains("missing  RUNBOOK.md"), "{}", none.stdout);
    assert!(!scratch.path("plan").exists());

    let wrote = scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan"]);
    assert_eq!((wrote.code, wrote.stderr.as_str()), (0, ""));
    assert!(wrote.stdout.contains("Wrote 6 files to plan"), "{}", wrote.stdout);
    let fine = check(&scratch);
    assert_eq!((fine.code, fine.stdout.as_str()), (0, "plan is up to date\n"));

    std::fs::write(scratch.path("plan/RUNBOOK.md"), "mine").unwrap();
    std::fs::write(scratch.path("plan/notes.txt"), "mine").unwrap();
    let changed = check(&scratch);
    assert_eq!(changed.code, 2);
    assert!(changed.stdout.contains("  changed  RUNBOOK.md\n  extra    notes.txt\n"), "{}", changed.stdout);
}

#[test]
fn the_same_plan_wherever_the_schemas_are_and_whatever_they_are_called() {
    let scratch = schemas();
    let elsewhere = Scratch::new();
    for (from, to) in [("old.prisma", "deep/er/before.prisma"), ("new.prisma", "deep/er/new.prisma")] {
        std::fs::create_dir_all(elsewhere.path("deep/er")).unwrap();
        std::fs::copy(scratch.path(from), elsewhere.path(to)).unwrap();
    }
    let here = scratch.run(&["diff", "old.prisma", "new.prisma", "--format", "json"]);
    let there = elsewhere.run(&["diff", "./deep/er/before.prisma", "deep/er/new.prisma", "--format", "json"]);
    assert_eq!(here.code, 0);
    assert_eq!(here.stdout, there.stdout);
    scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan"]);
    assert_eq!(std::fs::read_to_string(scratch.path("plan/plan.json")).unwrap(), here.stdout);
}

#[test]
fn a_question_stops_with_3_and_an_answer_is_listed_as_a_decision() {
    let scratch = schemas()
        .file("required.prisma", postgres("model User {\n  id   Int    @id\n  name String\n}"))
        .file("mine.toml", "[fallback]\n\"User.name\" = \"nobody\"\n");
    let asked = scratch.run(&["diff", "old.prisma", "required.prisma", "-o", "plan"]);
    assert_eq!((asked.code, asked.stdout.as_str()), (3, ""));
    assert_eq!(asked.codes(), ["PS0703"]);
    for answer in ["--assume placeholder", "/// @stage.fallback(\"…\")", "1 decision needed first; no plan was written"]
    {
        assert!(asked.stderr.contains(answer), "{answer}: {}", asked.stderr);
    }
    assert!(!scratch.path("plan").exists());

    let json = scratch.run(&["diff", "old.prisma", "required.prisma", "--format", "json"]);
    assert_eq!((json.code, json.stderr.as_str()), (3, ""));
    crate::json_schema::hold(&prisma_stage::output::json::failure_schema(), &json.stdout);
    assert!(json.stdout.contains("--assume placeholder"));

    for answer in [["--assume", "placeholder"], ["--intent", "mine.toml"]] {
        let args = [&["diff", "old.prisma", "required.prisma", "--format", "json"][..], &answer].concat();
        let answered = scratch.run(&args);
        assert_eq!((answered.code, answered.stderr.as_str()), (0, ""));
        let plan: serde_json::Value = serde_json::from_str(&answered.stdout).unwrap();
        assert_eq!(plan["decisions"][0]["subject"], "User.name");
    }
}

#[test]
fn open_questions_are_written_as_a_file_to_fill_in() {
    let old = "model User {\n  id    Int     @id\n  name  String\n  state State\n}\nenum State {\n  NEW\n  LOST\n}";
    let new = "model User {\n  id       Int     @id\n  fullName String\n  age      Int\n  state    State\n}\nenum State {\n  NEW\n}";
    let scratch = Scratch::new().file("old.prisma", postgres(old)).file("new.prisma", postgres(new));
    let asked = scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan"]);
    assert_eq!(asked.code, 3);
    assert!(asked.stderr.contains("The questions are in plan.intent.toml"), "{}", asked.stderr);
    assert_eq!(scratch.listing(), ["new.prisma", "old.prisma", "plan.intent.toml"]);
    let text = std::fs::read_to_string(scratch.path("plan.intent.toml")).unwrap();
    insta::assert_snapshot!("intent_to_fill_in", text);

    // As it is, it answers nothing, and is a file that can be given.
    let args = ["diff", "old.prisma", "new.prisma", "--intent", "plan.intent.toml", "--format", "json"];
    assert_eq!(scratch.run(&args).code, 3);
    // Each of these lines, without the sign before it, is the answer to one question.
    let mut filled = text.clone();
    for line in ["\"User.name\" = \"fullName\"", "\"State.LOST\" = \"NEW\"", "\"User.age\" = \"…\""] {
        assert!(text.contains(&format!("\n# {line}")), "{line}: {text}");
        filled = filled.replace(&format!("\n# {line}"), &format!("\n{}", line.replace('…', "0")));
    }
    std::fs::write(scratch.path("plan.intent.toml"), &filled).unwrap();
    let answered = scratch.run(&args);
    assert_eq!(answered.code, 0, "{}", answered.stdout);

    // What is there stays as it is.
    let again = scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan"]);
    assert!(again.stderr.contains("is there already and stays as it is"), "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(scratch.path("plan.intent.toml")).unwrap(), filled);
    let elsewhere = scratch.run(&["diff", "old.prisma", "new.prisma", "--intent-out", "mine.toml"]);
    assert_eq!((elsewhere.code, std::fs::read_to_string(scratch.path("mine.toml")).unwrap()), (3, text));
    let nowhere = scratch.run(&["diff", "old.prisma", "new.prisma"]);
    assert!(nowhere.stderr.contains("--intent-out FILE"), "{}", nowhere.stderr);
}

/// Runs in a terminal made by script(1), with these lines typed; None where there is no such program.
#[cfg(target_os = "linux")]
#[allow(clippy::print_stderr)]
fn typed(scratch: &Scratch, command: &str, lines: &str) -> Option<(i32, String)> {
    use std::io::Write;
    let line = format!("{} {command}", crate::run::BINARY);
    let child = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(scratch.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: there is no script(1)");
        return None;
    };
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Some((output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap()))
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_asks() {
    let scratch = schemas().file("required.prisma", postgres("model User {\n  id   Int    @id\n  name String\n}"));
    let command = "diff old.prisma required.prisma --format short --color never";
    let Some((code, text)) = typed(&scratch, command, "9\n4\n") else { return };
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("To answer so without being asked: --assume placeholder"), "{text}");
    assert!(text.contains("Add column \"User\".\"name\""), "{text}");

    let (code, text) = typed(&scratch, command, "\n").unwrap();
    assert_eq!(code, 3, "{text}");
    let (code, text) = typed(&scratch, command, "s\n").unwrap();
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("1 of 1: ") && text.contains("--intent-out FILE"), "{text}");
    let (code, text) = typed(&scratch, &format!("{command} --no-input"), "").unwrap();
    assert_eq!(code, 3, "{text}");
    assert!(!text.contains("Your answer"), "{text}");
    let (code, text) = typed(&scratch, &format!("{command} -o plan --check"), "").unwrap();
    assert_eq!(code, 3, "{text}");
    assert!(!text.contains("Your answer"), "{text}");
}
