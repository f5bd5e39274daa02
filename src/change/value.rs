//! What a row gets in a column that it had no value for: from an answer, or a question.

use super::Context;
use crate::catalog::{ClientDefault, Column, ColumnId, Expr, TableId};
use crate::diag::Diagnostic;
use crate::intent::{Said, sql};
use crate::options::Assume;
use crate::question::Answer;

/// The value for rows that have none.
pub enum Filling {
    /// The same for every row.
    Constant(Expr),
    /// One for each row.
    Each(Expr),
}

/// Looks for the value; asks if there is none. `code` and `question` are those of the question.
pub fn find(
    cx: &mut Context,
    on: TableId,
    id: ColumnId,
    column: &Column,
    code: &'static str,
    question: &str,
) -> Option<Filling> {
    let origin = &column.origin;
    if let Some(given) = given(cx, on, column, (code, question)) {
        return given;
    }
    if column.updated_at {
        cx.decide(
            code,
            origin,
            question,
            "the time at which the plan runs, since the field is @updatedAt",
            "the schema",
        );
        return Some(Filling::Constant(Expr::Now));
    }
    if column.client_default == Some(ClientDefault::Uuid) {
        cx.decide(code, origin, question, "a new UUID each, as uuid() gives", "the schema");
        return Some(Filling::Each(Expr::Uuid));
    }
    let alone = cx.is_unique_alone(on, id);
    let unique = alone || column.client_default.is_some();
    // A placeholder points at no row. Where the foreign key is yet to come, orphans may be cleared before it does.
    let is_new = !cx.old_table(on).columns.contains_key(&id) && !cx.matched.moved_columns().any(|(_, _, to)| *to == id);
    let may_point_nowhere =
        !cx.is_foreign_key(on, id) || (is_new && cx.intent.assumes(Assume::DeleteOrphans) && cx.may_delete_from(on));
    if cx.intent.assumes(Assume::Placeholder)
        && may_point_nowhere
        && let Some(value) = cx.placeholder(&column.ty, unique)
        // One constant for all rows is no answer where no two may agree, unless they go as orphans anyway.
        && (!alone || cx.dialect.distinct(&column.ty).as_ref() == Some(&value) || cx.is_foreign_key(on, id))
    {
        let each = cx.dialect.distinct(&column.ty).as_ref() == Some(&value);
        let answer = match &value {
            Expr::Uuid => "a new UUID each".to_owned(),
            _ if each => "random bytes each".to_owned(),
            _ => "the zero value of its type".to_owned(),
        };
        cx.decide(code, origin, question, &answer, "--assume placeholder");
        return Some(if each { Filling::Each(value) } else { Filling::Constant(value) });
    }
    let answers = answers(cx, on, id, column, code);
    cx.ask(code, origin, question.to_owned(), answers);
    None
}

/// What a required field holds in rows that a trigger makes: one value for all of them.
pub fn of_made(cx: &mut Context, on: TableId, id: ColumnId, column: &Column, question: &str) -> Option<Expr> {
    let origin = &column.origin;
    if let Some(said) = cx.said(&cx.intent.fallback, origin) {
        let value = fallback(cx, column, said)?;
        cx.decide("PS0703", origin, question, &format!("fallback {}", said.text), &said.source);
        return Some(value);
    }
    let links = cx.is_foreign_key(on, id);
    if cx.intent.assumes(Assume::Placeholder)
        && !links
        && let Some(value) = cx.placeholder(&column.ty, false)
    {
        cx.decide("PS0703", origin, question, "the zero value of its type", "--assume placeholder");
        return Some(value);
    }
    let label = origin.label();
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let which = if links { "the same row for all of them, which must exist" } else { "the same value for all of them" };
    let mut answers = vec![
        answer(format!("{which}; above {label}"), "/// @stage.fallback(\"…\")".to_owned()),
        answer("the same, under [fallback] in the intent file".to_owned(), format!("\"{label}\" = \"…\"")),
        answer(format!("a default for good; on {label}"), "@default(…)".to_owned()),
    ];
    if !links {
        let meaning = "the zero value of each type, for every such field".to_owned();
        answers.push(answer(meaning, "--assume placeholder".to_owned()));
    }
    cx.ask("PS0703", origin, question.to_owned(), answers);
    None
}

