//! The steps of whatever two tables hold in two ways for a while: triggers on both, rows that are brought over, and the way home.

use super::context::bare;
use super::{Context, Group, Phase, Step};
use crate::catalog::{Across, Carry, Column, ColumnId, Side, TableId, Trigger, TriggerId, TriggerRule};
use crate::op::{Backfill, Fact, Loss, Op, Work};
use crate::stage::StageKind;

/// One such change.
pub struct Crossing {
    /// What the two tables hold of each other.
    pub across: Across,
    /// Words for the names of files.
    pub words: String,
    /// The columns of OLD that go, with the table.
    pub left: (TableId, Vec<(ColumnId, Column)>),
    /// The columns of NEW that come, with the table.
    pub came: (TableId, Vec<(ColumnId, Column)>),
}

impl Crossing {
    /// A step of it.
    pub fn step(&self, stage: StageKind, phase: Phase, group: Group, verb: &str, title: String) -> Step {
        Step::new(stage, phase, group, format!("{verb}_{}", self.words), title)
    }

    /// The two tables, as old clients and as new ones know them.
    pub fn tables(&self, cx: &Context) -> (String, String) {
        let name = |side| {
            let id = self.across.table(side);
            let (old, new) = (cx.old().tables.get(&id), cx.new_catalog().tables.get(&id));
            old.or(new).map_or_else(String::new, |t| cx.dialect.name(&t.name))
        };
        (name(Side::Old), name(Side::New))
    }

    /// What old clients need no more is relaxed, and what new ones need is made, where its table is there already.
    pub fn expand(&self, cx: &mut Context) {
        let stage = StageKind::Expand;
        let on = self.left.0;
        if cx.new_catalog().tables.contains_key(&on) {
            for (id, column) in &self.left.1 {
                let label = cx.column_label(on, &column.name);
                if !column.nullable {
                    let title = format!("New clients write {label} elsewhere: allow rows without it");
                    let step = self.step(stage, Phase::Columns, Group::Table(on), "relax", title);
                    cx.push(step.op(Op::DropNotNull { on, id: *id }));
                }
                if column.default.is_some() {
                    // With a default, a row of a new client would look as if an old one had written it.
                    let title = format!("{label} has no default meanwhile: clients write it themselves");
                    let step = self.step(stage, Phase::Columns, Group::Table(on), "undefault", title);
                    cx.push(step.op(Op::SetDefault { on, id: *id, default: None }));
                }
            }
        }
        let on = self.came.0;
        if cx.old().tables.contains_key(&on) {
            for (id, column) in &self.came.1 {
                let title = format!("Add column {}", cx.column_label(on, &column.name));
                let step = self.step(stage, Phase::Columns, Group::Table(on), "add", title);
                cx.push(step.op(Op::AddColumn { on, id: *id, column: Box::new(bare(column)) }).lossless());
            }
        }
    }

    fn trigger(&self, cx: &mut Context, side: Side, carry: Carry) -> (TriggerId, Trigger) {
        let table = self.across.table(side);
        let rule = TriggerRule::Across { across: self.across.clone(), from: side, carry };
        let known = cx.old().tables.get(&table).or(cx.new_catalog().tables.get(&table));
        let of = known.map_or_else(String::new, |t| format!("{:?}", t.name));
        let columns: Vec<&str> = self.came.1.iter().chain(&self.left.1).map(|(_, c)| c.name.as_str()).collect();
        let name = format!("{:08x}", crc32fast::hash(format!("{carry:?} {of} {columns:?} {side:?}").as_bytes()));
        (cx.ids.fresh(), Trigger { name, table, rules: vec![rule] })
    }

    fn brought(&self, cx: &Context, from: Side, verb: &str) -> Op {
        let columns: Vec<&str> = self.came.1.iter().map(|(_, c)| c.name.as_str()).collect();
        let table = self.across.gone_through(from);
        let known = cx.old().tables.get(&table).or(cx.new_catalog().tables.get(&table));
        let name = format!("{verb}.{}.{}", known.map_or("", |t| &t.name.name), columns.join("."));
        Op::Backfill(Backfill { name, table, work: Work::Across { across: self.across.clone(), from } })
    }

    /// The rows that exist, and that they are there.
    pub fn fill(&self, cx: &mut Context) {
        let (a, b) = self.tables(cx);
        let stage = StageKind::Backfill;
        let title = format!("Bring what goes over from {a} to {b}, for the rows that exist");
        let rows = self
            .step(stage, Phase::Rows, Group::Alone, "bring", title)
            .op(self.brought(cx, Side::Old, "bring"))
            .hazard(
                "H102",
                "writes every row once: the table grows by about its own size until autovacuum has been there",
            )
            .lossless();
        cx.push(rows);
        let fact = Fact::Across { across: self.across.clone(), from: Side::Old };
        let same = self.step(stage, Phase::Filled, Group::Alone, "brought", format!("{b} holds what {a} does"));
        cx.push(same.op(Op::Assert(fact.clone())).verify(fact));
        for (id, _) in &self.came.1 {
            cx.filled.insert(*id);
        }
    }

