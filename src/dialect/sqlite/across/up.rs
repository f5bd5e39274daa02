//! What a row holds is computed of those that point at it.

use super::super::super::crossing::{Bring, Kin};
use super::super::trigger::{CROSSING, Event, changed, field, row};
use crate::catalog::{Catalog, Side, Up};

pub fn watch(at: &Catalog, up: &Up, from: Side) -> Vec<Event> {
    let Some(kin) = Kin::of(at, &up.family, &CROSSING).filter(|_| from == Side::Old) else { return Vec::new() };
    let (parent, _) = kin.names();
    let own = row(kin.parent);
    let mut set = Vec::new();
    let mut apart = Vec::new();
    for (id, sql) in &up.values {
        let Some(sql) = kin.over_all(up, (*id, sql), &own) else { continue };
        let column = field(kin.parent, *id);
        apart.push(format!("{own}{column} IS NOT {sql}"));
        set.push(format!("{column} = {sql}"));
    }
    let follow = |of: &str, also: &str| {
        let met = kin.met(of, &own);
        format!("UPDATE {parent} SET {} WHERE {met}{also} AND ({})", set.join(", "), apart.join(" OR "))
    };
    let mut read = up.family.child_key.clone();
    read.extend(&up.sources);
    // A row that says nothing is a new client's, who writes the one value itself.
    let silent = |of: &str| {
        let none = |id: &crate::catalog::ColumnId| format!("{of}{} IS NULL", field(kin.child, *id));
        format!("({})", up.left.iter().map(none).collect::<Vec<_>>().join(" AND "))
    };
    let left = format!(" AND {}", changed(kin.child, &up.family.child_key));
    let (came, gone) = (silent("NEW."), silent("OLD."));
    let event = |word, on, when: String, acts| Event { word, on, when, acts };
    vec![
        event("ins", "AFTER INSERT", format!("NOT {came}"), vec![follow("NEW.", "")]),
        event(
            "upd",
            "AFTER UPDATE",
            format!("{} AND NOT ({came} AND {gone})", changed(kin.child, &read)),
            vec![follow("OLD.", &left), follow("NEW.", "")],
        ),
        event("del", "AFTER DELETE", format!("NOT {gone}"), vec![follow("OLD.", "")]),
    ]
}

pub fn bring(at: &Catalog, up: &Up, from: Side) -> Option<Bring> {
    Kin::of(at, &up.family, &CROSSING)?.up(up, from)
}
