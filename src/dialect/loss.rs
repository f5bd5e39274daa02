//! What going back loses, as a sentence and as the query that counts it now, where both need no words of the database's own.

use crate::catalog::{Catalog, ColumnId, Name, TableId};
use crate::op::Loss;

/// How a database quotes.
#[derive(Clone, Copy, Debug)]
pub struct Quotes {
    /// A name of a column.
    pub ident: fn(&str) -> String,
    /// A name of a table.
    pub name: fn(&Name) -> String,
    /// Text.
    pub literal: fn(&str) -> String,
}

/// The sentence, and the query where there is something left to count.
pub fn count(at: &Catalog, loss: &Loss, quotes: Quotes) -> (String, Option<String>) {
    let Quotes { ident, name, literal } = quotes;
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
        Loss::Unfit(t, c) => (
            format!(
                "values of {}.{} that the old type cannot hold are cut, rounded, refused or replaced by a placeholder",
                table(t),
                field(t, c)
            ),
            None,
        ),
        Loss::WasNull(t, c) => {
            (format!("which rows had NULL in {}.{} before the backfill is forgotten", table(t), field(t, c)), None)
        }
        Loss::Remapped(t, c, labels) => {
            let (on, what) = (table(t), field(t, c));
            let held = labels.iter().map(|(from, to)| format!("{from} (they hold {to} now)")).collect::<Vec<_>>();
            let now = labels.iter().map(|(_, to)| literal(to)).collect::<Vec<_>>().join(", ");
            (
                format!("which rows of {on} held in {what} the value {} is forgotten", held.join(", ")),
                rows(t, format!("{what} IN ({now})")),
            )
        }
        Loss::Left(t, c) => (
            format!(
                "what new clients wrote in the place of {}.{} has no way back: rows keep the value they had, and newer ones get a placeholder",
                table(t),
                field(t, c)
            ),
            None,
        ),
        Loss::Unsaid(t, mapping) => {
            let new = mapping.forward.iter().map(|(id, _)| field(t, id)).collect::<Vec<_>>().join(", ");
            (format!("what was written to {new} of {} and the old columns cannot express is discarded", table(t)), None)
        }
        Loss::Unreturned(t, mapping) => {
            let new = mapping.forward.iter().map(|(id, _)| field(t, id)).collect::<Vec<_>>().join(", ");
            (format!("what the old columns of {} held comes back only as far as {new} can express it", table(t)), None)
        }
        Loss::DroppedColumn(t, c) => {
            (format!("dropped {}.{}: restore its values from backup", table(t), field(t, c)), None)
        }
        Loss::Regained(t, c) => {
            (format!("{}.{} comes back only as far as the other table holds it by then", table(t), field(t, c)), None)
        }
        Loss::DroppedTable(t) => (format!("dropped {}: restore its rows from backup", table(t)), None),
        Loss::ClearedRows(t) => {
            (format!("rows of {} were deleted or unlinked: restore them from backup", table(t)), None)
        }
    }
}
