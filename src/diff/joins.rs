//! Join tables of implicit many-to-many relations: which is which, what has become of A and B, and models in their place.

use super::{Matched, Renumber};
use crate::catalog::{Catalog, Column, ColumnId, ForeignKey, Table, TableId, TableKind};
use crate::intent::{Intent, Said};
use foldhash::{HashMap, HashSet};

/// A column of a join table that is to hold another field of the rows that it links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relinked {
    /// The join table.
    pub table: TableId,
    /// Its column so far.
    pub old: ColumnId,
    /// The one that takes its place.
    pub new: ColumnId,
    /// The table that it links to.
    pub target: TableId,
    /// What the column held of that so far.
    pub was: ColumnId,
    /// What it is to hold.
    pub now: ColumnId,
}

/// Have A and B changed places?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// No.
    Straight,
    /// Yes.
    Turned,
    /// Both fields of a model's relation with itself have other names, and nobody has said which is which.
    Unknown,
}

pub fn is_join(table: &Table) -> bool {
    matches!(table.kind, TableKind::Join { .. })
}

pub fn models(catalog: &Catalog) -> HashMap<&str, TableId> {
    let of_models = catalog.tables.iter().filter(|(_, t)| t.kind == TableKind::Model);
    of_models.map(|(id, t)| (t.origin.model.as_str(), *id)).collect()
}

/// The two relation fields of a join table, in an order that does not depend on which is A.
pub fn ends<'t>(
    table: &'t Table,
    find: impl Fn(&str) -> Option<TableId>,
    was: impl Fn(&'t (String, String)) -> &'t str,
) -> Option<[(TableId, &'t str); 2]> {
    let TableKind::Join { a: Some(a), b: Some(b) } = &table.kind else { return None };
    let mut ends = [(find(&a.0)?, was(a)), (find(&b.0)?, was(b))];
    ends.sort();
    Some(ends)
}

/// The name in OLD of a relation field of NEW, as far as that was said; a field may come from a whole model, whose rows then
/// become links.
pub fn said_of<'t>(intent: &'t Intent, field: &'t (String, String)) -> &'t str {
    match intent.renames.get(field) {
        Some(((_, old), said)) if !old.is_empty() => {
            said.used.set(true);
            old
        }
        Some(_) | None => &field.1,
    }
}

/// The table of OLD that a join table of NEW is said to have been, or the join table that a model's table was.
pub fn said_links<'t>(old: &Catalog, table: &Table, intent: &'t Intent) -> Option<(TableId, &'t Said)> {
    let find = |wanted: &str, join: bool| {
        let named = |t: &Table| match join {
            true => t.name.name == wanted || t.name.name.strip_prefix('_') == Some(wanted),
            false => t.origin.model == wanted,
        };
        old.tables.iter().find(|(_, t)| is_join(t) == join && named(t)).map(|(id, _)| *id)
    };
    let TableKind::Join { a, b } = &table.kind else {
        let ((from, _), said) = intent.renames.get(&(table.origin.model.clone(), String::new()))?;
        let model = old.tables.values().any(|t| !is_join(t) && t.origin.model == *from);
        return find(from, true).filter(|_| !model).map(|id| (id, said));
    };
    // Said of the table, or of one of the two fields.
    let of_table = intent.renames.get(&(table.name.name.clone(), String::new())).map(|((from, _), said)| (from, said));
    let of_field = || {
        let fields = a.iter().chain(b).filter_map(|f| Some((f, intent.renames.get(f)?)));
        let mut models = fields.filter_map(|((own, _), ((model, from), said))| {
            let named = if find(from, false).is_some() { from } else { Some(model).filter(|m| *m != own)? };
            Some((named, said))
        });
        models.find(|(model, _)| find(model, false).is_some())
    };
    let (from, said) = of_table.or_else(of_field)?;
    find(from, false).map(|id| (id, said))
}

