//! Defaults added, changed and dropped.
//!
//! A default serves writers that leave the column out; Prisma Client sends constants itself. So one that comes or changes
//! does so at the start, and one that goes does so at the end, when nobody relies on it.

use super::{Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, TableId};
use crate::op::Op;
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, on: TableId, id: ColumnId) {
    let (table, column) = (cx.new_table(on), cx.new_table(on).columns[&id].clone());
    let label = cx.column_label(on, &column.name);
    let default = column.default.clone();
    let (stage, phase, what) = match default {
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
