//! Ids, uniques and indexes, and what each is for.

use crate::model::{FieldId, Key, KeyKind, ModelWalker, Schema, Sort};
use schemars::JsonSchema;
use serde::Serialize;

/// An id, unique or index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Index {
    /// Which of them.
    pub kind: IndexKind,
    /// Its fields in order, those of composite types with their path.
    pub fields: Vec<String>,
    /// Those of them that are in descending order.
    pub descending: Vec<String>,
    /// Its name in the database, where the schema says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its access method, where the schema says one: `Gin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Does it hold some rows only?
    pub partial: bool,
    /// What it serves.
    pub serves: Vec<Purpose>,
}

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IndexKind {
    /// `@id`, `@@id`
    Id,
    /// `@unique`, `@@unique`
    Unique,
    /// `@@index`
    Index,
    /// `@@fulltext`
    Fulltext,
}

/// What an index is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Purpose {
    /// Tells rows apart.
    Identity,
    /// Keeps two rows from having the same values.
    Uniqueness,
    /// Makes a relation one-to-one: no two rows point at the same one.
    OneToOne {
        /// Its relation field: `Profile.user`.
        relation: String,
    },
    /// Finds the rows that point at a given one, for joins, deletes and updates of it.
    ForeignKey {
        /// Its relation field: `Post.author`.
        relation: String,
    },
    /// Is what a foreign key points at.
    Target {
        /// The relation field that points here: `Post.author`.
        relation: String,
    },
    /// Finds rows by the first field, by the first two, and so on.
    Lookup {
        /// The fields, each useful with those before it.
        by: Vec<String>,
    },
    /// Finds what lies inside of values: documents, arrays, texts, shapes.
    Search {
        /// The fields.
        of: Vec<String>,
    },
}

/// The id, then uniques and indexes in their order.
pub(super) fn indexes(schema: &Schema<'_>, model: ModelWalker<'_, '_>) -> Vec<Index> {
    let keys = model.get().id.iter().chain(&model.get().keys);
    keys.map(|key| Index {
        kind: match key.kind {
            KeyKind::Id => IndexKind::Id,
            KeyKind::Unique => IndexKind::Unique,
            KeyKind::Index => IndexKind::Index,
            KeyKind::Fulltext => IndexKind::Fulltext,
        },
        fields: paths(schema, key),
        descending: key
            .fields
            .iter()
            .filter(|part| part.sort == Some(Sort::Desc))
            .map(|part| path(schema, &part.path))
            .collect(),
        name: key.map.as_ref().map(|name| name.value.clone().into_owned()),
        method: key.method.map(|method| method.name.to_owned()),
        partial: key.predicate.is_some(),
        serves: purposes(schema, model, key),
    })
    .collect()
}

/// Its fields by name.
pub(super) fn paths(schema: &Schema<'_>, key: &Key<'_>) -> Vec<String> {
    key.fields.iter().map(|part| path(schema, &part.path)).collect()
}

/// Does it find rows by these fields, whatever the others are?
pub(super) fn leads_with(key: &Key<'_>, fields: &[FieldId]) -> bool {
    let leading = || key.fields.iter().take(fields.len());
    key.fields.len() >= fields.len()
        && !fields.is_empty()
        && is_ordered_or_hashed(key, fields.len())
        && key.predicate.is_none()
        && fields.iter().all(|field| leading().any(|part| part.field() == Some(*field)))
}

fn path(schema: &Schema<'_>, path: &[FieldId]) -> String {
    let names: Vec<&str> = path.iter().map(|field| schema.field(*field).get().name.name).collect();
    names.join(".")
}

/// Of all access methods, those that find rows by equality of their first fields; a hash needs all of them.
fn is_ordered_or_hashed(key: &Key<'_>, fields: usize) -> bool {
    match (key.kind, key.method.map(|method| method.name)) {
        (KeyKind::Fulltext, _) => false,
        (KeyKind::Id | KeyKind::Unique | KeyKind::Index, None | Some("BTree")) => true,
        (KeyKind::Id | KeyKind::Unique | KeyKind::Index, Some("Hash")) => key.fields.len() == fields,
        (KeyKind::Id | KeyKind::Unique | KeyKind::Index, Some(_)) => false,
    }
}

fn purposes(schema: &Schema<'_>, model: ModelWalker<'_, '_>, key: &Key<'_>) -> Vec<Purpose> {
    let own: Vec<FieldId> = key.fields.iter().filter_map(crate::model::KeyField::field).collect();
    let is_same = |fields: &[FieldId]| {
        fields.len() == key.fields.len() && own.len() == fields.len() && fields.iter().all(|field| own.contains(field))
    };
    let is_unique = matches!(key.kind, KeyKind::Id | KeyKind::Unique);
    let mut purposes = match key.kind {
        KeyKind::Id => vec![Purpose::Identity],
        KeyKind::Unique => vec![Purpose::Uniqueness],
        KeyKind::Index | KeyKind::Fulltext => Vec::new(),
    };
    for (field, relation) in model.walk_relations() {
        let label = || relation.owner_side().field.label();
        let points_from_here = relation.owner.field == field.at && !relation.is_many_to_many();
        if points_from_here && is_unique && is_same(&relation.fields) {
            purposes.push(Purpose::OneToOne { relation: label() });
        } else if points_from_here && leads_with(key, &relation.fields) {
            purposes.push(Purpose::ForeignKey { relation: label() });
        }
        if relation.other.field == field.at && is_unique && is_same(&relation.references) {
            purposes.push(Purpose::Target { relation: label() });
        }
    }
    let names = paths(schema, key);
    match key.kind {
        KeyKind::Fulltext => purposes.push(Purpose::Search { of: names }),
        KeyKind::Id | KeyKind::Unique if key.fields.len() == 1 => {}
        KeyKind::Index if key.fields.len() == 1 && !purposes.is_empty() => {}
        KeyKind::Id | KeyKind::Unique | KeyKind::Index if is_ordered_or_hashed(key, key.fields.len()) => {
            purposes.push(Purpose::Lookup { by: names });
        }
        KeyKind::Id | KeyKind::Unique | KeyKind::Index => purposes.push(Purpose::Search { of: names }),
    }
    purposes
}
