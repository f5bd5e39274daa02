//! Enums of databases in which they have no name: MySQL's `ENUM(…)` is part of its column, SQLite keeps text. What a schema calls
//! them, and which columns share one, is known to clients alone.

use crate::catalog::{Catalog, ColumnId, Enum, EnumId, Ids, Name, TableId};
use crate::intent::Intent;
use foldhash::HashMap;

/// Lets columns of OLD have the enum that they have in NEW, with the labels that they have so far, where it has all of these: only
/// labels come then, or nothing changes at all. A column of which something is said is left to what is said.
pub fn call_alike(old: &mut Catalog, new: &Catalog, intent: &Intent, ids: &mut Ids) {
    let mut changed = changed(old, new, intent);
    let known: HashMap<Name, EnumId> = old.enums.iter().map(|(id, e)| (e.name.clone(), *id)).collect();
    // A name that other columns have, with other labels, is free where these get another one as well.
    loop {
        let stays = |id: EnumId| {
            let columns = old
                .tables
                .iter()
                .flat_map(|(on, table)| table.columns.iter().map(move |(c, column)| (*on, *c, column)));
            columns
                .filter(|(_, _, column)| column.ty.enum_id() == Some(id))
                .any(|(on, c, _)| !changed.iter().any(|one| (one.0, one.1) == (on, c)))
        };
        let other = |one: &(TableId, ColumnId, &Enum)| {
            let was = old.column(one.0, one.1).and_then(|c| old.enums.get(&c.ty.enum_id()?));
            known
                .get(&one.2.name)
                .is_some_and(|id| was.is_none_or(|was| old.enums[id].values != was.values) && stays(*id))
        };
        let Some(at) = changed.iter().position(other) else { break };
        changed.remove(at);
    }
    let labels = |one: &(TableId, ColumnId, &Enum)| {
        old.column(one.0, one.1)
            .and_then(|c| old.enums.get(&c.ty.enum_id()?))
            .map(|e| e.values.clone())
            .unwrap_or_default()
    };
    let wanted: Vec<(TableId, ColumnId, &Enum, Vec<String>)> =
        changed.iter().map(|one| (one.0, one.1, one.2, labels(one))).collect();
    let (mut named, mut freed) = (known.clone(), Vec::new());
    for (table, column, to, values) in wanted {
        let id = match named.get(&to.name).copied() {
            Some(id) if old.enums[&id].values == values => id,
            // Others that became it have other labels.
            Some(id) if known.get(&to.name) != Some(&id) => continue,
            taken => {
                // Its name is the other one's now; what it is called matters to nobody.
                if let Some(was) = taken.and_then(|id| old.enums.get_mut(&id)) {
                    let aside = format!("{} before", was.name.name);
                    was.name.name.clone_from(&aside);
                    was.origin.model = aside;
                    freed.extend(taken);
                }
                let id = ids.fresh();
                old.enums.insert(id, Enum { values, ..to.clone() });
                named.insert(to.name.clone(), id);
                id
            }
        };
        if let Some(column) = old.table_mut(table).and_then(|t| t.columns.get_mut(&column)) {
            column.ty.base = crate::catalog::BaseType::Enum(id);
        }
    }
    let used: Vec<EnumId> =
        old.tables.values().flat_map(|t| t.columns.values()).filter_map(|column| column.ty.enum_id()).collect();
    old.enums.retain(|id, _| used.contains(id) || !freed.contains(id));
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
