//! What the row holds that others point at, they hold too.

use super::super::super::crossing::{Bring, Kin};
use super::super::quote::{idents, rowid};
use super::super::trigger::{CROSSING, Event, changed, field, row};
use crate::catalog::{Catalog, ColumnId, Down, PrimaryKey, Side};

pub fn watch(at: &Catalog, down: &Down, from: Side) -> Vec<Event> {
    let Some(kin) = Kin::of(at, &down.family, &CROSSING) else { return Vec::new() };
    match from {
        Side::Old => vec![parent(&kin, down)],
        Side::New => child(&kin, down),
    }
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
fn parent(kin: &Kin, down: &Down) -> Event {
    let (_, child) = kin.names();
    let sources: Vec<ColumnId> = down.pairs.iter().map(|p| p.0).collect();
    let value = |p: ColumnId, c: ColumnId| {
        first(std::iter::once(format!("NEW.{}", field(kin.parent, p))).chain(kin.fallback(down, c)))
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
fn child(kin: &Kin, down: &Down) -> Vec<Event> {
    let (parent, child) = kin.names();
    let columns: Vec<ColumnId> = down.pairs.iter().map(|p| p.1).collect();
    let met = format!("FROM {parent} AS _ps_parent WHERE {}", kin.met("NEW.", "_ps_parent."));
    let theirs = |p: ColumnId| format!("(SELECT _ps_parent.{} {met})", field(kin.parent, p));
    let set = |keep: bool| {
        let one = |(p, c): &(ColumnId, ColumnId)| {
            let column = field(kin.child, *c);
            let own = keep.then(|| format!("{}{column}", row(kin.child)));
            let values = own.into_iter().chain([theirs(*p)]).chain(kin.fallback(down, *c));
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

pub fn bring(at: &Catalog, down: &Down, from: Side) -> Option<Bring> {
    let kin = Kin::of(at, &down.family, &CROSSING)?;
    Some(match from {
        Side::Old => kin.to_children(down),
        Side::New => {
            let columns = |key: &PrimaryKey| {
                idents(key.columns.iter().filter_map(|k| kin.child.columns.get(&k.column)).map(|c| c.name.as_str()))
            };
            let order = kin.child.primary_key.as_ref().map_or_else(|| rowid(kin.child).to_owned(), columns);
            kin.to_parents(down, &order)
        }
    })
}
