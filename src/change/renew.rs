//! Values that have no counterpart of the new type: each row gets a new one, once, and keeps it. What points at such a key finds
//! its new value in the row that it points at.

use super::carry;
use super::convert::{Conversion, Pairing, Way};
use super::{Context, primary_key};
use crate::catalog::{Column, ColumnId, ColumnType, Default, Expr, TableId};
use crate::options::Assume;

/// What NEW calls a number from the sequence of the column.
pub const NUMBER: &str = "autoincrement()";
/// What NEW calls a random id.
pub const RANDOM: &str = "uuid()";

/// The new value of each row.
struct Renewal {
    value: Expr,
    answer: String,
    source: String,
}

/// Does each row get a new value, which nothing but itself tells?
fn renewal(cx: &Context, on: TableId, old: ColumnId, new: ColumnId) -> Option<Renewal> {
    let (was, now) = (&cx.old_table(on).columns[&old], &cx.new_table(on).columns[&new]);
    if was.ty == now.ty {
        return None;
    }
    let number = || now.default_is_sequence().then_some(Expr::Default(Default::Sequence));
    if let Some(said) = cx.said(&cx.intent.using, &now.origin) {
        let (value, answer) = match said.text.trim() {
            NUMBER => (number()?, "a new number for each row".to_owned()),
            RANDOM => (random(cx, now)?, "a new random id for each row".to_owned()),
            sql if cx.dialect.is_volatile(sql) => {
                (Expr::Sql(sql.to_owned()), format!("{sql}, once for each row, which keeps it"))
            }
            _ => return None,
        };
        return Some(Renewal { value, answer, source: said.source.clone() });
    }
    let fits = cx.dialect.cast(&cx.enums_of_both(), &was.ty, &now.ty, "x").is_some_and(|cast| cast.total);
    let asked = cx.said(&cx.intent.fallback, &now.origin).is_none() && cx.intent.assumes(Assume::Placeholder);
    if fits
        || !asked
        || was.default_is_sequence()
        || !cx.is_unique_alone(on, new)
        || !primary_key::is_key(cx, on, old, new)
    {
        return None;
    }
    let answer = "a new number for each row".to_owned();
    Some(Renewal { value: number()?, answer, source: "--assume placeholder".to_owned() })
}

fn random(cx: &Context, column: &Column) -> Option<Expr> {
    let derived = cx.dialect.derives(&column.ty).then_some(Expr::Uuid);
    derived.or_else(|| cx.dialect.distinct(&column.ty).filter(|value| *value == Expr::Uuid))
}

/// New values for the rows of a column, where that was said; Err where what was said is no plan.
pub fn once(cx: &mut Context, pair: &Pairing) -> Result<Option<Conversion>, ()> {
    let Pairing { on, ids: (old, new), was, column, label, beside } = *pair;
    let said = cx.said(&cx.intent.using, &column.origin).map(|said| said.text.trim().to_owned());
    let Some(Renewal { value, answer, source }) = renewal(cx, on, old, new) else {
        let wrong = match said.as_deref() {
            Some(NUMBER) => "autoincrement() does not fit: NEW does not number it",
            Some(RANDOM) => "uuid() does not fit: its type holds none",
            Some(_) | None => return Ok(None),
        };
        let question = format!("{label}: what does a row get whose value does not fit the new type? ({wrong})");
        let answers = super::convert::answers(cx, pair, true);
        cx.ask("PS0706", &column.origin, question, answers);
        return Err(());
    };
    if beside || (column.nullable && !primary_key::is_key(cx, on, old, new)) {
        let what = format!("giving new values ({answer}) to {label} while it is renamed, or may be NULL,");
        let why = "a row without a value would get one, or both columns would have to follow what nothing tells";
        let instead = "give it its new type in a plan before this one, and the name in this one, or say with @stage.using what to compute from the row";
        cx.refuse(&what, &column.origin, why, instead);
        return Err(());
    }
    let several = cx.new_catalog().tables.values().flat_map(|t| t.foreign_keys.values());
    if let Some(key) = several.filter(|k| k.columns.len() > 1).find(|k| k.referenced.contains(&new)) {
        let what = format!("giving new values to {label}, at which {} points together with other columns,", key.name);
        cx.refuse(
            &what,
            &column.origin,
            "a row's new value is looked up by one column",
            "say with @stage.using what to compute from the old value, or leave it out where the database can tell: then what points at it follows",
        );
        return Err(());
    }
    let question = format!("{label}: what does a row get whose value does not fit the new type?");
    cx.decide("PS0706", &column.origin, &question, &answer, &source);
    let (value, back) = (value, way_back(cx, was, column, new));
    Ok(Some(Conversion { forth: value, total: back.is_some(), back, exact: false, fits: false, way: Way::Once }))
}

