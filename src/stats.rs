//! Sizes of tables, as they were measured: what `--stats` reads and `prisma-stage stats` writes.

use crate::diag::Diagnostic;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format; it grows when a reader of the old one would break.
pub const VERSION: u32 = 1;

/// A table of no more rows than this is small: at the measured rates (docs/stats.md) it is read in 3 ms and written anew in
/// 50 ms, well below the 300 ms for which a plan waits for a lock anyway.
pub const SMALL_ROWS: u64 = 10_000;
/// And of no more bytes than this, indexes and long values included: few rows may be long ones.
pub const SMALL_BYTES: u64 = 16 * 1024 * 1024;

/// Sizes of the tables of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "prisma-stage stats")]
pub struct Stats {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// By the table's name in the database: `User`, or `billing.Invoice` outside of the schema `public`.
    pub tables: BTreeMap<String, TableStats>,
}

/// How big a table is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableStats {
    /// Rows, as the server estimates them.
    pub rows: u64,
    /// Bytes on disk, with indexes and long values (`pg_total_relation_size`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Bytes of each index, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub indexes: BTreeMap<String, u64>,
}

impl Stats {
    /// Reads a file: what `prisma-stage stats` writes, or just rows by table: `{"User": 1200000}`.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str, name: &str) -> Result<Stats, Box<Diagnostic>> {
        let read = || -> Result<Stats, serde_json::Error> {
            let value: serde_json::Value = serde_json::from_str(text)?;
            if value["tables"].is_object() {
                return serde_json::from_value(value);
            }
            let rows: BTreeMap<String, u64> = serde_json::from_value(value)?;
            let tables = rows.into_iter().map(|(name, rows)| (name, TableStats { rows, ..TableStats::default() }));
            Ok(Stats { version: VERSION, tables: tables.collect() })
        };
        let help = "have `prisma-stage stats --url …` write it, or write one object, a table or model and its number of rows each: {\"User\": 1200000}";
        let wrong = |why: String| {
            Box::new(Diagnostic::error("PS0009", format!("`{name}` does not hold table sizes: {why}")).help(help))
        };
        let stats = read().map_err(|error| wrong(error.to_string()))?;
        if stats.version == VERSION { Ok(stats) } else { Err(wrong(format!("version {} is unknown", stats.version))) }
    }

    /// The size of a table, by its schema and name in the database, or by its model.
    pub fn find(&self, schema: Option<&str>, table: &str, model: &str) -> Option<&TableStats> {
        let full = schema.map(|schema| format!("{schema}.{table}"));
        let names = [full.as_deref(), Some(table).filter(|_| schema.is_none_or(|s| s == "public")), Some(model)];
        names.into_iter().flatten().find_map(|name| self.tables.get(name))
    }
}

impl TableStats {
    /// May it be locked while all of it is read or written?
    pub fn is_small(&self) -> bool {
        self.rows <= SMALL_ROWS && self.bytes.is_none_or(|bytes| bytes <= SMALL_BYTES)
    }
}
