//! No two objects may share a name, in what spaces the database has for them.

use super::messages;
use crate::catalog::{Catalog, Origin};
use crate::diag::Diagnostics;
use crate::dialect::{Called, Names, Spaces};
use foldhash::HashMap;
use foldhash::fast::RandomState;

/// What has which name, in one space.
struct Space<'c>(HashMap<(Option<&'c str>, &'c str), &'c Origin>, usize);

impl<'c> Space<'c> {
    fn add(&mut self, schema: Option<&'c str>, name: &'c str, origin: &'c Origin, d: &mut Diagnostics) {
        if let Some(first) = self.0.insert((schema, name), origin) {
            let cut = (name.len() + 4 > self.1).then_some(self.1);
            d.push(messages::same_name(name, cut, origin, first));
        }
    }
}

/// Reports objects that would have the same name.
pub(super) fn check(catalog: &Catalog, names: Names, d: &mut Diagnostics) {
    let limit = names.limit;
    let none = || Space(HashMap::default(), limit);
    let count = catalog.tables.values().map(|t| 2 + t.indexes.len()).sum();
    let mut relations = Space(HashMap::with_capacity_and_hasher(count, RandomState::default()), limit);
    let mut types = none();
    for item in catalog.enums.values() {
        // Elsewhere an enum is no type of its own.
        if names.spaces == Spaces::Relations {
            types.add(item.name.schema.as_deref(), &item.name.name, &item.origin, d);
        }
        let mut labels = none();
        for value in &item.values {
            labels.add(None, value, &item.origin, d);
        }
    }
    for table in catalog.tables.values() {
        let schema = table.name.schema.as_deref();
        relations.add(schema, &table.name.name, &table.origin, d);
    }
    let mut columns = none();
    let mut constraints = none();
    for table in catalog.tables.values() {
        let schema = table.name.schema.as_deref();
        // Two tables of one name are reported above; here it is about a table and an enum.
        if let Some(first) = types.0.get(&(schema, &*table.name.name)) {
            d.push(messages::same_name(&table.name.name, None, &table.origin, first));
        }
        columns.0.clear();
        constraints.0.clear();
        for column in table.columns.values() {
            columns.add(None, &column.name, &column.origin, d);
        }
        if let Some(key) = table.primary_key.as_ref().filter(|_| names.primary_keys == Called::Own) {
            relations.add(schema, &key.name, &table.origin, d);
            constraints.add(None, &key.name, &table.origin, d);
        }
        let mut own = none();
        for index in table.indexes.values() {
            let space = match names.spaces {
                Spaces::Relations | Spaces::TablesAndIndexes => &mut relations,
                Spaces::IndexesByTable => &mut own,
            };
            space.add(schema, &index.name, &index.origin, d);
        }
        for key in table.foreign_keys.values().filter(|_| names.foreign_keys == Called::Own) {
            constraints.add(None, &key.name, &key.origin, d);
        }
    }
}
