//! `prisma-stage rehearse`, on a real server.

use crate::run::{Ran, Scratch, postgres};
use prisma_stage::live::server::{Server, VARIABLE};
use serde_json::Value;

/// A renamed field: four stages, a backfill, and a file or two that commit on their way.
fn schemas() -> Scratch {
    Scratch::new()
        .file("old.prisma", postgres("model User {\n  id   Int    @id @default(autoincrement())\n  name String\n}"))
        .file(
            "new.prisma",
            postgres(
                "model User {\n  id       Int    @id @default(autoincrement())\n  /// @stage.from(name)\n  fullName String\n\n  @@index([fullName])\n}",
            ),
        )
}

/// On the server of the tests.
fn rehearse(scratch: &Scratch, args: &[&str]) -> Ran {
    let mut command = scratch.command(&[&["rehearse"], args].concat());
    command.env(VARIABLE, Server::shared().unwrap().connection());
    Ran::of(command.output().unwrap())
}

#[test]
fn a_right_plan_is_proved_forwards_back_and_after_every_cut() {
    let scratch = schemas();
    let ran = rehearse(&scratch, &["old.prisma", "new.prisma", "--rows", "5", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    crate::json_schema::hold(&scratch.run(&["schema", "rehearse"]).stdout, &ran.stdout);
    let seen: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&seen["ok"], &seen["rows"]), (&true.into(), &5.into()));
    assert!(seen["server"].as_str().unwrap().starts_with("PostgreSQL 1"), "{}", seen["server"]);
    let folders: Vec<&str> = seen["stages"].as_array().unwrap().iter().map(|s| s["folder"].as_str().unwrap()).collect();
    assert_eq!(folders, ["1-expand", "2-backfill", "3-validate", "4-contract"]);
    let kills = seen["kills"].as_array().unwrap();
    let cut = |file: &str, at: &str| {
        kills
            .iter()
            .find(|kill| kill["file"].as_str().unwrap().contains(file) && kill["at"].as_str().unwrap().contains(at))
    };
    assert!(cut("2-backfill", "after commit 2").is_some(), "{kills:?}");
    let build = cut("index_user", "waits for writers from before it").unwrap();
    assert!(build["then"][0].as_str().unwrap().starts_with("DROP INDEX CONCURRENTLY IF EXISTS \"User_fullName_idx\""));
}

