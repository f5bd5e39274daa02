//! Optional to required: rows without a value get one, writers that leave it out are helped, then NOT NULL is proved.

use super::Context;
use super::column::backfill;
use super::value::{self, Filling};
use crate::catalog::{Column, ColumnId, Expr, TableId, TriggerRule};
use crate::op::{Fact, Op, Work, is_constant};
use crate::stage::StageKind;

use super::{Group, Phase, Step, slug};

pub fn plan(cx: &mut Context, on: TableId, id: ColumnId) {
    let column = cx.new_table(on).columns[&id].clone();
    let label = cx.column_label(on, &column.name);
    cx.note("require-column", &column.origin, format!("Require a value in {label}"));
    if give(cx, on, id, id, &column) {
        cx.require(on, id, &column.name);
    }
}

/// Gives every row a value in the column `id`, and helps writers that leave it out; `wanted` is the column of NEW that is
/// required, the same or the one that takes its place. False if nobody said which value.
pub fn give(cx: &mut Context, on: TableId, id: ColumnId, wanted: ColumnId, column: &Column) -> bool {
    let Some(value) = value_for_null(cx, on, wanted, column) else { return false };
    let label = cx.column_label(on, &column.name);
    cx.watch(on, TriggerRule::Fill { column: id, value: value.clone() });
    backfill(cx, on, column, format!("Give the rows without a {label} one"), Work::Fill { column: id, value }, false);
    cx.filled.insert(id);
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let check = Step::new(
        StageKind::Backfill,
        Phase::Filled,
        Group::Table(on),
        format!("filled_{words}"),
        format!("Every row has a value in {label}"),
    );
    cx.push(check.op(Op::Assert(Fact::NoNulls { on, column: id })).verify(Fact::NoNulls { on, column: id }));
    true
}

/// What a row gets that has none: what was said, or the constant default. None if the question is open.
pub fn value_for_null(cx: &mut Context, on: TableId, id: ColumnId, column: &Column) -> Option<Expr> {
    let label = cx.column_label(on, &column.name);
    let question = format!("{label} becomes required: what do rows get that have none?");
    let said =
        cx.said(&cx.intent.using, &column.origin).is_some() || cx.said(&cx.intent.fallback, &column.origin).is_some();
    match &column.default {
        // The default says it: what a row gets that is written without a value.
        Some(default) if is_constant(default) && !said => Some(Expr::Default(default.clone())),
        Some(_) | None => match value::find(cx, on, id, column, "PS0704", &question)? {
            Filling::Constant(value) | Filling::Each(value) => Some(value),
        },
    }
}
