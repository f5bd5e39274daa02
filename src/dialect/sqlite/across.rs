//! Values that two tables hold in two ways: triggers that carry what is written to the one, and rows that are brought there.

use super::super::crossing::{Behind, Bring};
use super::trigger::Event;
use crate::catalog::{Across, Carry, Catalog, Side};

mod down;
mod turned;
mod up;

/// What the trigger of a side does.
pub fn watch(at: &Catalog, across: &Across, from: Side, carry: Carry) -> Vec<Event> {
    match across {
        Across::Turned(turned) => turned::watch(at, turned, from, carry),
        Across::Down(down) => down::watch(at, down, from),
        Across::Up(up) => up::watch(at, up, from),
        // Refused where it is planned.
        Across::Listed(_) => Vec::new(),
    }
}

/// The statements that bring what a side says to the other, for all rows.
pub fn bring(at: &Catalog, across: &Across, from: Side) -> Vec<String> {
    match across {
        Across::Turned(turned) => turned::bring(at, turned, from),
        Across::Down(down) => whole(down::bring(at, down, from)),
        Across::Up(up) => whole(up::bring(at, up, from)),
        Across::Listed(_) => Vec::new(),
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

fn whole(bring: Option<Bring>) -> Vec<String> {
    bring.map(|Bring { act, still }| format!("{act} WHERE {still}")).into_iter().collect()
}
