//! The two tables of a link: a row of the child for each of the parent that has something for it.

use super::Words;
use crate::catalog::{Catalog, ColumnId, End, Link, Table};

/// Both of them, and what they hold in common. Rows are named with their dot.
pub(in crate::dialect) struct Sides<'a> {
    at: &'a Catalog,
    /// What they hold in common.
    pub(in crate::dialect) link: &'a Link,
    /// The table that is pointed at.
    pub(in crate::dialect) parent: &'a Table,
    /// The table that points.
    pub(in crate::dialect) child: &'a Table,
    words: &'static Words,
}

impl<'a> Sides<'a> {
    /// None where one of them is not there.
    pub(in crate::dialect) fn of(at: &'a Catalog, link: &'a Link, words: &'static Words) -> Option<Self> {
        Some(Sides { at, link, parent: at.tables.get(&link.parent)?, child: at.tables.get(&link.child)?, words })
    }

    /// The table at an end.
    pub(in crate::dialect) fn table(&self, end: End) -> &'a Table {
        match end {
            End::Parent => self.parent,
            End::Child => self.child,
        }
    }

    /// Each pair as (column of this end, column of the other).
    pub(in crate::dialect) fn pairs(&self, end: End) -> Vec<(ColumnId, ColumnId)> {
        self.link.columns(end).zip(self.link.columns(end.other())).collect()
    }

    /// The rows of an end, named `own`, that belong to a row of the other.
    pub(in crate::dialect) fn belong(&self, end: End, own: &str, there: &str) -> String {
        let keys = self.link.key(end).iter().zip(self.link.key(end.other()));
        self.words.same((self.table(end), own), (self.table(end.other()), there), keys)
    }

    /// What a row of the other end, named `there`, gets: never NULL where it must have a value.
    pub(in crate::dialect) fn set(&self, from: End, own: &str, there: &str) -> String {
        let all = self.assigned(from, own, there).into_iter().map(|(column, value)| format!("{column} = {value}"));
        all.collect::<Vec<_>>().join(", ")
    }

    /// The same, each column with its value.
    pub(in crate::dialect) fn assigned(&self, from: End, own: &str, there: &str) -> Vec<(String, String)> {
        let (table, other) = (self.table(from), self.table(from.other()));
        let one = |(id, to): (ColumnId, ColumnId)| {
            let (value, column) = (format!("{own}{}", self.words.field(table, id)), self.words.field(other, to));
            match self.link.required.contains(&to) {
                true => (column.clone(), format!("COALESCE({value}, {there}{column})")),
                false => (column, value),
            }
        };
        self.pairs(from).into_iter().map(one).collect()
    }

    /// True of a row of the other end that does not hold what a row of this one does.
    pub(in crate::dialect) fn differs(&self, from: End, own: &str, there: &str) -> String {
        let (table, other) = (self.table(from), self.table(from.other()));
        let one = |(id, to): (ColumnId, ColumnId)| {
            let value = format!("{own}{}", self.words.field(table, id));
            let differ = self.words.apart(other, to, &format!("{there}{}", self.words.field(other, to)), &value);
            match self.link.required.contains(&to) {
                true => format!("({value} IS NOT NULL AND {differ})"),
                false => differ,
            }
        };
        format!("({})", self.pairs(from).into_iter().map(one).collect::<Vec<_>>().join(" OR "))
    }

    /// True of a row of the parent that has something for the child, and all that a row of it must have.
    pub(in crate::dialect) fn worth_a_row(&self, own: &str) -> String {
        let value = |id: &ColumnId| format!("{own}{} IS NOT NULL", self.words.field(self.parent, *id));
        let needed = self.link.pairs.iter().filter(|(_, child)| self.link.required.contains(child));
        let needed: Vec<String> = needed.map(|(p, _)| value(p)).collect();
        if needed.is_empty() {
            format!("({})", self.link.pairs.iter().map(|(p, _)| value(p)).collect::<Vec<_>>().join(" OR "))
        } else {
            needed.join(" AND ")
        }
    }

    /// Columns and values of a row of the child that is made for one of the parent; None where it cannot be made.
    pub(in crate::dialect) fn made(&self, own: &str) -> Option<(String, String)> {
        let made = self.link.made.as_ref()?;
        let (there, here) = (
            |id: &ColumnId| self.words.field(self.child, *id),
            |id: &ColumnId| format!("{own}{}", self.words.field(self.parent, *id)),
        );
        let mut columns: Vec<String> = self.link.child_key.iter().map(there).collect();
        let mut values: Vec<String> = self.link.parent_key.iter().map(here).collect();
        for (parent, child) in &self.link.pairs {
            columns.push(there(child));
            values.push(here(parent));
        }
        for (id, value) in made {
            columns.push(there(id));
            let column = self.child.columns.get(id);
            values.push(column.map_or_else(String::new, |c| (self.words.value)(self.at, self.child, c, value)));
        }
        Some((columns.join(", "), values.join(", ")))
    }

    /// The columns of the parent that are emptied when its row of the child is no more: `a = NULL, …`, and that one of them is not
    /// empty yet. None where all must have a value.
    pub(in crate::dialect) fn cleared(&self, own: &str) -> Option<(String, String)> {
        let free = self.link.columns(End::Parent).filter(|id| !self.link.required.contains(id));
        let free: Vec<String> = free.map(|id| self.words.field(self.parent, id)).collect();
        let set = free.iter().map(|c| format!("{c} = NULL")).collect::<Vec<_>>().join(", ");
        let any = free.iter().map(|c| format!("{own}{c} IS NOT NULL")).collect::<Vec<_>>().join(" OR ");
        (!free.is_empty()).then_some((set, any))
    }

    /// True of a row of this end, by the table's own name, whose other side does not hold what it does.
    pub(in crate::dialect) fn behind(&self, from: End) -> String {
        self.behind_of(from, &format!("{}.", (self.words.ident)(&self.table(from).name.name)))
    }

    /// The same of a row by another name.
    pub(in crate::dialect) fn behind_of(&self, from: End, own: &str) -> String {
        let there = (self.words.name)(&self.table(from.other()).name);
        let belong = self.belong(from.other(), "_ps_other.", own);
        let differs = self.differs(from, own, "_ps_other.");
        let behind = format!("EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong} AND {differs})");
        match from {
            End::Child => behind,
            End::Parent => {
                let missing = format!("NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong})");
                format!("({behind} OR ({} AND {missing}))", self.worth_a_row(own))
            }
        }
    }
}