/// Have A and B of a join table changed places? None of any other table. A and B follow the names of the two models, and
/// where both are one model, those of the two fields.
pub fn turn(
    old: &Table,
    new: &Table,
    find_old: &impl Fn(&str) -> Option<TableId>,
    find_new: &impl Fn(&str) -> Option<TableId>,
    intent: &Intent,
) -> Option<Turn> {
    let (TableKind::Join { a: Some(a), b: Some(b) }, TableKind::Join { a: Some(x), b: Some(y) }) =
        (&old.kind, &new.kind)
    else {
        return None;
    };
    let (was, is) = ((find_old(&a.0), find_old(&b.0)), (find_new(&x.0), find_new(&y.0)));
    let turned = if was.0 != was.1 {
        was.0 == is.1 && was.1 == is.0
    } else {
        let (x, y) = (said_of(intent, x), said_of(intent, y));
        match (a.1 == x || b.1 == y, a.1 == y || b.1 == x) {
            (true, _) => false,
            (false, true) => true,
            (false, false) => return Some(Turn::Unknown),
        }
    };
    Some(if turned { Turn::Turned } else { Turn::Straight })
}

/// What a column of a join table holds so far and is to hold: the id of the model that it links to, which may be another
/// field now. None where it is the same, under whatever name and of whatever type.
pub fn relinked(
    old: &Catalog,
    new: &Catalog,
    (from, to): (&str, &str),
    map: &Renumber,
    matched: &Matched,
) -> Option<(TableId, ColumnId, ColumnId)> {
    let id = |catalog: &Catalog, model: &str| -> Option<(TableId, ColumnId)> {
        let table = models(catalog).get(model).copied()?;
        Some((table, catalog.tables[&table].primary_key.as_ref()?.columns.first()?.column))
    };
    let ((table, was), (target, now)) = (id(old, from)?, id(new, to)?);
    let same_table = map.tables.get(&target) == Some(&table);
    let same = map.columns.get(&now) == Some(&was)
        || matched.moved_columns().any(|(on, a, b)| (*on, *a, *b) == (table, was, now));
    (same_table && !same).then_some((table, was, now))
}

/// The columns of a model that hold what A and B of a join table do, or the other way round: by what was said, by their
/// names, else by what they point at, where that is clear.
pub fn columns_of_links(
    old: &Table,
    new: &Table,
    tables: &dyn Fn(TableId) -> TableId,
    find_old: &dyn Fn(&str) -> Option<TableId>,
    find_new: &dyn Fn(&str) -> Option<TableId>,
    intent: &Intent,
) -> Vec<(ColumnId, ColumnId)> {
    let to_model = is_join(old);
    let (join, model) = if to_model { (old, new) } else { (new, old) };
    let TableKind::Join { a: Some(a), b: Some(b) } = &join.kind else { return Vec::new() };
    let find = |name: &str| if to_model { find_old(name) } else { find_new(name) };
    let mut taken: HashSet<ColumnId> = HashSet::default();
    let mut pairs = Vec::new();
    for ((letter, (id, column)), end) in ["A", "B"].into_iter().zip(&join.columns).zip([a, b]) {
        let said = |c: &Column| {
            let path = (model.origin.model.clone(), c.origin.item.clone());
            let (_, said) = match to_model {
                true => intent.renames.get(&path).filter(|((_, from), _)| from == letter)?,
                false => intent.renames.get(end).filter(|(from, _)| *from == path)?,
            };
            said.used.set(true);
            Some(())
        };
        let points = |k: &&ForeignKey| {
            let target = if to_model { tables(k.references) } else { k.references };
            k.columns.len() == 1 && Some(target) == find(&end.0)
        };
        let by_said = model.columns.iter().find(|(_, c)| said(c).is_some()).map(|(id, _)| *id);
        let by_name = || model.columns.iter().find(|(_, c)| c.name == column.name).map(|(id, _)| *id);
        let by_link = || {
            let mut all = model.foreign_keys.values().filter(points);
            let first = all.next().filter(|_| all.next().is_none() && a.0 != b.0)?;
            Some(first.columns[0])
        };
        let Some(found) = by_said.or_else(by_name).or_else(by_link).filter(|found| taken.insert(*found)) else {
            continue;
        };
        pairs.push(if to_model { (*id, found) } else { (found, *id) });
    }
    pairs
}
