//! Fields that go over to another model along a one-to-many relation: down, so that each row of many holds what the one held, or
//! up, so that the one holds what was said of the many.

use super::across::Crossing;
use super::move_columns::of_one_type;
use super::{Context, mapping, slug, value};
use crate::catalog::{Across, Column, ColumnId, Down, Expr, Family, TriggerRule, Up};
use crate::dialect::Alter;
use crate::diff::{Moved, Way};
use crate::intent::sql;
use crate::question::Answer;

/// Columns with their identities.
pub type Columns = Vec<(ColumnId, Column)>;

/// The two tables, as a way leads from the one to the other.
pub fn family((owner, key): Way) -> Family {
    Family { parent: key.references, parent_key: key.referenced.clone(), child: owner, child_key: key.columns.clone() }
}

/// Was the relation there before, over the same columns?
fn was_there(cx: &Context, family: &Family) -> bool {
    let keys = cx.old().tables.get(&family.child).into_iter().flat_map(|t| t.foreign_keys.values());
    let same = keys
        .into_iter()
        .any(|k| k.columns == family.child_key && k.references == family.parent && k.referenced == family.parent_key);
    let at_end = |table, key: &[ColumnId]| {
        cx.new_catalog().tables.get(&table).is_none_or(|t| key.iter().all(|id| t.columns.contains_key(id)))
    };
    same && at_end(family.parent, &family.parent_key) && at_end(family.child, &family.child_key)
}

pub fn plan(cx: &mut Context, moved: &Moved, way: Way, from: Columns, to: Columns) {
    let family = family(way);
    let first = to[0].1.origin.clone();
    if !was_there(cx, &family) {
        return cx.refuse(
            "moving it along a one-to-many relation that is new, or changes at the same time,",
            &first,
            "rows are looked up by the relation from the first day to the last: it has to be there, and filled, before",
            "make the relation as it is to be, and fill it, in a plan before this one",
        );
    }
    if moved.to == family.child { down(cx, moved, family, from, to) } else { up(cx, moved, family, from, to) }
}

fn words(cx: &Context, moved: &Moved, to: &Columns) -> String {
    slug(&[&cx.new_table(moved.to).name.name, &to[0].1.name])
}

fn down(cx: &mut Context, moved: &Moved, family: Family, mut from: Columns, to: Columns) {
    let mut fallback = Vec::new();
    for (id, column) in &to {
        let Some(said) = cx.said(&cx.intent.fallback, &column.origin) else { continue };
        let Some(other) = value::fallback(cx, column, said) else { return };
        let question = format!("{}: what does a row hold that points at none?", column.origin.label());
        cx.decide("PS0703", &column.origin, &question, &format!("fallback {}", said.text), &said.source);
        fallback.push((*id, other));
    }
    if !of_one_type(cx, moved.from, &mut from, &to) {
        return;
    }
    let crossing = Crossing {
        words: words(cx, moved, &to),
        across: Across::Down(Down { family, pairs: moved.pairs.clone(), fallback }),
        left: (moved.from, from),
        came: (moved.to, to),
    };
    go(cx, &crossing);
}

fn go(cx: &mut Context, crossing: &Crossing) {
    crossing.expand(cx);
    crossing.fill(cx);
    crossing.filled(cx);
    let (on, came) = &crossing.came;
    for (id, column) in came.iter().filter(|(_, c)| !c.nullable) {
        cx.require(*on, *id, &column.name);
    }
    crossing.contract(cx, true);
}

