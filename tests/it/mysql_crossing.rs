//! Values that go over to another table on MySQL and MariaDB: what either client writes between expand and contract, the other reads.

use crate::sqlite_crossing::{DOWN, Dice, MERGE, Played, SPLIT, TURNED, written};
use prisma_stage::catalog::Ids;
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::mysql::{Database, Server};
use prisma_stage::live::rehearse::plain::Place;
use prisma_stage::script::{Script, StageKind};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile, lower, validate};
use std::path::Path;

/// A case of the corpus: OLD's database, and the plan. None where there is no server.
fn case(name: &str) -> Option<(Database, Script)> {
    let server = match Server::shared() {
        Ok(server) => server,
        Err(error) => {
            eprintln!("skipped: {error}");
            return None;
        }
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/change").join(name);
    let mut sources = Sources::default();
    let mut read = |file: &str| {
        let text = std::fs::read_to_string(folder.join(file)).expect("the case is there");
        sources.add_schema(file, text.replace("\"postgresql\"", "\"mysql\""))
    };
    let (old, new) = (read("old.prisma"), read("new.prisma"));
    let options = Options { target: Some(server.target().expect("it says what it is")), ..Options::default() };
    let script = match compile(&sources, Some(&old), Some(&new), &options) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("no plan: {other:?}"),
    };
    let checked = validate::check(&sources, &old);
    let made = database(&lower::lower(&checked.schema, &mut Ids::default()).0);
    Some((server.open(&made).expect("OLD is made"), script))
}

fn stage(database: &Database, script: &Script, kind: StageKind) {
    for file in script.stages.iter().filter(|s| s.stage == kind).flat_map(|s| &s.migrations) {
        database.run(&file.up).unwrap_or_else(|e| panic!("{}: {e}", file.name));
    }
}

fn back(database: &Database, script: &Script, kind: StageKind) {
    let stages = script.stages.iter().filter(|s| s.stage == kind);
    for file in stages.flat_map(|s| s.migrations.iter().rev()) {
        database.run(&file.down).unwrap_or_else(|e| panic!("{} back: {e}", file.name));
    }
}

fn words(sql: &str) -> String {
    sql.replace('"', "`")
}

