//! Join tables of implicit many-to-many relations.

use super::{Lowering, origin};
use crate::catalog::{
    Action, Column, ColumnId, ColumnType, ForeignKey, IdMap, Index, KeyColumn, Name, Origin, PrimaryKey, Table,
    TableId, TableKind,
};
use crate::dialect::JoinKey;
use crate::model::{RelationMode, RelationWalker, SideWalker};
use std::sync::Arc;

/// One side of a join table.
struct End {
    table: TableId,
    id: ColumnId,
    ty: ColumnType,
    /// Model and relation field.
    field: (String, String),
    origin: Origin,
}

impl Lowering<'_, '_> {
    pub(super) fn join_tables(&mut self) {
        for relation in self.schema.walk_relations().filter(|r| r.is_many_to_many()) {
            let (Some(a), Some(b)) = (self.end(relation.owner_side()), self.end(relation.other_side())) else {
                continue;
            };
            let id = self.ids.fresh();
            let table = self.join_table(relation, a, b);
            self.catalog.tables.insert(id, Arc::new(table));
        }
    }

    fn join_table(&mut self, relation: RelationWalker<'_, '_>, a: End, b: End) -> Table {
        let names = self.conventions.names;
        let name = names.join_table(&relation.name());
        // It lies beside A's table.
        let schema = self.catalog.tables.get(&a.table).and_then(|t| t.name.schema.clone());
        let (column_a, column_b) = (self.ids.fresh(), self.ids.fresh());
        let index = Index {
            name: names.join_index(&name),
            unique: false,
            method: None,
            columns: vec![KeyColumn::plain(column_b)],
            predicate: None,
            reads: Vec::new(),
            origin: b.origin.clone(),
        };
        let mut foreign_keys = IdMap::default();
        if self.schema.relation_mode() == RelationMode::ForeignKeys {
            for (letter, column, end) in [('A', column_a, &a), ('B', column_b, &b)] {
                let key = ForeignKey {
                    name: names.join_foreign_key(&name, letter),
                    columns: vec![column],
                    references: end.table,
                    referenced: vec![end.id],
                    on_delete: Action::Cascade,
                    on_update: Action::Cascade,
                    validated: true,
                    origin: end.origin.clone(),
                };
                foreign_keys.insert(self.ids.fresh(), key);
            }
        }
        let both = vec![KeyColumn::plain(column_a), KeyColumn::plain(column_b)];
        let mut indexes = IdMap::default();
        let primary_key = match self.conventions.join_key {
            JoinKey::PrimaryKey => Some(PrimaryKey { name: names.join_primary_key(&name), columns: both }),
            JoinKey::UniqueIndex => {
                let unique = Index::unique(names.join_unique(&name), both, a.origin.clone());
                indexes.insert(self.ids.fresh(), unique);
                None
            }
        };
        indexes.insert(self.ids.fresh(), index);
        Table {
            primary_key,
            name: Name { schema, name },
            columns: [(column_a, column("A", &a)), (column_b, column("B", &b))].into_iter().collect(),
            indexes,
            foreign_keys,
            checks: IdMap::default(),
            origin: a.origin.clone(),
            kind: TableKind::Join { a: Some(a.field), b: Some(b.field) },
        }
    }

    fn end(&self, side: SideWalker<'_, '_>) -> Option<End> {
        let table = self.tables[side.model.at.0 as usize]?;
        let id = self.columns[side.model.get().id.as_ref()?.fields.first()?.field()?.0 as usize]?;
        let ty = self.catalog.tables.get(&table)?.columns.get(&id)?.ty.clone();
        let field = (side.model.name.name.to_owned(), side.field.name.name.to_owned());
        Some(End { table, id, ty, field, origin: origin(side.model, side.field.name.name, side.field.name.span) })
    }
}

fn column(name: &str, end: &End) -> Column {
    Column {
        name: name.to_owned(),
        ty: end.ty.clone(),
        nullable: false,
        default: None,
        client_default: None,
        updated_at: false,
        ignored: false,
        origin: end.origin.clone(),
    }
}
