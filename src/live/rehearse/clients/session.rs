//! A connection of a client, and the SQL that Prisma's driver adapters send through it: reads and RETURNING name every
//! column, tables and enum types are qualified, values are text that the server reads as the column's type. MySQL returns nothing
//! from a write: there the row is read before it goes and after it came, by its key or by the number that it got. SQLite returns the
//! row before its triggers have seen it: there it is read again.

use super::belief::{Field, Model};
use crate::live::line::{Boxed, Tongue};
use crate::live::{Error, Result};
use std::collections::BTreeMap;

pub(super) use crate::live::line::Row;

/// The values of a row that a write gives, by field.
pub(super) type Values = BTreeMap<usize, Option<String>>;

/// How many rows a read takes.
const PAGE: usize = 60;

/// A connection.
pub(super) struct Session {
    line: Boxed,
    /// Statements sent.
    pub(super) sent: u64,
}

impl Session {
    pub(super) fn new(mut line: Boxed) -> Result<Session> {
        let patience = line.tongue().patience();
        line.run(patience)?;
        Ok(Session { line, sent: 0 })
    }

    pub(super) fn run(&mut self, sql: &str) -> Result<()> {
        self.line.run(sql)
    }

    /// Sends a statement and reads the rows it returns.
    pub(super) fn rows(&mut self, sql: &str) -> Result<Vec<Row>> {
        self.sent += 1;
        self.line.rows(sql)
    }

    /// Sends a statement that returns none, and says how many rows it concerned.
    pub(super) fn count(&mut self, sql: &str) -> Result<u64> {
        self.sent += 1;
        self.line.count(sql)
    }

    /// The types that the columns of a model really have, by the server's short names.
    pub(super) fn real_types(&mut self, model: &Model) -> Result<Vec<String>> {
        let names: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
        self.line.types(&model.sql, &names)
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
        let insert = insert(model, &[values]);
        match model.tongue {
            Tongue::Postgres => self.one(&format!("{insert} RETURNING {}", list(model))),
            Tongue::Sqlite => {
                let row = self.one(&format!("{insert} RETURNING {}", list(model)))?;
                self.again(model, row)
            }
            Tongue::Mysql => {
                self.count(&insert)?;
                let given = |at: usize| Some((at, values.get(&at)?.as_deref()?));
                let known = filter(model, model.key.iter().filter_map(|at| given(*at)));
                // A key holds one number at most.
                let counted: Vec<_> = model.key.iter().filter(|at| given(**at).is_none()).collect();
                let number = |at: &usize| format!("{} = LAST_INSERT_ID()", model.fields[*at].column());
                let found = match (known.as_str(), counted.as_slice()) {
                    ("", [only]) => number(only),
                    (known, [only]) => format!("{known} AND {}", number(only)),
                    (known, []) if !known.is_empty() => known.to_owned(),
                    _ => return Err(Error::new(insert, "nothing tells the row from others")),
                };
                self.found(model, &found)
            }
        }
    }

    /// createMany with `skipDuplicates`, where Prisma has that: rows of different fields get an explicit NULL.
    pub(super) fn create_many(&mut self, model: &Model, rows: &[&Values]) -> Result<u64> {
        let insert = insert(model, rows);
        match model.tongue {
            Tongue::Postgres => self.count(&format!("{insert} ON CONFLICT DO NOTHING")),
            Tongue::Mysql => self.count(&insert.replacen("INSERT INTO", "INSERT IGNORE INTO", 1)),
            Tongue::Sqlite => self.count(&insert),
        }
    }

    /// upsert; where there is no native one, it is looked whether the row is there
    /// (<https://www.prisma.io/docs/orm/reference/prisma-client-reference#database-upserts>).
    pub(super) fn upsert(&mut self, model: &Model, by: &[usize], create: &Values, update: &Values) -> Result<Row> {
        match model.tongue {
            Tongue::Postgres | Tongue::Sqlite => {
                let by = names(model, by.iter().copied());
                let set = assignments(model, update);
                let insert = insert(model, &[create]);
                let row =
                    self.one(&format!("{insert} ON CONFLICT ({by}) DO UPDATE SET {set} RETURNING {}", list(model)))?;
                if model.tongue == Tongue::Sqlite { self.again(model, row) } else { Ok(row) }
            }
            Tongue::Mysql => {
                let known = by.iter().filter_map(|at| Some((*at, create.get(at)?.as_deref()?)));
                let found = filter(model, known);
                if self.find(model, &found)?.is_empty() {
                    return self.create(model, create);
                }
                self.update(model, &found, update)
            }
        }
    }

