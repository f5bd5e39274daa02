//! Values that go over to another table on SQLite: what either client writes between expand and contract, the other reads.

use prisma_stage::live::sqlite::{Database, open, query, run};
use prisma_stage::script::{Script, StageKind};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};

use std::path::Path;

/// A case of the corpus on SQLite: OLD's database, and the plan.
fn case(name: &str) -> (Database, Script) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/change").join(name);
    let mut sources = Sources::default();
    let mut read = |file: &str| {
        let text = std::fs::read_to_string(folder.join(file)).expect("the case is there");
        sources.add_schema(file, text.replace("\"postgresql\"", "\"sqlite\""))
    };
    let (old, new) = (read("old.prisma"), read("new.prisma"));
    let plan = |from, to| match compile(&sources, from, Some(to), &Options::default()) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("no plan: {other:?}"),
    };
    let made = plan(None, &old).stages.into_iter().flat_map(|s| s.migrations).map(|m| m.up).collect::<Vec<_>>();
    (open(&made).expect("OLD is made"), plan(Some(&old), &new))
}

fn stage(database: &Database, script: &Script, kind: StageKind) {
    for file in script.stages.iter().filter(|s| s.stage == kind).flat_map(|s| &s.migrations) {
        run(database, &file.up).unwrap_or_else(|e| panic!("{}: {e}", file.name));
    }
}

fn back(database: &Database, script: &Script, kind: StageKind) {
    let stages = script.stages.iter().filter(|s| s.stage == kind);
    for file in stages.flat_map(|s| s.migrations.iter().rev()) {
        run(database, &file.down).unwrap_or_else(|e| panic!("{} back: {e}", file.name));
    }
}

