//! What a schema is like, for somebody who has never seen it: how rows are known, how models hang together, what keeps them
//! together, what goes when a row goes.
//!
//! [`analyze`] reads a [`model::Schema`](crate::model::Schema) and gives an [`Analysis`]: plain data that owns its texts and refers to models, fields
//! and enums by name. It is what `prisma-stage analyze --format json` prints.

mod delete;
mod enumeration;
mod field;
mod focus;
mod identity;
mod index;
mod join;
mod model;
mod part;
mod relation;

use crate::model as prisma;
pub use delete::{Deletion, Effect};
pub use enumeration::{Enum, EnumUse};
pub use field::{Field, FieldArity, FieldKind, Role};
pub use focus::{Focus, UnknownModel};
pub use identity::{Identity, IdentityKind};
pub use index::{Index, IndexKind, Purpose};
pub use join::Join;
pub use model::{Model, ModelKind};
pub use part::{Hinge, Part};
pub use relation::{Action, Enforcement, FkIndex, Relation, RelationEnd, RelationKind};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// What a schema is like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Analysis {
    /// The kind of database, as the datasource names it; absent if it names none that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Who keeps relations whole unless a relation says otherwise: `foreign-key` or `prisma-client`.
    pub kept_by: Enforcement,
    /// What was asked for, where it was not the whole schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus: Option<Focus>,
    /// Models and views, in the order of the schema.
    pub models: Vec<Model>,
    /// Composite types, in the order of the schema.
    pub types: Vec<Model>,
    /// Enums, in the order of the schema.
    pub enums: Vec<Enum>,
    /// Relations, in the order of their first fields.
    pub relations: Vec<Relation>,
    /// Models that hang together by relations: each part of two models or more, the largest first.
    pub parts: Vec<Part>,
    /// Models without a relation to another model.
    pub alone: Vec<String>,
    /// What goes with a row, for each model that something points at.
    pub deletions: Vec<Deletion>,
}

/// Says what a schema is like. Of a schema with errors, as much as was understood.
pub fn analyze(schema: &prisma::Schema<'_>) -> Analysis {
    let relations: Vec<Relation> = schema.walk_relations().map(|relation| Relation::of(schema, relation)).collect();
    let of_kind = |wanted: fn(crate::ast::ModelKind) -> bool| {
        schema.walk_all().filter(move |model| wanted(model.kind)).map(|model| Model::of(schema, model))
    };
    let models: Vec<Model> = of_kind(|kind| kind != crate::ast::ModelKind::Composite).collect();
    let (parts, alone) = part::parts(&models, &relations);
    Analysis {
        provider: schema.provider().map(|provider| provider.name().to_owned()),
        kept_by: match schema.relation_mode() {
            prisma::RelationMode::ForeignKeys => Enforcement::ForeignKey,
            prisma::RelationMode::Prisma => Enforcement::PrismaClient,
        },
        focus: None,
        types: of_kind(|kind| kind == crate::ast::ModelKind::Composite).collect(),
        enums: enumeration::enums(schema),
        deletions: delete::deletions(&models, &relations),
        models,
        relations,
        parts,
        alone,
    }
}

impl Analysis {
    /// The model or view of this name.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// Models and views by name, for whoever asks for many.
    pub fn by_name(&self) -> HashMap<&str, &Model> {
        self.models.iter().map(|model| (model.name.as_str(), model)).collect()
    }
}

/// The lines of a documentation comment as one text; None if there are none.
fn docs(docs: &crate::ast::Docs<'_>) -> Option<String> {
    let lines: Vec<&str> = docs.lines.iter().map(|(line, _)| line.trim_end()).collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}
