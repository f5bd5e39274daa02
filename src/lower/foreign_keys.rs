//! Foreign keys.

use super::{Lowering, origin};
use crate::catalog::{Action, ColumnId, ForeignKey};
use crate::model::{FieldId, ReferentialAction, RelationWalker};

impl Lowering<'_, '_> {
    /// One of each relation that has fields for it; a side that is a view has no table and no foreign key.
    pub(super) fn foreign_keys(&mut self) {
        for relation in self.schema.walk_relations().filter(|r| !r.is_many_to_many()) {
            let (owner, other) = (relation.owner_side().model, relation.other_side().model);
            let (Some(table), Some(references)) = (self.tables[owner.at.0 as usize], self.tables[other.at.0 as usize])
            else {
                continue;
            };
            let (Some(columns), Some(referenced)) = (self.all(&relation.fields), self.all(&relation.references)) else {
                continue;
            };
            let field = relation.owner_side().field;
            let key = ForeignKey {
                name: self.foreign_key_name(relation),
                columns,
                references,
                referenced,
                on_delete: action(relation.on_delete()),
                on_update: action(relation.on_update()),
                validated: true,
                origin: origin(owner, field.name.name, relation.span),
            };
            if let Some(table) = self.catalog.table_mut(table) {
                table.foreign_keys.insert(self.ids.fresh(), key);
            }
        }
    }

    fn foreign_key_name(&self, relation: RelationWalker<'_, '_>) -> String {
        let columns = relation.walk_fields().map(|f| f.get().database_name());
        let table = relation.owner_side().model.get().database_name();
        self.conventions.names.foreign_key(table, columns, relation.map.as_ref().map(|m| &*m.value))
    }

    fn all(&self, fields: &[FieldId]) -> Option<Vec<ColumnId>> {
        fields.iter().map(|f| self.columns[f.0 as usize]).collect()
    }
}

fn action(action: ReferentialAction) -> Action {
    match action {
        ReferentialAction::NoAction => Action::NoAction,
        ReferentialAction::Restrict => Action::Restrict,
        ReferentialAction::Cascade => Action::Cascade,
        ReferentialAction::SetNull => Action::SetNull,
        ReferentialAction::SetDefault => Action::SetDefault,
    }
}
