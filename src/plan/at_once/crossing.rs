//! Values that go over to another table: of all that changes say, these steps are done as they are said. Both tables hold them for
//! a while, and triggers carry what is written to the one over to the other.

use super::said::Values;
use crate::catalog::{Across, ColumnId, Expr, Side, TableId, Trigger, TriggerId, TriggerRule};
use crate::change::Step;
use crate::op::{Backfill, Fact, Op, Work};
use crate::stage::StageKind;
use foldhash::{HashMap, HashSet};

/// What the steps say of such values.
#[derive(Default)]
pub struct Crossing {
    /// The triggers of both sides.
    pub sync: Vec<Step>,
    /// What brings over the rows that exist.
    pub fill: Vec<Step>,
    /// That they are there.
    pub filled: Vec<Step>,
    /// The triggers go, and the way back brings home what new clients wrote.
    pub end: Vec<Step>,
    /// Columns of OLD whose values go over.
    pub left: HashSet<ColumnId>,
    /// Columns of NEW where they come.
    pub came: HashMap<ColumnId, TableId>,
    triggers: HashSet<TriggerId>,
}

impl Crossing {
    /// Picks them out of all steps.
    pub fn of(steps: &[Step]) -> Self {
        let mut all = Crossing::default();
        for op in steps.iter().flat_map(|s| &s.ops) {
            if let Op::Backfill(Backfill { work, .. }) | Op::BackfillAtOnce(Backfill { work, .. }) = op
                && let Some((left, came, on)) = ends(work)
            {
                all.left.extend(left);
                all.came.extend(came.into_iter().map(|id| (id, on)));
            }
        }
        for trigger in steps.iter().filter(|s| s.stage == StageKind::Expand).flat_map(|s| &s.ops) {
            if let Op::CreateTrigger(id, trigger) = trigger
                && trigger.rules.iter().any(|rule| all.crosses(rule))
            {
                all.triggers.insert(*id);
            }
        }
        for step in steps {
            all.hear(step);
        }
        let nulls = |op: &Op| match op {
            Op::Assert(Fact::NoNulls { column, .. }) => all.came.contains_key(column),
            _ => false,
        };
        let required = steps.iter().filter(|s| s.stage == StageKind::Backfill && s.ops.iter().any(nulls));
        let required: Vec<Step> = required.map(|s| plain(s, s.ops.clone())).collect();
        all.filled.extend(required);
        all
    }

    /// Is there nothing that goes over?
    pub fn is_empty(&self) -> bool {
        self.fill.is_empty()
    }

