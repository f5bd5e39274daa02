//! Tables that are the same in two catalogs, to the last thing that is known of them.

use super::{Column, ForeignKey, Index, Origin, Table};

impl Table {
    /// Is the other one this very table, wherever the two were written? What only clients know counts, and so does the
    /// order of columns.
    pub fn is_twin_of(&self, other: &Table) -> bool {
        let Table { name, kind, columns, primary_key, indexes, foreign_keys, checks, origin } = self;
        let same_ids = columns.keys().eq(other.columns.keys())
            && indexes.keys().eq(other.indexes.keys())
            && foreign_keys.keys().eq(other.foreign_keys.keys());
        same_ids
            && *name == other.name
            && *kind == other.kind
            && *primary_key == other.primary_key
            && *checks == other.checks
            && origin.is_twin_of(&other.origin)
            && columns.values().zip(other.columns.values()).all(|(a, b)| a.is_twin_of(b))
            && indexes.values().zip(other.indexes.values()).all(|(a, b)| a.is_twin_of(b))
            && foreign_keys.values().zip(other.foreign_keys.values()).all(|(a, b)| a.is_twin_of(b))
    }
}

impl Column {
    fn is_twin_of(&self, other: &Column) -> bool {
        let Column { name, ty, nullable, default, client_default, updated_at, ignored, origin } = self;
        *name == other.name
            && *ty == other.ty
            && *nullable == other.nullable
            && *default == other.default
            && *client_default == other.client_default
            && *updated_at == other.updated_at
            && *ignored == other.ignored
            && origin.is_twin_of(&other.origin)
    }
}

impl Index {
    fn is_twin_of(&self, other: &Index) -> bool {
        let Index { name, unique, method, columns, predicate, reads, origin } = self;
        *name == other.name
            && *unique == other.unique
            && *method == other.method
            && *columns == other.columns
            && *predicate == other.predicate
            && *reads == other.reads
            && origin.is_twin_of(&other.origin)
    }
}

impl ForeignKey {
    fn is_twin_of(&self, other: &ForeignKey) -> bool {
        let ForeignKey { name, columns, references, referenced, on_delete, on_update, validated, origin } = self;
        *name == other.name
            && *columns == other.columns
            && *references == other.references
            && *referenced == other.referenced
            && *on_delete == other.on_delete
            && *on_update == other.on_update
            && *validated == other.validated
            && origin.is_twin_of(&other.origin)
    }
}

impl Origin {
    /// The place may be another.
    fn is_twin_of(&self, other: &Origin) -> bool {
        let Origin { model, item, span: _ } = self;
        *model == other.model && *item == other.item
    }
}
