//! No two objects may share a name.
//!
//! Tables and indexes share one space of names in a schema, tables and types another, the constraints of a table a third:
//! <https://www.postgresql.org/docs/current/catalog-pg-class.html>.

use super::messages;
use crate::catalog::{Catalog, Origin};
use crate::diag::Diagnostics;
use crate::dialect::postgres::names;
use foldhash::HashMap;
use foldhash::fast::RandomState;

/// What has which name, in one space.
struct Space<'c>(HashMap<(Option<&'c str>, &'c str), &'c Origin>);

impl<'c> Space<'c> {
    fn add(&mut self, schema: Option<&'c str>, name: &'c str, origin: &'c Origin, d: &mut Diagnostics) {
        if let Some(first) = self.0.insert((schema, name), origin) {
            let cut = name.len() + 4 > names::LIMIT;
            d.push(messages::same_name(name, cut, origin, first));
        }
    }
}

/// Reports objects that would have the same name.
pub(super) fn check(catalog: &Catalog, d: &mut Diagnostics) {
    let count = catalog.tables.values().map(|t| 2 + t.indexes.len()).sum();
    let mut relations = Space(HashMap::with_capacity_and_hasher(count, RandomState::default()));
    let mut types = Space(HashMap::default());
    for item in catalog.enums.values() {
        types.add(item.name.schema.as_deref(), &item.name.name, &item.origin, d);
        let mut labels = Space(HashMap::default());
        for value in &item.values {
            labels.add(None, value, &item.origin, d);
        }
    }
    for table in catalog.tables.values() {
        let schema = table.name.schema.as_deref();
        relations.add(schema, &table.name.name, &table.origin, d);
    }
    let mut columns = Space(HashMap::default());
    let mut constraints = Space(HashMap::default());
    for table in catalog.tables.values() {
        let schema = table.name.schema.as_deref();
        // Two tables of one name are reported above; here it is about a table and an enum.
        if let Some(first) = types.0.get(&(schema, &*table.name.name)) {
            d.push(messages::same_name(&table.name.name, false, &table.origin, first));
        }
        columns.0.clear();
        constraints.0.clear();
        for column in table.columns.values() {
            columns.add(None, &column.name, &column.origin, d);
        }
        if let Some(key) = &table.primary_key {
            relations.add(schema, &key.name, &table.origin, d);
            constraints.add(None, &key.name, &table.origin, d);
        }
        for index in table.indexes.values() {
            relations.add(schema, &index.name, &index.origin, d);
        }
        for key in table.foreign_keys.values() {
            constraints.add(None, &key.name, &key.origin, d);
        }
    }
}
