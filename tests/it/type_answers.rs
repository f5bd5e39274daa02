//! Types that no client bridges, and types that nothing converts: asked, with every way to answer.

use crate::run::{Ran, Scratch, postgres};

fn diff(old: &str, new: &str, more: &[&str]) -> Ran {
    let model = |field: &str| postgres(&format!("model Contact {{\n  id Int @id\n{field}\n}}\n"));
    let scratch = Scratch::new().file("old.prisma", model(old)).file("new.prisma", model(new));
    let scratch = scratch.file("switch.toml", "[strategy]\n\"Contact.phone\" = \"switch\"\n");
    let scratch = scratch.file("back.toml", "[back]\n\"Contact.flag\" = \"CASE WHEN flag THEN now() END\"\n");
    scratch.run(&[&["diff", "old.prisma", "new.prisma", "--format", "short"], more].concat())
}

#[test]
fn nobody_is_stopped_without_having_been_asked() {
    let ran = diff("  phone String", "  phone String[]", &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let first = ran.stderr.find("@map(\"phone_v2\")").expect("a column of its own is offered");
    let second = ran.stderr.find("/// @stage.strategy(switch)").expect("a pause is offered");
    assert!(first < second, "{}", ran.stderr);
    for (field, more) in [
        ("  phone String[]", &["--intent", "switch.toml"][..]),
        ("  phone String[]", &["--assume", "switch"]),
        ("  /// @stage.strategy(switch)\n  phone String[]", &[]),
        ("  phone String[] @map(\"phone_v2\")", &[]),
    ] {
        let ran = diff("  phone String", field, more);
        assert_eq!(ran.code, 0, "{field} {more:?}\n{}", ran.stderr);
    }
    // The types agree, the values do not.
    let computed = |more: &[&str]| {
        diff(
            "  phone Int",
            "  /// @stage.using(\"phone * 100\")\n  /// @stage.back(\"phone / 100\")\n  phone BigInt",
            more,
        )
    };
    assert_eq!((computed(&[]).code, computed(&["--assume", "switch"]).code), (3, 0));
    for (using, code) in [
        ("phone::bigint", 0),
        ("CAST(phone AS BIGINT)", 0),
        ("CAST(phone AS BIGINT) * 100", 3),
        ("phone::bigint / 10", 3),
        ("CASE WHEN phone::bigint IS NULL THEN 0 ELSE 1 END", 3),
    ] {
        let field = format!("  /// @stage.using(\"{using}\")\n  /// @stage.back(\"phone\")\n  phone BigInt");
        let ran = diff("  phone Int", &field, &[]);
        assert_eq!(ran.code, code, "{using}\n{}", ran.stderr);
    }
    let wrong = diff("  phone String", "  /// @stage.strategy(parallel)\n  phone String[]", &[]);
    assert!(wrong.code == 1 && wrong.stderr.contains("PS0713"), "{}", wrong.stderr);
}

#[test]
fn what_is_likely_meant_is_ready_to_be_taken_over() {
    let ran = diff("  at DateTime", "  at BigInt", &["--assume", "switch"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for part in
        ["seconds since 1970", "milliseconds since 1970", "@stage.using(", "@stage.back(", "--assume placeholder"]
    {
        assert!(ran.stderr.contains(part), "{part}\n{}", ran.stderr);
    }
}

#[test]
fn the_way_back_is_asked_for_where_both_columns_live() {
    let old = "  deletedAt DateTime?";
    let new = |more: &str| {
        format!(
            "  /// @stage.from(deletedAt)\n  /// @stage.using(\"\\\"deletedAt\\\" IS NOT NULL\")\n{more}  flag Boolean?"
        )
    };
    let ran = diff(old, &new(""), &[]);
    assert!(ran.code == 3 && ran.stderr.contains("PS0726"), "{}", ran.stderr);
    let ran = diff(old, &new("  /// @stage.back(-)\n"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = diff(old, &new(""), &["--intent", "back.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
