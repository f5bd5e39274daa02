//! Walkers: a schema and an id, to read the one without handling the other.

use super::{
    Enum, EnumId, Field, FieldId, Key, KeyKind, Model, ModelId, Provider, ReferentialAction, Relation, RelationId,
    RelationKind, RelationMode, Schema, Side,
};
use crate::ast::{Arity, ModelKind};
use std::ops::Deref;

macro_rules! walkers {
    ($($(#[$doc:meta])* $walker:ident: $id:ident => $item:ident in $arena:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $walker<'a, 's> {
            whole: &'a Schema<'s>,
            /// Its place in the arena.
            pub at: $id,
        }

        impl<'a, 's> $walker<'a, 's> {
            /// The thing itself.
            pub fn get(self) -> &'a $item<'s> {
                &self.whole.$arena[self.at.index()]
            }
        }

        impl<'s> Deref for $walker<'_, 's> {
            type Target = $item<'s>;

            fn deref(&self) -> &Self::Target {
                &self.whole.$arena[self.at.index()]
            }
        }
    )+ };
}

walkers! {
    /// Reads a model, view or composite type.
    ModelWalker: ModelId => Model in models,
    /// Reads a field.
    FieldWalker: FieldId => Field in fields,
    /// Reads an enum.
    EnumWalker: EnumId => Enum in enums,
    /// Reads a relation.
    RelationWalker: RelationId => Relation in relations,
}

/// Reads one side of a relation.
#[derive(Clone, Copy, Debug)]
pub struct SideWalker<'a, 's> {
    /// Its model.
    pub model: ModelWalker<'a, 's>,
    /// Its relation field.
    pub field: FieldWalker<'a, 's>,
}

impl<'s> Schema<'s> {
    /// The kind of database, if it is known.
    pub fn provider(&self) -> Option<Provider> {
        self.datasource.as_ref().and_then(|d| d.provider)
    }

    /// Who keeps foreign keys.
    pub fn relation_mode(&self) -> RelationMode {
        match &self.datasource {
            Some(d) if d.provider == Some(Provider::Mongodb) => RelationMode::Prisma,
            Some(d) => d.relation_mode,
            None => RelationMode::ForeignKeys,
        }
    }

    /// Is a preview feature switched on? Case does not matter, as it does not to Prisma.
    pub fn has_preview(&self, feature: &str) -> bool {
        self.preview_features.iter().any(|f| f.value.eq_ignore_ascii_case(feature))
    }

    /// A model, view or composite type.
    pub fn model(&self, id: ModelId) -> ModelWalker<'_, 's> {
        ModelWalker { whole: self, at: id }
    }

    /// A field.
    pub fn field(&self, id: FieldId) -> FieldWalker<'_, 's> {
        FieldWalker { whole: self, at: id }
    }

    /// An enum.
    pub fn enumeration(&self, id: EnumId) -> EnumWalker<'_, 's> {
        EnumWalker { whole: self, at: id }
    }

    /// A relation.
    pub fn relation(&self, id: RelationId) -> RelationWalker<'_, 's> {
        RelationWalker { whole: self, at: id }
    }

    /// Models, views and composite types in the order in which they are written.
    pub fn walk_all(&self) -> impl Iterator<Item = ModelWalker<'_, 's>> {
        (0..self.models.len()).map(|i| self.model(ModelId::at(i)))
    }

    /// Models alone.
    pub fn walk_models(&self) -> impl Iterator<Item = ModelWalker<'_, 's>> {
        self.walk_all().filter(|m| m.kind == ModelKind::Model)
    }

    /// Enums in the order in which they are written.
    pub fn walk_enums(&self) -> impl Iterator<Item = EnumWalker<'_, 's>> {
        (0..self.enums.len()).map(|i| self.enumeration(EnumId::at(i)))
    }

    /// Relations, by the place of their first field.
    pub fn walk_relations(&self) -> impl Iterator<Item = RelationWalker<'_, 's>> {
        (0..self.relations.len()).map(|i| self.relation(RelationId::at(i)))
    }
}

impl<'a, 's> ModelWalker<'a, 's> {
    /// Its fields in order.
    pub fn walk_fields(self) -> impl Iterator<Item = FieldWalker<'a, 's>> {
        self.get().fields.clone().map(move |i| self.whole.field(FieldId(i)))
    }

