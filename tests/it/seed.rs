//! Rows to rehearse on.

use prisma_stage::live::seed::{self, Shape};
use prisma_stage::live::server::Server;
use prisma_stage::live::snapshot;

#[test]
fn every_table_gets_rows_that_satisfy_the_database() {
    let empty = Server::shared().unwrap().create(None).unwrap();
    empty.connect().unwrap().batch_execute(include_str!("seed/hard.sql")).unwrap();
    for (wanted, short) in [(1, 0), (5, 1), (200, 4)] {
        let database = Server::shared().unwrap().create(Some(&empty)).unwrap();
        let mut client = database.connect().unwrap();
        // `fill` looks at every foreign key itself, the server at everything else.
        let seeded = seed::fill(&mut client, wanted, None, false).unwrap();
        assert_eq!(seeded.short.len(), short, "{:?}", seeded.short);
        let rows = snapshot::rows(&mut client).unwrap();
        assert_eq!(rows.values().map(|table| table.rows.len() as u64).sum::<u64>(), seeded.rows);
        // Sequences stand behind the rows.
        client
            .batch_execute("INSERT INTO self (req) VALUES (1); INSERT INTO usr (tenant) SELECT id FROM tenant")
            .unwrap();
    }
}

#[test]
fn rows_satisfy_what_the_next_schema_asks_too() {
    let server = Server::shared().unwrap();
    let (old, new) = (server.create(None).unwrap(), server.create(None).unwrap());
    let mut client = old.connect().unwrap();
    client
        .batch_execute("CREATE TABLE a (id int PRIMARY KEY, e bool); CREATE TABLE b (id text PRIMARY KEY, a int)")
        .unwrap();
    let mut other = new.connect().unwrap();
    let ddl = "CREATE TABLE a (id int PRIMARY KEY, e bool UNIQUE); CREATE TABLE b (id text PRIMARY KEY, a int UNIQUE REFERENCES a)";
    other.batch_execute(ddl).unwrap();
    let seeded = seed::fill(&mut client, 10, Some(&Shape::read(&mut other).unwrap()), false).unwrap();
    assert_eq!(seeded.rows, 4);
    let add =
        "CREATE UNIQUE INDEX ON a (e); CREATE UNIQUE INDEX ON b (a); ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a";
    client.batch_execute(add).unwrap();
}
