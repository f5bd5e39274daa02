//! A one-to-one relation whose foreign key moved to the other table: asked about, so that its links do not go unsaid. If they go
//! on, both sides keep them for a while, and triggers on both carry what is written to the other.

use super::across::Crossing;
use super::{Context, Group, Phase, rename_question, slug};
use crate::catalog::{Across, Check, CheckId, CheckRule, Keeper, Turned, helper_name};
use crate::dialect::Alter;
use crate::diff::Flipped;
use crate::op::{Fact, Op};
use crate::question::Answer;
use crate::stage::StageKind;

/// Asks wherever nothing was said.
pub fn ask(cx: &mut Context) {
    for flip in cx.matched.flipped.iter().filter(|f| !f.said) {
        let (was, now) = (&cx.old_table(flip.other).columns[&flip.key], &cx.new_table(flip.on).columns[&flip.column]);
        let question = question(cx, flip);
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
    let (was, now) = (&cx.old_table(flip.other).columns[&flip.key], &cx.new_table(flip.on).columns[&flip.column]);
    let (left, came) = (cx.column_label(flip.other, &was.name), cx.column_label(flip.on, &now.name));
    format!("the relation that {left} kept is kept by {came}: do the links go on?")
}

pub fn plan(cx: &mut Context, flip: &Flipped) {
    let was = cx.old_table(flip.other).columns[&flip.key].clone();
    let now = cx.new_table(flip.on).columns[&flip.column].clone();
    let (left, came) = (cx.column_label(flip.other, &was.name), cx.column_label(flip.on, &now.name));
    cx.note("flip-relation", &now.origin, format!("Keep the links of {left} in {came}, the other way round"));
    if let Some((what, why, instead)) = obstacle(cx, flip) {
        return cx.refuse(&what, &now.origin, why, &instead);
    }
    let asked = question(cx, flip);
    cx.decide("PS0745", &now.origin, &asked, "they do", "@stage.from");
    let turned = Turned {
        old: Keeper { table: flip.other, key: flip.key, id: flip.points_at },
        new: Keeper { table: flip.on, key: flip.column, id: flip.pointed_at },
    };
    let words = slug(&[&cx.new_table(flip.on).name.name, &now.name]);
    let crossing = Crossing {
        across: Across::Turned(turned),
        words,
        left: (flip.other, vec![(flip.key, was)]),
        came: (flip.on, vec![(flip.column, now.clone())]),
    };
    // Each row is linked to another one, as it was before.
    cx.distinct.insert(flip.column);
    crossing.expand(cx);
    crossing.fill(cx);
    crossing.filled(cx);
    crossing.contract(cx, false);
    if !now.nullable {
        require(cx, flip, &crossing);
    }
}

/// What stands in the way, why, and what to do instead.
fn obstacle(cx: &Context, flip: &Flipped) -> Option<(String, &'static str, String)> {
    let (was, now) = (cx.old_table(flip.other), cx.new_table(flip.on));
    let (left, came) = (
        cx.column_label(flip.other, &was.columns[&flip.key].name),
        cx.column_label(flip.on, &now.columns[&flip.column].name),
    );
    let what = |more: &str| format!("turning round the links of {left}, so that {came} keeps them,{more}");
    let there = cx.new_catalog().column(flip.other, flip.points_at).is_some()
        && was.columns.contains_key(&flip.points_at)
        && cx.old().column(flip.on, flip.pointed_at).is_some()
        && now.columns.contains_key(&flip.pointed_at);
    if !there {
        return Some((
            what(" while a key that one of the two points at is another one"),
            "triggers look up the rows of both sides by these keys, from the first day to the last",
            "change the key in a plan before this one".to_owned(),
        ));
    }
    if cx.dialect.caps().alter == Alter::AtOnce {
        return Some((
            what(""),
            "on this database tables change at once, and both sides cannot follow each other meanwhile",
            "add the new side optional and fill it with your own SQL, move the clients over, and drop the old side in a later change".to_owned(),
        ));
    }
    if was.primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == flip.key)) {
        return Some((
            what(" which is part of the primary key"),
            "new clients make rows that are linked only later, and a key is never NULL",
            format!("give {} a key of its own in a plan before this one", was.origin.label()),
        ));
    }
    None
}

/// Only once old clients are gone: they make a row first, and what links it afterwards.
fn require(cx: &mut Context, flip: &Flipped, crossing: &Crossing) {
    let (on, id) = (flip.on, flip.column);
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