    /// Its fields that the database holds in a column.
    pub fn walk_columns(self) -> impl Iterator<Item = FieldWalker<'a, 's>> {
        self.walk_fields().filter(|f| f.is_column())
    }

    /// Its field of this name. (One pass over its fields.)
    pub fn find_field(self, name: &str) -> Option<FieldWalker<'a, 's>> {
        self.walk_fields().find(|f| f.name.name == name)
    }

    /// Its relations, each by its fields (a self-relation comes twice).
    pub fn walk_relations(self) -> impl Iterator<Item = (FieldWalker<'a, 's>, RelationWalker<'a, 's>)> {
        self.walk_fields().filter_map(move |f| f.relation().map(|r| (f, self.whole.relation(r))))
    }

    /// Its uniques, the id excluded.
    pub fn walk_uniques(self) -> impl Iterator<Item = &'a Key<'s>> {
        self.get().keys.iter().filter(|k| k.kind == KeyKind::Unique)
    }

    /// Does a record of this model do nothing but link two others: is its id made of the foreign keys of two relations?
    /// Such a model is an explicit many-to-many relation.
    pub fn is_explicit_join(self) -> bool {
        let Some(id) = &self.get().id else { return false };
        let mut owned = 0;
        let mut covered = vec![false; id.fields.len()];
        for (field, relation) in self.walk_relations() {
            let all_in_id = relation.fields.iter().all(|f| id.fields.iter().any(|k| k.field() == Some(*f)));
            if relation.owner.field != field.at || relation.fields.is_empty() || !all_in_id {
                continue;
            }
            owned += 1;
            for (key, seen) in id.fields.iter().zip(&mut covered) {
                *seen |= key.field().is_some_and(|f| relation.fields.contains(&f));
            }
        }
        owned == 2 && covered.iter().all(|c| *c)
    }
}

impl<'a, 's> FieldWalker<'a, 's> {
    /// Its model.
    pub fn owner(self) -> ModelWalker<'a, 's> {
        self.whole.model(self.get().model)
    }

    /// `Model.field`
    pub fn label(self) -> String {
        format!("{}.{}", self.owner().name.name, self.name.name)
    }
}

impl<'a, 's> RelationWalker<'a, 's> {
    fn side(self, side: Side) -> SideWalker<'a, 's> {
        SideWalker { model: self.whole.model(side.model), field: self.whole.field(side.field) }
    }

    /// The side with the foreign key, or A.
    pub fn owner_side(self) -> SideWalker<'a, 's> {
        self.side(self.get().owner)
    }

    /// The other side, or B.
    pub fn other_side(self) -> SideWalker<'a, 's> {
        self.side(self.get().other)
    }

    /// The owner's fields that make up the foreign key.
    pub fn walk_fields(self) -> impl Iterator<Item = FieldWalker<'a, 's>> {
        self.get().fields.iter().map(move |f| self.whole.field(*f))
    }

    /// The fields they point at.
    pub fn walk_references(self) -> impl Iterator<Item = FieldWalker<'a, 's>> {
        self.get().references.iter().map(move |f| self.whole.field(*f))
    }

    /// What happens when the record pointed at goes. Prisma's default: Restrict if one of the fields is required, else
    /// SetNull.
    pub fn on_delete(self) -> ReferentialAction {
        let required = self.walk_fields().any(|f| f.arity == Arity::Required);
        let default = if required { ReferentialAction::Restrict } else { ReferentialAction::SetNull };
        self.get().on_delete.unwrap_or(default)
    }

    /// What happens when its key changes. Prisma's default: Cascade.
    pub fn on_update(self) -> ReferentialAction {
        self.get().on_update.unwrap_or(ReferentialAction::Cascade)
    }

    /// Its name: the one written, or `AToB`, of the models' names in alphabetical order.
    pub fn name(self) -> String {
        if let Some(name) = &self.get().name {
            return name.value.clone().into_owned();
        }
        let (a, b) = (self.owner_side().model.get().name.name, self.other_side().model.get().name.name);
        if a <= b { format!("{a}To{b}") } else { format!("{b}To{a}") }
    }

    /// Is it kept in a join table?
    pub fn is_many_to_many(self) -> bool {
        self.kind == RelationKind::ManyToMany
    }
}
