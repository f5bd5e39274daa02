//! By what a row is known.

use crate::ast::Arity;
use crate::model::{Key, KeyKind, ModelWalker, Schema};
use schemars::JsonSchema;
use serde::Serialize;

/// By what a row is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Identity {
    /// How.
    pub kind: IdentityKind,
    /// The fields; empty if there is nothing.
    pub fields: Vec<String>,
}

/// How a row is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IdentityKind {
    /// By its id.
    Id,
    /// By a unique of required fields, which stands in for the id that is missing.
    Unique,
    /// By nothing: no two rows need differ.
    None,
}

/// The id; else the first unique that may stand in for it, one of a single field before those of several; else nothing.
pub(super) fn identity(schema: &Schema<'_>, model: ModelWalker<'_, '_>) -> Identity {
    if let Some(id) = &model.get().id {
        return Identity { kind: IdentityKind::Id, fields: super::index::paths(schema, id) };
    }
    let candidates = || model.get().keys.iter().filter(|key| stands_in(schema, key));
    match candidates().find(|key| key.fields.len() == 1).or_else(|| candidates().next()) {
        Some(key) => Identity { kind: IdentityKind::Unique, fields: super::index::paths(schema, key) },
        None => Identity { kind: IdentityKind::None, fields: Vec::new() },
    }
}

/// Is it a unique that every row has a place in?
fn stands_in(schema: &Schema<'_>, key: &Key<'_>) -> bool {
    let required = |field: &crate::model::FieldId| schema.field(*field).arity == Arity::Required;
    key.kind == KeyKind::Unique
        && key.predicate.is_none()
        && key.fields.iter().all(|part| part.path.iter().all(required))
}
