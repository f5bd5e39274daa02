//! What a stage does to the database, as far as somebody who looks at the server has to know.

use crate::catalog::{Catalog, TableId};
use crate::dialect::{Batches, Dialect, Online, Undertaking};
use crate::op::{Build, Op};

/// Notes the tables that a migration locks.
pub fn locks(does: &mut Undertaking, tables: &[String]) {
    tables.iter().for_each(|table| insert(&mut does.tables, table.clone()));
}

/// Notes what an op does; `at` is the catalog after its file.
pub fn note(does: &mut Undertaking, op: &Op, before: &Catalog, at: &Catalog, dialect: Dialect) {
    let name = |id: TableId| at.tables.get(&id).or(before.tables.get(&id)).map(|table| dialect.name(&table.name));
    match op {
        Op::CreateIndex { on, index, build: Build::Online, .. } => {
            does.online = Some(Online);
            let beside = at.tables.get(on).map(|table| dialect.name(&table.name.with_name(&index.name)));
            beside.into_iter().for_each(|index| insert(&mut does.builds, index));
            name(*on).into_iter().for_each(|table| insert(&mut does.grows, table));
        }
        Op::DropIndex { build: Build::Online, .. } => does.online = Some(Online),
        Op::Backfill(fill) => {
            does.batches = Some(Batches);
            name(fill.table).into_iter().for_each(|table| insert(&mut does.grows, table));
        }
        Op::CreateTrigger(_, trigger) => {
            name(trigger.table).into_iter().for_each(|table| insert(&mut does.triggers, table));
        }
        _ => {}
    }
}

/// Adds what a stage does to what the plan does.
pub fn add(all: &mut Undertaking, stage: Undertaking) {
    let Undertaking { tables, triggers, grows, builds, online, batches, anew } = stage;
    all.anew.extend(anew);
    tables.into_iter().for_each(|name| insert(&mut all.tables, name));
    triggers.into_iter().for_each(|name| insert(&mut all.triggers, name));
    grows.into_iter().for_each(|name| insert(&mut all.grows, name));
    builds.into_iter().for_each(|name| insert(&mut all.builds, name));
    all.online = all.online.or(online);
    all.batches = all.batches.or(batches);
}

fn insert(names: &mut Vec<String>, name: String) {
    if !names.contains(&name) {
        names.push(name);
    }
}
