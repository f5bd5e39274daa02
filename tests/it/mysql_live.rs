//! A live MySQL or MariaDB is read as the catalog that its schema is lowered to: that of `MYSQL_URL`, or a MariaDB of our own.

use prisma_stage::catalog::{Catalog, Default, Ids, Literal};
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::mysql::{Database, Server, read};
use prisma_stage::live::rehearse::plain::Place;
use prisma_stage::source::Sources;
use prisma_stage::{lower, model, syntax};

fn lowered(ids: &mut Ids) -> Catalog {
    let mut sources = Sources::default();
    let files = sources.add_schema("everything.prisma", include_str!("mysql_live/everything.prisma"));
    let (ast, diagnostics) = syntax::parse(&sources, &files);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let (catalog, diagnostics) = lower::lower(&model::resolve(&ast).0, ids);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    catalog
}

/// None where there is no server.
fn made(wanted: &Catalog) -> Option<Database> {
    match Server::shared() {
        Ok(server) => Some(server.open(&database(wanted)).unwrap()),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

#[test]
fn what_the_schema_says_is_what_the_database_has() {
    let mut ids = Ids::default();
    let wanted = lowered(&mut ids);
    let Some(there) = made(&wanted) else { return };
    let found = read(&there, &wanted, &mut ids).unwrap();
    assert_eq!(found.differences(&wanted), Vec::<String>::new());

    // Every change is seen, and nothing else.
    let changes = [
        ("ALTER TABLE Everything ALTER exact SET DEFAULT 1.51", "column Everything.exact"),
        ("ALTER TABLE Everything ALTER `text` SET DEFAULT 'its'", "column Everything.text"),
        ("ALTER TABLE Everything MODIFY chars CHAR(11) NOT NULL DEFAULT 'a'", "column Everything.chars"),
        ("ALTER TABLE Everything MODIFY flag TINYINT NOT NULL DEFAULT 1", "column Everything.flag"),
        ("ALTER TABLE Everything MODIFY `unsigned` INT", "column Everything.unsigned"),
        (
            "ALTER TABLE Everything MODIFY `at` DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)",
            "column Everything.at",
        ),
        ("ALTER TABLE Everything MODIFY `json` LONGTEXT", "column Everything.json"),
        ("ALTER TABLE Everything MODIFY `long` JSON", "column Everything.long"),
        ("SET foreign_key_checks = 0; ALTER TABLE Everything MODIFY id INTEGER NOT NULL", "column Everything.id"),
        ("ALTER TABLE Everything MODIFY small SMALLINT DEFAULT -5", "column Everything.small"),
        (
            "ALTER TABLE Everything MODIFY written DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)",
            "column Everything.written",
        ),
        ("ALTER TABLE Everything MODIFY maybe ENUM('USER', 'X')", "column Everything.maybe"),
        ("ALTER TABLE Everything RENAME INDEX small_down TO d", "index small_down of Everything"),
        (
            "ALTER TABLE Everything DROP INDEX small_down, ADD INDEX small_down (small, big)",
            "index small_down of Everything",
        ),
        (
            "ALTER TABLE Everything DROP INDEX Everything_medium_chars_idx, ADD INDEX Everything_medium_chars_idx (`medium`(21), chars(4))",
            "index Everything_medium_chars_idx of Everything",
        ),
        (
            "ALTER TABLE Everything DROP FOREIGN KEY Everything_otherId_fkey",
            "foreign key Everything_otherId_fkey of Everything",
        ),
        ("CREATE TABLE _prisma_stage (id INT)", "bookkeeping"),
    ];
    for (sql, seen) in changes {
        let Some(copy) = made(&wanted) else { return };
        copy.run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let differences = read(&copy, &wanted, &mut ids).unwrap().differences(&wanted);
        assert!(differences.contains(&seen.to_owned()), "{sql}: {differences:?}");
        assert!(differences.len() <= 2, "{sql}: {differences:?}");
    }
}

#[test]
fn a_database_that_nobody_described_is_read_too() {
    let wanted = lowered(&mut Ids::default());
    let Some(there) = made(&wanted) else { return };
    let found = read(&there, &Catalog::default(), &mut Ids::default()).unwrap();
    let table = found.tables.values().find(|t| t.name.name == "Everything").unwrap();
    let known = wanted.tables.values().find(|t| t.name.name == "Everything").unwrap();
    for (found, known) in table.columns.values().zip(known.columns.values()) {
        assert_eq!((&found.name, found.nullable), (&known.name, known.nullable));
        let says = ["role", "maybe", "point", "bit", "whole", "time"].contains(&found.name.as_str());
        assert!(says || found.ty == known.ty, "{}: {:?}, not {:?}", found.name, found.ty, known.ty);
    }
    let default = |name: &str| table.columns.values().find(|c| c.name == name).unwrap().default.clone();
    assert_eq!(default("id"), Some(Default::Sequence));
    assert_eq!(default("at"), Some(Default::Now));
    assert_eq!(default("text"), Some(Default::Literal(Literal::String("it's a\\b".into()))));
    assert_eq!(default("role"), Some(Default::Literal(Literal::Enum("it's, \"admin\"".into()))));
    assert_eq!((table.foreign_keys.len(), found.tables.len()), (2, 5));
    // That of the foreign key to Pair is the server's own.
    assert_eq!(table.indexes.len(), 4);
}

/// Its own binary asks a server by URL how big tables are, and rehearses there.
#[test]
fn the_command_line_goes_to_a_url() {
    let Ok(url) = std::env::var("MYSQL_URL") else {
        eprintln!("skipped: MYSQL_URL names no server");
        return;
    };
    let there = Server::shared()
        .unwrap()
        .open(&["CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1), (2); ANALYZE TABLE a".to_owned()]);
    let there = there.unwrap();
    let url = format!("{}/{there:?}?connection_limit=1&pool_timeout=2", url.trim_end_matches('/'));
    let scratch = crate::run::Scratch::new();
    let ran = scratch.run(&["stats", "--url", &url]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("\"a\": {\n      \"rows\": 2"), "{}", ran.stdout);
    assert!(ran.stderr.contains("means nothing here: connection_limit, pool_timeout"), "{}", ran.stderr);

    let old = "datasource db {\n  provider = \"mysql\"\n}\nmodel A {\n  id Int @id\n  n Int\n}\n";
    let scratch = scratch.file("old.prisma", old).file("new.prisma", old.replace("n Int", "n Int\n  m String?"));
    let ran = scratch.run(&["rehearse", "old.prisma", "new.prisma", "--url", &url]);
    assert!(ran.code == 1 && ran.stderr.contains("PS1103"), "{}", ran.stderr);
    there.run("DROP TABLE a").unwrap();
    let ran = scratch.run(&["rehearse", "old.prisma", "new.prisma", "--url", &url]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let ran = scratch.run(&["rehearse", "old.prisma", "new.prisma", "--url", "postgresql://me@localhost/x"]);
    assert!(ran.stderr.contains("PS1102") && ran.stderr.contains("names a database of PostgreSQL"), "{}", ran.stderr);
}

/// A plan whose triggers forget what old clients write is found out by the clients.
#[test]
fn clients_at_work_find_what_is_not_kept() {
    use prisma_stage::live::rehearse::{Clients, Plan, Renames, Report, What, plain::Stand};
    use prisma_stage::{Options, Outcome, compile};
    let Ok(server) = Server::shared() else {
        eprintln!("skipped: no server");
        return;
    };
    let text =
        "datasource db {\n  provider = \"mysql\"\n}\nmodel A {\n  id Int @id @default(autoincrement())\n  n Int\n}\n";
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old", text), sources.add_schema("new", text.replace("n Int", "n BigInt")));
    let options = Options { target: Some(server.target().unwrap()), ..Options::default() };
    let Outcome::Plan { mut script, .. } = compile(&sources, Some(&old), Some(&new), &options) else {
        panic!("no plan")
    };
    let clients = Clients::read(&sources, (&old, &new), &options, &script);
    let made =
        |files| database(&lower::lower(&model::resolve(&syntax::parse(&sources, files).0).0, &mut Ids::default()).0);
    let make = |files: &[String]| server.open(files);
    let stand = Stand::new(&make, &made(&old), &made(&new)).unwrap();
    let labels = std::collections::BTreeMap::new();
    let renames = Renames::default();
    let whole = script.clone();
    let mut play = |break_it: bool| {
        if break_it {
            for migration in script.stages.iter_mut().flat_map(|s| &mut s.migrations) {
                migration.up = migration.up.replace("SET NEW.`n__ps` = NEW.`n`", "SET NEW.`n__ps` = 7");
                // Nor is it looked at, before the columns change places.
                migration.up = migration.up.replace("'SELECT 1 FROM `prisma-stage: A.n__ps is not filled`'", "'DO 0'");
            }
        }
        let mut report = Report::default();
        let plan = Plan { script: &script, renames: &renames, replan: None, clients: Some(&clients) };
        stand.play(plan, (5, &labels), 1, &mut report).unwrap();
        report
    };
    assert_eq!(play(false).failures, Vec::new());
    // A plan that names no lock is found out by readers.
    let mut silent = whole.clone();
    let statements = silent.stages.iter_mut().flat_map(|s| &mut s.migrations).flat_map(|m| &mut m.statements);
    statements.for_each(|statement| statement.locks.clear());
    let plan = |script| Plan { script, renames: &renames, replan: None, clients: None };
    assert!(stand.rehearse(plan(&whole), 3, true, &labels, None).unwrap().proved());
    let seen = stand.rehearse(plan(&silent), 3, true, &labels, None).unwrap();
    assert!(
        seen.failures
            .iter()
            .any(|f| f.what == What::Lock && f.message.contains("`A`") || f.message.contains("A: it waits")),
        "{:?}",
        seen.failures
    );
    let broken = play(true);
    assert!(
        broken.failures.iter().any(|f| matches!(f.what, What::Diverged | What::ClientFails)),
        "{:?}",
        broken.failures
    );
}
