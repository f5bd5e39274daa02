//! Values in another shape: what was said of the way there and of the way back, read and held against the names that there are.
//!
//! This is the one place where `@stage.using` and `@stage.back` become the two directions of a [`Mapping`].

use super::Context;
use crate::catalog::{ColumnId, Expr, Mapping, Table, TableId};
use crate::diag::Diagnostic;
use crate::diff::{Mapped, Sides, path};
use crate::intent::{Back, Said, sql};
use crate::options::Assume;
use crate::question::Answer;
use indexmap::IndexSet;

/// Reads both directions; None if something is wrong with them, or open.
pub fn read(cx: &mut Context, mapped: &Mapped) -> Option<Mapping> {
    let sides = Sides::of(cx.matched, mapped.table)?;
    let mut mapping = Mapping { sources: mapped.old.clone(), ..Mapping::default() };
    for new in &mapped.new {
        mapping.forward.push((*new, forward(cx, mapped.table, *new)?));
    }
    for old in &mapped.old {
        match backward(cx, &sides, mapped, *old)? {
            Backward::Sql(said) => {
                mapping.backward.push((*old, Expr::Sql(said.text.clone())));
                let (was, now) = (cx.old_table(mapped.table), cx.new_table(mapped.table));
                if !was.columns[old].nullable || now.columns.get(old).is_some_and(|c| !c.nullable) {
                    mapping.required.push(*old);
                }
            }
            Backward::Nothing => {}
        }
    }
    Some(mapping)
}

/// The value of a new column over the old ones.
fn forward(cx: &mut Context, on: TableId, id: ColumnId) -> Option<Expr> {
    let column = cx.new_table(on).columns[&id].clone();
    let said = cx.said(&cx.intent.using, &column.origin)?;
    if !names_are_known(cx, on, said, &column.origin.label()) {
        return None;
    }
    let question = format!("what do the rows that exist get in {}?", cx.column_label(on, &column.name));
    cx.decide("PS0703", &column.origin, &question, &format!("using {}", said.text), &said.source);
    let sql = Expr::Sql(said.text.clone());
    match cx.said(&cx.intent.fallback, &column.origin) {
        None => Some(sql),
        Some(fallback) => {
            let value = super::value::fallback(cx, &column, fallback)?;
            Some(Expr::Coalesce(vec![sql, value]))
        }
    }
}

/// The way back of an old column.
enum Backward<'a> {
    Sql(&'a Said),
    /// New clients give nothing back.
    Nothing,
}

fn backward<'a>(cx: &mut Context<'a>, sides: &Sides, mapped: &Mapped, id: ColumnId) -> Option<Backward<'a>> {
    let on = mapped.table;
    let origin = cx.old_table(on).columns[&id].origin.clone();
    let label = cx.column_label(on, &cx.old_table(on).columns[&id].name);
    let question =
        format!("{label} leaves: how does it follow what new clients write, for old ones and for the way back?");
    if let Some(back) = said_back(cx, sides, mapped, id) {
        back.said.used.set(true);
        if back.said.text.trim() == "-" {
            cx.decide("PS0717", &origin, &question, "it does not", &back.said.source);
            return Some(Backward::Nothing);
        }
        if !names_are_known(cx, on, &back.said, &origin.label()) {
            return None;
        }
        let stays = cx.new_table(on).columns.contains_key(&id);
        let question = if stays { format!("how does {label} follow what new clients write?") } else { question };
        cx.decide("PS0717", &origin, &question, &back.said.text, &back.said.source);
        return Some(Backward::Sql(&back.said));
    }
    if let Some(said) = cx.said(&cx.intent.dropped, &origin) {
        cx.decide("PS0717", &origin, &question, "it does not: it is dropped", &said.source);
        return Some(Backward::Nothing);
    }
    if cx.intent.assumes(Assume::Drop) {
        cx.decide("PS0717", &origin, &question, "it does not: it is dropped", "--assume drop");
        return Some(Backward::Nothing);
    }
    let new = mapped.new.iter().map(|id| cx.new_table(on).columns[id].origin.label()).collect::<Vec<_>>().join(" or ");
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let item = &origin.item;
    let all = vec![
        answer(format!("computed from the new columns; above {new}"), format!("/// @stage.back({item}: \"…\")")),
        answer("the same, under [back] in the intent file".into(), format!("\"{}\" = \"…\"", origin.label())),
        answer(
            format!("not at all: what new clients write is not seen by old ones; above {new}"),
            format!("/// @stage.back({item}: -)"),
        ),
        answer("the same, for all such questions".into(), "--assume drop".into()),
    ];
    cx.ask("PS0717", &origin, question, all);
    None
}

