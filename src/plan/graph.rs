//! The order of steps, as a graph with a preference: of what may run next, the earliest stage and phase goes first.

use crate::catalog::{Catalog, ColumnId, Name, TableId, TriggerRule};
use crate::change::{Group, Phase, Step};
use crate::op::Op;
use crate::stage::StageKind;
use foldhash::HashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

type Rank = (StageKind, Phase, Group, usize);

/// Facts of the form "this must run after that", each with its reason at the place where it is stated.
#[derive(Default)]
struct Order {
    waits_for: Vec<Vec<usize>>,
}

struct MustRun<'a>(&'a mut Order, usize);

impl Order {
    fn must_run(&mut self, step: usize) -> MustRun<'_> {
        MustRun(self, step)
    }
}

impl MustRun<'_> {
    fn after(self, other: usize) {
        if other != self.1 {
            self.0.waits_for[self.1].push(other);
        }
    }
}

/// Sorts; where names go round in a circle, the earliest step breaks it and [`super::names`] finds it a name meanwhile.
pub fn sort(old: &Catalog, steps: Vec<Step>) -> Vec<Step> {
    let mut order = Order { waits_for: vec![Vec::new(); steps.len()] };
    let mut freed: HashMap<(StageKind, Name), usize> = HashMap::default();
    for (at, step) in steps.iter().enumerate() {
        for name in step.ops.iter().flat_map(|op| frees(old, op)) {
            freed.insert((step.stage, name), at);
        }
    }
    for (at, step) in steps.iter().enumerate() {
        for name in step.ops.iter().filter_map(|op| takes(old, op)) {
            if let Some(other) = freed.get(&(step.stage, name)) {
                order.must_run(at).after(*other); // two relations cannot have one name at a time
            }
        }
    }
    for (adder, watcher) in watched(&steps) {
        order.must_run(watcher).after(adder); // a trigger looks values up in a column that is there
    }
    for (filler, reader) in needs(&steps, |step| &step.ops, |_| Vec::new()) {
        order.must_run(reader).after(filler); // what is taken from another row has to be there
    }
    for (filler, reader) in needs(&steps, |step| step.back.as_deref().unwrap_or_default(), dropped) {
        order.must_run(filler).after(reader); // on the way back, which goes the other way round, too
    }
    let place: HashMap<TableId, usize> = tables_in_order(&steps);
    let rank = |at: usize| -> Rank {
        let step = &steps[at];
        let group = match step.group {
            Group::Table(id) => Group::Table(TableId(u32::try_from(place.get(&id).copied().unwrap_or(0)).unwrap_or(0))),
            other => other,
        };
        (step.stage, step.phase, group, at)
    };
    let mut waiting: Vec<usize> = order.waits_for.iter().map(Vec::len).collect();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (at, befores) in order.waits_for.iter().enumerate() {
        for before in befores {
            next[*before].push(at);
        }
    }
    let mut ready: BinaryHeap<Reverse<Rank>> =
        (0..steps.len()).filter(|at| waiting[*at] == 0).map(|at| Reverse(rank(at))).collect();
    let mut circle: Vec<usize> = (0..steps.len()).filter(|at| waiting[*at] > 0).collect();
    circle.sort_by_key(|at| Reverse(rank(*at)));
    let mut done = vec![false; steps.len()];
    let mut sorted: Vec<usize> = Vec::with_capacity(steps.len());
    while sorted.len() < steps.len() {
        let at = match ready.pop() {
            Some(Reverse((.., at))) => at,
            None => match circle.pop() {
                Some(at) => at,
                None => break,
            },
        };
        if std::mem::replace(&mut done[at], true) {
            continue;
        }
        sorted.push(at);
        for &after in &next[at] {
            waiting[after] = waiting[after].saturating_sub(1);
            if waiting[after] == 0 && !done[after] {
                ready.push(Reverse(rank(after)));
            }
        }
    }
    // Within a stage the phases stay in order: an edge only ever moves a step within its own.
    sorted.sort_by_key(|at| (steps[*at].stage, steps[*at].phase));
    let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    sorted.into_iter().filter_map(|at| slots[at].take()).collect()
}

