//! Bad input through `check`: one clear diagnostic, the exit code of the contract, bounded time, memory and output.

use crate::run::{Ran, Scratch, postgres};
use std::process::{Command, Stdio};

/// Checks a text, and expects these codes first, exit code 1, and little output in every format.
fn refused(text: impl AsRef<[u8]>, codes: &[&str]) -> String {
    let scratch = Scratch::new().file("a.prisma", text);
    let ran = scratch.run(&["check", "a.prisma"]);
    let found = ran.codes();
    let first: Vec<&str> = found.iter().take(codes.len()).map(String::as_str).collect();
    assert_eq!((ran.code, &first[..]), (1, codes), "{}", ran.stderr);
    assert!(ran.stderr.len() < 40_000, "{}", ran.stderr.len());
    ran.stderr
}

fn model(lines: &str) -> String {
    postgres(&format!("model A {{\n  id Int @id\n{lines}}}"))
}

#[test]
fn brackets_calls_and_lists_may_nest_as_they_like() {
    for (open, close) in [("[", "]"), ("f(", ")"), ("(", ")"), ("{ a: ", " }"), ("[f(", ")]")] {
        let nested = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        refused(model(&format!("  x Int @default({nested})\n")), &["PS0119"]);
        refused(model(&format!("  x Int @default({}\n", open.repeat(20_000))), &["PS0119"]);
        refused(nested, &["PS0119"]);
    }
}

