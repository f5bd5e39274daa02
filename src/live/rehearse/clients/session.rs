//! A connection of a client, and the SQL that Prisma's driver adapters send through it: reads and RETURNING name every
//! column, tables and enum types are qualified, values are text that the server reads as the column's type.

use super::belief::{Field, Model};
use crate::live::sql::literal;
use crate::live::{Doing, Error, Result, quote};
use postgres::{Client, SimpleQueryMessage};
use std::collections::BTreeMap;

/// The values of a row that a write gives, by field.
pub(super) type Values = BTreeMap<usize, Option<String>>;

/// A row that was read, field by field.
pub(super) type Row = Vec<Option<String>>;

/// How many rows a read takes.
const PAGE: usize = 60;

/// A connection.
pub(super) struct Session {
    client: Client,
    /// Statements sent.
    pub(super) sent: u64,
}

impl Session {
    pub(super) fn new(mut client: Client) -> Result<Session> {
        // Whoever waits for a migration that never ends must say so.
        let sql = "SET lock_timeout = '5s'; SET statement_timeout = '30s'";
        client.batch_execute(sql).doing(|| "preparing a client's connection".to_owned())?;
        Ok(Session { client, sent: 0 })
    }

    pub(super) fn run(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).doing(|| sql.to_owned())
    }

    /// Sends a statement and reads the rows it returns.
    pub(super) fn rows(&mut self, sql: &str) -> Result<Vec<Row>> {
        self.sent += 1;
        let messages = self.client.simple_query(sql).doing(|| sql.to_owned())?;
        let row = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        };
        Ok(messages.iter().filter_map(row).collect())
    }

    /// Sends a statement that returns none, and says how many rows it concerned.
    pub(super) fn count(&mut self, sql: &str) -> Result<u64> {
        self.sent += 1;
        let messages = self.client.simple_query(sql).doing(|| sql.to_owned())?;
        let count = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::CommandComplete(count) => Some(*count),
            _ => None,
        };
        Ok(messages.iter().find_map(count).unwrap_or(0))
    }

    /// The types that the columns of a model really have, by the server's short names.
    pub(super) fn real_types(&mut self, model: &Model) -> Result<Vec<String>> {
        let names: Vec<String> = model.fields.iter().map(|field| quote(&field.name)).collect();
        let sql = format!("SELECT {} FROM {}", names.join(", "), model.sql);
        let statement = self.client.prepare(&sql).doing(|| sql.clone())?;
        Ok(statement.columns().iter().map(|column| column.type_().name().to_owned()).collect())
    }

    /// findMany
    pub(super) fn find(&mut self, model: &Model, filter: &str) -> Result<Vec<Row>> {
        let order = match model.key.as_slice() {
            [] => String::new(),
            key => format!(" ORDER BY {}", names(model, key.iter().copied())),
        };
        self.rows(&format!("SELECT {} FROM {} WHERE {filter}{order} LIMIT {PAGE} OFFSET 0", list(model), model.sql))
    }

    /// create
    pub(super) fn create(&mut self, model: &Model, values: &Values) -> Result<Row> {
        self.one(&format!("{} RETURNING {}", insert(model, &[values]), list(model)))
    }

    /// createMany with `skipDuplicates`: rows of different fields get an explicit NULL.
    pub(super) fn create_many(&mut self, model: &Model, rows: &[&Values]) -> Result<u64> {
        self.count(&format!("{} ON CONFLICT DO NOTHING", insert(model, rows)))
    }

    /// upsert
    pub(super) fn upsert(&mut self, model: &Model, by: &[usize], create: &Values, update: &Values) -> Result<Row> {
        let by = names(model, by.iter().copied());
        let set = assignments(model, update);
        let insert = insert(model, &[create]);
        self.one(&format!("{insert} ON CONFLICT ({by}) DO UPDATE SET {set} RETURNING {}", list(model)))
    }

    /// update
    pub(super) fn update(&mut self, model: &Model, filter: &str, values: &Values) -> Result<Row> {
        let set = assignments(model, values);
        self.one(&format!("UPDATE {} SET {set} WHERE {filter} RETURNING {}", model.sql, list(model)))
    }

    /// updateMany
    pub(super) fn update_many(&mut self, model: &Model, filter: &str, values: &Values) -> Result<u64> {
        self.count(&format!("UPDATE {} SET {} WHERE {filter}", model.sql, assignments(model, values)))
    }

    /// delete
    pub(super) fn delete(&mut self, model: &Model, filter: &str) -> Result<Row> {
        self.one(&format!("DELETE FROM {} WHERE {filter} RETURNING {}", model.sql, list(model)))
    }

    fn one(&mut self, sql: &str) -> Result<Row> {
        let mut rows = self.rows(sql)?;
        match (rows.pop(), rows.len()) {
            (Some(row), 0) => Ok(row),
            (Some(_), more) => Err(Error::new(sql, format!("{} rows come back, not one", more + 1))),
            (None, _) => Err(Error::new(sql, "no row comes back")),
        }
    }
}

/// Every column of a model, as a client lists them.
fn list(model: &Model) -> String {
    model.fields.iter().map(Field::read).collect::<Vec<_>>().join(", ")
}

fn names(model: &Model, fields: impl Iterator<Item = usize>) -> String {
    fields.map(|at| quote(&model.fields[at].name)).collect::<Vec<_>>().join(", ")
}

/// A value as a parameter: enums by the name of their type, everything else left to the server.
pub(super) fn parameter(field: &Field, value: &Option<String>) -> String {
    match (value, &field.enum_sql) {
        (None, _) => "NULL".to_owned(),
        (Some(text), None) => literal(text),
        (Some(text), Some(name)) => {
            format!("CAST({}::text AS {name}{})", literal(text), if field.ty.list { "[]" } else { "" })
        }
    }
}

fn insert(model: &Model, rows: &[&Values]) -> String {
    let mut given: Vec<usize> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    given.sort_unstable();
    given.dedup();
    if given.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", model.sql);
    }
    let tuple = |row: &&Values| {
        let value = |at: &usize| parameter(&model.fields[*at], row.get(at).unwrap_or(&None));
        format!("({})", given.iter().map(value).collect::<Vec<_>>().join(", "))
    };
    let tuples: Vec<String> = rows.iter().map(tuple).collect();
    format!("INSERT INTO {} ({}) VALUES {}", model.sql, names(model, given.iter().copied()), tuples.join(", "))
}

fn assignments(model: &Model, values: &Values) -> String {
    let set = |(at, value): (&usize, &Option<String>)| {
        format!("{} = {}", quote(&model.fields[*at].name), parameter(&model.fields[*at], value))
    };
    values.iter().map(set).collect::<Vec<_>>().join(", ")
}

/// The condition that fields have these values.
pub(super) fn filter<'v>(model: &Model, values: impl Iterator<Item = (usize, &'v str)>) -> String {
    let equal = |(at, value): (usize, &str)| {
        let field = &model.fields[at];
        format!("{} = {}", quote(&field.name), parameter(field, &Some(value.to_owned())))
    };
    values.map(equal).collect::<Vec<_>>().join(" AND ")
}
