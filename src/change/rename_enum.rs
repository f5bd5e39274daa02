//! Enum types and values that get another name, in place. It takes no time, but a client names the type in every write, and
//! the value in every write and read: so it happens when the old clients are gone.

use super::{Context, Group, Phase, Step, slug};
use crate::catalog::{Column, ColumnId, ColumnType, Default, EnumId, Expr, Literal, TableId, TriggerRule, helper_name};
use crate::diag::Diagnostic;
use crate::op::{Backfill, Op, Work};
use crate::question::Answer;
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, id: EnumId) {
    let (was, now) = (&cx.old().enums[&id], &cx.new_catalog().enums[&id]);
    let (from, to) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
    let verb = if was.name.schema == now.name.schema { "Rename" } else { "Move" };
    let title = format!("{verb} enum {from} to {to}");
    cx.note("rename-enum", &now.origin, title.clone());
    let keep = format!("keep the type's name with @@map({:?}): then no SQL is needed", was.name.name);
    let keep = if was.name.schema == now.name.schema { keep } else { "keep it in its schema with @@schema".to_owned() };
    let taken = cx.taken_by(&now.name).map(str::to_owned);
    if let Some(other) = taken.as_ref().filter(|_| cx.stays(&now.name, None)) {
        let what = format!("{from} is to become {to}, which is the name of {other} and stays it");
        return cx.impossible(&what, &now.origin, &keep);
    }
    let words = format!("rename_{}", slug(&[&now.name.name]));
    let phase = if taken.is_some() { Phase::LateNames } else { Phase::EnumNames };
    let step = Step::new(StageKind::Contract, phase, Group::Alone, words, title)
        .op(Op::RenameEnum { on: id, to: now.name.clone() })
        .hazard("H306", format!("clients name the type in writes and filters: old ones fail with {to}, new ones with {from}; to have no pause, {keep}"));
    if taken.is_some() {
        return cx.push(step);
    }
    let tables = super::remake_enum::of_either(cx, &[id]);
    cx.switch_together(tables, step, vec![Op::RenameEnum { on: id, to: was.name.clone() }]);
}

/// An enum left, and its columns are of one that came: renamed, or another? Never guessed. Where the order of values is
/// another, that is told.
pub fn ask(cx: &mut Context) {
    let gone =
        |id: &EnumId| !cx.new_catalog().enums.contains_key(id) && !cx.matched.remade_enums.iter().any(|r| r.old == *id);
    let came = |id: &EnumId| !cx.old().enums.contains_key(id) && !cx.matched.remade_enums.iter().any(|r| r.new == *id);
    let mut pairs: Vec<(EnumId, EnumId)> = Vec::new();
    for (on, old, new) in &cx.matched.swapped_columns {
        let types = (&cx.old_table(*on).columns[old].ty, &cx.new_table(*on).columns[new].ty);
        if let (Some(from), Some(to)) = (types.0.enum_id(), types.1.enum_id())
            && gone(&from)
            && came(&to)
            && !pairs.contains(&(from, to))
        {
            pairs.push((from, to));
        }
    }
    for (from, to) in pairs {
        let (was, now) = (&cx.old().enums[&from], &cx.new_catalog().enums[&to]);
        if !was.values.iter().any(|v| now.values.contains(v)) {
            continue; // they have nothing in common
        }
        let (left, came) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
        let question =
            format!("enum {left} left, and its columns are of {came}, which came: renamed, or another enum?");
        if super::rename_question::goes(cx, &was.origin, "PS0709", &question) {
            continue;
        }
        let (old, new) = (&was.origin.model, &now.origin.model);
        let answer = |meaning: String, write: String| Answer { meaning, write };
        let answers = vec![
            answer(
                format!("renamed to {new}, the type keeps its name: no SQL; in enum {new}"),
                format!("@@map({:?})", was.name.name),
            ),
            answer(format!("renamed to {new}, the type too"), format!("--rename {old}={new}")),
            answer(format!("the same; above enum {new}"), format!("/// @stage.from({old})")),
            answer(
                "another enum: its columns change their type; in the intent file".into(),
                format!("drop = [{old:?}]"),
            ),
            answer("another enum, for all such questions".into(), "--assume drop".into()),
        ];
        cx.ask("PS0709", &now.origin, question, answers);
    }
    let both = cx.new_catalog().enums.iter().filter_map(|(id, now)| Some((cx.old().enums.get(id)?, now)));
    for (was, now) in both.filter(|(was, now)| is_reordered(&was.values, &now.values)).collect::<Vec<_>>() {
        let (name, label) = (cx.dialect.name(&now.name), now.origin.label());
        cx.refused.push(
            Diagnostic::warning(
                "PS0731",
                format!("{label}: its values stand in another order, and {name} keeps the old one"),
            )
            .at(now.origin.span)
            .note(format!(
                "Prisma does not compare the order either; ORDER BY on such a column goes by the database's: {}",
                was.values.join(", ")
            ))
            .help("nothing has to be done, unless something sorts or compares by such a column"),
        );
    }
}

