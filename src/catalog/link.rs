//! Values that move from a table to another one.

use super::{ColumnId, Expr, TableId};

/// Columns of a table that hold the same as those of another one, of which each row belongs to one of the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The table whose rows are pointed at.
    pub parent: TableId,
    /// Its key.
    pub parent_key: Vec<ColumnId>,
    /// The table whose rows point at it, each at another one.
    pub child: TableId,
    /// Its columns that do.
    pub child_key: Vec<ColumnId>,
    /// Columns that hold the same: of the parent, of the child.
    pub pairs: Vec<(ColumnId, ColumnId)>,
    /// Those of them that must have a value, on either side.
    pub required: Vec<ColumnId>,
    /// What else a row of the child needs that is made for one of the parent; None where it cannot be made.
    pub made: Option<Vec<(ColumnId, Expr)>>,
    /// Do rows of the child go with those of the parent, since those who delete these may not know of them?
    pub deletes: bool,
}

/// One end of a [`Link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The table that is pointed at.
    Parent,
    /// The table that points.
    Child,
}

/// What a trigger at one end carries to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// Every row that is written: this end counts, and the other one may not be filled yet.
    All,
    /// What was written to the columns themselves: the other end counts otherwise.
    Changes,
}

impl Link {
    /// The table at an end.
    pub fn table(&self, end: End) -> TableId {
        match end {
            End::Parent => self.parent,
            End::Child => self.child,
        }
    }

    /// The columns by which an end knows the other.
    pub fn key(&self, end: End) -> &[ColumnId] {
        match end {
            End::Parent => &self.parent_key,
            End::Child => &self.child_key,
        }
    }

    /// The columns at an end that hold the same as those at the other.
    pub fn columns(&self, end: End) -> impl Iterator<Item = ColumnId> + '_ {
        self.pairs.iter().map(move |(parent, child)| match end {
            End::Parent => *parent,
            End::Child => *child,
        })
    }

    /// Does it read or write this column?
    pub fn concerns(&self, id: ColumnId) -> bool {
        let keys = self.parent_key.iter().chain(&self.child_key);
        keys.chain(self.pairs.iter().flat_map(|(a, b)| [a, b])).any(|column| *column == id)
    }
}

impl End {
    /// The other one.
    #[must_use]
    pub fn other(self) -> End {
        match self {
            End::Parent => End::Child,
            End::Child => End::Parent,
        }
    }
}