fn up(cx: &mut Context, moved: &Moved, family: Family, from: Columns, to: Columns) {
    let child = cx.old_table(family.child);
    let mut values = Vec::new();
    let mut sources: Vec<ColumnId> = from.iter().map(|(id, _)| *id).collect();
    for ((_, was), (id, column)) in from.iter().zip(&to) {
        let question = format!(
            "{} is one for several rows of {}: which of their {} does it hold?",
            cx.column_label(moved.to, &column.name),
            cx.dialect.name(&child.name),
            cx.dialect.ident(&was.name)
        );
        let Some(said) = cx.said(&cx.intent.using, &column.origin) else {
            let answers = answers(cx, was, column);
            cx.ask("PS0746", &column.origin, question, answers);
            continue;
        };
        if !mapping::names_are_known(cx, family.child, said, &column.origin.label()) {
            continue;
        }
        cx.decide("PS0746", &column.origin, &question, &said.text, &said.source);
        if let Ok(words) = sql::words(&said.text) {
            sources.extend(child.columns.iter().filter(|(_, c)| sql::reads(&words, &c.name)).map(|(id, _)| *id));
        }
        let sql = Expr::Sql(said.text.clone());
        let value = match without(cx, column) {
            Ok(None) => sql,
            Ok(Some(other)) => {
                cx.watch(moved.to, TriggerRule::Fill { column: *id, value: other.clone() });
                Expr::Coalesce(vec![sql, other])
            }
            Err(()) => continue,
        };
        values.push((*id, value));
    }
    if values.len() < to.len() {
        return;
    }
    sources.sort_unstable();
    sources.dedup();
    // Of the same type, so that it can be given back at all.
    let same = |((old, was), (new, now)): (&(ColumnId, Column), &(ColumnId, Column))| {
        (was.ty == now.ty).then_some((*old, *new))
    };
    let back: Vec<(ColumnId, ColumnId)> = from.iter().zip(&to).filter_map(same).collect();
    let stays = cx.new_catalog().tables.contains_key(&moved.from);
    let given = from.iter().filter(|(_, c)| !c.nullable).map(|(id, _)| *id).collect();
    let left = from.iter().map(|(id, _)| *id).collect();
    let crossing = Crossing {
        words: words(cx, moved, &to),
        across: Across::Up(Up { family, values, sources, left, given, back: if stays { back } else { Vec::new() } }),
        left: (moved.from, from),
        came: (moved.to, to),
    };
    go(cx, &crossing);
}

/// What a row holds that no other points at, where it must hold something. An error where that is open, or wrong.
fn without(cx: &mut Context, column: &Column) -> Result<Option<Expr>, ()> {
    if let Some(said) = cx.said(&cx.intent.fallback, &column.origin) {
        let other = value::fallback(cx, column, said).ok_or(())?;
        let question = format!("{}: what does a row hold that no other points at?", column.origin.label());
        cx.decide("PS0703", &column.origin, &question, &format!("fallback {}", said.text), &said.source);
        return Ok(Some(other));
    }
    if column.nullable {
        return Ok(None);
    }
    let question = format!("{} is required: what does a row hold that no other points at?", column.origin.label());
    let answers = vec![Answer {
        meaning: format!("this value; above {}", column.origin.label()),
        write: "/// @stage.fallback(\"…\")".to_owned(),
    }];
    cx.ask("PS0703", &column.origin, question, answers);
    Err(())
}

fn answers(cx: &Context, was: &Column, column: &Column) -> Vec<Answer> {
    let (label, of) = (column.origin.label(), cx.dialect.ident(&was.name).replace('"', "\\\""));
    let answer = |meaning: &str, sql: String| Answer {
        meaning: format!("{meaning}; above {label}"),
        write: format!("/// @stage.using(\"{sql}\")"),
    };
    let mut all = Vec::new();
    if column.ty.list && !was.ty.list {
        all.push(answer("all of them, as a list", format!("array_agg({of})")));
    }
    all.extend([
        answer("the greatest", format!("max({of})")),
        answer("the least", format!("min({of})")),
        match cx.dialect.caps().alter {
            Alter::InSteps | Alter::OneByOne => answer(
                "any other aggregate over them, such as the last one",
                format!("(array_agg({of} ORDER BY … DESC))[1]"),
            ),
            Alter::AtOnce => answer("any other aggregate over them", format!("sum({of})")),
        },
    ]);
    all
}
