//! A one-to-one relation that both sides keep.

use super::super::super::crossing::Seen;
use super::super::quote::name;
use super::super::trigger::{CROSSING, Event, changed, field, row};
use crate::catalog::{Carry, Catalog, Side, Turned};

pub fn watch(at: &Catalog, turned: &Turned, from: Side, carry: Carry) -> Vec<Event> {
    let Some(seen) = Seen::from(at, turned, from, &CROSSING) else { return Vec::new() };
    let mut read = seen.own.key.clone();
    read.extend(&seen.own.id);
    let linked = seen.own.key.iter().map(|id| format!("NEW.{} IS NOT NULL", field(seen.table, *id)));
    let linked = linked.collect::<Vec<_>>().join(" AND ");
    let there = row(seen.there);
    let mut all = Vec::new();
    let (gone, acts) = match from {
        Side::Old => {
            // Before the row goes: the foreign key of the other side may forbid it, and who deletes may not know of that.
            all.push(Event {
                word: "del",
                on: "BEFORE DELETE",
                when: String::new(),
                acts: vec![seen.let_go(from, &there, "OLD.")],
            });
            (seen.let_go(from, &there, "OLD."), vec![seen.point_back(&there)])
        }
        Side::New => {
            (seen.let_go(from, &there, "NEW."), vec![seen.let_go(from, &there, "NEW."), seen.point_back(&there)])
        }
    };
    let when = match carry {
        Carry::All if from == Side::New => String::new(),
        Carry::All | Carry::Changes => linked,
    };
    all.push(Event { word: "ins", on: "AFTER INSERT", when, acts });
    all.push(Event {
        word: "upd",
        on: "AFTER UPDATE",
        when: changed(seen.table, &read),
        acts: vec![gone, seen.point_back(&there)],
    });
    all
}

/// All links at once: first those that are none any more, since no two may point at one row.
pub fn bring(at: &Catalog, turned: &Turned, from: Side) -> Vec<String> {
    let Some(seen) = Seen::from(at, turned, from, &CROSSING) else { return Vec::new() };
    let (own, there) = (name(&seen.table.name), name(&seen.there.name));
    let met = seen.pointed_at("_ps_other.", "_ps_own.");
    let let_go = format!("UPDATE {there} AS _ps_other SET {} WHERE {}", seen.none(), seen.points_in_vain("_ps_other."));
    let point = format!(
        "UPDATE {there} AS _ps_other SET {} FROM {own} AS _ps_own WHERE {met} AND {}",
        seen.ours("", "_ps_own."),
        seen.points_elsewhere("_ps_other.", "_ps_own.")
    );
    match from {
        Side::Old => vec![point],
        Side::New => vec![let_go, point],
    }
}

/// True of a row of this side, by its table's own name, that the other side does not follow.
pub fn behind(at: &Catalog, turned: &Turned, from: Side) -> Option<String> {
    let seen = Seen::from(at, turned, from, &CROSSING)?;
    Some(seen.behind(from, &row(seen.table)))
}
