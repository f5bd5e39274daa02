//! What no trigger sees: a foreign key that deletes rows by itself. Neither server has triggers answer it, MySQL 9.6 and later, which
//! follow foreign keys themselves, included (<https://dev.mysql.com/doc/refman/9.6/en/create-table-foreign-keys.html>; tried on
//! MariaDB 10.11 and MySQL 9.7).

use crate::catalog::{Across, Action, Catalog, ColumnId, ForeignKey, TableId, TriggerRule};
use crate::dialect::Unspoken;
use crate::op::Op;

const ROWS: Unspoken = Unspoken {
    what: "values that follow each other between two tables, of which a foreign key with onDelete: Cascade to a third one deletes rows, which no trigger sees,",
    instead: "give that relation onDelete: NoAction in a plan before this one, have clients delete those rows themselves, and give it back in one after it",
};
const ITSELF: Unspoken = Unspoken {
    what: "values that follow each other between rows of one table, since a trigger may not write its own table (error 1442),",
    instead: "do it in a migration of your own, and plan from the schema after it",
};

/// What of an op, where a plan leads from `old` to `new`.
pub fn unseen(ends: (&Catalog, &Catalog), op: &Op) -> Option<Unspoken> {
    let Op::CreateTrigger(_, trigger) = op else { return None };
    trigger.rules.iter().find_map(|rule| of_rule(ends, rule))
}

fn of_rule((old, new): (&Catalog, &Catalog), rule: &TriggerRule) -> Option<Unspoken> {
    let (tables, watched): ([TableId; 2], Vec<(TableId, &[ColumnId])>) = match rule {
        TriggerRule::Carry { link, .. } => {
            let mut watched = vec![(link.child, link.child_key.as_slice())];
            if link.deletes {
                watched.push((link.parent, &[]));
            }
            ([link.parent, link.child], watched)
        }
        TriggerRule::Across { across, .. } => {
            let watched = match across {
                Across::Turned(turned) if is_held(new, &turned.new.key, turned.new.table) => {
                    vec![(turned.old.table, turned.old.key.as_slice())]
                }
                Across::Up(up) => vec![(up.family.child, up.family.child_key.as_slice())],
                Across::Turned(_) | Across::Down(_) | Across::Listed(_) => Vec::new(),
            };
            ([across.table(crate::catalog::Side::Old), across.table(crate::catalog::Side::New)], watched)
        }
        TriggerRule::Fill { .. }
        | TriggerRule::Give { .. }
        | TriggerRule::Compute { .. }
        | TriggerRule::Mirror { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Sync(_)
        | TriggerRule::Follow(_) => return None,
    };
    if tables[0] == tables[1] {
        return Some(ITSELF);
    }
    let cascades = |key: &ForeignKey, by: &[ColumnId]| key.on_delete == Action::Cascade && key.columns != by;
    let keys = |table: TableId| {
        [old, new].into_iter().filter_map(move |at| at.tables.get(&table)).flat_map(|t| t.foreign_keys.values())
    };
    watched.into_iter().any(|(table, by)| keys(table).any(|key| cascades(key, by))).then_some(ROWS)
}

/// Does a foreign key over these columns forbid that the row goes which it points at?
fn is_held(at: &Catalog, columns: &[ColumnId], on: TableId) -> bool {
    let keys = at.tables.get(&on).into_iter().flat_map(|t| t.foreign_keys.values());
    keys.filter(|key| key.columns == columns).any(|key| matches!(key.on_delete, Action::Restrict | Action::NoAction))
}
