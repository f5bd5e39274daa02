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
    assert_eq!(script.stages.len(), 1);
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
    assert!(
        all.contains("MODIFY `kind` ENUM(''A'', ''B'', ''C'') NOT NULL, ALGORITHM=INSTANT")
            || all.contains("MODIFY `kind` ENUM('A', 'B', 'C') NOT NULL, ALGORITHM=INSTANT")
    );
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
fn what_is_not_planned_is_refused_by_name() {
    for (from, to, words) in [
        ("  name  String\n", "  name  String @db.Text\n", "changing the type of `User`.`name`"),
        (
            "  name  String\n",
            "  name  String\n  age   Int\n",
            "adding a required column without a default, `User`.`age`",
        ),
        ("  B\n", "", "taking values out of enum Kind"),
        ("  id       Int  @id\n", "  id       Int\n", "another primary key for `Post`"),
    ] {
        let new = OLD.replace(from, to);
        let new = if words.contains("primary") { new.replace("authorId Int\n", "authorId Int @id\n") } else { new };
        let Outcome::Rejected(found) = outcome(&new) else { panic!("{words}") };
        let one = found.iter().find(|d| d.code == "PS0720").unwrap_or_else(|| panic!("{found:?}"));
        assert!(one.message.contains(words), "{}", one.message);
        assert!(one.message.ends_with("is not planned on MySQL yet"), "{}", one.message);
        assert!(one.span.is_some() && one.help.is_some());
    }
}
