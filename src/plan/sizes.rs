//! How big the tables are, and so how careful a plan has to be with each.

use crate::catalog::{Catalog, TableId};
use crate::options::Strategy;
use crate::stats::{Stats, TableStats};
use foldhash::HashMap;

/// The tables whose sizes are known.
#[derive(Clone, Debug, Default)]
pub struct Sizes {
    strategy: Strategy,
    tables: HashMap<TableId, TableStats>,
}

impl Sizes {
    /// Looks up the tables of OLD.
    pub fn of(old: &Catalog, stats: Option<&Stats>, strategy: Strategy) -> Self {
        let Some(stats) = stats else { return Sizes { strategy, ..Sizes::default() } };
        let known = old.tables.iter().filter_map(|(id, table)| {
            let found = stats.find(table.name.schema.as_deref(), &table.name.name, &table.origin.model)?;
            Some((*id, found.clone()))
        });
        Sizes { strategy, tables: known.collect() }
    }

    /// The size of a table, if it is known.
    pub fn get(&self, table: TableId) -> Option<&TableStats> {
        self.tables.get(&table)
    }

    /// Does nobody use the database meanwhile?
    pub fn nobody_waits(&self) -> bool {
        self.strategy == Strategy::Direct
    }

    /// May a table be locked while all of it is read or written? One of unknown size may not.
    pub fn is_brief(&self, table: TableId) -> bool {
        self.nobody_waits() || self.tables.get(&table).is_some_and(TableStats::is_small)
    }

    /// Is there any such table?
    pub fn any_brief(&self) -> bool {
        self.nobody_waits() || self.tables.values().any(TableStats::is_small)
    }
}
