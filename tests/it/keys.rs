//! Keys change while clients write: no statement of theirs fails, forwards and back, and both shapes agree. And a way back that
//! is gone twice ends where it began.

use postgres::Client;
use prisma_stage::live::server::{Database, Server};
use prisma_stage::live::snapshot;
use prisma_stage::script::{FileClass, Script};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A database as OLD has it, and the plan of a case of corpus/change.
fn stand(case: &str) -> (Database, Script) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/change").join(case);
    let mut sources = Sources::default();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let old = sources.add_schema("old.prisma", read("old.prisma"));
    let new = sources.add_schema("new.prisma", read("new.prisma"));
    let planned = |outcome: Outcome| match outcome {
        Outcome::Plan { script, .. } => *script,
        other => panic!("{case} has no plan: {other:?}"),
    };
    let made = planned(compile(&sources, None, Some(&old), &Options::default()));
    let script = planned(compile(&sources, Some(&old), Some(&new), &Options::default()));
    let database = Server::shared().unwrap().create(None).unwrap();
    let mut client = database.connect().unwrap();
    for migration in made.stages.iter().flat_map(|stage| &stage.migrations) {
        client.batch_execute(&migration.up).unwrap();
    }
    (database, script)
}

fn forwards(client: &mut Client, script: &Script) {
    for migration in script.stages.iter().flat_map(|stage| &stage.migrations) {
        client.batch_execute(&migration.up).unwrap_or_else(|e| panic!("{}: {e:?}", migration.name));
    }
}

fn backwards(client: &mut Client, script: &Script, times: usize) {
    let migrations = script.stages.iter().flat_map(|stage| &stage.migrations).collect::<Vec<_>>();
    for migration in migrations.into_iter().rev() {
        let times = if migration.down_class == FileClass::Batch { times } else { 1 };
        for _ in 0..times {
            client.batch_execute(&migration.down).unwrap_or_else(|e| panic!("down of {}: {e:?}", migration.name));
        }
    }
}

/// Runs statements over and over, each with another `$n` and `$m`, while `work` is done; none may fail.
fn while_written(database: &Database, statements: &[&str], work: impl FnOnce()) -> u64 {
    let (done, count) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..3_u64)
            .map(|writer| {
                let (done, count) = (&done, &count);
                scope.spawn(move || {
                    let mut client = database.connect().unwrap();
                    let mut number = writer * 7919;
                    while !done.load(Ordering::Relaxed) {
                        for statement in statements {
                            number = (number * 31 + 17) % 100_003;
                            let (n, m) = (number % 40 + 1, number / 40 % 40 + 1);
                            let sql = statement.replace("$n", &n.to_string()).replace("$m", &m.to_string());
                            client.batch_execute(&sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
                            count.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        work();
        done.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().unwrap();
        }
    });
    count.into_inner()
}

#[test]
fn clients_go_on_while_a_key_and_its_followers_become_wider() {
    let (database, script) = stand("retype-column--key-with-three-followers");
    let mut client = database.connect().unwrap();
    let seed = r#"INSERT INTO "Account" ("parentId") SELECT NULL FROM generate_series(1, 40);
        INSERT INTO "Payment" ("accountId") SELECT 1 + i % 40 FROM generate_series(1, 400) AS i;
        INSERT INTO "Profile" ("accountId") SELECT i FROM generate_series(1, 40) AS i;"#;
    client.batch_execute(seed).unwrap();
    // Both clients know the columns by the same names.
    let statements = [
        r#"INSERT INTO "Account" ("parentId") VALUES ($n) RETURNING "id""#,
        r#"INSERT INTO "Payment" ("accountId") VALUES ($n)"#,
        r#"UPDATE "Payment" SET "accountId" = $m WHERE "id" = $n"#,
        r#"INSERT INTO "Role" ("accountId", "name") VALUES ($n, 'r$m') ON CONFLICT ("accountId", "name") DO UPDATE SET "name" = excluded."name""#,
        r#"UPDATE "Account" SET "parentId" = $m WHERE "id" = $n"#,
        r#"DELETE FROM "Payment" WHERE "accountId" = $n AND "id" > 400"#,
    ];
    let before = snapshot::catalog(&mut client).unwrap();
    let written = while_written(&database, &statements, || {
        forwards(&mut client, &script);
        backwards(&mut client, &script, 1);
        forwards(&mut client, &script);
    });
    assert!(written > 0);
    let after = snapshot::catalog(&mut client).unwrap();
    assert!(!snapshot::differences(&after, &before).is_empty(), "the keys are wider");
    let orphans = r#"SELECT count(*) FROM "Payment" WHERE NOT EXISTS (SELECT 1 FROM "Account" WHERE "Account"."id" = "accountId")"#;
    assert_eq!(client.query_one(orphans, &[]).unwrap().get::<_, i64>(0), 0);
}

#[test]
fn old_clients_upsert_by_the_old_key_until_contract_and_new_ones_write_after_validate() {
    let (database, mut script) = stand("change-primary-key--part-of-it-dropped");
    let contract = script.stages.pop().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(r#"INSERT INTO "Shelf" ("id") SELECT i FROM generate_series(1, 40) AS i"#).unwrap();
    // One shelf a book, so that rows are unique in both shapes.
    let upsert = r#"INSERT INTO "Book" ("isbn", "shelfId", "copy") VALUES ('b$n', $n, 1)
        ON CONFLICT ("isbn", "shelfId", "copy") DO UPDATE SET "copy" = 1 RETURNING "shelfId""#;
    let statements = [upsert, r#"DELETE FROM "Book" WHERE "isbn" = 'b$m' AND "shelfId" = $m AND "copy" = 1"#];
    while_written(&database, &statements, || {
        forwards(&mut client, &script);
        backwards(&mut client, &script, 1);
        forwards(&mut client, &script);
    });
    let new = r#"INSERT INTO "Book" ("isbn", "copy") VALUES ('new', 1) ON CONFLICT ("isbn", "copy") DO NOTHING"#;
    client.batch_execute(new).unwrap();
    script.stages = vec![contract];
    forwards(&mut client, &script);
    client.batch_execute(new).unwrap();
}

#[test]
fn a_way_back_that_is_gone_twice_ends_where_it_began() {
    for case in [
        "retype-column--key-to-bigint",
        "retype-column--key-and-another-field-joins",
        "retype-column--text-to-int",
        "rename-column--number-with-links",
        "change-primary-key--links-to-the-new-key",
        "change-primary-key--reordered",
        "change-primary-key--given-up",
    ] {
        let (database, script) = stand(case);
        let mut client = database.connect().unwrap();
        let before = snapshot::catalog(&mut client).unwrap();
        forwards(&mut client, &script);
        backwards(&mut client, &script, 2);
        let left = snapshot::differences(&snapshot::catalog(&mut client).unwrap(), &before);
        assert_eq!(left, Vec::<String>::new(), "{case}");
    }
}
