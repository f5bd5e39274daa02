//! Columns that are computed of others which leave: split, merged, taken out of JSON.

use super::Matched;
use crate::catalog::{Column, ColumnId, Table, TableId};
use crate::intent::{Back, Intent, Path, Said, sql};
use foldhash::HashSet;

/// Columns of a table that go on in another shape. All keep identities of their own: for a while both shapes exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The table.
    pub table: TableId,
    /// The columns of OLD that others are computed of, or that others give back: those that leave first.
    pub old: Vec<ColumnId>,
    /// The columns of NEW.
    pub new: Vec<ColumnId>,
}

/// What a table has on both sides, by its own words.
pub struct Sides<'a> {
    old: &'a Table,
    new: &'a Table,
    left: Vec<(ColumnId, &'a Column)>,
    came: Vec<(ColumnId, &'a Column)>,
}

impl<'a> Sides<'a> {
    /// Of a table of both catalogs.
    pub fn of(matched: &'a Matched, table: TableId) -> Option<Sides<'a>> {
        let (old, new) = (matched.catalogs.old.tables.get(&table)?, matched.catalogs.new.tables.get(&table)?);
        let moved: HashSet<ColumnId> = matched.moved_columns().flat_map(|(_, a, b)| [*a, *b]).collect();
        let only = |a: &'a Table, b: &Table| -> Vec<(ColumnId, &'a Column)> {
            let alone = a.columns.iter().filter(|(id, _)| !b.columns.contains_key(*id) && !moved.contains(*id));
            alone.map(|(id, column)| (*id, column)).collect()
        };
        Some(Sides { old, new, left: only(old, new), came: only(new, old) })
    }

    /// The column of OLD that a field or column of this name is, of those that may be given back: the ones that leave or stay.
    pub fn old_named(&self, path: &Path) -> Option<ColumnId> {
        let here = path.0 == self.old.origin.model || path.0 == self.new.origin.model;
        let named = |c: &Column| c.origin.item == path.1 || c.name == path.1;
        let mut all = self.old.columns.iter().filter(|_| here);
        all.find(|(id, c)| named(c) && (self.left.iter().any(|l| l.0 == **id) || self.new.columns.contains_key(*id)))
            .map(|(id, _)| *id)
    }

    /// The columns of OLD that SQL reads, those that leave first.
    pub fn read(&self, said: &Said) -> (Vec<ColumnId>, Vec<ColumnId>) {
        let Ok(words) = sql::words(&said.text) else { return Default::default() };
        let left = self.left.iter().filter(|(_, c)| sql::reads(&words, &c.name)).map(|(id, _)| *id).collect();
        let stays = self.new.columns.keys().filter_map(|id| Some((*id, self.old.columns.get(id)?)));
        (left, stays.filter(|(_, c)| sql::reads(&words, &c.name)).map(|(id, _)| id).collect())
    }

    /// The columns of OLD that a way back may be for, if it does not name one: the only one that leaves, else the only one.
    pub fn given_back(&self, back: &Back, using: Option<&Said>) -> Vec<ColumnId> {
        if let Some(of) = &back.of {
            return self.old_named(of).into_iter().collect();
        }
        let (left, stays) = using.map(|said| self.read(said)).unwrap_or_default();
        if left.is_empty() { stays } else { left }
    }

    /// The new columns, each with what was said of its value.
    pub fn computed<'s>(&'s self, intent: &'s Intent) -> impl Iterator<Item = (ColumnId, &'s Said)> {
        self.came.iter().filter_map(|(id, c)| Some((*id, intent.using.get(&path(c))?)))
    }

    /// What was said about a way back to columns of this table: above these new fields, or naming an old one.
    pub fn backs<'s>(&'s self, intent: &'s Intent) -> impl Iterator<Item = &'s Back> {
        let above = |at: &Path| self.came.iter().any(|(_, c)| path(c) == *at);
        intent.back.iter().filter(move |b| match &b.at {
            Some(at) => above(at),
            None => b.of.as_ref().is_some_and(|of| self.old_named(of).is_some()),
        })
    }
}