    /// Where nobody writes meanwhile: without triggers.
    pub fn at_once(&self) -> impl Iterator<Item = Step> + '_ {
        let home = |op: &Op| matches!(op, Op::Backfill(_) | Op::BackfillAtOnce(_));
        let end = move |step: &Step| {
            let back = step.back.iter().flatten().filter(|op| home(op)).cloned().collect();
            Step { back: Some(back), ..plain(step, Vec::new()) }
        };
        // In the end there is nothing left to compare.
        let kept = self.fill.iter().chain(&self.filled).map(|step| Step { verify: Vec::new(), ..step.clone() });
        kept.chain(self.end.iter().map(end))
    }

    fn hear(&mut self, step: &Step) {
        let picked = |op: &&Op| self.is_own(op);
        let ops: Vec<Op> = step.ops.iter().filter(picked).map(|op| self.own(op)).collect();
        let Some(first) = ops.first() else { return };
        match first {
            Op::CreateTrigger(..) => self.sync.push(plain(step, ops)),
            Op::DropTrigger(_) => {
                let back = step.back.iter().flatten().filter(picked).map(|op| self.own(op)).collect();
                self.end.push(Step { back: Some(back), ..plain(step, ops) });
            }
            Op::Assert(_) => self.filled.push(plain(step, ops)),
            Op::Backfill(_) | Op::BackfillAtOnce(_) => self.fill.push(plain(step, ops)),
            _ => {}
        }
    }

    fn is_own(&self, op: &Op) -> bool {
        match op {
            Op::CreateTrigger(id, _) | Op::DropTrigger(id) => self.triggers.contains(id),
            Op::Assert(fact) => matches!(fact, Fact::Carried { .. } | Fact::Across { .. }),
            Op::Backfill(fill) | Op::BackfillAtOnce(fill) => {
                matches!(fill.work, Work::Carry { .. } | Work::Across { .. })
            }
            _ => false,
        }
    }

    /// Does it carry values over, or give one to a row that an old client makes where they come?
    fn crosses(&self, rule: &TriggerRule) -> bool {
        match rule {
            TriggerRule::Carry { .. } | TriggerRule::Across { .. } => true,
            TriggerRule::Fill { column, .. } => self.came.contains_key(column),
            TriggerRule::Give { .. }
            | TriggerRule::Compute { .. }
            | TriggerRule::Mirror { .. }
            | TriggerRule::Map { .. }
            | TriggerRule::Sync(_)
            | TriggerRule::Follow(_) => false,
        }
    }

    /// The op with as much of its trigger.
    fn own(&self, op: &Op) -> Op {
        match op {
            Op::CreateTrigger(id, trigger) => {
                let rules = trigger.rules.iter().filter(|rule| self.crosses(rule)).cloned().collect();
                Op::CreateTrigger(*id, Trigger { rules, ..trigger.clone() })
            }
            other => other.clone(),
        }
    }

    /// What rows hold in the end that still have nothing, since an old client made them.
    pub fn last(&self, steps: &[Step]) -> Values {
        let mut all = Values::new();
        let mut add = |on: TableId, id: ColumnId, value: &Expr| {
            if self.came.contains_key(&id) && !all.iter().any(|v: &(TableId, ColumnId, Expr)| v.1 == id) {
                all.push((on, id, Expr::Coalesce(vec![Expr::Column(id), value.clone()])));
            }
        };
        for op in steps.iter().flat_map(|s| &s.ops) {
            let Op::CreateTrigger(_, trigger) = op else { continue };
            for rule in &trigger.rules {
                match rule {
                    TriggerRule::Fill { column, value } => add(trigger.table, *column, value),
                    TriggerRule::Across { across: Across::Down(down), .. } => {
                        down.fallback.iter().for_each(|(id, value)| add(down.family.child, *id, value));
                    }
                    TriggerRule::Carry { .. }
                    | TriggerRule::Across { .. }
                    | TriggerRule::Give { .. }
                    | TriggerRule::Compute { .. }
                    | TriggerRule::Mirror { .. }
                    | TriggerRule::Map { .. }
                    | TriggerRule::Sync(_)
                    | TriggerRule::Follow(_) => {}
                }
            }
        }
        all
    }
}

/// The columns that such work reads, those that it writes, and the table of these.
fn ends(work: &Work) -> Option<(Vec<ColumnId>, Vec<ColumnId>, TableId)> {
    match work {
        Work::Across { across, .. } => {
            Some((across.columns(Side::Old), across.columns(Side::New), across.table(Side::New)))
        }
        Work::Carry { link, from } => {
            Some((link.columns(*from).collect(), link.columns(from.other()).collect(), link.table(from.other())))
        }
        Work::Fill { .. }
        | Work::Copy { .. }
        | Work::Convert { .. }
        | Work::Sync { .. }
        | Work::Map(_)
        | Work::MapBack(_)
        | Work::Return(_)
        | Work::KeepFirst { .. }
        | Work::KeepFirstOf { .. }
        | Work::ClearOrphans { .. }
        | Work::Together(_) => None,
    }
}

/// The step with these ops. Of deadlocks and replication there is nothing to fear here.
fn plain(step: &Step, ops: Vec<Op>) -> Step {
    Step { ops, back: None, losses: Vec::new(), before: Vec::new(), hazards: Vec::new(), ..step.clone() }
}
