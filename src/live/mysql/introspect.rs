//! A MySQL or MariaDB database as the catalog that its schema would be lowered to.
//!
//! It is read with the catalog at hand that it is thought to have (`like`): what has the same name gets the same identity, and
//! what is only spelled in another way is taken from there. Which spellings are one the server itself is asked: a temporary
//! table with the columns of `like` is described in the same words as the table that is there. What differs after that does
//! differ.

use super::{Database, quote};
use crate::catalog::{
    BaseType, Catalog, Column, ColumnId, ColumnType, Default, Enum, IdMap, Ids, IndexNames, Name, Origin, Table,
    TableId, TableKind,
};
use crate::dialect::mysql::column_sql;
use crate::live::Result;
use crate::live::rehearse::plain::Place;
use crate::source::{SchemaFiles, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod keys;
mod words;

use words::Words;
pub(super) use words::labels;

/// What our own tables begin with, of which no schema speaks.
const OURS: &str = "_prisma_stage";

/// What would have to change for the database to be the one that the schema says; nothing, after a plan to it was run.
///
/// # Errors
/// The database cannot be read.
pub fn drift(sources: &Sources, schema: &SchemaFiles, database: &Database) -> Result<Vec<String>> {
    let mut ids = Ids::default();
    let wanted = super::super::lowered(sources, schema, &mut ids);
    Ok(read(database, &wanted, &mut ids)?.differences(&wanted))
}

/// Reads the catalog of a database. Identities are those of `like` where that has something of the same name, and new ones
/// of `ids` elsewhere. Views, triggers, routines and indexes over expressions, which no schema can say, are left out.
///
/// # Errors
/// The database cannot be read.
pub fn read(database: &Database, like: &Catalog, ids: &mut Ids) -> Result<Catalog> {
    let mut reading = Reading {
        database,
        like,
        ids,
        folds: database.says("SELECT @@lower_case_table_names <> 0")?,
        json: texts_of_json(database)?,
        catalog: Catalog {
            index_names: IndexNames::OfTable,
            // The database knows nothing of them; an enum is part of its column.
            namespaces: like.namespaces.clone(),
            extensions: like.extensions.clone(),
            enums: like.enums.clone(),
            ..Catalog::default()
        },
        tables: BTreeMap::new(),
    };
    let sql = "SELECT table_name FROM information_schema.tables \
               WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name";
    for name in database.query(sql)?.into_iter().flatten().flatten() {
        if name.starts_with(OURS) {
            reading.catalog.bookkeeping = true;
        } else if name != "_prisma_migrations" {
            reading.table(name)?;
        }
    }
    // Links are read when all tables have their identities.
    reading.foreign_keys()?;
    reading.indexes()?;
    Ok(reading.catalog)
}

/// A reading under way.
struct Reading<'a> {
    database: &'a Database,
    like: &'a Catalog,
    ids: &'a mut Ids,
    /// Does the server look at names of tables without their capitals?
    folds: bool,
    /// Text that may hold nothing but JSON, by table and column: what MariaDB makes of that type.
    json: BTreeSet<(String, String)>,
    catalog: Catalog,
    /// By the names that the server knows.
    tables: BTreeMap<String, TableId>,
}

impl Database {
    fn says(&self, sql: &str) -> Result<bool> {
        Ok(self.query(sql)?.into_iter().flatten().flatten().any(|value| value == "1"))
    }
}

/// <https://mariadb.com/docs/server/reference/data-types/string-data-types/json>
pub(super) fn texts_of_json(database: &Database) -> Result<BTreeSet<(String, String)>> {
    if !database.says("SELECT VERSION() LIKE '%MariaDB%'")? {
        return Ok(BTreeSet::new());
    }
    // The rule keeps the name of the column that it was made with, and says the one that it has now.
    let sql = "SELECT table_name, check_clause FROM information_schema.check_constraints \
               WHERE constraint_schema = DATABASE() AND check_clause LIKE 'json\\_valid(`%`)'";
    let mut all = BTreeSet::new();
    for row in database.query(sql)? {
        let [Some(table), Some(clause)] = &row[..] else { continue };
        if let Some(column) = clause.strip_prefix("json_valid(`").and_then(|rest| rest.strip_suffix("`)")) {
            all.insert((table.clone(), column.replace("``", "`")));
        }
    }
    Ok(all)
}

