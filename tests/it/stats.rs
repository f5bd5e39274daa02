//! `prisma-stage stats`: sizes asked of a live database, and read again by `diff --stats`.

use crate::run::Scratch;
use prisma_stage::live::server::Server;
use prisma_stage::stats::Stats;

#[test]
fn sizes_are_asked_of_the_server() {
    let database = Server::shared().unwrap().create(None).unwrap();
    let sql = "CREATE TABLE \"User\" (\"id\" SERIAL PRIMARY KEY, \"name\" TEXT);
        INSERT INTO \"User\" (\"name\") SELECT 'n' || n FROM generate_series(1, 20000) n;
        CREATE TABLE \"Empty\" (\"id\" INT);
        CREATE TABLE \"Uncounted\" (\"id\" INT); ALTER TABLE \"Uncounted\" SET (autovacuum_enabled = off); INSERT INTO \"Uncounted\" VALUES (1);
        CREATE SCHEMA \"billing\"; CREATE TABLE \"billing\".\"Invoice\" (\"id\" INT);
        CREATE TABLE \"Part\" (\"id\" INT) PARTITION BY RANGE (\"id\");
        CREATE TABLE \"Part1\" PARTITION OF \"Part\" FOR VALUES FROM (0) TO (10);
        ANALYZE \"User\"";
    database.connect().unwrap().batch_execute(sql).unwrap();
    let scratch = Scratch::new();
    let ran = scratch.run(&["stats", "--url", &database.connection(), "-o", "stats.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("(run ANALYZE)") && ran.stderr.contains("Uncounted"), "{}", ran.stderr);
    let stats = Stats::parse(&std::fs::read_to_string(scratch.path("stats.json")).unwrap(), "stats.json").unwrap();
    let names: Vec<&str> = stats.tables.keys().map(String::as_str).collect();
    assert_eq!(names, ["Empty", "Part", "Part1", "User", "billing.Invoice"]);
    let user = stats.find(None, "User", "User").unwrap();
    assert!(user.rows == 20_000 && !user.is_small() && user.indexes["User_pkey"] > 0, "{user:?}");
    assert!(stats.find(Some("billing"), "Invoice", "Invoice").unwrap().is_small());
    assert!(stats.find(Some("billing"), "User", "Other").is_none());
}

#[test]
fn a_database_that_does_not_answer_is_named() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["stats", "--url", "postgresql://nobody:secret@127.0.0.1:1/none?schema=public"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("PS0820") && !ran.stderr.contains("secret"), "{}", ran.stderr);
}
