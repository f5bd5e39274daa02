//! A rename on PlanetScale with every client of its rollout at work, on a MySQL or MariaDB: what each writes, said as SQL, the way back
//! too. That of `MYSQL_URL`, or a MariaDB of our own.

use prisma_stage::catalog::Ids;
use prisma_stage::dialect::mysql::database;
use prisma_stage::live::mysql::{Database, Server};
use prisma_stage::live::rehearse::plain::Place;
use prisma_stage::script::{Migration, Script};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile, lower, validate};

const OLD: &str = "datasource db {\n  provider     = \"mysql\"\n  relationMode = \"prisma\"\n}\n\nmodel User {\n  id   Int    @id\n  name String\n}\n";

/// The plan, and a database of OLD; None where there is no server.
fn begun() -> Option<(Script, Database)> {
    let server = match Server::shared() {
        Ok(server) => server,
        Err(error) => {
            eprintln!("skipped: {error}");
            return None;
        }
    };
    let new = OLD.replace("  name String\n", "  /// @stage.from(name)\n  fullName String\n");
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", OLD), sources.add_schema("new.prisma", new));
    let options = Options { target: Some("planetscale".to_owned()), ..Options::default() };
    let Outcome::Plan { script, .. } = compile(&sources, Some(&old), Some(&new), &options) else { panic!("no plan") };
    let checked = validate::check(&sources, &old);
    let made = database(&lower::lower(&checked.schema, &mut Ids::default()).0);
    Some((*script, server.open(&made).unwrap()))
}

fn files(script: &Script, stage: usize) -> &[Migration] {
    &script.stages[stage].migrations
}

fn apply(database: &Database, script: &Script, stage: usize) {
    files(script, stage).iter().for_each(|m| database.run(&m.up).unwrap_or_else(|e| panic!("{}: {e}", m.name)));
}

fn back(database: &Database, script: &Script, stage: usize) {
    files(script, stage).iter().rev().for_each(|m| database.run(&m.down).unwrap_or_else(|e| panic!("{}: {e}", m.name)));
}

fn column(database: &Database, name: &str) -> Vec<String> {
    let rows = database.query(&format!("SELECT `{name}` FROM `User` ORDER BY `id`")).unwrap();
    rows.into_iter().flatten().map(|value| value.unwrap_or_else(|| "NULL".to_owned())).collect()
}

#[test]
fn what_any_client_of_the_rollout_wrote_last_is_there_in_the_end_and_on_the_way_back() {
    let Some((script, db)) = begun() else { return };
    let run = |sql: &str| db.run(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    run("INSERT INTO `User` (`id`, `name`) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    apply(&db, &script, 0);
    // An old client beside the one between, on the same row: the old column is what both read.
    run("INSERT INTO `User` (`id`, `name`) VALUES (4, 'old')");
    run("INSERT INTO `User` (`id`, `name`, `fullName`) VALUES (5, 'both', 'both')");
    run("UPDATE `User` SET `name` = 'B', `fullName` = 'B' WHERE `id` = 2");
    run("UPDATE `User` SET `name` = 'later' WHERE `id` = 2");
    // No old client is left.
    let (fills, looks): (Vec<_>, Vec<_>) = files(&script, 1).iter().partition(|m| m.up.contains("UPDATE "));
    assert!(looks.iter().any(|look| db.run(&look.up).is_err()), "it does not look");
    fills.iter().for_each(|fill| db.run(&fill.up).unwrap());
    run("UPDATE `User` SET `name` = 'C', `fullName` = 'C' WHERE `id` = 3");
    looks.iter().for_each(|look| db.run(&look.up).unwrap());
    assert_eq!(column(&db, "fullName"), ["a", "later", "C", "old", "both"]);
    apply(&db, &script, 2);
    // The new client alone.
    run("INSERT INTO `User` (`id`, `fullName`) VALUES (6, 'new')");
    run("UPDATE `User` SET `fullName` = 'A' WHERE `id` = 1");
    let wanted = ["A", "later", "C", "old", "both", "new"];
    assert_eq!(column(&db, "fullName"), wanted);
    // Back, with the contract and without it.
    apply(&db, &script, 3);
    run("UPDATE `User` SET `fullName` = 'last' WHERE `id` = 6");
    back(&db, &script, 3);
    assert_eq!(column(&db, "name"), ["A", "later", "C", "old", "both", "last"]);
    run("UPDATE `User` SET `fullName` = 'again' WHERE `id` = 6");
    (0..3).rev().for_each(|stage| back(&db, &script, stage));
    assert_eq!(column(&db, "name"), ["A", "later", "C", "old", "both", "again"]);
    assert!(db.run("INSERT INTO `User` (`id`) VALUES (7)").is_err(), "the name is required again");
}

/// A deploy request says a column anew, and nothing in it can ask what the column has of its own.
#[test]
fn what_modify_would_take_away_is_found_before() {
    let Some((_, db)) = begun() else { return };
    let mut sources = Sources::default();
    let new = OLD.replace("name String\n", "name String?\n");
    let (old, new) = (sources.add_schema("old.prisma", OLD), sources.add_schema("new.prisma", new));
    let options = Options { target: Some("planetscale".to_owned()), ..Options::default() };
    let Outcome::Plan { script, .. } = compile(&sources, Some(&old), Some(&new), &options) else { panic!("no plan") };
    let asked: Vec<&str> = script.stages[0].preflight.iter().map(|query| query.sql.as_str()).collect();
    let found = || -> Vec<String> {
        let looks = asked.iter().filter(|sql| sql.contains("MODIFY would"));
        looks.flat_map(|sql| db.query(sql).unwrap()).map(|row| row[0].clone().unwrap_or_default()).collect()
    };
    assert!(found().is_empty(), "{:?}", found());
    db.run("ALTER TABLE `User` MODIFY `name` VARCHAR(191) NOT NULL COMMENT 'who'").unwrap();
    assert!(matches!(&found()[..], [one] if one.contains("COMMENT")), "{:?}", found());
    db.run("ALTER TABLE `User` MODIFY `name` VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL").unwrap();
    assert!(matches!(&found()[..], [one] if one.contains("collation")), "{:?}", found());
}