/// The rows of a query, a line each.
fn rows(database: &Database, sql: &str) -> String {
    let all = query(database, sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let line = |row: Vec<Option<String>>| {
        row.into_iter().map(|v| v.unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>().join(" ")
    };
    all.into_iter().map(line).collect::<Vec<_>>().join(", ")
}

fn write(database: &Database, sql: &str) {
    run(database, sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// What has to hold after the backfill does now.
#[track_caller]
fn agrees(database: &Database, script: &Script) {
    for query in script.stages.iter().flat_map(|s| &s.verify) {
        assert_eq!(rows(database, &query.sql), "", "{}", query.name);
    }
    assert_eq!(rows(database, "PRAGMA integrity_check"), "ok");
    assert_eq!(rows(database, "PRAGMA foreign_key_check"), "");
}

#[test]
fn a_split_model_and_its_rows_follow_each_other() {
    let (database, script) = case("split-model--settings");
    let users = || rows(&database, "SELECT id, theme, bio FROM \"User\" ORDER BY id");
    let settings = || rows(&database, "SELECT \"userId\", theme, bio FROM \"Settings\" ORDER BY \"userId\"");
    write(&database, "INSERT INTO \"User\" (email, theme, bio) VALUES ('a', 'dark', 'A'), ('b', 'light', NULL)");
    stage(&database, &script, StageKind::Expand);
    write(&database, "INSERT INTO \"User\" (email, theme, bio) VALUES ('c', 'blue', 'C')");
    assert_eq!(settings(), "3 blue C", "a row of an old client brings its own");
    stage(&database, &script, StageKind::Backfill);
    assert_eq!(settings(), "1 dark A, 2 light -, 3 blue C");
    write(&database, "UPDATE \"User\" SET theme = 'red', bio = NULL WHERE id = 1");
    write(&database, "UPDATE \"Settings\" SET bio = 'B' WHERE \"userId\" = 2");
    assert_eq!((users(), settings()), ("1 red -, 2 light B, 3 blue C".into(), "1 red -, 2 light B, 3 blue C".into()));
    // A new client makes a user first, and its settings afterwards.
    write(&database, "INSERT INTO \"User\" (email) VALUES ('d')");
    write(
        &database,
        "INSERT INTO \"Settings\" (id, theme, bio, \"updatedAt\", \"userId\") VALUES ('x', 'gold', 'D', 0, 4)",
    );
    assert_eq!(users(), "1 red -, 2 light B, 3 blue C, 4 gold D");
    agrees(&database, &script);
    write(&database, "DELETE FROM \"Settings\" WHERE \"userId\" = 3");
    assert_eq!(rows(&database, "SELECT theme, bio FROM \"User\" WHERE id = 3"), "- -");
    assert_eq!(settings(), "1 red -, 2 light B, 4 gold D", "what a new client deletes does not come back");
    // An old client knows nothing of the row that would forbid it.
    write(&database, "DELETE FROM \"User\" WHERE id = 1");
    assert_eq!(settings(), "2 light B, 4 gold D");
    // And over to somebody else.
    write(&database, "UPDATE \"Settings\" SET \"userId\" = 3 WHERE \"userId\" = 4");
    assert_eq!(users(), "2 light B, 3 gold D, 4 - -");
    agrees(&database, &script);
    stage(&database, &script, StageKind::Contract);
    write(&database, "UPDATE \"Settings\" SET theme = 'new' WHERE \"userId\" = 2");
    back(&database, &script, StageKind::Contract);
    assert_eq!(users(), "2 new B, 3 gold D, 4 - -", "what a new client wrote alone is brought home");
    agrees(&database, &script);
    back(&database, &script, StageKind::Backfill);
    back(&database, &script, StageKind::Expand);
    assert_eq!(users(), "2 new B, 3 gold D, 4  -");
}

#[test]
fn a_merged_model_and_its_rows_follow_each_other() {
    let (database, script) = case("merge-models--settings");
    let users = || rows(&database, "SELECT id, theme, bio FROM \"User\" ORDER BY id");
    let settings = || rows(&database, "SELECT \"userId\", theme, bio FROM \"Settings\" ORDER BY \"userId\"");
    write(&database, "INSERT INTO \"User\" (email) VALUES ('a'), ('b'), ('c')");
    write(&database, "INSERT INTO \"Settings\" (theme, bio, \"userId\") VALUES ('dark', 'A', 1)");
    stage(&database, &script, StageKind::Expand);
    write(&database, "INSERT INTO \"Settings\" (theme, \"userId\") VALUES ('light', 2)");
    stage(&database, &script, StageKind::Backfill);
    assert_eq!(users(), "1 dark A, 2 light -, 3 - -");
    write(&database, "UPDATE \"User\" SET theme = 'gold', bio = 'C' WHERE id = 3");
    write(&database, "UPDATE \"User\" SET bio = NULL WHERE id = 1");
    assert_eq!(settings(), "1 dark -, 2 light -, 3 gold C", "a row is made of what a new client writes");
    write(&database, "UPDATE \"Settings\" SET bio = 'B' WHERE \"userId\" = 2");
    write(&database, "DELETE FROM \"Settings\" WHERE \"userId\" = 1");
    assert_eq!(users(), "1 - -, 2 light B, 3 gold C");
    agrees(&database, &script);
    write(&database, "DELETE FROM \"User\" WHERE id = 3");
    assert_eq!(settings(), "2 light B");
    stage(&database, &script, StageKind::Contract);
    write(&database, "UPDATE \"User\" SET theme = 'late' WHERE id = 1");
    back(&database, &script, StageKind::Contract);
    assert_eq!(settings(), "1 late -, 2 light B");
    agrees(&database, &script);
}

#[test]
fn a_relation_is_kept_by_both_sides() {
    let (database, script) = case("flip-relation--optional");
    let old = || rows(&database, "SELECT id, \"userId\" FROM \"Profile\" ORDER BY id");
    let new = || rows(&database, "SELECT id, \"profileId\" FROM \"User\" ORDER BY id");
    write(&database, "INSERT INTO \"User\" (id) VALUES (1), (2), (3)");
    write(&database, "INSERT INTO \"Profile\" (id, \"userId\") VALUES ('a', 1), ('b', NULL)");
    stage(&database, &script, StageKind::Expand);
    write(&database, "INSERT INTO \"Profile\" (id, \"userId\") VALUES ('c', 3)");
    stage(&database, &script, StageKind::Backfill);
    assert_eq!(new(), "1 a, 2 -, 3 c");
    // An old client links another one, and unlinks.
    write(&database, "UPDATE \"Profile\" SET \"userId\" = 2 WHERE id = 'a'");
    write(&database, "UPDATE \"Profile\" SET \"userId\" = NULL WHERE id = 'c'");
    assert_eq!((old(), new()), ("a 2, b -, c -".into(), "1 -, 2 a, 3 -".into()));
    // A new one.
    write(&database, "UPDATE \"User\" SET \"profileId\" = 'b' WHERE id = 2");
    write(&database, "UPDATE \"User\" SET \"profileId\" = 'a' WHERE id = 1");
    write(&database, "INSERT INTO \"User\" (id, \"profileId\") VALUES (4, 'c')");
    assert_eq!((old(), new()), ("a 1, b 2, c 4".into(), "1 a, 2 b, 3 -, 4 c".into()));
    agrees(&database, &script);
    write(&database, "DELETE FROM \"Profile\" WHERE id = 'a'");
    write(&database, "DELETE FROM \"User\" WHERE id = 2");
    assert_eq!((old(), new()), ("b -, c 4".into(), "1 -, 3 -, 4 c".into()));
    agrees(&database, &script);
    stage(&database, &script, StageKind::Contract);
    write(&database, "UPDATE \"User\" SET \"profileId\" = CASE id WHEN 3 THEN 'b' END");
    back(&database, &script, StageKind::Contract);
    assert_eq!(old(), "b 3, c -");
    agrees(&database, &script);
}

#[test]
fn children_hold_what_their_parent_does() {
    let (database, script) = case("move-columns--down-to-some");
    let people = || rows(&database, "SELECT id, locale FROM \"Person\" ORDER BY id");
    write(&database, "INSERT INTO \"Team\" (id, locale) VALUES (1, 'de'), (2, NULL), (3, 'fr')");
    write(&database, "INSERT INTO \"Person\" (id, \"teamId\") VALUES (1, 1), (2, 2), (3, NULL)");
    stage(&database, &script, StageKind::Expand);
    stage(&database, &script, StageKind::Backfill);
    assert_eq!(people(), "1 de, 2 en, 3 en");
    write(&database, "INSERT INTO \"Person\" (id, \"teamId\") VALUES (4, 1), (5, NULL)");
    write(&database, "INSERT INTO \"Person\" (id, \"teamId\", locale) VALUES (6, 1, 'it')");
    write(&database, "UPDATE \"Person\" SET \"teamId\" = 3 WHERE id = 4");
    assert_eq!(people(), "1 de, 2 en, 3 en, 4 fr, 5 en, 6 it");
    write(&database, "UPDATE \"Team\" SET locale = 'es' WHERE id = 3");
    write(&database, "UPDATE \"Team\" SET locale = NULL WHERE id = 1");
    assert_eq!(people(), "1 en, 2 en, 3 en, 4 es, 5 en, 6 en");
    agrees(&database, &script);
    stage(&database, &script, StageKind::Contract);
    back(&database, &script, StageKind::Contract);
    assert_eq!(rows(&database, "SELECT id, locale FROM \"Team\" ORDER BY id"), "1 en, 2 en, 3 es");
}

#[test]
fn a_parent_holds_an_aggregate_of_its_children() {
    let (database, script) = case("move-columns--up-as-the-greatest");
    let posts = || rows(&database, "SELECT id, rating FROM \"Post\" ORDER BY id");
    write(&database, "INSERT INTO \"Post\" (id, title) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    write(&database, "INSERT INTO \"Comment\" (id, rating, \"postId\") VALUES (1, 3, 1), (2, 5, 1)");
    stage(&database, &script, StageKind::Expand);
    write(&database, "INSERT INTO \"Comment\" (id, rating, \"postId\") VALUES (3, 4, 2)");
    stage(&database, &script, StageKind::Backfill);
    assert_eq!(posts(), "1 5, 2 4, 3 0");
    write(&database, "DELETE FROM \"Comment\" WHERE id = 2");
    write(&database, "UPDATE \"Comment\" SET \"postId\" = 3 WHERE id = 3");
    assert_eq!(posts(), "1 3, 2 0, 3 4");
    // A new client's comment says nothing.
    write(&database, "INSERT INTO \"Comment\" (id, \"postId\") VALUES (4, 1)");
    write(&database, "UPDATE \"Post\" SET rating = 9 WHERE id = 2");
    write(&database, "INSERT INTO \"Post\" (id, title) VALUES (5, 'old client')");
    assert_eq!(posts(), "1 3, 2 9, 3 4, 5 0");
    stage(&database, &script, StageKind::Contract);
    assert_eq!(posts(), "1 3, 2 9, 3 4, 5 0");
}

/// The old keys are kept until the last file: whoever goes back before it finds them, and rows made since get one of their own.
#[test]
fn keys_with_new_values_come_back() {
    let (database, script) = case("retype-column--key-renumbered");
    let accounts = || rows(&database, "SELECT id, email, \"parentId\" FROM \"Account\" ORDER BY email");
    let notes = || rows(&database, "SELECT \"profileId\", text FROM \"Note\" ORDER BY text");
    write(&database, "INSERT INTO \"Account\" (id, email, \"parentId\") VALUES ('x', 'a', NULL), ('y', 'b', 'x')");
    write(&database, "INSERT INTO \"Profile\" (\"accountId\", bio) VALUES ('y', 'B')");
    write(&database, "INSERT INTO \"Note\" (\"profileId\", text) VALUES ('y', 'n')");
    let files: Vec<_> = script.stages.iter().flat_map(|s| &s.migrations).collect();
    let [turn, forget] = files.as_slice() else { panic!("two files, not {}", files.len()) };
    write(&database, &turn.up);
    assert_eq!((accounts(), notes()), ("1 a -, 2 b 1".into(), "2 n".into()));
    write(&database, "INSERT INTO \"Account\" (email, \"parentId\") VALUES ('c', 2)");
    write(&database, "INSERT INTO \"Profile\" (\"accountId\") VALUES (3)");
    write(&database, "INSERT INTO \"Note\" (\"profileId\", text) VALUES (3, 'o')");
    write(&database, &turn.down);
    assert_eq!((accounts(), notes()), ("x a -, y b x, 3 c y".into(), "y n, 3 o".into()));
    write(&database, &turn.up);
    write(&database, &forget.up);
    assert_eq!((accounts(), notes()), ("1 a -, 2 b 1, 3 c 2".into(), "2 n, 3 o".into()));
    write(&database, &forget.down);
    write(&database, &turn.down);
    assert_eq!((accounts(), notes()), ("1 a -, 2 b 1, 3 c 2".into(), "2 n, 3 o".into()), "as text, and linked");
    agrees(&database, &script);
}

/// Numbers that are the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A write: `#` is a key, `$` a value, `?` one or none.
pub fn written(dice: &mut Dice, template: &str) -> String {
    let mut sql = String::new();
    for c in template.chars() {
        match c {
            '#' => sql += &(1 + dice.below(5)).to_string(),
            '$' => sql += &format!("'v{}'", dice.below(3)),
            '?' if dice.below(2) == 0 => sql += "NULL",
            '?' => sql += &(1 + dice.below(5)).to_string(),
            other => sql.push(other),
        }
    }
    sql
}

/// A case, the rows that there are, and what old and new clients write.
pub type Played = (&'static str, &'static str, &'static [&'static str]);

pub const SPLIT: Played = (
    "split-model--settings",
    "INSERT INTO \"User\" (id, email, theme, bio) VALUES (1, 'a', 'x', NULL), (2, 'b', 'y', 'z')",
    &[
        "INSERT INTO \"User\" (id, email, theme, bio) VALUES (#, 'e#', $, ?)",
        "INSERT INTO \"User\" (id, email) VALUES (#, 'n#')",
        "UPDATE \"User\" SET theme = $ WHERE id = #",
        "UPDATE \"User\" SET theme = $, bio = ? WHERE id = #",
        "UPDATE \"User\" SET id = # WHERE id = #",
        "DELETE FROM \"User\" WHERE id = #",
        "INSERT INTO \"Settings\" (id, theme, bio, \"updatedAt\", \"userId\") VALUES ('s#', $, ?, '2020-01-01', #)",
        "UPDATE \"Settings\" SET theme = $ WHERE \"userId\" = #",
        "UPDATE \"Settings\" SET bio = ?",
        "UPDATE \"Settings\" SET \"userId\" = # WHERE \"userId\" = #",
        "DELETE FROM \"Settings\" WHERE \"userId\" = #",
    ],
);

pub const MERGE: Played = (
    "merge-models--settings",
    "INSERT INTO \"User\" (id, email) VALUES (1, 'a'), (2, 'b'); INSERT INTO \"Settings\" (theme, \"userId\") VALUES ('x', 2)",
    &[
        "INSERT INTO \"User\" (id, email) VALUES (#, 'o#')",
        "INSERT INTO \"User\" (id, email, theme, bio) VALUES (#, 'e#', $, ?)",
        "UPDATE \"User\" SET theme = $, bio = ? WHERE id = #",
        "UPDATE \"User\" SET bio = ? WHERE id = # AND theme IS NOT NULL",
        "UPDATE \"User\" SET id = # WHERE id = #",
        "DELETE FROM \"User\" WHERE id = #",
        "INSERT INTO \"Settings\" (theme, bio, \"userId\") VALUES ($, ?, #)",
        "UPDATE \"Settings\" SET theme = $ WHERE \"userId\" = #",
        "UPDATE \"Settings\" SET bio = ?",
        "UPDATE \"Settings\" SET \"userId\" = # WHERE \"userId\" = #",
        "DELETE FROM \"Settings\" WHERE \"userId\" = #",
    ],
);

pub const TURNED: Played = (
    "flip-relation--optional",
    "INSERT INTO \"User\" (id) VALUES (1), (2), (3); INSERT INTO \"Profile\" (id, \"userId\") VALUES ('1', 1), ('2', NULL)",
    &[
        "INSERT INTO \"User\" (id) VALUES (#)",
        "INSERT INTO \"User\" (id, \"profileId\") VALUES (#, ?)",
        "UPDATE \"User\" SET \"profileId\" = ? WHERE id = #",
        "UPDATE \"User\" SET id = # WHERE id = #",
        "DELETE FROM \"User\" WHERE id = #",
        "INSERT INTO \"Profile\" (id, \"userId\") VALUES (#, ?)",
        "UPDATE \"Profile\" SET \"userId\" = ? WHERE id = #",
        "UPDATE \"Profile\" SET id = # WHERE id = #",
        "DELETE FROM \"Profile\" WHERE id = #",
    ],
);

pub const DOWN: Played = (
    "move-columns--down-to-some",
    "INSERT INTO \"Team\" (id, locale) VALUES (1, 'x'), (2, NULL); INSERT INTO \"Person\" (id, \"teamId\") VALUES (1, 1), (2, 2)",
    &[
        "INSERT INTO \"Team\" (id, locale) VALUES (#, $)",
        "UPDATE \"Team\" SET locale = $ WHERE id = #",
        "UPDATE \"Team\" SET locale = NULL WHERE id = #",
        "DELETE FROM \"Team\" WHERE id = #",
        "INSERT INTO \"Person\" (id, \"teamId\") VALUES (#, ?)",
        "INSERT INTO \"Person\" (id, \"teamId\", locale) VALUES (#, ?, $)",
        "UPDATE \"Person\" SET \"teamId\" = ? WHERE id = #",
        "UPDATE \"Person\" SET locale = $ WHERE id = #",
        "DELETE FROM \"Person\" WHERE id = #",
    ],
);

/// Old and new clients write in turn, whatever comes; a write that is refused has changed nothing.
fn played((name, made, writes): Played) {
    let mut taken = 0;
    for seed in 0..40 {
        let (database, script) = case(name);
        let mut dice = Dice(seed);
        write(&database, made);
        stage(&database, &script, StageKind::Expand);
        let mut done = Vec::new();
        let mut play = |dice: &mut Dice, times: u64| {
            for _ in 0..times {
                let template = writes[usize::try_from(dice.below(writes.len() as u64)).expect("it is small")];
                let sql = written(dice, template);
                let is_done = run(&database, &sql).is_ok();
                taken += u32::from(is_done);
                done.push(sql + if is_done { "" } else { " -- refused" });
            }
            done.join(";\n")
        };
        play(&mut dice, 6);
        stage(&database, &script, StageKind::Backfill);
        for _ in 0..30 {
            let done = play(&mut dice, 1);
            for query in script.stages.iter().flat_map(|s| &s.verify) {
                assert_eq!(rows(&database, &query.sql), "", "{}\n{done}", query.name);
            }
        }
        agrees(&database, &script);
        stage(&database, &script, StageKind::Contract);
        back(&database, &script, StageKind::Contract);
        agrees(&database, &script);
    }
    assert!(taken > 36 * 40 / 2, "too few writes were taken to mean much: {taken}");
}

#[test]
fn whatever_clients_write_both_sides_of_a_split_agree() {
    played(SPLIT);
}

#[test]
fn whatever_clients_write_both_sides_of_a_merge_agree() {
    played(MERGE);
}

#[test]
fn whatever_clients_write_both_sides_of_a_relation_agree() {
    played(TURNED);
}

#[test]
fn whatever_clients_write_children_hold_what_their_parent_does() {
    played(DOWN);
}
