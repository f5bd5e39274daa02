//! What the triggers of a plan do for the tables of a client.

use crate::catalog::{
    Across, Action, BaseType, Catalog, Column, ColumnId, ColumnType, End, Expr, ForeignKey, Lead, Side, Table, TableId,
    TriggerRule,
};
use crate::dialect::Dialect;
use crate::op::{Backfill, Run};
use crate::stage::Generation;
use foldhash::HashSet;
use std::collections::BTreeSet;

/// What the database does for a table that the client does not know of, and what it was before the plan.
pub(super) struct Helped<'r> {
    pub(super) table: TableId,
    /// Did it do so before, and does no more?
    pub(super) severed: bool,
    pub(super) before: Option<&'r Table>,
    pub(super) filled: HashSet<ColumnId>,
    pub(super) mirrored: HashSet<ColumnId>,
    /// What new rows get where they are made without it.
    pub(super) given: HashSet<ColumnId>,
    /// What new clients write elsewhere, and nothing brings here.
    pub(super) one_way: HashSet<ColumnId>,
    /// Columns that do not follow what is written to those in their place.
    pub(super) left: HashSet<ColumnId>,
    /// What old clients have in another table, and write only after the row.
    pub(super) late: HashSet<ColumnId>,
}

impl Helped<'_> {
    /// The same where no trigger is there: the client between keeps both shapes the same, and the new one waits until rows are filled.
    pub(super) fn by_clients(self, generation: Generation) -> Self {
        let waits = generation == Generation::New;
        Helped {
            filled: HashSet::default(),
            mirrored: if waits { self.mirrored } else { HashSet::default() },
            given: HashSet::default(),
            one_way: HashSet::default(),
            left: HashSet::default(),
            late: HashSet::default(),
            ..self
        }
    }
}

/// What a client that does not know the columns which a backfill fills leaves behind from then on.
pub(super) fn left_behind(run: &Run, fill: &Backfill) -> Vec<String> {
    let Some(table) = run.catalog.tables.get(&fill.table) else { return Vec::new() };
    let called = |id: &ColumnId| table.columns.get(id).map_or("", |c| c.name.as_str());
    let name = &table.name.name;
    let targets: HashSet<ColumnId> = fill.work.targets().map(|(id, _)| id).collect();
    let rules = run.catalog.triggers.values().filter(|t| t.table == fill.table).flat_map(|t| &t.rules);
    let mut left = Vec::new();
    for rule in rules {
        match rule {
            TriggerRule::Mirror { old, new } if targets.contains(new) => {
                left.push(format!("what it writes to {name}.{} does not reach {name}.{}", called(old), called(new)));
            }
            TriggerRule::Fill { column, .. } | TriggerRule::Give { column, .. } if targets.contains(column) => {
                left.push(format!("rows that it writes without {name}.{} stay without", called(column)));
            }
            TriggerRule::Compute { column, value: Expr::Remap { labels, .. } } if targets.contains(column) => {
                let labels = labels.iter().map(|(from, _)| from.as_str()).collect::<Vec<_>>().join(", ");
                left.push(format!("rows get {labels} from it in {name}.{}", called(column)));
            }
            TriggerRule::Mirror { .. }
            | TriggerRule::Fill { .. }
            | TriggerRule::Give { .. }
            | TriggerRule::Compute { .. }
            | TriggerRule::Map { .. }
            | TriggerRule::Carry { .. }
            | TriggerRule::Across { .. }
            | TriggerRule::Sync(_)
            | TriggerRule::Follow(_) => {}
        }
    }
    left
}

/// The tables for whose rows a trigger makes rows of this one.
pub(super) fn made_with(run: &Run, child: TableId) -> BTreeSet<TableId> {
    let mut parents = BTreeSet::new();
    for rule in run.catalog.triggers.values().flat_map(|trigger| &trigger.rules) {
        if let TriggerRule::Carry { link, from: End::Parent, .. } = rule
            && link.child == child
            && link.made.is_some()
        {
            parents.insert(link.parent);
        }
    }
    parents
}

/// The tables whose rows a trigger makes for those of this one, and that keep it from being deleted: the foreign key forbids it, and no
/// trigger takes them along.
pub(super) fn held_by(run: &Run, parent: TableId) -> BTreeSet<TableId> {
    let mut children = BTreeSet::new();
    for rule in run.catalog.triggers.values().flat_map(|trigger| &trigger.rules) {
        if let TriggerRule::Carry { link, from: End::Parent, .. } = rule
            && link.parent == parent
            && link.made.is_some()
            && !link.deletes
            && let Some(child) = run.catalog.tables.get(&link.child)
        {
            let forbids = |key: &ForeignKey| {
                key.references == parent
                    && key.columns == link.child_key
                    && matches!(key.on_delete, Action::Restrict | Action::NoAction)
            };
            if child.foreign_keys.values().any(forbids) {
                children.insert(link.child);
            }
        }
    }
    children
}

