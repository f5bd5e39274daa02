//! The names that Prisma gives to what the schema file does not name.

use crate::model::{FieldWalker, Key, KeyKind, ModelWalker, RelationWalker, Schema};

/// Writes the name of a key into `out`.
pub(super) fn key(out: &mut String, schema: &Schema<'_>, model: ModelWalker<'_, '_>, key: &Key<'_>, limit: usize) {
    out.clear();
    if let Some(map) = &key.map {
        out.push_str(&map.value);
        return;
    }
    out.push_str(model.get().database_name());
    let suffix = match key.kind {
        KeyKind::Id => "_pkey",
        KeyKind::Unique => "_key",
        KeyKind::Index | KeyKind::Fulltext => "_idx",
    };
    if key.kind != KeyKind::Id {
        for field in key.fields.iter().flat_map(|f| &f.path) {
            out.push('_');
            out.push_str(schema.field(*field).get().database_name());
        }
    }
    end(out, suffix, limit);
}

/// Writes the name of a foreign key into `out`.
pub(super) fn foreign_key(out: &mut String, relation: RelationWalker<'_, '_>, limit: usize) {
    out.clear();
    if let Some(map) = &relation.get().map {
        out.push_str(&map.value);
        return;
    }
    out.push_str(relation.owner_side().model.get().database_name());
    for field in relation.walk_fields() {
        out.push('_');
        out.push_str(field.get().database_name());
    }
    end(out, "_fkey", limit);
}

/// Writes the name of a default into `out`.
pub(super) fn default(out: &mut String, field: FieldWalker<'_, '_>, limit: usize) {
    out.clear();
    let field_map = field.get().default.as_ref().and_then(|d| d.map.as_ref());
    if let Some(map) = field_map {
        out.push_str(&map.value);
        return;
    }
    out.push_str(field.owner().get().database_name());
    out.push('_');
    out.push_str(field.get().database_name());
    end(out, "_df", limit);
}

/// The suffix is always whole; what is in front of it gives way.
fn end(out: &mut String, suffix: &str, limit: usize) {
    let most = limit.saturating_sub(suffix.len());
    if out.len() > most {
        let mut at = most;
        while !out.is_char_boundary(at) {
            at -= 1;
        }
        out.truncate(at);
    }
    out.push_str(suffix);
}
