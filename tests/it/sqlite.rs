//! What a plan for SQLite does with what the schema does not speak of.

use prisma_stage::live::sqlite::{Database, open, query, run};
use prisma_stage::script::Script;
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};

const OLD: &str = "datasource db {\n  provider = \"sqlite\"\n}\n\nmodel User {\n  id   Int    @id @default(autoincrement())\n  name String\n  note String?\n}\n";

fn plan(new: &str) -> Script {
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", OLD), sources.add_schema("new.prisma", new));
    match compile(&sources, Some(&old), Some(&new), &Options::default()) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("no plan: {other:?}"),
    }
}

fn database(objects: &str) -> Database {
    let table = "CREATE TABLE \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \"name\" TEXT NOT NULL, \"note\" TEXT);\
                 INSERT INTO \"User\" (\"name\") VALUES ('Ann'), ('Bo');";
    open(&[table.to_owned(), objects.to_owned()]).expect("the database is made")
}

fn files(script: &Script) -> impl Iterator<Item = &str> {
    script.stages.iter().flat_map(|s| &s.migrations).map(|m| m.up.as_str())
}

fn shape(database: &Database) -> Vec<Vec<Option<String>>> {
    query(database, "SELECT name, sql FROM sqlite_master ORDER BY name").expect("it is read")
}

/// A column that becomes required writes its table anew: a trigger, an index or a CHECK of it would be lost, so the file stops.
#[test]
fn what_would_be_lost_stops_the_file() {
    let script = plan(&OLD.replace("note String?", "/// @stage.fallback(\"none\")\n  note String"));
    for object in [
        "CREATE TRIGGER seen AFTER INSERT ON \"User\" BEGIN SELECT 1; END;",
        "CREATE INDEX mine ON \"User\" (lower(\"name\"));",
        "DROP TABLE \"User\"; CREATE TABLE \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \"name\" TEXT NOT NULL CHECK(length(\"name\") > 0), \"note\" TEXT);",
    ] {
        let database = database(object);
        let before = shape(&database);
        let failure = files(&script).find_map(|sql| run(&database, sql).err()).expect("it stops");
        assert!(failure.said.contains("User is written anew"), "{failure}");
        assert!(failure.said.contains("add them to this file"), "{failure}");
        run(&database, "ROLLBACK").expect("the transaction was open");
        assert_eq!(shape(&database), before);
    }
}

/// A view that reads the table, and a trigger elsewhere that writes it, are there afterwards and work.
#[test]
fn views_and_triggers_elsewhere_stay() {
    let script = plan(&OLD.replace("note String?", "/// @stage.fallback(\"none\")\n  note String"));
    let objects = "CREATE VIEW names AS SELECT \"name\" FROM \"User\"; CREATE TABLE log (t TEXT); \
                   CREATE TRIGGER log_in AFTER INSERT ON log BEGIN UPDATE \"User\" SET \"name\" = new.t; END;";
    let database = database(objects);
    for sql in files(&script) {
        run(&database, sql).expect("it runs");
    }
    run(&database, "INSERT INTO log VALUES ('Cy')").expect("the trigger works");
    let names = query(&database, "SELECT name FROM names").expect("the view works");
    assert_eq!(names, vec![vec![Some("Cy".to_owned())]; 2]);
}

/// A column that goes while a view reads it: the preflight names the view, and the file stops.
#[test]
fn a_view_on_a_column_that_goes_is_named() {
    let script = plan(&OLD.replace("  note String?\n", ""));
    let database = database("CREATE VIEW notes AS SELECT \"note\" FROM \"User\";");
    let found =
        script.stages.iter().flat_map(|s| &s.preflight).find(|q| q.name.contains("User.note")).expect("it looks");
    let rows = query(&database, &found.sql).expect("it is asked");
    assert_eq!(rows, vec![vec![Some("objects that may hang on User.note".to_owned()), Some("view notes".to_owned())]]);
    let failure = files(&script).find_map(|sql| run(&database, sql).err()).expect("it stops");
    assert!(failure.said.contains("User.note"), "{failure}");
}
