//! What a database holds: tables, columns, keys, indexes, foreign keys, enums.
//!
//! A [`Catalog`] comes from a lowered schema, from a live database or from ops applied to another one (`op::Run`),
//! and nothing after it can tell which. Every object has an identity (`ids.rs`); after matching, an object that is the same
//! in OLD and NEW has the same identity in both, whatever it is called. Names are looked up at the point of use.

use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod across;
mod default;
mod ids;
mod link;
mod look;
mod mapping;
mod twin;
mod types;

pub use across::{Across, Down, Family, Keeper, Listed, Side, Turned, Up};
pub use default::{ClientDefault, Default, Literal};
pub use ids::{CheckId, ColumnId, EnumId, ForeignKeyId, IdHasher, IdMap, Ids, IndexId, TableId, TriggerId, ViewId};
pub use link::{Carry, End, Link};
pub use look::{helper_name, is_helper_name};
pub use mapping::{Lead, Mapping};
pub use types::{BaseType, ColumnType};

/// The name of a table, enum or view: with its schema where the schema file says so, else in the connection's default one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The database schema (`@@schema`), if one is named.
    pub schema: Option<String>,
    /// The name itself, unquoted.
    pub name: String,
}

/// Where an object was written down, for messages.
#[derive(Clone, Debug, PartialEq, Eq, std::default::Default)]
pub struct Origin {
    /// The model, view or enum in Prisma's words (`User`); empty if none.
    pub model: String,
    /// The field or value (`email`), for a key or index its attribute (`@@index([a, b])`); empty for the block itself.
    pub item: String,
    /// Its place.
    pub span: Option<Span>,
}

/// A whole database, as far as Prisma's schema language can describe it, and our helpers in it.
#[derive(Clone, Debug, std::default::Default)]
pub struct Catalog {
    /// What the name of an index must differ from.
    pub index_names: IndexNames,
    /// Database schemas that are to exist (only those that the schema file names).
    pub namespaces: BTreeSet<String>,
    /// Extensions by name.
    pub extensions: BTreeMap<String, Extension>,
    /// Enum types.
    pub enums: IdMap<EnumId, Enum>,
    /// Tables, join tables of implicit many-to-many relations included. Shared: a plan is run on copies of the catalog that
    /// differ in few of them.
    pub tables: IdMap<TableId, Arc<Table>>,
    /// Helpers of a plan under way: second names of tables.
    pub views: IdMap<ViewId, View>,
    /// Helpers of a plan under way: triggers with their functions.
    pub triggers: IdMap<TriggerId, Trigger>,
    /// Helper: the schema `prisma_stage` with its table of backfill progress.
    pub bookkeeping: bool,
    /// What is being done once at this point of a run: its mark, and whether it is the way back.
    pub once: Option<(String, bool)>,
    /// Is there our function that reads values out of text?
    pub reading: bool,
}

/// An extension of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name in the database.
    pub name: String,
    /// The schema it is installed into, if stated.
    pub schema: Option<String>,
    /// Its version, if stated.
    pub version: Option<String>,
    /// Where it was written.
    pub origin: Origin,
}

/// An enum type.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// Its labels in the database, in order.
    pub values: Vec<String>,
    /// Where it was written.
    pub origin: Origin,
}

