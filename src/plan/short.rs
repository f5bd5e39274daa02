//! The short way, where it is as safe: on tables that are so small that reading or writing all of one takes no longer than its
//! lock may be waited for, and on all of them where nobody uses the database.
//!
//! - NOT NULL looks at the rows itself, without a CHECK before it;
//! - an index is built in a transaction, so none can be left INVALID;
//! - a foreign key looks at the rows when it is made;
//! - rows are changed in one statement.
//!
//! Where nobody uses the database nothing has to be kept right for two generations of clients either: no triggers, no second
//! names, and everything is one stage.

use super::Sizes;
use crate::catalog::{Check, CheckId, CheckRule, ForeignKeyId, TableId, ViewId};
use crate::change::{Group, Phase, Step};
use crate::op::{Build, Fact, Op};
use crate::stage::StageKind;
use foldhash::{HashMap, HashSet};

/// Shortens the steps of a plan.
pub fn shorten(steps: Vec<Step>, sizes: &Sizes) -> Vec<Step> {
    if !sizes.any_brief() {
        return steps;
    }
    let plan = Shortening::of(&steps, sizes);
    let mut all: Vec<Step> = steps.into_iter().filter_map(|step| plan.step(step)).collect();
    if !all.iter().any(needs_bookkeeping) {
        for step in &mut all {
            step.ops.retain(|op| !is_bookkeeping(op));
        }
        all.retain(is_left);
    }
    all
}

/// Shortens ops that are done one after the other: a way back.
pub fn shorten_ops(ops: Vec<Op>, sizes: &Sizes) -> Vec<Op> {
    if !sizes.any_brief() {
        return ops;
    }
    let checks = proofs(&ops);
    let mut ops: Vec<Op> = ops.into_iter().filter_map(|op| short_op(op, &checks, sizes)).collect();
    let opens = ops.iter().any(|op| matches!(op, Op::OpenBookkeeping));
    let closes = ops.iter().any(|op| matches!(op, Op::CloseBookkeeping));
    let reads = ops.iter().any(is_reading);
    if (sizes.nobody_waits() && !reads) || (opens && closes && !ops.iter().any(op_needs_bookkeeping)) {
        ops.retain(|op| !is_bookkeeping(op));
    }
    ops
}

/// What has to be known of the whole plan.
struct Shortening<'a> {
    sizes: &'a Sizes,
    /// CHECKs that only prove NOT NULL.
    checks: HashSet<CheckId>,
    /// What NOT NULL takes over from them.
    before: HashMap<CheckId, Vec<Fact>>,
    /// What a foreign key takes over from looking at the rows later.
    verify: HashMap<ForeignKeyId, Vec<Fact>>,
    /// What an index takes over.
    valid: HashMap<TableId, Vec<Fact>>,
    /// Second names that end with the plan.
    views: HashSet<ViewId>,
    /// Is text read by a function, which needs a place?
    reads: bool,
}

impl<'a> Shortening<'a> {
    fn of(steps: &[Step], sizes: &'a Sizes) -> Self {
        let mut plan = Shortening {
            sizes,
            checks: HashSet::default(),
            before: HashMap::default(),
            verify: HashMap::default(),
            valid: HashMap::default(),
            views: HashSet::default(),
            reads: false,
        };
        let mut added: HashMap<ForeignKeyId, StageKind> = HashMap::default();
        for (step, op) in steps.iter().flat_map(|s| s.ops.iter().map(move |op| (s, op))) {
            match op {
                Op::AddCheck { id, check, .. } if is_proof(check) => {
                    plan.before.insert(*id, step.before.clone());
                    plan.checks.insert(*id);
                }
                Op::AddForeignKey { on, id, key } if sizes.is_brief(*on) && sizes.is_brief(key.references) => {
                    added.insert(*id, step.stage);
                }
                Op::DropView(id) => {
                    plan.views.insert(*id);
                }
                Op::OpenReading => plan.reads = true,
                _ => {}
            }
        }
        for step in steps {
            if let [Op::ValidateForeignKey { id, .. }] = step.ops[..]
                && step.phase == Phase::ForeignKeyRows
                && added.get(&id).is_some_and(|stage| *stage == step.stage || sizes.nobody_waits())
            {
                plan.verify.insert(id, step.verify.clone());
            }
            if let [Op::Assert(fact @ Fact::IndexValid { on, .. })] = &step.ops[..] {
                plan.valid.entry(*on).or_default().push(fact.clone());
            }
        }
        plan
    }

