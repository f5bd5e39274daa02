//! Columns that say the same in two ways, as it was said in the schema and not as a plan does it.

use super::Side;
use crate::catalog::{Catalog, ColumnId, TableId};
use crate::diff::{Matched, Sides, path};
use crate::intent::{Intent, sql};

/// A column, and the SQL over the other side's columns that gives its value, if any was said.
pub(super) type Value = (ColumnId, Option<String>);

/// Columns of a table that others are computed of, and those.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) table: TableId,
    /// Columns of OLD, out of those of NEW.
    old: Vec<Value>,
    /// Columns of NEW, out of those of OLD.
    new: Vec<Value>,
}

/// Columns that went over to another table.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) from: TableId,
    pub(super) to: TableId,
    /// Each as (column of OLD, column of NEW).
    pub(super) pairs: Vec<(ColumnId, ColumnId)>,
}

impl Shape {
    /// A client's own columns, and the other one's.
    pub(super) fn sides(&self, side: Side) -> (&[Value], &[Value]) {
        match side {
            Side::Old => (&self.old, &self.new),
            Side::New => (&self.new, &self.old),
        }
    }

    /// Is this one of its columns?
    pub(super) fn has(&self, column: ColumnId) -> bool {
        self.old.iter().chain(&self.new).any(|(id, _)| *id == column)
    }
}

/// Finds them.
pub(super) fn shapes(matched: &Matched, intent: &Intent) -> Vec<Shape> {
    let said = |text: &str| (text.trim() != "-").then(|| text.to_owned());
    let mut all = Vec::new();
    for mapped in &matched.mappings {
        let Some(sides) = Sides::of(matched, mapped.table) else { continue };
        let using = |id: ColumnId| sides.computed(intent).find(|(new, _)| *new == id).map(|(_, said)| said);
        let back = |id: ColumnId| {
            let gives = |back: &&crate::intent::Back| {
                let above = mapped.new.iter().find(|new| {
                    let column = matched.catalogs.new.tables.get(&mapped.table).and_then(|t| t.columns.get(*new));
                    column.is_some_and(|column| back.at.as_ref() == Some(&path(column)))
                });
                sides.given_back(back, above.and_then(|new| using(*new))).contains(&id)
            };
            sides.backs(intent).find(gives).and_then(|back| said(&back.said.text))
        };
        let old = mapped.old.iter().map(|id| (*id, back(*id))).collect();
        let new = mapped.new.iter().map(|id| (*id, using(*id).and_then(|using| said(&using.text)))).collect();
        all.push(Shape { table: mapped.table, old, new });
    }
    let kept = matched.catalogs.new.tables.iter().flat_map(|(id, table)| {
        let there = matched.catalogs.old.tables.get(id);
        let both = table.columns.keys().filter(move |c| there.is_some_and(|t| t.columns.contains_key(*c)));
        both.map(|column| (*id, *column, *column))
    });
    for (table, old, new) in matched.moved_columns().copied().chain(kept) {
        let of = |catalog: &Catalog, id: ColumnId| Some(path(catalog.tables.get(&table)?.columns.get(&id)?));
        let (Some(was), Some(now)) = (of(&matched.catalogs.old, old), of(&matched.catalogs.new, new)) else { continue };
        let (using, back) = (intent.using.get(&now), intent.back_from(&now, &was));
        if using.is_some() || back.is_some() {
            let back = (old, back.and_then(|back| said(&back.text)));
            let forth = (new, using.and_then(|using| said(&using.text)));
            // Whatever it is computed of makes another value of it when it is written.
            let words = using.and_then(|using| sql::words(&using.text).ok()).unwrap_or_default();
            let read = matched.catalogs.old.tables.get(&table).into_iter().flat_map(|t| &t.columns);
            let read = read.filter(|(id, c)| **id != old && sql::reads(&words, &c.name)).map(|(id, _)| (*id, None));
            all.push(Shape { table, old: std::iter::once(back).chain(read).collect(), new: vec![forth] });
        }
    }
    all
}

/// The columns that went over to another table.
pub(super) fn moves(matched: &Matched) -> Vec<Move> {
    let one = |m: &crate::diff::Moved| Move { from: m.from, to: m.to, pairs: m.pairs.clone() };
    matched.moves.iter().map(one).collect()
}