    /// update
    pub(super) fn update(&mut self, model: &Model, filter: &str, values: &Values) -> Result<Row> {
        let update = format!("UPDATE {} SET {} WHERE {filter}", model.sql, assignments(model, values));
        match model.tongue {
            Tongue::Postgres => self.one(&format!("{update} RETURNING {}", list(model))),
            Tongue::Sqlite => {
                self.one(&format!("{update} RETURNING {}", list(model)))?;
                self.found(model, filter)
            }
            Tongue::Mysql => {
                self.found(model, filter)?;
                self.count(&update)?;
                self.found(model, filter)
            }
        }
    }

    /// updateMany
    pub(super) fn update_many(&mut self, model: &Model, filter: &str, values: &Values) -> Result<u64> {
        self.count(&format!("UPDATE {} SET {} WHERE {filter}", model.sql, assignments(model, values)))
    }

    /// delete
    pub(super) fn delete(&mut self, model: &Model, filter: &str) -> Result<Row> {
        let delete = format!("DELETE FROM {} WHERE {filter}", model.sql);
        match model.tongue {
            Tongue::Postgres | Tongue::Sqlite => self.one(&format!("{delete} RETURNING {}", list(model))),
            Tongue::Mysql => {
                let row = self.found(model, filter)?;
                self.count(&delete)?;
                Ok(row)
            }
        }
    }

    /// A row that came back, as it is when the triggers are through with it.
    fn again(&mut self, model: &Model, row: Row) -> Result<Row> {
        let key = model.key.iter().map(|at| Some((*at, row[*at].as_deref()?))).collect::<Option<Vec<_>>>();
        match key {
            Some(key) if !key.is_empty() => self.found(model, &filter(model, key.into_iter())),
            Some(_) | None => Ok(row),
        }
    }

    /// The one row that a condition finds.
    fn found(&mut self, model: &Model, filter: &str) -> Result<Row> {
        self.one(&format!("SELECT {} FROM {} WHERE {filter} LIMIT 2", list(model), model.sql))
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
    fields.map(|at| model.fields[at].column()).collect::<Vec<_>>().join(", ")
}

fn insert(model: &Model, rows: &[&Values]) -> String {
    let mut given: Vec<usize> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    given.sort_unstable();
    given.dedup();
    if given.is_empty() {
        let nothing = match model.tongue {
            Tongue::Postgres | Tongue::Sqlite => "DEFAULT VALUES",
            Tongue::Mysql => "() VALUES ()",
        };
        return format!("INSERT INTO {} {nothing}", model.sql);
    }
    let tuple = |row: &&Values| {
        let value = |at: &usize| model.fields[*at].parameter(row.get(at).unwrap_or(&None));
        format!("({})", given.iter().map(value).collect::<Vec<_>>().join(", "))
    };
    let tuples: Vec<String> = rows.iter().map(tuple).collect();
    format!("INSERT INTO {} ({}) VALUES {}", model.sql, names(model, given.iter().copied()), tuples.join(", "))
}

fn assignments(model: &Model, values: &Values) -> String {
    let set = |(at, value): (&usize, &Option<String>)| {
        let field = &model.fields[*at];
        format!("{} = {}", field.column(), field.parameter(value))
    };
    values.iter().map(set).collect::<Vec<_>>().join(", ")
}

/// The condition that fields have these values.
pub(super) fn filter<'v>(model: &Model, values: impl Iterator<Item = (usize, &'v str)>) -> String {
    let equal = |(at, value): (usize, &str)| {
        let field = &model.fields[at];
        format!("{} = {}", field.column(), field.parameter(&Some(value.to_owned())))
    };
    values.map(equal).collect::<Vec<_>>().join(" AND ")
}
