//! Bad input through the real binary: one clear diagnostic, the exit code of the contract, nothing on standard output, nothing written.

use crate::run::{Scratch, postgres};

fn good() -> Scratch {
    Scratch::new().file("good.prisma", postgres("model User {\n  id Int @id\n}"))
}

/// Runs `diff … -o plan` and expects one diagnostic.
fn refused(scratch: &Scratch, args: &[&str], code: &str) -> String {
    let before = scratch.listing();
    let ran = scratch.run(&[&["diff"], args].concat());
    assert_eq!(ran.code, 1, "{args:?}: {}", ran.stderr);
    assert_eq!(ran.codes(), [code], "{args:?}: {}", ran.stderr);
    assert_eq!(ran.stdout, "", "{args:?}");
    assert_eq!(scratch.listing(), before, "{args:?}");
    ran.stderr
}

#[test]
fn a_file_that_is_not_there() {
    let stderr = refused(&good(), &["good.prisma", "missing.prisma", "-o", "plan"], "PS0001");
    assert!(stderr.contains("missing.prisma"), "{stderr}");
}

#[test]
fn a_folder_without_schemas() {
    let scratch = good().file("folder/readme.txt", "no schema");
    refused(&scratch, &["good.prisma", "folder", "-o", "plan"], "PS0005");
}

#[test]
fn not_utf8() {
    let scratch = good().file("latin1.prisma", b"model Caf\xe9 {\n}\n");
    refused(&scratch, &["good.prisma", "latin1.prisma", "-o", "plan"], "PS0003");
}

#[test]
fn an_empty_file() {
    let scratch = good().file("empty.prisma", "");
    refused(&scratch, &["good.prisma", "empty.prisma", "-o", "plan"], "PS0006");
}

#[test]
fn an_intent_file_that_is_not_there() {
    refused(&good(), &["good.prisma", "good.prisma", "--intent", "no.toml", "-o", "plan"], "PS0001");
}

#[test]
fn an_output_folder_of_somebody_else() {
    let scratch = good().file("theirs/thesis.tex", "years of work");
    refused(&scratch, &["good.prisma", "good.prisma", "-o", "theirs"], "PS0801");
    refused(&scratch, &["good.prisma", "good.prisma", "-o", "theirs/thesis.tex"], "PS0802");
    refused(&scratch, &["good.prisma", "good.prisma", "-o", "theirs/thesis.tex/plan"], "PS0802");
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_no_files() {
    // /proc refuses new folders whoever asks, root too.
    refused(&good(), &["good.prisma", "good.prisma", "-o", "/proc/plan"], "PS0802");
    refused(&good(), &["good.prisma", "good.prisma", "-o", "/proc/deep/er/plan"], "PS0802");
    refused(&good(), &["good.prisma", "good.prisma", "-o", "/proc/plan", "--force"], "PS0802");
}

#[test]
fn in_json_the_diagnostics_are_on_standard_output() {
    let ran = good().run(&["diff", "good.prisma", "missing.prisma", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["ok"], false);
    assert_eq!(json["diagnostics"][0]["code"], "PS0001");
}
