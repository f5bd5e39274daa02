//! Old and new clients write, in the middle of a plan, what two tables hold in two ways: both sides are right afterwards, and
//! nothing that one of them wrote is lost.

use postgres::Client;
use prisma_stage::live::server::{Database, Server};
use prisma_stage::script::Script;
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};

fn plan(old: Option<&str>, new: &str, options: &Options) -> Script {
    let mut sources = Sources::default();
    let old = old.map(|old| sources.add_schema("old.prisma", old));
    let new = sources.add_schema("new.prisma", new);
    match compile(&sources, old.as_ref(), Some(&new), options) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("{:#?}", other.diagnostics()),
    }
}

/// A case of the own corpus in the middle of its plan: rows that were there before, and both clients alive.
struct Middle {
    _database: Database,
    client: Client,
    script: Script,
}

fn middle(case: &str, rows: &str) -> Middle {
    middle_with(case, rows, &Options::default())
}

fn middle_with(case: &str, rows: &str, options: &Options) -> Middle {
    let read = |name: &str| std::fs::read_to_string(format!("corpus/change/{case}/{name}.prisma")).unwrap();
    let (old, new) = (read("old"), read("new"));
    let database = Server::shared().unwrap().create(None).unwrap();
    let mut client = database.connect().unwrap();
    for migration in plan(None, &old, &Options::default()).stages.iter().flat_map(|s| &s.migrations) {
        client.batch_execute(&migration.up).unwrap();
    }
    client.batch_execute(rows).unwrap();
    let script = plan(Some(&old), &new, options);
    let before_contract = script.stages.iter().filter(|s| !s.folder.ends_with("contract"));
    for migration in before_contract.flat_map(|s| &s.migrations) {
        client.batch_execute(&migration.up).unwrap();
    }
    Middle { _database: database, client, script }
}

impl Middle {
    fn run(&mut self, sql: &str) -> &mut Self {
        self.client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
        self
    }

    /// The rows of a query, as `a b|c d`.
    fn see(&mut self, sql: &str, wanted: &str) -> &mut Self {
        let rows = self.client.query(&format!("SELECT row_to_json(_r)::text FROM ({sql}) _r"), &[]).unwrap();
        let line = |row: &postgres::Row| {
            let json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row.get(0)).unwrap();
            json.values().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(rows.iter().map(line).collect::<Vec<_>>().join("|"), wanted, "{sql}");
        self
    }

    /// Contract, and back to before it.
    fn contract(&mut self, forwards: bool) -> &mut Self {
        let stage = self.script.stages.last().unwrap().clone();
        if forwards {
            for migration in &stage.migrations {
                self.client.batch_execute(&migration.up).unwrap();
            }
        } else {
            for migration in stage.migrations.iter().rev() {
                self.client.batch_execute(&migration.down).unwrap();
            }
        }
        self
    }
}

#[test]
fn links_that_are_turned_round_follow_whoever_writes() {
    let users = "INSERT INTO \"User\" (\"id\") SELECT generate_series(1, 5);
        INSERT INTO \"Profile\" VALUES ('a', 1), ('b', 2), ('c', NULL);";
    let mut at = middle("flip-relation--optional", users);
    let both = "SELECT u.id, u.\"profileId\", p.id AS back FROM \"User\" u LEFT JOIN \"Profile\" p ON p.\"userId\" = u.id ORDER BY u.id";
    at.see(both, "1 a a|2 b b|3 null null|4 null null|5 null null");
    // Old clients: a new link, one that moves, one that goes, one that is deleted.
    at.run("UPDATE \"Profile\" SET \"userId\" = 3 WHERE id = 'c'")
        .see(both, "1 a a|2 b b|3 c c|4 null null|5 null null");
    at.run("UPDATE \"Profile\" SET \"userId\" = 4 WHERE id = 'a'")
        .see(both, "1 null null|2 b b|3 c c|4 a a|5 null null");
    at.run("UPDATE \"Profile\" SET \"userId\" = NULL WHERE id = 'b'")
        .see(both, "1 null null|2 null null|3 c c|4 a a|5 null null");
    at.run("INSERT INTO \"Profile\" VALUES ('d', 5); DELETE FROM \"Profile\" WHERE id = 'c'");
    at.see(both, "1 null null|2 null null|3 null null|4 a a|5 d d");
    // New clients, the same; two change places by way of NULL.
    at.run("UPDATE \"User\" SET \"profileId\" = 'b' WHERE id = 1")
        .see(both, "1 b b|2 null null|3 null null|4 a a|5 d d");
    at.run(
        "UPDATE \"User\" SET \"profileId\" = NULL WHERE id = 4; UPDATE \"User\" SET \"profileId\" = 'a' WHERE id = 5",
    );
    at.see(both, "1 b b|2 null null|3 null null|4 null null|5 a a")
        .see("SELECT \"userId\" FROM \"Profile\" WHERE id = 'd'", "null");
    at.run("INSERT INTO \"User\" VALUES (6, 'd'); DELETE FROM \"User\" WHERE id = 1");
    at.see(both, "2 null null|3 null null|4 null null|5 a a|6 d d");
    // New clients alone, then home.
    at.contract(true).run("UPDATE \"User\" SET \"profileId\" = NULL; UPDATE \"User\" SET \"profileId\" = 'd' WHERE id = 5; UPDATE \"User\" SET \"profileId\" = 'a' WHERE id = 6");
    at.contract(false).see(both, "2 null null|3 null null|4 null null|5 d d|6 a a");
    at.run("UPDATE \"Profile\" SET \"userId\" = 2 WHERE id = 'b'")
        .see(both, "2 b b|3 null null|4 null null|5 d d|6 a a");
}

