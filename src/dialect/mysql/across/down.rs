//! What the row holds that others point at, they hold too.

use super::super::super::crossing::{Bring, Kin};
use super::super::backfill::key_fields;
use super::super::trigger::{CROSSING, Event, GUARD, changed, field, quiet};
use crate::catalog::{Catalog, ColumnId, Down, Side};

pub fn watch(at: &Catalog, down: &Down, from: Side) -> Vec<Event> {
    let Some(kin) = Kin::of(at, &down.family, &CROSSING) else { return Vec::new() };
    match from {
        Side::Old => vec![parent(&kin, down)],
        Side::New => child(&kin, down),
    }
}

/// What is written to the parent is carried to all of its children.
fn parent(kin: &Kin, down: &Down) -> Event {
    let sources: Vec<ColumnId> = down.pairs.iter().map(|p| p.0).collect();
    let value = |p: ColumnId, c: ColumnId| {
        let own = format!("NEW.{}", field(kin.parent, p));
        kin.fallback(down, c).map_or_else(|| own.clone(), |last| format!("COALESCE({own}, {last})"))
    };
    let set = down.pairs.iter().map(|(p, c)| format!("{} = {}", field(kin.child, *c), value(*p, *c)));
    let apart = down
        .pairs
        .iter()
        .map(|(p, c)| CROSSING.apart(kin.child, *c, &format!("_ps_child.{}", field(kin.child, *c)), &value(*p, *c)));
    let follow = format!(
        "UPDATE {} AS _ps_child SET {}\n      WHERE {} AND ({})",
        kin.names().1,
        set.collect::<Vec<_>>().join(", "),
        kin.met("_ps_child.", "NEW."),
        apart.collect::<Vec<_>>().join(" OR ")
    );
    let body = format!("{GUARD}  IF {} THEN\n{}  END IF;\n", changed(kin.parent, &sources), quiet("    ", &follow));
    Event { word: "upd", when: "AFTER UPDATE", body }
}

/// A child that is written without a value gets that of its parent, and so does one that goes over to another parent. The parent
/// is held meanwhile: who changes it at the same time carries that to this child afterwards.
fn child(kin: &Kin, down: &Down) -> Vec<Event> {
    let columns: Vec<ColumnId> = down.pairs.iter().map(|p| p.1).collect();
    let met = format!("FROM {} AS _ps_parent WHERE {}", kin.names().0, kin.met("NEW.", "_ps_parent."));
    let theirs = |p: ColumnId| format!("(SELECT _ps_parent.{} {met}{})", field(kin.parent, p), CROSSING.held);
    let set = |value: &dyn Fn(&str, String) -> String| {
        let all = down.pairs.iter().map(|(p, c)| {
            let own = format!("NEW.{}", field(kin.child, *c));
            format!("    SET {own} = {};\n", value(&own, theirs(*p)))
        });
        all.collect::<String>()
    };
    let empty = columns.iter().map(|c| format!("NEW.{} IS NULL", field(kin.child, *c)));
    let empty = empty.collect::<Vec<_>>().join(" OR ");
    let last = down.fallback.iter().filter_map(|(id, _)| {
        let own = format!("NEW.{}", field(kin.child, *id));
        Some(format!("  IF {own} IS NULL THEN SET {own} = {}; END IF;\n", kin.fallback(down, *id)?))
    });
    let last: String = last.collect();
    let event = |word, when, condition: String, set: String| Event {
        word,
        when,
        body: format!("{GUARD}  IF {condition} THEN\n{set}  END IF;\n{last}"),
    };
    let moved = format!(
        "({}) AND NOT ({}) AND EXISTS (SELECT 1 {met}{})",
        changed(kin.child, &down.family.child_key),
        changed(kin.child, &columns),
        CROSSING.held
    );
    vec![
        event("ins", "BEFORE INSERT", empty, set(&|own, theirs| format!("COALESCE({own}, {theirs})"))),
        event("upd", "BEFORE UPDATE", moved, set(&|_, theirs| theirs)),
    ]
}

pub fn bring(at: &Catalog, down: &Down, from: Side) -> Option<Bring> {
    let kin = Kin::of(at, &down.family, &CROSSING)?;
    match from {
        Side::Old => Some(kin.to_children(down)),
        Side::New => {
            let order: Vec<String> = key_fields(kin.child)?.iter().map(|key| format!("_ps_child.{key}")).collect();
            Some(kin.to_parents(down, &order.join(", ")))
        }
    }
}
