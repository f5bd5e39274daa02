//! What is different where each DDL commits by itself ([`Alter::OneByOne`](crate::dialect::Alter)).
//!
//! The plan is that of every other database, step by step. But a column is required by writing the table anew beside its readers and
//! writers, which looks at every row itself, so no CHECK proves that first; an index is there whole or not at all; and a file
//! holds one change of one table.

use super::File;
use crate::catalog::{Across, Check, CheckId, CheckRule, Default, Side, TriggerRule};
use crate::change::{Group, Phase, Step};
use crate::dialect::{Dialect, Sync};
use crate::op::{Fact, Op};
use crate::stage::{Hazard, StageKind};
use foldhash::{HashMap, HashSet};

/// Steps without what only other databases need.
pub fn fit(steps: Vec<Step>) -> Vec<Step> {
    let mut proofs: HashMap<CheckId, Vec<Fact>> = HashMap::default();
    for step in &steps {
        for op in &step.ops {
            if let Op::AddCheck { id, check, .. } = op
                && is_helper(check)
            {
                proofs.insert(*id, step.before.clone());
            }
        }
    }
    let one = |mut step: Step| {
        let facts: Vec<Fact> =
            step.ops.iter().filter_map(proof).filter_map(|c| proofs.get(&c)).flatten().cloned().collect();
        step.before.extend(facts);
        step.title = step.title.replace(", proved by the check", "");
        if step.ops.iter().any(|op| matches!(op, Op::OpenBookkeeping | Op::CloseBookkeeping)) {
            step.title = step.title.replace("the schema prisma_stage, where", "the tables in which");
            step.title =
                step.title.replace("the schema prisma_stage", "the tables in which backfills kept their progress");
        }
        step.hazards.retain(|h| h.code != "H101" && h.code != "H401");
        step.hazards.iter_mut().for_each(reword);
        if step.ops.iter().any(writes_elsewhere) {
            step = step.hazard("H105", "a statement that reads the one table and writes of the other what is carried (updateMany or deleteMany by a filter over the relation) fails with error 1442, and changes nothing: let clients look the keys up first");
        }
        step.ops = fit_ops(relaxed_first(step.ops, step.back.as_deref().unwrap_or_default()));
        step.back = step.back.map(fit_ops);
        let left = !step.ops.is_empty() || step.back.as_ref().is_some_and(|back| !back.is_empty());
        left.then_some(step)
    };
    let mut steps: Vec<Step> = steps.into_iter().filter_map(one).collect();
    links_first(&mut steps);
    steps
}

/// No column is NOT NULL of which a foreign key makes NULL (error 1830): another in its place comes before.
fn links_first(steps: &mut [Step]) {
    let ops = steps.iter().flat_map(|s| &s.ops);
    let required: Vec<_> = ops
        .filter_map(|op| match op {
            Op::SetNotNull { on, id, .. } => Some((*on, *id)),
            _ => None,
        })
        .collect();
    let relinks = |op: &Op| match op {
        Op::ReplaceForeignKey { on, key, .. } => required.iter().any(|(t, c)| t == on && key.columns.contains(c)),
        _ => false,
    };
    for step in steps.iter_mut().filter(|s| s.stage == StageKind::Contract && s.ops.iter().all(relinks)) {
        step.stage = StageKind::Validate;
        step.phase = Phase::Checks;
    }
}

/// What is said of one server alone.
fn reword(hazard: &mut Hazard) {
    match hazard.code.as_str() {
        "H103" => hazard.message = hazard.message.replace("a deadlock (40P01)", "a deadlock (error 1213)"),
        "H102" => "writes every row once".clone_into(&mut hazard.message),
        "H602" => "who may use the table needs the same rights on the view: grant them to the users of clients; a row of defaults alone, create({ data: {} }), the view refuses (error 1136): give it one field meanwhile"
            .clone_into(&mut hazard.message),
        "H701" => {
            hazard.message = hazard.message.replace("logical replication", "replication by row");
        }
        "H501" => hazard.message = hazard.message.replace("pg_stat_user_indexes", "sys.schema_unused_indexes"),
        _ => {}
    }
}

