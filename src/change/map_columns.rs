//! Columns in another shape: one split into several, several merged into one, values taken out of JSON and put into it. Both
//! shapes exist for a while, and one trigger lets each follow the other.

use super::context::bare;
use super::{Context, Group, Phase, Step, mapping, slug};
use crate::catalog::{Catalog, Column, ColumnId, Default, Lead, Mapping, TriggerRule};
use crate::diff::Mapped;
use crate::op::{Backfill, Fact, Loss, Op, Work};
use crate::stage::StageKind;

/// What kind of change it is, by how many become how many.
pub fn kind(mapped: &Mapped, leaves: &dyn Fn(ColumnId) -> bool) -> &'static str {
    match (mapped.old.len(), mapped.new.len()) {
        _ if !mapped.old.iter().any(|id| leaves(*id)) => "extract-columns",
        (1, 2..) => "split-column",
        (2.., 1) => "merge-columns",
        _ => "map-columns",
    }
}

pub fn plan(cx: &mut Context, mapped: &Mapped) {
    let on = mapped.table;
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let leaves = |id: ColumnId| !now.columns.contains_key(&id);
    let kind = kind(mapped, &leaves);
    let old: Vec<(ColumnId, Column)> = mapped.old.iter().map(|id| (*id, was.columns[id].clone())).collect();
    let new: Vec<(ColumnId, Column)> = mapped.new.iter().map(|id| (*id, now.columns[id].clone())).collect();
    let list = |cx: &Context, all: &[(ColumnId, Column)]| {
        all.iter().map(|(_, c)| cx.dialect.ident(&c.name)).collect::<Vec<_>>().join(", ")
    };
    let (from, to) = (list(cx, &old), list(cx, &new));
    let quoted = cx.dialect.name(&now.name);
    let summary = match kind {
        "split-column" => format!("Split {from} of {quoted} into {to}"),
        "merge-columns" => format!("Merge {from} of {quoted} into {to}"),
        "extract-columns" => format!("Give {to} of {quoted} columns of their own, beside {from}"),
        _ => format!("Compute {to} of {quoted} from {from}"),
    };
    cx.note(kind, &new[0].1.origin, summary);
    if let Some((_, column)) = old.iter().find(|(id, _)| leaves(*id) && super::primary_key::is_old_key(cx, on, *id)) {
        let what = "computing another column from a part of the primary key that leaves";
        let why = "new clients do not write it any more while old ones still find rows by it";
        return cx.refuse(what, &column.origin, why, "change the key in a plan before this one");
    }
    if let Some((_, column)) = new.iter().find(|(_, c)| c.default_is_sequence()) {
        let what = "numbering a column whose values are computed from others";
        let why = "a number from the sequence could not be told from a value that a new client wrote";
        return cx.refuse(
            what,
            &column.origin,
            why,
            "leave the default out for now, and add it in a plan after this one",
        );
    }
    let Some(map) = mapping::read(cx, mapped) else { return };
    expand(cx, mapped, &map, &old, &new);
    fill(cx, mapped, &map, &new, &to);
    contract(cx, mapped, &map, &old, &new);
}

fn step(cx: &Context, mapped: &Mapped, stage: StageKind, phase: Phase, verb: &str, title: String) -> Step {
    let table = cx.new_table(mapped.table);
    let first = mapped.new.first().map_or("", |id| &table.columns[id].name);
    let words = slug(&[&table.name.name, first]);
    Step::new(stage, phase, Group::Table(mapped.table), format!("{verb}_{words}"), title)
}

/// Is the column given back by new clients?
fn returns(map: &Mapping, id: ColumnId) -> bool {
    map.backward.iter().any(|(column, _)| *column == id)
}

/// May a new client leave all new columns empty? Then nothing tells what an old required column is to hold.
fn may_be_empty(new: &[(ColumnId, Column)]) -> bool {
    new.iter().all(|(_, c)| c.nullable)
}