#[test]
fn a_plan_is_rehearsed_as_it_lies_in_its_folder() {
    let scratch = schemas();
    assert_eq!(scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan"]).code, 0);
    std::fs::remove_file(scratch.path("old.prisma")).unwrap();
    let ran = rehearse(&scratch, &["plan", "--no-kill"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("proved: ") && ran.stdout.contains("Not tried"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'));
    // plan.json holds both schemas: clients are played, and planning again finds nothing.
    let ran = rehearse(&scratch, &["plan", "--no-kill", "--format", "json"]);
    let seen: Value = serde_json::from_str(&ran.stdout).unwrap();
    let clients = seen["stages"].as_array().unwrap().iter().flat_map(|stage| stage["clients"].as_array().unwrap());
    assert!(clients.map(|client| client["statements"].as_u64().unwrap()).sum::<u64>() > 0, "{}", ran.stdout);

    // A comment more is no harm, and is named.
    let file = std::fs::read_dir(scratch.path("plan/1-expand/migrations")).unwrap().flatten().map(|e| e.path()).max();
    let file = file.unwrap().join("migration.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}-- looked at\n")).unwrap();
    let ran = rehearse(&scratch, &["plan", "--no-kill"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("Edited since the plan was written"), "{}", ran.stdout);

    // Triggers that are not made leave old and new columns apart.
    std::fs::write(&file, "SELECT 1;\n").unwrap();
    let ran = rehearse(&scratch, &["plan", "--no-kill", "--format", "json"]);
    let seen: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &seen["ok"]), (1, &false.into()));
    assert!(
        seen["edited"][0].as_str().unwrap().ends_with("/migration.sql") && seen["failures"][0]["message"].is_string()
    );
    crate::json_schema::hold(&scratch.run(&["schema", "rehearse"]).stdout, &ran.stdout);
    let ran = rehearse(&scratch, &["plan", "--no-kill"]);
    assert!(ran.stdout.starts_with("WRONG: "), "{}", ran.stdout);
}

#[test]
fn a_folder_that_is_no_whole_plan_is_refused() {
    let scratch = schemas().file("schemas/a.prisma", postgres("model A {\n  id Int @id\n}"));
    assert_eq!(scratch.run(&["diff", "old.prisma", "new.prisma", "-o", "plan"]).code, 0);
    let codes = |scratch: &Scratch, dir: &str| {
        let ran = scratch.run(&["rehearse", dir]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        ran.codes()
    };
    assert_eq!(codes(&scratch, "schemas"), ["PS1104"]);
    let scratch = scratch.file("plan/1-expand/migrations/9999_mine/migration.sql", "SELECT 1;\n");
    assert_eq!(codes(&scratch, "plan"), ["PS1105"]);
    std::fs::remove_dir_all(scratch.path("plan/1-expand")).unwrap();
    assert_eq!(codes(&scratch, "plan"), ["PS1105"]);
    let plan = scratch.path("plan/plan.json");
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, text.replacen("\"version\": 1", "\"version\": 99", 1)).unwrap();
    assert_eq!(codes(&scratch, "plan"), ["PS1104"]);
}

#[test]
fn a_database_with_tables_is_refused_and_an_empty_one_is_left_as_it_was() {
    let scratch = schemas();
    let database = Server::shared().unwrap().create(None).unwrap();
    let url = |database: &str| {
        let word = |key: &str| {
            let connection = Server::shared().unwrap().connection();
            let found = connection.split(' ').find_map(|word| word.strip_prefix(key).map(str::to_owned));
            found.unwrap_or_default().replace('/', "%2F")
        };
        format!("postgresql://{}@{}:{}/{database}?schema=public", word("user="), word("host="), word("port="))
    };
    let run = |args: &[&str]| {
        scratch.run(&[&["rehearse", "old.prisma", "new.prisma", "--url", &url(&database.name)], args].concat())
    };
    let ran = run(&["--rows", "2", "--no-kill"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let mut client = database.connect().unwrap();
    let left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'prisma_stage_%'";
    assert_eq!(client.query_one(left, &[]).unwrap().get::<_, i64>(0), 0);

    client.batch_execute("CREATE TABLE \"Customer\" (id serial)").unwrap();
    let ran = run(&[]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS1103".to_owned()]));
    assert!(ran.stderr.contains("it holds \"Customer\""), "{}", ran.stderr);
    let json: Value = serde_json::from_str(&run(&["--format", "json"]).stdout).unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "PS1103");
}

#[test]
fn what_cannot_be_tried_is_said() {
    let scratch = schemas()
        .file("open.prisma", postgres("model User {\n  id   Int    @id @default(autoincrement())\n  full String\n}"));
    let ran = scratch.run(&["rehearse", "old.prisma", "open.prisma"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("--rename User.name=full"), "{}", ran.stderr);
    for args in [
        &["rehearse"][..],
        &["rehearse", "old.prisma"],
        &["rehearse", "a", "b", "c"],
        &["rehearse", "old.prisma", "new.prisma", "--rows", "x"],
    ] {
        assert_eq!(scratch.run(args).code, 64, "{args:?}");
    }
    let ran = scratch.run(&["rehearse", "old.prisma", "old.prisma"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("Nothing to rehearse"), "{}", ran.stdout);
    let ran = scratch.run(&["rehearse", "old.prisma", "new.prisma", "--server", "8"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS1101".to_owned()]));
    let ran = scratch.run(&["rehearse", "old.prisma", "new.prisma", "--url", "postgresql://me:secret@localhost:1/x"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS1102".to_owned()]));
    assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
}