/// How a column goes on whose values are computed anew, of itself or of others that leave, and not for a type or for rows without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anew {
    /// Under its own name: old values and new ones need a column each, as those of two types do.
    InPlace,
    /// Under another name: it is another column, in another shape.
    Beside,
}

/// Finds out. What points at a column in place, or with it, could not follow. `going` are the columns of OLD that go on, `pointed_at`
/// those of both that foreign keys point at.
pub fn computed_anew(
    old: &Table,
    new: &Table,
    (from, to): (ColumnId, ColumnId),
    (going, pointed_at): (&HashSet<ColumnId>, &HashSet<ColumnId>),
    intent: &Intent,
) -> Option<Anew> {
    let (was, now) = (&old.columns[&from], &new.columns[&to]);
    let using = intent.using.get(&path(now)).filter(|_| was.nullable == now.nullable && was.ty == now.ty)?;
    let words = sql::words(&using.text).ok().filter(|_| !was.default_is_sequence() && !now.default_is_sequence())?;
    let reads = |(_, c): &(&ColumnId, &Column)| sql::reads(&words, &c.name);
    let others = old.columns.iter().filter(|(id, _)| !going.contains(*id)).any(|c| reads(&c));
    let key = |t: &Table, id: ColumnId| {
        t.primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == id))
            || t.foreign_keys.values().any(|k| k.columns.contains(&id))
            || pointed_at.contains(&id)
    };
    if was.name == now.name {
        return (others && !key(old, from) && !key(new, to)).then_some(Anew::InPlace);
    }
    (others || reads(&(&from, was))).then_some(Anew::Beside)
}

/// The field of a column.
pub fn path(column: &Column) -> Path {
    (column.origin.model.clone(), column.origin.item.clone())
}

/// Finds them, as far as what was said is clear.
pub fn find(matched: &Matched, intent: &Intent) -> Vec<Mapped> {
    let mut all = Vec::new();
    if intent.using.is_empty() {
        return all;
    }
    for id in matched.catalogs.new.tables.keys() {
        let Some(sides) = Sides::of(matched, *id) else { continue };
        let mut groups: Vec<Mapped> = Vec::new();
        for (new, using) in sides.computed(intent) {
            let (left, _) = sides.read(using);
            let above = |b: &&Back| b.at.as_ref().is_some_and(|at| *at == path(&sides.new.columns[&new]));
            let given = sides.backs(intent).filter(above).map(|b| sides.given_back(b, Some(using)));
            let mut old: Vec<ColumnId> = left;
            old.extend(given.filter(|given| given.len() == 1).flatten());
            if old.is_empty() {
                // A column that stays, which the intent file gives back.
                let (_, stays) = sides.read(using);
                let named: Vec<ColumnId> =
                    sides.backs(intent).filter(|b| b.at.is_none()).flat_map(|b| sides.given_back(b, None)).collect();
                old.extend(stays.into_iter().filter(|id| named.contains(id)));
            }
            if !old.is_empty() {
                join(&mut groups, Mapped { table: *id, old, new: vec![new] });
            }
        }
        all.extend(groups.into_iter().map(|group| sides.in_order(group)));
    }
    all
}

/// Groups that share an old column are one.
fn join(groups: &mut Vec<Mapped>, mut group: Mapped) {
    for other in groups.extract_if(.., |g| g.old.iter().any(|id| group.old.contains(id))).collect::<Vec<_>>() {
        group.old.extend(other.old);
        group.new.extend(other.new);
    }
    groups.push(group);
}

impl Sides<'_> {
    /// Each column once, in the order of the tables, those that leave first.
    fn in_order(&self, group: Mapped) -> Mapped {
        let is_left = |id: &ColumnId| self.left.iter().any(|l| l.0 == *id);
        let mut old: Vec<ColumnId> = self.old.columns.keys().copied().filter(|id| group.old.contains(id)).collect();
        old.sort_by_key(|id| !is_left(id));
        let new = self.new.columns.keys().copied().filter(|id| group.new.contains(id)).collect();
        Mapped { table: group.table, old, new }
    }
}
