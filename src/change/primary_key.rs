//! Primary keys.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{Table, TableId};
use crate::op::Op;
use crate::stage::StageKind;

pub fn classify(on: TableId, was: &Table, now: &Table) -> Vec<Change> {
    match (&was.primary_key, &now.primary_key) {
        (None, None) => Vec::new(),
        (Some(a), Some(b)) if a.columns == b.columns && a.name == b.name => Vec::new(),
        (Some(a), Some(b)) if a.columns == b.columns => vec![Change::RenamePrimaryKey(on)],
        (Some(_) | None, Some(_) | None) => vec![Change::ChangePrimaryKey(on)],
    }
}

pub fn change(cx: &mut Context, on: TableId) {
    let table = cx.new_table(on);
    cx.note("change-primary-key", &table.origin, "Change the primary key");
    cx.refuse(
        "changing the columns of a primary key",
        &table.origin,
        "keep the key and add a @@unique over the columns that are to identify a row",
    );
}

pub fn rename(cx: &mut Context, on: TableId) {
    let table = cx.new_table(on);
    let Some(key) = &table.primary_key else { return };
    let title =
        format!("Rename the primary key of {} to {}", cx.dialect.name(&table.name), cx.dialect.ident(&key.name));
    cx.note("rename-primary-key", &table.origin, title.clone());
    let step =
        Step::new(StageKind::Contract, Phase::Names, Group::Table(on), format!("rename_{}", slug(&[&key.name])), title);
    cx.push(step.op(Op::RenamePrimaryKey { on, to: key.name.clone() }));
}