#[test]
fn composite_types_may_hold_each_other() {
    let mongo = "datasource db {\n  provider = \"mongodb\"\n}\n";
    let id = "id String @id @map(\"_id\") @db.ObjectId";
    let round = |n: usize, required: &str| -> String {
        let all: String =
            (0..n).map(|i| format!("type T{i} {{\n  x T{}{required}\n  s String\n}}\n", (i + 1) % n)).collect();
        format!("{mongo}{all}model M {{\n  {id}\n  t T0\n  @@index([t{}.s])\n}}\n", ".x".repeat(30))
    };
    for n in [1, 2, 7, 4_000] {
        let scratch = Scratch::new().file("a.prisma", round(n, "?"));
        let ran = scratch.run(&["check", "a.prisma"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "a circle of {n}");
        // A circle of required ones could hold nothing; whatever is said of it, it ends.
        let scratch = Scratch::new().file("a.prisma", round(n, ""));
        let ran = scratch.run(&["check", "a.prisma"]);
        assert!(ran.code < 2 && ran.stderr.len() < 60_000, "{}", ran.stderr);
    }
}

#[test]
fn very_many_of_anything_is_read_or_refused_and_said_in_few_words() {
    let many = |line: &str, n: usize| line.repeat(n);
    refused(model(&(0..1_000_000).map(|i| format!("  f{i} Int\n")).collect::<String>()), &["PS0192"]);
    refused(model(&many("  x String @default(\"", 1)) + &many("x", 10_000_000) + "\")\n}\n", &["PS0192"]);
    refused(model(&("  ".to_owned() + &many("x", 2_000_000) + " Int\n")), &["PS0192"]);
    refused(model(&("  x Int @@".to_owned() + &many("@map ", 1_000_000) + "\n")), &["PS0192"]);
    // In several blocks, all of it is read.
    let blocks: String = (0..4_000).map(|i| format!("model M{i} {{\n  id Int @id\n  x Strin\n}}\n")).collect();
    let said = refused(postgres(&blocks), &["PS0202"; 50]);
    assert!(said.contains("error[PS0198]: and 3000 more in this schema"), "{}", &said[said.len() - 2_000..]);
    refused(postgres(&"model A {\n  id Int @id\n}\n".repeat(30_000)), &["PS0201"; 50]);
    refused("datasource db {\n  provider = \"postgresql\"\n}\n".repeat(5_000), &["PS0402"; 50]);
}

#[test]
fn very_many_findings_are_counted_in_every_format() {
    let blocks: String = (0..2_500).map(|i| format!("model M{i} {{\n  id Int @id\n  x Strin\n}}\n")).collect();
    let scratch = Scratch::new().file("a.prisma", postgres(&blocks));
    for format in ["short", "json", "sarif", "github"] {
        let ran = scratch.run(&["check", "a.prisma", "--format", format]);
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
        assert!(ran.stdout.contains("and 1500 more in this schema"), "{format}");
        assert!(ran.stdout.len() < 4_000_000, "{format}: {}", ran.stdout.len());
    }
    // What is mended is mended in rounds; it ends.
    let mended = scratch.run(&["check", "a.prisma", "--fix"]);
    assert!(mended.code == 1 && mended.stdout.contains("500 fixes applied"), "{}", &mended.stdout[..100]);
}

#[test]
fn characters_that_are_none() {
    refused(model("  s\0 String\n"), &["PS0112"]);
    refused(model("  s String @default(\"a\0b\")\n"), &["PS0115"]);
    refused(vec![0; 100_000], &["PS0101"]);
    refused(model("  s String @default(\"\\ud800\")\n"), &["PS0115"]);
    refused(model("  s String @default(\"\\udc00\\ud800\")\n"), &["PS0115"]);
    refused(model("  s String @default(\"\\ud83dx\")\n"), &["PS0115"]);
    let said = refused([model("").as_bytes(), b"// caf\xe9\n"].concat(), &["PS0003"]);
    assert!(said.contains("in line 10") || said.contains("in line 9"), "{said}");
    refused(b"\xff\xfem\0o\0d\0e\0l\0", &["PS0003"]);
    let fine = Scratch::new().file("a.prisma", model("  s String @default(\"\\ud83d\\ude00\\u0000\")\n"));
    assert_eq!(fine.run(&["check", "a.prisma"]).code, 0);
}

#[test]
fn nothing_is_no_schema() {
    refused("", &["PS0006"]);
    refused("\u{feff}\r\n \t\n", &["PS0006"]);
    refused("// nothing\n/// at all\n", &["PS0401"]);
    refused("/* nothing */", &["PS0401"]);
    let ran = Scratch::new().run_with_stdin(&["check", "-"], "");
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS0006".to_owned()]));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new().file("fine/a.prisma", postgres("model A {\n  id Int @id\n}"));
    std::fs::create_dir(scratch.path("folder.prisma")).unwrap();
    std::fs::create_dir(scratch.path("pipes")).unwrap();
    symlink("loop.prisma", scratch.path("loop.prisma")).unwrap();
    symlink(scratch.path("fine"), scratch.path("fine/again")).unwrap();
    let codes = |argument: &str| {
        let ran = scratch.run(&["check", argument]);
        (ran.code, ran.codes())
    };
    assert_eq!(codes("folder.prisma"), (1, vec!["PS0005".to_owned()]));
    assert_eq!(codes("loop.prisma"), (1, vec!["PS0002".to_owned()]));
    assert_eq!(codes("fine/a.prisma/b"), (1, vec!["PS0002".to_owned()]));
    assert_eq!(codes("fine"), (0, Vec::new()));
    for pipe in ["pipe.prisma", "pipes/pipe.prisma"] {
        let made = Command::new("mkfifo").arg(scratch.path(pipe)).status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("skipped: there is no mkfifo(1)");
            return;
        }
    }
    assert_eq!(codes("pipe.prisma"), (1, vec!["PS0002".to_owned()]));
    assert_eq!(codes("pipes"), (1, vec!["PS0002".to_owned()]));
}

#[cfg(target_os = "linux")]
#[test]
fn pipes_of_a_shell_are_read() {
    let scratch = Scratch::new().file("a.prisma", postgres("model A {\n  id Int @id\n}"));
    let script = "\"$0\" check <(cat a.prisma) --format short";
    let mut command = Command::new("bash");
    command.args(["-c", script, crate::run::BINARY]).current_dir(scratch.path("")).stdin(Stdio::null());
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no bash(1)");
        return;
    };
    let ran = Ran::of(output);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
}

#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_read_as_far_as_a_schema_goes() {
    let ran = Scratch::new().run(&["check", "/dev/zero"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS0004".to_owned()]));
}

#[test]
fn folders_may_have_thousands_of_files() {
    let mut scratch = Scratch::new().file("s/base.prisma", postgres(""));
    for n in 0..3_000 {
        scratch = scratch.file(&format!("s/{}/{n}.prisma", n % 50), format!("model M{n} {{\n  id Int @id\n}}\n"));
    }
    let ran = scratch.run(&["check", "s"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for n in 0..5 {
        scratch = scratch.file(&format!("large/{n}.prisma"), vec![b' '; 15 << 20]);
    }
    assert_eq!(scratch.run(&["check", "large"]).codes(), ["PS0004"]);
}
