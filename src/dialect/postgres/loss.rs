//! What going back loses, as a sentence and as the query that counts it now.

use super::fact::{as_comparable, comparable};
use super::quote::{ident, literal, name};
use super::value::{default_sql, literal_sql, type_sql};
use crate::catalog::{Catalog, ColumnId, Default, TableId};
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
            (format!("values written to {on}.{what} since expand are discarded"), rows(t, written(at, *t, *c)))
        }
        Loss::Nulls(t, c) => {
            let (on, what) = (table(t), column(t, c));
            (format!("NULLs written to {on}.{what} since become a placeholder"), rows(t, format!("{what} IS NULL")))
        }
        Loss::Unfit(t, c) => {
            let (on, what) = (table(t), column(t, c));
            (
                format!(
                    "values of {on}.{what} that the old type cannot hold are cut, rounded, refused or replaced by a placeholder"
                ),
                None,
            )
        }
        Loss::Left(t, c) => {
            let what = format!("{}.{}", table(t), column(t, c));
            (
                format!(
                    "what new clients wrote in the place of {what} has no way back: rows keep the value they had, and newer ones get a placeholder"
                ),
                None,
            )
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
        Loss::Unsaid(t, mapping) => {
            let Some(of) = at.tables.get(t) else { return ("values are discarded".to_owned(), None) };
            let (new, old) = super::mapping::names(of, mapping);
            let list = |names: &[String]| names.iter().map(|n| ident(n)).collect::<Vec<_>>().join(", ");
            (
                format!(
                    "what was written to {} of {} and {} cannot express is discarded",
                    list(&new),
                    table(t),
                    list(&old)
                ),
                rows(t, super::mapping::not_said(at, of, mapping)),
            )
        }
        Loss::Unreturned(t, mapping) => {
            let Some(of) = at.tables.get(t) else { return ("values are spelled anew".to_owned(), None) };
            let (new, old) = super::mapping::names(of, mapping);
            let list = |names: &[String]| names.iter().map(|n| ident(n)).collect::<Vec<_>>().join(", ");
            let (old, new) = (list(&old), list(&new));
            (format!("what {old} of {} held comes back only as far as {new} can express it", table(t)), None)
        }
        Loss::DroppedColumn(t, c) => {
            (format!("dropped {}.{}: restore its values from backup", table(t), column(t, c)), None)
        }
        Loss::Regained(t, c) => (
            format!(
                "{}.{} comes back as the other table has it by then: what that has no row for, or cannot express, does not",
                table(t),
                column(t, c)
            ),
            None,
        ),
        Loss::DroppedTable(t) => (format!("dropped {}: restore its rows from backup", table(t)), None),
        Loss::ClearedRows(t) => {
            (format!("rows of {} were deleted or unlinked: restore them from backup", table(t)), None)
        }
    }
}

/// True of a row that somebody has written a new column of: a constant default alone is nobody's.
fn written(at: &Catalog, t: TableId, c: ColumnId) -> String {
    let Some((table, column)) = at.tables.get(&t).and_then(|table| Some((table, table.columns.get(&c)?))) else {
        return "true".to_owned();
    };
    let default = match &column.default {
        Some(Default::Literal(value)) => {
            let (value, ty) = (literal_sql(value), type_sql(at, &column.ty));
            // A sign binds less than the cast: the smallest number would not fit.
            if value.starts_with('-') { format!("({value})::{ty}") } else { format!("{value}::{ty}") }
        }
        Some(default @ Default::List(_)) => default_sql(at, &column.ty, default),
        Some(Default::Now | Default::Sequence | Default::Sql(_)) | None => {
            return format!("{} IS NOT NULL", ident(&column.name));
        }
    };
    format!("{} IS DISTINCT FROM {}", comparable(table, c), as_comparable(table, c, &default))
}
