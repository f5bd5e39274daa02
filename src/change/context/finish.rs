//! The steps that belong to no change alone, made when all changes are known: helpers, switches, bookkeeping.

use super::{Context, End, replication};
use crate::catalog::{ColumnId, TableId, Trigger, TriggerId, TriggerRule};
use crate::change::step::{Group, Phase, Step};
use crate::change::{hang, slug};
use crate::op::Op;
use crate::stage::StageKind;
use foldhash::HashSet;
use indexmap::IndexMap;

impl Context<'_> {
    /// Steps for the triggers that the changes asked for. They go table by table; where columns change places that foreign keys
    /// connect, for all of these tables at once.
    pub fn finish_helpers(&mut self) {
        let mut ends: IndexMap<Group, End> = IndexMap::new();
        for (table, mut helpers) in std::mem::take(&mut self.helpers) {
            // What is found in another row, or in this one, comes after what is computed.
            let finds = |rule: &TriggerRule| matches!(rule, TriggerRule::Compute { value, .. } if !value.looked_up().is_empty());
            helpers.rules.sort_by_key(finds);
            helpers.back_rules.sort_by_key(finds);
            let name = &self.new_table(table).name.name;
            let quoted = self.dialect.name(&self.new_table(table).name);
            // What old clients cannot read is written when they are gone.
            let late = helpers.rules.extract_if(.., |rule| self.writes_what_is_new(table, rule)).collect::<Vec<_>>();
            let mut triggers = Vec::new();
            let early = !helpers.rules.is_empty() || late.is_empty();
            let early = early.then_some((StageKind::Expand, helpers.rules));
            let late = (!late.is_empty()).then_some((StageKind::Backfill, late));
            for (stage, rules) in early.into_iter().chain(late) {
                let print = self.fingerprint(table, &rules);
                let trigger = Trigger { name: format!("{print:08x}"), table, rules };
                let id: TriggerId = self.ids.fresh();
                let title = format!("Keep both shapes of {quoted} right, whoever writes");
                let slug = format!("sync_{}", slug(&[name]));
                let step = Step::new(stage, Phase::Columns, Group::Table(table), slug, title);
                self.push(step.op(Op::CreateTrigger(id, trigger.clone())));
                triggers.push((id, trigger));
            }
            let end = ends.entry(self.switched_with(table)).or_default();
            end.tables.push(table);
            end.ops.extend(triggers.iter().map(|(id, _)| Op::DropTrigger(*id)));
            end.keys.extend(helpers.keys);
            end.at_end.extend(helpers.at_end);
            end.last.extend(helpers.last);
            if !helpers.back_rules.is_empty() {
                let name = format!("{:08x}", self.fingerprint(table, &("back", &helpers.back_rules)));
                let other: TriggerId = self.ids.fresh();
                let rules = helpers.back_rules;
                end.reverse.push(Op::CreateTrigger(other, Trigger { name, table, rules }));
                end.back.push(Op::DropTrigger(other));
            }
            end.refills.extend(helpers.refills);
            end.requires.extend(helpers.requires);
            end.builds.extend(helpers.builds);
            end.back.extend(helpers.back_first);
            end.back.extend(triggers.into_iter().map(|(id, trigger)| Op::CreateTrigger(id, trigger)));
            end.back_keys.extend(helpers.back_keys);
            end.after.extend(helpers.back);
            end.losses.extend(helpers.losses);
            end.pauses.extend(helpers.pauses);
        }
        for (group, end) in ends {
            let names: Vec<_> = end.tables.iter().map(|t| &self.new_table(*t).name).collect();
            let quoted = names.iter().map(|n| self.dialect.name(n)).collect::<Vec<_>>().join(", ");
            let words = names.first().map_or_else(String::new, |n| slug(&[&n.name]));
            let places = end.at_end.iter().any(|op| matches!(op, Op::RenameColumn { .. }));
            let (verb, title) = if places {
                ("switch", format!("The new columns of {quoted} take the places of the old ones"))
            } else {
                ("unsync", format!("Stop filling {quoted} for old clients"))
            };
            let step = Step::new(StageKind::Contract, Phase::Helpers, group, format!("{verb}_{words}"), title);
            let step = if places {
                step.hazard("H401", "each prepared statement that returns a column of another type now fails once on each connection (0A000); clients with a statement cache reconnect or are restarted")
            } else {
                step
            };
            let mut step = if end.keys.is_empty() { step } else { step.hazard("H701", replication(&quoted)) };
            let renamed = self.matched.renamed_columns.iter().filter(|(on, _, _)| end.tables.contains(on));
            step = hang::before_the_end(step, renamed.map(|(on, old, _)| (*on, *old)).collect());
            step = end.pauses.into_iter().fold(step, |step, why| step.hazard("H402", why));
            step = step.ops(end.keys).ops(end.ops);
            let mut back = [end.reverse, in_order_of_need(end.refills), end.requires, end.builds].concat();
            for switch in self.switches.extract_if(.., |s| s.tables.iter().any(|t| end.tables.contains(t))) {
                step = step.ops(switch.step.ops);
                back.extend(switch.back);
            }
            back.extend([end.back, end.back_keys, end.after].concat());
            self.push(step.ops(end.at_end).ops(end.last).back(back).losing(end.losses));
        }
        self.steps.extend(std::mem::take(&mut self.switches).into_iter().map(|s| s.step.back(s.back)));
    }

    /// Does a rule fill a column that old clients read with a value of an enum that they do not know?
    fn writes_what_is_new(&self, table: TableId, rule: &TriggerRule) -> bool {
        let TriggerRule::Fill { column, value } = rule else { return false };
        let known = self.old().tables.get(&table).and_then(|t| t.columns.get(column)?.ty.enum_id());
        let Some(known) = known.and_then(|id| self.old().enums.get(&id)) else { return false };
        value.labels().into_iter().any(|label| !known.values.iter().any(|v| v == label))
    }

    /// The place where backfills keep their progress, opened first and closed last, if anything needs it.
    pub fn finish_bookkeeping(&mut self) {
        let all = self.steps.iter().flat_map(|s| s.ops.iter().chain(s.back.iter().flatten()));
        let needed =
            all.into_iter().any(|op| matches!(op, Op::Backfill(_) | Op::CreateTrigger(..) | Op::BeginOnce { .. }));
        if !needed && !self.reading {
            return;
        }
        // Marks of an earlier plan of the same kind are forgotten; on the way back they are as they were.
        let ops = self.steps.iter().flat_map(|s| &s.ops);
        let marks: Vec<String> = ops
            .filter_map(|op| match op {
                Op::BeginOnce { mark, .. } => Some(mark.clone()),
                _ => None,
            })
            .collect();
        let mark = |back: bool| marks.iter().map(move |mark| Op::EndOnce { mark: mark.clone(), back });
        let open = Step::new(
            StageKind::Expand,
            Phase::Bookkeeping,
            Group::Alone,
            "open_bookkeeping",
            "Make the schema prisma_stage, where backfills keep their progress",
        );
        let forget: Vec<Op> = mark(true).collect();
        let remember: Vec<Op> = mark(false).collect();
        let reading = |op: Op| self.reading.then_some(op);
        let (made, gone) = (reading(Op::OpenReading), reading(Op::CloseReading));
        let open = open.op(Op::OpenBookkeeping).ops(forget).ops(made.clone());
        let undo = gone.clone().into_iter().chain([Op::CloseBookkeeping]).collect();
        self.push(if marks.is_empty() { open } else { open.back(undo) });
        let close = Step::new(
            StageKind::Contract,
            Phase::CloseBookkeeping,
            Group::Alone,
            "close_bookkeeping",
            "Remove the schema prisma_stage, unless another plan is using it",
        );
        let close = close.ops(gone).op(Op::CloseBookkeeping);
        let again: Vec<Op> = [Op::OpenBookkeeping].into_iter().chain(made).chain(remember).collect();
        self.push(if marks.is_empty() { close } else { close.back(again) });
    }
}

/// Refills, each behind those that fill what it looks up.
fn in_order_of_need(refills: Vec<Op>) -> Vec<Op> {
    let values = |op: &Op| match op {
        Op::Backfill(fill) => fill.work.targets().collect(),
        _ => Vec::new(),
    };
    let mut left = refills;
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let filled: HashSet<ColumnId> = left.iter().flat_map(values).map(|(column, _)| column).collect();
        let waits = |op: &Op| {
            values(op).iter().any(|(own, value)| value.looked_up().iter().any(|c| c != own && filled.contains(c)))
        };
        let (later, now): (Vec<Op>, Vec<Op>) = left.into_iter().partition(waits);
        // In a ring nobody is first.
        let stuck = now.is_empty();
        sorted.extend(now);
        if stuck {
            sorted.extend(later);
            break;
        }
        left = later;
    }
    sorted
}
