//! What each database can do, as far as Prisma has rules about it; all in one place.

use crate::model::{Provider, ReferentialAction, RelationMode};
use Feature::{
    AnyId, AutoIncrement, AutoIncrementAnywhere, AutoIncrementSeveral, AutoIncrementUnindexed, Clustering,
    CompositeTypes, CompoundIds, DecimalType, DefaultAuto, EmbeddedManyToMany, Enums, FulltextIndex, FulltextSort,
    IdIsUnderscoreId, IdSort, ImplicitManyToMany, Json, JsonLists, MultiSchema, NamedDefaults, NamedForeignKeys,
    NamedIds, NativeTypesOfReferences, OneCascadePath, OneFulltextIndex, OneIndexOverFields, PartialIndexes,
    PrefixLength, ReferencesInAnyOrder, ScalarLists, SequenceDefault,
};
use ReferentialAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
use Scope::{Global, OneModel};

/// One database's abilities.
#[derive(Debug)]
pub struct Caps {
    /// Which database.
    pub provider: Provider,
    /// Its name in a sentence.
    pub title: &'static str,
    /// How many bytes a name of a constraint or index may have.
    pub name_limit: usize,
    /// Which names of constraints have to differ from which others.
    pub name_scopes: &'static [NameScope],
    /// The index types (`type:`), the default first.
    pub index_types: &'static [&'static str],
    /// Referential actions of its foreign keys.
    pub actions: &'static [ReferentialAction],
    /// Those that Prisma Client can stand in for, under `relationMode = "prisma"`.
    pub emulated_actions: &'static [ReferentialAction],
    /// What else it can do.
    pub features: &'static [Feature],
}

/// Something that a database can do or cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// An id may be on any field, whatever its type.
    AnyId,
    /// `@default(autoincrement())`
    AutoIncrement,
    /// … on a field that is not the id
    AutoIncrementAnywhere,
    /// … on several fields of a model
    AutoIncrementSeveral,
    /// … on a field without an index
    AutoIncrementUnindexed,
    /// `clustered:`
    Clustering,
    /// `type Address { … }`
    CompositeTypes,
    /// `@@id([a, b])`
    CompoundIds,
    /// `Decimal`
    DecimalType,
    /// `@default(auto())`
    DefaultAuto,
    /// Many-to-many relations in lists of ids on both sides
    EmbeddedManyToMany,
    /// Enums
    Enums,
    /// `@@fulltext`
    FulltextIndex,
    /// `sort:` in it
    FulltextSort,
    /// Many-to-many relations in a join table of Prisma's
    ImplicitManyToMany,
    /// The id is kept in `_id`, and is one field.
    IdIsUnderscoreId,
    /// `sort:` of an id
    IdSort,
    /// `Json`
    Json,
    /// Lists of `Json`
    JsonLists,
    /// `@@schema`
    MultiSchema,
    /// `map:` of a default
    NamedDefaults,
    /// `map:` of a foreign key
    NamedForeignKeys,
    /// `map:` of an id
    NamedIds,
    /// Values of different native types are never equal, so both ends of a relation have the same.
    NativeTypesOfReferences,
    /// Of several ways a delete could come to a row, only one may cascade, and none may lead back.
    OneCascadePath,
    /// `where:`
    PartialIndexes,
    /// One `@@fulltext` a model
    OneFulltextIndex,
    /// One index over the same fields, unique or not
    OneIndexOverFields,
    /// `length:` of a field in an index
    PrefixLength,
    /// `references` need not be in the order of the key they name.
    ReferencesInAnyOrder,
    /// Lists of scalars
    ScalarLists,
    /// `@default(sequence())`
    SequenceDefault,
}

/// Where names have to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In a whole schema (namespace) of the database.
    Global,
    /// Within one model.
    OneModel,
}

/// A kind of thing with a name in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// The primary key.
    PrimaryKey,
    /// A unique constraint or index.
    Index,
    /// A foreign key.
    ForeignKey,
    /// A default constraint.
    Default,
}

/// Things whose names have to differ from each other.
#[derive(Debug)]
pub struct NameScope {
    /// Where.
    pub scope: Scope,
    /// Which.
    pub of: &'static [Named],
    /// Of which it is said.
    pub reported: &'static [Named],
}

impl Caps {
    /// What this kind of database can do.
    pub fn of(provider: Provider) -> &'static Caps {
        match provider {
            Provider::Postgresql => &POSTGRESQL,
            Provider::Mysql => &MYSQL,
            Provider::Sqlite => &SQLITE,
            Provider::Sqlserver => &SQLSERVER,
            Provider::Cockroachdb => &COCKROACHDB,
            Provider::Mongodb => &MONGODB,
        }
    }

    /// Can it do this?
    pub fn can(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// The referential actions that may be written.
    pub fn actions(&self, mode: RelationMode) -> &'static [ReferentialAction] {
        match mode {
            RelationMode::ForeignKeys => self.actions,
            RelationMode::Prisma => self.emulated_actions,
        }
    }
}

