//! Fields: their types, defaults and native types.

use super::{EnumId, FieldId, ModelId, RelationId};
use crate::ast::{Arity, Docs, Ident, Str};
use crate::source::Span;
use std::borrow::Cow;
use std::fmt;

/// A field of a model, view or composite type.
#[derive(Clone, Debug)]
pub struct Field<'s> {
    /// Its model.
    pub model: ModelId,
    /// Its name.
    pub name: Ident<'s>,
    /// What it holds.
    pub ty: FieldType<'s>,
    /// Where the type is written, without `?` and `[]`.
    pub ty_span: Span,
    /// One, perhaps one, many.
    pub arity: Arity,
    /// Where the type ends, its `?` or `[]` included.
    pub type_end: u32,
    /// `@map("…")`
    pub map: Option<Str<'s>>,
    /// `@default(…)`
    pub default: Option<Default<'s>>,
    /// `@updatedAt`
    pub updated_at: bool,
    /// `@ignore`
    pub ignored: bool,
    /// `@db.VarChar(191)`
    pub native: Option<NativeType<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the name to the end of the last attribute.
    pub span: Span,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType<'s> {
    /// A scalar.
    Scalar(Scalar),
    /// A value of an enum.
    Enum(EnumId),
    /// A composite value.
    Composite(ModelId),
    /// Records of another model; the relation is None where it could not be resolved, which has its diagnostic.
    Model(ModelId, Option<RelationId>),
    /// `Unsupported("…")`: a type of the database in its own words.
    Unsupported(Cow<'s, str>),
    /// A name that nothing has, which has its diagnostic.
    Unknown,
}

/// Prisma's scalar types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// `String`
    String,
    /// `Boolean`
    Boolean,
    /// `Int`
    Int,
    /// `BigInt`
    BigInt,
    /// `Float`
    Float,
    /// `Decimal`
    Decimal,
    /// `DateTime`
    DateTime,
    /// `Json`
    Json,
    /// `Bytes`
    Bytes,
}

/// `@db.Name(args)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeType<'s> {
    /// The name behind the datasource's.
    pub name: &'s str,
    /// Its arguments as written, strings without their quotes.
    pub args: Vec<Cow<'s, str>>,
    /// From the `@` to the end.
    pub span: Span,
}

/// `@default(…)`
#[derive(Clone, Debug)]
pub struct Default<'s> {
    /// The value.
    pub value: DefaultValue<'s>,
    /// `map:`, the name of the constraint on SQL Server.
    pub map: Option<Str<'s>>,
    /// The attribute.
    pub span: Span,
}

/// What a default gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultValue<'s> {
    /// A constant.
    Literal(Literal<'s>),
    /// A list of constants.
    List(Vec<Literal<'s>>),
    /// `now()`
    Now,
    /// `uuid()`, with its version if stated
    Uuid(Option<&'s str>),
    /// `cuid()`, with its version if stated
    Cuid(Option<&'s str>),
    /// `nanoid()`, with its length if stated
    Nanoid(Option<&'s str>),
    /// `ulid()`
    Ulid,
    /// `auto()`
    Auto,
    /// `autoincrement()`
    Autoincrement,
    /// `sequence(…)`: its arguments as written (CockroachDB)
    Sequence(Vec<(&'s str, &'s str)>),
    /// `dbgenerated("…")`; None for `dbgenerated()`, which says that the database does it somehow
    DbGenerated(Option<Cow<'s, str>>),
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal<'s> {
    /// `"text"`
    String(Cow<'s, str>),
    /// A number as written.
    Number(&'s str),
    /// `true` or `false`
    Boolean(bool),
    /// A value of the field's enum: its place among the values.
    Enum(u32),
}

impl Scalar {
    /// All of them.
    pub const ALL: [Scalar; 9] = [
        Scalar::String,
        Scalar::Boolean,
        Scalar::Int,
        Scalar::BigInt,
        Scalar::Float,
        Scalar::Decimal,
        Scalar::DateTime,
        Scalar::Json,
        Scalar::Bytes,
    ];

    /// From the name in the schema file.
    pub fn parse(name: &str) -> Option<Self> {
        Scalar::ALL.into_iter().find(|s| s.name() == name)
    }

    /// The name in the schema file.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::String => "String",
            Scalar::Boolean => "Boolean",
            Scalar::Int => "Int",
            Scalar::BigInt => "BigInt",
            Scalar::Float => "Float",
            Scalar::Decimal => "Decimal",
            Scalar::DateTime => "DateTime",
            Scalar::Json => "Json",
            Scalar::Bytes => "Bytes",
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<'s> Field<'s> {
    /// The name of its column.
    pub fn database_name(&self) -> &str {
        self.map.as_ref().map_or(self.name.name, |m| &m.value)
    }

    /// Does the database hold it in a column of its own? (Relation fields are held in others.)
    pub fn is_column(&self) -> bool {
        match self.ty {
            FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::Composite(_) | FieldType::Unsupported(_) => true,
            FieldType::Model(..) | FieldType::Unknown => false,
        }
    }

    /// The relation it is a side of.
    pub fn relation(&self) -> Option<RelationId> {
        match self.ty {
            FieldType::Model(_, relation) => relation,
            FieldType::Scalar(_)
            | FieldType::Enum(_)
            | FieldType::Composite(_)
            | FieldType::Unsupported(_)
            | FieldType::Unknown => None,
        }
    }
}

impl FieldId {
    pub(super) fn range(start: usize, end: usize) -> std::ops::Range<u32> {
        FieldId::at(start).0..FieldId::at(end).0
    }
}
