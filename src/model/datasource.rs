//! The datasource, and what the generators switch on.

use crate::ast::{Docs, Ident, Str};
use crate::source::Span;

/// `provider` of a datasource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provider {
    /// `postgresql` or `postgres`
    Postgresql,
    /// `mysql` (MariaDB too)
    Mysql,
    /// `sqlite`
    Sqlite,
    /// `sqlserver`
    Sqlserver,
    /// `cockroachdb`
    Cockroachdb,
    /// `mongodb`
    Mongodb,
}

/// Who keeps foreign keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RelationMode {
    /// The database does, with constraints.
    #[default]
    ForeignKeys,
    /// Prisma Client does; the database has no foreign keys.
    Prisma,
}

/// `datasource db { … }`
#[derive(Clone, Debug)]
pub struct Datasource<'s> {
    /// Its name: native types are written `@name.Type`.
    pub name: Ident<'s>,
    /// The kind of database; None if it is missing or unknown, which has its diagnostic.
    pub provider: Option<Provider>,
    /// Where the provider is written.
    pub provider_span: Option<Span>,
    /// `schemas = […]`
    pub schemas: Vec<Str<'s>>,
    /// `extensions = […]`
    pub extensions: Vec<Extension<'s>>,
    /// `relationMode`, formerly `referentialIntegrity`
    pub relation_mode: RelationMode,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `pgcrypto` or `uuidOssp(map: "uuid-ossp", schema: "public", version: "1.1")`
#[derive(Clone, Debug)]
pub struct Extension<'s> {
    /// Its name in the schema file.
    pub name: Ident<'s>,
    /// Its name in the database, where that is another one.
    pub map: Option<Str<'s>>,
    /// Where it is installed.
    pub schema: Option<Str<'s>>,
    /// Which version.
    pub version: Option<Str<'s>>,
    /// The whole.
    pub span: Span,
}

impl Provider {
    /// Every provider that Prisma knows, by the name it writes.
    pub const ALL: [(&'static str, Provider); 6] = [
        ("postgresql", Provider::Postgresql),
        ("mysql", Provider::Mysql),
        ("sqlite", Provider::Sqlite),
        ("sqlserver", Provider::Sqlserver),
        ("cockroachdb", Provider::Cockroachdb),
        ("mongodb", Provider::Mongodb),
    ];

    /// Reads the name in a datasource.
    pub fn parse(name: &str) -> Option<Provider> {
        let name = if name == "postgres" { "postgresql" } else { name };
        Provider::ALL.iter().find(|(known, _)| *known == name).map(|(_, provider)| *provider)
    }

    /// The name in a datasource.
    pub fn name(self) -> &'static str {
        match self {
            Provider::Postgresql => "postgresql",
            Provider::Mysql => "mysql",
            Provider::Sqlite => "sqlite",
            Provider::Sqlserver => "sqlserver",
            Provider::Cockroachdb => "cockroachdb",
            Provider::Mongodb => "mongodb",
        }
    }
}

impl Extension<'_> {
    /// Its name in the database.
    pub fn database_name(&self) -> &str {
        self.map.as_ref().map_or(self.name.name, |m| &m.value)
    }
}

impl Datasource<'_> {
    /// Is the schema named in `schemas`?
    pub fn has_schema(&self, name: &str) -> bool {
        self.schemas.iter().any(|s| s.value == name)
    }
}
