//! Rows for a rehearsal: varied, awkward, and right in every respect that the database itself knows of.
//!
//! Everything is read from the live catalog, never from what this crate thinks of the schema, so that a mistake of ours
//! cannot hide itself. The same database gets the same rows.

use super::sql::{literal, qualified};
use super::{Doing, Error, Result, quote};
use postgres::Client;
use std::collections::BTreeMap;

mod plan;
mod shape;
pub(super) mod value;

use plan::Plan;
pub use shape::{Column, ForeignKey, Shape, Table, Type, Unique};

/// What was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Rows in all tables.
    pub rows: u64,
    /// Tables that have fewer rows than wanted, and how many.
    pub short: Vec<(String, u64)>,
}

/// Rows of one table go in so many at a time.
const CHUNK: u64 = 500;

/// How often a table that ran into a unique we do not understand (one over an expression) may make us start again.
const TRIES: usize = 20;

/// Fills every table of an empty database with `wanted` rows, which satisfy what the database asks and, as far as it speaks
/// of the same columns, what `also` asks; `filled` if that goes for values it requires, too.
pub fn fill(client: &mut Client, wanted: u64, also: Option<&Shape>, filled: bool) -> Result<Seeded> {
    let real = Shape::read(client)?;
    let mut shape = real.clone();
    if let Some(also) = also {
        shape.tighten(also);
        if filled {
            shape.require(also);
        }
    }
    let mut limits = BTreeMap::new();
    for _ in 0..TRIES {
        let plan = Plan::new(&shape, wanted, &limits);
        match insert(client, &shape, &plan) {
            Ok(seeded) => {
                check_keys(client, &real)?;
                return Ok(Seeded { short: short(&shape, &plan, wanted), ..seeded });
            }
            Err((table, error)) if error.sqlstate.as_deref() == Some("23505") && plan.rows[table] > 1 => {
                limits.insert(table, 1);
            }
            Err((_, error)) => return Err(error),
        }
    }
    Err(Error::new("filling the database", "too many uniques that are not understood"))
}

fn short(shape: &Shape, plan: &Plan, wanted: u64) -> Vec<(String, u64)> {
    let tables = shape.tables.keys().zip(&plan.rows).filter(|(_, rows)| **rows < wanted);
    tables.map(|((schema, name), rows)| (qualified(schema, name), *rows)).collect()
}

/// Inserts all rows in one transaction; foreign keys are not looked at meanwhile, so cycles do not matter. An error comes
/// with the table it happened in.
fn insert(client: &mut Client, shape: &Shape, plan: &Plan) -> std::result::Result<Seeded, (usize, Error)> {
    let begin = || "filling the database".to_owned();
    let mut transaction = client.transaction().doing(begin).map_err(|e| (0, e))?;
    transaction.batch_execute("SET LOCAL session_replication_role = replica").doing(begin).map_err(|e| (0, e))?;
    let mut seeded = Seeded::default();
    for (at, ((schema, name), table)) in shape.tables.iter().enumerate() {
        let into = qualified(schema, name);
        let columns: Vec<(usize, &String, &Column)> = table
            .columns
            .iter()
            .enumerate()
            .map(|(c, (n, column))| (c, n, column))
            .filter(|(_, _, c)| !c.generated)
            .collect();
        let names: Vec<String> = columns.iter().map(|(_, name, _)| quote(name)).collect();
        let mut row = 0;
        while row < plan.rows[at] && !columns.is_empty() {
            let end = plan.rows[at].min(row + CHUNK);
            let tuples: Vec<String> = (row..end)
                .map(|row| {
                    let cell = |(position, _, _): &(usize, &String, &Column)| cell(shape, plan, (at, *position), row);
                    format!("({})", columns.iter().map(cell).collect::<Vec<_>>().join(", "))
                })
                .collect();
            let sql = format!(
                "INSERT INTO {into} ({}) OVERRIDING SYSTEM VALUE VALUES {}",
                names.join(", "),
                tuples.join(", ")
            );
            transaction.batch_execute(&sql).doing(|| format!("filling {into}")).map_err(|e| (at, e))?;
            row = end;
        }
        seeded.rows += plan.rows[at];
        for (_, name, column) in columns {
            if let (Some(sequence), true) = (&column.sequence, plan.rows[at] > 0) {
                let sql = format!("SELECT setval({}, (SELECT max({}) FROM {into}))", literal(sequence), quote(name));
                transaction.batch_execute(&sql).doing(|| format!("setting {sequence}")).map_err(|e| (at, e))?;
            }
        }
    }
    transaction.commit().doing(begin).map_err(|e| (0, e))?;
    Ok(seeded)
}

/// One value as SQL.
fn cell(shape: &Shape, plan: &Plan, at: (usize, usize), row: u64) -> String {
    let table = &shape.tables[at.0];
    let (name, column) = (table.columns.get_index(at.1).map_or("", |(name, _)| name), &table.columns[at.1]);
    let may_be_null = !column.required
        && !plan.is_referenced(at)
        && !table.uniques.iter().any(|unique| unique.nulls_equal && unique.columns.iter().any(|c| c == name));
    // The first row is full; after it, every fourth value that may be is NULL, at another place in each column.
    if may_be_null && row > 0 && (row + at.1 as u64).is_multiple_of(4) {
        return "NULL".to_owned();
    }
    let class = plan.class(at);
    let ty = &shape.tables[class.0].columns[class.1].ty;
    match plan.number(at, row) {
        Some(number) if value::capacity(ty).is_some() => literal(&value::value(ty, number, salt(shape, class))),
        Some(_) | None => "NULL".to_owned(),
    }
}

/// A number from the names, so that a table keeps its values whatever stands around it.
fn salt(shape: &Shape, at: (usize, usize)) -> u64 {
    let table = shape.tables.get_index(at.0).map_or("", |((_, name), _)| name);
    let column = shape.tables[at.0].columns.get_index(at.1).map_or("", |(name, _)| name);
    u64::from(crc32fast::hash(format!("{table}.{column}").as_bytes()))
}

/// The server was told not to look at foreign keys; this looks.
fn check_keys(client: &mut Client, shape: &Shape) -> Result<()> {
    for ((schema, name), table) in &shape.tables {
        for key in &table.foreign_keys {
            let from = qualified(schema, name);
            let to = qualified(&key.table.0, &key.table.1);
            let pairs: Vec<String> = key
                .columns
                .iter()
                .zip(&key.referenced)
                .map(|(c, r)| format!("p.{} = c.{}", quote(r), quote(c)))
                .collect();
            let set: Vec<String> = key.columns.iter().map(|c| format!("c.{} IS NOT NULL", quote(c))).collect();
            let sql = format!(
                "SELECT count(*) FROM {from} c WHERE {} AND NOT EXISTS (SELECT FROM {to} p WHERE {})",
                set.join(" AND "),
                pairs.join(" AND ")
            );
            let doing = || format!("checking the foreign key of {from} to {to}");
            let orphans: i64 = client.query_one(&sql, &[]).doing(doing)?.get(0);
            if orphans > 0 {
                return Err(Error::new(doing(), format!("{orphans} of the rows made for it point nowhere")));
            }
        }
    }
    Ok(())
}
