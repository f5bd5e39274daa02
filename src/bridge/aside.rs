//! A database in the middle of a plan, without what is there only for the time of the plan.

use crate::catalog::{Catalog, ColumnId, EnumId, Side, Table, TableId, TriggerRule};
use crate::dialect::Sync;
use crate::pair::Pair;
use foldhash::HashSet;

/// The catalog without helpers: triggers, second names, checks, and columns, keys and types that do not have their own names
/// yet or that triggers keep in step with others, defaults in the place of the client's own.
pub fn without_helpers(stand: &Catalog, known: Pair<&Catalog>, sync: Sync) -> Catalog {
    let mut left = stand.clone();
    let mut synced: HashSet<ColumnId> = HashSet::default();
    // What clients keep the same, the one between has to know.
    let kept = left.triggers.values().filter(|_| sync == Sync::Triggers);
    for rule in kept.flat_map(|t| &t.rules) {
        match rule {
            TriggerRule::Mirror { new: column, .. } | TriggerRule::Compute { column, .. } => {
                synced.insert(*column);
            }
            TriggerRule::Map { mapping, .. } => synced.extend(mapping.forward.iter().map(|(column, _)| *column)),
            // A table that is new has its columns for good.
            TriggerRule::Carry { link, from, .. } if known.old.tables.contains_key(&link.table(*from)) => {
                synced.extend(link.columns(*from));
            }
            TriggerRule::Sync(sync) => synced.extend(sync.forth.iter().map(|(column, _)| *column)),
            TriggerRule::Across { across, from: Side::New, .. }
                if known.old.tables.contains_key(&across.table(Side::New)) =>
            {
                synced.extend(across.columns(Side::New));
            }
            TriggerRule::Across { .. }
            | TriggerRule::Carry { .. }
            | TriggerRule::Fill { .. }
            | TriggerRule::Give { .. }
            | TriggerRule::Follow(_) => {}
        }
    }
    left.triggers.clear();
    left.views.clear();
    left.bookkeeping = false;
    left.reading = false;
    left.enums.retain(|id, e| {
        known.old.enums.contains_key(id) || known.new.enums.get(id).is_some_and(|own| own.name == e.name)
    });
    let enums: HashSet<EnumId> = left.enums.keys().copied().collect();
    let ids: Vec<TableId> = left.tables.keys().copied().collect();
    for id in ids {
        let own = known.map(|catalog| catalog.tables.get(&id).map(|t| &**t));
        if let Some(table) = left.table_mut(id) {
            clear(table, own, &synced, &enums);
        }
    }
    left
}

fn clear(table: &mut Table, own: Pair<Option<&Table>>, synced: &HashSet<ColumnId>, enums: &HashSet<EnumId>) {
    table.checks.clear();
    table.columns.retain(|id, column| {
        let was = own.old.is_some_and(|t| t.columns.contains_key(id));
        let named = own.new.and_then(|t| t.columns.get(id)).is_some_and(|c| c.name == column.name);
        was || (named && !synced.contains(id) && column.ty.enum_id().is_none_or(|e| enums.contains(&e)))
    });
    for (id, column) in &mut table.columns {
        let own =
            own.new.and_then(|t| t.columns.get(id)).filter(|_| !own.old.is_some_and(|t| t.columns.contains_key(id)));
        if let Some(own) = own.filter(|own| own.client_default.is_some() && own.default.is_none()) {
            // For clients that do not know the column; those that do give it a value themselves.
            column.default = None;
            column.client_default = own.client_default;
        }
    }
    let Table { columns, indexes, foreign_keys, .. } = table;
    indexes.retain(|id, index| {
        let was = own.old.is_some_and(|t| t.indexes.contains_key(id));
        let named = own.new.and_then(|t| t.indexes.get(id)).is_some_and(|i| i.name == index.name);
        (was || named) && index.columns.iter().all(|c| columns.contains_key(&c.column))
    });
    foreign_keys.retain(|id, key| {
        let was = own.old.is_some_and(|t| t.foreign_keys.contains_key(id));
        let named = own.new.and_then(|t| t.foreign_keys.get(id)).is_some_and(|k| k.name == key.name);
        // The server enforces it either way, and Prisma does not see whether all rows were looked at.
        key.validated = true;
        (was || named) && key.columns.iter().all(|c| columns.contains_key(c))
    });
}
