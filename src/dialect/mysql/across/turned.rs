//! A one-to-one relation that both sides keep.

use super::super::super::crossing::Seen;
use super::super::carry::row;
use super::super::quote::name;
use super::super::trigger::{CROSSING, Event, GUARD, changed, due, field, nested, quiet};
use crate::catalog::{Carry, Catalog, Side, Turned};

pub fn watch(at: &Catalog, turned: &Turned, from: Side, carry: Carry) -> Vec<Event> {
    let Some(seen) = Seen::from(at, turned, from, &CROSSING) else { return Vec::new() };
    let there = row(seen.there);
    let mut read = seen.own.key.clone();
    read.extend(&seen.own.id);
    let changed = changed(seen.table, &read);
    // Of several columns a link is one only where each has a value.
    let linked = seen.own.key.iter().map(|id| format!("NEW.{} IS NOT NULL", field(seen.table, *id)));
    let linked = linked.collect::<Vec<_>>().join(" AND ");
    let event = |word, when, body: String| Event { word, when, body: format!("{GUARD}{body}") };
    let point_back = |margin: &str| quiet(margin, &seen.point_back(&there));
    let let_go = |own: &str, margin: &str| quiet(margin, &seen.let_go(from, &there, own));
    match from {
        Side::Old => {
            let left = format!("  IF {changed} THEN\n{}  END IF;\n", let_go("OLD.", "    "));
            let due = due(&changed, &seen.behind(from, "NEW."));
            let gone = nested(&seen.let_go(from, &there, "OLD."));
            vec![
                // Before the row goes: the foreign key of the other side may forbid it, and who deletes may not know of that.
                Event { word: "del", when: "BEFORE DELETE", body: gone },
                event("ins", "AFTER INSERT", format!("  IF {linked} THEN\n{}  END IF;\n", point_back("    "))),
                event(
                    "upd",
                    "AFTER UPDATE",
                    format!("{left}{due}  IF @ps_due AND {linked} THEN\n{}  END IF;\n", point_back("    ")),
                ),
            ]
        }
        Side::New => {
            let (first, then) = (let_go("NEW.", "    "), point_back("    "));
            let both = format!("{first}    IF {linked} THEN\n{}    END IF;\n", point_back("      "));
            let (insert, update) = match carry {
                Carry::All => (
                    format!("{}  IF {linked} THEN\n{then}  END IF;\n", let_go("NEW.", "  ")),
                    format!("{}  IF @ps_due THEN\n{both}  END IF;\n", due(&changed, &seen.behind(from, "NEW."))),
                ),
                Carry::Changes => (
                    format!("  IF {linked} THEN\n{first}{then}  END IF;\n"),
                    format!("  IF {changed} THEN\n{both}  END IF;\n"),
                ),
            };
            vec![event("ins", "AFTER INSERT", insert), event("upd", "AFTER UPDATE", update)]
        }
    }
}

/// A change of rows that changes nothing, but makes the trigger carry them.
pub fn touch(at: &Catalog, turned: &Turned, from: Side) -> Option<String> {
    let keeper = turned.keeper(from);
    let table = at.tables.get(&keeper.table)?;
    let same = keeper.own.iter().map(|id| field(table, *id)).map(|f| format!("{f} = {f}"));
    Some(format!("UPDATE {} SET {}", name(&table.name), same.collect::<Vec<_>>().join(", ")))
}

/// All links at once: first those that are none any more, since no two may point at one row.
pub fn at_once(at: &Catalog, turned: &Turned, from: Side) -> Vec<String> {
    let Some(seen) = Seen::from(at, turned, from, &CROSSING) else { return Vec::new() };
    let (own, there) = (name(&seen.table.name), name(&seen.there.name));
    let let_go = format!("UPDATE {there} AS _ps_other SET {} WHERE {}", seen.none(), seen.points_in_vain("_ps_other."));
    let point = format!(
        "UPDATE {there} AS _ps_other JOIN {own} AS _ps_own ON {} SET {} WHERE {}",
        seen.pointed_at("_ps_other.", "_ps_own."),
        seen.ours("_ps_other.", "_ps_own."),
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
