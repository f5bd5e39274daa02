//! Tables renamed: the new name is a view until old clients are gone, then the two change places.
//!
//! The view carries the new names of columns too, so columns that are renamed along with their table need no second column.

use super::{Change, Context, Group, Phase, Step, exchange, slug};
use crate::catalog::{ColumnId, Name, Table, TableId, TableKind, View, ViewId, helper_name};
use crate::op::Op;
use crate::options::Strategy;
use crate::stage::StageKind;

pub fn classify(on: TableId, was: &Table, now: &Table) -> Option<Change> {
    (was.name != now.name).then_some(Change::RenameTable(on))
}

pub fn plan(cx: &mut Context, on: TableId) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let (from, to) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
    let (kind, verb) =
        if was.name.schema == now.name.schema { ("rename-table", "Rename") } else { ("change-namespace", "Move") };
    cx.note(kind, &now.origin, format!("{verb} table {from} to {to}"));
    let words = slug(&[&now.name.name]);
    let mut ops = exchange::column_names(cx, on);
    if ops.iter().any(|op| matches!(op, Op::BeginOnce { .. })) && matches!(now.kind, TableKind::Join { .. }) {
        cx.note("turn-join-table", &now.origin, "The columns A and B of a join table change places");
    }
    if let Some(other) = cx.taken_by(&now.name).map(str::to_owned) {
        return late(cx, on, &other, ops);
    }
    // What changes its type is written as the old type until the two columns change places, under the old name too.
    let swapped = |id: &ColumnId| cx.matched.swapped_columns.iter().find(|(_, _, new)| new == id).map(|s| s.1);
    let columns: Vec<(String, ColumnId)> =
        now.columns.iter().map(|(id, c)| (c.name.clone(), swapped(id).unwrap_or(*id))).collect();
    let after: Vec<(String, ColumnId)> = now.columns.iter().map(|(id, c)| (c.name.clone(), *id)).collect();
    let id: ViewId = cx.ids.fresh();
    let view = View { name: now.name.clone(), table: on, columns };
    let mut last = id;
    if after != view.columns {
        last = cx.ids.fresh();
        let then = View { columns: after, ..view.clone() };
        let helpers = cx.helpers.entry(on).or_default();
        helpers.last.extend([Op::DropView(id), Op::CreateView(last, then)]);
        helpers.back_keys.extend([Op::DropView(last), Op::CreateView(id, view.clone())]);
    }
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
            "the view has the rights granted on {from}, but for those on single columns: grant them on {to} to the roles that clients \
             use; before PostgreSQL 15 row-level security is checked as for the view's owner"
        ),
    );
    cx.push(alias);
    let mut first = make_way(cx, on);
    first.splice(0..0, [Op::DropView(last)]);
    first.push(Op::RenameTable { on, to: now.name.clone() });
    ops.splice(0..0, first);
    let swap = Step::new(
        StageKind::Contract,
        Phase::Names,
        Group::Table(on),
        format!("rename_{words}"),
        format!("{from} becomes {to}; the second name goes"),
    );
    cx.push(swap.ops(ops));
}

/// Where a table moves to another schema its indexes move along: those whose names others have there are called something else
/// meanwhile.
fn make_way(cx: &mut Context, on: TableId) -> Vec<Op> {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    if was.name.schema == now.name.schema {
        return Vec::new();
    }
    let mut ops = Vec::new();
    let late = |cx: &mut Context, name: &str, op: Op| {
        let title = format!("{} gets its own name, which is free now", cx.dialect.ident(name));
        let words = format!("name_{}", slug(&[name]));
        cx.push(Step::new(StageKind::Contract, Phase::LateNames, Group::Table(on), words, title).op(op));
    };
    for (id, index) in &was.indexes {
        if cx.taken_by(&now.name.with_name(&index.name)).is_none() {
            continue;
        }
        ops.push(Op::RenameIndex { on, id: *id, to: helper_name(&index.name, "ps_moved") });
        if now.indexes.get(id).is_some_and(|i| i.name == index.name) {
            late(cx, &index.name, Op::RenameIndex { on, id: *id, to: index.name.clone() });
        }
    }
    if let Some(key) = was.primary_key.as_ref().filter(|k| cx.taken_by(&now.name.with_name(&k.name)).is_some()) {
        ops.push(Op::RenamePrimaryKey { on, to: helper_name(&key.name, "ps_moved") });
        if now.primary_key.as_ref().is_some_and(|k| k.name == key.name) {
            late(cx, &key.name, Op::RenamePrimaryKey { on, to: key.name.clone() });
        }
    }
    ops
}

