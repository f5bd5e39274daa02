//! Sizes of the tables of a file.

use super::{error, query, tables};
use crate::live::stats::Measured;
use crate::live::{Error, Result, quote};
use crate::stats::{TableStats, VERSION};
use rusqlite::{Connection, OpenFlags};

/// Counts the rows of all tables of the file that a URL names, as Prisma writes it: `file:./dev.db`. It estimates nothing, so they
/// are counted, which reads the smallest index of each.
///
/// # Errors
/// There is no such file, or it is no database.
pub fn sizes(url: &str) -> Result<Measured> {
    let (path, _) = url.split_once('?').unwrap_or((url, ""));
    let path = path.trim_start_matches("sqlite:").trim_start_matches("file:").trim_start_matches("//");
    let doing = format!("opening {path}");
    if !std::path::Path::new(path).is_file() {
        let why = "there is no such file (Prisma looks for it beside schema.prisma, or beside prisma.config.ts from version 7 on)";
        return Err(Error::new(doing, why));
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let connection = connection.map_err(|e| error(&doing, &e))?;
    let mut measured = Measured::default();
    measured.stats.version = VERSION;
    for table in tables(&connection)? {
        let counted = query(&connection, &format!("SELECT count(*) FROM {}", quote(&table)))?;
        let rows = counted.into_iter().flatten().flatten().next().and_then(|n| n.parse().ok()).unwrap_or(0);
        measured.stats.tables.insert(table, TableStats { rows, ..TableStats::default() });
    }
    Ok(measured)
}
