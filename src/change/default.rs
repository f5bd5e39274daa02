//! Defaults added, changed and dropped.
//!
//! A default serves writers that leave the column out; Prisma Client sends constants itself. So one that comes or changes
//! does so at the start, and one that goes does so at the end, when nobody relies on it. At the end as well one that is a
//! value which its enum has not had: whoever leaves the column out would write what old clients cannot read.

use super::{Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, Default, Literal, TableId};
use crate::op::Op;
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, on: TableId, id: ColumnId) {
    let (table, column) = (cx.new_table(on), cx.new_table(on).columns[&id].clone());
    let label = cx.column_label(on, &column.name);
    let default = column.default.clone();
    let (stage, phase, what) = match &default {
        Some(new) if is_unknown(cx, on, id, new) => (StageKind::Contract, Phase::Helpers, "Change the default of"),
        Some(_) => (StageKind::Expand, Phase::Columns, "Change the default of"),
        None => (StageKind::Contract, Phase::Helpers, "Drop the default of"),
    };
    let title = format!("{what} {label}");
    cx.note("change-default", &column.origin, title.clone());
    let words = slug(&[&table.name.name, &column.name]);
    if super::column::sequence_taken(cx, on, &column) {
        return;
    }
    cx.push(Step::new(stage, phase, Group::Table(on), format!("default_{words}"), title).op(Op::SetDefault {
        on,
        id,
        default,
    }));
}

/// Is it a value of an enum that old clients do not know?
fn is_unknown(cx: &Context, on: TableId, id: ColumnId, default: &Default) -> bool {
    let Some(known) = cx.old_table(on).columns[&id].ty.enum_id().and_then(|e| cx.old().enums.get(&e)) else {
        return false;
    };
    let unknown = |l: &Literal| matches!(l, Literal::Enum(label) if !known.values.contains(label));
    match default {
        Default::Literal(one) => unknown(one),
        Default::List(all) => all.iter().any(unknown),
        Default::Now | Default::Sequence | Default::Sql(_) => false,
    }
}
