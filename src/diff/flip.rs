//! One-to-one relations whose foreign key moved to the other side.

use super::Matched;
use crate::catalog::{Catalog, ColumnId, ForeignKey, Table, TableId};
use crate::intent::Intent;

/// A relation between two tables that was kept by one of them and is kept by the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flipped {
    /// The table that keeps it now.
    pub on: TableId,
    /// By this column of NEW,
    pub column: ColumnId,
    /// which points at this one.
    pub points_at: ColumnId,
    /// The table that kept it so far.
    pub other: TableId,
    /// By this column of OLD,
    pub key: ColumnId,
    /// which points at this one.
    pub pointed_at: ColumnId,
    /// Was it said that the links go on?
    pub said: bool,
}

/// Finds them; the two catalogs have identities in common.
pub fn find(old: &Catalog, new: &Catalog, matched: &Matched, intent: &Intent) -> Vec<Flipped> {
    let mut all = Vec::new();
    let moved = |id: ColumnId| matched.moved_columns().any(|(_, a, b)| *a == id || *b == id);
    for (&other, was) in &old.tables {
        let left = |k: &&ForeignKey| {
            let [key] = k.columns[..] else { return false };
            let stays = new.tables.get(&other).is_none_or(|t| t.columns.contains_key(&key));
            !stays && !moved(key) && k.references != other && was.is_unique(&k.columns)
        };
        for key in was.foreign_keys.values().filter(left) {
            let Some(now) = new.tables.get(&key.references) else { continue };
            all.extend(facing(old, now, other, key, &moved).map(|(column, points_at)| Flipped {
                on: key.references,
                column,
                points_at,
                other,
                key: key.columns[0],
                pointed_at: key.referenced[0],
                said: said(intent, (now, column), (was, key.columns[0])),
            }));
        }
    }
    all
}

/// The columns of a table that came and point back at where a foreign key left.
fn facing<'a>(
    old: &'a Catalog,
    now: &'a Table,
    other: TableId,
    key: &'a ForeignKey,
    moved: &'a dyn Fn(ColumnId) -> bool,
) -> impl Iterator<Item = (ColumnId, ColumnId)> + 'a {
    let came = move |k: &&ForeignKey| {
        let new = |id: &ColumnId| old.column(key.references, *id).is_none() && !moved(*id);
        k.references == other && k.columns.len() == 1 && k.columns.iter().all(new)
    };
    now.foreign_keys.values().filter(came).map(|k| (k.columns[0], k.referenced[0]))
}

fn said(intent: &Intent, (now, column): (&Table, ColumnId), (was, key): (&Table, ColumnId)) -> bool {
    let at = (now.origin.model.clone(), now.columns[&column].origin.item.clone());
    let from = (was.origin.model.clone(), was.columns[&key].origin.item.clone());
    let Some((_, said)) = intent.renames.get(&at).filter(|(old, _)| *old == from) else { return false };
    said.used.set(true);
    true
}
