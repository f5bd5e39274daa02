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

/// What becomes of the rows that have no value.
pub enum Missing {
    /// They get this one.
    Get(Expr),
    /// There are none: that was said, and is checked.
    None,
}

/// Gives every row a value in the column `id`, and helps writers that leave it out; `wanted` is the column of NEW that is
/// required, the same or the one that takes its place. False if nobody said which value.
pub fn give(cx: &mut Context, on: TableId, id: ColumnId, wanted: ColumnId, column: &Column) -> bool {
    let value = match missing(cx, on, wanted, column) {
        Some(Missing::Get(value)) => value,
        Some(Missing::None) => {
            check_there_are_none(cx, on, id);
            return true;
        }
        None => return false,
    };
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

/// Stops where a row of OLD has no value, before anything is made of that.
pub fn check_there_are_none(cx: &mut Context, on: TableId, id: ColumnId) {
    let table = cx.old_table(on);
    let name = table.columns[&id].name.clone();
    let words = slug(&[&table.name.name, &name]);
    let title = format!("Every row has a value in {}", cx.column_label(on, &name));
    let fact = Fact::NoNulls { on, column: id };
    let check =
        Step::new(StageKind::Validate, Phase::Filled, Group::Table(on), format!("filled_{words}"), title.clone())
            .op(Op::Assert(fact.clone()))
            .before(fact)
            .hazard("H307", "from now on writes of NULL are refused, those of old clients too");
    cx.push(check);
}

/// What becomes of rows that have none: what was said, or the constant default. None if the question is open.
pub fn missing(cx: &mut Context, on: TableId, id: ColumnId, column: &Column) -> Option<Missing> {
    let label = cx.column_label(on, &column.name);
    let question = format!("{label} becomes required: what do rows get that have none?");
    if let Some(said) = cx.said(&cx.intent.filled, &column.origin) {
        cx.decide("PS0704", &column.origin, &question, "there are none: that is checked", &said.source);
        return Some(Missing::None);
    }
    let said =
        cx.said(&cx.intent.using, &column.origin).is_some() || cx.said(&cx.intent.fallback, &column.origin).is_some();
    match &column.default {
        // The default says it: what a row gets that is written without a value; where no two may agree, one of them alone.
        Some(default) if is_constant(default) && !said && !cx.is_unique_alone(on, id) => {
            Some(Missing::Get(Expr::Default(default.clone())))
        }
        Some(_) | None => match value::find(cx, on, id, column, "PS0704", &question)? {
            Filling::Constant(value) | Filling::Each(value) => Some(Missing::Get(value)),
        },
    }
}