/// Pairs of steps of which the first adds a column in which a trigger of the second looks values up.
fn watched(steps: &[Step]) -> Vec<(usize, usize)> {
    let mut added: HashMap<ColumnId, usize> = HashMap::default();
    let mut reads: Vec<(usize, ColumnId)> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        for op in &step.ops {
            match op {
                Op::AddColumn { id, .. } => {
                    added.insert(*id, at);
                }
                Op::CreateTrigger(_, trigger) => {
                    for rule in &trigger.rules {
                        if let TriggerRule::Fill { value, .. }
                        | TriggerRule::Give { value, .. }
                        | TriggerRule::Compute { value, .. } = rule
                        {
                            reads.extend(value.looked_up().into_iter().map(|column| (at, column)));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    reads.into_iter().filter_map(|(at, column)| Some((*added.get(&column)?, at))).collect()
}

/// The columns that a step drops, which its way back has again.
fn dropped(step: &Step) -> Vec<ColumnId> {
    let dropped = |op: &Op| match op {
        Op::DropColumn { id, .. } => Some(*id),
        _ => None,
    };
    step.ops.iter().filter_map(dropped).collect()
}

/// Pairs of steps of one phase of which the second takes what the first fills.
fn needs(steps: &[Step], ops: impl Fn(&Step) -> &[Op], also: impl Fn(&Step) -> Vec<ColumnId>) -> Vec<(usize, usize)> {
    let mut fills: HashMap<(StageKind, Phase, ColumnId), Vec<usize>> = HashMap::default();
    let mut reads: Vec<(usize, ColumnId)> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        for column in also(step) {
            fills.entry((step.stage, step.phase, column)).or_default().push(at);
        }
        for op in ops(step) {
            let (Op::Backfill(fill) | Op::BackfillAtOnce(fill)) = op else { continue };
            for (column, value) in fill.work.targets() {
                fills.entry((step.stage, step.phase, column)).or_default().push(at);
                reads.extend(value.looked_up().into_iter().map(|column| (at, column)));
            }
        }
    }
    let fillers = |(at, column): (usize, ColumnId)| {
        let found = fills.get(&(steps[at].stage, steps[at].phase, column));
        found.into_iter().flatten().map(move |filler| (*filler, at))
    };
    reads.into_iter().flat_map(fillers).collect()
}

/// Tables in the order in which steps first speak of them, which is that of NEW.
fn tables_in_order(steps: &[Step]) -> HashMap<TableId, usize> {
    let mut place = HashMap::default();
    for step in steps {
        if let Group::Table(id) = step.group {
            let next = place.len();
            place.entry(id).or_insert(next);
        }
    }
    place
}

/// The names of relations that an op gives free, as OLD has them.
fn frees(old: &Catalog, op: &Op) -> Vec<Name> {
    let index = |on, id| {
        let table = old.tables.get(on)?;
        old.beside(table, &table.indexes.get(id)?.name)
    };
    match op {
        Op::DropTable(id) => old
            .tables
            .get(id)
            .map(|t| {
                let indexes = t.indexes.values().filter_map(|i| old.beside(t, &i.name));
                let key = t.primary_key.iter().filter_map(|k| old.beside(t, &k.name));
                std::iter::once(t.name.clone()).chain(indexes).chain(key).collect()
            })
            .unwrap_or_default(),
        Op::RenameTable { on, .. } => old.tables.get(on).map(|t| t.name.clone()).into_iter().collect(),
        Op::DropIndex { on, id, .. } | Op::RenameIndex { on, id, .. } => index(on, id).into_iter().collect(),
        Op::RenamePrimaryKey { on, .. } | Op::ChangePrimaryKey { on, .. } => {
            old.tables.get(on).and_then(|t| old.beside(t, &t.primary_key.as_ref()?.name)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The name of a relation that an op takes.
fn takes(old: &Catalog, op: &Op) -> Option<Name> {
    let beside = |on, name: &str| old.beside(old.tables.get(on)?, name);
    match op {
        Op::RenameTable { to, .. } => Some(to.clone()),
        Op::CreateTable(_, table) => Some(table.name.clone()),
        Op::CreateIndex { on, index, .. } => beside(on, &index.name),
        Op::RenameIndex { on, to, .. } | Op::RenamePrimaryKey { on, to } => beside(on, to),
        Op::ChangePrimaryKey { on, key: Some((key, _)) } => beside(on, &key.name),
        _ => None,
    }
}
