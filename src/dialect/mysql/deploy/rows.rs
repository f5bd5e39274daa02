//! What changes rows, or looks at them, over an ordinary connection.
//!
//! No statement may change more than 100,000 rows, or take longer than 30 seconds, in a transaction of 20 at most
//! (<https://planetscale.com/docs/vitess/troubleshooting/planetscale-system-limits>), and nothing loops there: a statement changes so
//! many rows as are surely done in that time, and is sent again until it finds none.

use super::super::Spelled;
use super::super::backfill::{Change, alike, change, keep_first, key_fields};
use super::super::fact::look;
use super::super::quote::{ident, name};
use crate::catalog::Catalog;
use crate::dialect::Work;
use crate::op::{Backfill, Fact, Op};

/// Rows that one statement changes at most.
const BATCH: u32 = 10_000;

/// The longest name of a column.
const LIMIT: usize = 64;

/// The statement of an op that has one of its own.
pub(super) fn spell(op: &Op, at: &Catalog) -> Vec<Spelled> {
    match op {
        Op::Backfill(fill) | Op::BackfillAtOnce(fill) => batch(at, fill).into_iter().collect(),
        Op::Assert(fact) => assert(at, fact).into_iter().collect(),
        // Of another kind, or refused before (`unspoken`).
        _ => Vec::new(),
    }
}

fn batch(at: &Catalog, fill: &Backfill) -> Option<Spelled> {
    let table = at.tables.get(&fill.table)?;
    let sql = match alike(at, table, &fill.work) {
        Some(fields) => keep_first(table, &fields, &format!(" LIMIT {BATCH}"))?,
        None => {
            let Change { act, still } = change(at, table, &fill.work)?;
            let order = key_fields(table).map_or_else(String::new, |key| format!("\n  ORDER BY {}", key.join(", ")));
            format!("{act}\n  WHERE {still}{order}\n  LIMIT {BATCH}")
        }
    };
    Some(Spelled::new(sql).locking(name(&table.name), "ROWS").doing(Work::Batches))
}

/// Only a stored program may signal an error, and there is none: a number grows out of its range (error 1690) as soon as one row is
/// found, and the server names the column that it came from, which is called what is wrong.
fn assert(at: &Catalog, fact: &Fact) -> Option<Spelled> {
    let look = look(at, fact)?;
    let mut problem = look.problem;
    while problem.chars().count() > LIMIT {
        problem.pop();
    }
    let (problem, rows) = (ident(problem.trim_end()), "count(*) AS `rows`");
    let query = look.query.replacen(rows, &format!("count(*) AS {problem}"), 1);
    let sql = format!(
        "SELECT IF({problem} = 0, 'it is so', EXP(709 + {problem})) AS `looked`\n  FROM (SELECT {query}) AS `prisma-stage`"
    );
    Some(Spelled::new(sql).doing(Work::Check))
}
