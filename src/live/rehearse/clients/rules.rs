//! What both schemas together ask of rows, and allow to become of them.

use super::belief::named;
use super::{Clients, Side};
use crate::catalog::{Catalog, Column, ColumnId, ForeignKey, TableId};
use crate::diff;
use crate::intent::Intent;
use crate::live::snapshot::TableName;
use crate::pair::Pair;
use std::collections::BTreeSet;

/// A foreign key by the names of its table, its columns, the table that it points at and the columns there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) table: TableName,
    pub(super) columns: Vec<String>,
    pub(super) to: TableName,
    pub(super) referenced: Vec<String>,
}

impl Clients {
    /// What NEW has point at rows.
    pub(super) fn kept_links(&self) -> Vec<Kept> {
        let Pair { old, new } = &self.catalogs;
        let mut kept = Vec::new();
        for (id, table) in &new.tables {
            for key in table.foreign_keys.values() {
                let now = |on: &TableId, id: &ColumnId| Some(new.tables.get(on)?.columns.get(id)?.name.clone());
                let before = |on: &TableId, id: &ColumnId| {
                    Some(old.tables.get(on)?.columns.get(&self.partner(Side::New, *id)?)?.name.clone())
                };
                kept.extend(one(new, (id, key), &now));
                kept.extend(one(old, (id, key), &before));
            }
        }
        kept
    }

    /// The columns of OLD that NEW requires.
    pub(super) fn required(&self) -> BTreeSet<(TableName, String)> {
        let now = |id: ColumnId| self.catalogs.new.tables.values().find_map(|table| table.columns.get(&id));
        let columns = self.catalogs.old.tables.values().flat_map(|t| t.columns.iter().map(move |(id, c)| (t, *id, c)));
        let wanted = columns
            .filter(|(_, id, _)| self.partner(Side::Old, *id).and_then(now).is_some_and(|column| !column.nullable));
        wanted.map(|(table, _, column)| (named(&table.name), column.name.clone())).collect()
    }

    /// The columns that came, and of which it was said what rows get: new rows, too, that are made without it.
    pub(super) fn given(&self, intent: &Intent) -> Vec<(TableName, String)> {
        let here = |id: &ColumnId| self.known.old.contains(id) || self.moved_back.contains_key(id);
        let tables = self.catalogs.new.tables.values();
        let came = tables.flat_map(|t| t.columns.iter().filter(|(id, _)| !here(id)).map(move |(_, c)| (t, c)));
        let said = |column: &Column| {
            let at = diff::path(column);
            intent.using.contains_key(&at) || intent.fallback.contains_key(&at)
        };
        came.filter(|(_, c)| said(c)).map(|(t, c)| (named(&t.name), c.name.clone())).collect()
    }

    /// What NEW keeps unique.
    pub(super) fn kept_unique(&self) -> BTreeSet<(TableName, Vec<String>)> {
        let Pair { old, new } = &self.catalogs;
        let mut kept = BTreeSet::new();
        for (id, table) in &new.tables {
            let primary = table.primary_key.iter().map(|key| &key.columns);
            let indexes = table.indexes.values().filter(|i| i.unique && i.predicate.is_none()).map(|i| &i.columns);
            for key in primary.chain(indexes) {
                let columns = || key.iter().map(|c| c.column);
                let now = columns().map(|id| Some(table.columns.get(&id)?.name.clone())).collect::<Option<_>>();
                kept.extend(now.map(|now| (named(&table.name), now)));
                let Some(was) = old.tables.get(id) else { continue };
                let before = |id: ColumnId| Some(was.columns.get(&self.partner(Side::New, id)?)?.name.clone());
                kept.extend(columns().map(before).collect::<Option<_>>().map(|names| (named(&was.name), names)));
            }
        }
        kept
    }
}

/// A foreign key in the words of a catalog, which may call its columns otherwise, or lack one.
fn one(
    at: &Catalog,
    (on, key): (&TableId, &ForeignKey),
    called: &dyn Fn(&TableId, &ColumnId) -> Option<String>,
) -> Option<Kept> {
    Some(Kept {
        table: named(&at.tables.get(on)?.name),
        columns: key.columns.iter().map(|id| called(on, id)).collect::<Option<_>>()?,
        to: named(&at.tables.get(&key.references)?.name),
        referenced: key.referenced.iter().map(|id| called(&key.references, id)).collect::<Option<_>>()?,
    })
}
