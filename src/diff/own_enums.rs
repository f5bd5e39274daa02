//! Enums of databases in which they have no name: MySQL's `ENUM(…)` is part of its column, SQLite keeps text. What a schema calls
//! them, and which columns share one, is known to clients alone.

use crate::catalog::{Catalog, ColumnId, Enum, EnumId, Ids, Name, TableId};
use crate::intent::Intent;
use foldhash::HashMap;

/// Lets columns of OLD have the enum that they have in NEW, with the labels that they have so far, where it has all of these: only
/// labels come then, or nothing changes at all. A column of which something is said is left to what is said.
pub fn call_alike(old: &mut Catalog, new: &Catalog, intent: &Intent, ids: &mut Ids) {
    let mut known: HashMap<Name, EnumId> = old.enums.iter().map(|(id, e)| (e.name.clone(), *id)).collect();
    for (table, column, to) in changed(old, new, intent) {
        let Some(was) = old.column(table, column).and_then(|c| old.enums.get(&c.ty.enum_id()?)).cloned() else {
            continue;
        };
        let id = match known.get(&to.name) {
            Some(id) if old.enums[id].values == was.values => *id,
            // Other columns have it, with other labels.
            Some(_) => continue,
            None => {
                let id = ids.fresh();
                old.enums.insert(id, Enum { values: was.values, ..to.clone() });
                known.insert(to.name.clone(), id);
                id
            }
        };
        if let Some(column) = old.table_mut(table).and_then(|t| t.columns.get_mut(&column)) {
            column.ty.base = crate::catalog::BaseType::Enum(id);
        }
    }
}

/// Columns of both with an enum of another name, which has all the labels of the one so far.
fn changed<'n>(old: &Catalog, new: &'n Catalog, intent: &Intent) -> Vec<(TableId, ColumnId, &'n Enum)> {
    let tables: HashMap<&Name, TableId> = old.tables.iter().map(|(id, t)| (&t.name, *id)).collect();
    let mut all = Vec::new();
    for now in new.tables.values() {
        let Some(on) = tables.get(&now.name).copied() else { continue };
        let was = &old.tables[&on];
        for column in now.columns.values() {
            let Some((id, before)) = was.columns.iter().find(|(_, c)| c.name == column.name) else { continue };
            let (Some(from), Some(to)) = (before.ty.enum_id(), column.ty.enum_id()) else { continue };
            let (Some(from), Some(to)) = (old.enums.get(&from), new.enums.get(&to)) else { continue };
            let field = super::path(column);
            let said = intent.using.contains_key(&field) || intent.fallback.contains_key(&field);
            // Then it goes on as a whole.
            let goes_on = from.origin.model == to.origin.model
                || intent.renames.contains_key(&(to.origin.model.clone(), String::new()));
            if !said && !goes_on && from.name != to.name && from.values.iter().all(|label| to.values.contains(label)) {
                all.push((on, *id, to));
            }
        }
    }
    all
}
