//! The two tables of a family, of which several rows of the child belong to one of the parent, and the rows that are brought from
//! the one to the other.

use super::Words;
use crate::catalog::{Catalog, ColumnId, Down, Expr, Family, Side, Table, Up};

/// Both of them.
pub(in crate::dialect) struct Kin<'a> {
    at: &'a Catalog,
    family: &'a Family,
    /// The table that is pointed at.
    pub(in crate::dialect) parent: &'a Table,
    /// The table that points.
    pub(in crate::dialect) child: &'a Table,
    words: &'static Words,
}

/// A change of rows that brings what a side says to the other.
pub(in crate::dialect) struct Bring {
    /// The statement, up to its condition.
    pub(in crate::dialect) act: String,
    /// The rows that it concerns.
    pub(in crate::dialect) still: String,
}

impl<'a> Kin<'a> {
    /// None where one of them is not there.
    pub(in crate::dialect) fn of(at: &'a Catalog, family: &'a Family, words: &'static Words) -> Option<Self> {
        Some(Kin { at, family, parent: at.tables.get(&family.parent)?, child: at.tables.get(&family.child)?, words })
    }

    /// `_ps_child."userId" = NEW."id"`: the rows of the child that belong to one of the parent. Rows are named with their dot.
    pub(in crate::dialect) fn met(&self, child: &str, parent: &str) -> String {
        let keys = self.family.child_key.iter().zip(&self.family.parent_key);
        self.words.same((self.child, child), (self.parent, parent), keys)
    }

    /// Their names, quoted.
    pub(in crate::dialect) fn names(&self) -> (String, String) {
        ((self.words.name)(&self.parent.name), (self.words.name)(&self.child.name))
    }

    /// The tables, as columns of a row are named by them.
    pub(in crate::dialect) fn rows(&self) -> (String, String) {
        ((self.words.ident)(&self.parent.name.name), (self.words.ident)(&self.child.name.name))
    }

    /// What a child holds that would have nothing.
    pub(in crate::dialect) fn fallback(&self, down: &Down, id: ColumnId) -> Option<String> {
        let value = down.fallback.iter().find(|(own, _)| *own == id).map(|(_, value)| value)?;
        Some((self.words.value)(self.at, self.child, self.child.columns.get(&id)?, value))
    }

    /// The value over all children of a row of the parent, which is named by `own`.
    pub(in crate::dialect) fn over_all(&self, up: &Up, of: (ColumnId, &Expr), own: &str) -> Option<String> {
        self.computed(up, of, own, "")
    }

    /// The same; those that it is computed of are held until the statement has run.
    pub(in crate::dialect) fn over_all_held(&self, up: &Up, of: (ColumnId, &Expr), own: &str) -> Option<String> {
        self.computed(up, of, own, self.words.held)
    }

    fn computed(&self, up: &Up, (id, value): (ColumnId, &Expr), own: &str, held: &str) -> Option<String> {
        let sql = (self.words.value)(self.at, self.child, self.parent.columns.get(&id)?, value);
        let given =
            up.given.iter().map(|id| format!(" AND _ps_child.{} IS NOT NULL", self.words.field(self.child, *id)));
        Some(format!(
            "(SELECT {sql} FROM {} AS _ps_child WHERE {}{}{})",
            (self.words.name)(&self.child.name),
            self.met("_ps_child.", own),
            given.collect::<String>(),
            held
        ))
    }