/// Does a trigger write another table than that which it watches?
fn writes_elsewhere(op: &Op) -> bool {
    let Op::CreateTrigger(_, trigger) = op else { return false };
    trigger.rules.iter().any(|rule| match rule {
        TriggerRule::Carry { .. } => true,
        TriggerRule::Across { across: Across::Down(_), from, .. } => *from == Side::Old,
        TriggerRule::Across { across: Across::Turned(_) | Across::Up(_) | Across::Listed(_), .. } => true,
        TriggerRule::Fill { .. }
        | TriggerRule::Give { .. }
        | TriggerRule::Compute { .. }
        | TriggerRule::Mirror { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Sync(_)
        | TriggerRule::Follow(_) => false,
    })
}

/// To allow NULL writes the table anew, which is done before anything is held: no old client is left by then, and new ones write
/// the column whose name it still has. Where numbers end the table is copied: so that is done there, too.
fn relaxed_first(ops: Vec<Op>, back: &[Op]) -> Vec<Op> {
    let Some(at) = ops.iter().position(|op| matches!(op, Op::DropTrigger(_))) else { return ops };
    let (mut first, rest): (Vec<Op>, Vec<Op>) = (ops[..at].to_vec(), ops[at..].to_vec());
    let numbered = |column| {
        let begins =
            |op: &Op| matches!(op, Op::SetDefault { id, default: Some(Default::Sequence), .. } if *id == column);
        back.iter().any(begins)
    };
    let early = |op: &Op| match op {
        Op::DropNotNull { .. } => true,
        Op::SetDefault { id, default: None, .. } => numbered(*id),
        _ => false,
    };
    let (relaxed, rest): (Vec<Op>, Vec<Op>) = rest.into_iter().partition(early);
    first.extend(relaxed);
    first.extend(rest);
    first
}

fn proof(op: &Op) -> Option<CheckId> {
    match op {
        Op::SetNotNull { proof, .. } => *proof,
        _ => None,
    }
}

/// The same of ops that are done one after the other: a way back.
pub fn fit_ops(ops: Vec<Op>) -> Vec<Op> {
    let helpers: HashSet<CheckId> = ops
        .iter()
        .filter_map(|op| match op {
            Op::AddCheck { id, check, .. } => is_helper(check).then_some(*id),
            Op::ValidateCheck { id, .. } | Op::DropCheck { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    let one = |op: Op| match op {
        Op::AddCheck { id, .. } | Op::ValidateCheck { id, .. } | Op::DropCheck { id, .. } if helpers.contains(&id) => {
            None
        }
        Op::SetNotNull { on, id, .. } => Some(Op::SetNotNull { on, id, proof: None }),
        Op::Assert(Fact::IndexValid { .. }) | Op::Analyze(_) => None,
        op => Some(op),
    };
    ops.into_iter().filter_map(one).collect()
}

/// Plans write no other CHECK than those that help them.
fn is_helper(check: &Check) -> bool {
    !matches!(check.rule, CheckRule::Sql(_))
}

/// Changes of one table that are one statement share a file.
pub fn share(file: &File, step: &Step, dialect: Dialect) -> bool {
    let Some(last) = file.steps.last() else { return false };
    let same_place = file.stage == step.stage
        && last.phase == step.phase
        && last.group == step.group
        && matches!(step.group, Group::Table(_));
    same_place && dialect.is_one_statement(last.ops.iter().chain(&step.ops))
}

/// What changes nothing in the database goes along with what does.
pub fn join_silent(files: Vec<File>, dialect: Dialect) -> Vec<File> {
    let mut all: Vec<File> = Vec::new();
    let mut silent: Vec<Step> = Vec::new();
    let clients = dialect.caps().sync == Sync::Clients;
    for mut file in files {
        let says_nothing = |op: &Op| dialect.is_silent(op);
        let quiet = |step: &Step| {
            (step.back.is_none() || clients) && step.ops.iter().chain(step.back.iter().flatten()).all(says_nothing)
        };
        if silent.first().is_some_and(|s| s.stage != file.stage)
            && let (Some(last), Some(first)) = (all.last_mut(), silent.first())
        {
            if last.stage == first.stage {
                last.steps.append(&mut silent);
            } else {
                all.push(File { stage: first.stage, steps: std::mem::take(&mut silent) });
            }
        }
        if file.steps.iter().all(quiet) {
            silent.append(&mut file.steps);
            continue;
        }
        if silent.first().is_some_and(|s| s.stage == file.stage) {
            file.steps.splice(0..0, std::mem::take(&mut silent));
        }
        all.push(file);
    }
    if let Some(first) = silent.first() {
        match all.last_mut().filter(|last| last.stage == first.stage) {
            Some(last) => last.steps.append(&mut silent),
            None => all.push(File { stage: first.stage, steps: silent }),
        }
    }
    all
}
