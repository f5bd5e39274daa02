//! What differs by server and version: how a change is stated, and what is refused because the server would.

use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};

const OLD: &str = "datasource db {\n  provider = \"mysql\"\n}\n\nmodel Page {\n  id    Int    @id @default(autoincrement())\n  title String\n\n  @@fulltext([title])\n}\n\nmodel Plain {\n  id Int @id @default(autoincrement())\n}\n";

fn outcome(old: &str, new: &str, target: Option<&str>) -> Outcome {
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", old), sources.add_schema("new.prisma", new));
    compile(&sources, Some(&old), Some(&new), &Options { target: target.map(str::to_owned), ..Options::default() })
}

/// All that the files do.
fn files(new: &str, target: &str) -> String {
    match outcome(OLD, new, Some(target)) {
        Outcome::Plan { script, .. } => {
            script.stages.iter().flat_map(|s| &s.migrations).flat_map(|m| [m.up.as_str(), m.down.as_str()]).collect()
        }
        other => panic!("no plan: {other:?}"),
    }
}

fn refused(old: &str, new: &str, target: Option<&str>) -> String {
    match outcome(old, new, target) {
        Outcome::Rejected(found) => found.iter().map(|d| format!("{} {}", d.code, d.message)).collect(),
        other => panic!("it is planned: {other:?}"),
    }
}

#[test]
fn a_column_comes_by_words_alone_where_the_server_can() {
    let new = OLD.replace("model Plain {\n", "model Plain {\n  note String?\n");
    let how = |target: &str| {
        let all = files(&new, target);
        let (_, rest) = all.split_once("ADD COLUMN `note` VARCHAR(191) NULL, ").unwrap();
        rest.split('\'').next().unwrap_or_default().to_owned()
    };
    assert_eq!(how("mysql@8.0"), "ALGORITHM=INPLACE, LOCK=NONE");
    assert_eq!(how("mysql@8.0.12"), "ALGORITHM=INSTANT");
    assert_eq!(how("mariadb@10.6"), "ALGORITHM=INSTANT");
}

#[test]
fn a_table_with_a_full_text_index_is_copied_by_mysql() {
    let new = OLD.replace("  title String\n", "  title String\n  note  String?\n");
    assert!(files(&new, "mysql@9.7").contains("ADD COLUMN `note` VARCHAR(191) NULL, ALGORITHM=COPY, LOCK=SHARED"));
    assert!(
        files(&new, "mariadb@10.11").contains("ADD COLUMN `note` VARCHAR(191) NULL, ALGORITHM=INPLACE, LOCK=SHARED")
    );
}

#[test]
fn a_copy_waits_for_nobody_on_newer_mariadb() {
    let old = OLD.to_owned() + "\nenum Kind {\n  A\n}\n";
    let (old, new) = (
        old.replace("model Plain {\n", "model Plain {\n  kind Kind\n"),
        old.replace("model Plain {\n", "model Plain {\n  kind Kind\n").replace("  A\n", "  A\n  B\n"),
    );
    let down = |target: &str| match outcome(&old, &new, Some(target)) {
        Outcome::Plan { script, .. } => {
            script.stages.iter().flat_map(|s| &s.migrations).map(|m| m.down.as_str()).collect::<String>()
        }
        other => panic!("no plan: {other:?}"),
    };
    assert!(down("mariadb@10.11").contains("ALGORITHM=COPY, LOCK=SHARED"));
    let beside = down("mariadb@11.4");
    assert!(beside.contains("ALGORITHM=COPY, LOCK=NONE") && !beside.contains("gh-ost"), "{beside}");
}

#[test]
fn an_older_server_makes_its_triggers_again() {
    let new = OLD.replace("model Plain {\n", "model Plain {\n  note String @default(\"x\") @db.VarChar(9)\n");
    let (old, new) = (new.clone(), new.replace("@db.VarChar(9)", "@db.Text").replace("@default(\"x\") ", ""));
    let up = |target: &str| match outcome(&old, &new, Some(target)) {
        Outcome::Plan { script, .. } => {
            script.stages.iter().flat_map(|s| &s.migrations).map(|m| m.up.as_str()).collect::<String>()
        }
        other => panic!("no plan: {other:?}"),
    };
    assert!(up("mysql@8.0.29").contains("CREATE TRIGGER IF NOT EXISTS"));
    let again = up("mysql@8.0.28");
    assert!(again.contains("DROP TRIGGER IF EXISTS") && !again.contains("CREATE TRIGGER IF NOT EXISTS"), "{again}");
}

#[test]
fn what_the_server_refuses_is_refused_before_anything_is_written() {
    let named = OLD.replace("model Plain {\n", "model Plain {\n  note String? @map(\"n\u{1F98A}\")\n");
    assert!(refused(OLD, &named, None).contains("four bytes"));
    let moment = OLD.replace("model Plain {\n", "model Plain {\n  day DateTime? @default(now()) @db.Date\n");
    assert!(refused(OLD, &moment, None).contains("--target mariadb@10.11"));
    assert!(files(&moment, "mariadb@10.11").contains("DATE NULL"));
    let seats = "datasource db {\n  provider = \"mysql\"\n}\n\nmodel Seat {\n  row     Int\n  number  Int\n  tickets Ticket[]\n\n  @@id([row, number])\n}\n\nmodel Ticket {\n  id     Int  @id\n  row    Int\n  number Int\n  seat   Seat @relation(fields: [row, number], references: [row, number])\n}\n";
    assert!(
        refused(seats, &seats.replace("@@id([row, number])", "@@id([number, row])"), None)
            .contains("no key in this order")
    );
    let orders = "datasource db {\n  provider = \"mysql\"\n}\n\nmodel User {\n  id     Int     @id\n  code   String  @unique\n  orders Order[]\n}\n\nmodel Order {\n  id   Int    @id\n  code String\n  user User   @relation(fields: [code], references: [code])\n}\n";
    let loose = orders.replace("code   String ", "code   String?");
    assert!(refused(orders, &loose, Some("mariadb@10.11")).contains("which MariaDB refuses"));
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", orders), sources.add_schema("new.prisma", loose));
    let mysql = Options { target: Some("mysql@8.4".to_owned()), ..Options::default() };
    assert!(matches!(compile(&sources, Some(&old), Some(&new), &mysql), Outcome::Plan { .. }));
}