    /// The new columns that must have a value do, before new clients come.
    pub fn filled(&self, cx: &mut Context) {
        let on = self.came.0;
        for (id, column) in self.came.1.iter().filter(|(_, c)| !c.nullable) {
            let fact = Fact::NoNulls { on, column: *id };
            let title = format!("Every row has a value in {}", cx.column_label(on, &column.name));
            let filled = self.step(StageKind::Backfill, Phase::Filled, Group::Table(on), "filled", title);
            cx.push(filled.op(Op::Assert(fact.clone())).verify(fact));
        }
    }

    /// The triggers, until old clients are gone, and the old columns, which go after them.
    pub fn contract(&self, cx: &mut Context, losing: bool) {
        let (a, b) = self.tables(cx);
        let old = self.trigger(cx, Side::Old, Carry::All);
        // Where a trigger only fills the rows of its own table, it is there as well.
        let answers = self.across.comes_back() || matches!(self.across, Across::Down(_));
        let new = answers.then(|| self.trigger(cx, Side::New, Carry::Changes));
        let title = if self.across.comes_back() {
            format!("Carry what is written to {a} and {b} from the one to the other, whoever writes")
        } else {
            format!("Carry what is written to {a} over to {b}")
        };
        let mut watch = self.step(StageKind::Expand, Phase::Views, Group::Alone, "sync", title);
        let mut end = self.step(
            StageKind::Contract,
            Phase::Helpers,
            Group::Alone,
            "unsync",
            format!("Stop carrying between {a} and {b}"),
        );
        for (id, trigger) in [Some(&old), new.as_ref()].into_iter().flatten() {
            watch = watch.op(Op::CreateTrigger(*id, trigger.clone()));
            end = end.op(Op::DropTrigger(*id));
        }
        cx.push(watch.hazard(
            "H103",
            format!(
                "a write of {a} locks rows of {b} too, and the other way round: on rows that several transactions write at \
                 the same time, one of them may fail with a deadlock (40P01) and has to be sent again"
            ),
        ));
        let mut back = Vec::new();
        let on = self.came.0;
        if cx.old().tables.contains_key(&on) {
            for (id, column) in self.came.1.iter().filter(|(_, c)| c.default.is_some()) {
                end = end.op(Op::SetDefault { on, id: *id, default: column.default.clone() });
                back.push(Op::SetDefault { on, id: *id, default: None });
            }
        }
        // Going back, what new clients wrote alone is brought home first, while both are watched again one after the other.
        if self.across.comes_back() {
            let home = self.trigger(cx, Side::New, Carry::All);
            back.push(Op::CreateTrigger(home.0, home.1));
            back.push(self.brought(cx, Side::New, "back"));
            back.push(Op::DropTrigger(home.0));
        } else if self.gives_back() {
            back.push(self.brought(cx, Side::New, "back"));
        }
        back.extend(new.map(|(id, trigger)| Op::CreateTrigger(id, trigger)));
        back.push(Op::CreateTrigger(old.0, old.1));
        cx.push(end.back(back));
        self.drop_old(cx, losing, &b);
    }

    /// Do old columns get anything back from the new ones, once new clients alone have written these?
    fn gives_back(&self) -> bool {
        match &self.across {
            Across::Turned(_) | Across::Down(_) => true,
            Across::Up(up) => !up.back.is_empty(),
            Across::Listed(listed) => listed.back.is_some(),
        }
    }

    fn drop_old(&self, cx: &mut Context, losing: bool, to: &str) {
        let on = self.left.0;
        if !cx.new_catalog().tables.contains_key(&on) {
            return;
        }
        for (id, column) in &self.left.1 {
            let label = cx.column_label(on, &column.name);
            let title = format!("Drop column {label}, whose values went to {to}");
            let empty = Column { nullable: true, default: None, ..column.clone() };
            let mut loss = match (losing, self.gives_back()) {
                (false, _) => Vec::new(),
                (true, true) => vec![Loss::Regained(on, *id)],
                (true, false) => vec![Loss::DroppedColumn(on, *id)],
            };
            if let Across::Down(down) = &self.across
                && down.fallback.iter().any(|(to, _)| down.pairs.contains(&(*id, *to)))
            {
                loss.push(Loss::WasNull(on, *id));
            }
            // All of them get what the one holds.
            if let Across::Up(up) = &self.across
                && column.nullable
                && up.back.iter().any(|(from, _)| from == id)
            {
                loss.push(Loss::WasNull(on, *id));
            }
            let mut step = self
                .step(StageKind::Contract, Phase::OldColumns, Group::Table(on), "drop_old", title)
                .op(Op::DropColumn { on, id: *id })
                .back(vec![Op::AddColumn { on, id: *id, column: Box::new(empty) }])
                .losing(loss);
            if losing {
                let why = format!("what {label} holds and {to} does not is gone: look at that first");
                step = step.hazard("H204", why);
            }
            cx.push(step);
        }
    }
}
