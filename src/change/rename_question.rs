//! Something left and something like it came: renamed, or dropped and added? Never guessed.

use super::Context;
use crate::catalog::{ColumnId, Origin, TableId, TableKind};
use crate::diff::{column_candidates, table_candidates};
use crate::options::Assume;
use crate::question::Answer;

/// Asks wherever nothing was said.
pub fn ask(cx: &mut Context) {
    for (origin, from) in &cx.matched.blocked {
        let what = format!("taking over {from}, while it is there already with values of its own,");
        cx.refuse(&what, origin, "take the answer away, or give the new one a name that is free");
    }
    for (id, candidates) in table_candidates(cx.matched) {
        let new = candidates.iter().map(|c| (c.new, c.score)).collect::<Vec<_>>();
        ask_table(cx, id, &new);
    }
    for id in cx.new_catalog().tables.keys() {
        if !cx.old().tables.contains_key(id) || matches!(cx.new_table(*id).kind, TableKind::Join { .. }) {
            continue;
        }
        for (old, candidates) in column_candidates(cx.matched, *id) {
            let new = candidates.iter().map(|c| (c.new, c.score)).collect::<Vec<_>>();
            ask_column(cx, *id, old, &new);
        }
    }
}

fn answer(meaning: String, write: String) -> Answer {
    Answer { meaning, write }
}

/// Was it said that this one really goes?
pub fn goes(cx: &mut Context, origin: &Origin, code: &str, question: &str) -> bool {
    if let Some(said) = cx.said(&cx.intent.dropped, origin) {
        cx.decide(code, origin, question, "a drop and an add", &said.source);
        return true;
    }
    if cx.intent.assumes(Assume::Drop) {
        cx.decide(code, origin, question, "a drop and an add", "--assume drop");
        return true;
    }
    false
}

fn ask_table(cx: &mut Context, old: TableId, new: &[(TableId, u32)]) {
    let was = cx.old_table(old);
    let names = new.iter().map(|(id, _)| cx.dialect.name(&cx.new_table(*id).name)).collect::<Vec<_>>().join(" or ");
    let left = cx.dialect.name(&was.name);
    let question = format!("table {left} left and {names} came, much alike: renamed, or dropped and created?");
    if goes(cx, &was.origin, "PS0702", &question) {
        return;
    }
    let mut answers = Vec::new();
    for (id, score) in new {
        let came = cx.new_table(*id);
        let (from, to) = (&was.origin.model, &came.origin.model);
        if matches!(came.kind, TableKind::Join { .. }) {
            answers.push(answer(
                format!(
                    "renamed to {} ({score}% alike): keep the relation's name, on both of its fields, and no SQL is needed",
                    came.name.name
                ),
                format!("@relation(\"{}\")", was.name.name.trim_start_matches('_')),
            ));
            continue;
        }
        answers.push(answer(
            format!("renamed to {to} ({score}% alike), the table keeps its name: no SQL; in model {to}"),
            format!("@@map(\"{}\")", was.name.name),
        ));
        answers.push(answer(format!("renamed to {to}, the table too"), format!("--rename {from}={to}")));
        answers.push(answer(format!("the same; above model {to}"), format!("/// @stage.from({from})")));
    }
    let drop = format!("drop = [\"{}\"]", was.origin.model);
    answers.push(answer("dropped: its rows go; in the intent file".into(), drop));
    answers.push(answer("a drop and an add, for all such questions".into(), "--assume drop".into()));
    cx.ask("PS0702", &was.origin, question, answers);
}

fn ask_column(cx: &mut Context, on: TableId, old: ColumnId, new: &[(ColumnId, u32)]) {
    let was = cx.old_table(on).columns[&old].clone();
    let now = cx.new_table(on);
    let names = new.iter().map(|(id, _)| cx.dialect.ident(&now.columns[id].name)).collect::<Vec<_>>().join(" or ");
    let label = cx.column_label(on, &was.name);
    let question = format!("{label} left and {names} of the same type came: renamed, or dropped and added?");
    if goes(cx, &was.origin, "PS0701", &question) {
        return;
    }
    let mut answers = Vec::new();
    for (id, score) in new {
        let came = &now.columns[id].origin;
        let (model, from, to) = (&came.model, &was.origin.item, &came.item);
        answers.push(answer(
            format!("renamed to {to} ({score}% likely), the column keeps its name: no SQL; on {model}.{to}"),
            format!("@map(\"{}\")", was.name),
        ));
        answers.push(answer(format!("renamed to {to}, the column too"), format!("--rename {model}.{from}={to}")));
        answers.push(answer(format!("the same; above {model}.{to}"), format!("/// @stage.from({from})")));
    }
    let drop = format!("drop = [\"{}\"]", was.origin.label());
    answers.push(answer("dropped: its values go; in the intent file".into(), drop));
    answers.push(answer("a drop and an add, for all such questions".into(), "--assume drop".into()));
    cx.ask("PS0701", &was.origin, question, answers);
}
