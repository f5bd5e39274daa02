//! What no trigger sees: a foreign key that deletes rows by itself. Neither server has triggers answer it, MySQL 9.6 and later, which
//! follow foreign keys themselves, included (<https://dev.mysql.com/doc/refman/9.6/en/create-table-foreign-keys.html>; tried on
//! MariaDB 10.11 and MySQL 9.7).

use crate::catalog::{Across, Action, Catalog, ColumnId, ForeignKey, Side, TableId, TriggerRule};
use crate::dialect::Unspoken;
use crate::op::Op;

const ROWS: Unspoken = Unspoken {
    what: "values that follow each other between two tables, of which a foreign key to a third one deletes or unlinks rows by its onDelete, which no trigger sees,",
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

/// Rows whose end has to be carried: those of a table, the columns by which they belong to the other, and those that count.
struct Watched<'a> {
    table: TableId,
    link: &'a [ColumnId],
    counts: Vec<ColumnId>,
}

fn of_rule((old, new): (&Catalog, &Catalog), rule: &TriggerRule) -> Option<Unspoken> {
    let (tables, watched) = match rule {
        TriggerRule::Carry { link, .. } => {
            let mut watched =
                vec![Watched { table: link.child, link: &link.child_key, counts: link.child_key.clone() }];
            if link.deletes {
                watched.push(Watched { table: link.parent, link: &[], counts: Vec::new() });
            }
            ([link.parent, link.child], watched)
        }
        TriggerRule::Across { across, .. } => {
            ([Side::Old, Side::New].map(|side| across.table(side)), watched(new, across))
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
    let acts = |key: &ForeignKey, of: &Watched| match key.on_delete {
        _ if key.columns == of.link => false,
        Action::Cascade => true,
        Action::SetNull | Action::SetDefault => key.columns.iter().any(|id| of.counts.contains(id)),
        Action::Restrict | Action::NoAction => false,
    };
    let keys = |table: TableId| {
        [old, new].into_iter().filter_map(move |at| at.tables.get(&table)).flat_map(|t| t.foreign_keys.values())
    };
    watched.iter().any(|of| keys(of.table).any(|key| acts(key, of))).then_some(ROWS)
}

fn watched<'a>(new: &Catalog, across: &'a Across) -> Vec<Watched<'a>> {
    match across {
        Across::Turned(turned) if is_held(new, &turned.new.key, turned.new.table) => {
            vec![Watched { table: turned.old.table, link: &turned.old.key, counts: turned.old.own.clone() }]
        }
        Across::Up(up) => {
            let counts = up.family.child_key.iter().chain(&up.sources).copied().collect();
            vec![Watched { table: up.family.child, link: &up.family.child_key, counts }]
        }
        Across::Turned(_) | Across::Down(_) | Across::Listed(_) => Vec::new(),
    }
}

/// Does a foreign key over these columns forbid that the row goes which it points at?
fn is_held(at: &Catalog, columns: &[ColumnId], on: TableId) -> bool {
    let keys = at.tables.get(&on).into_iter().flat_map(|t| t.foreign_keys.values());
    keys.filter(|key| key.columns == columns).any(|key| matches!(key.on_delete, Action::Restrict | Action::NoAction))
}
