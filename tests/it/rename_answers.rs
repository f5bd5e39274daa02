//! What is shown with the question whether a column was renamed.

use crate::run::{Scratch, postgres};

#[test]
fn a_relation_to_its_own_table_whose_ends_changed_places_speaks_against_a_rename() {
    let side = |mentor: &str, mentee: &str, key: &str| {
        postgres(&format!(
            "model User {{\n  id Int @id\n  {key} Int? @unique\n  mentor User? @relation(\"M\"{mentor})\n  mentee User? @relation(\"M\"{mentee})\n}}\n"
        ))
    };
    let scratch = Scratch::new()
        .file("old.prisma", side(", fields: [mentorId], references: [id]", "", "mentorId"))
        .file("turned.prisma", side("", ", fields: [menteeId], references: [id]", "menteeId"))
        .file("renamed.prisma", side(", fields: [masterId], references: [id]", "", "masterId"));
    let asked = |new: &str| {
        let ran = scratch.run(&["diff", "old.prisma", new, "--no-input"]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let warning = "if the two ends changed places, every link is turned round by a rename";
    assert!(asked("turned.prisma").contains(warning));
    assert!(!asked("renamed.prisma").contains(warning));
}