/// A name that something else has so far cannot be a view's meanwhile: the table gets it once it is free.
fn late(cx: &mut Context, on: TableId, other: &str, columns: Vec<Op>) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let (from, to) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
    if cx.stays(&now.name, on) {
        return cx.impossible(
            &format!("{from} is to become {to}, which is the name of {other} and stays it"),
            &now.origin,
            "give one of the two another name with @@map",
        );
    }
    let ring = exchange::ring(cx, on);
    if ring.first() != Some(&on) && !ring.is_empty() {
        return; // the first of them moves them all
    }
    let phase = if cx.frees_late(&now.name) { Phase::LateNames } else { Phase::Names };
    let words = format!("rename_{}", slug(&[&now.name.name]));
    let title = format!("{from} becomes {to}, which was the name of {other}");
    let rename = |on: TableId, to: Name| Op::RenameTable { on, to };
    let step = if ring.is_empty() {
        Step::new(StageKind::Contract, phase, Group::Table(on), words, title)
            .op(rename(on, now.name.clone()))
            .ops(columns)
    } else {
        let away = ring.iter().map(|id| {
            let name = &cx.old_table(*id).name;
            rename(*id, name.with_name(helper_name(&name.name, "ps")))
        });
        let home = ring.iter().map(|id| rename(*id, cx.new_table(*id).name.clone()));
        let names = ring.iter().map(|id| format!("{:?}", cx.old_table(*id).name)).collect::<String>();
        let tables = exchange::once(&names, away.chain(home).collect());
        let columns = ring.iter().flat_map(|id| exchange::column_names(cx, *id)).collect::<Vec<_>>();
        let list = ring.iter().map(|id| cx.dialect.name(&cx.old_table(*id).name)).collect::<Vec<_>>().join(", ");
        let title = format!("Tables {list} change names");
        Step::new(StageKind::Contract, phase, Group::Alone, words, title).ops(tables).ops(columns)
    };
    cx.push(step.hazard("H310", exchange::PAUSE));
}

/// A column renamed along with its table: the table's own steps do it.
pub fn column(cx: &mut Context, on: TableId, id: ColumnId) {
    let (was, now) = (&cx.old_table(on).columns[&id], &cx.new_table(on).columns[&id]);
    let summary = format!("Rename column {} to {}", cx.dialect.ident(&was.name), cx.dialect.ident(&now.name));
    cx.note("rename-column", &now.origin, summary);
    if cx.old_table(on).name == cx.new_table(on).name && cx.intent.course == Strategy::Direct {
        column_at_once(cx, on, id);
    }
}

/// Where no client runs, a column just gets its name: in the end, since what was said of values speaks of the old ones. Where
/// another column gets the old name it goes to one in between first.
fn column_at_once(cx: &mut Context, on: TableId, id: ColumnId) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let (from, to) = (&was.columns[&id].name, &now.columns[&id].name);
    let title = format!("{} becomes {}", cx.column_label(on, from), cx.dialect.ident(to));
    let words = slug(&[&now.name.name, to]);
    let step = |stage, phase, to: String| {
        Step::new(stage, phase, Group::Table(on), format!("rename_{words}"), title.clone()).op(Op::RenameColumn {
            on,
            id,
            to,
        })
    };
    if now.columns.values().any(|c| c.name == *from) {
        cx.push(step(StageKind::Expand, Phase::BeforeTriggers, helper_name(to, "ps")));
    }
    cx.push(step(StageKind::Contract, Phase::Names, to.clone()));
}
