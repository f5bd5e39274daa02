//! The two tables of a one-to-one relation that both keep, seen from one of them.

use super::Words;
use crate::catalog::{Catalog, ColumnId, Keeper, Side, Table, Turned};

/// Both of them. Rows are named with their dot.
pub(in crate::dialect) struct Seen<'a> {
    /// The table that is looked from.
    pub(in crate::dialect) table: &'a Table,
    /// How it keeps the relation.
    pub(in crate::dialect) own: &'a Keeper,
    /// The other one.
    pub(in crate::dialect) there: &'a Table,
    /// How that one does.
    pub(in crate::dialect) other: &'a Keeper,
    words: &'static Words,
}

impl<'a> Seen<'a> {
    /// None where one of them is not there.
    pub(in crate::dialect) fn from(
        at: &'a Catalog,
        turned: &'a Turned,
        from: Side,
        words: &'static Words,
    ) -> Option<Self> {
        let (own, other) = (turned.keeper(from), turned.keeper(from.other()));
        Some(Seen { table: at.tables.get(&own.table)?, own, there: at.tables.get(&other.table)?, other, words })
    }

    /// What is written of their link, each with what it gets: a column of our id.
    fn written(&self) -> impl Iterator<Item = (ColumnId, ColumnId)> + '_ {
        let both = self.other.key.iter().copied().zip(self.own.id.iter().copied());
        both.filter(|(link, _)| self.other.own.contains(link))
    }

    /// Their link is none.
    pub(in crate::dialect) fn none(&self) -> String {
        let one = |(link, _)| format!("{} = NULL", self.words.field(self.there, link));
        self.written().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Their link is a row of ours; what is written goes by `there`.
    pub(in crate::dialect) fn ours(&self, there: &str, own: &str) -> String {
        let one = |(link, id)| {
            format!("{there}{} = {own}{}", self.words.field(self.there, link), self.words.field(self.table, id))
        };
        self.written().map(one).collect::<Vec<_>>().join(", ")
    }

    /// A row of theirs is the one that a row of ours points at.
    pub(in crate::dialect) fn pointed_at(&self, there: &str, own: &str) -> String {
        self.words.same((self.there, there), (self.table, own), self.other.id.iter().zip(&self.own.key))
    }

    /// It is another one.
    pub(in crate::dialect) fn not_pointed_at(&self, there: &str, own: &str) -> String {
        self.words.another((self.there, there), (self.table, own), self.other.id.iter().zip(&self.own.key))
    }

    /// A row of theirs points at one of ours.
    pub(in crate::dialect) fn points_at(&self, there: &str, own: &str) -> String {
        self.words.same((self.there, there), (self.table, own), self.other.key.iter().zip(&self.own.id))
    }

    /// It points at another one, or at none.
    pub(in crate::dialect) fn points_elsewhere(&self, there: &str, own: &str) -> String {
        self.words.another((self.there, there), (self.table, own), self.other.key.iter().zip(&self.own.id))
    }

    /// The other side lets go of what a row of this one does not point at any more; rows of theirs go by `there`.
    pub(in crate::dialect) fn let_go(&self, from: Side, there: &str, own: &str) -> String {
        let points = self.points_at(there, own);
        let which = match from {
            Side::Old => format!("{} AND {points}", self.pointed_at(there, own)),
            Side::New => format!("{points} AND {}", self.not_pointed_at(there, own)),
        };
        format!("UPDATE {} SET {} WHERE {which}", (self.words.name)(&self.there.name), self.none())
    }

    /// The row of theirs that the row points at which was just written points back.
    pub(in crate::dialect) fn point_back(&self, there: &str) -> String {
        format!(
            "UPDATE {} SET {} WHERE {} AND {}",
            (self.words.name)(&self.there.name),
            self.ours("", "NEW."),
            self.pointed_at(there, "NEW."),
            self.points_elsewhere(there, "NEW.")
        )
    }

    /// True of a row of theirs that points at a row which does not point at it.
    pub(in crate::dialect) fn points_in_vain(&self, there: &str) -> String {
        let some = self.other.own.iter().map(|id| format!("{there}{} IS NOT NULL", self.words.field(self.there, *id)));
        format!(
            "({}) AND NOT EXISTS (SELECT 1 FROM {} AS _ps_own WHERE {} AND {})",
            some.collect::<Vec<_>>().join(" OR "),
            (self.words.name)(&self.table.name),
            self.pointed_at(there, "_ps_own."),
            self.points_at(there, "_ps_own.")
        )
    }

    /// True of a row of this side, named `own`, that the other side does not follow.
    pub(in crate::dialect) fn behind(&self, from: Side, own: &str) -> String {
        let there = "_ps_other.";
        let rows = |met: String| {
            format!("EXISTS (SELECT 1 FROM {} AS _ps_other WHERE {met})", (self.words.name)(&self.there.name))
        };
        let one_way = rows(format!("{} AND {}", self.pointed_at(there, own), self.points_elsewhere(there, own)));
        match from {
            Side::Old => one_way,
            Side::New => {
                let other = rows(format!("{} AND {}", self.points_at(there, own), self.not_pointed_at(there, own)));
                format!("({one_way} OR {other})")
            }
        }
    }
}
