//! Ids, uniques and indexes.

use super::FieldId;
use crate::ast::{Ident, Str};
use crate::source::Span;
use std::borrow::Cow;

/// What a [`Key`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// `@id`, `@@id`
    Id,
    /// `@unique`, `@@unique`
    Unique,
    /// `@@index`
    Index,
    /// `@@fulltext`
    Fulltext,
}

/// An id, unique or index.
#[derive(Clone, Debug)]
pub struct Key<'s> {
    /// Which of them.
    pub kind: KeyKind,
    /// The field it was written at; None for a block attribute.
    pub at_field: Option<FieldId>,
    /// Its fields in order.
    pub fields: Vec<KeyField<'s>>,
    /// `name:`, by which the client calls it.
    pub name: Option<Str<'s>>,
    /// `map:`, by which the database does.
    pub map: Option<Str<'s>>,
    /// `type:` as written: `BTree`, `Hash`, `Gin` …
    pub method: Option<Ident<'s>>,
    /// `clustered:`
    pub clustered: Option<bool>,
    /// `where:`
    pub predicate: Option<Predicate<'s>>,
    /// The attribute.
    pub span: Span,
}

/// A field of a key.
#[derive(Clone, Debug)]
pub struct KeyField<'s> {
    /// The field; of a composite type's field, the outermost first.
    pub path: Vec<FieldId>,
    /// `sort:`
    pub sort: Option<Sort>,
    /// `length:`
    pub length: Option<u32>,
    /// `ops:`
    pub ops: Option<Ops<'s>>,
    /// Where it is written.
    pub span: Span,
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// `Asc`
    Asc,
    /// `Desc`
    Desc,
}

/// An operator class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ops<'s> {
    /// By Prisma's name: `JsonbPathOps`
    Known(&'s str),
    /// By the database's: `raw("jsonb_path_ops")`
    Raw(Cow<'s, str>),
}

/// The condition of a partial index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate<'s> {
    /// `raw("…")`: SQL
    Raw(Cow<'s, str>),
    /// `{ deletedAt: null, state: { not: "x" } }`: all of them
    Fields(Vec<(FieldId, Condition<'s>)>),
}

/// What one field of a [`Predicate`] has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<'s> {
    /// `null`
    Null,
    /// `{ not: null }`
    NotNull,
    /// A constant.
    Is(Constant<'s>),
    /// `{ not: … }`
    IsNot(Constant<'s>),
}

/// A constant of a [`Condition`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant<'s> {
    /// `"text"`
    String(Cow<'s, str>),
    /// A number as written.
    Number(&'s str),
    /// `true`, `false`
    Boolean(bool),
}

impl KeyField<'_> {
    /// The field, if it is one of the model's own.
    pub fn field(&self) -> Option<FieldId> {
        match self.path[..] {
            [field] => Some(field),
            _ => None,
        }
    }
}

impl KeyKind {
    /// The attribute that states it, at a field or at a block.
    pub(crate) fn attribute(self, block: bool) -> &'static str {
        match (self, block) {
            (KeyKind::Id, false) => "@id",
            (KeyKind::Id, true) => "@@id",
            (KeyKind::Unique, false) => "@unique",
            (KeyKind::Unique, true) => "@@unique",
            (KeyKind::Index, _) => "@@index",
            (KeyKind::Fulltext, _) => "@@fulltext",
        }
    }
}

impl Key<'_> {
    /// The attribute that states it.
    pub fn attribute(&self) -> &'static str {
        self.kind.attribute(self.at_field.is_none())
    }
}
