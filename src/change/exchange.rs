//! Names that are exchanged, or handed on: two columns, tables or labels that change places under names which old and new
//! clients both use, for other things. No client works before and after: it happens in one moment, behind a pause.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, Table, TableId, TableKind, helper_name};
use crate::diff::Matched;
use crate::op::Op;
use crate::options::Strategy;
use crate::question::Answer;
use crate::stage::StageKind;

/// What stands in a hazard where two things change places.
pub const PAUSE: &str =
    "the same name stands for something else from now on: neither old nor new clients may run while this is applied";

/// Ops that names alone cannot tell to be done are done once.
pub fn once(what: &str, ops: Vec<Op>) -> Vec<Op> {
    let mark = format!("{:08x}", crc32fast::hash(what.as_bytes()));
    let begin = Op::BeginOnce { mark: mark.clone(), back: false };
    [begin].into_iter().chain(ops).chain([Op::EndOnce { mark, back: false }]).collect()
}

/// Tables that take each other's names, in a ring, in the order of NEW; none where the table is in none.
pub fn ring(cx: &Context, on: TableId) -> Vec<TableId> {
    let holder = |id: TableId| {
        let wanted = &cx.new_catalog().tables.get(&id)?.name;
        cx.old().tables.iter().find(|(other, t)| **other != id && t.name == *wanted).map(|(other, _)| *other)
    };
    let mut all = vec![on];
    let mut at = on;
    while let Some(next) = holder(at) {
        if next == on {
            all.sort_by_key(|id| cx.new_catalog().tables.get_index_of(id));
            return all;
        }
        if all.contains(&next) {
            break;
        }
        all.push(next);
        at = next;
    }
    Vec::new()
}

/// The renames of columns, by a name in between where one column takes the name that another leaves.
pub fn column_names(cx: &Context, on: TableId) -> Vec<Op> {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let changed: Vec<(ColumnId, &str, &str)> = renamed_in_place(was, now).collect();
    let rename = |id: ColumnId, to: String| Op::RenameColumn { on, id, to };
    let crossed = changed.iter().any(|(_, _, new)| changed.iter().any(|(_, old, _)| old == new));
    if !crossed {
        return changed.into_iter().map(|(id, _, new)| rename(id, new.to_owned())).collect();
    }
    let away = changed.iter().map(|(id, old, _)| rename(*id, helper_name(old, "ps")));
    let home = changed.iter().map(|(id, _, new)| rename(*id, (*new).to_owned()));
    let what = changed.iter().map(|(_, old, new)| format!("{old} {new}")).collect::<Vec<_>>().join(", ");
    once(&format!("{:?} {:?} {what}", was.name, now.name), away.chain(home).collect())
}

/// Columns that keep their identity under another name: column, old name, new name.
fn renamed_in_place<'t>(was: &'t Table, now: &'t Table) -> impl Iterator<Item = (ColumnId, &'t str, &'t str)> {
    let both = now
        .columns
        .iter()
        .filter_map(|(id, c)| was.columns.get(id).map(|old| (*id, old.name.as_str(), c.name.as_str())));
    both.filter(|(_, old, new)| old != new)
}

/// A table whose columns take names that others have so far.
pub fn columns_classify(on: TableId, was: &Table, now: &Table) -> Option<Change> {
    (was.name == now.name && renamed_in_place(was, now).next().is_some()).then_some(Change::ExchangeColumns(on))
}

pub fn columns(cx: &mut Context, on: TableId) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let all: Vec<(ColumnId, &str, &str)> = renamed_in_place(was, now).collect();
    let quoted = cx.dialect.name(&now.name);
    let list = all
        .iter()
        .map(|(_, from, to)| format!("{} becomes {}", cx.dialect.ident(from), cx.dialect.ident(to)))
        .collect::<Vec<_>>()
        .join(", ");
    let origin = all.first().map_or(&now.origin, |(id, _, _)| &now.columns[id].origin);
    let taken = |name: &str| was.columns.values().any(|column| column.name == name);
    let by_number = |id: &ColumnId| was.columns[id].default_is_sequence() || now.columns[id].default_is_sequence();
    if cx.intent.course != Strategy::Direct && all.iter().all(|(id, _, to)| by_number(id) && !taken(to)) {
        return numbered(cx, on, &list);
    }
    let title = format!("Columns of {quoted} get names that others had: {list}");
    let turned = matches!(now.kind, TableKind::Join { .. }) && matches!(was.kind, TableKind::Join { .. });
    cx.note(if turned { "turn-join-table" } else { "exchange-names" }, origin, title.clone());
    let words = format!("exchange_{}", slug(&[&now.name.name]));
    let step = Step::new(StageKind::Contract, Phase::Names, Group::Table(on), words, title).ops(column_names(cx, on));
    cx.push(step.hazard("H310", PAUSE));
}