/// What was said of the way back of this column: what stands in the schema counts for more.
fn said_back<'a>(cx: &Context<'a>, sides: &Sides, mapped: &Mapped, id: ColumnId) -> Option<&'a Back> {
    let using = |b: &Back| {
        let at = b.at.as_ref()?;
        mapped.new.iter().map(|id| &cx.new_table(mapped.table).columns[id]).find(|c| path(c) == *at)?;
        cx.intent.using.get(at)
    };
    let is_it = |b: &&&'a Back| sides.given_back(b, using(b)) == [id];
    let all: Vec<&'a Back> =
        cx.intent.back.iter().filter(|b| b.at.as_ref().is_none_or(|_| using(b).is_some())).collect();
    let here = all.iter().filter(|b| b.at.is_some()).find(is_it);
    here.or_else(|| all.iter().filter(|b| b.at.is_none()).find(is_it)).copied()
}

/// Ways back above new fields of which nobody can tell which old column they are for.
pub fn refuse_unclear(cx: &mut Context) {
    let tables: Vec<TableId> =
        cx.new_catalog().tables.keys().copied().filter(|id| cx.old().tables.contains_key(id)).collect();
    for on in tables {
        let Some(sides) = Sides::of(cx.matched, on) else { continue };
        refuse_in_place(cx, on, &sides);
        let above: Vec<&Back> = sides.backs(cx.intent).filter(|b| b.at.is_some()).collect();
        for back in above {
            let using = back.at.as_ref().and_then(|at| cx.intent.using.get(at));
            let Some(using) = using else { continue };
            let found = sides.given_back(back, Some(using));
            if found.len() == 1 {
                continue;
            }
            let was = cx.old_table(on);
            let why = match &back.of {
                Some(of) => format!("{} had no field {} that it could give back", was.origin.model, of.1),
                None if found.is_empty() => "the value it stands beside reads no column of the old schema".to_owned(),
                None => {
                    let names = found.iter().map(|id| was.columns[id].origin.item.as_str()).collect::<Vec<_>>();
                    format!("it may be meant for {}", names.join(" or "))
                }
            };
            let field = found.first().map_or("name", |id| was.columns[id].origin.item.as_str());
            cx.refused.push(
                Diagnostic::error("PS0718", format!("@stage.back: {why}"))
                    .at(back.said.span)
                    .note("a way back says how a column that old clients know follows the new ones")
                    .help(format!(
                        "name the old field: @stage.back({field}: \"{}\")",
                        back.said.text.replace('"', "\\\"")
                    )),
            );
        }
    }
}

/// A column that stays would be computed anew of columns that leave: then nothing tells old values from new ones.
fn refuse_in_place(cx: &mut Context, on: TableId, sides: &Sides) {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    for (id, column) in &now.columns {
        let Some(old) = was.columns.get(id).filter(|old| old.nullable == column.nullable) else { continue };
        let Some(using) = cx.intent.using.get(&path(column)) else { continue };
        let (left, _) = sides.read(using);
        let Some(other) = left.first() else { continue };
        let what = format!("computing it anew of {} under its own name", cx.column_label(on, &was.columns[other].name));
        let instead = format!(
            "give the new field a column of its own, with @map(\"{}_v2\"), and its name in a plan after this one",
            old.name
        );
        let why = "nothing would tell its old values from its new ones, so no file could be run twice";
        cx.refuse(&what, &column.origin, why, &instead);
    }
}

/// Has every name that can only be meant for a column one? Else that is said.
pub fn names_are_known(cx: &mut Context, on: TableId, said: &Said, what: &str) -> bool {
    let Ok(words) = sql::words(&said.text) else { return false };
    let (old, new) = (cx.matched.catalogs.old.tables.get(&on), cx.matched.catalogs.new.tables.get(&on));
    let both = || old.into_iter().chain(new).map(|t| &**t);
    let all = both().flat_map(|t: &Table| t.columns.values().map(|c| c.name.as_str()));
    let columns: Vec<&str> = all.collect::<IndexSet<_>>().into_iter().collect();
    let Some(word) = sql::unknown(&words, &columns) else { return true };
    let near = columns.iter().find(|c| c.to_lowercase() == word.name.to_lowercase());
    let field = both().flat_map(|t| t.columns.values()).find(|c| c.origin.item == word.written);
    let help = match (near, field) {
        (Some(column), _) if !word.quoted => format!(
            "a name without quotes is read in lower case: write \\\"{column}\\\" in a comment, \"{column}\" in SQL"
        ),
        (_, Some(column)) => format!("SQL knows the column of that field as {}", cx.dialect.ident(&column.name)),
        (Some(column), None) => format!("did you mean {}?", cx.dialect.ident(column)),
        (None, None) => format!("the columns are {}", columns.join(", ")),
    };
    cx.refused.push(
        Diagnostic::error("PS0718", format!("{what}: {} is no column of the row", word.written))
            .at(said.span)
            .note(format!("it is named in {}", said.text))
            .help(help),
    );
    false
}
