//! Relations.

use super::{FieldId, ModelId};
use crate::ast::Str;
use crate::source::Span;

/// The kind of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// Each record has at most one on the other side.
    OneToOne,
    /// A record of the owner's model has one on the other side, which has many.
    OneToMany,
    /// Lists on both sides, kept in a join table (on MongoDB in lists of ids).
    ManyToMany,
}

/// What happens to the records of the owning side when the record they point at goes or changes its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferentialAction {
    /// `NoAction`
    NoAction,
    /// `Restrict`
    Restrict,
    /// `Cascade`
    Cascade,
    /// `SetNull`
    SetNull,
    /// `SetDefault`
    SetDefault,
}

/// One side of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its model.
    pub model: ModelId,
    /// Its relation field.
    pub field: FieldId,
}

/// A relation.
#[derive(Clone, Debug)]
pub struct Relation<'s> {
    /// `@relation("name")`
    pub name: Option<Str<'s>>,
    /// Its kind.
    pub kind: RelationKind,
    /// The side that has the foreign key. Of a many-to-many relation: side A, whose ids column `A` of the join table holds
    /// (the model whose name comes first; of one model, the field whose name does).
    pub owner: Side,
    /// The other side, B.
    pub other: Side,
    /// The owner's fields that make up the foreign key.
    pub fields: Vec<FieldId>,
    /// The other model's fields they point at, in their order.
    pub references: Vec<FieldId>,
    /// `onDelete:` where it is written.
    pub on_delete: Option<ReferentialAction>,
    /// `onUpdate:` where it is written.
    pub on_update: Option<ReferentialAction>,
    /// `map:`, the name of the constraint.
    pub map: Option<Str<'s>>,
    /// The owner's `@relation`, or its field.
    pub span: Span,
}

impl ReferentialAction {
    /// All of them.
    pub const ALL: [ReferentialAction; 5] = [
        ReferentialAction::Cascade,
        ReferentialAction::Restrict,
        ReferentialAction::NoAction,
        ReferentialAction::SetNull,
        ReferentialAction::SetDefault,
    ];

    /// From the name in the schema file.
    pub fn parse(name: &str) -> Option<Self> {
        ReferentialAction::ALL.into_iter().find(|a| a.name() == name)
    }

    /// The name in the schema file.
    pub fn name(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "NoAction",
            ReferentialAction::Restrict => "Restrict",
            ReferentialAction::Cascade => "Cascade",
            ReferentialAction::SetNull => "SetNull",
            ReferentialAction::SetDefault => "SetDefault",
        }
    }
}

impl Relation<'_> {
    /// Between records of one model?
    pub fn is_self_relation(&self) -> bool {
        self.owner.model == self.other.model
    }
}