/// The columns of OLD, but for its key, that a value is computed of, as they are called in a sentence.
pub fn sources(cx: &Context, on: TableId, value: &Expr) -> Vec<String> {
    let first = if let Expr::Coalesce(all) = value { all.first() } else { Some(value) };
    let Some(Expr::Sql(text)) = first else { return Vec::new() };
    let words = sql::words(text).unwrap_or_default();
    let table = cx.old_table(on);
    let key = |id: &ColumnId| table.primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == *id));
    let names = table.columns.iter().filter(|(id, _)| !key(id)).map(|(_, column)| &column.name);
    names.filter(|name| sql::reads(&words, name)).map(|name| cx.column_label(on, name)).collect()
}

/// What was said of a column that needs no value, or has a default: rows that exist get it all the same. Some(None) if what was said
/// cannot be.
pub fn said(cx: &mut Context, on: TableId, column: &Column) -> Option<Option<Filling>> {
    let label = cx.column_label(on, &column.name);
    given(cx, on, column, ("PS0703", &format!("what do the rows that exist get in {label}?")))
}

/// What was said, with a decision about it under a question's code and words.
fn given(
    cx: &mut Context,
    on: TableId,
    column: &Column,
    (code, question): (&'static str, &str),
) -> Option<Option<Filling>> {
    let origin = &column.origin;
    let fallback = match cx.said(&cx.intent.fallback, origin) {
        None => None,
        Some(said) => match self::fallback(cx, column, said) {
            Some(value) => Some((value, said)),
            None => return Some(None),
        },
    };
    if let Some(using) = cx.said(&cx.intent.using, origin) {
        if !super::mapping::names_are_known(cx, on, using, &origin.label()) {
            return Some(None);
        }
        let sql = Expr::Sql(using.text.clone());
        let value = match &fallback {
            Some((value, _)) => Expr::Coalesce(vec![sql, value.clone()]),
            None => sql,
        };
        cx.decide(code, origin, question, &format!("using {}", using.text), &using.source);
        return Some(Some(Filling::Each(value)));
    }
    let (value, said) = fallback?;
    cx.decide(code, origin, question, &format!("fallback {}", said.text), &said.source);
    let constant = matches!(value, Expr::Now | Expr::Literal(_));
    Some(Some(if constant { Filling::Constant(value) } else { Filling::Each(value) }))
}

/// A value that was given for a column, if it fits; else that is said.
pub fn fallback(cx: &mut Context, column: &Column, said: &Said) -> Option<Expr> {
    let (at, origin) = (cx.new_catalog(), &column.origin);
    match cx.dialect.parse_literal(at, &column.ty, &label(cx, column, &said.text)) {
        Ok(value) => Some(value),
        Err(why) => {
            cx.refused.push(
                Diagnostic::error(
                    "PS0715",
                    format!("{}: the fallback {:?} does not fit: {why}", origin.label(), said.text),
                )
                .at(said.span.or(origin.span))
                .help(format!("write a value of the column's type, {}", cx.dialect.type_name(at, &column.ty))),
            );
            None
        }
    }
}

/// Every way to answer, the likely one first.
fn answers(cx: &Context, on: TableId, id: ColumnId, column: &Column, code: &str) -> Vec<Answer> {
    let label = column.origin.label();
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let example = if column.ty.is_text() { "lower(title)" } else { "…" };
    let mut all = vec![
        answer(
            format!("computed from the row's other columns; above {label}"),
            format!("/// @stage.using(\"{example}\")"),
        ),
        answer(format!("the same value for every row; above {label}"), "/// @stage.fallback(\"…\")".to_owned()),
        answer("the same, under [fallback] in the intent file".to_owned(), format!("\"{label}\" = \"…\"")),
        answer(format!("a default for good; on {label}"), "@default(…)".to_owned()),
    ];
    if code == "PS0704" {
        let meaning = format!("no row lacks one: that is checked first, and writes of NULL are refused; above {label}");
        all.push(answer(meaning, "/// @stage.fallback(-)".to_owned()));
    }
    if cx.is_foreign_key(on, id) {
        all[1].meaning = format!("the same row for all of them, which must exist; above {label}");
    } else if !cx.is_unique_alone(on, id) || cx.dialect.distinct(&column.ty).is_some() {
        let meaning = "the zero value of each type, for every such field".to_owned();
        all.push(answer(meaning, "--assume placeholder".to_owned()));
    }
    all
}

/// An enum value is written as the schema has it; the database may have it under another label.
fn label(cx: &Context, column: &Column, text: &str) -> String {
    let of = column.ty.enum_id().and_then(|e| cx.new_catalog().enums.get(&e)).map(|e| e.origin.model.clone());
    of.and_then(|e| cx.intent.labels.get(&(e, text.to_owned()))).cloned().unwrap_or_else(|| text.to_owned())
}