/// What the old column gets in rows that only new clients have written.
fn way_back(cx: &mut Context, was: &Column, column: &Column, new: ColumnId) -> Option<Expr> {
    if was.default_is_sequence() {
        return Some(Expr::Default(Default::Sequence));
    }
    let cast = cx.dialect.cast(&cx.enums_of_both(), &column.ty, &was.ty, "x").filter(|cast| cast.total)?;
    cx.reading |= cast.reads();
    Some(Expr::Cast { column: new, to: was.ty.clone(), fallback: None })
}

/// What a column gets that points at a key with new values.
pub fn found(cx: &mut Context, pair: &Pairing) -> Result<Option<Conversion>, ()> {
    let Pairing { on, ids: (old, new), was, column, label, beside } = *pair;
    let explicit = cx.intent.using.contains_key(&(column.origin.model.clone(), column.origin.item.clone()));
    let Some((table, key, value)) = (if explicit { None } else { renewed_target(cx, on, new) }) else {
        return Ok(None);
    };
    if beside {
        let what = format!("renaming {label} while the key that it points at gets new values");
        let why = "its new value is found in another row, and what new clients write would have to be found there, too";
        cx.refuse(&what, &column.origin, why, "rename it in a plan after this one");
        return Err(());
    }
    let question = format!("{label}: what does a row get whose value does not fit the new type?");
    let target = cx.column_label(table, &cx.new_table(table).columns[&value].name);
    let answer = format!("the new {target} of the row that it points at");
    cx.decide("PS0706", &column.origin, &question, &answer, "the schema");
    let forth = Expr::Lookup { column: old, table, key, value };
    let mut back = vec![Expr::Lookup { column: new, table, key: value, value: key }];
    let root = root(cx, table, value);
    let numbered = cx.old_table(root.0).columns[&root.1].default_is_sequence();
    let cast = cx.dialect.cast(&cx.enums_of_both(), &column.ty, &was.ty, "x").filter(|cast| cast.total && !numbered);
    if let Some(cast) = cast {
        cx.reading |= cast.reads();
        back.push(Expr::Cast { column: new, to: was.ty.clone(), fallback: None });
    }
    let back = match back.as_slice() {
        [one] => one.clone(),
        _ => Expr::Coalesce(back),
    };
    Ok(Some(Conversion { forth, back: Some(back), exact: false, total: true, fits: false, way: Way::Found }))
}

/// The table and both columns of the key that a column points at, if that gets new values, or follows one that does.
fn renewed_target(cx: &Context, on: TableId, new: ColumnId) -> Option<(TableId, ColumnId, ColumnId)> {
    let mut at = (on, new);
    let mut seen = vec![at];
    let mut first = None;
    loop {
        let next = carry::target(cx, at).filter(|next| !seen.contains(next))?;
        let (table, old, new) = *cx.matched.moved_columns().find(|(table, _, new)| (*table, *new) == next)?;
        let first = first.get_or_insert((table, old, new));
        if renewal(cx, table, old, new).is_some() {
            return Some(*first);
        }
        at = next;
        seen.push(at);
    }
}

/// The column of OLD where the chain of keys ends.
fn root(cx: &Context, table: TableId, new: ColumnId) -> (TableId, ColumnId) {
    let mut at = (table, new);
    let mut seen = vec![at];
    while let Some(next) = carry::target(cx, at).filter(|next| !seen.contains(next)) {
        at = next;
        seen.push(at);
    }
    let moved = cx.matched.moved_columns().find(|(on, _, new)| (*on, *new) == at);
    moved.map_or(at, |(on, old, _)| (*on, *old))
}

/// May a new value be offered for a key of this type: as a number, or as a random id?
pub fn offers(cx: &Context, was: &Column, column: &Column) -> Option<&'static str> {
    if column.default_is_sequence() && !was.default_is_sequence() {
        return Some(NUMBER);
    }
    (column.ty == ColumnType::native("UUID", &[])).then_some(RANDOM).filter(|_| cx.dialect.derives(&column.ty))
}
