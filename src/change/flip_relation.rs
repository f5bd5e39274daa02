//! A one-to-one relation whose foreign key moved to the other table: asked about, so that its links do not go unsaid. If they go
//! on, both sides keep them for a while, and triggers on both carry what is written to the other.

use super::across::Crossing;
use super::{Context, Group, Phase, rename_question, slug};
use crate::catalog::{
    Across, Check, CheckId, CheckRule, Column, ColumnId, Keeper, Table, TableId, Turned, helper_name,
};
use crate::diff::Flipped;
use crate::op::{Fact, Op};
use crate::question::Answer;
use crate::stage::StageKind;

/// Asks wherever nothing was said.
pub fn ask(cx: &mut Context) {
    for flip in cx.matched.flipped.iter().filter(|f| !f.said) {
        let question = question(cx, flip);
        // Any of several columns may say so; the last tells the relation best, since what several models share comes first.
        let (Some(key), Some(column)) = (flip.left.last(), flip.came.last()) else { continue };
        let (was, now) = (&cx.old_table(flip.other).columns[key], &cx.new_table(flip.on).columns[column]);
        if rename_question::goes(cx, &was.origin, "PS0745", &question) {
            continue;
        }
        let answer = |meaning: String, write: String| Answer { meaning, write };
        let (from, to) = (was.origin.label(), now.origin.label());
        let answers = vec![
            answer(format!("yes; above {to}"), format!("/// @stage.from({from})")),
            answer("no: they go; in the intent file".to_owned(), format!("drop = [{from:?}]")),
            answer("no, for all such questions".to_owned(), "--assume drop".to_owned()),
        ];
        cx.ask("PS0745", &now.origin, question, answers);
    }
}

fn question(cx: &Context, flip: &Flipped) -> String {
    let (left, came) = labels(cx, flip);
    if flip.left.len() > 1 || flip.came.len() > 1 {
        return format!("the relation that was kept by {left} is kept by {came}: do the links go on?");
    }
    format!("the relation that {left} kept is kept by {came}: do the links go on?")
}

/// The columns that go, and those that come.
fn labels(cx: &Context, flip: &Flipped) -> (String, String) {
    let all = |on: TableId, table: &Table, ids: &[ColumnId]| {
        let labels = ids.iter().map(|id| cx.column_label(on, &table.columns[id].name));
        labels.collect::<Vec<_>>().join(" and ")
    };
    (all(flip.other, cx.old_table(flip.other), &flip.left), all(flip.on, cx.new_table(flip.on), &flip.came))
}

pub fn plan(cx: &mut Context, flip: &Flipped) {
    let of = |table: &Table, ids: &[ColumnId]| -> Vec<(ColumnId, Column)> {
        ids.iter().map(|id| (*id, table.columns[id].clone())).collect()
    };
    let was = of(cx.old_table(flip.other), &flip.left);
    let came_columns = of(cx.new_table(flip.on), &flip.came);
    let now = came_columns[0].1.clone();
    let (left, came) = labels(cx, flip);
    cx.note("flip-relation", &now.origin, format!("Keep the links of {left} in {came}, the other way round"));
    if let Some((what, why, instead)) = obstacle(cx, flip) {
        return cx.refuse(&what, &now.origin, why, &instead);
    }
    let asked = question(cx, flip);
    cx.decide("PS0745", &now.origin, &asked, "they do", "@stage.from");
    let turned = Turned {
        old: Keeper { table: flip.other, key: flip.key.clone(), own: flip.left.clone(), id: flip.points_at.clone() },
        new: Keeper { table: flip.on, key: flip.columns.clone(), own: flip.came.clone(), id: flip.pointed_at.clone() },
    };
    let words = slug(&[&cx.new_table(flip.on).name.name, &now.name]);
    let crossing =
        Crossing { across: Across::Turned(turned), words, left: (flip.other, was), came: (flip.on, came_columns) };
    crossing.expand(cx);
    crossing.fill(cx);
    crossing.filled(cx);
    crossing.contract(cx, may_be_half(cx.old_table(flip.other), flip));
    for (id, _) in crossing.came.1.iter().filter(|(_, c)| !c.nullable) {
        require(cx, flip.on, *id, &crossing);
    }
}

/// Can a row hold a part of its link and not all of it? Then it is linked to nothing, and the part goes.
fn may_be_half(was: &Table, flip: &Flipped) -> bool {
    let empty = flip.key.iter().filter(|id| was.columns[*id].nullable);
    empty.into_iter().any(|id| flip.left.iter().any(|other| other != id))
}

/// What stands in the way, why, and what to do instead.
fn obstacle(cx: &Context, flip: &Flipped) -> Option<(String, &'static str, String)> {
    let was = cx.old_table(flip.other);
    let (left, came) = labels(cx, flip);
    let what = |more: &str| format!("turning round the links of {left}, so that {came} keeps them,{more}");
    // What the sides share, and what they point at, is there from the first day to the last.
    let both = |on, ids: &[ColumnId]| {
        ids.iter().all(|id| cx.old().column(on, *id).is_some() && cx.new_catalog().column(on, *id).is_some())
    };
    if !both(flip.other, &flip.points_at) || !both(flip.on, &flip.pointed_at) {
        return Some((
            what(" while a key that one of the two points at is another one"),
            "triggers look up the rows of both sides by these keys, from the first day to the last",
            "change the key in a plan before this one".to_owned(),
        ));
    }
    if was.primary_key.iter().any(|k| k.columns.iter().any(|c| flip.left.contains(&c.column))) {
        return Some((
            what(" which is part of the primary key"),
            "new clients make rows that are linked only later, and a key is never NULL",
            format!("give {} a key of its own in a plan before this one", was.origin.label()),
        ));
    }
    None
}

/// Only once old clients are gone: they make a row first, and what links it afterwards.
fn require(cx: &mut Context, on: TableId, id: ColumnId, crossing: &Crossing) {
    let name = &cx.new_table(on).columns[&id].name;
    let label = cx.column_label(on, name);
    let check: CheckId = cx.ids.fresh();
    let rule = Check {
        name: helper_name(&format!("{}_{name}", cx.new_table(on).name.name), "ps_nn"),
        rule: CheckRule::NotNull(id),
        validated: false,
    };
    let step = |phase, verb: &str, what: &str| {
        let title = format!("{label} must have a value: {what}");
        crossing.step(StageKind::Contract, phase, Group::Table(on), verb, title)
    };
    // After the triggers, which empty it.
    let steps = [
        step(Phase::ChangedForeignKeys, "check", "check what is written from now on")
            .op(Op::AddCheck { on, id: check, check: rule })
            .before(Fact::NoNulls { on, column: id }),
        step(Phase::ChangedForeignKeyRows, "validate", "check the rows that exist")
            .op(Op::ValidateCheck { on, id: check }),
        step(Phase::OldForeignKeys, "require", "NOT NULL, proved by the check")
            .op(Op::SetNotNull { on, id, proof: Some(check) })
            .op(Op::DropCheck { on, id: check }),
    ];
    for step in steps {
        cx.push(step);
    }
}
