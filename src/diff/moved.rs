//! Fields that are said to have gone over to another model.

use super::Matched;
use crate::catalog::{Catalog, Column, ColumnId, ForeignKey, Table, TableId};
use crate::intent::{Intent, Said};
use foldhash::{HashMap, HashSet};

/// Columns that went from a table to another one. Both sides exist for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The table that they left.
    pub from: TableId,
    /// The table where they came.
    pub to: TableId,
    /// The relation that it was said to be along, by its field.
    pub along: Option<String>,
    /// Each as (column of OLD, column of NEW).
    pub pairs: Vec<(ColumnId, ColumnId)>,
}

/// A way from the rows of one table to those of another: the foreign key, and the table that has it.
pub type Way<'a> = (TableId, &'a ForeignKey);

impl Moved {
    /// The ways between both tables that may be meant, each once: those of NEW, or of OLD where a table left.
    pub fn ways<'a>(&self, matched: &'a Matched) -> Vec<Way<'a>> {
        let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
        let of = |catalog: &'a Catalog| -> Vec<Way<'a>> {
            let ends = [(self.from, self.to), (self.to, self.from)];
            let keys = ends.into_iter().filter_map(|(own, other)| Some((own, other, catalog.tables.get(&own)?)));
            keys.flat_map(|(own, other, t)| {
                let meant = |k: &ForeignKey| {
                    self.along.as_ref().is_none_or(|field| *field == k.origin.item || *field == k.origin.label())
                };
                t.foreign_keys.values().filter(move |k| k.references == other && meant(k)).map(move |k| (own, k))
            })
            .collect()
        };
        if new.tables.contains_key(&self.from) { of(new) } else { of(old) }
    }
}

/// The columns of a table of one catalog that a table of the same identity in the other one has not.
fn alone<'t>(own: &'t Table, other: Option<&Table>, moved: &HashSet<ColumnId>) -> Vec<(ColumnId, &'t Column)> {
    let here = own.columns.iter().filter(|(id, _)| !moved.contains(*id));
    here.filter(|(id, _)| other.is_none_or(|t| !t.columns.contains_key(*id))).map(|(id, c)| (*id, c)).collect()
}

/// Finds them.
pub fn find(matched: &Matched, intent: &Intent) -> Vec<Moved> {
    let mut all: Vec<Moved> = Vec::new();
    let elsewhere = |new: &(String, String), old: &(String, String)| !new.1.is_empty() && new.0 != old.0;
    let said: Vec<_> = intent.renames.iter().filter(|(new, (old, _))| elsewhere(new, old)).collect();
    if said.is_empty() {
        return all;
    }
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let taken: HashSet<ColumnId> = matched
        .moved_columns()
        .flat_map(|(_, a, b)| [*a, *b])
        .chain(matched.flipped.iter().filter(|f| f.said).flat_map(|f| f.left.iter().chain(&f.came).copied()))
        .chain(matched.mappings.iter().flat_map(|m| m.old.iter().chain(&m.new)).copied())
        .collect();
    let by_model: HashMap<&str, TableId> = old.tables.iter().map(|(id, t)| (t.origin.model.as_str(), *id)).collect();
    for (to, table) in &new.tables {
        for (id, column) in alone(table, old.tables.get(to).map(|t| &**t), &taken) {
            let at = |m: &str| m == column.origin.model;
            let Some((_, (from, said))) = said.iter().find(|(new, _)| at(&new.0) && new.1 == column.origin.item) else {
                continue;
            };
            let Some(source) = by_model.get(from.0.as_str()).copied().filter(|source| source != to) else { continue };
            let left = alone(&old.tables[&source], new.tables.get(&source).map(|t| &**t), &taken);
            let Some((left, _)) = left.into_iter().find(|(_, c)| c.origin.item == from.1) else { continue };
            use_up(said);
            let along = intent.along.get(&(column.origin.model.clone(), column.origin.item.clone()));
            let along = along.map(|said| {
                use_up(said);
                said.text.trim().to_owned()
            });
            match all.iter_mut().find(|m| m.from == source && m.to == *to && m.along == along) {
                Some(group) => group.pairs.push((left, id)),
                None => all.push(Moved { from: source, to: *to, along, pairs: vec![(left, id)] }),
            }
        }
    }
    all
}

fn use_up(said: &Said) {
    said.used.set(true);
}