/// The rows of a query, a line each.
fn rows(database: &Database, sql: &str) -> String {
    let all = database.query(&words(sql)).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let line = |row: Vec<Option<String>>| {
        row.into_iter().map(|v| v.unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>().join(" ")
    };
    all.into_iter().map(line).collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn write(database: &Database, sql: &str) {
    database.run(&words(sql)).unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// What has to hold after the backfill does now.
#[track_caller]
fn agrees(database: &Database, script: &Script, done: &str) {
    for query in script.stages.iter().flat_map(|s| &s.verify) {
        assert_eq!(rows(database, &query.sql), "", "{}\n{done}", query.name);
    }
}

#[test]
fn a_split_model_and_its_rows_follow_each_other() {
    let Some((database, script)) = case("split-model--settings") else { return };
    let users = || rows(&database, "SELECT id, theme, bio FROM \"User\" ORDER BY id");
    let settings = || rows(&database, "SELECT \"userId\", theme, bio FROM \"Settings\" ORDER BY \"userId\"");
    write(&database, "INSERT INTO \"User\" (email, theme, bio) VALUES ('a', 'dark', 'A'), ('b', 'light', NULL)");
    stage(&database, &script, StageKind::Expand);
    write(&database, "INSERT INTO \"User\" (email, theme, bio) VALUES ('c', 'blue', 'C')");
    assert_eq!(rows(&database, "SELECT LAST_INSERT_ID()"), "3", "the client's own row, not that of the trigger");
    assert_eq!(settings(), "3 blue C", "a row of an old client brings its own");
    stage(&database, &script, StageKind::Backfill);
    assert_eq!(settings(), "1 dark A, 2 light -, 3 blue C");
    write(&database, "UPDATE \"User\" SET theme = 'red', bio = NULL WHERE id = 1");
    write(&database, "UPDATE \"Settings\" SET bio = 'B' WHERE \"userId\" = 2");
    assert_eq!((users(), settings()), ("1 red -, 2 light B, 3 blue C".into(), "1 red -, 2 light B, 3 blue C".into()));
    // In letters that the collation takes for the same.
    write(&database, "UPDATE \"User\" SET theme = 'RED' WHERE id = 1");
    assert_eq!(settings(), "1 RED -, 2 light B, 3 blue C");
    // A new client makes a user first, and its settings afterwards.
    write(&database, "INSERT INTO \"User\" (email) VALUES ('d')");
    write(
        &database,
        "INSERT INTO \"Settings\" (id, theme, bio, \"updatedAt\", \"userId\") VALUES ('x', 'gold', 'D', NOW(), 4)",
    );
    assert_eq!(users(), "1 RED -, 2 light B, 3 blue C, 4 gold D");
    agrees(&database, &script, "");
    write(&database, "DELETE FROM \"Settings\" WHERE \"userId\" = 3");
    assert_eq!(rows(&database, "SELECT theme, bio FROM \"User\" WHERE id = 3"), "- -");
    // An old client knows nothing of the row that would forbid it.
    write(&database, "DELETE FROM \"User\" WHERE id = 1");
    assert_eq!(settings(), "2 light B, 4 gold D");
    // And over to somebody else.
    write(&database, "UPDATE \"Settings\" SET \"userId\" = 3 WHERE \"userId\" = 4");
    assert_eq!(users(), "2 light B, 3 gold D, 4 - -");
    agrees(&database, &script, "");
    stage(&database, &script, StageKind::Contract);
    write(&database, "UPDATE \"Settings\" SET theme = 'new' WHERE \"userId\" = 2");
    back(&database, &script, StageKind::Contract);
    assert_eq!(users(), "2 new B, 3 gold D, 4 - -", "what a new client wrote alone is brought home");
    agrees(&database, &script, "");
}

/// A row twice in one statement, one that is there already, and one that takes the place of another.
#[test]
fn statements_that_write_a_row_more_than_once_are_carried() {
    let Some((database, script)) = case("split-model--settings") else { return };
    let settings = || rows(&database, "SELECT \"userId\", theme, bio FROM \"Settings\" ORDER BY \"userId\"");
    write(&database, "INSERT INTO \"User\" (id, email, theme) VALUES (1, 'a', 'dark'), (2, 'b', 'light')");
    stage(&database, &script, StageKind::Expand);
    stage(&database, &script, StageKind::Backfill);
    let again = "ON DUPLICATE KEY UPDATE theme = VALUES(theme)";
    write(
        &database,
        &format!("INSERT INTO \"User\" (id, email, theme) VALUES (1, 'a', 'x'), (3, 'c', 'y'), (3, 'c', 'z') {again}"),
    );
    assert_eq!(settings(), "1 x -, 2 light -, 3 z -");
    write(&database, "REPLACE INTO \"User\" (id, email, theme, bio) VALUES (2, 'b', 'new', 'B')");
    assert_eq!(settings(), "1 x -, 2 new B, 3 z -");
    write(&database, "UPDATE \"User\" SET theme = CONCAT(theme, id) ORDER BY id DESC");
    assert_eq!(settings(), "1 x1 -, 2 new2 B, 3 z3 -");
    write(&database, "INSERT IGNORE INTO \"User\" (id, email, theme) VALUES (1, 'q', 'q'), (4, 'd', 'd')");
    write(
        &database,
        &format!("INSERT INTO \"Settings\" (id, theme, \"updatedAt\", \"userId\") VALUES ('s', 'S', NOW(), 1) {again}"),
    );
    assert_eq!(rows(&database, "SELECT id, theme FROM \"User\" ORDER BY id"), "1 S, 2 new2, 3 z3, 4 d");
    agrees(&database, &script, "");
    // A statement that reads the one table may write of the other what is not carried.
    write(
        &database,
        "UPDATE \"Settings\" s JOIN \"User\" u ON u.id = s.\"userId\" SET s.\"updatedAt\" = NOW() WHERE u.id = 1",
    );
    let both = "UPDATE \"Settings\" s JOIN \"User\" u ON u.id = s.\"userId\" SET s.theme = 'lost?' WHERE u.id = 1";
    let why = database.run(&words(both)).expect_err("what it would leave behind is refused").to_string();
    assert!(why.contains("1442"), "{why}");
    agrees(&database, &script, "");
}

/// A statement that ends where the other table is written leaves nothing behind that would silence the next one.
#[test]
fn after_a_write_that_failed_half_way_the_next_one_is_carried() {
    let Some((database, script)) = case("split-model--settings") else { return };
    write(&database, "INSERT INTO \"User\" (id, email, theme) VALUES (1, 'a', 'dark'), (2, 'b', 'light')");
    stage(&database, &script, StageKind::Expand);
    stage(&database, &script, StageKind::Backfill);
    write(
        &database,
        "CREATE TRIGGER stops BEFORE UPDATE ON \"Settings\" FOR EACH ROW BEGIN IF NEW.theme = 'no' THEN SIGNAL SQLSTATE '45000'; END IF; END",
    );
    assert!(database.run("UPDATE `User` SET theme = 'no' WHERE id = 1").is_err());
    assert_eq!(rows(&database, "SELECT @ps_carry IS NOT NULL"), "1", "it ended half way");
    write(&database, "UPDATE \"Settings\" SET theme = 'yes' WHERE \"userId\" = 2");
    assert_eq!(rows(&database, "SELECT theme FROM \"User\" ORDER BY id"), "dark, yes");
    // In a procedure that goes on.
    write(
        &database,
        "CREATE PROCEDURE goes_on() BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; UPDATE \"User\" SET theme = 'no' WHERE id = 1; \
         UPDATE \"Settings\" SET theme = 'on' WHERE \"userId\" = 1; END",
    );
    write(&database, "CALL goes_on()");
    assert_eq!(rows(&database, "SELECT theme FROM \"User\" ORDER BY id"), "on, yes");
    agrees(&database, &script, "");
}

#[test]
fn a_relation_is_kept_by_both_sides() {
    let Some((database, script)) = case("flip-relation--optional") else { return };
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
    agrees(&database, &script, "");
    write(&database, "DELETE FROM \"Profile\" WHERE id = 'a'");
    write(&database, "DELETE FROM \"User\" WHERE id = 2");
    assert_eq!((old(), new()), ("b -, c 4".into(), "1 -, 3 -, 4 c".into()));
    agrees(&database, &script, "");
    stage(&database, &script, StageKind::Contract);
    write(&database, "UPDATE \"User\" SET \"profileId\" = CASE id WHEN 3 THEN 'b' END");
    back(&database, &script, StageKind::Contract);
    assert_eq!(old(), "b 3, c -");
    agrees(&database, &script, "");
}

#[test]
fn a_parent_holds_an_aggregate_of_its_children() {
    let Some((database, script)) = case("move-columns--up-as-the-greatest") else { return };
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

/// Old and new clients write in turn, whatever comes; a write that is refused has changed nothing, and none is refused for the sake of
/// the triggers.
fn played((name, made, writes): Played) {
    let mut taken = 0;
    for seed in 0..5 {
        let Some((database, script)) = case(name) else { return };
        let mut dice = Dice(seed);
        for one in made.split("; ") {
            write(&database, one);
        }
        stage(&database, &script, StageKind::Expand);
        let mut done = String::new();
        let mut play = |dice: &mut Dice| {
            let template = writes[usize::try_from(dice.below(writes.len() as u64)).expect("it is small")];
            let sql = written(dice, template);
            let refused = database.run(&words(&sql)).err().map(|why| why.to_string());
            taken += u32::from(refused.is_none());
            done += &format!("{sql};{}\n", refused.as_ref().map_or("", |_| " -- refused"));
            assert!(refused.as_ref().is_none_or(|why| !why.contains("1442")), "{refused:?}\n{done}");
            done.clone()
        };
        for _ in 0..6 {
            play(&mut dice);
        }
        stage(&database, &script, StageKind::Backfill);
        // Foreign keys of what is new come then.
        stage(&database, &script, StageKind::Validate);
        for _ in 0..30 {
            let done = play(&mut dice);
            agrees(&database, &script, &done);
        }
        stage(&database, &script, StageKind::Contract);
        back(&database, &script, StageKind::Contract);
        agrees(&database, &script, &done);
    }
    assert!(taken > 36 * 5 / 2, "too few writes were taken to mean much: {taken}");
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

/// No trigger hears of rows that a foreign key deletes: values of theirs would stay where they were carried to.
#[test]
fn where_a_third_table_deletes_rows_it_is_refused_by_name() {
    let schema = |user: &str, settings: &str, action: &str| {
        format!(
            "datasource db {{\n  provider = \"mysql\"\n}}\nmodel Org {{\n  id Int @id\n  settings Settings[]\n}}\nmodel User {{\n  id Int @id\n{user}  settings Settings?\n}}\n\
             model Settings {{\n  id Int @id @default(autoincrement())\n{settings}  userId Int @unique\n  user User @relation(fields: [userId], references: [id], onDelete: Cascade)\n  orgId Int?\n  \
             org Org? @relation(fields: [orgId], references: [id], onDelete: {action})\n}}\n"
        )
    };
    let planned = |action: &str| {
        let mut sources = Sources::default();
        let old = sources.add_schema("old.prisma", schema("", "  bio String?\n", action));
        let new =
            sources.add_schema("new.prisma", schema("  /// @stage.from(Settings.bio)\n  bio String?\n", "", action));
        match compile(&sources, Some(&old), Some(&new), &Options::default()) {
            Outcome::Plan { .. } => None,
            Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
                Some(diagnostics.iter().map(|d| format!("{} {} {:?}", d.code, d.message, d.help)).collect::<String>())
            }
        }
    };
    assert_eq!(planned("NoAction"), None);
    assert_eq!(planned("SetNull"), None, "such a row is still there");
    let said = planned("Cascade").expect("it is not planned");
    assert!(said.contains("PS0720") && said.contains("onDelete: NoAction"), "{said}");
}
