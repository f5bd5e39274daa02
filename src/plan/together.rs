//! One pass over a table for all the columns that it fills: each row is written once instead of once a column, and there is
//! one file to run and to watch.

use super::titles;
use crate::catalog::{Catalog, ColumnId, TableId};
use crate::change::{Phase, Step, slug};
use crate::op::{Backfill, Op, Work};
use foldhash::HashMap;

/// Puts the backfills of one table into the first of them, where none needs what another fills.
pub fn backfills(old: &Catalog, steps: Vec<Step>) -> Vec<Step> {
    let mut groups: Vec<Vec<Step>> = Vec::with_capacity(steps.len());
    // Where a table's pass is, and all that has been filled so far.
    let mut passes: HashMap<TableId, usize> = HashMap::default();
    let mut filled: Vec<ColumnId> = Vec::new();
    for step in steps {
        let Some(fill) = of(&step) else {
            groups.push(vec![step]);
            continue;
        };
        let table = fill.table;
        let target = fill.work.target();
        // What SQL in the user's words reads is not known.
        let alone = target.iter().any(|(_, value)| value.has_sql() || filled.iter().any(|id| value.reads(*id)));
        filled.extend(target.map(|(id, _)| id));
        let pass = passes.get(&table).and_then(|at| groups.get_mut(*at)).filter(|_| !alone);
        match pass.filter(|pass| pass.iter().all(|other| other.lossless == step.lossless)) {
            Some(pass) => pass.push(step),
            None => {
                if !alone {
                    passes.insert(table, groups.len());
                }
                groups.push(vec![step]);
            }
        }
    }
    groups.into_iter().filter_map(|group| join(old, group)).collect()
}

/// The backfill that a step is, if it fills one column and nothing else is to be said of its way back.
fn of(step: &Step) -> Option<&Backfill> {
    match &step.ops[..] {
        [Op::Backfill(fill)] if step.phase == Phase::Rows && step.back.is_none() && step.losses.is_empty() => {
            fill.work.target().map(|_| fill)
        }
        _ => None,
    }
}

/// One step for all of a group.
fn join(old: &Catalog, group: Vec<Step>) -> Option<Step> {
    if group.len() < 2 {
        return group.into_iter().next();
    }
    let title = titles(&group);
    let mut parts = Vec::new();
    let mut names = String::new();
    let mut all: Option<Step> = None;
    for mut step in group {
        if let [Op::Backfill(fill)] = &mut step.ops[..] {
            names += &fill.name;
            parts.push(std::mem::replace(&mut fill.work, Work::Together(Vec::new())));
        }
        match &mut all {
            Some(all) => {
                all.before.extend(step.before);
                all.verify.extend(step.verify);
                all.hazards.extend(step.hazards);
            }
            None => all = Some(step),
        }
    }
    let mut step = all?;
    step.hazards.dedup();
    step.title = title;
    if let [Op::Backfill(fill)] = &mut step.ops[..] {
        let table = old.tables.get(&fill.table).map_or("rows", |table| &table.name.name);
        // Progress is kept under the name: another pass has another one.
        fill.name = format!("{table}.{:08x}", crc32fast::hash(names.as_bytes()));
        fill.work = Work::Together(parts);
        step.slug = format!("fill_{}", slug(&[table]));
    }
    Some(step)
}
