//! A one-to-one relation whose foreign key moved to the other table: asked about, so that its links do not go unsaid.

use super::{Context, rename_question};
use crate::diff::Flipped;
use crate::question::Answer;

/// Asks wherever nothing was said.
pub fn ask(cx: &mut Context) {
    for flip in cx.matched.flipped.iter().filter(|f| !f.said) {
        let (was, now) = (&cx.old_table(flip.other).columns[&flip.key], &cx.new_table(flip.on).columns[&flip.column]);
        let (left, came) = (cx.column_label(flip.other, &was.name), cx.column_label(flip.on, &now.name));
        let question = format!("the relation that {left} kept is kept by {came}: do the links go on?");
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

pub fn plan(cx: &mut Context, flip: &Flipped) {
    let (was, now) = (&cx.old_table(flip.other).columns[&flip.key], &cx.new_table(flip.on).columns[&flip.column]);
    let what = format!(
        "turning round the links of {}, so that {} keeps them,",
        cx.column_label(flip.other, &was.name),
        cx.column_label(flip.on, &now.name)
    );
    let instead = "in three changes: add the new side optional and fill it from the other one, move the clients over, drop the old side";
    cx.refuse(&what, &now.origin, instead);
}
