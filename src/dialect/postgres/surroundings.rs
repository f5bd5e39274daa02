//! What a stage meets on the server beside its rows: sessions, settings, and what else hangs on its tables.
//!
//! All of these read system catalogs and views alone, so they cost milliseconds on any database.

use super::super::{Asked, Level, Undertaking};
use super::quote::literal;

/// The queries to run before a stage.
pub fn preflight(stage: &Undertaking) -> Vec<Asked> {
    let mut all = Vec::new();
    let tables = regclasses(&stage.tables);
    if !stage.tables.is_empty() {
        all.push(problem(
            "not the owner of a table",
            "only its owner may change a table, and only members of the owner's role",
            format!("c.oid::regclass AS \"table\", pg_get_userbyid(c.relowner) AS \"owner\" FROM pg_class c WHERE c.oid IN ({tables}) AND NOT pg_has_role(c.relowner, 'USAGE')"),
        ));
        all.push(problem(
            "deadlock_timeout is short",
            "a lock is waited for 300 ms, which has to be less than deadlock_timeout, or the application may be the one to give way",
            "name, setting, unit FROM pg_settings WHERE name = 'deadlock_timeout' AND setting::int <= 300",
        ));
        all.push(problem(
            "a transaction is open for long",
            "what it has touched cannot be locked before it ends, and whoever comes meanwhile waits behind us",
            "pid, usename, state, now() - xact_start AS \"for\", left(query, 60) AS \"query\" FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - interval '1 minute'",
        ));
        all.push(problem(
            "a prepared transaction is open",
            "it holds its locks until somebody commits it or rolls it back",
            "gid, owner, prepared FROM pg_prepared_xacts WHERE database = current_database()",
        ));
    }
    if stage.online.is_some() || stage.batches.is_some() {
        let names = if stage.online.is_some() { "'lock_timeout', 'statement_timeout'" } else { "'statement_timeout'" };
        all.push(problem(
            "a timeout of the session",
            "it ends an index build half-way, which leaves an INVALID index, and a backfill between two batches; 0 is none",
            format!("name, setting, source FROM pg_settings WHERE name IN ({names}) AND setting <> '0'"),
        ));
    }
    if !stage.builds.is_empty() {
        let built = regclasses(&stage.builds);
        all.push(problem(
            "an index is INVALID",
            "it is left from a build that failed: drop it (DROP INDEX CONCURRENTLY) before another of its name is built",
            format!("indexrelid::regclass AS \"index\", indrelid::regclass AS \"table\" FROM pg_index WHERE NOT indisvalid AND indexrelid IN ({built})"),
        ));
    }
    if stage.online.is_some() {
        all.push(problem(
            "a table is partitioned",
            "an index cannot be built concurrently on all of its parts at once: build it on each, then attach it",
            format!("oid::regclass AS \"table\" FROM pg_class WHERE relkind = 'p' AND oid IN ({tables})"),
        ));
    }
    if !stage.triggers.is_empty() {
        let watched = regclasses(&stage.triggers);
        all.push(problem(
            "a trigger runs after ours",
            "triggers run in the order of their names: what this one changes, ours does not see",
            format!("tgrelid::regclass AS \"table\", tgname AS \"trigger\" FROM pg_trigger WHERE tgrelid IN ({watched}) AND NOT tgisinternal AND tgtype & 3 = 3 AND tgname > 'zz_ps_' AND left(tgname, 6) <> 'zz_ps_'"),
        ));
        all.push(problem(
            "rows come by logical replication",
            "they are written with session_replication_role = replica, past all triggers but those that are ENABLE ALWAYS",
            format!("srrelid::regclass AS \"table\" FROM pg_subscription_rel WHERE srrelid IN ({watched})"),
        ));
    }
    all
}

fn problem(name: &str, about: &str, query: impl AsRef<str>) -> Asked {
    Asked {
        name: name.to_owned(),
        about: about.to_owned(),
        sql: format!("SELECT {} AS \"problem\", {}", literal(name), query.as_ref()),
        level: Level::Server,
    }
}

/// The names as the server looks them up, NULL where there is none: then the query finds nothing.
fn regclasses(names: &[String]) -> String {
    names.iter().map(|name| format!("to_regclass({})", literal(name))).collect::<Vec<_>>().join(", ")
}
