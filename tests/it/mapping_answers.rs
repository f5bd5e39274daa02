//! Columns in another shape: what is asked about the way back, every way to answer, and SQL that is none.

use crate::run::{Ran, Scratch, postgres};

const OLD: &str = "  name String\n";
const INTENT: &str = r#"
[using]
"User.firstName" = "split_part(name, ' ', 1)"
"User.lastName" = "split_part(name, ' ', 2)"
[back]
"User.name" = "\"firstName\" || ' ' || \"lastName\""
"#;

fn diff(old: &str, new: &str, intent: &str, more: &[&str]) -> Ran {
    let model = |fields: &str| postgres(&format!("model User {{\n  id Int @id\n{fields}}}\n"));
    let scratch = Scratch::new().file("old.prisma", model(old)).file("new.prisma", model(new));
    let scratch = scratch.file("intent.toml", intent);
    scratch.run(&[&["diff", "old.prisma", "new.prisma", "--format", "short"], more].concat())
}

/// The new fields, with these lines above the first.
fn new(above: &[&str]) -> String {
    let lines: String = above.iter().map(|line| format!("  /// {line}\n")).collect();
    format!("{lines}  firstName String\n  /// @stage.using(\"split_part(name, ' ', 2)\")\n  lastName String\n")
}

const USING: &str = r#"@stage.using("split_part(name, ' ', 1)")"#;

#[test]
fn the_way_back_is_asked_for_with_every_way_to_answer() {
    let ran = diff(OLD, &new(&[USING]), "", &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for answer in
        ["PS0717", "/// @stage.back(name: \"…\")", "/// @stage.back(name: -)", "\"User.name\" = \"…\"", "--assume drop"]
    {
        assert!(ran.stderr.contains(answer), "{answer}\n{}", ran.stderr);
    }
}

#[test]
fn every_way_to_answer_is_understood() {
    let plain = "  firstName String\n  lastName String\n";
    let ran = diff(OLD, plain, INTENT, &["--intent", "intent.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (above, intent, more) in [
        (r#"@stage.back("\"firstName\" || \"lastName\"")"#, "", &[][..]),
        (r#"@stage.back(name: "\"firstName\" || \"lastName\"")"#, "", &[]),
        (r#"@stage.back(User.name: "\"firstName\" || \"lastName\"")"#, "", &[]),
        ("@stage.back(-)", "", &[]),
        ("@stage.back(name: -)", "", &[]),
        ("", "[back]\n\"User.name\" = \"-\"\n", &["--intent", "intent.toml"]),
        ("", "drop = [\"User.name\"]\n", &["--intent", "intent.toml"]),
        ("", "", &["--assume", "drop"]),
    ] {
        let ran = diff(OLD, &new(&[USING, above]), intent, more);
        assert_eq!(ran.code, 0, "{above} {intent} {more:?}\n{}", ran.stderr);
    }
}

#[test]
fn answers_that_make_no_sense_are_errors_that_point_at_themselves() {
    for (above, code, line) in [
        (r#"@stage.using("split_part(name, ' ', 1")"#, "PS0716", 8),
        (r#"@stage.using("name); DROP TABLE \"User\"; --")"#, "PS0716", 8),
        (r#"@stage.using("name FROM secrets")"#, "PS0716", 8),
        (r#"@stage.using("left(nmae, 3) || name")"#, "PS0718", 8),
    ] {
        let ran = diff(OLD, &new(&[above, "@stage.back(-)"]), "", &[]);
        assert_eq!(ran.code, 1, "{above}\n{}", ran.stderr);
        assert!(
            ran.stderr.contains(code) && ran.stderr.contains(&format!("new.prisma:{line}")),
            "{above}\n{}",
            ran.stderr
        );
    }
    for (above, code, says) in [
        (r#"@stage.back("firstName")"#, "PS0718", "write \\\"firstName\\\""),
        (r#"@stage.back(title: "upper(id::text)")"#, "PS0718", "had no field title"),
        ("@stage.back", "PS0713", "not complete"),
    ] {
        let ran = diff(OLD, &new(&[USING, above]), "", &[]);
        assert_eq!(ran.code, 1, "{above}\n{}", ran.stderr);
        assert!(ran.stderr.contains(code) && ran.stderr.contains(says), "{above}\n{}", ran.stderr);
    }
    // Two columns leave, and nobody can tell which one is meant.
    let merged = "  /// @stage.using(\"a || b\")\n  /// @stage.back(\"c\")\n  c String\n";
    let ran = diff("  a String\n  b String\n", merged, "", &[]);
    assert!(ran.code == 1 && ran.stderr.contains("it may be meant for a or b"), "{}", ran.stderr);
    let ran =
        diff(OLD, &new(&[USING, "@stage.back(-)"]), "[back]\n\"User.nmae\" = \"-\"\n", &["--intent", "intent.toml"]);
    assert!(ran.code == 1 && ran.stderr.contains("PS0712"), "{}", ran.stderr);
}
