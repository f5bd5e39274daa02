//! The same values in two shapes.

use super::{ColumnId, Expr};

/// Columns of a row that hold, in another shape, what others of it hold.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mapping {
    /// The columns that new clients know, each with its value over those of old clients.
    pub forward: Vec<(ColumnId, Expr)>,
    /// The columns of old clients that those values read.
    pub sources: Vec<ColumnId>,
    /// The columns of old clients that new ones give back, each with its value over those of new clients (and over itself, where
    /// only a part of it is given back). A source that nothing gives back is not among them.
    pub backward: Vec<(ColumnId, Expr)>,
    /// Those of them that old clients know as required.
    pub required: Vec<ColumnId>,
}

/// Whose side of a [`Mapping`] counts where the two do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The one that was written; if both were, the new one.
    Written,
    /// The new one: old clients have written nothing for a while.
    New,
}

impl Mapping {
    /// The columns on both sides.
    pub fn columns(&self) -> impl Iterator<Item = ColumnId> + '_ {
        let written = self.forward.iter().chain(&self.backward).map(|(column, _)| *column);
        written.chain(self.sources.iter().copied())
    }

    /// Does it read or write this column?
    pub fn concerns(&self, id: ColumnId) -> bool {
        self.sources.contains(&id)
            || self.forward.iter().chain(&self.backward).any(|(column, value)| *column == id || value.reads(id))
    }

    /// Is everything given back that the new columns are computed of? Then rows agree too whose old columns are what the new
    /// ones give back, though something of their spelling got lost on the way there.
    pub fn is_whole(&self) -> bool {
        !self.backward.is_empty() && self.sources.iter().all(|id| self.backward.iter().any(|(column, _)| column == id))
    }
}
