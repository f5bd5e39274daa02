//! Giving the objects of a catalog other identities.

use crate::catalog::{
    BaseType, Catalog, Column, ColumnId, ColumnType, EnumId, ForeignKey, ForeignKeyId, Index, IndexId, KeyColumn,
    Table, TableId,
};
use foldhash::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Identities in NEW, and those of the same objects in OLD; what is not in here keeps its own.
#[derive(Clone, Debug, Default)]
pub struct Renumber {
    pub tables: HashMap<TableId, TableId>,
    pub columns: HashMap<ColumnId, ColumnId>,
    pub indexes: HashMap<IndexId, IndexId>,
    pub foreign_keys: HashMap<ForeignKeyId, ForeignKeyId>,
    pub enums: HashMap<EnumId, EnumId>,
}

fn one<T: Copy + Eq + Hash>(map: &HashMap<T, T>, id: T) -> T {
    map.get(&id).copied().unwrap_or(id)
}

impl Renumber {
    pub fn column_type(&self, ty: &ColumnType) -> ColumnType {
        match &ty.base {
            BaseType::Enum(id) => ColumnType { base: BaseType::Enum(one(&self.enums, *id)), list: ty.list },
            BaseType::Native { .. } | BaseType::Raw(_) => ty.clone(),
        }
    }

    pub fn key_columns(&self, columns: &[KeyColumn]) -> Vec<KeyColumn> {
        columns.iter().map(|c| KeyColumn { column: one(&self.columns, c.column), ..c.clone() }).collect()
    }

    /// Is the index `b` of NEW, under whatever name, the index `a` of OLD?
    pub fn same_index(&self, a: &Index, b: &Index) -> bool {
        let same = |a: &KeyColumn, b: &KeyColumn| {
            let KeyColumn { column, descending, length, ops } = a;
            *column == one(&self.columns, b.column)
                && *descending == b.descending
                && *length == b.length
                && *ops == b.ops
        };
        a.unique == b.unique
            && a.method == b.method
            && a.predicate == b.predicate
            // The server keeps a condition with the column that it speaks of, whatever that is called.
            && b.reads.iter().all(|(_, id)| self.columns.contains_key(id))
            && a.columns.len() == b.columns.len()
            && a.columns.iter().zip(&b.columns).all(|(a, b)| same(a, b))
    }

    pub fn foreign_key(&self, key: &ForeignKey) -> ForeignKey {
        ForeignKey {
            columns: key.columns.iter().map(|c| one(&self.columns, *c)).collect(),
            references: one(&self.tables, key.references),
            referenced: key.referenced.iter().map(|c| one(&self.columns, *c)).collect(),
            ..key.clone()
        }
    }

    /// The whole catalog.
    pub fn apply(&self, catalog: Catalog) -> Catalog {
        let enums = catalog.enums.into_iter().map(|(id, e)| (one(&self.enums, id), e)).collect();
        let tables = catalog
            .tables
            .into_iter()
            .map(|(id, t)| (one(&self.tables, id), Arc::new(self.table(Arc::unwrap_or_clone(t)))))
            .collect();
        Catalog { enums, tables, ..catalog }
    }

    fn table(&self, mut table: Table) -> Table {
        table.columns = table.columns.into_iter().map(|(id, c)| (one(&self.columns, id), self.column(c))).collect();
        if let Some(key) = &mut table.primary_key {
            key.columns = self.key_columns(&key.columns);
        }
        for index in table.indexes.values_mut() {
            index.columns = self.key_columns(&index.columns);
            index.reads.iter_mut().for_each(|(_, id)| *id = one(&self.columns, *id));
        }
        table.indexes = table.indexes.into_iter().map(|(id, i)| (one(&self.indexes, id), i)).collect();
        table.foreign_keys =
            table.foreign_keys.into_iter().map(|(id, k)| (one(&self.foreign_keys, id), self.foreign_key(&k))).collect();
        table
    }

    fn column(&self, column: Column) -> Column {
        Column { ty: self.column_type(&column.ty), ..column }
    }
}
