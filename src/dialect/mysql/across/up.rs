//! What a row holds is computed of those that point at it.

use super::super::super::crossing::{Bring, Kin};
use super::super::trigger::{CROSSING, Event, GUARD, changed, field, quiet};
use crate::catalog::{Catalog, ColumnId, Side, Up};

pub fn watch(at: &Catalog, up: &Up, from: Side) -> Vec<Event> {
    let Some(kin) = Kin::of(at, &up.family, &CROSSING).filter(|_| from == Side::Old) else { return Vec::new() };
    let (parent, _) = kin.names();
    let mut set = Vec::new();
    for (id, value) in &up.values {
        if let Some(sql) = kin.over_all_held(up, (*id, value), "_ps_parent.") {
            set.push(format!("{} = {sql}", field(kin.parent, *id)));
        }
    }
    let follow = |row: &str, margin: &str| {
        let met = kin.met(row, "_ps_parent.");
        quiet(margin, &format!("UPDATE {parent} AS _ps_parent SET {}\n{margin}  WHERE {met}", set.join(", ")))
    };
    let mut read = up.family.child_key.clone();
    read.extend(&up.sources);
    // A row that says nothing is a new client's, who writes the one value itself.
    let silent = |row: &str| {
        let none = |id: &ColumnId| format!("{row}{} IS NULL", field(kin.child, *id));
        format!("({})", up.left.iter().map(none).collect::<Vec<_>>().join(" AND "))
    };
    let (came, gone) = (silent("NEW."), silent("OLD."));
    let event = |word, when, body: String| Event { word, when, body: format!("{GUARD}{body}") };
    // Who makes a row of a parent takes that first: its foreign key alone would let several in, of whom each then waits for the others.
    let hold = format!(
        "  IF NOT {came} THEN\n    SET @ps_held = (SELECT COUNT(*) FROM {parent} AS _ps_parent WHERE {} FOR UPDATE);\n  END IF;\n",
        kin.met("NEW.", "_ps_parent.")
    );
    let moved =
        format!("    IF {} THEN\n{}    END IF;\n", changed(kin.child, &up.family.child_key), follow("OLD.", "      "));
    vec![
        event("hold", "BEFORE INSERT", hold),
        event("ins", "AFTER INSERT", format!("  IF NOT {came} THEN\n{}  END IF;\n", follow("NEW.", "    "))),
        event(
            "upd",
            "AFTER UPDATE",
            format!(
                "  IF ({}) AND NOT ({came} AND {gone}) THEN\n{moved}{}  END IF;\n",
                changed(kin.child, &read),
                follow("NEW.", "    ")
            ),
        ),
        event("del", "AFTER DELETE", format!("  IF NOT {gone} THEN\n{}  END IF;\n", follow("OLD.", "    "))),
    ]
}

pub fn bring(at: &Catalog, up: &Up, from: Side) -> Option<Bring> {
    Kin::of(at, &up.family, &CROSSING)?.up(up, from)
}
