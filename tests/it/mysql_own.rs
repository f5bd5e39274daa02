//! What a column of MySQL says that no schema speaks of is there afterwards. On a server: a MariaDB of our own, or MYSQL_URL.

use prisma_stage::live::mysql::Server;
use prisma_stage::live::rehearse::plain::Place;
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};

const OLD: &str = "datasource db {\n  provider = \"mysql\"\n}\n\nmodel User {\n  id    Int       @id @default(autoincrement())\n  name  String?\n  kind  Kind\n  seen  DateTime?\n  mark  String?\n}\n\nenum Kind {\n  A\n  B\n}\n";

/// As somebody made it who did not ask Prisma.
const MADE: &str = "CREATE TABLE `User` (`id` INTEGER NOT NULL AUTO_INCREMENT, `name` VARCHAR(191) COLLATE utf8mb4_bin NULL COMMENT 'it''s \\\\ theirs', \
    `kind` ENUM('A', 'B') COLLATE utf8mb4_bin NOT NULL COMMENT 'which', `seen` DATETIME(3) NULL ON UPDATE CURRENT_TIMESTAMP(3), \
    `mark` VARCHAR(191) NULL, PRIMARY KEY (`id`)) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; \
    INSERT INTO `User` (`name`, `kind`, `seen`, `mark`) VALUES ('a', 'A', '2024-01-02 03:04:05.678', 'm')";

fn files(new: &str, filled: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", OLD), sources.add_schema("new.prisma", new));
    let options =
        Options { intent: Some((format!("filled = [{filled:?}]\n"), "intent.toml".to_owned())), ..Options::default() };
    match compile(&sources, Some(&old), Some(&new), &options) {
        Outcome::Plan { script, .. } => {
            let files = script.stages.iter().flat_map(|s| &s.migrations);
            files.map(|m| m.up.clone()).collect()
        }
        other => panic!("no plan: {other:?}"),
    }
}

#[test]
fn collations_comments_and_moments_of_updates_stay() {
    let Ok(server) = Server::shared() else {
        eprintln!("skipped: there is no MariaDB here, and MYSQL_URL names no server");
        return;
    };
    let new = OLD
        .replace("String?\n  kind", "String\n  kind")
        .replace("seen  DateTime?", "seen  DateTime? @default(now())")
        .replace("  B\n", "  B\n  C\n");
    let database = server.open(&[MADE.to_owned()]).unwrap();
    for file in files(&new, "User.name") {
        database.run(&file).unwrap_or_else(|error| panic!("{error}\n{file}"));
    }
    let sql = "SELECT column_name, is_nullable, column_type, collation_name, column_comment, extra LIKE '%on update current_timestamp(3)%' \
               FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'User' AND column_name IN ('name', 'kind', 'seen') ORDER BY 1";
    let found: Vec<String> = database
        .query(sql)
        .unwrap()
        .into_iter()
        .map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(" | "))
        .collect();
    assert_eq!(
        found,
        [
            "kind | NO | enum('A','B','C') | utf8mb4_bin | which | 0",
            "name | NO | varchar(191) | utf8mb4_bin | it's \\ theirs | 0",
            "seen | YES | datetime(3) |  | 1",
        ]
    );
}

#[test]
fn a_generated_column_is_not_made_a_plain_one() {
    let Ok(server) = Server::shared() else {
        eprintln!("skipped: there is no MariaDB here, and MYSQL_URL names no server");
        return;
    };
    let made = MADE
        .replace("`mark` VARCHAR(191) NULL", "`mark` VARCHAR(191) AS (CONCAT(`name`, '!')) STORED")
        .replace(", `mark`) VALUES", ") VALUES")
        .replace(", 'm')", ")");
    let database = server.open(&[made]).unwrap();
    let failed = files(&OLD.replace("mark  String?", "mark  String"), "User.mark")
        .into_iter()
        .find_map(|file| database.run(&file).err());
    let said = failed.expect("a file stops").to_string();
    assert!(said.contains("is generated, and would not be any more"), "{said}");
}
