//! Columns that go on under another name and of another type: both exist for a while, each with its own shape of the value, and a
//! trigger keeps them in step, whoever writes. So each client has a column that it can read, whatever the two types are.

use super::column::backfill;
use super::context::bare;
use super::convert::{self, Conversion, Pairing};
use super::require_column::Missing;
use super::{Context, Group, Phase, Step, remake_enum, slug};
use crate::catalog::{Column, ColumnId, Default, Expr, Synced, TableId, TriggerRule};
use crate::op::{Backfill, Fact, Loss, Op, Work};
use crate::options::Assume;
use crate::question::Answer;
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, on: TableId, old: ColumnId, new: ColumnId) {
    let (was, column) = (cx.old_table(on).columns[&old].clone(), cx.new_table(on).columns[&new].clone());
    let (from, to) = (cx.column_label(on, &was.name), cx.column_label(on, &column.name));
    if remake_enum::is_open(cx, &was.ty, &column.ty) {
        return; // asked already
    }
    let both = format!("{from}, which becomes {to}");
    let pair = Pairing { on, ids: (old, new), was: &was, column: &column, label: &both, beside: true };
    let Some(Conversion { forth, back, exact, total, fits, .. }) = convert::values(cx, &pair) else { return };
    let mut given = false;
    let forth = if was.nullable && !column.nullable {
        match super::require_column::missing(cx, on, new, &column) {
            Some(Missing::Get(instead)) => {
                let instead = convert::lasting(cx, on, new, &column, instead);
                let Some(instead) = one_moment(cx, &column, instead) else { return };
                given = true;
                Expr::Coalesce(vec![forth, instead])
            }
            Some(Missing::None) => {
                super::require_column::check_there_are_none(cx, on, old);
                forth
            }
            None => return,
        }
    } else {
        forth
    };
    if let Some(map) = remake_enum::between(cx, &was.ty, &column.ty).cloned() {
        remake_enum::early(cx, on, (old, new), &map);
        if !remake_enum::keeps(cx, old, new, &map) {
            cx.exact.insert(new);
        }
    }
    let table = cx.new_table(on).name.name.clone();
    let words = slug(&[&table, &column.name]);
    let step = |stage, phase, verb: &str, title: String| {
        Step::new(stage, phase, Group::Table(on), format!("{verb}_{words}"), title)
    };
    let sync = Synced { forth: vec![(new, forth.clone())], back: vec![(old, back.clone())] };
    // Without a default: a value in it on insert is then a new client's.
    let add = Op::AddColumn { on, id: new, column: Box::new(bare(&column)) };
    let title = format!("Add column {to}, which will take the place of {from}");
    let mut add = step(StageKind::Expand, Phase::Columns, "add", title).op(add).lossless();
    if back.is_none() {
        add = add.hazard(
            "H308",
            format!("{from} does not follow what new clients write to {to}: old clients read what was there before"),
        );
    } else if !total {
        add = add.hazard("H308", format!("what new clients write to {to} and {from} cannot hold is refused"));
    } else if !exact {
        add = add.hazard("H308", format!("of what new clients write to {to}, {from} gets what its type can hold"));
    }
    cx.push(add);
    let (numbered, goes_on) = (was.default_is_sequence(), column.default_is_sequence());
    if goes_on && !numbered && !super::rename_column::begins(cx, on, (old, &was), &column) {
        return;
    }
    if !was.nullable && (column.nullable || back.is_none()) {
        // New clients write NULL, or nothing, and the old column has to follow.
        let title = format!("{from} may be NULL, since new clients do not always give it a value");
        let relax = step(StageKind::Expand, Phase::Columns, "relax", title).op(Op::DropNotNull { on, id: old });
        cx.push(relax);
    }
    if column.nullable && was.default.is_some() {
        // With a default, a NULL that a new client writes would look like an old client's row that left the column out.
        let title = format!("{from} has no default meanwhile: clients write it themselves");
        let op = Op::SetDefault { on, id: old, default: None };
        cx.push(step(StageKind::Expand, Phase::Columns, "undefault", title).op(op));
    }
    let fill = if forth.has_sql() || matches!(forth, Expr::Coalesce(_)) {
        Work::Fill { column: new, value: forth.clone() }
    } else {
        Work::Convert { from: old, to: new, value: forth.clone() }
    };
    backfill(cx, on, &column, format!("Fill {to} from {from} in the rows that exist"), fill, true);
    cx.filled.insert(new);
    let agree = Fact::InSync { on, sync: sync.clone() };
    let title = format!("{from} and {to} say the same in every row");
    let same = step(StageKind::Backfill, Phase::Filled, "same", title);
    cx.push(same.op(Op::Assert(agree.clone())).verify(agree));
    if !column.nullable {
        cx.require(on, new, &column.name);
    }
    let helpers = cx.watch(on, TriggerRule::Sync(sync.clone()));
    let relaxes = !was.nullable && !column.nullable && back.is_some();
    if relaxes {
        helpers.at_end.push(Op::DropNotNull { on, id: old });
    }
    if goes_on {
        helpers.at_end.push(Op::MoveSequence { on, from: old, to: new });
        helpers.back_first.push(Op::MoveSequence { on, from: new, to: old });
    } else {
        if numbered {
            helpers.at_end.push(Op::SetDefault { on, id: old, default: None });
            helpers.back_first.push(Op::SetDefault { on, id: old, default: was.default.clone() });
        }
        if column.default.is_some() {
            helpers.at_end.push(Op::SetDefault { on, id: new, default: column.default.clone() });
            helpers.back_first.push(Op::SetDefault { on, id: new, default: None });
        }
    }
    // Going back, the old column is filled from the new one first: new clients have written that alone.
    let refill = |work| Op::Backfill(Backfill { name: format!("back.{table}.{}", was.name), table: on, work });
    if back.is_none() {
        helpers.losses.push(Loss::Left(on, old));
    } else {
        if !exact || !fits {
            helpers.losses.push(Loss::Unfit(on, old));
        }
        if given {
            helpers.losses.push(Loss::WasNull(on, new));
        }
        helpers.back_rules.push(TriggerRule::Follow(sync.clone()));
        helpers.refills.push(refill(Work::Return(sync)));
    }
    if relaxes {
        // What was left without a value since stops the way back: its file says so.
        helpers.requires.push(Op::Assert(Fact::NoNulls { on, column: old }));
        let again = cx.required_again(on, old, &was.name);
        cx.helpers[&on].requires.extend(again);
    }
    let title = format!("Drop column {from}, in the place of which {to} is");
    let end = step(StageKind::Contract, Phase::OldColumns, "drop_old", title).op(Op::DropColumn { on, id: old });
    let default = if column.nullable || numbered { None } else { was.default.clone() };
    let empty = Column { nullable: true, default, ..was.clone() };
    let mut again = vec![Op::AddColumn { on, id: old, column: Box::new(empty) }];
    again.extend(back.map(|value| refill(Work::Sync { to: old, value })));
    let end = end.back(again);
    cx.push(if exact {
        end
    } else {
        let message = format!("what {to} cannot hold of {from} is gone");
        end.losing(vec![Loss::DroppedColumn(on, old)]).hazard("H201", message)
    });
}

/// The time that it is would be another one each time it is computed, and then nothing could tell whether both columns agree: a
/// moment has to be named.
fn one_moment(cx: &mut Context, column: &Column, value: Expr) -> Option<Expr> {
    if !matches!(value, Expr::Now | Expr::Default(Default::Now | Default::Sql(_))) {
        return Some(value);
    }
    if cx.intent.assumes(Assume::Placeholder)
        && let Some(zero) = cx.dialect.zero(cx.new_catalog(), &column.ty)
    {
        return Some(Expr::Literal(zero));
    }
    let label = column.origin.label();
    let question = format!(
        "{label} becomes required, and its default is another value each time: what do rows get that have none?"
    );
    let answer = |meaning: String, write: &str| Answer { meaning, write: write.to_owned() };
    let answers = vec![
        answer(format!("this value; above {label}"), "/// @stage.fallback(\"…\")"),
        answer(format!("no row lacks one: that is checked first; above {label}"), "/// @stage.fallback(-)"),
        answer("the zero value of its type".to_owned(), "--assume placeholder"),
    ];
    cx.ask("PS0704", &column.origin, question, answers);
    None
}