/// Rows are numbered by the column, and where a table has one such column no second one can stand beside it.
fn numbered(cx: &mut Context, on: TableId, list: &str) {
    let now = cx.new_table(on);
    let quoted = cx.dialect.name(&now.name);
    let (was, slugged) = (cx.old_table(on), slug(&[&now.name.name]));
    let renamed: Vec<ColumnId> = renamed_in_place(was, now).map(|(id, _, _)| id).collect();
    let origins: Vec<_> = renamed.iter().map(|id| now.columns[id].origin.clone()).collect();
    let title = format!("A column of {quoted} by which rows are numbered gets another name: {list}");
    for origin in &origins {
        cx.note("rename-column", origin, title.clone());
    }
    let why = "a table has one numbered column, so no second one stands beside it: old clients are stopped before this, new ones start after it";
    let step = Step::new(StageKind::Contract, Phase::Names, Group::Table(on), format!("rename_in_{slugged}"), title)
        .ops(column_names(cx, on));
    cx.push(step.hazard("H402", why));
}

/// A field that reads another's column now, while that one reads its: nobody has said whether the values move along.
pub fn ask_column(cx: &mut Context, on: TableId, id: ColumnId) {
    let (was, now) = (&cx.old_table(on).columns[&id], &cx.new_table(on).columns[&id]);
    let (from, to) = (was.origin.item.clone(), now.origin.item.clone());
    let path = (now.origin.model.clone(), to.clone());
    if let Some((_, said)) = cx.intent.renames.get(&path).filter(|((_, field), _)| *field == from) {
        said.used.set(true);
        let question = format!("{} reads the column that was {from}'s: do its values move along?", now.origin.label());
        return cx.decide("PS0741", &now.origin, &question, "no: they stay where they are", &said.source);
    }
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let answers = vec![
        answer(
            format!("the values of {to} move along with it: the columns change places, behind a pause; above {to}"),
            format!("/// @stage.from({to})"),
        ),
        answer(
            format!("they stay where they are, and {to} reads what {from} held: no SQL; above {to}"),
            format!("/// @stage.from({from})"),
        ),
    ];
    let question = format!(
        "{} has the column {} now, which was that of {from}: do its values move along?",
        now.origin.label(),
        cx.column_label(on, &now.name)
    );
    cx.ask("PS0741", &now.origin, question, answers);
}

/// Tables that are another model's now, while the model that each was has a table that was another's.
pub fn tables_classify(matched: &Matched) -> Vec<Change> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let models = old.tables.iter().filter(|(_, t)| t.kind == TableKind::Model);
    let was: foldhash::HashMap<&str, TableId> = models.map(|(id, t)| (t.origin.model.as_str(), *id)).collect();
    let moved = new.tables.iter().filter(|(id, now)| {
        let other = was.get(now.origin.model.as_str()).filter(|other| *other != *id && new.tables.contains_key(*other));
        now.kind == TableKind::Model && old.tables.contains_key(*id) && other.is_some()
    });
    moved.map(|(id, _)| Change::ExchangeTables(*id)).collect()
}

/// A model that has another's table now, while that one has another's: nobody has said whether the rows move along.
pub fn ask_table(cx: &mut Context, id: TableId) {
    let (was, now) = (&cx.old_table(id).origin, &cx.new_table(id).origin);
    let (from, to) = (was.model.clone(), now.model.clone());
    let question = format!(
        "{to} has the table {} now, which was that of {from}: do its rows move along?",
        cx.dialect.name(&cx.new_table(id).name)
    );
    let path = (to.clone(), String::new());
    if let Some((_, said)) = cx.intent.renames.get(&path).filter(|((model, _), _)| *model == from) {
        said.used.set(true);
        return cx.decide("PS0741", now, &question, "no: they stay where they are", &said.source);
    }
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let answers = vec![
        answer(
            format!("the rows of {to} move along with it: the tables change names, behind a pause; above {to}"),
            format!("/// @stage.from({to})"),
        ),
        answer(
            format!("they stay where they are, and {to} reads the rows of {from}: no SQL; above {to}"),
            format!("/// @stage.from({from})"),
        ),
    ];
    cx.ask("PS0741", now, question, answers);
}
