//! Which client runs when: the way from the old client to the new one, stage by stage.

use super::duty::{Duty, duty};
use crate::plan::Seen;
use crate::script::{Rollout, Script, Stand};
use crate::stage::{Generation, StageKind, Verdict};

/// Which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The one that runs now.
    Old,
    /// The one whose schema is the database after this stage.
    Bridge(usize),
    /// The one that is wanted.
    New,
}

/// What the stages mean for a client: where it may run, and through which stages.
#[derive(Clone, Debug)]
pub(super) struct Course {
    who: Who,
    /// Before the first stage, and after each: does it run?
    at: Vec<bool>,
    /// And does it fail there as soon as a newer client writes what it does not know?
    exposed: Vec<bool>,
    /// Does it run while each stage is applied?
    through: Vec<bool>,
}

/// A client and the point at which it is rolled out: after so many stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) client: Who,
    pub(super) after: usize,
}

fn runs(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Runs | Verdict::WithCare => true,
        Verdict::ReadsOnly | Verdict::MustNotRun => false,
    }
}

impl Course {
    pub(super) fn old(seen: &[Seen]) -> Self {
        Self::by(Who::Old, seen)
    }

    pub(super) fn new(seen: &[Seen]) -> Self {
        Self::by(Who::New, seen)
    }

    pub(super) fn of(stage: usize, seen: &[Seen]) -> Self {
        Self::by(Who::Bridge(stage), seen)
    }

    fn by(who: Who, seen: &[Seen]) -> Self {
        let start = seen.first().is_none_or(|s| runs(s.start));
        Course {
            who,
            at: std::iter::once(start).chain(seen.iter().map(|s| runs(s.after))).collect(),
            exposed: std::iter::once(false).chain(seen.iter().map(|s| s.is_exposed)).collect(),
            through: seen.iter().map(|s| runs(s.during) && runs(s.after)).collect(),
        }
    }

    /// The same, as if nobody wrote what it does not know.
    pub(super) fn unexposed(&self) -> Self {
        Course { exposed: vec![false; self.exposed.len()], ..self.clone() }
    }

    /// Is there a point at which it runs and the other one would fail on what is new, and it does not?
    pub(super) fn reads_more_than(&self, other: &Course) -> bool {
        let exposed = |at: usize| other.exposed[at] && other.at[at];
        (0..self.at.len()).any(|at| exposed(at) && self.at[at] && !self.exposed[at])
    }

    /// May the other one be rolled out at this point, while this one still runs?
    fn gives_way(&self, to: &Course, point: usize) -> bool {
        self.who != to.who && self.at[point] && to.at[point] && !(self.exposed[point] && to.who == Who::New)
    }
}

/// What a shift costs, in the currency of a stage that is better applied under another client.
const SHIFT: usize = 1_000;

