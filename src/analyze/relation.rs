//! Relations: their kind, their direction, and what keeps them whole.

use super::FieldArity;
use super::index::leads_with;
use crate::ast::{Arity, ModelKind};
use crate::model::{self, FieldId, Provider, ReferentialAction, RelationMode, RelationWalker, Schema, SideWalker};
use schemars::JsonSchema;
use serde::Serialize;

/// A relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Relation {
    /// `Model.field` of the side that points at the other; of an implicit many-to-many relation the side whose model comes
    /// first in the alphabet. No two relations have the same.
    pub relation: String,
    /// Its kind.
    pub kind: RelationKind,
    /// Between rows of one model?
    pub reflexive: bool,
    /// The side that points: its rows hold the key.
    pub from: RelationEnd,
    /// The side that is pointed at.
    pub to: RelationEnd,
    /// The fields of `from` that hold the key.
    pub fields: Vec<String>,
    /// The fields of `to` that they point at.
    pub references: Vec<String>,
    /// Must a row of `from` point at one of `to`?
    pub required: bool,
    /// What keeps it whole.
    pub enforced: Enforcement,
    /// What happens to rows of `from` when the row that they point at goes; absent where nothing keeps the relation whole,
    /// and of a join table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<Action>,
    /// What happens to them when its key changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<Action>,
    /// The name of the foreign key, where the schema says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The table that holds the links of an implicit many-to-many relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_table: Option<String>,
    /// What finds the rows of `from` that point at a given row; absent of a join table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<FkIndex>,
}

/// One side of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RelationEnd {
    /// Its model.
    pub model: String,
    /// Its relation field.
    pub field: String,
    /// How many rows of the other side the field holds.
    pub arity: FieldArity,
}

/// The kind of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// At most one row of `from` points at a row of `to`.
    OneToOne,
    /// Many rows of `from` point at one row of `to`.
    ManyToOne,
    /// Implicit: both sides have lists, and a join table (on MongoDB lists of ids) holds the links. Explicit ones are models with `join`.
    ManyToMany,
}

/// What keeps a relation whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Enforcement {
    /// A foreign key in the database; whoever writes.
    #[default]
    ForeignKey,
    /// Prisma Client, for what goes through it.
    PrismaClient,
    /// Nothing.
    Nothing,
}

/// A referential action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Action {
    /// The row that is pointed at stays as long as rows point at it, as checked at the end of the statement. Where Prisma Client
    /// keeps the relation: nothing happens, and rows are left that point nowhere.
    NoAction,
    /// The row that is pointed at stays as long as rows point at it.
    Restrict,
    /// The rows that point go as well, or change their key as well.
    Cascade,
    /// Their key becomes NULL.
    SetNull,
    /// Their key becomes its default.
    SetDefault,
}

/// What finds the rows that point at a given row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FkIndex {
    /// The id begins with the key.
    Id,
    /// A unique does.
    Unique,
    /// An index does.
    Index,
    /// MySQL makes an index for every foreign key.
    Automatic,
    /// Nothing: the table is read from end to end.
    None,
}

impl Relation {
    pub(super) fn of(schema: &Schema<'_>, relation: RelationWalker<'_, '_>) -> Relation {
        let many = relation.is_many_to_many();
        let enforced = enforcement(schema, relation);
        let has_action = !many && enforced != Enforcement::Nothing;
        let names = |fields: &[FieldId]| fields.iter().map(|f| schema.field(*f).name.name.to_owned()).collect();
        Relation {
            relation: relation.owner_side().field.label(),
            kind: match relation.kind {
                model::RelationKind::OneToOne => RelationKind::OneToOne,
                model::RelationKind::OneToMany => RelationKind::ManyToOne,
                model::RelationKind::ManyToMany => RelationKind::ManyToMany,
            },
            reflexive: relation.is_self_relation(),
            from: RelationEnd::of(relation.owner_side()),
            to: RelationEnd::of(relation.other_side()),
            fields: names(&relation.fields),
            references: names(&relation.references),
            required: !many && relation.owner_side().field.arity == Arity::Required,
            enforced,
            on_delete: has_action.then(|| on_delete(schema, relation)),
            on_update: has_action.then(|| Action::of(relation.on_update())),
            name: relation.map.as_ref().map(|name| name.value.clone().into_owned()),
            join_table: (many && schema.provider() != Some(Provider::Mongodb)).then(|| format!("_{}", relation.name())),
            index: (!many).then(|| index(schema, relation)),
        }
    }

