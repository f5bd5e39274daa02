//! Links of many-to-many relations: tables of their own that Prisma makes, or models.

use super::swap_column::Return;
use super::{Change, Context};
use crate::catalog::{Expr, Table, TableId, TableKind};
use crate::diff::Relinked;
use crate::question::Answer;

fn answer(meaning: String, write: String) -> Answer {
    Answer { meaning, write }
}

/// Links that are a model's rows from now on, or the other way round. The table stays, under the name it is to have.
pub fn classify(on: TableId, was: &Table, now: &Table) -> Option<Change> {
    match (&was.kind, &now.kind) {
        (TableKind::Join { .. }, TableKind::Model) => Some(Change::LinksToModel(on)),
        (TableKind::Model, TableKind::Join { .. }) => Some(Change::ModelToLinks(on)),
        (TableKind::Join { .. }, TableKind::Join { .. }) | (TableKind::Model, TableKind::Model) => None,
    }
}

pub fn to_model(cx: &mut Context, on: TableId) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let title = format!("The links of {} are the rows of model {}", cx.dialect.name(&was.name), now.origin.model);
    cx.note("links-to-model", &now.origin, title);
}

pub fn from_model(cx: &mut Context, on: TableId) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let title = format!("The rows of model {} are the links of {}", was.origin.model, cx.dialect.name(&now.name));
    cx.note("model-to-links", &now.origin, title);
}

/// Asks which end of a link is which, wherever the schemas leave it open.
pub fn ask(cx: &mut Context) {
    for id in &cx.matched.unclear_joins {
        ask_fields(cx, *id);
    }
    for id in &cx.matched.unclear_links {
        ask_columns(cx, *id);
    }
}

/// Both fields of a model's relation with itself have other names.
fn ask_fields(cx: &mut Context, id: TableId) {
    let (was, now) = (cx.old_table(id), cx.new_table(id));
    let (TableKind::Join { a: Some(a), b: Some(b) }, TableKind::Join { a: Some(x), .. }) = (&was.kind, &now.kind)
    else {
        return;
    };
    let question = format!(
        "both fields of the relation in {} have other names: which of {} and {} is {}.{} now?",
        cx.dialect.name(&now.name),
        a.1,
        b.1,
        x.0,
        x.1
    );
    let answers = vec![
        answer(format!("it was {}; above {}.{}", a.1, x.0, x.1), format!("/// @stage.from({})", a.1)),
        answer(format!("it was {}; above {}.{}", b.1, x.0, x.1), format!("/// @stage.from({})", b.1)),
    ];
    cx.ask("PS0743", &now.origin, question, answers);
}

/// A join table is a model's now, or was, and it is not clear which columns hold the two ends.
fn ask_columns(cx: &mut Context, id: TableId) {
    let (was, now) = (cx.old_table(id), cx.new_table(id));
    let (TableKind::Join { a: Some(a), b: Some(b) }, model, to_model) = (match (&was.kind, &now.kind) {
        (join @ TableKind::Join { .. }, _) => (join, now, true),
        (TableKind::Model, join) => (join, was, false),
    }) else {
        return;
    };
    let question = format!(
        "which columns of {} {} A and B of {}?",
        cx.dialect.name(&model.name),
        if to_model { "hold what was in" } else { "are to be" },
        cx.dialect.name(&if to_model { was } else { now }.name)
    );
    let fields = model.columns.values().filter(|c| !c.origin.item.is_empty()).map(|c| c.origin.item.as_str());
    let fields = fields.collect::<Vec<_>>().join(", ");
    let of = &model.origin.model;
    let answers = if to_model {
        vec![
            answer(format!("A, which held {}.{}; above one of {fields}", a.0, a.1), "/// @stage.from(A)".to_owned()),
            answer(format!("B, which held {}.{}; above one of {fields}", b.0, b.1), "/// @stage.from(B)".to_owned()),
        ]
    } else {
        vec![
            answer(format!("A; above {}.{}, one of {fields}", a.0, a.1), format!("/// @stage.from({of}.…)")),
            answer(format!("B; above {}.{}, one of {fields}", b.0, b.1), format!("/// @stage.from({of}.…)")),
        ]
    };
    cx.ask("PS0744", &now.origin, question, answers);
}

/// How to say that a model's rows are the links of a relation from now on, or the other way round.
pub fn answers(was: &Table, came: &Table) -> Vec<Answer> {
    let (from, to) = (&was.origin.model, &came.origin.model);
    if let TableKind::Join { a, .. } = &came.kind {
        let field = a.as_ref().map_or_else(String::new, |(model, field)| format!("{model}.{field}"));
        return vec![
            answer(
                format!("every row of {from} that links two rows goes on as a link of {}", came.name.name),
                format!("--rename {from}={}", came.name.name),
            ),
            answer(format!("the same; above {field}"), format!("/// @stage.from({from})")),
        ];
    }
    let table = &was.name.name;
    vec![
        answer(format!("every link goes on as a row of {to}"), format!("--rename {table}={to}")),
        answer(format!("the same; above model {to}"), format!("/// @stage.from({table})")),
    ]
}

/// What a column of a join table holds that is to hold another field of the same rows, and the way back.
pub fn values(cx: &mut Context, link: &Relinked, label: &str) -> Option<(Expr, Return)> {
    let target = link.target;
    let name = |id| {
        let column = cx.new_table(target).columns.get(&id).or(cx.old_table(target).columns.get(&id));
        cx.column_label(target, column.map_or("", |c| &c.name))
    };
    let question = format!("{label} holds {} so far: what of its rows do links hold from now on?", name(link.was));
    let answer = format!("{} of the same row", name(link.now));
    let origin = cx.new_table(link.table).columns[&link.new].origin.clone();
    cx.decide("PS0706", &origin, &question, &answer, "the schema");
    let value = Expr::Lookup { column: link.old, table: target, key: link.was, value: link.now };
    let back = Expr::Lookup { column: link.new, table: target, key: link.now, value: link.was };
    Some((value, Return { value: back, exact: true, total: true }))
}
