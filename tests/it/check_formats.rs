//! `check` in every format that machines read.

use crate::json_schema::hold;
use crate::run::{Scratch, postgres};
use prisma_stage::output::json;
use serde_json::Value;
use std::path::Path;

/// Two schemas of several files, one that is fine, one that is not there.
fn schemas() -> Scratch {
    Scratch::new()
        .file("fine.prisma", postgres("model User {\n  id Int @id\n}"))
        .file("blog/base.prisma", "\u{feff}datasource db {\r\n  provider = \"postgresql\"\r\n}\r\n\r\nmodel Author {\r\n  id Int @id\r\n}\r\n")
        .file("blog/post.prisma", "model Post {\n\tid   Int @id\n  a Author /* 🚀 */ @relation(fields: [aId], references: [id])\n  aId Int: @map(\"🚀\")\n  tag Strin @map(\"a, b: 100%\")\n}\n")
}

const ALL: [&str; 4] = ["fine.prisma", "blog", "missing.prisma", "-"];

fn run(format: &str) -> String {
    let args = [&["check", "--stdin-filename", "buffer é.prisma", "--format", format][..], &ALL].concat();
    let ran = schemas()
        .run_with_stdin(&args, &postgres("model A {\n  id Int @id\n  name String @map(\"🚀\",)\n  id String\n}"));
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{format}");
    ran.stdout
}

#[test]
fn short_is_a_line_each() {
    insta::assert_snapshot!("check_short", run("short"));
}

#[test]
fn github_has_its_commands() {
    let text = run("github");
    assert!(text.lines().all(|line| line.starts_with("::error ") && line.matches("::").count() >= 2), "{text}");
    insta::assert_snapshot!("check_github", text);
}

#[test]
fn sarif_is_as_its_standard_has_it() {
    let text = run("sarif");
    hold(include_str!("check/sarif.json"), &text);
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("**What.**"));
    }
    // The pages are in docs; what stands here is the findings.
    let mut log = log;
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        rule["help"] = "…".into();
    }
    log["runs"][0]["tool"]["driver"]["version"] = "…".into();
    log["runs"][0]["tool"]["driver"]["semanticVersion"] = "…".into();
    insta::assert_snapshot!("check_sarif", serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn nothing_to_say_is_said_in_every_format() {
    let scratch = schemas();
    for (format, expected) in [("short", ""), ("github", ""), ("human", "fine.prisma: nothing to say\n")] {
        let ran = scratch.run(&["check", "fine.prisma", "--format", format]);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, expected, ""));
    }
    let ran = scratch.run(&["check", "fine.prisma", "--format", "sarif"]);
    hold(include_str!("check/sarif.json"), &ran.stdout);
    let log: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn json_and_sarif_of_every_fixture_are_as_their_schemas_say() {
    let mut paths: Vec<String> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/error"))
        .unwrap()
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    paths.sort();
    assert!(paths.len() > 80);
    let check = |format: &str| {
        let args: Vec<&str> =
            ["check", "--format", format].into_iter().chain(paths.iter().map(String::as_str)).collect();
        Scratch::new().run(&args).stdout
    };
    hold(&json::check_schema(), &check("json"));
    hold(include_str!("check/sarif.json"), &check("sarif"));
    for line in check("short").lines() {
        let severities = [": error[PS", ": warning[PS", ": note[PS"];
        assert!(severities.iter().any(|severity| line.contains(severity)), "{line}");
    }
}
