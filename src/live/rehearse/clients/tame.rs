//! What the client in between writes: its schema knows more than its code, which is that of the old client.

use super::belief::{Belief, Field, Model};
use crate::catalog::{Catalog, Column, Table};
use crate::pair::Pair;
use std::collections::BTreeMap;

/// What the code around a client writes to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Whatever the schema permits.
    Whole,
    /// What its own, older schema permits: these labels of an enum, and no NULL where that requires a value.
    Older { labels: Vec<String>, required: bool },
    /// Nothing: it does not know the field.
    Nothing,
}

/// What code knows, by the names of tables and columns in the database: of a table that is not there, nothing.
pub(super) type Known = BTreeMap<String, BTreeMap<String, Code>>;

/// What the code of OLD knows of a schema in between; both have identities in common.
pub(super) fn known(catalogs: &Pair<Catalog>) -> Known {
    let tables = catalogs.new.tables.iter().filter_map(|(id, now)| Some((catalogs.old.tables.get(id)?, now)));
    let columns = |was: &Table, now: &Table| {
        let all = now.columns.iter().map(|(id, column)| {
            let known = was.columns.get(id).filter(|known| !known.ignored);
            (column.name.clone(), known.map_or(Code::Nothing, |known| older(&catalogs.old, known)))
        });
        all.collect()
    };
    tables.map(|(was, now)| (key(&now.name.schema, &now.name.name), columns(was, now))).collect()
}

fn older(catalog: &Catalog, column: &Column) -> Code {
    let labels = column.ty.enum_id().and_then(|id| catalog.enums.get(&id)).map(|e| e.values.clone());
    Code::Older { labels: labels.unwrap_or_default(), required: !column.nullable }
}

fn key(schema: &Option<String>, table: &str) -> String {
    format!("{}.{table}", schema.as_deref().unwrap_or("public"))
}

impl Belief {
    /// The same client with the code of an older one around it.
    pub(super) fn with_code(mut self, known: &Known) -> Belief {
        for model in self.models.values_mut() {
            model.tame(known.get(&key(&Some(model.name.0.clone()), &model.name.1)));
        }
        self
    }
}

impl Model {
    fn tame(&mut self, known: Option<&BTreeMap<String, Code>>) {
        self.written = known.is_some();
        for field in &mut self.fields {
            field.code = known.and_then(|known| known.get(&field.name)).cloned().unwrap_or(Code::Nothing);
        }
        // A link that the code does not know points nowhere; where it has to point somewhere, the code makes no rows.
        let unknown = |at: &usize| self.fields[*at].code == Code::Nothing;
        self.creatable &= !self.links.iter().flat_map(|l| &l.fields).any(|at| unknown(at) && self.fields[*at].required);
    }
}

impl Field {
    /// The labels that code writes, of those that are left for other reasons.
    pub(super) fn written_labels(&self, labels: &mut Vec<String>) {
        match &self.code {
            Code::Older { labels: known, .. } if labels.iter().any(|label| known.contains(label)) => {
                labels.retain(|label| known.contains(label));
            }
            Code::Older { .. } | Code::Whole | Code::Nothing => {}
        }
    }

    /// Does its code always give it a value, though the schema does not ask for one?
    pub(super) fn is_always_given(&self) -> bool {
        matches!(self.code, Code::Older { required: true, .. })
    }
}