/// What a table is, in Prisma's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// A model's.
    Model,
    /// The join table of an implicit many-to-many relation; A first, then B.
    Join {
        /// The model field whose ids column `A` holds, as (model, relation field); None when read from a live database.
        a: Option<(String, String)>,
        /// The same for column `B`.
        b: Option<(String, String)>,
    },
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// A model's or a join table.
    pub kind: TableKind,
    /// Columns in order.
    pub columns: IdMap<ColumnId, Column>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Indexes, unique ones included, the primary key's excluded.
    pub indexes: IdMap<IndexId, Index>,
    /// Foreign keys of this table.
    pub foreign_keys: IdMap<ForeignKeyId, ForeignKey>,
    /// CHECK constraints (helpers of a plan, or found in a live database).
    pub checks: IdMap<CheckId, Check>,
    /// Where it was written.
    pub origin: Origin,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// May it be NULL? (Lists are nullable on PostgreSQL unless Prisma says otherwise.)
    pub nullable: bool,
    /// The default that the database applies.
    pub default: Option<Default>,
    /// The default that Prisma Client applies, for which the database has none.
    pub client_default: Option<ClientDefault>,
    /// Is the field `@updatedAt`: written by the client on every create and update?
    pub updated_at: bool,
    /// `@ignore`d or of an unsupported type: the client neither reads nor writes it.
    pub ignored: bool,
    /// Where it was written.
    pub origin: Origin,
}

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The constraint's name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<KeyColumn>,
}

/// A column of a key or index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyColumn {
    /// Which.
    pub column: ColumnId,
    /// Sorted descending?
    pub descending: bool,
    /// Only this many leading characters (MySQL).
    pub length: Option<u32>,
    /// Operator class as SQL (PostgreSQL).
    pub ops: Option<String>,
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Unique? (Prisma's uniques are unique indexes on PostgreSQL, not constraints.)
    pub unique: bool,
    /// The access method where it is not the default one: `GIN`, `HASH` …
    pub method: Option<String>,
    /// Its columns.
    pub columns: Vec<KeyColumn>,
    /// Predicate of a partial index, as SQL.
    pub predicate: Option<String>,
    /// The columns that it speaks of, by the names that it has for them.
    pub reads: Vec<(String, ColumnId)>,
    /// Where it was written.
    pub origin: Origin,
}

/// What happens to the rows of a foreign key when the row they point at goes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// `NO ACTION`
    NoAction,
    /// `RESTRICT`
    Restrict,
    /// `CASCADE`
    Cascade,
    /// `SET NULL`
    SetNull,
    /// `SET DEFAULT`
    SetDefault,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<ColumnId>,
    /// The referenced table.
    pub references: TableId,
    /// The referenced columns, in the order of `columns`.
    pub referenced: Vec<ColumnId>,
    /// `ON DELETE`
    pub on_delete: Action,
    /// `ON UPDATE`
    pub on_update: Action,
    /// Are all rows known to satisfy it?
    pub validated: bool,
    /// Where it was written.
    pub origin: Origin,
}

/// A CHECK constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// What it says.
    pub rule: CheckRule,
    /// Are all rows known to satisfy it?
    pub validated: bool,
}

/// What a CHECK says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckRule {
    /// The column is not NULL.
    NotNull(ColumnId),
    /// Where the one column has a value, so has the other.
    Follows {
        /// The one.
        old: ColumnId,
        /// The other.
        new: ColumnId,
    },
    /// Any SQL, which no plan writes itself.
    Sql(String),
}

/// A second name of a table, with its own names for the columns: an automatically updatable view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// The table behind it.
    pub table: TableId,
    /// Its columns: name and column of the table.
    pub columns: Vec<(String, ColumnId)>,
}

/// A helper trigger, with the function it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Short name, unique in the plan, from which those of triggers and functions are made.
    pub name: String,
    /// The table whose writes it watches.
    pub table: TableId,
    /// What it does; all of them in one function.
    pub rules: Vec<TriggerRule>,
}