    /// What the parent holds is brought to those of its children that hold nothing.
    pub(in crate::dialect) fn to_children(&self, down: &Down) -> Bring {
        let own = format!("{}.", self.rows().1);
        let (parent, child) = self.names();
        let from = format!("FROM {parent} AS _ps_parent WHERE {}", self.met(&own, "_ps_parent."));
        let held = self.words.held;
        let set = down.pairs.iter().map(|(p, c)| {
            let column = self.words.field(self.child, *c);
            let theirs = self.words.field(self.parent, *p);
            let last = self.fallback(down, *c).map(|value| format!(", {value}")).unwrap_or_default();
            format!("{column} = COALESCE({own}{column}, (SELECT _ps_parent.{theirs} {from}{held}){last})")
        });
        let still = down.pairs.iter().map(|(p, c)| {
            let empty = format!("{own}{} IS NULL", self.words.field(self.child, *c));
            let theirs = self.words.field(self.parent, *p);
            match self.fallback(down, *c) {
                Some(_) => format!("({empty})"),
                None => format!("({empty} AND EXISTS (SELECT 1 {from} AND _ps_parent.{theirs} IS NOT NULL))"),
            }
        });
        Bring {
            act: format!("UPDATE {child} SET {}", set.collect::<Vec<_>>().join(", ")),
            still: format!("({})", still.collect::<Vec<_>>().join(" OR ")),
        }
    }

    /// Going back, the value of the first of its children, in this order.
    pub(in crate::dialect) fn to_parents(&self, down: &Down, order: &str) -> Bring {
        let own = format!("{}.", self.rows().0);
        let (parent, child) = self.names();
        let met = self.met("_ps_child.", &own);
        let of = |id: ColumnId| {
            let column = self.words.field(self.child, id);
            format!("FROM {child} AS _ps_child WHERE {met} AND _ps_child.{column} IS NOT NULL")
        };
        let held = self.words.held;
        let set = down.pairs.iter().map(|(p, c)| {
            let (to, column) = (self.words.field(self.parent, *p), self.words.field(self.child, *c));
            let first = format!("(SELECT _ps_child.{column} {} ORDER BY {order} LIMIT 1{held})", of(*c));
            format!("{to} = COALESCE({own}{to}, {first})")
        });
        let still = down.pairs.iter().map(|(p, c)| {
            format!("({own}{} IS NULL AND EXISTS (SELECT 1 {}))", self.words.field(self.parent, *p), of(*c))
        });
        Bring {
            act: format!("UPDATE {parent} SET {}", set.collect::<Vec<_>>().join(", ")),
            still: format!("({})", still.collect::<Vec<_>>().join(" OR ")),
        }
    }

    /// A parent that holds nothing yet gets what is computed of its children; going back, these get what they can get.
    pub(in crate::dialect) fn up(&self, up: &Up, from: Side) -> Option<Bring> {
        let (parent, child) = self.names();
        let (mut set, mut still) = (Vec::new(), Vec::new());
        match from {
            Side::Old => {
                let own = format!("{}.", self.rows().0);
                for (id, value) in &up.values {
                    let (column, sql) = (self.words.field(self.parent, *id), self.over_all(up, (*id, value), &own)?);
                    still.push(format!("({own}{column} IS NULL AND {sql} IS NOT NULL)"));
                    let sql = self.over_all_held(up, (*id, value), &own)?;
                    set.push(format!("{column} = COALESCE({own}{column}, {sql})"));
                }
            }
            Side::New => {
                let own = format!("{}.", self.rows().1);
                for (to, of) in &up.back {
                    let (column, source) = (self.words.field(self.child, *to), self.words.field(self.parent, *of));
                    let met = self.met(&own, "_ps_parent.");
                    let from = format!("FROM {parent} AS _ps_parent WHERE {met} AND _ps_parent.{source} IS NOT NULL");
                    let held = self.words.held;
                    still.push(format!("({own}{column} IS NULL AND EXISTS (SELECT 1 {from}))"));
                    set.push(format!("{column} = COALESCE({own}{column}, (SELECT _ps_parent.{source} {from}{held}))"));
                }
            }
        }
        let table = if from == Side::Old { parent } else { child };
        (!set.is_empty()).then(|| Bring {
            act: format!("UPDATE {table} SET {}", set.join(", ")),
            still: format!("({})", still.join(" OR ")),
        })
    }
}
