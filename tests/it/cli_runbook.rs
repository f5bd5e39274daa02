//! The commands of RUNBOOK.md, word for word, on a server: every stage forwards, then every stage back.

use crate::run::{Ran, Scratch};
use prisma_stage::live::server::{Database, Server, psql};
use prisma_stage::live::snapshot;
use std::path::Path;
use std::process::Command;

/// The first shell block of the runbook in which a line has this in it.
fn command<'a>(runbook: &'a str, mark: &str) -> &'a str {
    let blocks = runbook.split("```sh\n").skip(1).filter_map(|block| block.split_once("```"));
    blocks.map(|(block, _)| block).find(|block| block.contains(mark)).unwrap()
}

fn sh(dir: &Path, database: &Database, script: &str) -> String {
    let path = format!("{}:{}", psql().parent().unwrap().display(), std::env::var("PATH").unwrap());
    let ran = Ran::of(
        Command::new("sh")
            .args(["-e", "-c", script])
            .current_dir(dir)
            .env("PATH", path)
            .env("DATABASE_URL", database.connection())
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 0, "{script}\n{}", ran.stderr);
    assert!(!ran.stderr.contains("ERROR"), "{script}\n{}", ran.stderr);
    ran.stdout
}

/// Runs the queries of a file as the runbook says: no row may come back.
fn quiet(dir: &Path, database: &Database, runbook: &str, file: &str) {
    if !dir.join(file).exists() {
        return;
    }
    let line = runbook.lines().find(|line| line.contains(file)).unwrap();
    let output = sh(dir, database, line.split('`').nth(1).unwrap());
    assert!(output.contains("(0 rows)") && !output.contains("row)"), "{file}: {output}");
}

#[test]
fn what_the_runbook_says_to_run_can_be_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/change/rename-column--unique");
    let case = |name: &str| root.join(name).display().to_string();
    let scratch = Scratch::new();
    let database = Server::shared().unwrap().create(None).unwrap();
    let first = scratch.run(&["diff", "--from-empty", &case("old.prisma"), "--format", "sql"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    database.connect().unwrap().batch_execute(&first.stdout).unwrap();
    let before = snapshot::catalog(&mut database.connect().unwrap()).unwrap();

    let plan = scratch.run(&["diff", &case("old.prisma"), &case("new.prisma"), "-o", "plan"]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    let plan = scratch.path("plan");
    let runbook = std::fs::read_to_string(plan.join("RUNBOOK.md")).unwrap();
    let stages = ["1-expand", "2-backfill", "3-validate", "4-contract"];
    for stage in stages {
        assert!(runbook.contains(&format!("\nstage={stage} ")), "{stage}");
        quiet(&plan, &database, &runbook, &format!("{stage}/preflight.sql"));
        sh(&plan, &database, &format!("stage={stage}\n{}", command(&runbook, "migration.sql")));
        quiet(&plan, &database, &runbook, &format!("{stage}/verify.sql"));
    }
    assert_ne!(snapshot::catalog(&mut database.connect().unwrap()).unwrap(), before);

    let deploy = command(&runbook, "prisma migrate deploy").replace("npx prisma migrate deploy", "true");
    std::fs::create_dir_all(plan.join("prisma/migrations/20200101000000_init")).unwrap();
    for stage in stages {
        sh(&plan, &database, &format!("stage={stage}\n{deploy}"));
    }
    let copies = std::fs::read_dir(plan.join("prisma/migrations")).unwrap().map(|e| e.unwrap().file_name());
    let mut copies: Vec<String> = copies.map(|name| name.into_string().unwrap()).collect();
    copies.sort();
    assert_eq!(copies[0], "20200101000000_init");
    let numbers: Vec<&str> = copies[1..].iter().map(|name| &name[15..19]).collect();
    assert!(numbers.len() > 4 && numbers.is_sorted(), "{copies:?}");

    for stage in stages.iter().rev() {
        sh(&plan, &database, &format!("stage={stage}\n{}", command(&runbook, "down.sql")));
    }
    let after = snapshot::catalog(&mut database.connect().unwrap()).unwrap();
    assert_eq!(snapshot::differences(&after, &before), Vec::<String>::new());
}