#[test]
fn a_list_and_its_rows_follow_whoever_writes() {
    let mut at = middle("list-to-model--tags", "INSERT INTO \"Post\" VALUES (1, '{x,y}'), (2, '{}'), (3, NULL)");
    let both = "SELECT p.id, p.tags, (SELECT string_agg(name || place, ',' ORDER BY place) FROM \"Tag\" t WHERE t.\"postId\" = p.id) AS rows FROM \"Post\" p ORDER BY id";
    at.see(both, "1 [\"x\",\"y\"] x1,y2|2 [] null|3 null null");
    at.run("UPDATE \"Post\" SET tags = '{y,z,z}' WHERE id = 1; INSERT INTO \"Post\" VALUES (4, '{q}')");
    at.see(both, "1 [\"y\",\"z\",\"z\"] y1,z2,z3|2 [] null|3 null null|4 [\"q\"] q1");
    at.run("INSERT INTO \"Tag\" VALUES ('n1', 2, 'm', 1); DELETE FROM \"Tag\" WHERE \"postId\" = 1 AND place = 2");
    at.see(both, "1 [\"y\",\"z\"] y1,z3|2 [\"m\"] m1|3 null null|4 [\"q\"] q1");
    at.run("UPDATE \"Tag\" SET \"postId\" = 3 WHERE \"postId\" = 2; DELETE FROM \"Post\" WHERE id = 4");
    at.see(both, "1 [\"y\",\"z\"] y1,z3|2 [] null|3 [\"m\"] m1");
    // A write of something else leaves the rows alone.
    at.run("UPDATE \"Post\" SET id = id; UPDATE \"Post\" SET tags = tags")
        .see(both, "1 [\"y\",\"z\"] y1,z3|2 [] null|3 [\"m\"] m1");
    at.contract(true).run("INSERT INTO \"Tag\" VALUES ('n2', 2, 'late', 1); DELETE FROM \"Tag\" WHERE \"postId\" = 3");
    at.contract(false).see(both, "1 [\"y\",\"z\"] y1,z3|2 [\"late\"] late1|3 null null");
}

#[test]
fn what_the_one_holds_goes_down_to_the_many() {
    let rows = "INSERT INTO \"Order\" VALUES (1, 'EUR', 'n'), (2, 'USD', NULL); INSERT INTO \"Line\" VALUES (1, 1), (2, 1), (3, 2)";
    let mut at = middle("move-columns--down-to-many", rows);
    let lines = "SELECT id, currency, remark FROM \"Line\" ORDER BY id";
    at.see(lines, "1 EUR n|2 EUR n|3 USD null");
    at.run("UPDATE \"Order\" SET currency = 'CHF' WHERE id = 1; INSERT INTO \"Line\" (id, \"orderId\") VALUES (4, 2)");
    at.see(lines, "1 CHF n|2 CHF n|3 USD null|4 USD null");
    // An old client's line goes over to another order; a new client writes one line alone.
    at.run("UPDATE \"Line\" SET \"orderId\" = 2 WHERE id = 2; UPDATE \"Line\" SET currency = 'GBP', remark = 'r' WHERE id = 3");
    at.see(lines, "1 CHF n|2 USD null|3 GBP r|4 USD null");
    at.run("UPDATE \"Order\" SET id = id; INSERT INTO \"Line\" VALUES (5, 1, 'YEN', 'x')");
    at.see(lines, "1 CHF n|2 USD null|3 GBP r|4 USD null|5 YEN x");
    at.contract(true)
        .run("INSERT INTO \"Order\" VALUES (9); INSERT INTO \"Line\" VALUES (9, 9, 'SEK', NULL)")
        .contract(false);
    at.see("SELECT id, currency, note FROM \"Order\" ORDER BY id", "1 CHF n|2 USD r|9 SEK null");
}