static POSTGRESQL: Caps = Caps {
    provider: Provider::Postgresql,
    title: "PostgreSQL",
    name_limit: 63,
    name_scopes: &[
        NameScope {
            scope: Global,
            of: &[Named::PrimaryKey, Named::Index],
            reported: &[Named::PrimaryKey, Named::Index],
        },
        NameScope {
            scope: OneModel,
            of: &[Named::PrimaryKey, Named::Index, Named::ForeignKey],
            reported: &[Named::PrimaryKey, Named::ForeignKey],
        },
    ],
    index_types: &["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"],
    actions: &[Cascade, Restrict, NoAction, SetNull, SetDefault],
    emulated_actions: &[Cascade, Restrict, SetNull],
    features: &[
        PartialIndexes,
        AnyId,
        AutoIncrement,
        AutoIncrementAnywhere,
        AutoIncrementSeveral,
        AutoIncrementUnindexed,
        CompoundIds,
        DecimalType,
        Enums,
        ImplicitManyToMany,
        Json,
        JsonLists,
        MultiSchema,
        NamedForeignKeys,
        NamedIds,
        ReferencesInAnyOrder,
        ScalarLists,
    ],
};

static MYSQL: Caps = Caps {
    provider: Provider::Mysql,
    title: "MySQL",
    name_limit: 64,
    name_scopes: &[
        NameScope { scope: Global, of: &[Named::ForeignKey], reported: &[Named::ForeignKey] },
        NameScope { scope: OneModel, of: &[Named::Index], reported: &[Named::Index] },
    ],
    index_types: &["BTree"],
    actions: &[Cascade, Restrict, NoAction, SetNull, SetDefault],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    features: &[
        AnyId,
        AutoIncrement,
        AutoIncrementAnywhere,
        CompoundIds,
        DecimalType,
        Enums,
        FulltextIndex,
        ImplicitManyToMany,
        Json,
        NamedForeignKeys,
        PrefixLength,
        ReferencesInAnyOrder,
    ],
};

static SQLITE: Caps = Caps {
    provider: Provider::Sqlite,
    title: "SQLite",
    name_limit: 10_000,
    name_scopes: &[NameScope { scope: Global, of: &[Named::Index], reported: &[Named::Index] }],
    index_types: &["BTree"],
    actions: &[Cascade, Restrict, NoAction, SetNull, SetDefault],
    emulated_actions: &[Cascade, Restrict, SetNull],
    features: &[
        PartialIndexes,
        AnyId,
        AutoIncrement,
        CompoundIds,
        DecimalType,
        Enums,
        ImplicitManyToMany,
        Json,
        ReferencesInAnyOrder,
    ],
};

static SQLSERVER: Caps = Caps {
    provider: Provider::Sqlserver,
    title: "SQL Server",
    name_limit: 128,
    name_scopes: &[
        NameScope {
            scope: Global,
            of: &[Named::PrimaryKey, Named::ForeignKey, Named::Default],
            reported: &[Named::PrimaryKey, Named::ForeignKey, Named::Default],
        },
        NameScope {
            scope: OneModel,
            of: &[Named::PrimaryKey, Named::Index],
            reported: &[Named::PrimaryKey, Named::Index],
        },
    ],
    index_types: &["BTree"],
    actions: &[Cascade, NoAction, SetNull, SetDefault],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    features: &[
        PartialIndexes,
        AnyId,
        AutoIncrement,
        AutoIncrementAnywhere,
        AutoIncrementSeveral,
        AutoIncrementUnindexed,
        Clustering,
        CompoundIds,
        DecimalType,
        IdSort,
        ImplicitManyToMany,
        MultiSchema,
        NamedDefaults,
        NamedForeignKeys,
        NamedIds,
        OneCascadePath,
    ],
};

static COCKROACHDB: Caps = Caps {
    provider: Provider::Cockroachdb,
    title: "CockroachDB",
    name_limit: 63,
    name_scopes: &[NameScope {
        scope: OneModel,
        of: &[Named::PrimaryKey, Named::Index, Named::ForeignKey],
        reported: &[Named::PrimaryKey, Named::ForeignKey],
    }],
    index_types: &["BTree", "Gin"],
    actions: &[Cascade, Restrict, NoAction, SetNull, SetDefault],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    features: &[
        PartialIndexes,
        AnyId,
        AutoIncrement,
        AutoIncrementAnywhere,
        AutoIncrementSeveral,
        AutoIncrementUnindexed,
        CompoundIds,
        DecimalType,
        Enums,
        ImplicitManyToMany,
        Json,
        MultiSchema,
        NamedForeignKeys,
        NamedIds,
        ReferencesInAnyOrder,
        ScalarLists,
        SequenceDefault,
    ],
};

static MONGODB: Caps = Caps {
    provider: Provider::Mongodb,
    title: "MongoDB",
    name_limit: 127,
    name_scopes: &[NameScope { scope: OneModel, of: &[Named::Index], reported: &[Named::Index] }],
    index_types: &["BTree"],
    actions: &[Cascade, Restrict, NoAction, SetNull],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    features: &[
        IdIsUnderscoreId,
        FulltextSort,
        OneFulltextIndex,
        OneIndexOverFields,
        CompositeTypes,
        DefaultAuto,
        EmbeddedManyToMany,
        Enums,
        FulltextIndex,
        Json,
        JsonLists,
        NativeTypesOfReferences,
        ReferencesInAnyOrder,
        ScalarLists,
    ],
};
