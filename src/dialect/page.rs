//! `docs/dialects.md`, made of what dialects say of themselves.

use super::{Alter, Called, Conventions, Dialect, Fulltext, JoinKey, Spaces, mysql, postgres, sqlite};
use std::fmt::Write;

/// The page: what differs between the databases that plans are made for.
pub fn page() -> String {
    let all = [
        (&postgres::CONVENTIONS, Dialect::Postgres(postgres::Postgres::default())),
        (&mysql::CONVENTIONS, Dialect::Mysql(mysql::Mysql::default())),
        (&sqlite::CONVENTIONS, Dialect::Sqlite(sqlite::Sqlite::default())),
    ];
    let mut out = "# Databases\n\nWhat differs between the databases that plans are made for. This page is made of what each dialect says of itself \
                   (`BLESS=1 cargo test --test it dialects`).\n"
        .to_owned();
    for (conventions, dialect) in all {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n## {}\n\n{}\n\n", conventions.title, alter(dialect.caps().alter));
        for fact in facts(conventions) {
            let _ = writeln!(out, "- {fact}");
        }
    }
    out + BEYOND
}

fn alter(how: Alter) -> &'static str {
    match how {
        Alter::InSteps => {
            "Tables change piece by piece, while old and new clients run: expand, backfill, validate, contract. Triggers keep both \
             shapes the same meanwhile."
        }
        Alter::AtOnce => {
            "Little of a table can change in place, and there is one writer at a time, so stages are about clients rather than locks. \
             What is only added comes first (expand): tables, columns that need no value, indexes that are not unique, rules that are \
             relaxed. Everything else happens at once, in one transaction (contract), between the old client and the new one: what \
             `ALTER TABLE` can do is done by it, and every other changed table is written anew, once, however much of it changes. \
             Rows are counted and foreign keys checked before the transaction ends. A file stops, changing nothing, where a table \
             that is to be written anew has triggers, indexes, CHECKs or collations that the schema does not speak of."
        }
        Alter::OneByOne => {
            "Each DDL commits by itself, so a file holds one, looks in `information_schema` whether it has been done, and may be run again. It states \
             `ALGORITHM` and `LOCK`, so that a server that cannot do it online refuses instead of stopping everybody, and waits three seconds for \
             a table at most (`lock_wait_timeout`). What is only added comes first (expand); what goes, goes when no old client is left \
             (contract). A foreign key is made without looking at the rows, which a file of its own does afterwards. The last index that a \
             foreign key needs is renamed rather than dropped (error 1553). Whatever would change rows (required fields, types, renames of \
             columns, primary keys, values that leave an enum) is not planned yet, and is refused by name (PS0720)."
        }
    }
}

fn facts(c: &Conventions) -> Vec<String> {
    let limit = match c.names.limit {
        usize::MAX => "names have no bound".to_owned(),
        limit => format!("names have {limit} bytes; what Prisma makes up is cut to that"),
    };
    let called = |what: &str, how: Called| match how {
        Called::Own => format!("{what} have names, which are compared"),
        Called::Nothing => format!("{what} are known by their columns: a name says nothing"),
    };
    vec![
        limit,
        called("primary keys", c.names.primary_keys),
        called("foreign keys", c.names.foreign_keys),
        match c.names.spaces {
            Spaces::Relations => "tables, indexes and primary keys share one space of names in a schema",
            Spaces::TablesAndIndexes => "tables and indexes share one space of names",
            Spaces::IndexesByTable => "each table has a space of names for its indexes",
        }
        .to_owned(),
        match c.join_key {
            JoinKey::PrimaryKey => "pairs of an implicit many-to-many relation are kept apart by a primary key",
            JoinKey::UniqueIndex => "pairs of an implicit many-to-many relation are kept apart by a unique index",
        }
        .to_owned(),
        match c.fulltext {
            Fulltext::Index(_) => "`@@fulltext` is an index",
            Fulltext::None => "there is no `@@fulltext`",
        }
        .to_owned(),
    ]
}

/// What the page says of relatives.
const BEYOND: &str = "
### What the schema does not speak of

A view, and a trigger of another table, outlive a table that is written anew, and work afterwards. Triggers, indexes, CHECKs, generated
columns and collations of the table itself would be lost without a word, and SQL cannot make again what it does not know: the file
stops before it changes anything, and says what to do (put their SQL into it, or drop them first). Where a column or a table goes, the
preflight names every view and trigger whose text holds its name, and the file stops until they are gone.

### libSQL, Turso and D1

They speak SQLite's SQL. libSQL and Turso run these files as they are over a connection that keeps its settings and its transaction
(`turso db shell NAME < migration.sql`); over HTTP without one, each statement would be a transaction of its own. D1 has no
interactive transactions: it refuses `BEGIN` and `COMMIT`, runs a file whole or not at all, and always has foreign keys in force.
A table that others point at must not be written anew there as long as that is so, since `DROP TABLE` deletes its rows first, and with
them what points at them. Files without `DROP TABLE` (what is only added, most often) run there once their `BEGIN IMMEDIATE` and `COMMIT` are
taken out; `PRAGMA foreign_keys` is ignored by it, so the others need `PRAGMA defer_foreign_keys = on` and no foreign key that cascades.

### Not planned here

Fields that move to another model (`@stage.from(Model.field)`), models that are split or merged, one-to-one relations turned round, and links by a field that comes in the
same change need both sides to follow each other for a while: such a plan is refused (PS0720), with what to do instead.
";
