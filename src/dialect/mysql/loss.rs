//! What going back loses, as a sentence and as the query that counts it now.

use super::quote::{ident, name};
use crate::catalog::{Catalog, ColumnId, TableId};
use crate::op::Loss;

/// The sentence, and the query where there is something left to count.
pub fn count(at: &Catalog, loss: &Loss) -> (String, Option<String>) {
    let table = |id: &TableId| at.tables.get(id).map_or_else(|| "a table".to_owned(), |t| name(&t.name));
    let field =
        |id: &TableId, c: &ColumnId| at.column(*id, *c).map_or_else(|| "a column".to_owned(), |c| ident(&c.name));
    let rows = |t: &TableId, condition: String| Some(format!("SELECT count(*) FROM {} WHERE {condition}", table(t)));
    match loss {
        Loss::Rows(t) => {
            (format!("rows of {} are discarded", table(t)), Some(format!("SELECT count(*) FROM {}", table(t))))
        }
        Loss::Values(t, c) => {
            let (on, what) = (table(t), field(t, c));
            (
                format!("values written to {on}.{what} since expand are discarded"),
                rows(t, format!("{what} IS NOT NULL")),
            )
        }
        Loss::Nulls(t, c) => {
            let (on, what) = (table(t), field(t, c));
            (format!("NULLs written to {on}.{what} since become a placeholder"), rows(t, format!("{what} IS NULL")))
        }
        Loss::DroppedColumn(t, c) => {
            (format!("dropped {}.{}: restore its values from backup", table(t), field(t, c)), None)
        }
        Loss::DroppedTable(t) => (format!("dropped {}: restore its rows from backup", table(t)), None),
        Loss::ClearedRows(t) => {
            (format!("rows of {} were deleted or unlinked: restore them from backup", table(t)), None)
        }
        Loss::Unfit(t, c) => {
            (format!("{}.{}: it stops while rows hold a value that the old type has not", table(t), field(t, c)), None)
        }
        Loss::Left(t, c) | Loss::WasNull(t, c) | Loss::Remapped(t, c, _) | Loss::Regained(t, c) => {
            (format!("some values of {}.{} are not what they were", table(t), field(t, c)), None)
        }
        Loss::Unsaid(t, _) | Loss::Unreturned(t, _) => {
            (format!("some values of {} are not what they were", table(t)), None)
        }
    }
}
