//! Types changed in place, where the database does it without touching a row.

use super::convert::{self, Conversion, Pairing};
use super::{Context, Group, Phase, Step, remake_enum, slug};
use crate::catalog::{BaseType, Catalog, Column, ColumnId, ColumnType, Table, TableId};
use crate::dialect::{Alter, Dialect, Retype, Sync, Works};
use crate::intent::Intent;
use crate::op::{Fact, Loss, Op};
use crate::options::Strategy;
use crate::stage::StageKind;
use foldhash::HashSet;

pub fn plan(cx: &mut Context, on: TableId, id: ColumnId) {
    let (was, column) = (cx.old_table(on).columns[&id].clone(), cx.new_table(on).columns[&id].clone());
    let (from, to) = (cx.dialect.type_name(cx.old(), &was.ty), cx.dialect.type_name(cx.new_catalog(), &column.ty));
    let label = cx.column_label(on, &column.name);
    let summary = format!("Change the type of {label} from {from} to {to}");
    cx.note("retype-column", &column.origin, summary.clone());
    let indexed = cx.old_table(on).indexes.values().any(|i| i.columns.iter().any(|c| c.column == id))
        || cx.old_table(on).primary_key.as_ref().is_some_and(|k| k.columns.iter().any(|c| c.column == id));
    let free = match cx.dialect.retype(&was.ty, &column.ty) {
        Retype::Same | Retype::Free | Retype::FreeInUtc => true,
        Retype::FreeUnlessIndexed => !indexed,
        Retype::Rewrite => false,
    };
    if !free && cx.dialect.caps().sync == Sync::Clients && was.ty.enum_id().is_some() && column.ty.enum_id().is_some() {
        return relabel(cx, on, id, &was, summary);
    }
    if !free && cx.dialect.narrows(&was.ty, &column.ty) {
        return narrow(cx, on, id, &was, summary);
    }
    if !free && numbers(cx.old(), cx.dialect).contains(&id) {
        return copy(cx, on, id, summary);
    }
    if !free && is_simple(cx.old_table(on), id, &was.ty, &column.ty) {
        return convert(cx, on, id, &was, &column, summary);
    }
    if !free {
        return cx.refuse(
            &format!("changing the type from {from} to {to}, which writes the whole table anew under a lock,"),
            &column.origin,
            "readers and writers would wait for as long as the table is large",
            "where the column takes the name of another one, change the type in a plan before this one, and the name in this one; else add a new field of the new type beside the old one, move the readers over, and drop the old field in a later change",
        );
    }
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let step = Step::new(StageKind::Expand, Phase::Columns, Group::Table(on), format!("retype_{words}"), summary)
        .op(Op::Retype { on, id, to: column.ty.clone() })
        .hazard("H401", "each prepared statement that returns the column fails once on each connection (0A000); clients with a statement cache reconnect or are restarted");
    cx.push(step);
}

