//! Sizes of tables, asked of a live database. Reads only; catalogs and file sizes, never a row.

use super::server::Address;
use super::{Doing, Result, mysql, sqlite};
use crate::stats::{Stats, TableStats, VERSION};
use postgres::Client;

/// What a database says of its tables.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Their sizes.
    pub stats: Stats,
    /// Tables that hold rows which nobody has counted: they are left out, so plans are careful with them.
    pub unknown: Vec<String>,
}

/// Reads the sizes of all tables of a database: of PostgreSQL by a URL as Prisma writes it or by PostgreSQL's own words, of MySQL
/// and MariaDB by `mysql://…`, of SQLite by `file:…`.
///
/// # Errors
/// The address is none, or nobody answers in time.
pub fn measure(url: &str) -> Result<Measured> {
    if mysql::Address::is_one(url) {
        return mysql::sizes(url);
    }
    if sqlite::is_file(url) {
        return sqlite::sizes(url);
    }
    read(&mut connect(url)?)
}

/// Opens a connection, by a URL as Prisma writes it or by PostgreSQL's own words (`host=… dbname=…`).
///
/// # Errors
/// The address is none, or nobody answers.
pub fn connect(url: &str) -> Result<Client> {
    Address::parse(url, "")?.maintenance()
}

/// Reads the sizes of all tables, in one read-only transaction that waits for nobody long.
///
/// # Errors
/// The server does not answer, or not in time.
pub fn read(client: &mut Client) -> Result<Measured> {
    let doing = || "reading the sizes of tables".to_owned();
    let mut reading = client.build_transaction().read_only(true).start().doing(doing)?;
    reading.batch_execute("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'").doing(doing)?;
    let mut measured = Measured::default();
    measured.stats.version = VERSION;
    for row in reading.query(TABLES, &[]).doing(doing)? {
        let (name, rows, bytes): (String, Option<i64>, i64) = (row.get(0), row.get(1), row.get(2));
        let Some(rows) = rows else {
            measured.unknown.push(name);
            continue;
        };
        let size = TableStats { rows: count(rows), bytes: Some(count(bytes)), ..TableStats::default() };
        measured.stats.tables.insert(name, size);
    }
    for row in reading.query(INDEXES, &[]).doing(doing)? {
        let (table, index, bytes): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
        if let Some(size) = measured.stats.tables.get_mut(&table) {
            size.indexes.insert(index, count(bytes));
        }
    }
    Ok(measured)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// `reltuples` is -1 (0 before version 14) until a table was analyzed; one without a page is known to be empty. A partitioned
/// table is the sum of its parts.
const TABLES: &str = "
SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname,
       CASE WHEN bool_and(p.reltuples > 0 OR pg_relation_size(p.oid) = 0) THEN sum(greatest(p.reltuples, 0))::int8
            WHEN count(p.oid) = 0 THEN 0 END,
       coalesce(sum(pg_total_relation_size(p.oid)), 0)::int8
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
    SELECT s.oid, s.reltuples FROM pg_catalog.pg_class s WHERE s.oid = c.oid AND c.relkind = 'r'
    UNION ALL
    SELECT s.oid, s.reltuples FROM pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class s ON s.oid = t.relid
     WHERE c.relkind = 'p' AND t.isleaf AND s.relkind = 'r') p ON true
 WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('information_schema', 'prisma_stage') AND n.nspname NOT LIKE 'pg\\_%'
   AND c.relpersistence <> 't'
 GROUP BY 1";

const INDEXES: &str = "
SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, i.relname, pg_relation_size(i.oid)
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname NOT IN ('information_schema', 'prisma_stage') AND n.nspname NOT LIKE 'pg\\_%'";