impl Reading<'_> {
    fn table(&mut self, name: String) -> Result<()> {
        let same = |other: &str| other == name || self.folds && other.eq_ignore_ascii_case(&name);
        let like = self.like.tables.iter().find(|(_, table)| same(&table.name.name)).map(|(id, table)| (*id, table));
        let id = like.map_or_else(|| self.ids.fresh(), |(id, _)| id);
        let like = like.map(|(_, table)| &**table);
        let found = described(self.database, &quote(&name))?;
        let printed = match like {
            Some(like) => self.printed(like, &found)?,
            None => BTreeMap::new(),
        };
        let mut columns = IdMap::default();
        for words in found {
            let known = like.and_then(|t| t.columns.iter().find(|(_, c)| c.name == words.name));
            let id = known.map_or_else(|| self.ids.fresh(), |(id, _)| *id);
            let known = known.map(|(_, column)| column);
            let said = printed.get(&words.name);
            let column = self.column(&name, words, known, said);
            columns.insert(id, column);
        }
        let plain: Vec<&str> = columns.values().map(|column| column.name.as_str()).collect();
        let kind = match like {
            Some(like) => like.kind.clone(),
            None if name.starts_with('_') && plain == ["A", "B"] => TableKind::Join { a: None, b: None },
            None => TableKind::Model,
        };
        let table = Table {
            name: like.map_or_else(|| Name::plain(&name), |like| like.name.clone()),
            kind,
            columns,
            primary_key: None,
            indexes: IdMap::default(),
            foreign_keys: IdMap::default(),
            checks: IdMap::default(),
            origin: like.map_or_else(Origin::default, |like| like.origin.clone()),
        };
        self.catalog.tables.insert(id, Arc::new(table));
        self.tables.insert(name, id);
        Ok(())
    }

    /// The columns of `like` as this server describes them; none if it does not take them.
    fn printed(&self, like: &Table, found: &[Words]) -> Result<BTreeMap<String, Words>> {
        let there = |column: &&Column| found.iter().any(|words| words.name == column.name);
        // A numbered column has to be the key: what is said of it is that alone.
        let plain = |column: &Column| match column.default {
            Some(Default::Sequence) => Column { default: None, ..column.clone() },
            Some(Default::Literal(_) | Default::List(_) | Default::Now | Default::Sql(_)) | None => column.clone(),
        };
        let columns: Vec<String> =
            like.columns.values().filter(there).map(|column| column_sql(self.like, &plain(column))).collect();
        if columns.is_empty() {
            return Ok(BTreeMap::new());
        }
        // Some servers want a key of every table (`sql_require_primary_key`).
        const COPY: &str = "_prisma_stage_printed";
        let make = format!(
            "CREATE TEMPORARY TABLE {COPY} (_prisma_stage_id INT PRIMARY KEY, {}) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            columns.join(", ")
        );
        if self.database.run(&make).is_err() {
            return Ok(BTreeMap::new());
        }
        let printed = described(self.database, COPY);
        self.database.run(&format!("DROP TEMPORARY TABLE {COPY}"))?;
        Ok(printed?.into_iter().map(|words| (words.name.clone(), words)).collect())
    }

    fn column(&mut self, table: &str, words: Words, known: Option<&Column>, said: Option<&Words>) -> Column {
        let json = self.json.contains(&(table.to_owned(), words.name.clone()));
        let known_json = known.is_some_and(|c| c.ty == ColumnType::native("JSON", &[]));
        let same_type = said.is_some_and(|said| said.ty == words.ty && (!said.is_long_text() || json == known_json));
        let ty = match known {
            Some(known) if same_type => known.ty.clone(),
            Some(_) | None => self.column_type(&words, known, json),
        };
        let default = match known {
            Some(known) if known.default == Some(Default::Sequence) && words.numbered => Some(Default::Sequence),
            Some(known) if said.is_some_and(|said| said.says_the_same(&words)) => {
                known.default.clone().filter(|default| *default != Default::Sequence)
            }
            Some(_) | None => words.default(&ty),
        };
        Column {
            ty,
            nullable: words.nullable,
            default,
            client_default: known.and_then(|c| c.client_default),
            updated_at: known.is_some_and(|c| c.updated_at),
            ignored: known.is_some_and(|c| c.ignored),
            origin: known.map_or_else(Origin::default, |c| c.origin.clone()),
            name: words.name,
        }
    }

    /// A type that the catalog at hand does not have there: an enum of its own for each column.
    fn column_type(&mut self, words: &Words, known: Option<&Column>, json: bool) -> ColumnType {
        if json {
            return ColumnType::native("JSON", &[]);
        }
        let Some(values) = words.labels() else { return words.column_type() };
        let like = known.and_then(|known| known.ty.enum_id()).and_then(|id| Some((id, self.like.enums.get(&id)?)));
        let sorted = |values: &[String]| values.iter().cloned().collect::<BTreeSet<_>>();
        let id = match like {
            // The order of labels, which Prisma does not compare either.
            Some((id, like)) if sorted(&like.values) == sorted(&values) => id,
            Some(_) | None => {
                let name = like.map_or_else(|| Name::plain(&words.name), |(_, like)| like.name.clone());
                let id = self.ids.fresh();
                self.catalog.enums.insert(id, Enum { name, values, origin: Origin::default() });
                id
            }
        };
        ColumnType { base: BaseType::Enum(id), list: false }
    }

    /// The column of a table that has this name.
    fn column_id(&self, table: TableId, name: &str) -> Option<ColumnId> {
        let columns = &self.catalog.tables.get(&table)?.columns;
        columns.iter().find(|(_, column)| column.name == name).map(|(id, _)| *id)
    }
}

/// What the server says of the columns of a table.
fn described(database: &Database, table: &str) -> Result<Vec<Words>> {
    Ok(database.query(&format!("SHOW COLUMNS FROM {table}"))?.into_iter().map(Words::of).collect())
}
