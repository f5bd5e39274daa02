//! Which tables are worked on.

use super::Side;
use super::belief::Model;
use super::world::World;
use crate::catalog::TableId;
use crate::live::line::Tongue;
use crate::live::rehearse::compare;
use crate::script::Script;

/// How many tables of a plan are worked on: the work grows with every one, and plans of many do the same to each.
const TABLES: usize = 8;

/// The tables that a plan speaks of, or whose enums it speaks of; where an enum is text, those that hold one of which one client
/// knows other labels.
pub(super) fn concerned(world: &World, script: &Script, seed: u64) -> Vec<TableId> {
    let text: String = script.stages.iter().flat_map(|s| &s.migrations).map(|m| m.up.as_str()).collect();
    let spoken = |model: &Model| {
        let enums = model.fields.iter().filter_map(|field| field.enum_sql.as_deref());
        let bare = |sql: &str| sql.rsplit("\".\"").next().unwrap_or(sql).trim_matches('"').to_owned();
        compare::speaks_of(&text, &model.name.1)
            || relabelled(world, model)
            || enums.map(bare).any(|name| compare::speaks_of(&text, &name))
    };
    let mut all: Vec<TableId> = Side::BOTH
        .into_iter()
        .flat_map(|side| world.belief(side).models.values())
        .filter(|model| spoken(model))
        .map(|model| model.id)
        .collect();
    all.sort_unstable();
    all.dedup();
    // Of many, as many as fit, from another place for every seed.
    let from = usize::try_from(seed).unwrap_or(0) % all.len().max(1);
    all.rotate_left(from);
    all.truncate(TABLES);
    all
}

fn relabelled(world: &World, model: &Model) -> bool {
    let now = |side: Side| world.model(side, model.id);
    let (Some(old), Some(_)) = (now(Side::Old), now(Side::New)) else { return false };
    old.tongue == Tongue::Sqlite
        && (0..old.fields.len()).any(|at| {
            let other = world.other(Side::Old, old, at);
            other.is_some_and(|(theirs, there)| theirs.fields[there].ty.labels != old.fields[at].ty.labels)
        })
}