    /// Does `from` hold the key in its own rows? (Else a join table does.)
    pub fn has_key(&self) -> bool {
        self.kind != RelationKind::ManyToMany
    }

    /// `n-1`, `1-1` or `n-n`: rows of `from` to rows of `to`.
    pub fn symbol(&self) -> &'static str {
        match self.kind {
            RelationKind::OneToOne => "1-1",
            RelationKind::ManyToOne => "n-1",
            RelationKind::ManyToMany => "n-n",
        }
    }
}

impl RelationEnd {
    fn of(side: SideWalker<'_, '_>) -> Self {
        RelationEnd {
            model: side.model.name.name.to_owned(),
            field: side.field.name.name.to_owned(),
            arity: match side.field.arity {
                Arity::Required => FieldArity::Required,
                Arity::Optional => FieldArity::Optional,
                Arity::List => FieldArity::List,
            },
        }
    }

    /// `Model.field`
    pub fn label(&self) -> String {
        format!("{}.{}", self.model, self.field)
    }
}

impl Action {
    fn of(action: ReferentialAction) -> Self {
        match action {
            ReferentialAction::NoAction => Action::NoAction,
            ReferentialAction::Restrict => Action::Restrict,
            ReferentialAction::Cascade => Action::Cascade,
            ReferentialAction::SetNull => Action::SetNull,
            ReferentialAction::SetDefault => Action::SetDefault,
        }
    }

    /// The name in the schema file.
    pub fn name(self) -> &'static str {
        match self {
            Action::NoAction => "NoAction",
            Action::Restrict => "Restrict",
            Action::Cascade => "Cascade",
            Action::SetNull => "SetNull",
            Action::SetDefault => "SetDefault",
        }
    }
}

fn enforcement(schema: &Schema<'_>, relation: RelationWalker<'_, '_>) -> Enforcement {
    let sides = [relation.owner_side(), relation.other_side()];
    if sides.iter().any(|side| side.model.kind == ModelKind::View) {
        return Enforcement::Nothing;
    }
    let does_nothing =
        relation.on_delete() == ReferentialAction::NoAction && relation.on_update() == ReferentialAction::NoAction;
    // Prisma Client acts on the relations that it knows, and not on the links of a many-to-many relation.
    let is_hidden = sides.iter().any(|side| side.model.ignored || side.field.ignored);
    match schema.relation_mode() {
        RelationMode::ForeignKeys => Enforcement::ForeignKey,
        RelationMode::Prisma if relation.is_many_to_many() || does_nothing || is_hidden => Enforcement::Nothing,
        RelationMode::Prisma => Enforcement::PrismaClient,
    }
}

/// SQL Server has no Restrict: where nothing is said, Prisma takes NoAction there.
fn on_delete(schema: &Schema<'_>, relation: RelationWalker<'_, '_>) -> Action {
    match (Action::of(relation.on_delete()), relation.on_delete) {
        (Action::Restrict, None) if schema.provider() == Some(Provider::Sqlserver) => Action::NoAction,
        (action, _) => action,
    }
}

fn index(schema: &Schema<'_>, relation: RelationWalker<'_, '_>) -> FkIndex {
    let model = relation.owner_side().model.get();
    let leads =
        |kind: model::KeyKind| model.keys.iter().any(|key| key.kind == kind && leads_with(key, &relation.fields));
    let is_automatic =
        schema.provider() == Some(Provider::Mysql) && schema.relation_mode() == RelationMode::ForeignKeys;
    if model.id.as_ref().is_some_and(|id| leads_with(id, &relation.fields)) {
        FkIndex::Id
    } else if leads(model::KeyKind::Unique) {
        FkIndex::Unique
    } else if leads(model::KeyKind::Index) {
        FkIndex::Index
    } else if is_automatic {
        FkIndex::Automatic
    } else {
        FkIndex::None
    }
}
