//! What the enums of both schemas hold, before anything is known to be the same.

use crate::catalog::{Catalog, ColumnType, EnumId, Name};
use crate::pair::Pair;
use foldhash::HashMap;

/// Names and labels of the enums of both.
pub struct Labelled(HashMap<EnumId, (Name, Vec<String>)>);

impl Labelled {
    /// Of both; no two of their enums have one identity.
    pub fn of(catalogs: &Pair<Catalog>) -> Self {
        let all = catalogs.old.enums.iter().chain(&catalogs.new.enums);
        Labelled(all.map(|(id, e)| (*id, (e.name.clone(), e.values.clone()))).collect())
    }

    /// Can a column go from the one to the other in the copy of its table: does the other enum take every label, or is it the same one,
    /// of which it is said what becomes of labels that left?
    pub fn change_in_copies(&self, from: &ColumnType, to: &ColumnType) -> bool {
        let of = |ty: &ColumnType| ty.enum_id().and_then(|id| self.0.get(&id));
        let (Some((was, labels)), Some((is, there))) = (of(from), of(to)) else { return false };
        from.list == to.list && (was == is || labels.iter().all(|label| there.contains(label)))
    }
}