/// The fewest clients that lead from old to new with no moment without one; None if there is no such way. A client between is
/// rolled out as soon as its database stands, the new one before what only old ones need is removed, and else at the end.
pub(super) fn shortest(clients: &[Course], stages: &[StageKind]) -> Option<Vec<Shift>> {
    let (first, last) = (position(clients, Who::Old)?, position(clients, Who::New)?);
    let end = stages.len();
    // What it costs from each point and client to the end.
    let mut cost = vec![vec![usize::MAX; clients.len()]; end + 1];
    let through = |at: usize, point: usize| {
        let client = &clients[at];
        let late = stages[point] == StageKind::Contract && at != last;
        (client.at[point] && client.through[point]).then_some(usize::from(late))
    };
    let stays = |cost: &[Vec<usize>], at: usize, point: usize| match stages.get(point) {
        None if at == last => 0,
        None => usize::MAX,
        Some(_) => through(at, point).map_or(usize::MAX, |more| cost[point + 1][at].saturating_add(more)),
    };
    for point in (0..=end).rev() {
        for at in 0..clients.len() {
            cost[point][at] = stays(&cost, at, point);
        }
        for _ in 0..clients.len() {
            for at in 0..clients.len() {
                let next = (0..clients.len()).filter(|to| clients[at].gives_way(&clients[*to], point));
                let best = next.map(|to| cost[point][to].saturating_add(SHIFT)).min().unwrap_or(usize::MAX);
                cost[point][at] = cost[point][at].min(best);
            }
        }
    }
    if cost[0][first] == usize::MAX {
        return None;
    }
    let mut shifts = Vec::new();
    let (mut at, mut point) = (first, 0);
    while point < end || at != last {
        let here = cost[point][at];
        let better =
            |to: usize| clients[at].gives_way(&clients[to], point) && cost[point][to].saturating_add(SHIFT) == here;
        let now =
            (0..clients.len()).find(|to| matches!(clients[*to].who, Who::Bridge(s) if s + 1 == point) && better(*to));
        if now.is_none() && point < end && stays(&cost, at, point) == here {
            point += 1;
            continue;
        }
        at = now.or_else(|| (0..clients.len()).find(|to| better(*to)))?;
        shifts.push(Shift { client: clients[at].who, after: point });
    }
    Some(shifts)
}

fn position(clients: &[Course], who: Who) -> Option<usize> {
    clients.iter().position(|c| c.who == who)
}

/// Writes the order of stages and clients into the script, and what it asks of a stage before that is applied.
pub(super) fn tell(script: &mut Script, stands: &[Stand], shifts: Option<&[Shift]>) {
    let from_empty = !stands.iter().flat_map(|s| &s.seen).any(|s| s.generation == Generation::Old);
    if from_empty {
        script.rollout = script.stages.iter().map(|s| Rollout::Apply { stage: s.folder.clone() }).collect();
        return;
    }
    let Some(shifts) = shifts else { return pause(script, stands) };
    let is_bridged = shifts.iter().any(|s| s.client != Who::New);
    let duty = duty(script, stands);
    script.kept.clone_from(&duty.writes);
    let mut runs = Generation::Old;
    let mut list = Vec::new();
    for point in 0..=script.stages.len() {
        let mut gate = Vec::new();
        for (at, shift) in shifts.iter().enumerate().filter(|(_, s)| s.after == point) {
            let until = shifts.get(at + 1).map_or(script.stages.len(), |next| next.after);
            let (client, schema, notes) = match shift.client {
                Who::Old => (Generation::Old, None, Vec::new()),
                Who::New => (Generation::New, None, exposures(stands, point, runs)),
                Who::Bridge(stage) => {
                    let folder = script.stages.get(stage).map(|s| s.folder.as_str()).unwrap_or_default();
                    let notes = between(script, stands, &duty, point, until);
                    (Generation::Bridge, Some(format!("{folder}/schema.prisma")), notes)
                }
            };
            let again = between_again(&list, &duty).filter(|_| client == Generation::New);
            if let Some(again) = again {
                gate.push("the bridge client is rolled out once more, and reads the new fields (see the order of the rollout)".to_owned());
                list.push(again);
            }
            let (name, before) = (client.name(), runs.name());
            gate.push(format!("the {name} client is rolled out everywhere, and no {before} one is left"));
            list.push(Rollout::Deploy { client, schema, replaces: runs, notes });
            runs = client;
        }
        if let Some(stage) = script.stages.get_mut(point) {
            if is_bridged {
                stage.gate = gate;
            }
            list.push(Rollout::Apply { stage: stage.folder.clone() });
        }
    }
    script.rollout = list;
}

/// What the client that runs fails on as soon as the new one writes it.
fn exposures(stands: &[Stand], point: usize, runs: Generation) -> Vec<String> {
    let seen = point.checked_sub(1).and_then(|at| stands.get(at)).into_iter().flat_map(|s| &s.seen);
    let exposed = seen.filter(|s| s.generation == runs && s.is_exposed).flat_map(|s| &s.reasons);
    let first = "no schema between the two could be written: as long as old clients run, the new one must not write what they fail on";
    let mut notes: Vec<String> = exposed.map(|why| format!("the {} client: {why}", runs.name())).collect();
    if !notes.is_empty() {
        notes.insert(0, first.to_owned());
    }
    notes
}

