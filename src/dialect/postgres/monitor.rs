//! What to look at while a stage runs.

use super::super::{Asked, Level, Undertaking};
use super::helper::SCHEMA;
use super::quote::literal;

/// The queries, for a plan that does this all in all.
pub fn monitor(plan: &Undertaking) -> Vec<Asked> {
    let mut all = vec![
        query(
            "who waits, and for whom",
            "the session at the head of the queue is the one to look at; a migration gives way by itself after 300 ms",
            "SELECT w.pid, w.application_name, now() - w.query_start AS \"waits for\", left(w.query, 60) AS \"waiting\",
       b.pid AS \"blocked by\", b.state, now() - b.xact_start AS \"open for\", left(b.query, 60) AS \"holder\"
  FROM pg_stat_activity w
  JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS p(pid) ON true
  JOIN pg_stat_activity b ON b.pid = p.pid
 WHERE w.datname = current_database()
 ORDER BY w.query_start",
        ),
        query(
            "open transactions, the oldest first",
            "one that is open for minutes holds up every stronger lock on what it touched, and every concurrent index build",
            "SELECT pid, usename, application_name, state, now() - xact_start AS \"open for\", left(query, 60) AS \"query\"
  FROM pg_stat_activity
 WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
 ORDER BY xact_start LIMIT 10",
        ),
    ];
    if plan.batches.is_some() {
        all.push(query(
            "backfills",
            "rows changed so far, and the key at which the next batch begins; how many rows a table has is below, at \"room\"",
            format!("SELECT b.\"id\", b.\"rows_done\", b.\"batches\", b.\"last_key\", b.\"updated_at\", b.\"done_at\", p.*
  FROM {SCHEMA}.\"backfill\" b CROSS JOIN {SCHEMA}.\"pace\" p
 ORDER BY b.\"updated_at\" DESC"),
        ));
    }
    if plan.online.is_some() {
        all.push(query(
            "index builds",
            "`waiting for …` is an older transaction, to be found above; the rest is work",
            "SELECT p.pid, p.relid::regclass AS \"table\", p.index_relid::regclass AS \"index\", p.phase,
       round(100.0 * p.blocks_done / nullif(p.blocks_total, 0)) AS \"% of blocks\",
       round(100.0 * p.tuples_done / nullif(p.tuples_total, 0)) AS \"% of rows\", p.lockers_done, p.lockers_total
  FROM pg_stat_progress_create_index p",
        ));
    }
    if plan.batches.is_some() || plan.online.is_some() {
        all.push(query(
            "replicas",
            "a backfill that outruns them is slowed down by the pace (RUNBOOK.md)",
            "SELECT application_name, state, replay_lag, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) AS \"behind\"
  FROM pg_stat_replication",
        ));
    }
    if !plan.grows.is_empty() {
        let tables = plan.grows.iter().map(|t| format!("to_regclass({})", literal(t))).collect::<Vec<_>>().join(", ");
        all.push(query(
            "room",
            "have as much free on the disk as the largest of these is big, before rows are filled or indexes built",
            format!("SELECT oid::regclass AS \"table\", reltuples::bigint AS \"rows\", pg_size_pretty(pg_table_size(oid)) AS \"size\", pg_size_pretty(pg_indexes_size(oid)) AS \"indexes\"
  FROM pg_class WHERE oid IN ({tables})
 ORDER BY pg_total_relation_size(oid) DESC"),
        ));
    }
    all
}

fn query(name: &str, about: &str, sql: impl Into<String>) -> Asked {
    Asked { name: name.to_owned(), about: about.to_owned(), sql: sql.into(), level: Level::Notice }
}