/// Do values that both have stand in another order?
fn is_reordered(was: &[String], now: &[String]) -> bool {
    let kept = |of: &[String], other: &[String]| of.iter().filter(|v| other.contains(v)).cloned().collect::<Vec<_>>();
    kept(was, now) != kept(now, was)
}

const EARLY: &str = "the label is free only once old clients are gone, and a value cannot have two";
const SPOKEN: &str = "an index keeps its condition as the labels stood: under the other ones it would cover other rows than the schema says";
const PLACES: &str = "what leaves is mapped while old labels stand, and what changes places only after that: rows could not be told apart";

pub fn value(cx: &mut Context, id: EnumId, from: &str, to: &str) {
    let now = &cx.new_catalog().enums[&id];
    let quoted = cx.dialect.name(&cx.old().enums[&id].name);
    let title = format!("Rename value {from} of enum {quoted} to {to}");
    cx.note("rename-enum-value", &now.origin, title.clone());
    let keep = format!("keep the label with @map({from:?}) on the value: then no SQL is needed");
    let two = "rename the value in a plan of its own, before what needs it comes; an index whose condition speaks of it goes in a plan before that, and comes back after it";
    if let Some(place) = used_early(cx, id) {
        let what = format!("renaming the value {from} to {to}, while {place} needs {to} before old clients are gone,");
        return cx.refuse(&what, &now.origin, EARLY, two);
    }
    if let Some(index) = in_a_predicate(cx, id, from, to) {
        let what = format!("renaming the value {from} to {to}, of which the condition of index {index} speaks,");
        return cx.refuse(&what, &now.origin, SPOKEN, two);
    }
    let said = cx.matched.renamed_values.iter().find(|v| v.of == id && v.from == from).and_then(|v| v.said.as_deref());
    let question = format!("what becomes of the value {from}?");
    cx.decide("PS0705", &now.origin, &question, &format!("{from} becomes {to}"), said.unwrap_or("the schema"));
    let words = format!("rename_{}", slug(&[&now.name.name, to]));
    let step = Step::new(StageKind::Contract, Phase::EnumNames, Group::Alone, words, title)
        .op(Op::RenameEnumValue { on: id, from: from.to_owned(), to: to.to_owned() })
        .hazard("H306", format!("rows are not written, but read as {to} from now on: old clients fail on them, and new ones before it; to have no pause, {keep}"));
    cx.push(step);
}

/// A column to which something is done before the end of the plan that may speak of the new label.
fn used_early(cx: &Context, id: EnumId) -> Option<String> {
    // A value that is named is written with the label of the moment; SQL may speak of either.
    let said = |c: &Column| cx.intent.using.contains_key(&(c.origin.model.clone(), c.origin.item.clone()));
    let by_sql = |c: &Column| matches!(c.default, Some(Default::Sql(_)));
    let early = |on: TableId, at: ColumnId, now: &Column| match cx.old().tables.get(&on) {
        None => by_sql(now),
        Some(table) => match table.columns.get(&at) {
            Some(was) if was.ty != now.ty => true,
            Some(was) => {
                let given = was.nullable && !now.nullable && (by_sql(now) || said(now));
                given || (by_sql(now) && was.default != now.default)
            }
            // What is empty in every row says nothing.
            None if now.default.is_some() => by_sql(now),
            None => !now.nullable && said(now) || cx.matched.moved_columns().any(|(_, _, new)| *new == at),
        },
    };
    let mut columns = cx.new_catalog().tables.iter().flat_map(|(on, t)| t.columns.iter().map(|(at, c)| (*on, *at, c)));
    let found = columns.find(|(on, at, c)| c.ty.enum_id() == Some(id) && early(*on, *at, c));
    found.map(|(on, _, c)| cx.column_label(on, &c.name))
}

