//! examples/build-script, run as a build would run it.

#[path = "../../examples/build-script/plan.rs"]
mod example;

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn a_build_writes_the_plan_and_guards_the_one_that_is_checked_in() {
    let root = tempfile::tempdir().unwrap();
    let prisma = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/build-script/prisma");
    fs::create_dir(root.path().join("prisma")).unwrap();
    for name in ["deployed.prisma", "schema.prisma"] {
        fs::copy(prisma.join(name), root.path().join("prisma").join(name)).unwrap();
    }
    let out = root.path().join("target");
    example::build(root.path(), &out).unwrap();
    assert!(out.join("plan/plan.json").exists());

    // A build again changes nothing; a plan that is checked in is held to it.
    example::build(root.path(), &out).unwrap();
    fs::rename(out.join("plan"), root.path().join("plan")).unwrap();
    example::build(root.path(), &out).unwrap();
    // The command line writes the same.
    let mut diff = Command::new(crate::run::BINARY);
    diff.args(["diff", "prisma/deployed.prisma", "prisma/schema.prisma", "-o", "plan", "--check"])
        .current_dir(root.path());
    assert_eq!(crate::run::Ran::of(diff.output().unwrap()).stdout, "plan is up to date\n");
    fs::write(root.path().join("plan/RUNBOOK.md"), "edited by hand\n").unwrap();
    let why = example::build(root.path(), &out).unwrap_err();
    assert!(why.starts_with("plan/RUNBOOK.md is changed"), "{why}");

    fs::write(root.path().join("prisma/schema.prisma"), "").unwrap();
    assert!(example::build(root.path(), &out).unwrap_err().contains("is empty"));
}
