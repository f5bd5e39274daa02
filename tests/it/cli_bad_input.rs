//! Bad input through the real binary: one clear diagnostic, the exit code of the contract, nothing on standard output, nothing written.

use crate::run::{BINARY, Ran, Scratch, postgres};

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
fn table_sizes_that_are_none() {
    let scratch = good().file("sizes.json", "[1, 2]");
    refused(&scratch, &["good.prisma", "good.prisma", "--stats", "sizes.json", "-o", "plan"], "PS0009");
    refused(&scratch, &["good.prisma", "good.prisma", "--stats", "no.json", "-o", "plan"], "PS0001");
}

#[test]
fn an_empty_folder() {
    let scratch = good();
    std::fs::create_dir(scratch.path("nothing")).unwrap();
    refused(&scratch, &["good.prisma", "nothing", "-o", "plan"], "PS0005");
}

#[test]
fn a_database_without_migrations() {
    let text = "datasource db {\n  provider = \"mongodb\"\n  url = env(\"URL\")\n}\nmodel A {\n  id String @id @map(\"_id\")\n}\n";
    let scratch = good().file("mongo.prisma", text).file("mongo2.prisma", text);
    let stderr = refused(&scratch, &["mongo.prisma", "mongo2.prisma", "-o", "plan"], "PS0723");
    assert!(stderr.contains("MongoDB"), "{stderr}");
}

#[test]
fn no_datasource() {
    let scratch = good().file("bare.prisma", "model A {\n  id Int @id\n}\n");
    let stderr = refused(&scratch, &["good.prisma", "bare.prisma", "-o", "plan"], "PS0401");
    assert!(stderr.contains("bare.prisma:1:1"), "{stderr}");
}

#[test]
fn two_providers() {
    let mysql = postgres("model User {\n  id Int @id\n}").replace("postgresql", "mysql");
    let scratch = good().file("mysql.prisma", mysql);
    let stderr = refused(&scratch, &["good.prisma", "mysql.prisma", "-o", "plan"], "PS0722");
    assert!(stderr.contains("mysql.prisma:2") && stderr.contains("good.prisma:2"), "{stderr}");
}

#[test]
fn fifty_megabytes_of_noise() {
    // The same on every machine: a small linear congruential generator, of bytes and of letters.
    let noise = |alphabet: fn(u8) -> u8| -> Vec<u8> {
        let mut state = 12345_u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            alphabet((state >> 24) as u8)
        };
        (0..1 << 20).map(step).collect::<Vec<u8>>().repeat(50)
    };
    let scratch = good().file("bytes.prisma", noise(|b| b)).file("text.prisma", noise(|b| b' ' + b % 95));
    for name in ["bytes.prisma", "text.prisma"] {
        let stderr = refused(&scratch, &["good.prisma", name, "-o", "plan"], "PS0004");
        assert!(stderr.len() < 1000, "{stderr}");
    }
}

#[test]
fn noise_that_is_small_enough_to_be_read() {
    let lines: String = (0..200_000).map(|i| format!("@@{i} }}{{ ((( \"\n")).collect();
    let scratch = good().file("noise.prisma", lines);
    let ran = scratch.run(&["diff", "good.prisma", "noise.prisma", "-o", "plan"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.len() < 100_000, "{}", ran.stderr.len());
    assert!(!scratch.path("plan").exists());
}

#[test]
fn a_server_that_is_unknown() {
    refused(&good(), &["good.prisma", "good.prisma", "--target", "postgresql@banana", "-o", "plan"], "PS0725");
}

#[test]
fn the_same_file_twice_is_no_bad_input() {
    let scratch = good();
    let ran = scratch.run(&["diff", "good.prisma", "good.prisma", "-o", "plan", "--exit-code"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("Nothing to do"), "{}", ran.stdout);
    assert_eq!(scratch.listing(), ["good.prisma", "plan", "plan/RUNBOOK.md", "plan/plan.json"]);
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

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_in_the_middle() {
    let bigger = postgres("model User {\n  id Int @id\n  name String?\n  @@index([name])\n}");
    let scratch = good().file("new.prisma", bigger);
    let full = |scratch: &Scratch| {
        // A limit on the size of files stands for a full disk: writes fail after the first kilobytes.
        let script = "trap '' XFSZ; ulimit -f 2; exec \"$0\" diff good.prisma new.prisma -o plan";
        let mut command = std::process::Command::new("sh");
        Ran::of(command.args(["-c", script, BINARY]).current_dir(scratch.path("")).output().unwrap())
    };
    let ran = full(&scratch);
    assert_eq!((ran.code, ran.codes(), ran.stdout.as_str()), (1, vec!["PS0802".to_owned()], ""), "{}", ran.stderr);
    assert_eq!(scratch.listing(), ["good.prisma", "new.prisma"]);

    // An earlier plan stays as it was.
    assert_eq!(scratch.run(&["diff", "good.prisma", "good.prisma", "-o", "plan"]).code, 0);
    assert_eq!(full(&scratch).code, 1);
    assert_eq!(scratch.run(&["diff", "good.prisma", "good.prisma", "-o", "plan", "--check"]).code, 0);
    assert_eq!(scratch.listing(), ["good.prisma", "new.prisma", "plan", "plan/RUNBOOK.md", "plan/plan.json"]);
}
