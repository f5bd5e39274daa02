//! One-to-one relations whose foreign key moved to the other side.

use super::Matched;
use crate::catalog::{Catalog, ColumnId, ForeignKey, Table, TableId};
use crate::intent::Intent;

/// A relation between two tables that was kept by one of them and is kept by the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flipped {
    /// The table that keeps it now.
    pub on: TableId,
    /// By these columns of NEW,
    pub columns: Vec<ColumnId>,
    /// which point at these.
    pub points_at: Vec<ColumnId>,
    /// Those of them that came.
    pub came: Vec<ColumnId>,
    /// The table that kept it so far.
    pub other: TableId,
    /// By these columns of OLD,
    pub key: Vec<ColumnId>,
    /// which point at these.
    pub pointed_at: Vec<ColumnId>,
    /// Those of them that go.
    pub left: Vec<ColumnId>,
    /// Was it said that the links go on?
    pub said: bool,
}

/// Finds them; the two catalogs have identities in common.
pub fn find(old: &Catalog, new: &Catalog, matched: &Matched, intent: &Intent) -> Vec<Flipped> {
    let mut all = Vec::new();
    let moved = |id: &ColumnId| matched.moved_columns().any(|(_, a, b)| a == id || b == id);
    for (&other, was) in &old.tables {
        for key in was.foreign_keys.values() {
            let left = alone(key, new.tables.get(&other).map(|t| &**t), &moved);
            if left.is_empty() || key.references == other || !was.is_unique(&key.columns) {
                continue;
            }
            let Some(now) = new.tables.get(&key.references) else { continue };
            for facing in now.foreign_keys.values().filter(|k| k.references == other) {
                let came = alone(facing, old.tables.get(&key.references).map(|t| &**t), &moved);
                if came.is_empty() {
                    continue;
                }
                all.push(Flipped {
                    on: key.references,
                    columns: facing.columns.clone(),
                    points_at: facing.referenced.clone(),
                    said: said(intent, (now, &came), (was, &left)),
                    came,
                    other,
                    key: key.columns.clone(),
                    pointed_at: key.referenced.clone(),
                    left: left.clone(),
                });
            }
        }
    }
    // Where it was said which side goes on as which, there is nothing to ask of the two.
    let known: Vec<Flipped> = all.iter().filter(|f| f.said).cloned().collect();
    all.retain(|f| f.said || !known.iter().any(|k| k.left == f.left || k.came == f.came));
    all
}

/// The columns of a foreign key that the other catalog has not, under no name; none where one goes on under another.
fn alone(key: &ForeignKey, other: Option<&Table>, moved: &dyn Fn(&ColumnId) -> bool) -> Vec<ColumnId> {
    let here = |id: &&ColumnId| other.is_none_or(|t| !t.columns.contains_key(*id));
    let all: Vec<ColumnId> = key.columns.iter().filter(here).copied().collect();
    if all.iter().any(moved) { Vec::new() } else { all }
}

/// Was it said of any of the columns that came that it goes on from one that left? All that say so are used.
fn said(intent: &Intent, (now, came): (&Table, &[ColumnId]), (was, left): (&Table, &[ColumnId])) -> bool {
    let at = |t: &Table, id: &ColumnId| (t.origin.model.clone(), t.columns[id].origin.item.clone());
    let left: Vec<_> = left.iter().map(|id| at(was, id)).collect();
    let mut all = false;
    for (old, said) in came.iter().filter_map(|id| intent.renames.get(&at(now, id))) {
        if left.contains(old) {
            said.used.set(true);
            all = true;
        }
    }
    all
}
