//! Columns added, dropped and relaxed.

use super::context::bare;
use super::value::{self, Filling};
use super::{Change, Context, Group, Phase, Step, map_columns, slug};
use crate::catalog::{Column, ColumnId, Default, Expr, Table, TableId, TriggerRule};
use crate::dialect::{Alter, Numbers};
use crate::diff::{Mapped, Matched};
use crate::op::{Backfill, Fact, Op, Work, is_constant};
use crate::stage::StageKind;
use foldhash::HashSet;

pub fn classify(on: TableId, was: &Table, now: &Table, matched: &Matched) -> Vec<Change> {
    let mut all = Vec::new();
    let here = |all: &[(TableId, ColumnId, ColumnId)]| {
        all.iter().filter(|r| r.0 == on).map(|r| (r.1, r.2)).collect::<Vec<_>>()
    };
    let (renamed, swapped) = (here(&matched.renamed_columns), here(&matched.swapped_columns));
    let mapped: Vec<&Mapped> = matched.mappings.iter().filter(|m| m.table == on).collect();
    let mut moved: HashSet<ColumnId> = renamed.iter().chain(&swapped).flat_map(|(a, b)| [*a, *b]).collect();
    moved.extend(mapped.iter().flat_map(|m| &m.old).copied());
    let carried: HashSet<ColumnId> = matched.moves.iter().flat_map(|m| &m.pairs).flat_map(|(a, b)| [*a, *b]).collect();
    moved.extend(carried.iter().copied());
    moved.extend(matched.flipped.iter().filter(|f| f.said && f.other == on).flat_map(|f| &f.left));
    for (id, column) in &now.columns {
        let Some(old) = was.columns.get(id) else {
            if let Some(flip) = matched.flipped.iter().find(|f| f.said && f.on == on && f.came.contains(id)) {
                if flip.came.first() == Some(id) {
                    all.push(Change::FlipRelation(flip.clone()));
                }
                continue;
            }
            if carried.contains(id) {
                continue;
            }
            if let Some(group) = mapped.iter().find(|m| m.new.contains(id)) {
                if group.new.first() == Some(id) {
                    let leaves = |old: ColumnId| !now.columns.contains_key(&old);
                    all.push(Change::MapColumns((*group).clone(), map_columns::kind(group, &leaves)));
                }
                continue;
            }
            let find = |all: &[(ColumnId, ColumnId)]| all.iter().find(|r| r.1 == *id).copied();
            all.push(match (find(&renamed), find(&swapped)) {
                (Some((from, to)), _) => Change::RenameColumn(on, from, to),
                (None, Some((from, to))) => Change::SwapColumn(on, from, to),
                (None, None) => Change::AddColumn(on, *id),
            });
            continue;
        };
        if exchanged(was, now, *id) {
            all.push(Change::ExchangeFields(on, *id));
        }
        if old.name != column.name && was.name != now.name {
            all.push(Change::RenameColumnWithTable(on, *id));
        }
        if old.ty != column.ty {
            all.push(Change::RetypeColumn(on, *id));
        }
        if matched.default_after(old) != column.default {
            all.push(Change::ChangeDefault(on, *id));
        }
        match (old.nullable, column.nullable) {
            (true, false) => all.push(Change::RequireColumn(on, *id)),
            (false, true) => all.push(Change::RelaxColumn(on, *id)),
            (true, true) | (false, false) => {}
        }
    }
    let left = was.columns.keys().filter(|id| !now.columns.contains_key(*id) && !moved.contains(*id));
    all.extend(left.map(|id| Change::DropColumn(on, *id)));
    all
}

/// Is the column another field's now, while the field that it was has a column that was another's? Then nobody has said
/// whether the values are to move along.
fn exchanged(was: &Table, now: &Table, id: ColumnId) -> bool {
    let (old, new) = (&was.columns[&id].origin.item, &now.columns[&id].origin.item);
    let stays = |other: &ColumnId| *other != id && now.columns.contains_key(other);
    old != new && was.columns.iter().any(|(other, c)| c.origin.item == *new && !new.is_empty() && stays(other))
}

fn step(cx: &Context, stage: StageKind, phase: Phase, on: TableId, verb: &str, column: &Column, title: String) -> Step {
    let table = cx.new_catalog().tables.get(&on).map_or("", |t| t.name.name.as_str());
    Step::new(stage, phase, Group::Table(on), format!("{verb}_{}", slug(&[table, &column.name])), title)
}

