//! Models, views and composite types.

use super::{Field, Identity, Index, Join, docs, identity, index, join};
use crate::ast;
use crate::model::{ModelWalker, Schema};
use schemars::JsonSchema;
use serde::Serialize;

/// A model, view or composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Which of them.
    pub kind: ModelKind,
    /// The name of its table, view or collection; that of a composite type is its name.
    pub table: String,
    /// `@@schema`: the schema of the database that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// `@@ignore`: Prisma Client does not know it.
    pub ignored: bool,
    /// Its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// By what a row is known.
    pub identity: Identity,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// How many of its fields are columns.
    pub columns: u32,
    /// The many-to-many relation that it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<Join>,
    /// Its id, uniques and indexes.
    pub indexes: Vec<Index>,
    /// Relations that lead to models which were not asked for.
    pub relations_beyond: u32,
}

/// Which keyword it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModelKind {
    /// `model`
    Model,
    /// `view`
    View,
    /// `type`
    Type,
}

impl Model {
    pub(super) fn of(schema: &Schema<'_>, model: ModelWalker<'_, '_>) -> Model {
        let fields: Vec<Field> = model.walk_fields().map(|field| Field::of(schema, field)).collect();
        Model {
            name: model.name.name.to_owned(),
            kind: match model.kind {
                ast::ModelKind::Model => ModelKind::Model,
                ast::ModelKind::View => ModelKind::View,
                ast::ModelKind::Composite => ModelKind::Type,
            },
            table: model.database_name().to_owned(),
            schema: model.schema.as_ref().map(|schema| schema.value.clone().into_owned()),
            ignored: model.ignored,
            docs: docs(&model.docs),
            identity: identity::identity(schema, model),
            columns: u32::try_from(fields.iter().filter(|field| field.column.is_some()).count()).unwrap_or(u32::MAX),
            fields,
            join: join::join(schema, model),
            indexes: index::indexes(schema, model),
            relations_beyond: 0,
        }
    }

    /// Its fields that are columns.
    pub fn walk_columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.column.is_some())
    }
}
