//! The client between old and new: where one is needed, the schema that it is generated from, and when which client runs.
//!
//! A plan needs one where the old client and the new one are never right at the same moment, or where the old one fails on
//! what the new one writes (a value of an enum, a NULL): readers first, writers second. Its schema is the user's OLD, edited
//! where the database of the moment is another one already. It is written only if it is exact: it is read again, held
//! against all rules, and must give the very database that stands after the stage, helpers aside.

mod aside;
mod chain;
mod duty;
mod field;
mod insert;
mod text;

use crate::ast::Arity;
use crate::catalog::{Catalog, Column, Default, Ids, TableId};
use crate::dialect::{Caps, Dialect};
use crate::diff;
use crate::intent::Intent;
use crate::lower::lower;
use crate::model;
use crate::op::{Impossible, Run};
use crate::pair::Pair;
use crate::plan::{Client, File, Judge, Meanings, Seen, Watch};
use crate::script::{ClientNote, Script, Stand};
use crate::source::{SchemaFiles, Sources, Span};
use crate::stage::{Generation, StageKind};
use crate::validate;
use chain::Course;
use foldhash::HashSet;

/// What the client between is made from.
pub struct Input<'a> {
    /// The texts of both schemas.
    pub sources: &'a Sources,
    /// The files of OLD.
    pub files: &'a SchemaFiles,
    /// What both mean.
    pub models: &'a Pair<model::Schema<'a>>,
    /// What they are in the database, with identities in common.
    pub catalogs: &'a Pair<Catalog>,
    /// The plan.
    pub plan: &'a [File],
    /// The database.
    pub dialect: Dialect,
    /// Names that stand for something else in NEW.
    pub meanings: &'a Meanings,
}

/// A client between old and new.
struct Bridge {
    /// The stage (from 0) after which the database is that of its schema.
    stage: usize,
    /// Its schema.
    text: String,
    /// What the stages mean for it.
    seen: Vec<Seen>,
}

/// Says in the script when which client runs, with a client between the two where one is needed.
///
/// # Errors
/// The plan cannot be run in the head: a bug of the planner, which has been found before.
pub fn span(script: &mut Script, stands: &[Stand], input: &Input, ids: &mut Ids) -> Result<(), Impossible> {
    let known: Vec<Course> =
        [Generation::Old, Generation::New].into_iter().filter_map(|generation| course(generation, stands)).collect();
    let stages: Vec<StageKind> = script.stages.iter().map(|s| s.stage).collect();
    let mut rollout = chain::shortest(&known, &stages);
    let mut bridges: Vec<Bridge> = Vec::new();
    for (stage, stand) in stands.iter().enumerate() {
        if rollout.is_some() {
            break;
        }
        if let Some(bridge) = make(stage, stand, input, ids)? {
            bridges.push(bridge);
            let clients = known.iter().cloned().chain(bridges.iter().map(|b| Course::of(b.stage, &b.seen)));
            rollout = chain::shortest(&clients.collect::<Vec<_>>(), &stages);
        }
    }
    // One that knows some of what is new is better than none.
    let old = known.first().filter(|_| rollout.is_none());
    rollout = old
        .and_then(|old| {
            let helps = bridges.iter().map(|b| Course::of(b.stage, &b.seen)).filter(|b| b.reads_more_than(old));
            let helps: Vec<Course> = helps.map(|b| b.unexposed()).collect();
            chain::shortest(&[known.clone(), helps].concat(), &stages)
        })
        .or(rollout);
    // Without a client between, what is new is not written as long as old clients run: better than a pause.
    let rollout = rollout.or_else(|| {
        let clients = known.iter().cloned().chain(bridges.iter().map(|b| Course::of(b.stage, &b.seen)));
        chain::shortest(&clients.map(|c| c.unexposed()).collect::<Vec<_>>(), &stages)
    });
    if let Some(rollout) = &rollout {
        for bridge in bridges.into_iter().filter(|b| rollout.iter().any(|s| s.client == chain::Who::Bridge(b.stage))) {
            for (stage, seen) in script.stages.iter_mut().zip(&bridge.seen) {
                let at = stage.clients.len().saturating_sub(1);
                stage.clients.insert(at, ClientNote::of(seen));
            }
            if let Some(stage) = script.stages.get_mut(bridge.stage) {
                stage.schema = Some(bridge.text);
            }
        }
    }
    chain::tell(script, stands, rollout.as_deref());
    Ok(())
}

