//! What a schema is as tables at one database: what Prisma's own engine makes of it there. Lowering asks this and no more, and
//! so names no database.

use super::{Names, native};
use super::{mysql, postgres, sqlite};
use crate::catalog::ColumnType;
use crate::model::{Provider, Scalar};

/// The conventions of one database.
#[derive(Debug)]
pub struct Conventions {
    /// The database's name in a sentence.
    pub title: &'static str,
    /// Names of what the schema does not name.
    pub names: Names,
    /// The schema that objects are in where nothing else is said, and which Prisma leaves away in front of their names; None
    /// where the database knows no schemas.
    pub default_schema: Option<&'static str>,
    /// The column type of a scalar without `@db.…`.
    pub default_type: fn(Scalar) -> ColumnType,
    /// Does Prisma give columns of this type a constant as their default? Where not, its client writes it.
    pub takes_constants: fn(&ColumnType) -> bool,
    /// Every `@db.…` type.
    pub natives: &'static [native::Native],
    /// What keeps the pairs of an implicit many-to-many relation from repeating.
    pub join_key: JoinKey,
    /// Its access method where that is not the default one, by the name that Prisma has for it; None if there is no such.
    pub access_method: fn(&str) -> Option<Option<&'static str>>,
    /// The operator class of that name.
    pub operator_class: fn(&str) -> Option<String>,
    /// What a `@@fulltext` is.
    pub fulltext: Fulltext,
}

/// What keeps the pairs of an implicit many-to-many relation from repeating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKey {
    /// A primary key over both columns: PostgreSQL, since Prisma 6.
    PrimaryKey,
    /// A unique index over both columns, and no primary key.
    UniqueIndex,
}

/// What a `@@fulltext` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulltext {
    /// An index of this access method.
    Index(&'static str),
    /// There is none.
    None,
}

impl Conventions {
    /// Those of a provider; of a provider that has no plans yet PostgreSQL's, whose schemas are close to its own.
    pub fn of(provider: Provider) -> &'static Conventions {
        match provider {
            Provider::Postgresql | Provider::Cockroachdb | Provider::Sqlserver | Provider::Mongodb => {
                &postgres::CONVENTIONS
            }
            Provider::Mysql => &mysql::CONVENTIONS,
            Provider::Sqlite => &sqlite::CONVENTIONS,
        }
    }
}
