//! Values that two tables hold in two ways: triggers that carry what is written to the one, and rows that are brought there.

use super::super::crossing::{Behind, Bring};
use super::trigger::Event;
use crate::catalog::{Across, Carry, Catalog, Side, TriggerRule};

mod down;
mod turned;
mod up;

/// What the trigger of a side does.
pub fn watch(at: &Catalog, across: &Across, from: Side, carry: Carry) -> Vec<Event> {
    match across {
        Across::Turned(turned) => turned::watch(at, turned, from, carry),
        Across::Down(down) => down::watch(at, down, from),
        Across::Up(up) => up::watch(at, up, from),
        // Refused before (`is_spoken`).
        Across::Listed(_) => Vec::new(),
    }
}

/// A change of rows that brings what a side says to the other.
pub(super) fn bring(at: &Catalog, across: &Across, from: Side) -> Option<Bring> {
    match across {
        // The trigger writes the other table, so a statement that makes it do so reads its own alone.
        Across::Turned(turned) => Some(Bring { act: turned::touch(at, turned, from)?, still: "TRUE".to_owned() }),
        Across::Down(down) => down::bring(at, down, from),
        Across::Up(up) => up::bring(at, up, from),
        Across::Listed(_) => None,
    }
}

/// The statements that bring what a side says to the other, for all rows, with triggers or without.
pub fn at_once(at: &Catalog, across: &Across, from: Side) -> Vec<String> {
    let watches = |rule: &TriggerRule| matches!(rule, TriggerRule::Across { across: own, from: side, .. } if own == across && *side == from);
    match across {
        Across::Turned(turned) if !at.triggers.values().flat_map(|t| &t.rules).any(watches) => {
            turned::at_once(at, turned, from)
        }
        Across::Turned(_) | Across::Down(_) | Across::Up(_) | Across::Listed(_) => {
            bring(at, across, from).map(|Bring { act, still }| format!("{act} WHERE {still}")).into_iter().collect()
        }
    }
}

/// The rows of which one side does not follow the other yet.
pub fn behind<'a>(at: &'a Catalog, across: &Across, from: Side) -> Option<Behind<'a>> {
    let condition = match across {
        Across::Turned(turned) => turned::behind(at, turned, from)?,
        Across::Down(down) => down::bring(at, down, from)?.still,
        Across::Up(up) => up::bring(at, up, from)?.still,
        Across::Listed(_) => return None,
    };
    Behind::of(at, across, from, condition)
}
