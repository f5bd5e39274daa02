//! What many rules ask of a schema.

use super::words::is_name;
use crate::ast::Arity;
use crate::model::{
    FieldId, FieldType, FieldWalker, Key, KeyKind, ModelWalker, Provider, RelationKind, RelationMode, RelationWalker,
    Scalar, Schema,
};

/// What is looked up once for all rules: by the place of a field.
#[derive(Debug)]
pub struct Facts {
    /// Is it part of a foreign key?
    foreign: Vec<bool>,
    /// Is it part of a key?
    keyed: Vec<bool>,
}

impl Facts {
    /// Looks once at all relations and keys.
    pub fn of(schema: &Schema<'_>) -> Self {
        let marked = |fields: &mut dyn Iterator<Item = FieldId>| {
            let mut marks = vec![false; schema.fields.len()];
            fields.for_each(|field| marks[field.0 as usize] = true);
            marks
        };
        let all = schema.models.iter().flat_map(|model| model.id.iter().chain(&model.keys));
        let keyed = &mut all.flat_map(|key| key.fields.iter().filter_map(|field| field.path.first().copied()));
        let foreign = &mut schema.relations.iter().flat_map(|relation| relation.fields.iter().copied());
        Facts { foreign: marked(foreign), keyed: marked(keyed) }
    }

    /// Is the field part of an id, a unique or an index?
    pub fn is_keyed(&self, field: FieldWalker<'_, '_>) -> bool {
        self.keyed[field.at.0 as usize]
    }

    /// Is the field part of a foreign key?
    pub fn is_foreign(&self, field: FieldWalker<'_, '_>) -> bool {
        self.foreign[field.at.0 as usize]
    }
}

/// The foreign keys that a model holds, each by its relation field.
pub fn foreign_keys<'a, 's>(
    model: ModelWalker<'a, 's>,
) -> impl Iterator<Item = (FieldWalker<'a, 's>, RelationWalker<'a, 's>)> {
    model.walk_relations().filter(|(field, relation)| {
        let owned = relation.owner.field == field.at && !relation.fields.is_empty();
        owned && relation.kind != RelationKind::ManyToMany
    })
}

/// Its id, uniques and indexes.
pub fn keys<'a, 's>(model: ModelWalker<'a, 's>) -> impl Iterator<Item = &'a Key<'s>> {
    let model = model.get();
    model.id.iter().chain(&model.keys)
}

/// The key's fields, if all are the model's own.
pub fn own_fields(key: &Key<'_>) -> Option<Vec<FieldId>> {
    key.fields.iter().map(crate::model::KeyField::field).collect()
}

/// Does it look values up in order: a B-tree over all rows?
pub fn is_plain(key: &Key<'_>) -> bool {
    key.kind != KeyKind::Fulltext && key.predicate.is_none() && key.method.is_none_or(|m| m.name == "BTree")
}

/// Does the database keep foreign keys?
pub fn has_foreign_keys(schema: &Schema<'_>) -> bool {
    schema.relation_mode() == RelationMode::ForeignKeys
}

/// Is it one of these kinds of database?
pub fn is_on(schema: &Schema<'_>, providers: &[Provider]) -> bool {
    schema.provider().is_some_and(|provider| providers.contains(&provider))
}

/// PostgreSQL, and CockroachDB, which took over its types.
pub const POSTGRES_LIKE: &[Provider] = &[Provider::Postgresql, Provider::Cockroachdb];

/// Is the field of this scalar type?
pub fn is_scalar(field: FieldWalker<'_, '_>, scalar: Scalar) -> bool {
    field.ty == FieldType::Scalar(scalar)
}

/// Is its native type one of these?
pub fn is_native(field: FieldWalker<'_, '_>, names: &[&str]) -> bool {
    field.native.as_ref().is_some_and(|native| names.contains(&native.name))
}

/// `@@index([a, b])` as it stands in the text, or `@unique of a` for one at a field.
pub fn spelled(schema: &Schema<'_>, key: &Key<'_>) -> String {
    let attribute = match (key.kind, key.at_field.is_some()) {
        (KeyKind::Id, true) => "@id",
        (KeyKind::Id, false) => "@@id",
        (KeyKind::Unique, true) => "@unique",
        (KeyKind::Unique, false) => "@@unique",
        (KeyKind::Index, _) => "@@index",
        (KeyKind::Fulltext, _) => "@@fulltext",
    };
    if let Some(field) = key.at_field {
        return format!("`{attribute}` of `{}`", schema.field(field).name.name);
    }
    let path = |path: &[FieldId]| path.iter().map(|f| schema.field(*f).get().name.name).collect::<Vec<_>>().join(".");
    let fields: Vec<String> = key.fields.iter().map(|field| path(&field.path)).collect();
    format!("`{attribute}([{}])`", fields.join(", "))
}

/// The field by which rows are marked as deleted.
pub fn soft_delete<'a, 's>(model: ModelWalker<'a, 's>) -> Option<FieldWalker<'a, 's>> {
    model.walk_columns().find(|field| {
        let name = field.name.name;
        let is_moment = is_scalar(*field, Scalar::DateTime) && field.arity == Arity::Optional;
        let is_flag = is_scalar(*field, Scalar::Boolean) && field.arity == Arity::Required;
        is_moment
            && is_name(name, &["deletedat", "deletedon", "deleteddate", "deleted", "softdeletedat", "datedeleted"])
            || is_flag && is_name(name, &["isdeleted", "deleted", "softdeleted"])
    })
}

/// Has the database partial indexes, and Prisma a way to say them?
pub fn has_partial_indexes(schema: &Schema<'_>) -> bool {
    is_on(schema, POSTGRES_LIKE) || is_on(schema, &[Provider::Sqlite, Provider::Sqlserver])
}