pub(super) fn helped<'r>(before: &'r Catalog, run: &Run, table: TableId) -> Helped<'r> {
    let mut helped = Helped {
        table,
        severed: false,
        before: before.tables.get(&table).map(|table| &**table),
        filled: HashSet::default(),
        mirrored: HashSet::default(),
        given: HashSet::default(),
        one_way: HashSet::default(),
        left: HashSet::default(),
        late: HashSet::default(),
    };
    for rule in run.catalog.triggers.values().flat_map(|t| &t.rules) {
        // What rows of another table fill has no trigger here.
        if let TriggerRule::Across { across: Across::Up(up), .. } = rule
            && up.family.parent == table
        {
            helped.mirrored.extend(up.values.iter().map(|(id, _)| *id));
        }
    }
    for rule in run.catalog.triggers.values().filter(|t| t.table == table).flat_map(|t| &t.rules) {
        match rule {
            TriggerRule::Give { column, .. } => {
                helped.given.insert(*column);
            }
            TriggerRule::Fill { column, .. } | TriggerRule::Compute { column, .. } => {
                helped.filled.insert(*column);
            }
            TriggerRule::Map { mapping, lead: Lead::Written } => {
                let new = mapping.forward.iter().map(|(id, _)| *id);
                helped.filled.extend(new.clone().chain(mapping.backward.iter().map(|(id, _)| *id)));
                helped.mirrored.extend(new);
                let one_way = mapping.sources.iter().filter(|id| !mapping.backward.iter().any(|(to, _)| to == *id));
                helped.one_way.extend(one_way);
            }
            TriggerRule::Carry { link, from, .. } => {
                let there = |id: &ColumnId| helped.before.is_some_and(|t| t.columns.contains_key(id));
                helped.mirrored.extend(link.columns(*from).filter(|id| !there(id)));
            }
            TriggerRule::Across { across, from, .. } => across_helps(across, *from, &mut helped),
            TriggerRule::Map { mapping, lead: Lead::New } => {
                helped.filled.extend(mapping.backward.iter().map(|(id, _)| *id));
            }
            TriggerRule::Mirror { old, new } => {
                helped.filled.extend([*old, *new]);
                helped.mirrored.insert(*new);
            }
            TriggerRule::Sync(sync) => {
                helped.mirrored.extend(sync.forth.iter().map(|(new, _)| *new));
                helped.filled.extend(sync.forth.iter().map(|(new, _)| *new));
                let (follow, left): (Vec<_>, Vec<_>) = sync.back.iter().partition(|(_, value)| value.is_some());
                helped.filled.extend(follow.into_iter().map(|(old, _)| *old));
                helped.left.extend(left.into_iter().map(|(old, _)| *old));
            }
            TriggerRule::Follow(sync) => helped.filled.extend(sync.back.iter().map(|(old, _)| *old)),
        }
    }
    helped
}

/// The column that follows this one, requires a value, and cannot hold all that this one can: such writes are refused.
pub(super) fn tight(run: &Run, dialect: Dialect, table: TableId, new: ColumnId) -> Option<&str> {
    let there = run.catalog.tables.get(&table)?;
    let rules = run.catalog.triggers.values().filter(|t| t.table == table).flat_map(|t| &t.rules);
    let followed = rules.filter_map(|rule| if let TriggerRule::Sync(sync) = rule { Some(&sync.back) } else { None });
    let cut = |(old, value): &(ColumnId, Option<Expr>)| {
        let Some(Expr::Cast { column, to, fallback: None }) = value else { return None };
        let (old, own) = (there.columns.get(old)?, there.columns.get(&new)?);
        let fits = dialect.cast(&run.catalog, &own.ty, to, "x").is_none_or(|cast| cast.total);
        (*column == new && !old.nullable && !fits).then_some(old.name.as_str())
    };
    followed.flatten().find_map(cut)
}

/// The columns of rows that are made of the elements of this list, as `Table(a, b)`, where they may not hold every element: such writes
/// are refused.
pub(super) fn picky(run: &Run, dialect: Dialect, table: TableId, list: ColumnId) -> Option<String> {
    let rules = run.catalog.triggers.values().filter(|t| t.table == table).flat_map(|t| &t.rules);
    let mut made_of = rules.filter_map(|rule| {
        if let TriggerRule::Across { across: Across::Listed(listed), from: Side::Old, .. } = rule {
            (listed.list == list).then_some(listed)
        } else {
            None
        }
    });
    let listed = made_of.next()?;
    let (was, child) =
        (run.catalog.tables.get(&table)?.columns.get(&list)?, run.catalog.tables.get(&listed.family.child)?);
    let element = ColumnType { list: false, ..was.ty.clone() };
    let text =
        |column: &Column| column.nullable && matches!(&column.ty.base, BaseType::Native { name, .. } if name == "TEXT");
    let same =
        |ty: &ColumnType| element == *ty || dialect.cast(&run.catalog, &element, ty, "x").is_some_and(|c| c.total);
    let holds = |column: &Column, sql: &str| {
        sql.trim() == "position" || if sql.trim() == "value" && was.ty.list { same(&column.ty) } else { text(column) }
    };
    let cut = listed.values.iter().filter_map(|(id, sql)| child.columns.get(id).filter(|c| !holds(c, sql)));
    let cut: Vec<&str> = cut.map(|column| column.name.as_str()).collect();
    (!cut.is_empty()).then(|| format!("{}({})", child.name.name, cut.join(", ")))
}

/// What triggers between two tables do for the one of a side.
fn across_helps(across: &Across, from: Side, helped: &mut Helped) {
    let columns = across.columns(from);
    match from {
        Side::Old if across.comes_back() => {}
        Side::Old => helped.left.extend(columns),
        Side::New => {
            let before = helped.before;
            helped.mirrored.extend(columns.iter().filter(|id| !before.is_some_and(|t| t.columns.contains_key(*id))));
            match across {
                Across::Turned(_) => helped.late.extend(columns),
                Across::Down(_) => helped.filled.extend(columns),
                Across::Up(_) | Across::Listed(_) => {}
            }
        }
    }
}
