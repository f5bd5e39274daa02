//! What rows get that have no value: which answers are offered, taken, and refused.

use crate::run::{Ran, Scratch, postgres};

fn diff(old: &str, new: &str, more: &[&str]) -> Ran {
    let model = |field: &str| postgres(&format!("model Lead {{\n  id Int @id\n{field}\n}}\n"));
    let scratch = Scratch::new().file("old.prisma", model(old)).file("new.prisma", model(new));
    let scratch = scratch.file("intent.toml", "filled = [\"Lead.rank\"]\n");
    scratch.run(&[&["diff", "old.prisma", "new.prisma", "--format", "short"], more].concat())
}

#[test]
fn one_value_for_all_rows_is_no_answer_where_no_two_may_agree() {
    let placeholder = &["--assume", "placeholder"];
    for (old, new) in [("rank Int? @unique", "rank Int @unique"), ("", "rank Int @unique")] {
        let ran = diff(old, new, placeholder);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(!ran.stderr.contains("--assume placeholder"), "{}", ran.stderr);
    }
    // Nor is a default: two rows would get it.
    assert_eq!(diff("rank Int? @unique", "rank Int @unique @default(0)", &[]).code, 3);
    // A new UUID each is one.
    for (old, new) in [("rank String? @unique", "rank String @unique"), ("rank Int?", "rank Int"), ("", "rank Int")] {
        assert_eq!(diff(old, new, placeholder).code, 0, "{new}");
    }
}

#[test]
fn a_placeholder_points_at_no_row_while_a_foreign_key_stands_that_goes() {
    let schema = |mode: &str, optional: &str| {
        format!(
            "datasource db {{\n  provider = \"postgresql\"\n{mode}}}\nmodel User {{\n  id String @id\n  polls Poll[]\n}}\nmodel Poll {{\n  id Int @id\n  \
             userId String{optional}\n  user User{optional} @relation(fields: [userId], references: [id])\n  @@index([userId])\n}}\n"
        )
    };
    let mode = "  relationMode = \"prisma\"\n";
    let scratch = Scratch::new().file("old.prisma", schema("", "?")).file("new.prisma", schema(mode, ""));
    let ran = scratch.run(&["diff", "old.prisma", "new.prisma", "--assume", "placeholder"]);
    assert!(ran.code == 3 && ran.stderr.contains("which must exist"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("--assume placeholder"), "{}", ran.stderr);
}

#[test]
fn the_time_that_it_is_cannot_be_held_against_another_column() {
    let (old, from) = ("day DateTime? @db.Date", "/// @stage.from(day)");
    let new = |more: &str| format!("{from}\n{more}\nat DateTime @default(now())");
    let ran = diff(old, &new(""), &[]);
    assert!(ran.code == 3 && ran.stderr.contains("each time"), "{}", ran.stderr);
    assert_eq!(diff(old, &new("/// @stage.fallback(\"2020-01-01T00:00:00Z\")"), &[]).code, 0);
    assert_eq!(diff(old, &new(""), &["--assume", "placeholder"]).code, 0);
}

#[test]
fn that_every_row_has_a_value_is_an_answer() {
    let (old, new) = ("rank Int? @unique", "/// @stage.fallback(-)\nrank Int @unique");
    let ran = diff(old, new, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(diff(old, "rank Int @unique", &["--intent", "intent.toml"]).code, 0);
    // Of a new field it cannot be so.
    assert_eq!(diff("", new, &[]).code, 3);
    // In quotes it is a value.
    assert_eq!(diff("rank String?", "/// @stage.fallback(\"-\")\nrank String", &[]).code, 0);
    let ran = diff("rank Int?", "/// @stage.fallback(\"0\")\nrank Int", &["--intent", "intent.toml"]);
    assert!(ran.code == 1 && ran.stderr.contains("PS0711"), "{}", ran.stderr);
    let ran = diff("rank Int", "rank Int", &["--intent", "intent.toml"]);
    assert!(ran.code == 1 && ran.stderr.contains("PS0712"), "{}", ran.stderr);
}