/// Is a required column relaxed before new clients come, since they may write rows that have no value for it?
fn is_relaxed(
    cx: &Context,
    mapped: &Mapped,
    map: &Mapping,
    id: ColumnId,
    column: &Column,
    new: &[(ColumnId, Column)],
) -> bool {
    let leaves = !cx.new_table(mapped.table).columns.contains_key(&id);
    let constant = column.default.as_ref().is_some_and(crate::op::is_constant);
    leaves && !column.nullable && if returns(map, id) { may_be_empty(new) } else { !constant }
}

fn expand(cx: &mut Context, mapped: &Mapped, map: &Mapping, old: &[(ColumnId, Column)], new: &[(ColumnId, Column)]) {
    let on = mapped.table;
    for (id, column) in old {
        let label = cx.column_label(on, &column.name);
        let leaves = !cx.new_table(on).columns.contains_key(id);
        if is_relaxed(cx, mapped, map, *id, column, new) {
            let title = format!("New clients may have no value for {label}: allow rows without it");
            let relax = step(cx, mapped, StageKind::Expand, Phase::Columns, "relax", title);
            cx.push(relax.op(Op::DropNotNull { on, id: *id }));
        }
        if leaves && returns(map, *id) && may_be_empty(new) && column.default.is_some() {
            // With a default, a row of a new client that leaves all of it empty would look like an old client's.
            let title = format!("{label} has no default meanwhile: clients write it themselves");
            let end = step(cx, mapped, StageKind::Expand, Phase::Columns, "undefault", title);
            cx.push(end.op(Op::SetDefault { on, id: *id, default: None }));
        }
    }
    let names = new.iter().map(|(_, c)| cx.column_label(on, &c.name)).collect::<Vec<_>>();
    let (plural, hold) = if names.len() == 1 { ("column", "holds") } else { ("columns", "hold") };
    let title = format!("Add {plural} {}, which {hold} the same in another shape", names.join(", "));
    // Without a default: a value in it on insert is then a new client's.
    let add = new.iter().map(|(id, column)| Op::AddColumn { on, id: *id, column: Box::new(bare(column)) });
    let drop = new.iter().rev().map(|(id, _)| Op::DropColumn { on, id: *id }).collect();
    let add = step(cx, mapped, StageKind::Expand, Phase::Columns, "add", title).ops(add);
    cx.push(add.back(drop).losing(vec![Loss::Unsaid(on, map.clone())]));
}

fn fill(cx: &mut Context, mapped: &Mapped, map: &Mapping, new: &[(ColumnId, Column)], to: &str) {
    let on = mapped.table;
    let table = &cx.new_table(on).name.name;
    let work = Work::Map(map.clone());
    let name = format!("{table}.{}.{:08x}", new[0].1.name, cx.fingerprint(on, &work));
    let title = format!("Fill {to} in the rows that exist");
    let rows = Step { group: Group::Alone, ..step(cx, mapped, StageKind::Backfill, Phase::Rows, "fill", title) }
        .op(Op::Backfill(Backfill { name, table: on, work }))
        .hazard("H102", "writes every row once: the table grows by about its own size until autovacuum has been there")
        .lossless();
    cx.push(rows);
    let fact = Fact::Mapped { on, mapping: map.clone() };
    let title = format!("{to} match the old columns in every row");
    let same = step(cx, mapped, StageKind::Backfill, Phase::Filled, "same", title);
    cx.push(same.op(Op::Assert(fact.clone())).verify(fact));
    for (id, column) in new {
        cx.filled.insert(*id);
        if column.nullable {
            continue;
        }
        let fact = Fact::NoNulls { on, column: *id };
        let title = format!("Every row has a value in {}", cx.column_label(on, &column.name));
        let words = slug(&[&cx.new_table(on).name.name, &column.name]);
        let filled = step(cx, mapped, StageKind::Backfill, Phase::Filled, "filled", title);
        let filled = Step { slug: format!("filled_{words}"), ..filled };
        cx.push(filled.op(Op::Assert(fact.clone())).verify(fact));
        cx.require(on, *id, &column.name);
    }
}