/// Columns that rows are numbered by, and all that point at them: a second one beside them could not be numbered, since a table has one
/// such column there, and a trigger does not see the number before the row is written.
pub fn numbers(old: &Catalog, dialect: Dialect) -> HashSet<ColumnId> {
    if dialect.caps().alter != Alter::OneByOne {
        return HashSet::default();
    }
    let columns = old.tables.values().flat_map(|t| t.columns.iter());
    let mut all: HashSet<ColumnId> = columns.filter(|(_, c)| c.default_is_sequence()).map(|(id, _)| *id).collect();
    let links = || old.tables.values().flat_map(|t| t.foreign_keys.values());
    let pairs: Vec<(ColumnId, ColumnId)> =
        links().flat_map(|key| key.columns.iter().copied().zip(key.referenced.iter().copied())).collect();
    loop {
        let more: Vec<ColumnId> =
            pairs.iter().filter(|(own, to)| all.contains(to) && !all.contains(own)).map(|p| p.0).collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// May a column be copied with its table: do whole numbers become others, in a column that [`numbers`] has?
pub fn may_copy(dialect: Dialect, numbers: &HashSet<ColumnId>, table: &Table, id: ColumnId, to: &ColumnType) -> bool {
    let Some(was) = table.columns.get(&id).filter(|_| numbers.contains(&id)) else { return false };
    dialect.is_whole(&was.ty) && dialect.is_whole(to)
}

/// The table is copied, with those that are linked to the column, while nobody writes them.
fn copy(cx: &mut Context, on: TableId, id: ColumnId, summary: String) {
    let column = cx.new_table(on).columns[&id].clone();
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let group = Group::Table(linked(cx.old(), on));
    let was = cx.old_table(on).columns[&id].ty.clone();
    let step = Step::new(StageKind::Contract, Phase::Helpers, group, format!("renumber_{words}"), summary);
    // In a file that is stopped in the middle nothing watches the links until it is run again.
    let links =
        cx.new_table(on).foreign_keys.values().filter(|key| key.columns.contains(&id)).cloned().collect::<Vec<_>>();
    let step = links.into_iter().fold(step, |step, key| {
        let (columns, referenced) = (key.columns, key.referenced);
        step.verify(Fact::NoOrphans { on, columns, references: key.references, referenced })
    });
    let narrower = cx.dialect.narrower(&was, &column.ty);
    let step = if narrower { step.before(Fact::Fits { on, column: id, to: column.ty.clone() }) } else { step };
    let step = step
        .op(Op::Retype { on, id, to: column.ty })
        .hazard("H104", "the table and those whose foreign keys are linked to the column are copied, and readers and writers of all of them wait meanwhile");
    cx.push(step);
}

/// Once old clients are gone, and no row has what the new type does not hold.
fn narrow(cx: &mut Context, on: TableId, id: ColumnId, was: &Column, summary: String) {
    let column = cx.new_table(on).columns[&id].clone();
    let label = cx.column_label(on, &was.name);
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let fits = Fact::Fits { on, column: id, to: column.ty.clone() };
    let title = format!("Every value of {label} fits its new type");
    let step = |phase, verb: &str, title: String| {
        Step::new(StageKind::Contract, phase, Group::Table(on), format!("{verb}_{words}"), title)
    };
    cx.push(step(Phase::MovedForeignKeys, "fits", title).op(Op::Assert(fits.clone())).before(fits));
    cx.push(step(Phase::Helpers, "narrow", summary).op(Op::Retype { on, id, to: column.ty }).lossless());
}

/// An enum that is part of its column becomes another in the copy of the table: at once if it takes every label, else when no row holds
/// what left and nobody writes it.
fn relabel(cx: &mut Context, on: TableId, id: ColumnId, was: &Column, summary: String) {
    let column = cx.new_table(on).columns[&id].clone();
    if remake_enum::is_open(cx, &was.ty, &column.ty) {
        return; // asked already
    }
    let map = remake_enum::between(cx, &was.ty, &column.ty).cloned();
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let step = |stage, phase| Step::new(stage, phase, Group::Table(on), format!("retype_{words}"), summary.clone());
    let step = match map {
        None => step(StageKind::Expand, Phase::Columns),
        Some(map) if map.late.is_empty() && map.back.is_empty() && map.refused.is_empty() => {
            remake_enum::early(cx, on, (id, id), &map);
            step(StageKind::Contract, Phase::OldColumns)
        }
        Some(_) => {
            return cx.refuse(
                "giving values that left to values that come, or to none,",
                &column.origin,
                "clients that know the one do not know the other, and no trigger turns what they write",
                "add the new values in one change; in the next say, with @stage.map, which value that is there already rows get",
            );
        }
    };
    cx.push(step.op(Op::Retype { on, id, to: column.ty }).lossless());
}

/// The first of the tables that foreign keys connect with one.
fn linked(old: &Catalog, on: TableId) -> TableId {
    let mut all = vec![on];
    let mut at = 0;
    while let Some(&table) = all.get(at) {
        at += 1;
        for (own, t) in &old.tables {
            for key in t.foreign_keys.values().filter(|key| *own == table || key.references == table) {
                for end in [*own, key.references] {
                    if !all.contains(&end) {
                        all.push(end);
                    }
                }
            }
        }
    }
    all.into_iter().min().unwrap_or(on)
}

/// May the whole table be written anew to change the type of a column: is it small, or does nobody wait, and does nothing hang
/// on the column that would have to change with it? `new` is NEW as it was lowered, whose identities are its own.
pub fn may_convert(
    dialect: Dialect,
    intent: &Intent,
    small: bool,
    new: &Catalog,
    table: &Table,
    id: ColumnId,
    to: &ColumnType,
) -> bool {
    let Some(was) = table.columns.get(&id) else { return false };
    let Some(now) = new.tables.values().find(|t| t.name == table.name) else { return false };
    let Some(column) = now.columns.values().find(|c| c.name == was.name) else { return false };
    let said = (column.origin.model.clone(), column.origin.item.clone());
    let direct = intent.course == Strategy::Direct;
    // Staged, other steps come between: what they need is as it was.
    let calm = was.nullable == column.nullable && was.default == column.default;
    // Where no client works with both types, somebody has to say how they live.
    let together = dialect.works(&was.ty, to) != Works::Not || dialect.works(to, &was.ty) != Works::Not;
    // Both ways, by what the database can do.
    let turns = |from, to| dialect.cast(new, from, to, "x").is_some();
    (direct || small && together)
        && calm
        && turns(&was.ty, to)
        && turns(to, &was.ty)
        && intent.back_from(&said, &said).is_none()
        && is_simple(table, id, &was.ty, to)
        && is_simple(now, column_id(now, &column.name), to, &was.ty)
        && !intent.using.contains_key(&said)
}

fn column_id(table: &Table, name: &str) -> ColumnId {
    table.columns.iter().find(|(_, c)| c.name == name).map_or(ColumnId(u32::MAX), |(id, _)| *id)
}

/// A single value of a type of the server's own, in no key and no index, and spoken of by none.
fn is_simple(table: &Table, id: ColumnId, from: &ColumnType, to: &ColumnType) -> bool {
    let single = |ty: &ColumnType| !ty.list && matches!(ty.base, BaseType::Native { .. });
    let Some(column) = table.columns.get(&id) else { return false };
    let keys = table.primary_key.iter().map(|k| &k.columns).chain(table.indexes.values().map(|i| &i.columns));
    single(from)
        && single(to)
        && !column.default_is_sequence()
        && !keys.flatten().any(|c| c.column == id)
        && !table.foreign_keys.values().any(|k| k.columns.contains(&id))
        && !table.indexes.values().any(|i| i.predicate.is_some())
}

/// In one statement, when the old type's clients are gone: the same moment in which columns change places otherwise.
fn convert(cx: &mut Context, on: TableId, id: ColumnId, was: &Column, column: &Column, summary: String) {
    let label = cx.column_label(on, &column.name);
    let pair = Pairing { on, ids: (id, id), was, column, label: &label, beside: false };
    let Some(Conversion { forth: value, back, exact, fits, .. }) = convert::values(cx, &pair) else { return };
    let Some(back) = back else {
        let instead = "add a new field beside the old one";
        let what = "changing the type to one that has no way back to the old one";
        return cx.refuse(
            what,
            &column.origin,
            "in place, what was said back is the only way home for old clients",
            instead,
        );
    };
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let there = Op::Convert { on, id, to: column.ty.clone(), value };
    let again = Op::Convert { on, id, to: was.ty.clone(), value: back };
    // A table that gets another name has a second one until then, and that view speaks of the column.
    let renamed = cx.old_table(on).name != cx.new_table(on).name;
    let phase = if renamed { Phase::LateNames } else { Phase::Helpers };
    let step = Step::new(StageKind::Contract, phase, Group::Table(on), format!("convert_{words}"), summary)
        .op(there)
        .back(vec![again])
        .hazard("H401", "each prepared statement that returns the column fails once on each connection (0A000); clients with a statement cache reconnect or are restarted");
    cx.push(if exact && fits { step } else { step.losing(vec![Loss::Unfit(on, id)]) });
}