pub fn add(cx: &mut Context, on: TableId, id: ColumnId) {
    let column = cx.new_table(on).columns[&id].clone();
    let label = cx.column_label(on, &column.name);
    cx.note("add-column", &column.origin, format!("Add column {label}"));
    if sequence_taken(cx, on, &column) {
        return;
    }
    let add = |column: Column| Op::AddColumn { on, id, column: Box::new(column) };
    let expand =
        |cx: &Context| step(cx, StageKind::Expand, Phase::Columns, on, "add", &column, format!("Add column {label}"));
    if (column.nullable || column.default.is_some())
        && let Some(given) = value::said(cx, on, &column)
    {
        let Some(given) = given else { return };
        return add_given(cx, (on, id), &column, given);
    }
    match &column.default {
        None if column.nullable => {
            cx.all_null.insert(id);
            let step = expand(cx).op(add(column.clone()));
            cx.push(step);
        }
        Some(default) if is_constant(default) => {
            let step = expand(cx).op(add(column.clone()));
            cx.push(step);
        }
        // One value for each row: the column comes without it, what is written from now on gets it, old rows are filled.
        Some(default) => {
            let default = default.clone();
            let step = expand(cx).op(add(bare(&column))).op(Op::SetDefault { on, id, default: Some(default.clone()) });
            cx.push(step);
            if default == Default::Sequence {
                cx.distinct.insert(id);
                let mut olds = cx.old().tables.get(&on).into_iter().flat_map(|table| table.columns.values());
                if cx.dialect.caps().numbers == Numbers::OneColumn && olds.any(Column::default_is_sequence) {
                    let value = Expr::Default(default.clone());
                    cx.watch(on, TriggerRule::Fill { column: id, value });
                }
            }
            fill(cx, on, id, &column, Expr::Default(default));
        }
        None => {
            let question = format!("{label} is required and has no default: what do the rows that exist get?");
            match value::find(cx, on, id, &column, "PS0703", &question) {
                None => {}
                Some(filling) => add_given(cx, (on, id), &column, filling),
            }
        }
    }
}

/// Adds a column for which it was said what rows get: those that exist, and those that old clients make until they are gone, unless
/// the column has a default of its own.
fn add_given(cx: &mut Context, (on, id): (TableId, ColumnId), column: &Column, given: Filling) {
    let label = cx.column_label(on, &column.name);
    let expand = step(cx, StageKind::Expand, Phase::Columns, on, "add", column, format!("Add column {label}"));
    let add = |column: Column| Op::AddColumn { on, id, column: Box::new(column) };
    // Where a default would copy the table a trigger gives rows the value.
    let given = match given {
        Filling::Constant(value) if !cx.dialect.comes_with_constant(&column.ty) => Filling::Each(value),
        other => other,
    };
    match given {
        Filling::Constant(value) => {
            let constant = match value {
                Expr::Literal(literal) => Default::Literal(literal),
                _ => Default::Now,
            };
            let mut expand = expand.op(add(Column { default: Some(constant), ..column.clone() }));
            if column.default.is_some() {
                expand = expand.op(Op::SetDefault { on, id, default: column.default.clone() });
                return cx.push(expand);
            }
            cx.push(expand);
            let title = format!("{label} has no default any more: new clients write it themselves");
            let end = step(cx, StageKind::Contract, Phase::Helpers, on, "undefault", column, title);
            cx.push(end.op(Op::SetDefault { on, id, default: None }));
        }
        Filling::Each(value) => {
            let mut expand = expand.op(add(bare(column)));
            if column.default.is_some() {
                expand = expand.op(Op::SetDefault { on, id, default: column.default.clone() });
            } else {
                let value = value.clone();
                let rule = if column.nullable {
                    TriggerRule::Give { column: id, value }
                } else {
                    TriggerRule::Fill { column: id, value }
                };
                cx.watch(on, rule);
            }
            let sources = value::sources(cx, on, &value);
            if !sources.is_empty() && cx.dialect.caps().alter != Alter::AtOnce {
                let what = format!(
                    "what is written to {} once a row has been filled does not change {label}",
                    sources.join(", ")
                );
                expand = expand.hazard("H309", what);
            }
            cx.push(expand);
            if value == Expr::Uuid {
                cx.distinct.insert(id);
            }
            fill(cx, on, id, column, value);
        }
    }
}