fn contract(cx: &mut Context, mapped: &Mapped, map: &Mapping, old: &[(ColumnId, Column)], new: &[(ColumnId, Column)]) {
    let on = mapped.table;
    let left: Vec<&(ColumnId, Column)> =
        old.iter().filter(|(id, _)| !cx.new_table(on).columns.contains_key(id)).collect();
    let table = cx.new_table(on).name.name.clone();
    let name = format!("back.{table}.{}.{:08x}", old[0].1.name, cx.fingerprint(on, &("back", map)));
    let refill = Op::Backfill(Backfill { name, table: on, work: Work::MapBack(map.clone()) });
    let mut requires = Vec::new();
    let mut again = Vec::new();
    for (id, column) in &left {
        if !column.nullable && returns(map, *id) && !is_relaxed(cx, mapped, map, *id, column, new) {
            again.push(*id);
            requires.push(Op::Assert(Fact::NoNulls { on, column: *id }));
            requires.extend(cx.required_again(on, *id, &column.name));
        }
    }
    let helpers = cx.watch(on, TriggerRule::Map { mapping: map.clone(), lead: Lead::Written });
    helpers.at_end.extend(again.iter().map(|id| Op::DropNotNull { on, id: *id }));
    for (id, column) in new.iter().filter(|(_, c)| c.default.is_some()) {
        helpers.at_end.push(Op::SetDefault { on, id: *id, default: column.default.clone() });
        helpers.back_first.push(Op::SetDefault { on, id: *id, default: None });
    }
    if !map.backward.is_empty() {
        // Going back, the old columns are filled from the new ones first: new clients have written those alone.
        helpers.back_rules.push(TriggerRule::Map { mapping: map.clone(), lead: Lead::New });
        helpers.refills.push(refill.clone());
        helpers.requires.extend(requires);
    }
    if left.is_empty() {
        return;
    }
    let names = left.iter().map(|(_, c)| cx.column_label(on, &c.name)).collect::<Vec<_>>().join(", ");
    let plural = if left.len() == 1 { "column" } else { "columns" };
    let title = format!("Drop {plural} {names}");
    let mut losses: Vec<Loss> = Vec::new();
    let mut back = Vec::new();
    for (id, column) in left.iter().rev() {
        let undefault = returns(map, *id) && may_be_empty(new);
        let default = column.default.clone().filter(|d| !undefault && *d != Default::Sequence);
        let empty = Column { nullable: true, default, ..column.clone() };
        let nullable = returns(map, *id) || is_relaxed(cx, mapped, map, *id, column, new);
        let empty = Column { nullable: nullable || column.nullable, ..empty };
        back.push(Op::AddColumn { on, id: *id, column: Box::new(empty) });
        if !returns(map, *id) {
            losses.push(Loss::DroppedColumn(on, *id));
        }
    }
    if left.iter().any(|(id, _)| returns(map, *id)) {
        back.push(refill);
        losses.push(Loss::Unreturned(on, map.clone()));
    }
    let mut end = step(cx, mapped, StageKind::Contract, Phase::OldColumns, "drop_old", title)
        .ops(left.iter().map(|(id, _)| Op::DropColumn { on, id: *id }))
        .back(back)
        .losing(losses);
    let lost: Vec<String> =
        left.iter().filter(|(id, _)| !returns(map, *id)).map(|(_, c)| cx.column_label(on, &c.name)).collect();
    if !lost.is_empty() {
        end = end.hazard("H201", format!("every value of {} is gone: take a backup of it first", lost.join(", ")));
    }
    if lost.len() < left.len() {
        let fact = Fact::Returns { on, mapping: map.clone() };
        let mut both =
            Catalog { tables: [(on, cx.old().tables[&on].clone())].into_iter().collect(), ..cx.enums_of_both() };
        if let Some(table) = both.table_mut(on) {
            table.columns.extend(new.iter().cloned());
        }
        let count = cx.dialect.query(&both, &fact).map(|asked| asked.sql).unwrap_or_default();
        end = end.hazard(
            "H204",
            format!("what the new columns cannot express of {names} is gone; count such rows first: {count}"),
        );
    }
    cx.push(end);
}
