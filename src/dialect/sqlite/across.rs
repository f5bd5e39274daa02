//! Values that two tables hold in two ways: triggers that carry what is written to the one, and rows that are brought there.

use super::quote::name;
use super::trigger::{Event, pairs};
use crate::catalog::{Across, Carry, Catalog, ColumnId, Family, Side, Table};

mod down;
mod turned;
mod up;

/// Rows of a table that do not hold what they should.
pub struct Behind<'a> {
    /// The table.
    pub table: &'a Table,
    /// Its columns.
    pub columns: Vec<ColumnId>,
    /// The other table's name.
    pub other: String,
    /// True of such a row, by the table's own name.
    pub condition: String,
}

/// What the trigger of a side does.
pub fn watch(at: &Catalog, across: &Across, from: Side, carry: Carry) -> Vec<Event> {
    match across {
        Across::Turned(turned) => turned::watch(at, turned, from, carry),
        Across::Down(down) => down::watch(at, down, from),
        Across::Up(up) => up::watch(at, up, from),
        // Refused where it is planned.
        Across::Listed(_) => Vec::new(),
    }
}

/// The statements that bring what a side says to the other, for all rows.
pub fn bring(at: &Catalog, across: &Across, from: Side) -> Vec<String> {
    match across {
        Across::Turned(turned) => turned::bring(at, turned, from),
        Across::Down(down) => whole(down::bring(at, down, from)),
        Across::Up(up) => whole(up::bring(at, up, from)),
        Across::Listed(_) => Vec::new(),
    }
}

/// The rows of which one side does not follow the other yet.
pub fn behind<'a>(at: &'a Catalog, across: &Across, from: Side) -> Option<Behind<'a>> {
    let on = across.gone_through(from);
    let [own, other] = [Side::Old, Side::New].map(|side| across.table(side));
    let other = at.tables.get(if own == on { &other } else { &own })?;
    let side = if own == on { Side::Old } else { Side::New };
    Some(Behind {
        table: at.tables.get(&on)?,
        columns: across.columns(side),
        other: other.name.name.clone(),
        condition: match across {
            Across::Turned(turned) => turned::behind(at, turned, from)?,
            Across::Down(down) => down::bring(at, down, from)?.1,
            Across::Up(up) => up::bring(at, up, from)?.1,
            Across::Listed(_) => return None,
        },
    })
}

/// A change of rows, and which of them it concerns.
type Bring = Option<(String, String)>;

fn whole(bring: Bring) -> Vec<String> {
    bring.map(|(act, still)| format!("{act} WHERE {still}")).into_iter().collect()
}

/// The two tables of a family.
struct Kin<'a> {
    family: &'a Family,
    parent: &'a Table,
    child: &'a Table,
}

impl<'a> Kin<'a> {
    fn of(at: &'a Catalog, family: &'a Family) -> Option<Self> {
        Some(Kin { family, parent: at.tables.get(&family.parent)?, child: at.tables.get(&family.child)? })
    }

    /// `_ps_child."userId" = NEW."id"`: the rows of the child that belong to one of the parent.
    fn met(&self, child: &str, parent: &str) -> String {
        let keys = self.family.child_key.iter().zip(&self.family.parent_key);
        pairs((self.child, child), "=", (self.parent, parent), keys, " AND ")
    }

    fn names(&self) -> (String, String) {
        (name(&self.parent.name), name(&self.child.name))
    }
}
