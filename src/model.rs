//! What a schema means in Prisma's terms: models, fields, relations with their kind, keys, defaults.
//!
//! [`resolve`] makes a [`Schema`] of an [`ast::Schema`](crate::ast::Schema). Everything lies in arenas and is pointed at by
//! ids; the walkers ([`Schema::walk_models`], [`Schema::model`] …) read it without them. Nothing here knows of databases,
//! save that native types, operator classes and access methods are kept as they were written.

use crate::ast::{Docs, Ident, ModelKind, Str};
use crate::source::Span;
use std::ops::Range;

mod datasource;
mod field;
mod ids;
mod key;
mod relation;
mod resolve;
pub(crate) mod suggest;
mod walk;

pub use datasource::{Datasource, Extension, Provider, RelationMode};
pub use field::{Default, DefaultValue, Field, FieldType, Literal, NativeType, Scalar};
pub use ids::{EnumId, FieldId, ModelId, RelationId};
pub use key::{Condition, Constant, Key, KeyField, KeyKind, Ops, Predicate, Sort};
pub use relation::{ReferentialAction, Relation, RelationKind, Side};
pub use resolve::resolve;
pub use walk::{EnumWalker, FieldWalker, ModelWalker, RelationWalker, SideWalker};

/// A schema, resolved.
#[derive(Clone, Debug, std::default::Default)]
pub struct Schema<'s> {
    /// The datasource; None if there is none, which has its diagnostic.
    pub datasource: Option<Datasource<'s>>,
    /// `previewFeatures` of all generators, in order.
    pub preview_features: Vec<Str<'s>>,
    /// Models, views and composite types; [`ModelId`] is the place here.
    pub models: Vec<Model<'s>>,
    /// The fields of all of them; [`FieldId`] is the place here.
    pub fields: Vec<Field<'s>>,
    /// Enums; [`EnumId`] is the place here.
    pub enums: Vec<Enum<'s>>,
    /// Relations; [`RelationId`] is the place here.
    pub relations: Vec<Relation<'s>>,
}

/// A model, view or composite type.
#[derive(Clone, Debug)]
pub struct Model<'s> {
    /// Which of them.
    pub kind: ModelKind,
    /// Its name.
    pub name: Ident<'s>,
    /// Its fields: a stretch of [`Schema::fields`].
    pub fields: Range<u32>,
    /// `@@map("…")`
    pub map: Option<Str<'s>>,
    /// `@@schema("…")`
    pub schema: Option<Str<'s>>,
    /// `@@ignore`
    pub ignored: bool,
    /// `@id` or `@@id`
    pub id: Option<Key<'s>>,
    /// Uniques and indexes, those of fields first.
    pub keys: Vec<Key<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// An enum.
#[derive(Clone, Debug)]
pub struct Enum<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// Its values in order.
    pub values: Vec<EnumValue<'s>>,
    /// `@@map("…")`
    pub map: Option<Str<'s>>,
    /// `@@schema("…")`
    pub schema: Option<Str<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// `@map("…")`
    pub map: Option<Str<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the name to the end of the last attribute.
    pub span: Span,
}

impl Model<'_> {
    /// The name of its table.
    pub fn database_name(&self) -> &str {
        self.map.as_ref().map_or(self.name.name, |m| &m.value)
    }
}

impl Enum<'_> {
    /// The name of its type.
    pub fn database_name(&self) -> &str {
        self.map.as_ref().map_or(self.name.name, |m| &m.value)
    }
}

impl EnumValue<'_> {
    /// Its label in the database.
    pub fn database_name(&self) -> &str {
        self.map.as_ref().map_or(self.name.name, |m| &m.value)
    }
}
