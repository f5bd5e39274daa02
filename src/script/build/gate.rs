//! What has to be true, and deployed, before a stage.

use crate::script::{ClientNote, StageKind, Verdict};

/// The conditions of a stage; `starts` are the verdicts on its clients before it.
pub fn of(kind: StageKind, clients: &[ClientNote], starts: &[(Verdict, Vec<String>)], from_empty: bool) -> Vec<String> {
    let mut gate = Vec::new();
    if from_empty {
        return gate;
    }
    let stops = |v: Verdict| matches!(v, Verdict::MustNotRun | Verdict::ReadsOnly);
    let stopped = |name: &str| clients.iter().any(|c| c.client == name && (stops(c.during) || stops(c.after)));
    let new_waits = clients.iter().zip(starts).any(|(c, start)| c.client == "new" && stops(start.0));
    for (note, start) in clients.iter().zip(starts) {
        match note.client.as_str() {
            // Neither client bridges the stage.
            "old" if stopped("old") && new_waits => gate.push(
                "every old client is stopped: it does not work after this stage, nor the new one before it, \
                 so there is a pause in which neither runs"
                    .to_owned(),
            ),
            "old" if stops(note.during) || stops(note.after) => {
                gate.push("the new client is rolled out everywhere and has been watched for a while".to_owned());
                gate.push("no process with an old client is left".to_owned());
            }
            "old" if kind == StageKind::Contract && note.during.max(note.after) > Verdict::Runs => {
                gate.push(
                    "no process with an old client is left that does what the list of clients below says".to_owned(),
                );
            }
            "new" if stops(start.0) && !stops(note.after) && !stopped("old") => {
                gate.push("the new client is not rolled out yet: it may be after this stage".to_owned());
            }
            _ => {}
        }
    }
    gate
}
