//! What going back loses, as a sentence and as the query that counts it now.

use super::quote::{ident, literal, name};
use crate::catalog::{Catalog, ColumnId, TableId};
use crate::op::Loss;

/// The sentence, and the query where there is something left to count.
pub fn count(at: &Catalog, loss: &Loss) -> (String, Option<String>) {
    let table = |id: &TableId| at.tables.get(id).map_or_else(|| "a table".to_owned(), |t| name(&t.name));
    let column =
        |id: &TableId, c: &ColumnId| at.column(*id, *c).map_or_else(|| "a column".to_owned(), |c| ident(&c.name));
    let rows = |t: &TableId, condition: String| Some(format!("SELECT count(*) FROM {} WHERE {condition}", table(t)));
    match loss {
        Loss::Rows(t) => {
            (format!("rows of {} are discarded", table(t)), Some(format!("SELECT count(*) FROM {}", table(t))))
        }
        Loss::Values(t, c) => {
            let (on, what) = (table(t), column(t, c));
            (
                format!("values written to {on}.{what} since expand are discarded"),
                rows(t, format!("{what} IS NOT NULL")),
            )
        }
        Loss::Nulls(t, c) => {
            let (on, what) = (table(t), column(t, c));
            (format!("NULLs written to {on}.{what} since become a placeholder"), rows(t, format!("{what} IS NULL")))
        }
        Loss::Unfit(t, c) => {
            let (on, what) = (table(t), column(t, c));
            (format!("values of {on}.{what} that the old type cannot hold are cut, rounded or refused"), None)
        }
        Loss::WasNull(t, c) => {
            (format!("which rows had NULL in {}.{} before the backfill is forgotten", table(t), column(t, c)), None)
        }
        Loss::Remapped(t, c, labels) => {
            let (on, what) = (table(t), column(t, c));
            let held = labels.iter().map(|(from, to)| format!("{from} (they hold {to} now)")).collect::<Vec<_>>();
            let mut now: Vec<&String> = labels.iter().map(|(_, to)| to).collect();
            now.sort_unstable();
            now.dedup();
            let now = now.into_iter().map(|l| literal(l)).collect::<Vec<_>>().join(", ");
            let list = at.column(*t, *c).is_some_and(|c| c.ty.list);
            let condition =
                if list { format!("{what}::text[] && ARRAY[{now}]") } else { format!("{what}::text IN ({now})") };
            (
                format!("which rows of {on} held in {what} the value {} is forgotten", held.join(", ")),
                rows(t, condition),
            )
        }
        Loss::DroppedColumn(t, c) => {
            (format!("dropped {}.{}: restore its values from backup", table(t), column(t, c)), None)
        }
        Loss::DroppedTable(t) => (format!("dropped {}: restore its rows from backup", table(t)), None),
        Loss::ClearedRows(t) => {
            (format!("rows of {} were deleted or unlinked: restore them from backup", table(t)), None)
        }
    }
}
