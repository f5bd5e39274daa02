//! Names that are taken when something is made: it is made under another name, and gets its own once that is free.

use crate::catalog::{Catalog, Name, TableId, helper_name};
use crate::change::{Group, Phase, Step};
use crate::op::{Impossible, Op, Run};
use crate::stage::StageKind;

/// Runs the steps in the head and gives another name to whatever comes too early for its own.
pub fn settle(old: &Catalog, steps: Vec<Step>) -> Result<Vec<Step>, Impossible> {
    let mut run = Run::new(old.clone());
    let mut owed: Vec<(usize, TableId, Op)> = Vec::new();
    let stage = steps.last().map_or(StageKind::Contract, |last| match last.stage {
        StageKind::Direct => StageKind::Direct,
        StageKind::Expand | StageKind::Backfill | StageKind::Validate | StageKind::Contract => StageKind::Contract,
    });
    let mut settled = Vec::with_capacity(steps.len());
    for mut step in steps {
        if step.phase > Phase::Names {
            settled.append(&mut pay(&mut run, &mut owed, stage)?);
        }
        for op in &mut step.ops {
            owed.extend(make_way(&run, op).into_iter().map(|(table, later)| (step.change, table, later)));
            run.apply(op)?;
        }
        settled.push(step);
    }
    settled.append(&mut pay(&mut run, &mut owed, stage)?);
    Ok(settled)
}

/// The renames that are owed, each in a step of its own.
fn pay(run: &mut Run, owed: &mut Vec<(usize, TableId, Op)>, stage: StageKind) -> Result<Vec<Step>, Impossible> {
    let mut steps = Vec::new();
    for (change, table, op) in std::mem::take(owed) {
        run.apply(&op)?;
        let to = match &op {
            Op::RenameIndex { to, .. } | Op::RenamePrimaryKey { to, .. } | Op::RenameForeignKey { to, .. } => {
                to.clone()
            }
            _ => String::new(),
        };
        let title = format!("{to} gets its own name, which is free now");
        let slug = format!("name_{}", crate::change::slug(&[&to]));
        let mut step = Step::new(stage, Phase::Names, Group::Table(table), slug, title).op(op);
        step.change = change;
        steps.push(step);
    }
    Ok(steps)
}

/// If the name that the op gives is taken, changes the op to give another one, and tells what is owed later.
fn make_way(run: &Run, op: &mut Op) -> Vec<(TableId, Op)> {
    let relation = |on: &TableId, name: &str| -> Option<Name> { run.catalog.beside(run.catalog.tables.get(on)?, name) };
    let taken = |on: &TableId, name: &str| relation(on, name).is_some_and(|n| run.is_taken(&n));
    let constraint = |on: &TableId, name: &str| {
        run.catalog.tables.get(on).is_some_and(|t| {
            t.foreign_keys.values().any(|k| k.name == name)
                || t.checks.values().any(|c| c.name == name)
                || t.primary_key.as_ref().is_some_and(|k| k.name == name)
        })
    };
    match op {
        Op::CreateTable(id, table) => {
            let (id, beside) = (*id, (**table).clone());
            let is_taken = |name: &str| run.catalog.beside(&beside, name).is_some_and(|name| run.is_taken(&name));
            let mut owed = Vec::new();
            for (index_id, index) in table.indexes.iter_mut().filter(|(_, i)| is_taken(&i.name)) {
                let meanwhile = helper_name(&index.name, "ps");
                let to = std::mem::replace(&mut index.name, meanwhile);
                owed.push((id, Op::RenameIndex { on: id, id: *index_id, to }));
            }
            if let Some(key) = table.primary_key.as_mut().filter(|k| is_taken(&k.name)) {
                let meanwhile = helper_name(&key.name, "ps");
                let to = std::mem::replace(&mut key.name, meanwhile);
                owed.push((id, Op::RenamePrimaryKey { on: id, to }));
            }
            owed
        }
        Op::CreateIndex { on, id, index, .. } if taken(on, &index.name) => {
            let meanwhile = helper_name(&index.name, "ps");
            let to = std::mem::replace(&mut index.name, meanwhile);
            vec![(*on, Op::RenameIndex { on: *on, id: *id, to })]
        }
        Op::RenameIndex { on, id, to } if taken(on, to) => {
            let own = std::mem::replace(to, helper_name(to, "ps"));
            vec![(*on, Op::RenameIndex { on: *on, id: *id, to: own })]
        }
        Op::RenamePrimaryKey { on, to } if taken(on, to) => {
            let own = std::mem::replace(to, helper_name(to, "ps"));
            vec![(*on, Op::RenamePrimaryKey { on: *on, to: own })]
        }
        Op::ChangePrimaryKey { on, key: Some((key, using)) } => {
            // Its own old name and that of the index it is made of are free by then.
            let table = run.catalog.tables.get(on);
            let freed = table.is_some_and(|t| {
                t.primary_key.as_ref().is_some_and(|old| old.name == key.name)
                    || t.indexes.get(using).is_some_and(|i| i.name == key.name)
            });
            if freed || !(taken(on, &key.name) || constraint(on, &key.name)) {
                return Vec::new();
            }
            let meanwhile = helper_name(&key.name, "ps_key");
            let to = std::mem::replace(&mut key.name, meanwhile);
            vec![(*on, Op::RenamePrimaryKey { on: *on, to })]
        }
        Op::AddForeignKey { on, id, key } if constraint(on, &key.name) => {
            let meanwhile = helper_name(&key.name, "ps");
            let to = std::mem::replace(&mut key.name, meanwhile);
            vec![(*on, Op::RenameForeignKey { on: *on, id: *id, to })]
        }
        Op::RenameForeignKey { on, id, to } if constraint(on, to) => {
            let own = std::mem::replace(to, helper_name(to, "ps"));
            vec![(*on, Op::RenameForeignKey { on: *on, id: *id, to: own })]
        }
        _ => Vec::new(),
    }
}
