//! Something left and something like it came: renamed, or dropped and added? Never guessed.

use super::{Context, links};
use crate::catalog::{ColumnId, Origin, Table, TableId, TableKind};
use crate::diff::{Candidate, column_candidates, table_candidates};
use crate::options::Assume;
use crate::question::Answer;
use foldhash::HashSet;

/// Asks wherever nothing was said.
pub fn ask(cx: &mut Context) {
    links::ask(cx);
    for (id, candidates) in table_candidates(cx.matched) {
        ask_table(cx, id, &candidates);
    }
    let mut moved: HashSet<ColumnId> = cx.matched.moved_columns().flat_map(|(_, a, b)| [*a, *b]).collect();
    moved.extend(cx.matched.mappings.iter().flat_map(|m| m.old.iter().chain(&m.new)));
    moved.extend(cx.matched.moves.iter().flat_map(|m| &m.pairs).flat_map(|(a, b)| [*a, *b]));
    for id in cx.new_catalog().tables.keys() {
        let join = |t: &Table| matches!(t.kind, TableKind::Join { .. });
        if cx.old().tables.get(id).is_none_or(|t| join(t)) || join(cx.new_table(*id)) {
            continue;
        }
        for (old, candidates) in column_candidates(cx.matched, *id, &moved) {
            ask_column(cx, *id, old, &candidates);
        }
    }
}

/// `72: names 62% alike, the same type, in its place`
fn likely<T>(candidate: &Candidate<T>) -> String {
    format!("{} of 100: {}", candidate.score, candidate.evidence.join(", "))
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

fn ask_table(cx: &mut Context, old: TableId, new: &[Candidate<TableId>]) {
    let was = cx.old_table(old);
    let names = new.iter().map(|c| cx.dialect.name(&cx.new_table(c.new).name)).collect::<Vec<_>>().join(" or ");
    let left = cx.dialect.name(&was.name);
    let question = format!("table {left} left and {names} came, much alike: renamed, or dropped and created?");
    if goes(cx, &was.origin, "PS0702", &question) {
        return;
    }
    let mut answers = Vec::new();
    for candidate in new {
        let came = cx.new_table(candidate.new);
        let likely = likely(candidate);
        let (from, to) = (&was.origin.model, &came.origin.model);
        if was.kind == TableKind::Model || came.kind == TableKind::Model {
            if was.kind != came.kind {
                answers.extend(links::answers(was, came));
                continue;
            }
        } else {
            answers.push(answer(
                format!(
                    "renamed to {} ({likely}): keep the relation's name, on both of its fields, and no SQL is needed",
                    came.name.name
                ),
                format!("@relation(\"{}\")", was.name.name.trim_start_matches('_')),
            ));
            continue;
        }
        answers.push(answer(
            format!("renamed to {to} ({likely}), the table keeps its name: no SQL; in model {to}"),
            format!("@@map(\"{}\")", was.name.name),
        ));
        answers.push(answer(
            format!("renamed to {to}, the table too: a view of the new name, then ALTER TABLE … RENAME"),
            format!("--rename {from}={to}"),
        ));
        answers.push(answer(format!("the same; above model {to}"), format!("/// @stage.from({from})")));
    }
    let drop = format!("drop = [\"{}\"]", was.origin.model);
    answers.push(answer("dropped: DROP TABLE, its rows go; in the intent file".into(), drop));
    answers.push(answer("a drop and an add, for all such questions".into(), "--assume drop".into()));
    cx.ask("PS0702", &was.origin, question, answers);
}

fn ask_column(cx: &mut Context, on: TableId, old: ColumnId, new: &[Candidate<ColumnId>]) {
    let was = cx.old_table(on).columns[&old].clone();
    let now = cx.new_table(on);
    let names = new.iter().map(|c| cx.dialect.ident(&now.columns[&c.new].name)).collect::<Vec<_>>().join(" or ");
    let label = cx.column_label(on, &was.name);
    let question = format!("{label} left and {names} of the same type came: renamed, or dropped and added?");
    if goes(cx, &was.origin, "PS0701", &question) {
        return;
    }
    let mut answers = Vec::new();
    for candidate in new {
        let came = &now.columns[&candidate.new].origin;
        let likely = likely(candidate);
        let (model, from, to) = (&came.model, &was.origin.item, &came.item);
        answers.push(answer(
            format!("renamed to {to} ({likely}), the column keeps its name: no SQL; on {model}.{to}"),
            format!("@map(\"{}\")", was.name),
        ));
        answers.push(answer(
            format!(
                "renamed to {to}, the column too: a second one, filled and kept in step until old clients are gone"
            ),
            format!("--rename {model}.{from}={to}"),
        ));
        answers.push(answer(format!("the same; above {model}.{to}"), format!("/// @stage.from({from})")));
    }
    let drop = format!("drop = [\"{}\"]", was.origin.label());
    answers.push(answer("dropped: DROP COLUMN, its values go; in the intent file".into(), drop));
    answers.push(answer("a drop and an add, for all such questions".into(), "--assume drop".into()));
    cx.ask("PS0701", &was.origin, question, answers);
}
