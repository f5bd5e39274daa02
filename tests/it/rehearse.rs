//! A rehearsal sees what is wrong with a plan.

use prisma_stage::live::rehearse::{Plan, Renames, Sending, Settings, Stand, What};
use prisma_stage::live::server::Server;
use prisma_stage::script::{FileClass, Level, Migration, Query, Script, Stage, StageKind, Undo};

const OLD: &str =
    r#"CREATE TABLE "User" ("id" SERIAL NOT NULL, "name" TEXT, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));"#;
const NEW: &str = r#"CREATE TABLE "User" ("id" SERIAL NOT NULL, "name" TEXT, "age" INTEGER, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
    CREATE INDEX "User_age_idx" ON "User"("age");"#;

fn step(class: FileClass, up: &str, down: &str) -> Migration {
    Migration {
        name: "0001_step".into(),
        title: String::new(),
        class,
        statements: Vec::new(),
        up: up.into(),
        down_class: class,
        undo: Undo::Lossless,
        residue: Vec::new(),
        down: down.into(),
    }
}

fn script(migrations: Vec<Migration>) -> Script {
    let stage = Stage {
        stage: StageKind::Expand,
        folder: "1-expand".into(),
        gate: Vec::new(),
        schema: None,
        clients: Vec::new(),
        migrations,
        preflight: Vec::new(),
        verify: Vec::new(),
    };
    Script { stages: vec![stage], ..Script::default() }
}

/// The same step, right.
fn add_age() -> Migration {
    step(
        FileClass::Transactional,
        "-- one\nDO $$ BEGIN ALTER TABLE \"User\" ADD COLUMN IF NOT EXISTS \"age\" INTEGER; END $$;\n",
        "ALTER TABLE \"User\" DROP COLUMN \"age\";",
    )
}

fn index_age() -> Migration {
    let build = "CREATE INDEX CONCURRENTLY \"User_age_idx\" ON \"User\"(\"age\");";
    step(FileClass::Solitary, build, "DROP INDEX CONCURRENTLY \"User_age_idx\";")
}

fn seen(new: &str, script: &Script, settings: &Settings) -> Vec<(What, String)> {
    let stand = Stand::new(Server::shared().unwrap(), &[OLD.to_owned()], &[new.to_owned()]).unwrap();
    let renames = Renames::default();
    let report = stand.rehearse(Plan { script, renames: &renames, replan: None, clients: None }, settings).unwrap();
    report.failures.into_iter().map(|failure| (failure.what, failure.message)).collect()
}

#[test]
fn a_right_plan_is_proved_however_it_is_sent() {
    let script = script(vec![add_age(), index_age()]);
    for sending in Sending::ALL.into_iter().filter(|sending| sending.available()) {
        for (rows, twice) in [(0, false), (7, true)] {
            let settings = Settings { rows, sending, twice, ..Settings::default() };
            assert_eq!(seen(NEW, &script, &settings), [], "{settings:?}");
        }
    }
}

#[test]
fn each_mistake_is_seen() {
    let up = |sql: &str| Migration { up: sql.into(), ..add_age() };
    let down = |sql: &str| Migration { down: sql.into(), ..add_age() };
    let add = "ALTER TABLE \"User\" ADD COLUMN IF NOT EXISTS \"age\" INTEGER;";
    let wrong = [
        (vec![add_age()], What::Catalog, "missing: index"),
        (vec![up("ALTER TABLE \"user\" DROP COLUMN x")], What::Fails, "does not exist"),
        (vec![up(&add.replace(" IF NOT EXISTS", "")), index_age()], What::NotAgain, "already exists"),
        (vec![up(&format!("{add} SET lock_timeout = '5s';")), index_age()], What::Leak, "lock_timeout"),
        (vec![up(&format!("{add} BEGIN;")), index_age()], What::Leak, "transaction"),
        (vec![up(&format!("{add} UPDATE \"User\" SET name = 'x' WHERE id = 1;")), index_age()], What::Lost, "become"),
        (vec![up(&format!("{add} DELETE FROM \"User\" WHERE id = 1;")), index_age()], What::Lost, "is gone"),
        (
            vec![up(&format!("{add} CREATE SCHEMA IF NOT EXISTS prisma_stage;")), index_age()],
            What::Leftover,
            "prisma_stage",
        ),
        (vec![down("SELECT 1"), index_age()], What::DownCatalog, "left over: column"),
        (
            vec![down("ALTER TABLE \"User\" DROP COLUMN \"age\"; UPDATE \"User\" SET name = NULL"), index_age()],
            What::DownRows,
            "and is None",
        ),
        (
            vec![
                up(&format!(
                    "{add} ALTER TABLE \"User\" ALTER id TYPE bigint; ALTER TABLE \"User\" ALTER id TYPE int;"
                )),
                index_age(),
            ],
            What::Rewrite,
            "rewritten",
        ),
    ];
    for (migrations, what, words) in wrong {
        let settings = Settings { twice: what == What::NotAgain, ..Settings::default() };
        let seen = seen(NEW, &script(migrations), &settings);
        assert!(seen.iter().any(|(w, message)| *w == what && message.contains(words)), "{what:?}: {seen:?}");
    }
}

#[test]
fn a_lock_that_the_plan_does_not_name_is_seen() {
    let script = script(vec![add_age(), index_age()]);
    let seen = seen(NEW, &script, &Settings { locks: true, ..Settings::default() });
    assert!(seen[0].0 == What::Lock && seen[0].1.contains("ACCESS EXCLUSIVE"), "{seen:?}");
}

#[test]
fn queries_that_return_rows_are_problems() {
    let mut script = script(vec![add_age(), index_age()]);
    let sql = "SELECT 'no age', count(*) FROM \"User\" WHERE \"age\" IS NULL HAVING count(*) > 0".to_owned();
    script.stages[0].verify.push(Query {
        name: "no age".into(),
        about: "users without an age".into(),
        sql,
        level: Level::Rows,
    });
    assert_eq!(seen(NEW, &script, &Settings::default())[0].0, What::Verify);
}

#[test]
fn what_a_down_announces_is_brought_back() {
    let new = "CREATE TABLE \"User\" (\"id\" SERIAL NOT NULL, CONSTRAINT \"User_pkey\" PRIMARY KEY (\"id\"));";
    let (up, down) = ("ALTER TABLE \"User\" DROP COLUMN name;", "ALTER TABLE \"User\" ADD COLUMN name TEXT;");
    let silent = step(FileClass::Transactional, up, down);
    let said = Undo::Irreversible { what: vec!["dropped \"User\".\"name\": restore from backup".into()] };
    let honest = Migration { undo: said, ..silent.clone() };
    assert_eq!(seen(new, &script(vec![honest]), &Settings::default()), []);
    assert_eq!(seen(new, &script(vec![silent]), &Settings::default())[0].0, What::Lost);
}
