//! Primary keys, indexes and foreign keys.

use super::{OURS, Reading};
use crate::catalog::{
    Action, BaseType, ColumnId, ForeignKey, Index, IndexId, KeyColumn, Origin, PrimaryKey, Table, TableId,
};
use crate::live::Result;
use crate::live::mysql::look;
use crate::live::rehearse::plain::Place;

const INDEXES: &str = "SELECT table_name, index_name, non_unique, index_type, column_name, sub_part, collation \
    FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index";

/// What the server calls every primary key.
const PRIMARY: &str = "PRIMARY";

impl Reading<'_> {
    pub(super) fn foreign_keys(&mut self) -> Result<()> {
        for key in look::foreign_keys(self.database)? {
            let (Some(on), Some(references)) = (self.tables.get(&key.table), self.tables.get(&key.target)) else {
                continue;
            };
            let (on, references) = (*on, *references);
            let columns: Option<Vec<_>> = key.columns.iter().map(|(own, _)| self.column_id(on, own)).collect();
            let there: Option<Vec<_>> = key.columns.iter().map(|(_, to)| self.column_id(references, to)).collect();
            let (Some(columns), Some(referenced)) = (columns, there) else { continue };
            let like = self.like.tables.get(&on).and_then(|t| t.foreign_keys.iter().find(|(_, k)| k.name == key.name));
            let id = like.map_or_else(|| self.ids.fresh(), |(id, _)| *id);
            let like = like.map(|(_, like)| like);
            let read = ForeignKey {
                name: key.name,
                columns,
                references,
                referenced,
                on_delete: action(&key.on_delete, like.map(|like| like.on_delete)),
                on_update: action(&key.on_update, like.map(|like| like.on_update)),
                validated: true,
                origin: like.map_or_else(Origin::default, |like| like.origin.clone()),
            };
            if let Some(table) = self.catalog.table_mut(on) {
                table.foreign_keys.insert(id, read);
            }
        }
        Ok(())
    }

    pub(super) fn indexes(&mut self) -> Result<()> {
        let rows = self.database.query(INDEXES)?;
        for parts in rows.chunk_by(|a, b| a[..2] == b[..2]) {
            let text = |at: usize| parts.first().and_then(|row| row.get(at).cloned().flatten()).unwrap_or_default();
            let (table, name) = (text(0), text(1));
            if table.starts_with(OURS) {
                continue;
            }
            let Some(on) = self.tables.get(&table).copied() else { continue };
            let like = self.like.tables.get(&on);
            let known = like.and_then(|t| t.indexes.iter().find(|(_, index)| index.name == name));
            let wanted: &[KeyColumn] = match (known, like.and_then(|t| t.primary_key.as_ref())) {
                (_, Some(key)) if name == PRIMARY => &key.columns,
                (Some((_, index)), _) => &index.columns,
                (None, _) => &[],
            };
            let columns = parts.iter().enumerate().map(|(at, row)| self.part(on, row, wanted.get(at)));
            // Over an expression: no schema says it.
            let Some(columns) = columns.collect::<Option<Vec<KeyColumn>>>() else { continue };
            let id = known.map(|(id, _)| *id);
            let index = Index {
                name,
                unique: text(2) == "0",
                method: Some(text(3)).filter(|method| method == "FULLTEXT" || method == "SPATIAL"),
                columns,
                predicate: None,
                reads: Vec::new(),
                origin: known.map_or_else(Origin::default, |(_, like)| like.origin.clone()),
            };
            self.index(on, id, index);
        }
        Ok(())
    }

    fn index(&mut self, on: TableId, known: Option<IndexId>, index: Index) {
        let like = self.like.tables.get(&on).and_then(|t| t.primary_key.as_ref());
        let name = like.map_or_else(String::new, |key| key.name.clone());
        let fresh = known.unwrap_or_else(|| self.ids.fresh());
        let Some(table) = self.catalog.table_mut(on) else { return };
        if index.name == PRIMARY {
            table.primary_key = Some(PrimaryKey { name, columns: index.columns });
        } else if known.is_some() || !serves(table, &index) {
            table.indexes.insert(fresh, index);
        }
    }

    /// A column of an index; with the length that was said, where that is all of the column.
    fn part(&self, on: TableId, row: &[Option<String>], wanted: Option<&KeyColumn>) -> Option<KeyColumn> {
        let text = |at: usize| row.get(at).and_then(Option::as_deref);
        let column = self.column_id(on, text(4)?)?;
        let length = text(5).and_then(|n| n.parse().ok());
        // Of all of its characters the server does not speak.
        let whole = wanted.filter(|wanted| length.is_none() && wanted.column == column).and_then(|w| w.length);
        let whole = whole.filter(|whole| self.characters(on, column) == Some(*whole));
        Some(KeyColumn { descending: text(6) == Some("D"), length: length.or(whole), ..KeyColumn::plain(column) })
    }
}

impl Reading<'_> {
    /// How long a text or bytes may be, if that is said.
    fn characters(&self, table: TableId, column: ColumnId) -> Option<u32> {
        match &self.catalog.tables.get(&table)?.columns.get(&column)?.ty.base {
            BaseType::Native { name, args } if name.ends_with("CHAR") || name.ends_with("BINARY") => {
                args.first().copied()
            }
            BaseType::Native { .. } | BaseType::Enum(_) | BaseType::Raw(_) => None,
        }
    }
}

/// Is it one that the server makes for a foreign key, if there is no other? Prisma leaves such to the server, too.
fn serves(table: &Table, index: &Index) -> bool {
    let over: Vec<_> = index.columns.iter().map(|c| c.column).collect();
    !index.unique && index.method.is_none() && table.foreign_keys.values().any(|key| key.columns == over)
}

/// What the server does to the rows; to InnoDB `NO ACTION` and `RESTRICT` are one, and `SET DEFAULT` is no other
/// (<https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html>).
fn action(words: &str, like: Option<Action>) -> Action {
    let found = match words {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        "NO ACTION" => Action::NoAction,
        _ => Action::Restrict,
    };
    let stops = |action: Action| matches!(action, Action::NoAction | Action::Restrict | Action::SetDefault);
    like.filter(|like| stops(*like) && stops(found)).unwrap_or(found)
}
