//! Values that move to another table, row by row: triggers on both carry what is written to the other side.

use super::super::crossing::Sides;
use super::quote::{name, rowid};
use super::trigger::{CROSSING, Event, changed, field, row};
use crate::catalog::{Carry, Catalog, ColumnId, End, Link};

/// `INSERT INTO "Child" (…) SELECT …`: the row of the child for one of the parent, if it is not there. What follows is the
/// FROM, or nothing in a trigger.
fn make(sides: &Sides, own: &str, from: &str) -> Option<String> {
    let (columns, values) = sides.made(own)?;
    let there = name(&sides.child.name);
    let belong = sides.belong(End::Child, &row(sides.child), own);
    Some(format!(
        "INSERT INTO {there} ({columns}) SELECT {values}{from} WHERE {} AND NOT EXISTS (SELECT 1 FROM {there} WHERE {belong})",
        sides.worth_a_row(own)
    ))
}

/// The rows of the other end get what the row has that was just written.
fn follow(sides: &Sides, from: End) -> String {
    let other = sides.table(from.other());
    let there = row(other);
    format!(
        "UPDATE {} SET {} WHERE {} AND {}",
        name(&other.name),
        sides.set(from, "NEW.", &there),
        sides.belong(from.other(), &there, "NEW."),
        sides.differs(from, "NEW.", &there)
    )
}

/// The row that was just written gets what the other end has.
fn pull(sides: &Sides, end: End) -> String {
    let (own, other) = (sides.table(end), sides.table(end.other()));
    let met = format!("FROM {} WHERE {}", name(&other.name), sides.belong(end.other(), &row(other), "NEW."));
    let number = rowid(own);
    let set = sides
        .pairs(end)
        .into_iter()
        .map(|(id, from)| format!("{} = (SELECT {}{} {met})", field(own, id), row(other), field(other, from)));
    format!(
        "UPDATE {} SET {} WHERE \"{number}\" = NEW.\"{number}\" AND EXISTS (SELECT 1 {met})",
        name(&own.name),
        set.collect::<Vec<_>>().join(", ")
    )
}

/// The parent that a row of the child has left holds its values no more.
fn clear(sides: &Sides, also: &str) -> Option<String> {
    let own = row(sides.parent);
    let (set, any) = sides.cleared(&own)?;
    let belong = sides.belong(End::Parent, &own, "OLD.");
    Some(format!("UPDATE {} SET {set} WHERE {belong}{also} AND ({any})", name(&sides.parent.name)))
}

/// What the trigger at an end does.
pub fn watch(at: &Catalog, link: &Link, from: End, carry: Carry) -> Vec<Event> {
    let Some(sides) = Sides::of(at, link, &CROSSING) else { return Vec::new() };
    let own = sides.table(from);
    let columns: Vec<ColumnId> = link.columns(from).collect();
    let empty = columns.iter().map(|id| format!("NEW.{} IS NULL", field(own, *id))).collect::<Vec<_>>().join(" AND ");
    let mut acts = vec![follow(&sides, from)];
    let mut update = acts.clone();
    let mut read = columns;
    read.extend(link.key(from));
    let after = |word, on, when: String, acts| Event { word, on, when, acts };
    let mut all = Vec::new();
    match from {
        End::Parent => {
            acts.extend(make(&sides, "NEW.", ""));
            update.clone_from(&acts);
            if link.deletes {
                let there = name(&sides.child.name);
                let gone = format!("DELETE FROM {there} WHERE {}", sides.belong(End::Child, &row(sides.child), "OLD."));
                all.push(after("del", "BEFORE DELETE", String::new(), vec![gone]));
            }
        }
        End::Child => {
            let left = format!(" AND {}", changed(own, &link.child_key));
            if let Some(clear) = clear(&sides, &left) {
                update.insert(0, clear);
            }
            if let Some(clear) = clear(&sides, "") {
                all.push(after("del", "AFTER DELETE", String::new(), vec![clear]));
            }
        }
    }
    match carry {
        Carry::All => all.push(after("ins", "AFTER INSERT", String::new(), acts)),
        // A row that says nothing is not to empty what the other end holds: it gets that.
        Carry::Changes => {
            all.push(after("ins", "AFTER INSERT", format!("NOT ({empty})"), acts));
            all.push(after("get", "AFTER INSERT", empty, vec![pull(&sides, from)]));
        }
    }
    all.push(after("upd", "AFTER UPDATE", changed(own, &read), update));
    all
}

/// All rows of the other end at once.
pub fn bring(at: &Catalog, link: &Link, from: End) -> Vec<String> {
    let Some(sides) = Sides::of(at, link, &CROSSING) else { return Vec::new() };
    let (own, there) = (name(&sides.table(from).name), name(&sides.table(from.other()).name));
    let mut all = vec![format!(
        "UPDATE {there} AS _ps_other SET {} FROM {own} AS _ps_own WHERE {} AND {}",
        sides.set(from, "_ps_own.", "_ps_other."),
        sides.belong(from.other(), "_ps_other.", "_ps_own."),
        sides.differs(from, "_ps_own.", "_ps_other.")
    )];
    if from == End::Parent {
        all.extend(make(&sides, "_ps_own.", &format!(" FROM {own} AS _ps_own")));
    }
    all
}

/// The condition of rows at an end that the other one does not follow yet.
pub fn behind(at: &Catalog, link: &Link, from: End) -> Option<String> {
    Some(Sides::of(at, link, &CROSSING)?.behind(from))
}