/// Defaults that come before a value has its new label are written with the old one; the server keeps them by value, so they
/// follow when it is renamed.
pub fn finish(cx: &mut Context) {
    let renamed: Vec<_> = cx.matched.renamed_values.iter().map(|v| (v.of, v.from.clone(), v.to.clone())).collect();
    if renamed.is_empty() {
        return;
    }
    let (old, new) = (cx.old(), cx.new_catalog());
    let literal_of = |of: Option<EnumId>, l: &mut Literal| {
        let found = renamed.iter().find(|(id, _, to)| Some(*id) == of && *l == Literal::Enum(to.clone()));
        if let Some((_, from, _)) = found {
            *l = Literal::Enum(from.clone());
        }
    };
    let meanwhile = |ty: &ColumnType, default: &mut Option<Default>| {
        let of = ty.enum_id();
        let literal = |l: &mut Literal| literal_of(of, l);
        match default {
            Some(Default::Literal(l)) => literal(l),
            Some(Default::List(all)) => all.iter_mut().for_each(literal),
            Some(Default::Now | Default::Sequence | Default::Sql(_)) | None => {}
        }
    };
    let value_of = |on: TableId, id: ColumnId, value: &mut Expr| {
        let Some(column) = new.column(on, id).or_else(|| old.column(on, id)) else { return };
        let parts = if let Expr::Coalesce(all) = value { all.as_mut_slice() } else { std::slice::from_mut(value) };
        for part in parts {
            if let Expr::Literal(l) = part {
                literal_of(column.ty.enum_id(), l);
            } else if let Expr::Default(default) = part {
                let mut other = Some(default.clone());
                meanwhile(&column.ty, &mut other);
                *default = other.unwrap_or_else(|| default.clone());
            }
        }
    };
    for (on, helpers) in &mut cx.helpers {
        for rule in &mut helpers.rules {
            if let TriggerRule::Fill { column, value } | TriggerRule::Give { column, value } = rule {
                value_of(*on, *column, value);
            }
        }
    }
    let before = |s: &&mut Step| (s.stage, s.phase) < (StageKind::Contract, Phase::EnumNames);
    for step in cx.steps.iter_mut().filter(before) {
        for op in step.ops.iter_mut().chain(step.back.iter_mut().flatten()) {
            match op {
                Op::AddColumn { column, .. } => meanwhile(&column.ty.clone(), &mut column.default),
                Op::CreateTable(_, table) => {
                    for column in table.columns.values_mut() {
                        meanwhile(&column.ty.clone(), &mut column.default);
                    }
                }
                Op::SetDefault { on, id, default } => {
                    if let Some(column) = new.column(*on, *id).or_else(|| old.column(*on, *id)) {
                        meanwhile(&column.ty, default);
                    }
                }
                Op::Backfill(Backfill { table, work: Work::Fill { column, value }, .. }) => {
                    value_of(*table, *column, value);
                }
                _ => {}
            }
        }
    }
    // Going back, a column that went comes again while values still have their new labels.
    let after = |s: &&mut Step| (s.stage, s.phase) > (StageKind::Contract, Phase::EnumNames);
    for op in cx.steps.iter_mut().filter(after).flat_map(|step| step.back.iter_mut().flatten()) {
        if let Op::AddColumn { on, id, column } = op
            && new.column(*on, *id).is_none()
        {
            column.default = cx.matched.default_after(column);
        }
    }
}

