//! Keys that get new values, and what points at them: a row's new value is looked up by its old one, so for a moment it has both.
//! First the new one stands beside the old one, then everything that points at it changes with it; the old one stays beside it
//! until the last file, so that whoever goes back before that finds what was there.

use super::placeholder;
use super::said::{Said, Values};
use crate::catalog::{Catalog, Column, ColumnId, Expr, Table, TableId};
use crate::dialect::Dialect;
use crate::op::{Backfill, Loss, Op, Work};

/// A column of a table.
type Place = (TableId, ColumnId);

/// The way over keys that have both values.
pub struct Keys {
    /// With the new values beside the old ones.
    pub early: Catalog,
    /// What the new ones are.
    pub fills: Vec<Op>,
    /// With the old values beside the new ones.
    pub late: Catalog,
    /// What the old ones are of rows that have none, on the way back.
    pub refills: Vec<Op>,
    given: Vec<Place>,
    kept: Vec<Place>,
    /// Columns whose old values are found by those.
    found: Vec<Place>,
    /// The names of both.
    names: Vec<String>,
}

impl Keys {
    /// None where every value can be looked up as it is.
    pub fn of((middle, new): (&Catalog, &Catalog), said: &Said, dialect: Dialect) -> Option<Self> {
        let given = needed(&said.forth, middle, new);
        let kept = needed(&said.back, new, middle);
        if given.is_empty() && kept.is_empty() {
            return None;
        }
        let (mut early, mut late) = (middle.clone(), new.clone());
        put(&mut early, new, &given, "__ps");
        put(&mut late, middle, &kept, "__ps_old");
        let fill = |(on, id): &Place, value: Expr, from: &Catalog| {
            let table = from.tables.get(on).map_or("", |t| t.name.name.as_str());
            let column = from.column(*on, *id).map_or("", |c| c.name.as_str());
            let work = Work::Fill { column: *id, value };
            Op::BackfillAtOnce(Backfill { name: format!("key.{table}.{column}"), table: *on, work })
        };
        let own = |place: &Place, values: &Values, at: &Catalog| {
            let said = values.iter().find(|v| (v.0, v.1) == *place).map(|v| v.2.clone());
            let default = || at.column(place.0, place.1)?.default.clone().map(Expr::Default);
            let some = || placeholder(dialect, at, at.tables.get(&place.0)?, place.1, at.column(place.0, place.1)?);
            said.or_else(default).or_else(some)
        };
        let fills = given.iter().filter_map(|p| Some(fill(p, own(p, &said.forth, new)?, new))).collect();
        let refills = kept.iter().filter_map(|p| {
            let once = said.refills.iter().find(|v| (v.0, v.1) == *p).map(|v| v.2.clone());
            Some(fill(p, once.or_else(|| own(p, &said.back, middle))?, middle))
        });
        let refills = refills.collect();
        let by_those = |value: &Expr| lookups(value).iter().any(|place| kept.contains(place));
        let found: Vec<Place> = said.back.iter().filter(|v| by_those(&v.2)).map(|v| (v.0, v.1)).collect();
        let name = |(on, id): &Place| {
            let table = middle.tables.get(on)?;
            Some(format!("{}.{}", dialect.name(&table.name), dialect.ident(&table.columns.get(id)?.name)))
        };
        let names = kept.iter().chain(&found).filter_map(name).collect();
        Some(Keys { early, fills, late, refills, given, kept, found, names })
    }

    /// Values that have to be computed where the keys change.
    pub fn others(&self, forth: Values, back: Values) -> (Values, Values) {
        let but = |all: Values, done: &[Place]| all.into_iter().filter(|v| !done.contains(&(v.0, v.1))).collect();
        (but(forth, &self.given), but(back, &self.kept))
    }

    /// The losses of the file in which keys change, and those of the last one.
    pub fn losses(&self, all: Vec<Loss>) -> (Vec<Loss>, Vec<Loss>) {
        let stays = |loss: &Loss| match loss {
            Loss::DroppedColumn(on, c) => self.kept.contains(&(*on, *c)) || self.found.contains(&(*on, *c)),
            Loss::Rows(_)
            | Loss::Values(..)
            | Loss::Nulls(..)
            | Loss::Unfit(..)
            | Loss::Left(..)
            | Loss::WasNull(..)
            | Loss::Unsaid(..)
            | Loss::Unreturned(..)
            | Loss::Regained(..)
            | Loss::Remapped(..)
            | Loss::DroppedTable(_)
            | Loss::ClearedRows(_) => false,
        };
        let own = all.into_iter().filter(|loss| !stays(loss)).collect();
        (own, self.kept.iter().map(|(on, c)| Loss::DroppedColumn(*on, *c)).collect())
    }

    /// Is it said of values that are kept until the last file?
    pub fn speaks_of(&self, message: &str) -> bool {
        self.names.iter().any(|name| message.contains(name))
    }

    /// The columns with old values, for people.
    pub fn words(&self, dialect: Dialect) -> String {
        let label = |(on, id): &Place| {
            let table = self.late.tables.get(on)?;
            Some(format!("{}.{}", dialect.name(&table.name), dialect.ident(&table.columns.get(id)?.name)))
        };
        self.kept.iter().filter_map(label).collect::<Vec<_>>().join(", ")
    }

    /// Is anything kept until the last file?
    pub fn keeps(&self) -> bool {
        !self.kept.is_empty()
    }
}

/// The columns that an expression finds in other rows.
fn lookups(value: &Expr) -> Vec<Place> {
    value.lookups().into_iter().map(|(table, _, column)| (table, column)).collect()
}

/// What is looked up in columns that only come on the way there, each behind those that it looks up itself.
fn needed(values: &Values, from: &Catalog, to: &Catalog) -> Vec<Place> {
    let mut all = Vec::new();
    for (_, _, value) in values {
        visit(value, values, (from, to), &mut Vec::new(), &mut all);
    }
    all
}

fn visit(value: &Expr, values: &Values, ends: (&Catalog, &Catalog), on_way: &mut Vec<Place>, all: &mut Vec<Place>) {
    for place in lookups(value) {
        let comes = ends.0.column(place.0, place.1).is_none()
            && ends.0.tables.contains_key(&place.0)
            && ends.1.column(place.0, place.1).is_some();
        if !comes || all.contains(&place) || on_way.contains(&place) {
            continue;
        }
        on_way.push(place);
        if let Some((_, _, own)) = values.iter().find(|v| (v.0, v.1) == place) {
            visit(own, values, ends, on_way, all);
        }
        on_way.pop();
        all.push(place);
    }
}

/// Columns of the other catalog beside those that are there.
fn put(catalog: &mut Catalog, other: &Catalog, places: &[Place], suffix: &str) {
    for (on, id) in places {
        let Some(column) = other.column(*on, *id).cloned() else { continue };
        if let Some(table) = catalog.table_mut(*on) {
            let name = free(table, format!("{}{suffix}", column.name));
            table.columns.insert(*id, Column { name, nullable: true, default: None, ..column });
        }
    }
}

fn free(table: &Table, mut name: String) -> String {
    while table.columns.values().any(|c| c.name == name) {
        name.push('_');
    }
    name
}
