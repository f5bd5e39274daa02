//! Sizes of tables, as InnoDB estimates them.

use super::{Address, Database};
use crate::live::Result;
use crate::live::rehearse::plain::Place;
use crate::live::stats::Measured;
use crate::stats::{TableStats, VERSION};

/// As fresh as `ANALYZE TABLE` left it; MySQL itself keeps older numbers for a day
/// (<https://dev.mysql.com/doc/refman/8.4/en/information-schema-optimization.html>).
const FRESH: &str = "SET SESSION information_schema_stats_expiry = 0";

const TABLES: &str = "SELECT table_name, table_rows, data_length + index_length FROM information_schema.tables \
    WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name";

/// Whoever may not read this table gets no sizes of indexes.
const INDEXES: &str = "SELECT table_name, index_name, stat_value * @@innodb_page_size FROM mysql.innodb_index_stats \
    WHERE database_name = DATABASE() AND stat_name = 'size'";

/// Reads the sizes of all tables of the database that a URL names.
///
/// # Errors
/// The server does not answer.
pub fn sizes(url: &str) -> Result<Measured> {
    let address = Address::parse(url)?;
    let database = Database::of(address.connect(address.home())?, None, String::new());
    database.run("SET SESSION TRANSACTION READ ONLY")?;
    // MariaDB knows of no such setting, and has no such memory.
    let _ = database.run(FRESH);
    let mut measured = Measured::default();
    measured.stats.version = VERSION;
    for row in database.query(TABLES)? {
        let [Some(name), rows, bytes] = &row[..] else { continue };
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u64>().ok());
        match number(rows) {
            Some(rows) => {
                let size = TableStats { rows, bytes: number(bytes), ..TableStats::default() };
                measured.stats.tables.insert(name.clone(), size);
            }
            None => measured.unknown.push(name.clone()),
        }
    }
    for row in database.query(INDEXES).unwrap_or_default() {
        let [Some(table), Some(index), Some(bytes)] = &row[..] else { continue };
        if let (Some(size), Ok(bytes)) = (measured.stats.tables.get_mut(table), bytes.parse()) {
            size.indexes.insert(index.clone(), bytes);
        }
    }
    Ok(measured)
}
