//! The same ops where Vitess changes tables (PlanetScale): files that are deploy requests, and plain statements over a connection.
//!
//! A change of a table is one statement that says what is to be. Vitess copies the table beside its readers and writers, and the copy
//! takes its place in a moment (<https://planetscale.com/docs/vitess/schema-changes>), so it is done or not, and no word says how
//! it may be done. There are no stored programs and no triggers (<https://planetscale.com/docs/vitess/mysql-compatibility>), so no
//! file holds one; what changes rows is a file of its own, sent to the production branch, which takes no DDL
//! (<https://planetscale.com/docs/vitess/schema-changes/safe-migrations>).

mod alter;
mod anew;
mod refused;
mod retype;
mod rows;

pub(super) use anew::{look as look_for_more, said_anew};
pub(super) use refused::unspoken;
pub(super) use retype::{narrows, retype};

use super::{Kind, Mysql, Spelled, kind};
use crate::catalog::Catalog;
use crate::op::{Impossible, Op, Run};

/// The statements of ops that are done one after the other, beside each op.
///
/// # Errors
/// The run does not allow one of them: a bug of the planner.
pub(super) fn body(server: Mysql, ops: &[Op], run: &Run) -> Result<Vec<Vec<Spelled>>, Impossible> {
    let mut run = run.clone();
    let mut all: Vec<Vec<Spelled>> = Vec::with_capacity(ops.len());
    let mut before: Option<Catalog> = None;
    for (at, op) in ops.iter().enumerate() {
        let mut own = Vec::new();
        match kind(server, op) {
            Kind::Shape | Kind::Unspoken(_) => {
                before.get_or_insert_with(|| run.catalog.clone());
            }
            Kind::Own => {
                if let Some(before) = before.take() {
                    all[at - 1].extend(alter::difference(&before, &run.catalog));
                }
                own.extend(rows::spell(op, &run.catalog));
            }
            Kind::Silent => {}
        }
        run.apply(op)?;
        all.push(own);
    }
    if let (Some(before), Some(last)) = (before, all.last_mut()) {
        last.extend(alter::difference(&before, &run.catalog));
    }
    Ok(all)
}
