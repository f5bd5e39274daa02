//! Preview features: which there are, and what became of those that there were.

use crate::model::Provider;

/// What a preview feature is today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// To be switched on.
    Active,
    /// To be switched on, on one database.
    Of(Provider),
    /// No longer one.
    Retired(Since),
}

/// Since when, and which way, a feature is no preview any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// Part of Prisma for everybody since this version.
    Version(&'static str),
    /// Given up in this version.
    Withdrawn(&'static str),
    /// One way or the other, before anything that is still in use.
    LongAgo,
}

/// What a preview feature is; None if there never was one. Case does not matter, as it does not to Prisma.
pub(super) fn state(name: &str) -> Option<State> {
    FEATURES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, state)| *state)
}

/// Those that may be switched on, for suggestions.
pub(super) fn active() -> impl Iterator<Item = &'static str> {
    FEATURES.iter().filter(|(_, state)| *state == State::Active).map(|(name, _)| *name)
}

use Since::{LongAgo, Version, Withdrawn};
use State::{Active, Of, Retired};

/// The versions are those of Prisma's release notes.
const FEATURES: &[(&str, State)] = &[
    ("nativeDistinct", Active),
    ("partialIndexes", Active),
    ("postgresqlExtensions", Active),
    ("reactNative", Active),
    ("relationJoins", Active),
    ("schemaEngineDriverAdapters", Active),
    ("shardKeys", Active),
    ("strictUndefinedChecks", Active),
    ("typedSql", Active),
    ("views", Active),
    ("fullTextSearchPostgres", Of(Provider::Postgresql)),
    ("aggregateApi", Retired(Version("2.10"))),
    ("atomicNumberOperations", Retired(Version("2.10"))),
    ("clientExtensions", Retired(Version("4.16"))),
    ("cockroachdb", Retired(Version("3.14"))),
    ("connectOrCreate", Retired(Version("2.11"))),
    ("createMany", Retired(Version("2.20"))),
    ("dataProxy", Retired(LongAgo)),
    ("deno", Retired(LongAgo)),
    ("distinct", Retired(Version("2.9"))),
    ("driverAdapters", Retired(Version("6.16"))),
    ("extendedIndexes", Retired(Version("4.0"))),
    ("extendedWhereUnique", Retired(Version("5.0"))),
    ("fieldReference", Retired(Version("5.0"))),
    ("filterJson", Retired(Version("4.0"))),
    ("filteredRelationCount", Retired(Version("4.16"))),
    ("fullTextIndex", Retired(Version("6.0"))),
    ("fullTextSearch", Retired(Version("6.0"))),
    ("groupBy", Retired(Version("2.20"))),
    ("improvedQueryRaw", Retired(Version("4.0"))),
    ("insensitiveFilters", Retired(Version("2.8"))),
    ("interactiveTransactions", Retired(Version("4.7"))),
    ("jsonProtocol", Retired(Version("5.0"))),
    ("metrics", Retired(Withdrawn("7.0"))),
    ("microsoftSqlServer", Retired(Version("3.0"))),
    ("middlewares", Retired(Version("2.5"))),
    ("mongoDb", Retired(Version("3.12"))),
    ("multiSchema", Retired(Version("6.13"))),
    ("nApi", Retired(LongAgo)),
    ("namedConstraints", Retired(Version("3.0"))),
    ("nativeTypes", Retired(Version("2.17"))),
    ("omitApi", Retired(Version("6.2"))),
    ("orderByAggregateGroup", Retired(Version("3.0"))),
    ("orderByNulls", Retired(Version("4.16"))),
    ("orderByRelation", Retired(Version("3.0"))),
    ("prismaSchemaFolder", Retired(Version("6.7"))),
    ("queryCompiler", Retired(Version("6.16"))),
    ("referentialActions", Retired(Version("3.0"))),
    ("referentialIntegrity", Retired(Version("4.7"))),
    ("selectRelationCount", Retired(Version("3.0"))),
    ("tracing", Retired(Version("6.1"))),
    ("transactionApi", Retired(Version("2.11"))),
    ("uncheckedScalarInputs", Retired(Version("2.15"))),
];
