//! Columns renamed: both exist for a while, and a trigger keeps them the same, whoever writes.

use super::column::backfill;
use super::context::bare;
use super::{Context, Group, Phase, Step, rename_retyped, slug};
use crate::catalog::{Column, ColumnId, Expr, TableId, TriggerRule};
use crate::dialect::Retype;
use crate::op::{Backfill, Fact, Op, Work};
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, on: TableId, old: ColumnId, new: ColumnId) {
    let (was, column) = (cx.old_table(on).columns[&old].clone(), cx.new_table(on).columns[&new].clone());
    let (from, to) = (cx.column_label(on, &was.name), cx.column_label(on, &column.name));
    cx.note("rename-column", &column.origin, format!("Rename column {from} to {}", cx.dialect.ident(&column.name)));
    // The one sequence is the old column's until old clients are gone, whichever of the two are numbered.
    let (numbered, goes_on) = (was.default_is_sequence(), column.default_is_sequence());
    if column.nullable && super::primary_key::is_old_key(cx, on, old) {
        let what = "renaming a column of the primary key and making it optional at once";
        let why = "both columns hold the same while both clients run, and a key is never NULL";
        let instead =
            "take it out of the key, and make it optional, in a plan before this one, and rename it in this one";
        return cx.refuse(what, &column.origin, why, instead);
    }
    let retype = match cx.dialect.retype(&was.ty, &column.ty) {
        Retype::Same => false,
        Retype::Free | Retype::FreeInUtc => true,
        Retype::FreeUnlessIndexed | Retype::Rewrite => {
            return rename_retyped::plan(cx, on, old, new);
        }
    };
    let table = cx.new_table(on).name.name.clone();
    let words = slug(&[&table, &column.name]);
    let step = |stage, phase, verb: &str, title: String| {
        Step::new(stage, phase, Group::Table(on), format!("{verb}_{words}"), title)
    };
    let mirrored = Fact::Mirrored { on, old, new };
    if retype {
        // The old column takes the new type first, which is free, so that each can hold what the other does.
        let title = format!("{from} takes the type of {to}");
        let widen = step(StageKind::Expand, Phase::Columns, "retype", title).op(Op::Retype {
            on,
            id: old,
            to: column.ty.clone(),
        });
        cx.push(widen);
    }
    // Without a default: a value in it on insert is then a new client's.
    let add = Op::AddColumn { on, id: new, column: Box::new(bare(&column)) };
    cx.push(
        step(StageKind::Expand, Phase::Columns, "add", format!("Add column {to}, which will take the place of {from}"))
            .op(add)
            .lossless(),
    );
    if !was.nullable && column.nullable {
        // New clients write NULL, and the old column has to follow.
        let title = format!("{from} may be NULL, since {to} may");
        let relax = step(StageKind::Expand, Phase::Columns, "relax", title).op(Op::DropNotNull { on, id: old });
        cx.push(relax);
    }
    if column.nullable && was.default.is_some() {
        // With a default, a NULL that a new client writes would look like an old client's row that left the column out.
        let title = format!("{from} has no default meanwhile: clients write it themselves");
        let end = step(StageKind::Expand, Phase::Columns, "undefault", title).op(Op::SetDefault {
            on,
            id: old,
            default: None,
        });
        cx.push(end);
    }
    if goes_on && !numbered && !begins(cx, on, (old, &was), &column) {
        return;
    }
    if was.nullable && !column.nullable && !super::require_column::give(cx, on, old, new, &column) {
        return;
    }
    backfill(cx, on, &column, format!("Copy {from} to {to} in the rows that exist"), Work::Copy { old, new }, true);
    cx.filled.insert(new);
    let same = step(StageKind::Backfill, Phase::Filled, "same", format!("{from} and {to} hold the same in every row"));
    cx.push(same.op(Op::Assert(mirrored.clone())).verify(mirrored));
    if !column.nullable {
        cx.require(on, new, &column.name);
    }
    let helpers = cx.watch(on, TriggerRule::Mirror { old, new });
    let relaxes = !was.nullable && !column.nullable;
    if relaxes {
        helpers.at_end.push(Op::DropNotNull { on, id: old });
    }
    if goes_on {
        helpers.at_end.push(Op::MoveSequence { on, from: old, to: new });
        helpers.back_first.push(Op::MoveSequence { on, from: new, to: old });
    } else if column.default.is_some() {
        helpers.at_end.push(Op::SetDefault { on, id: new, default: column.default.clone() });
        helpers.back_first.push(Op::SetDefault { on, id: new, default: None });
    }
    if numbered && !goes_on {
        helpers.at_end.push(Op::SetDefault { on, id: old, default: None });
        helpers.back_first.push(Op::SetDefault { on, id: old, default: was.default.clone() });
    }
    // Going back, the old column is filled from the new one first: new clients have written that alone.
    let name = format!("back.{table}.{}", was.name);
    let refill = Op::Backfill(Backfill { name, table: on, work: Work::Sync { to: old, value: Expr::Column(new) } });
    helpers.back_rules.push(TriggerRule::Compute { column: old, value: Expr::Column(new) });
    helpers.refills.push(refill.clone());
    if relaxes {
        let again = cx.required_again(on, old, &was.name);
        cx.helpers[&on].requires.extend(again);
    }
    let end = step(
        StageKind::Contract,
        Phase::OldColumns,
        "drop_old",
        format!("Drop column {from}, whose values {to} holds"),
    );
    let default = if column.nullable || numbered || goes_on { None } else { was.default.clone() };
    let empty = Column { nullable: true, default, ty: column.ty.clone(), ..was };
    let again = Op::AddColumn { on, id: old, column: Box::new(empty) };
    cx.push(end.op(Op::DropColumn { on, id: old }).back(vec![again, refill]));
}

/// Numbering begins with another name: until old clients are gone the sequence is the old column's. These write a value themselves,
/// so the numbers are those of new clients, whose column follows. False where that is refused.
pub fn begins(cx: &mut Context, on: TableId, (old, was): (ColumnId, &Column), column: &Column) -> bool {
    let early = Column { name: was.name.clone(), ..column.clone() };
    if super::column::sequence_taken(cx, on, &early) {
        return false;
    }
    let (from, to) = (cx.column_label(on, &was.name), cx.column_label(on, &column.name));
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let title = format!("{from} is numbered, and {to} with it");
    let begin = Step::new(StageKind::Expand, Phase::Columns, Group::Table(on), format!("number_{words}"), title)
        .op(Op::SetDefault { on, id: old, default: column.default.clone() });
    cx.push(begin);
    true
}