/// The server keeps the condition of an index by value, not by label; by its text nobody can tell that it is the same.
fn in_a_predicate(cx: &Context, id: EnumId, from: &str, to: &str) -> Option<String> {
    let tables = [cx.old(), cx.new_catalog()].into_iter().flat_map(|c| c.tables.values());
    let uses = tables.filter(|t| t.columns.values().any(|c| c.ty.enum_id() == Some(id)));
    let speaks = |p: &String| p.contains(from) || p.contains(to);
    uses.flat_map(|t| t.indexes.values())
        .find(|i| i.predicate.as_ref().is_some_and(speaks))
        .map(|i| cx.dialect.ident(&i.name))
}

/// A value that has another's label now, while that one has another: nobody has said whether the rows move along.
pub fn exchange(cx: &mut Context, id: EnumId, label: &str, value: &str) {
    let Some(now) = cx.new_catalog().enums.get(&id).or(cx.old().enums.get(&id)) else { return };
    let of = now.origin.model.clone();
    if cx.matched.exchanged_at_once.contains(&id) {
        let what = format!("exchanging the label {label} at once with values that leave");
        let instead = "let those values go in a plan before this one, and exchange the labels in this one";
        return cx.refuse(&what, &now.origin, PLACES, instead);
    }
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let known = cx.intent.labels_before.iter().find(|((e, _), l)| *e == of && *l == label);
    let was = known.map_or_else(|| label.to_owned(), |((_, value), _)| value.clone());
    let question = format!("{of}.{value} has the label {label} now, which was that of {was}: do the rows move along?");
    let answers = vec![
        answer(
            format!("rows of {value} stay rows of {value}: the labels change places, behind a pause; above enum {of}"),
            format!("/// @stage.map({value}: {value}, {was}: {was})"),
        ),
        answer(
            format!("rows that hold {label} become rows of {value}: no SQL; above enum {of}"),
            format!("/// @stage.map({was}: {value}, {value}: {was})"),
        ),
    ];
    cx.ask("PS0741", &now.origin, question, answers);
}

/// Labels that take each other's places, by names in between, in one transaction.
pub fn labels(cx: &mut Context, id: EnumId) {
    let now = &cx.new_catalog().enums[&id];
    let renamed: Vec<_> = cx.matched.renamed_values.iter().filter(|v| v.of == id).cloned().collect();
    let quoted = cx.dialect.name(&cx.old().enums[&id].name);
    let list = renamed.iter().map(|v| format!("{} becomes {}", v.from, v.to)).collect::<Vec<_>>().join(", ");
    let title = format!("Labels of enum {quoted} change places: {list}");
    cx.note("exchange-names", &now.origin, title.clone());
    for v in &renamed {
        let two = "exchange the labels in a plan of their own";
        if let Some(place) = used_early(cx, id) {
            let what = format!("exchanging the label {}, which {place} needs before old clients are gone,", v.to);
            return cx.refuse(&what, &now.origin, EARLY, two);
        }
        if let Some(index) = in_a_predicate(cx, id, &v.from, &v.to) {
            let what = format!("exchanging the label {}, of which the condition of index {index} speaks,", v.to);
            return cx.refuse(&what, &now.origin, SPOKEN, two);
        }
        let question = format!("what becomes of rows that hold {}?", v.from);
        let source = v.said.as_deref().unwrap_or("the schema");
        cx.decide("PS0705", &now.origin, &question, &format!("{} becomes {}", v.from, v.to), source);
    }
    let rename = |from: &str, to: &str| Op::RenameEnumValue { on: id, from: from.to_owned(), to: to.to_owned() };
    let away = renamed.iter().map(|v| rename(&v.from, &helper_name(&v.from, "ps")));
    let home = renamed.iter().map(|v| rename(&helper_name(&v.from, "ps"), &v.to));
    let words = format!("exchange_{}", slug(&[&now.name.name]));
    let ops = super::exchange::once(&format!("{quoted}{list}"), away.chain(home).collect());
    let step = Step::new(StageKind::Contract, Phase::EnumNames, Group::Alone, words, title).ops(ops);
    cx.push(step.hazard("H310", super::exchange::PAUSE));
}
