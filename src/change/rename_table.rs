//! Tables renamed: the new name is a view until old clients are gone, then the two change places.
//!
//! The view carries the new names of columns too, so columns that are renamed along with their table need no second column.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, Table, TableId, TableKind, View, ViewId, helper_name};
use crate::op::Op;
use crate::stage::StageKind;

pub fn classify(on: TableId, was: &Table, now: &Table) -> Option<Change> {
    let turned =
        |t: &Table| matches!(&t.kind, TableKind::Join { .. }).then(|| t.columns.keys().next().copied()).flatten();
    match (turned(was), turned(now)) {
        // A new column in the place of one, for another type, is no turn.
        (Some(a), Some(b)) if a != b && was.columns.contains_key(&b) => Some(Change::TurnJoinTable(on)),
        (Some(_) | None, Some(_) | None) if was.name != now.name => Some(Change::RenameTable(on)),
        (Some(_) | None, Some(_) | None) => None,
    }
}

pub fn plan(cx: &mut Context, on: TableId) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let (from, to) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
    cx.note("rename-table", &now.origin, format!("Rename table {from} to {to}"));
    if was.name.schema != now.name.schema {
        return cx.refuse("moving a table to another schema", &now.origin, "leave @@schema as it is");
    }
    if let Some(other) = cx.taken_by(&now.name) {
        return cx.refuse(
            &format!("renaming {from} to {to}, which is the name of {other} so far,"),
            &now.origin,
            "rename in two changes, or keep the tables' names with @@map: then no SQL is needed",
        );
    }
    let words = slug(&[&now.name.name]);
    let columns = now.columns.iter().map(|(id, c)| (c.name.clone(), *id)).collect();
    let id: ViewId = cx.ids.fresh();
    let view = View { name: now.name.clone(), table: on, columns };
    let alias = Step::new(
        StageKind::Expand,
        Phase::Views,
        Group::Alone,
        format!("alias_{words}"),
        format!("Give {from} its new name {to} beside the old one"),
    );
    let alias = alias.op(Op::CreateView(id, view)).hazard(
        "H602",
        format!(
            "rights granted on {from} do not hold for the view: grant them on {to} to the roles that clients use; row-level \
             security is checked as for the view's owner (set security_invoker on it, where the server has that)"
        ),
    );
    cx.push(alias);
    let mut ops = vec![Op::DropView(id), Op::RenameTable { on, to: now.name.clone() }];
    ops.extend(column_names(was, now, on));
    let swap = Step::new(
        StageKind::Contract,
        Phase::Names,
        Group::Table(on),
        format!("rename_{words}"),
        format!("{from} becomes {to}; the second name goes"),
    );
    cx.push(swap.ops(ops));
}

/// The renames of columns, by a name in between where one column takes the name that another leaves.
fn column_names(was: &Table, now: &Table, on: TableId) -> Vec<Op> {
    let changed: Vec<(ColumnId, &str, &str)> = now
        .columns
        .iter()
        .filter_map(|(id, c)| was.columns.get(id).map(|old| (*id, old.name.as_str(), c.name.as_str())))
        .filter(|(_, old, new)| old != new)
        .collect();
    let rename = |id: ColumnId, to: String| Op::RenameColumn { on, id, to };
    let crossed = changed.iter().any(|(_, _, new)| changed.iter().any(|(_, old, _)| old == new));
    if !crossed {
        return changed.into_iter().map(|(id, _, new)| rename(id, new.to_owned())).collect();
    }
    let away = changed.iter().map(|(id, old, _)| rename(*id, helper_name(old, "ps")));
    let home = changed.iter().map(|(id, _, new)| rename(*id, (*new).to_owned()));
    away.chain(home).collect()
}

/// A column renamed along with its table: the table's own steps do it.
pub fn column(cx: &mut Context, on: TableId, id: ColumnId) {
    let (was, now) = (&cx.old_table(on).columns[&id], &cx.new_table(on).columns[&id]);
    let summary = format!("Rename column {} to {}", cx.dialect.ident(&was.name), cx.dialect.ident(&now.name));
    cx.note("rename-column", &now.origin, summary);
    if cx.old_table(on).name == cx.new_table(on).name {
        cx.refuse(
            "renaming this column in place",
            &now.origin,
            "keep the column's name with @map(\"old name\"): then no SQL is needed",
        );
    }
}

pub fn turn(cx: &mut Context, on: TableId) {
    let table = cx.new_table(on);
    cx.note("turn-join-table", &table.origin, "The columns A and B of a join table change places");
    cx.refuse(
        &format!("turning over columns A and B of the join table {}", cx.dialect.name(&table.name)),
        &table.origin,
        "keep the alphabetical order of the two models (or of the two fields, in a self-relation), or make the relation explicit",
    );
}