fn course(generation: Generation, stands: &[Stand]) -> Option<Course> {
    let seen: Option<Vec<Seen>> =
        stands.iter().map(|s| s.seen.iter().find(|seen| seen.generation == generation).cloned()).collect();
    Some(match generation {
        Generation::Old => Course::old(&seen?),
        Generation::New => Course::new(&seen?),
        Generation::Bridge => return None,
    })
}

/// The client whose schema is the database after a stage, if there is such a schema.
fn make(stage: usize, stand: &Stand, input: &Input, ids: &mut Ids) -> Result<Option<Bridge>, Impossible> {
    let wanted = aside::without_helpers(&stand.catalog, input.catalogs.as_ref(), input.dialect.caps().sync);
    let Some(text) = text::write(input, &wanted) else { return Ok(None) };
    let Some(believes) = read_again(&text, wanted, ids) else { return Ok(None) };
    let old = &input.catalogs.old;
    let client = Client {
        generation: Generation::Bridge,
        believes: &believes,
        before: old,
        dialect: input.dialect,
        meanings: input.meanings,
    };
    let mut run = Run::new(old.clone());
    let mut watch = Watch::new(vec![Judge::new(client, &run)]);
    let mut seen: Vec<Seen> = Vec::new();
    for stage in input.plan.chunk_by(|a, b| a.stage == b.stage) {
        watch.begin();
        for file in stage {
            for op in file.steps.iter().flat_map(|s| &s.ops) {
                run.apply(op)?;
            }
            watch.after(file.steps.iter().flat_map(|s| &s.ops), &run);
        }
        seen.extend(watch.end());
    }
    Ok(Some(Bridge { stage, text, seen }))
}

/// What the text gives, with the identities of what it is to give; None if that is something else.
fn read_again(text: &str, wanted: Catalog, ids: &mut Ids) -> Option<Catalog> {
    let matched = diff::pair(wanted, read(text, ids)?, &Intent::default(), Caps::PLAIN, &|_, _, _| true);
    let Pair { old, new } = matched.catalogs;
    old.differences(&new).is_empty().then_some(new)
}

/// The database that a client between takes its schema for; None if the text is no schema.
pub fn read(text: &str, ids: &mut Ids) -> Option<Catalog> {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let checked = validate::check(&sources, &files);
    if checked.diagnostics.has_errors() {
        return None;
    }
    let (mut found, diagnostics) = lower(&checked.schema, ids);
    if diagnostics.has_errors() {
        return None;
    }
    number_what_is_optional(&checked.schema, &mut found);
    Some(found)
}

/// A numbered column made by Prisma is NOT NULL (it is a SERIAL), whatever the text says. One that stands already is what the text
/// says, and Prisma's diff holds it against that.
fn number_what_is_optional(schema: &model::Schema, found: &mut Catalog) {
    let optional = schema.walk_models().flat_map(|m| m.walk_columns()).filter(|f| f.arity == Arity::Optional);
    let places: HashSet<Span> = optional.map(|f| f.name.span).collect();
    if places.is_empty() {
        return;
    }
    let numbered =
        |c: &Column| c.default == Some(Default::Sequence) && c.origin.span.is_some_and(|s| places.contains(&s));
    let tables: Vec<TableId> =
        found.tables.iter().filter(|(_, t)| t.columns.values().any(numbered)).map(|(id, _)| *id).collect();
    for id in tables {
        if let Some(table) = found.table_mut(id) {
            table.columns.values_mut().filter(|c| numbered(c)).for_each(|c| c.nullable = true);
        }
    }
}