/// What to know of the client between, which runs from one point to another.
fn between(script: &Script, stands: &[Stand], duty: &Duty, from: usize, until: usize) -> Vec<String> {
    let mut notes = vec![
        if duty.writes.is_empty() {
            "its code is that of the old client, generated anew: it reads what the new client writes, and does not write it itself"
        } else {
            "its code is that of the old client, generated anew, and does what a trigger would do elsewhere, raw SQL and other programs that write these tables included:"
        }
        .to_owned(),
    ];
    notes.extend(duty.writes.iter().cloned());
    let mut say = |text: String| {
        if !notes.contains(&text) {
            notes.push(text);
        }
    };
    let old = from.checked_sub(1).and_then(|at| stands.get(at)).into_iter().flat_map(|s| &s.seen);
    for client in old.filter(|s| s.generation == Generation::Old && s.is_exposed) {
        client.reasons.iter().for_each(|why| say(format!("it is there because of the old client: {why}")));
    }
    let clients = script.stages.iter().take(until).skip(from).flat_map(|s| &s.clients);
    for note in clients.filter(|c| c.client == Generation::Bridge.name()) {
        note.reasons.iter().for_each(|why| say(format!("while it runs: {why}")));
    }
    notes
}

/// The client between once more, with code that reads what is new: from then on it does not matter to it that the new client writes that
/// alone.
fn between_again(list: &[Rollout], duty: &Duty) -> Option<Rollout> {
    let last = list.iter().rev().find_map(|step| match step {
        Rollout::Deploy { client: Generation::Bridge, schema, .. } => Some(schema.clone()),
        Rollout::Deploy { .. } | Rollout::Apply { .. } | Rollout::Stop { .. } | Rollout::Start { .. } => None,
    })?;
    (!duty.then_reads.is_empty()).then(|| Rollout::Deploy {
        client: Generation::Bridge,
        schema: last,
        replaces: Generation::Bridge,
        notes: duty.then_reads.clone(),
    })
}

/// Nothing bridges the plan: the old client runs as long as it can, the new one from where it can.
fn pause(script: &mut Script, stands: &[Stand]) {
    let of = |stand: &Stand, generation| stand.seen.iter().find(|s| s.generation == generation).cloned();
    let ends = stands
        .iter()
        .position(|s| of(s, Generation::Old).is_some_and(|c| !runs(c.during) || !runs(c.after)))
        .unwrap_or(stands.len().saturating_sub(1));
    let begins = stands
        .iter()
        .rposition(|s| of(s, Generation::New).is_some_and(|c| !runs(c.start) || !runs(c.during)))
        .map_or(0, |stage| stage + 1)
        .max(ends + 1);
    let why = |stage: Option<&Stand>, generation| {
        let found = stage.and_then(|s| of(s, generation));
        found.map_or(Vec::new(), |c| c.reasons.into_iter().chain(c.meanwhile).collect::<Vec<_>>())
    };
    let mut list = Vec::new();
    for (at, stage) in script.stages.iter().enumerate() {
        if at == ends {
            let old = why(stands.get(at), Generation::Old).into_iter().map(|w| format!("old: {w}"));
            let before = at.checked_sub(1).and_then(|b| stands.get(b)).or(stands.get(at));
            let new = why(before, Generation::New).into_iter().map(|w| format!("new: {w}"));
            list.push(Rollout::Stop { client: Generation::Old, why: old.chain(new).collect() });
        }
        list.push(Rollout::Apply { stage: stage.folder.clone() });
        if at + 1 == begins {
            list.push(Rollout::Start { client: Generation::New });
        }
    }
    script.rollout = list;
}
