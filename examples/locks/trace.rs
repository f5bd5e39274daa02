//! Which locks a statement holds, and which its plan names.

use postgres::Client;
use prisma_stage::dialect::strength;
use prisma_stage::script::Statement;
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

/// Tables by their oid.
pub type Tables = BTreeMap<u32, String>;

/// The strongest mode held on each.
pub type Held = BTreeMap<u32, String>;

/// From this mode on somebody waits who only reads or writes.
const STOPS: &str = "SHARE";

/// The tables that there are now.
pub fn tables(client: &mut Client) -> Result<Tables, Box<dyn Error>> {
    let sql = "SELECT oid, oid::regclass::text FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')
               AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'prisma_stage')
               AND relnamespace::regnamespace::text !~ '^pg_'";
    Ok(client.query(sql, &[])?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

fn held(client: &mut Client, pid: i32) -> Result<Held, Box<dyn Error>> {
    let sql = "SELECT relation, mode FROM pg_catalog.pg_locks WHERE pid = $1 AND locktype = 'relation' AND granted";
    let mut all = Held::new();
    for row in client.query(sql, &[&pid])? {
        let mode = words(row.get(1));
        let known = all.entry(row.get(0)).or_insert_with(|| mode.clone());
        if strength(&mode) > strength(known) {
            *known = mode;
        }
    }
    Ok(all)
}

fn pid(client: &mut Client) -> Result<i32, Box<dyn Error>> {
    Ok(client.query_one("SELECT pg_catalog.pg_backend_pid()", &[])?.get(0))
}

/// The statements of a file in one transaction, which is given up: after each, the tables on which it holds more than before.
/// One that does not run here, since its guard keeps it for other databases, is passed over.
pub fn inside(client: &mut Client, statements: &[Statement]) -> Result<Vec<Option<Held>>, Box<dyn Error>> {
    let pid = pid(client)?;
    client.batch_execute("BEGIN")?;
    let (mut before, mut all) = (Held::new(), Vec::new());
    for statement in statements {
        // Files say it in a block, in whose language it is.
        let block = format!("DO $block_of_locks$ BEGIN {}\n; END $block_of_locks$", statement.sql);
        client.batch_execute("SAVEPOINT ps")?;
        if client.batch_execute(&block).is_err() {
            client.batch_execute("ROLLBACK TO SAVEPOINT ps")?;
            all.push(None);
            continue;
        }
        let now = held(client, pid)?;
        let more = now.iter().filter(|(oid, mode)| before.get(*oid) != Some(*mode));
        all.push(Some(more.map(|(oid, mode)| (*oid, mode.clone())).collect()));
        before = now;
    }
    client.batch_execute("ROLLBACK")?;
    Ok(all)
}

/// A statement that cannot be in a transaction, looked at while it waits for one that has written to all tables; None if it
/// does not wait.
pub fn beside(
    client: &mut Client,
    connect: &mut dyn FnMut() -> Result<Client, Box<dyn Error>>,
    sql: &str,
    tables: &Tables,
) -> Result<Option<Held>, Box<dyn Error>> {
    let (pid, mut writer, mut watcher) = (pid(client)?, connect()?, connect()?);
    writer.batch_execute("BEGIN")?;
    for name in tables.values() {
        writer.batch_execute(&format!("LOCK TABLE {name} IN ROW EXCLUSIVE MODE"))?;
    }
    std::thread::scope(|scope| {
        let build = scope.spawn(|| client.batch_execute(sql).map_err(|error| format!("{sql}: {error:?}")));
        let mut seen = None;
        for _ in 0..200 {
            let waits = "SELECT count(*) FROM pg_catalog.pg_locks WHERE pid = $1 AND NOT granted";
            if watcher.query_one(waits, &[&pid]).is_ok_and(|row| row.get::<_, i64>(0) > 0) {
                seen = held(&mut watcher, pid).ok();
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        writer.batch_execute("COMMIT")?;
        build.join().map_err(|_| "the build panicked")??;
        Ok(seen)
    })
}

/// `AccessExclusiveLock` as the manual writes it.
fn words(mode: &str) -> String {
    let mut words = String::new();
    for c in mode.trim_end_matches("Lock").chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_uppercase());
    }
    words
}

/// For each table on which the statement took a lock: the mode that the plan names, and the one that was held.
pub fn compare(statement: &Statement, tables: &Tables, held: &Held) -> Vec<(String, String)> {
    let bare = |name: &str| name.replace('"', "");
    let mut all = Vec::new();
    for (oid, traced) in held {
        let Some(name) = tables.get(oid) else { continue };
        let said = statement.locks.iter().find(|lock| bare(&lock.table) == bare(name)).map(|lock| lock.mode.clone());
        if said.is_some() || strength(traced) >= strength(STOPS) {
            all.push((said.unwrap_or_else(|| "none".to_owned()), traced.clone()));
        }
    }
    all
}
