//! What becomes of enum values that left: asked, answered, and answers that make no sense.

use crate::run::{Ran, Scratch, postgres};

fn diff(old: &str, new: &str, more: &[&str]) -> Ran {
    let models = |e: &str| postgres(&format!("model Lead {{\n  id Int @id\n  stage Stage\n}}\n{e}"));
    let scratch = Scratch::new().file("old.prisma", models(old)).file("new.prisma", models(new));
    let scratch = scratch.file("intent.toml", "[map]\n\"Stage.SIGN_UP\" = \"signUp\"\n");
    scratch.run(&[&["diff", "old.prisma", "new.prisma", "--format", "short"], more].concat())
}

const OLD: &str = "enum Stage {\n  NEW\n  SIGN_UP\n  LOST\n}";
const NEW: &str = "enum Stage {\n  NEW\n  signUp\n}";

#[test]
fn a_value_that_left_is_asked_about_with_every_way_to_answer() {
    let ran = diff(OLD, NEW, &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for answer in [
        "/// @stage.map(SIGN_UP: signUp, LOST: NEW)",
        "--rename Stage.SIGN_UP=signUp",
        "--rename Stage.LOST=NEW",
        "\"Stage.SIGN_UP\" = \"signUp\"",
        "/// @stage.map(SIGN_UP: -, LOST: -)",
        "--assume placeholder",
    ] {
        assert!(ran.stderr.contains(answer), "{answer}\n{}", ran.stderr);
    }
    // One answer leaves the question of the other value.
    let ran = diff(OLD, NEW, &["--rename", "Stage.SIGN_UP=signUp"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(!ran.stderr.contains("Stage.SIGN_UP=") && ran.stderr.contains("LOST left enum"), "{}", ran.stderr);
}

#[test]
fn every_way_to_answer_is_understood() {
    for more in [
        &["--rename", "Stage.SIGN_UP=signUp", "--rename", "Stage.LOST=NEW"][..],
        &["--intent", "intent.toml", "--rename", "Stage.LOST=NEW"],
        &["--assume", "placeholder"],
    ] {
        let ran = diff(OLD, NEW, more);
        assert_eq!(ran.code, 0, "{more:?}\n{}", ran.stderr);
    }
    let said = format!("/// @stage.map(SIGN_UP: signUp, LOST: -)\n{NEW}");
    assert_eq!(diff(OLD, &said, &[]).code, 0);
}

#[test]
fn answers_that_make_no_sense_are_errors_that_point_at_themselves() {
    for (new, more, code) in [
        // No value of the new enum.
        (format!("/// @stage.map(SIGN_UP: NOPE, LOST: NEW)\n{NEW}"), &[][..], "PS0715"),
        // Two answers.
        (format!("/// @stage.map(SIGN_UP: signUp, LOST: NEW)\n{NEW}"), &["--rename", "Stage.LOST=signUp"], "PS0711"),
        // A value that did not leave.
        (OLD.to_owned(), &["--rename", "Stage.LOST=NEW"], "PS0712"),
        // Not a pair of values.
        (format!("/// @stage.map(SIGN_UP)\n{NEW}"), &["--assume", "placeholder"], "PS0713"),
    ] {
        let ran = diff(OLD, &new, more);
        assert_eq!(ran.code, 1, "{code}\n{}", ran.stderr);
        assert!(ran.stderr.contains(code), "{code}\n{}", ran.stderr);
    }
}

#[test]
fn an_enum_that_takes_the_place_of_another_is_asked_about_and_an_order_is_told() {
    let column = |ty: &str, e: &str| postgres(&format!("model Lead {{\n  id Int @id\n  stage {ty}\n}}\n{e}"));
    let run = |new: &str, more: &[&str]| {
        let scratch =
            Scratch::new().file("old.prisma", column("Stage", "enum Stage {\n  A\n  B\n}")).file("new.prisma", new);
        scratch.run(&[&["diff", "old.prisma", "new.prisma", "--format", "short"], more].concat())
    };
    let other = column("Step", "enum Step {\n  A\n  B\n}");
    let ran = run(&other, &[]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("@@map(\"Stage\")") && ran.stderr.contains("--rename Stage=Step"), "{}", ran.stderr);
    assert_eq!(run(&other, &["--rename", "Stage=Step"]).code, 0);
    assert_eq!(run(&other, &["--assume", "drop", "--assume", "switch"]).code, 0);
    let ran = run(&column("Stage", "enum Stage {\n  B\n  A\n}"), &["--exit-code"]);
    assert_eq!(ran.code, 0, "an order is no change");
    assert!(ran.stderr.contains("PS0731"), "{}", ran.stderr);
}