    /// A step, shorter; None where nothing is left of it.
    fn step(&self, mut step: Step) -> Option<Step> {
        let direct = self.sizes.nobody_waits();
        if self.is_done_already(&step) {
            return None;
        }
        for op in &mut step.ops {
            match op {
                Op::SetNotNull { on, proof, .. } if self.sizes.is_brief(*on) => {
                    let facts = proof.take().and_then(|check| self.before.get(&check).cloned());
                    step.before.extend(facts.unwrap_or_default());
                    step.title = step.title.replace(", proved by the check", "");
                }
                Op::AddForeignKey { id, key, .. } if self.verify.contains_key(id) => {
                    key.validated = true;
                    step.verify.extend(self.verify.get(id).cloned().unwrap_or_default());
                }
                Op::CreateIndex { on, id, .. } if self.sizes.is_brief(*on) => {
                    // Said of work beside running work, which this is not.
                    step.hazards.retain(|h| h.code != "H101");
                    let mine = |f: &&Fact| matches!(f, Fact::IndexValid { index, .. } if index == id);
                    step.verify.extend(self.valid.get(on).into_iter().flatten().filter(mine).cloned());
                }
                Op::Backfill(fill) if self.sizes.is_brief(fill.table) => step.hazards.retain(|h| h.code != "H102"),
                _ => {}
            }
        }
        let is_second_name =
            |op: &Op| matches!(op, Op::CreateView(id, _) | Op::DropView(id) if self.views.contains(id)) && direct;
        step.ops = step
            .ops
            .into_iter()
            .filter(|op| !is_second_name(op))
            .filter_map(|op| short_op(op, &self.checks, self.sizes))
            .collect();
        step.back =
            step.back.map(|back| shorten_ops(back.into_iter().filter(|op| !is_second_name(op)).collect(), self.sizes));
        if direct {
            step.stage = StageKind::Direct;
            step.group = Group::New;
            if !self.reads {
                step.ops.retain(|op| !is_bookkeeping(op));
            }
            // Said of clients that run meanwhile, or of locks.
            step.hazards.retain(|h| h.code.starts_with("H2") || h.code.starts_with("H6") || h.code.starts_with("H7"));
        }
        is_left(&step).then_some(step)
    }

    /// Has another step taken over what this one does?
    fn is_done_already(&self, step: &Step) -> bool {
        match &step.ops[..] {
            [Op::ValidateForeignKey { id, .. }] => step.phase == Phase::ForeignKeyRows && self.verify.contains_key(id),
            [Op::Assert(Fact::IndexValid { on, .. })] => self.sizes.is_brief(*on),
            // The rows were changed in the same transaction.
            [
                Op::Assert(
                    Fact::Mirrored { .. }
                    | Fact::Computed { .. }
                    | Fact::NoNulls { .. }
                    | Fact::InSync { .. }
                    | Fact::Mapped { .. }
                    | Fact::Carried { .. }
                    | Fact::Across { .. },
                ),
            ] => self.sizes.nobody_waits() && step.phase == Phase::Filled,
            _ => false,
        }
    }
}

/// One op, shorter; None where it is not needed.
fn short_op(op: Op, checks: &HashSet<CheckId>, sizes: &Sizes) -> Option<Op> {
    let brief = |on: &TableId| sizes.is_brief(*on);
    match op {
        Op::AddCheck { on, id, .. } | Op::ValidateCheck { on, id } | Op::DropCheck { on, id }
            if brief(&on) && checks.contains(&id) =>
        {
            None
        }
        Op::SetNotNull { on, id, .. } if brief(&on) => Some(Op::SetNotNull { on, id, proof: None }),
        Op::CreateIndex { on, id, index, .. } if brief(&on) => {
            Some(Op::CreateIndex { on, id, index, build: Build::Plain })
        }
        Op::DropIndex { on, id, .. } if brief(&on) => Some(Op::DropIndex { on, id, build: Build::Plain }),
        Op::Backfill(fill) if brief(&fill.table) => Some(Op::BackfillAtOnce(fill)),
        // It is one file that is not run again: no mark says that it has been.
        Op::CreateTrigger(..) | Op::DropTrigger(_) | Op::BeginOnce { .. } | Op::EndOnce { .. }
            if sizes.nobody_waits() =>
        {
            None
        }
        op => Some(op),
    }
}

fn is_proof(check: &Check) -> bool {
    matches!(check.rule, CheckRule::NotNull(_))
}

/// The CHECKs that these ops add to prove NOT NULL.
fn proofs(ops: &[Op]) -> HashSet<CheckId> {
    ops.iter()
        .filter_map(|op| match op {
            Op::AddCheck { id, check, .. } if is_proof(check) => Some(*id),
            _ => None,
        })
        .collect()
}

fn is_bookkeeping(op: &Op) -> bool {
    matches!(op, Op::OpenBookkeeping | Op::CloseBookkeeping)
}

/// Is there something to do, forwards or only on the way back: rows that are filled again?
fn is_left(step: &Step) -> bool {
    !step.ops.is_empty() || step.back.iter().flatten().any(|op| !is_bookkeeping(op))
}

fn is_reading(op: &Op) -> bool {
    matches!(op, Op::OpenReading | Op::CloseReading)
}

fn op_needs_bookkeeping(op: &Op) -> bool {
    is_reading(op) || matches!(op, Op::Backfill(_) | Op::CreateTrigger(..) | Op::BeginOnce { .. })
}

fn needs_bookkeeping(step: &Step) -> bool {
    step.ops.iter().chain(step.back.iter().flatten()).any(op_needs_bookkeeping)
}