#[test]
fn what_was_said_of_the_many_goes_up_to_the_one() {
    let rows = "INSERT INTO \"Post\" VALUES (1), (2), (3); INSERT INTO \"Comment\" (id, rating, at, \"postId\") VALUES (1, 3, '2020-01-01', 1), (2, 5, '2020-01-02', 1), (3, 4, '2020-01-01', 2)";
    let mut at = middle("move-columns--up-from-many", rows);
    let posts = "SELECT id, rating FROM \"Post\" ORDER BY id";
    at.see(posts, "1 5|2 4|3 0");
    at.run("INSERT INTO \"Comment\" (id, rating, at, \"postId\") VALUES (4, 1, '2020-01-03', 2); DELETE FROM \"Comment\" WHERE id = 2");
    at.see(posts, "1 3|2 1|3 0");
    at.run("UPDATE \"Comment\" SET \"postId\" = 3 WHERE id = 4; INSERT INTO \"Post\" (id) VALUES (4)")
        .see(posts, "1 3|2 4|3 1|4 0");
    // New clients write the one, and comments without a rating, which says nothing.
    at.run("UPDATE \"Post\" SET rating = 9 WHERE id = 1; INSERT INTO \"Comment\" (id, at, \"postId\") VALUES (5, '2021-01-01', 1)");
    at.run("DELETE FROM \"Comment\" WHERE id = 5; INSERT INTO \"Comment\" (id, at, \"postId\") VALUES (6, '2021-01-01', 2)");
    at.see(posts, "1 9|2 4|3 1|4 0");
    at.run("UPDATE \"Comment\" SET rating = 2 WHERE id = 3").see(posts, "1 9|2 2|3 1|4 0");
    at.contract(true).contract(false).see("SELECT id, rating FROM \"Comment\" ORDER BY id", "1 9|3 2|4 1|6 2");
}

#[test]
fn a_value_that_came_stands_for_the_old_one_whoever_writes() {
    let renames = vec!["State.LOST=OVER".to_owned(), "State.GONE=OVER".to_owned()];
    let options = Options { renames, ..Options::default() };
    let rows = "INSERT INTO \"Invite\" (\"id\", \"state\") VALUES (1, 'LOST'), (2, 'GONE')";
    let mut at = middle_with("remove-enum-value--on-command-line", rows, &options);
    let all = "SELECT id, state FROM \"Invite\" ORDER BY id";
    at.see(all, "1 OVER|2 OVER");
    at.run("INSERT INTO \"Invite\" (\"id\", \"state\") VALUES (3, 'GONE'), (4, 'OVER'); UPDATE \"Invite\" SET state = 'LOST' WHERE id = 1");
    at.see(all, "1 OVER|2 OVER|3 OVER|4 OVER");
    at.contract(true).run("INSERT INTO \"Invite\" (\"id\", \"state\") VALUES (5, 'OVER')").contract(false);
    at.run("INSERT INTO \"Invite\" (\"id\", \"state\") VALUES (6, 'LOST')")
        .see(all, "1 OVER|2 OVER|3 OVER|4 OVER|5 OVER|6 OVER");
}

#[test]
fn what_a_new_type_allows_and_the_old_one_does_not_goes_back_as_the_files_say() {
    let rows = "INSERT INTO \"Image\" (\"width\") VALUES (1), (2);";
    let mut at = middle("retype-column--plain-to-text", rows);
    let said: Vec<String> = at.script.stages.last().unwrap().migrations.iter().map(|m| m.down.clone()).collect();
    let said = said.concat();
    assert!(said.contains("LOSSY values of \"Image\".\"width\" that the old type cannot hold"), "{said}");
    assert!(said.contains("LOSSY NULLs written to \"Image\".\"review\" since become a placeholder"), "{said}");
    at.contract(true)
        .run("INSERT INTO \"Image\" (\"width\", \"review\") VALUES ('wide', NULL), ('5', 'maybe'), ('6', 'true')")
        .contract(false)
        .see("SELECT width, review FROM \"Image\" ORDER BY id", "1 false|2 false|0 false|5 false|6 true");
}
