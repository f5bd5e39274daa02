//! From a schema in Prisma's terms to the database that Prisma's own DDL would make of it.

use crate::ast::ModelKind;
use crate::catalog::{Catalog, ColumnId, EnumId, Extension, IdMap, Ids, Name, Origin, Table, TableId, TableKind};
use crate::diag::Diagnostics;
use crate::dialect::Conventions;
use crate::model::{Key, ModelWalker, Provider, RelationMode, Schema};
use std::hash::BuildHasherDefault;
use std::sync::Arc;

mod columns;
mod defaults;
mod foreign_keys;
mod indexes;
mod joins;
mod messages;
mod unique_names;

/// The catalog of a schema, at its provider (at PostgreSQL where it has none). Views and composite types have no place in it.
/// Where something cannot be lowered it is missing and has a diagnostic.
///
/// Names are as the server keeps them.
///
/// Architecture invariant: nothing here names a database. What differs between them is asked of its [`Conventions`].
pub fn lower(schema: &Schema<'_>, ids: &mut Ids) -> (Catalog, Diagnostics) {
    let conventions = Conventions::of(schema.provider().unwrap_or(Provider::Postgresql));
    let mut lowering = Lowering {
        schema,
        conventions,
        enums: schema.enums.iter().map(|_| ids.fresh()).collect(),
        tables: schema.models.iter().map(|m| (m.kind == ModelKind::Model).then(|| ids.fresh())).collect(),
        columns: schema.fields.iter().map(|_| None).collect(),
        ids,
        catalog: Catalog { index_names: conventions.names.spaces.of_indexes(), ..Catalog::default() },
        diagnostics: Diagnostics::default(),
    };
    lowering.extensions();
    lowering.enums();
    lowering.tables();
    if schema.relation_mode() == RelationMode::ForeignKeys {
        lowering.foreign_keys();
    }
    lowering.join_tables();
    lowering.namespaces();
    unique_names::check(&lowering.catalog, lowering.conventions.names, &mut lowering.diagnostics);
    lowering.diagnostics.sort();
    (lowering.catalog, lowering.diagnostics)
}

struct Lowering<'a, 's> {
    schema: &'a Schema<'s>,
    /// What Prisma makes of it at its database.
    conventions: &'static Conventions,
    /// By place in the model's arenas.
    enums: Vec<EnumId>,
    tables: Vec<Option<TableId>>,
    columns: Vec<Option<ColumnId>>,
    ids: &'a mut Ids,
    catalog: Catalog,
    diagnostics: Diagnostics,
}

impl Lowering<'_, '_> {
    fn extensions(&mut self) {
        for extension in self.schema.datasource.iter().flat_map(|d| &d.extensions) {
            let name = extension.database_name().to_owned();
            let owned = |s: &Option<crate::ast::Str<'_>>| s.as_ref().map(|s| s.value.clone().into_owned());
            self.catalog.extensions.insert(
                name.clone(),
                Extension {
                    name,
                    schema: owned(&extension.schema),
                    version: owned(&extension.version),
                    origin: Origin {
                        model: extension.name.name.to_owned(),
                        item: String::new(),
                        span: Some(extension.span),
                    },
                },
            );
        }
    }

    fn enums(&mut self) {
        for item in self.schema.walk_enums() {
            let id = self.enums[item.at.0 as usize];
            let lowered = crate::catalog::Enum {
                name: self.name(item.schema.as_ref().map(|s| &*s.value), item.get().database_name()),
                values: item.values.iter().map(|v| self.conventions.names.identifier(v.database_name())).collect(),
                origin: Origin { model: item.name.name.to_owned(), item: String::new(), span: Some(item.name.span) },
            };
            self.catalog.enums.insert(id, lowered);
        }
    }

    fn tables(&mut self) {
        for model in self.schema.walk_models() {
            let Some(id) = self.tables[model.at.0 as usize] else { continue };
            let mut table = Table {
                name: self.name(model.schema.as_ref().map(|s| &*s.value), model.get().database_name()),
                kind: TableKind::Model,
                columns: IdMap::with_capacity_and_hasher(model.get().fields.len(), BuildHasherDefault::default()),
                primary_key: None,
                indexes: IdMap::default(),
                foreign_keys: IdMap::default(),
                checks: IdMap::default(),
                origin: origin(model, "", model.name.span),
            };
            self.table_columns(model, &mut table);
            self.table_keys(model, &mut table);
            self.catalog.tables.insert(id, Arc::new(table));
        }
    }

    /// Prisma creates the schemas in which it puts something; the default one is there already.
    fn namespaces(&mut self) {
        let default = self.conventions.default_schema;
        let tables = self.catalog.tables.values().map(|t| &t.name);
        let enums = self.catalog.enums.values().map(|e| &e.name);
        let extensions = self.catalog.extensions.values().filter_map(|e| e.schema.as_deref());
        let named = tables.chain(enums).filter_map(|n| n.schema.as_deref()).chain(extensions);
        let found = named.filter(|n| Some(*n) != default).map(str::to_owned).collect();
        self.catalog.namespaces = found;
    }

    fn name(&self, schema: Option<&str>, name: &str) -> Name {
        let Conventions { names, default_schema, .. } = self.conventions;
        let schema = schema.filter(|s| Some(*s) != *default_schema).map(|s| names.identifier(s));
        Name { schema, name: names.identifier(name) }
    }

    /// The columns' names of a key in the database, uncut.
    fn database_names<'k>(&'k self, key: &'k Key<'_>) -> impl Iterator<Item = &'k str> {
        key.fields.iter().filter_map(|f| f.field()).map(|f| self.schema.field(f).get().database_name())
    }
}

fn origin(model: ModelWalker<'_, '_>, item: &str, span: crate::source::Span) -> Origin {
    Origin { model: model.name.name.to_owned(), item: item.to_owned(), span: Some(span) }
}