/// Fills a new column row by row, and makes it NOT NULL if it is to be.
fn fill(cx: &mut Context, on: TableId, id: ColumnId, column: &Column, value: Expr) {
    let label = cx.column_label(on, &column.name);
    backfill(cx, on, column, format!("Fill {label} in the rows that exist"), Work::Fill { column: id, value }, true);
    cx.filled.insert(id);
    if !column.nullable {
        let step = step(
            cx,
            StageKind::Backfill,
            Phase::Filled,
            on,
            "filled",
            column,
            format!("Every row has a value in {label}"),
        );
        cx.push(step.op(Op::Assert(Fact::NoNulls { on, column: id })).verify(Fact::NoNulls { on, column: id }));
        cx.require(on, id, &column.name);
    }
}

/// A backfill of one column, in a file of its own.
pub fn backfill(cx: &mut Context, on: TableId, column: &Column, title: String, work: Work, lossless: bool) {
    let table = &cx.new_table(on).name.name;
    let words = slug(&[table, &column.name]);
    let name = format!("{table}.{}.{:08x}", column.name, cx.fingerprint(on, &work));
    let mut step = Step::new(StageKind::Backfill, Phase::Rows, Group::Alone, format!("fill_{words}"), title)
        .op(Op::Backfill(Backfill { name, table: on, work }))
        .hazard("H102", "writes every row once: the table grows by about its own size until autovacuum has been there");
    step.lossless = lossless;
    cx.push(step);
}

pub fn drop(cx: &mut Context, on: TableId, id: ColumnId) {
    let column = cx.old_table(on).columns[&id].clone();
    let label = cx.column_label(on, &column.name);
    cx.note("drop-column", &column.origin, format!("Drop column {label}"));
    let constant = column.default.as_ref().is_some_and(is_constant);
    // What is part of the key is relaxed when the key changes.
    if !column.nullable && !constant && !super::primary_key::is_old_key(cx, on, id) {
        let title = format!("New clients do not write {label}: allow rows without it");
        let relax = step(cx, StageKind::Expand, Phase::Columns, on, "relax", &column, title);
        cx.push(relax.op(Op::DropNotNull { on, id }));
    }
    let end = step(cx, StageKind::Contract, Phase::OldColumns, on, "drop", &column, format!("Drop column {label}"));
    cx.push(
        end.op(Op::DropColumn { on, id })
            .hazard("H201", format!("every value of {label} is gone: take a backup of it first")),
    );
}

pub fn relax(cx: &mut Context, on: TableId, id: ColumnId) {
    let column = cx.new_table(on).columns[&id].clone();
    let label = cx.column_label(on, &column.name);
    cx.note("relax-column", &column.origin, format!("Allow {label} to be NULL"));
    if super::primary_key::is_old_key(cx, on, id) {
        return; // when the key changes
    }
    let relax = step(cx, StageKind::Expand, Phase::Columns, on, "relax", &column, format!("Allow {label} to be NULL"));
    cx.push(relax.op(Op::DropNotNull { on, id }).hazard(
        "H302",
        format!(
            "an old client may fail on a row whose {label} is NULL: new clients should not write NULL before it is gone"
        ),
    ));
}

/// A numbered column needs a sequence, by a name of its own; refuses where something else has that name.
pub fn sequence_taken(cx: &mut Context, on: TableId, column: &Column) -> bool {
    if !column.default_is_sequence() {
        return false;
    }
    let table = &cx.new_table(on).name;
    let name = table.with_name(format!("{}_{}_seq", table.name, column.name));
    let Some(other) = cx.taken_by(&name).map(str::to_owned) else { return false };
    let new = cx.new_catalog();
    let holds = |t: &Table| t.name == name || t.indexes.values().any(|i| t.name.with_name(&i.name) == name);
    if new.tables.values().any(|t| holds(t)) || new.enums.values().any(|e| e.name == name) {
        let what = format!(
            "it is to be numbered by a sequence {}, which is the name of {other} and stays it",
            cx.dialect.name(&name)
        );
        cx.impossible(&what, &column.origin, "give one of the two another name with @@map or @map");
        return true;
    }
    let what = format!("numbering it by a sequence {}, which is the name of {other} so far,", cx.dialect.name(&name));
    cx.refuse(
        &what,
        &column.origin,
        "the sequence has to be there from the beginning, and the name is free only in the end",
        "free that name in a plan before this one",
    );
    true
}
