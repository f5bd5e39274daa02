//! Plans for MySQL: one DDL a file, which says how it may be done and looks whether it has been.

use prisma_stage::script::Script;
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};

const OLD: &str = "datasource db {\n  provider = \"mysql\"\n}\n\nmodel User {\n  id    Int    @id @default(autoincrement())\n  name  String\n  kind  Kind\n  posts Post[]\n}\n\nmodel Post {\n  id       Int  @id\n  author   User @relation(fields: [authorId], references: [id])\n  authorId Int\n\n  @@index([authorId])\n}\n\nenum Kind {\n  A\n  B\n}\n";

fn outcome(new: &str) -> Outcome {
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", OLD), sources.add_schema("new.prisma", new));
    compile(&sources, Some(&old), Some(&new), &Options::default())
}

fn plan(new: &str) -> Script {
    match outcome(new) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("no plan: {other:?}"),
    }
}

fn files(script: &Script) -> Vec<&str> {
    script.stages.iter().flat_map(|s| &s.migrations).flat_map(|m| [m.up.as_str(), m.down.as_str()]).collect()
}

#[test]
fn a_file_holds_one_ddl_and_says_how() {
    let new = OLD
        .replace("  name  String\n", "  name  String\n  note  String?\n  age   Int @default(3)\n\n  @@index([name])\n")
        .replace("  B\n", "  B\n  C\n")
        + "\nmodel Tag {\n  id Int @id\n}\n";
    let script = plan(&new);
    assert!(script.stages.len() <= 2);
    for file in files(&script) {
        let alters =
            file.lines().filter(|l| !l.starts_with("--")).filter(|l| l.contains("ALTER TABLE")).collect::<Vec<_>>();
        assert!(alters.len() <= 1, "{file}");
        assert!(alters.iter().all(|l| l.contains("ALGORITHM=")), "{file}");
        assert!(!file.contains("CONCURRENTLY"), "{file}");
        assert!(file.contains("SET SESSION lock_wait_timeout = 3"), "{file}");
    }
    let all = files(&script).concat();
    assert!(all.contains(
        "ADD COLUMN `note` VARCHAR(191) NULL, ADD COLUMN `age` INTEGER NOT NULL DEFAULT 3, ALGORITHM=INSTANT"
    ));
    assert!(all.contains("MODIFY `kind` ENUM(''A'', ''B'', ''C'') NOT NULL', @ps_0, ', ALGORITHM=INSTANT"), "{all}");
}

/// The server refuses to drop the last index that serves a foreign key (error 1553): it goes on under the key's name, as if the
/// server had made it.
#[test]
fn an_index_that_a_foreign_key_needs_is_renamed() {
    let script = plan(&OLD.replace("\n  @@index([authorId])\n", ""));
    let all = files(&script).concat();
    assert!(all.contains("RENAME INDEX `Post_authorId_idx` TO `Post_authorId_fkey`"), "{all}");
    assert!(!all.contains("DROP INDEX `Post_authorId_idx`"), "{all}");
}

#[test]
fn a_type_gets_a_column_beside_the_old_one_and_its_place_while_the_table_is_held() {
    let script = plan(&OLD.replace("  name  String\n", "  name  String @db.Text\n"));
    let switch = files(&script).into_iter().find(|f| f.contains("RENAME COLUMN `name` TO `name__ps_old`"));
    let switch = switch.expect("the columns change places");
    let at = |words: &str| switch.find(words).unwrap_or_else(|| panic!("{words} is not in\n{switch}"));
    assert!(at("MODIFY `name` VARCHAR(191) NULL") < at("LOCK TABLES `User` WRITE"), "{switch}");
    assert!(at("LOCK TABLES `User` WRITE") < at("DROP TRIGGER IF EXISTS"), "{switch}");
    assert!(at("RENAME COLUMN `name__ps` TO `name`") < at("UNLOCK TABLES"), "{switch}");
    let all = files(&script).concat();
    assert!(all.contains("CREATE PROCEDURE") && all.contains("READ COMMITTED") && all.contains("DO SLEEP"), "{all}");
    assert!(!all.contains("DELIMITER "), "{all}");
}

#[test]
fn text_that_grows_within_its_length_byte_changes_in_place() {
    let old = OLD.replace("  name  String\n", "  name  String @db.VarChar(100)\n");
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", old), sources.add_schema("new.prisma", OLD));
    let Outcome::Plan { script, .. } = compile(&sources, Some(&old), Some(&new), &Options::default()) else {
        panic!("no plan")
    };
    let all = files(&script).concat();
    assert!(all.contains("MODIFY `name` VARCHAR(191) NOT NULL', @ps_0, ', ALGORITHM=INPLACE, LOCK=NONE"), "{all}");
    assert!(!all.contains("name__ps"), "{all}");
}

#[test]
fn a_copy_is_said_with_what_does_the_same_beside_writers() {
    let script = plan(&OLD.replace("  B\n", "  B\n  C\n"));
    let down = files(&script).into_iter().find(|f| f.contains("ALGORITHM=COPY, LOCK=SHARED")).expect("a copy");
    assert!(down.contains("gh-ost ") && down.contains("pt-online-schema-change "), "{down}");
}

#[test]
fn what_is_not_planned_is_refused_by_name() {
    let new = OLD.replace("  name  String\n", "  /// @stage.from(name)\n  Name  String\n");
    let Outcome::Rejected(found) = outcome(&new) else { panic!("it is planned") };
    let one = found.iter().find(|d| d.code == "PS0720").unwrap_or_else(|| panic!("{found:?}"));
    assert!(one.message.contains("in case alone"), "{}", one.message);
    assert!(one.message.ends_with("is not planned on MySQL yet"), "{}", one.message);
    assert!(one.span.is_some() && one.help.as_ref().is_some_and(|help| help.contains("@map")));
}

#[test]
fn enums_that_take_names_from_each_other_change_nothing_but_what_comes() {
    let old = "datasource db {\n  provider = \"mysql\"\n}\n\nenum Event {\n  click\n  lead\n}\n\nenum Kind {\n  percentage\n  flat\n}\n\nmodel Fee {\n  id    Int   @id\n  event Event\n  kind  Kind\n}\n\nmodel Log {\n  id    Int   @id\n  event Event\n}\n";
    let new = old.replace("enum Kind", "enum Structure").replace("kind  Kind", "kind  Structure");
    let new = new.replacen("event Event", "event Kind", 1) + "\nenum Kind {\n  click\n  lead\n  custom\n}\n";
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", old), sources.add_schema("new.prisma", new));
    let Outcome::Plan { script, .. } = compile(&sources, Some(&old), Some(&new), &Options::default()) else {
        panic!("no plan")
    };
    let all: Vec<&str> = script.stages.iter().flat_map(|s| &s.migrations).map(|m| m.up.as_str()).collect();
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].contains("MODIFY `event` ENUM(''click'', ''lead'', ''custom'') NOT NULL"), "{all:?}");
    assert!(all[0].contains("ALGORITHM=INSTANT"), "{all:?}");
}
