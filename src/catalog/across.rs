//! Values that two tables hold in two ways while a plan is under way, other than row by row (that is a [`super::Link`]).

use super::{ColumnId, Expr, TableId};

/// What the two tables hold of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Across {
    /// A one-to-one relation is kept by the one side, and by the other.
    Turned(Turned),
    /// Rows hold what the row has that they point at.
    Down(Down),
    /// A row holds what is computed of those that point at it.
    Up(Up),
    /// A list in a column, and a row for each of its elements.
    Listed(Listed),
}

/// The side of a pair of tables that old clients write, and the one that new clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Old clients' side.
    Old,
    /// New clients' side.
    New,
}

/// How a table keeps a one-to-one relation, or could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// The table.
    pub table: TableId,
    /// Its columns that point at the other table.
    pub key: Vec<ColumnId>,
    /// Those of them that only this side has, and that are written for it.
    pub own: Vec<ColumnId>,
    /// Its columns that the other table points at.
    pub id: Vec<ColumnId>,
}

/// A relation that both sides keep: where a row of the one points at a row of the other, that one points back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The table that kept it.
    pub old: Keeper,
    /// The table that is to keep it.
    pub new: Keeper,
}

/// The rows of two tables that belong together: several of the child to one of the parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The table that is pointed at.
    pub parent: TableId,
    /// Its key.
    pub parent_key: Vec<ColumnId>,
    /// The table that points.
    pub child: TableId,
    /// Its columns that do.
    pub child_key: Vec<ColumnId>,
}

/// Values of a parent that each of its children is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Down {
    /// The tables.
    pub family: Family,
    /// Columns of the parent and of the child.
    pub pairs: Vec<(ColumnId, ColumnId)>,
    /// What a child holds that would have nothing.
    pub fallback: Vec<(ColumnId, Expr)>,
}

/// Values of children that their parent is to hold, as one for all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Up {
    /// The tables.
    pub family: Family,
    /// Columns of the parent, each with its value over all of its children: SQL with an aggregate.
    pub values: Vec<(ColumnId, Expr)>,
    /// Columns of the child that these are computed of.
    pub sources: Vec<ColumnId>,
    /// Columns of the child that go.
    pub left: Vec<ColumnId>,
    /// Those of them that every row of old clients has: a row without is a new client's, and does not count.
    pub given: Vec<ColumnId>,
    /// Those of them that come back, each with the column of the parent that gives it back.
    pub back: Vec<(ColumnId, ColumnId)>,
}

/// A list of the parent, whose elements are rows of the child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The tables.
    pub family: Family,
    /// The column that is a list, or JSON that holds one.
    pub list: ColumnId,
    /// Columns of the child, each with its value in SQL over `value`, the element, and `position`, its place from 1.
    pub values: Vec<(ColumnId, String)>,
    /// What else a row of the child needs.
    pub made: Vec<(ColumnId, Expr)>,
    /// An element in SQL over the row of the child; None where it is not given back.
    pub back: Option<String>,
    /// The columns of the child whose order is that of the list.
    pub order: Vec<ColumnId>,
    /// Do rows of the child go with those of the parent, since those who delete these may not know of them?
    pub deletes: bool,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Old => Side::New,
            Side::New => Side::Old,
        }
    }
}

impl Turned {
    /// How the table of a side keeps the relation.
    pub fn keeper(&self, side: Side) -> &Keeper {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }
}

impl Across {
    /// The table that clients of a generation write.
    pub fn table(&self, side: Side) -> TableId {
        match (self, side) {
            (Across::Turned(turned), side) => turned.keeper(side).table,
            (Across::Down(Down { family, .. }) | Across::Listed(Listed { family, .. }), Side::Old) => family.parent,
            (Across::Down(Down { family, .. }) | Across::Listed(Listed { family, .. }), Side::New) => family.child,
            (Across::Up(up), Side::Old) => up.family.child,
            (Across::Up(up), Side::New) => up.family.parent,
        }
    }

    /// The columns of a side that hold what columns of the other do.
    pub fn columns(&self, side: Side) -> Vec<ColumnId> {
        match (self, side) {
            (Across::Turned(turned), side) => turned.keeper(side).own.clone(),
            (Across::Down(down), Side::Old) => down.pairs.iter().map(|p| p.0).collect(),
            (Across::Down(down), Side::New) => down.pairs.iter().map(|p| p.1).collect(),
            (Across::Up(up), Side::Old) => up.left.clone(),
            (Across::Up(up), Side::New) => up.values.iter().map(|(id, _)| *id).collect(),
            (Across::Listed(listed), Side::Old) => vec![listed.list],
            (Across::Listed(listed), Side::New) => listed.values.iter().map(|(id, _)| *id).collect(),
        }
    }

    /// The columns of a side that it reads or writes.
    pub fn parts(&self, side: Side) -> Vec<ColumnId> {
        let mut all = self.columns(side);
        match self {
            Across::Turned(turned) => {
                let keeper = turned.keeper(side);
                all.extend(keeper.key.iter().filter(|id| !keeper.own.contains(id)));
                all.extend(&keeper.id);
            }
            Across::Down(Down { family, .. })
            | Across::Up(Up { family, .. })
            | Across::Listed(Listed { family, .. }) => {
                let is_parent = self.table(side) == family.parent;
                all.extend(if is_parent { &family.parent_key } else { &family.child_key });
            }
        }
        if let (Across::Up(up), Side::Old) = (self, side) {
            all.extend(&up.sources);
        }
        all
    }

    /// Does it read or write this column?
    pub fn concerns(&self, id: ColumnId) -> bool {
        [Side::Old, Side::New].into_iter().any(|side| self.parts(side).contains(&id))
    }

    /// Do old clients see what new ones write?
    pub fn comes_back(&self) -> bool {
        match self {
            Across::Turned(_) => true,
            Across::Down(_) | Across::Up(_) => false,
            Across::Listed(listed) => listed.back.is_some(),
        }
    }

    /// The table whose rows a backfill goes through that brings what a side says to the other.
    pub fn gone_through(&self, from: Side) -> TableId {
        match self {
            Across::Turned(turned) => turned.keeper(from).table,
            Across::Down(_) | Across::Up(_) => self.table(from.other()),
            Across::Listed(listed) => listed.family.parent,
        }
    }
}