/// One thing that a helper trigger does before a row is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerRule {
    /// A NULL in `column` becomes `value`.
    Fill {
        /// The column.
        column: ColumnId,
        /// SQL over the row's columns.
        value: Expr,
    },
    /// A NULL in `column` becomes `value` in a new row: later the column may be emptied.
    Give {
        /// The column.
        column: ColumnId,
        /// SQL over the row's columns.
        value: Expr,
    },
    /// `column` always holds `value`.
    Compute {
        /// The column.
        column: ColumnId,
        /// SQL over the row's columns.
        value: Expr,
    },
    /// `old` and `new` hold the same value; whichever the client writes, the other follows.
    Mirror {
        /// The column that old clients know.
        old: ColumnId,
        /// The column that new clients know.
        new: ColumnId,
    },
    /// What is written here is carried to another table: this one rule, after the write.
    Carry {
        /// How the rows belong together, and what is the same in both.
        link: Link,
        /// At which end the trigger is.
        from: End,
        /// What it carries.
        carry: Carry,
    },
    /// What is written here is carried to another table in another way than row by row: this one rule.
    Across {
        /// What the two tables hold of each other.
        across: Across,
        /// On which side the trigger is.
        from: Side,
        /// What it carries.
        carry: Carry,
    },
    /// Columns hold the same in two shapes; whichever the client writes, the other follows.
    Map {
        /// Which, and how.
        mapping: Mapping,
        /// Which side counts.
        lead: Lead,
    },
    /// Old and new columns say the same in two ways; whichever side the client writes, the other follows.
    Sync(Synced),
    /// On the way back: columns of old clients become what the new ones give, save where they still agree.
    Follow(Synced),
}

/// Columns that say the same in two ways. They agree in a row where the new ones are what the old ones give, or the old ones
/// what the new ones give: so that a side which can say less does not take anything from the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    /// The new columns, each with its value out of the old ones.
    pub forth: Vec<(ColumnId, Expr)>,
    /// The old columns, each with its value out of the new ones; None where there is none, so that it does not follow.
    pub back: Vec<(ColumnId, Option<Expr>)>,
}

/// A SQL value over the columns of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A column of the row.
    Column(ColumnId),
    /// A constant.
    Literal(Literal),
    /// What a column default would give.
    Default(Default),
    /// SQL in the user's words, over columns by their names.
    Sql(String),
    /// A column's value as one of another type; where it has none, `fallback`, and NULL stays NULL.
    Cast {
        /// The column.
        column: ColumnId,
        /// The type.
        to: ColumnType,
        /// For values that have no counterpart.
        fallback: Option<Box<Expr>>,
    },
    /// A column's enum labels as those of another enum, or of the same one: some become others, the rest stay as they are.
    Remap {
        /// The column: of an enum, or a list of one.
        column: ColumnId,
        /// The type.
        to: ColumnType,
        /// Labels and what they become.
        labels: Vec<(String, String)>,
    },
    /// What `value` is in the row of another table whose `key` is what `column` holds.
    Lookup {
        /// The column.
        column: ColumnId,
        /// The other table.
        table: TableId,
        /// The column of that which is compared.
        key: ColumnId,
        /// The column of that which is taken.
        value: ColumnId,
    },
    /// The first of these that is not NULL.
    Coalesce(Vec<Expr>),
    /// A UUID computed from a column's value: the same for the same value, another one for another.
    Derived(ColumnId),
    /// A new random UUID, for a column of that type or for text.
    Uuid,
    /// The time now.
    Now,
}

/// What the name of an index must differ from.
#[derive(Clone, Copy, Debug, std::default::Default, PartialEq, Eq)]
pub enum IndexNames {
    /// Tables and indexes of its schema.
    #[default]
    OfSchema,
    /// Indexes of its table.
    OfTable,
}

impl Name {
    /// A name in the default schema.
    pub fn plain(name: impl Into<String>) -> Self {
        Name { schema: None, name: name.into() }
    }

    /// The same schema, another name.
    #[must_use]
    pub fn with_name(&self, name: impl Into<String>) -> Self {
        Name { schema: self.schema.clone(), name: name.into() }
    }
}

impl Origin {
    /// `User.email`, `User` or the empty string.
    pub fn label(&self) -> String {
        if self.item.is_empty() { self.model.clone() } else { format!("{}.{}", self.model, self.item) }
    }
}

impl KeyColumn {
    /// A column with nothing special.
    pub fn plain(column: ColumnId) -> Self {
        KeyColumn { column, descending: false, length: None, ops: None }
    }
}
