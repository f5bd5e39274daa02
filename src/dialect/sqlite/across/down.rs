//! What the row holds that others point at, they hold too.

use super::super::quote::{idents, rowid};
use super::super::trigger::{Event, changed, field, row};
use super::super::value::expr_sql;
use super::{Bring, Kin};
use crate::catalog::{Catalog, ColumnId, Down, Side};

pub fn watch(at: &Catalog, down: &Down, from: Side) -> Vec<Event> {
    let Some(kin) = Kin::of(at, &down.family) else { return Vec::new() };
    match from {
        Side::Old => vec![parent(at, &kin, down)],
        Side::New => child(at, &kin, down),
    }
}

/// What a child holds that would have nothing.
fn fallback(at: &Catalog, kin: &Kin, down: &Down, id: ColumnId) -> Option<String> {
    let value = down.fallback.iter().find(|(own, _)| *own == id).map(|(_, value)| value)?;
    Some(expr_sql(at, kin.child, value))
}

/// The first of these that is a value.
fn first(all: impl IntoIterator<Item = String>) -> String {
    let all: Vec<String> = all.into_iter().collect();
    match all.as_slice() {
        [one] => one.clone(),
        all => format!("COALESCE({})", all.join(", ")),
    }
}

/// What is written to the parent is carried to all of its children.
fn parent(at: &Catalog, kin: &Kin, down: &Down) -> Event {
    let (_, child) = kin.names();
    let sources: Vec<ColumnId> = down.pairs.iter().map(|p| p.0).collect();
    let value = |p: ColumnId, c: ColumnId| {
        first(std::iter::once(format!("NEW.{}", field(kin.parent, p))).chain(fallback(at, kin, down, c)))
    };
    let set = down.pairs.iter().map(|(p, c)| format!("{} = {}", field(kin.child, *c), value(*p, *c)));
    let apart = down.pairs.iter().map(|(p, c)| format!("{} IS NOT {}", field(kin.child, *c), value(*p, *c)));
    let act = format!(
        "UPDATE {child} SET {} WHERE {} AND ({})",
        set.collect::<Vec<_>>().join(", "),
        kin.met(&row(kin.child), "NEW."),
        apart.collect::<Vec<_>>().join(" OR ")
    );
    Event { word: "upd", on: "AFTER UPDATE", when: changed(kin.parent, &sources), acts: vec![act] }
}

/// A child that is written without a value gets that of its parent, and so does one that goes over to another parent.
fn child(at: &Catalog, kin: &Kin, down: &Down) -> Vec<Event> {
    let (parent, child) = kin.names();
    let columns: Vec<ColumnId> = down.pairs.iter().map(|p| p.1).collect();
    let met = format!("FROM {parent} AS _ps_parent WHERE {}", kin.met("NEW.", "_ps_parent."));
    let theirs = |p: ColumnId| format!("(SELECT _ps_parent.{} {met})", field(kin.parent, p));
    let set = |keep: bool| {
        let one = |(p, c): &(ColumnId, ColumnId)| {
            let column = field(kin.child, *c);
            let own = keep.then(|| format!("{}{column}", row(kin.child)));
            let values = own.into_iter().chain([theirs(*p)]).chain(fallback(at, kin, down, *c));
            format!("{column} = {}", first(values))
        };
        down.pairs.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let empty = columns.iter().map(|c| format!("NEW.{} IS NULL", field(kin.child, *c)));
    let number = rowid(kin.child);
    let update =
        |keep, more: &str| format!("UPDATE {child} SET {} WHERE \"{number}\" = NEW.\"{number}\"{more}", set(keep));
    let there = format!(" AND EXISTS (SELECT 1 {met})");
    vec![
        Event {
            word: "ins",
            on: "AFTER INSERT",
            when: empty.collect::<Vec<_>>().join(" OR "),
            acts: vec![update(true, "")],
        },
        Event {
            word: "upd",
            on: "AFTER UPDATE",
            when: format!("{} AND NOT {}", changed(kin.child, &down.family.child_key), changed(kin.child, &columns)),
            acts: vec![update(false, &there)],
        },
    ]
}

pub fn bring(at: &Catalog, down: &Down, from: Side) -> Bring {
    let kin = Kin::of(at, &down.family)?;
    match from {
        Side::Old => Some(to_children(at, &kin, down)),
        Side::New => to_parents(&kin, down),
    }
}

fn to_children(at: &Catalog, kin: &Kin, down: &Down) -> (String, String) {
    let (parent, child) = kin.names();
    let own = row(kin.child);
    let from = format!("FROM {parent} AS _ps_parent WHERE {}", kin.met(&own, "_ps_parent."));
    let set = down.pairs.iter().map(|(p, c)| {
        let column = field(kin.child, *c);
        let theirs = format!("(SELECT _ps_parent.{} {from})", field(kin.parent, *p));
        let values = [format!("{own}{column}"), theirs].into_iter().chain(fallback(at, kin, down, *c));
        format!("{column} = {}", first(values))
    });
    let still = down.pairs.iter().map(|(p, c)| {
        let empty = format!("{own}{} IS NULL", field(kin.child, *c));
        match fallback(at, kin, down, *c) {
            Some(_) => format!("({empty})"),
            None => {
                format!("({empty} AND EXISTS (SELECT 1 {from} AND _ps_parent.{} IS NOT NULL))", field(kin.parent, *p))
            }
        }
    });
    let act = format!("UPDATE {child} SET {}", set.collect::<Vec<_>>().join(", "));
    (act, format!("({})", still.collect::<Vec<_>>().join(" OR ")))
}

/// Going back, the value of the first of its children.
fn to_parents(kin: &Kin, down: &Down) -> Bring {
    let (parent, child) = kin.names();
    let own = row(kin.parent);
    let order = match &kin.child.primary_key {
        Some(key) => {
            idents(key.columns.iter().filter_map(|k| kin.child.columns.get(&k.column)).map(|c| c.name.as_str()))
        }
        None => rowid(kin.child).to_owned(),
    };
    let met = kin.met("_ps_child.", &own);
    let of = |id: ColumnId| {
        format!("FROM {child} AS _ps_child WHERE {met} AND _ps_child.{} IS NOT NULL", field(kin.child, id))
    };
    let set = down.pairs.iter().map(|(p, c)| {
        let (to, column) = (field(kin.parent, *p), field(kin.child, *c));
        format!("{to} = COALESCE({own}{to}, (SELECT _ps_child.{column} {} ORDER BY {order} LIMIT 1))", of(*c))
    });
    let still = down
        .pairs
        .iter()
        .map(|(p, c)| format!("({own}{} IS NULL AND EXISTS (SELECT 1 {}))", field(kin.parent, *p), of(*c)));
    let act = format!("UPDATE {parent} SET {}", set.collect::<Vec<_>>().join(", "));
    Some((act, format!("({})", still.collect::<Vec<_>>().join(" OR "))))
}
