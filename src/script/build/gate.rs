//! What has to be true, and deployed, before a stage.

use crate::plan::Seen;
use crate::stage::{Generation, StageKind, Verdict};

/// The conditions of a stage.
pub fn of(kind: StageKind, seen: &[Seen], from_empty: bool) -> Vec<String> {
    let mut gate = Vec::new();
    if from_empty {
        return gate;
    }
    if kind == StageKind::Direct {
        gate.push("every client is stopped, old or new: nothing uses the database until this stage is done".to_owned());
        return gate;
    }
    let stops = |v: Verdict| matches!(v, Verdict::MustNotRun | Verdict::ReadsOnly);
    let fails = |client: &Seen| stops(client.during) || stops(client.after);
    let old_stops = seen.iter().any(|c| c.generation == Generation::Old && fails(c));
    let new_waits = seen.iter().any(|c| c.generation == Generation::New && stops(c.start));
    for client in seen {
        match client.generation {
            // Neither client bridges the stage.
            Generation::Old if old_stops && new_waits => gate.push(
                "every old client is stopped: it does not work after this stage, nor the new one before it, \
                 so there is a pause in which neither runs"
                    .to_owned(),
            ),
            Generation::Old if fails(client) => {
                gate.push("the new client is rolled out everywhere and has been watched for a while".to_owned());
                gate.push("no process with an old client is left".to_owned());
            }
            Generation::Old if kind == StageKind::Contract && client.during.max(client.after) > Verdict::Runs => {
                gate.push(
                    "no process with an old client is left, unless what the list of clients below says of it is heeded"
                        .to_owned(),
                );
            }
            Generation::New if stops(client.start) && !stops(client.after) && !old_stops => {
                gate.push("the new client is not rolled out yet: it may be after this stage".to_owned());
            }
            Generation::Old | Generation::Bridge | Generation::New => {}
        }
    }
    gate
}
