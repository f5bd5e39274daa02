//! Where a database, or Prisma Client in its place, cannot follow a cascade that comes back.

use super::{cascades, unwritten, without_actions};
use crate::diag::Diagnostic;
use crate::model::{ModelId, RelationId, RelationMode, RelationWalker, Schema};
use crate::validate::caps::Feature;
use crate::validate::context::Context;
use foldhash::HashMap;
use std::collections::VecDeque;

/// So many cycles are written out: a way through many models is long to find, and long to read.
const WRITTEN_OUT: usize = 50;

/// PS0336, PS0337
pub(super) fn no_cascade_comes_back(cx: &mut Context<'_, '_>) {
    let forbidden = cx.caps.is_some_and(|c| c.can(Feature::OneCascadePath));
    if cx.caps.is_none() || !(forbidden || cx.schema.relation_mode() == RelationMode::Prisma) {
        return;
    }
    let schema = cx.schema;
    let edges: Vec<RelationWalker<'_, '_>> = schema.walk_relations().filter(|r| cascades(*r)).collect();
    let part = parts(schema.models.len(), &edges);
    let mut ways = Ways::new(&edges, &part);
    for relation in edges.iter().copied() {
        if relation.is_self_relation() {
            let d = Diagnostic::error(
                "PS0336",
                format!("`{}` may cascade to its own model without an end", relation.owner_side().field.label()),
            )
            .at(relation.owner_side().field.span)
            .saying("a relation of a model with itself");
            cx.report(finished(cx, relation, d));
        } else if part[relation.owner.model.index()] == part[relation.other.model.index()] {
            let d = Diagnostic::error(
                "PS0337",
                format!("`{}` is part of a cascade that comes back", relation.owner_side().field.label()),
            )
            .at(relation.owner_side().field.span)
            .saying("in a circle");
            let d = match ways.around(schema, relation) {
                Some(way) => d.note(format!("the circle: {way}")),
                None => d,
            };
            cx.report(finished(cx, relation, d));
        }
    }
}

fn finished(cx: &Context<'_, '_>, relation: RelationWalker<'_, '_>, d: Diagnostic) -> Diagnostic {
    let d = match unwritten(relation) {
        Some(note) => d.note(note),
        None => d,
    };
    let d = d.help("write `onDelete: NoAction, onUpdate: NoAction` in one relation of the circle");
    match without_actions(cx, relation) {
        Some(edits) => d.fix("write `NoAction` for both here", edits),
        None => d,
    }
}

/// For each model, which of the parts it is in within which every model leads to every other (Tarjan, without recursion).
fn parts(models: usize, edges: &[RelationWalker<'_, '_>]) -> Vec<usize> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); models];
    for edge in edges {
        out[edge.owner.model.index()].push(edge.other.model.index());
    }
    let (mut order, mut low) = (vec![usize::MAX; models], vec![usize::MAX; models]);
    let mut part = vec![usize::MAX; models];
    let (mut next, mut stack, mut count) = (0, Vec::new(), 0);
    for root in 0..models {
        if order[root] != usize::MAX {
            continue;
        }
        let mut calls = vec![(root, 0)];
        while let Some((at, edge)) = calls.last_mut() {
            let at = *at;
            if *edge == 0 {
                (order[at], low[at]) = (next, next);
                next += 1;
                stack.push(at);
            }
            if let Some(to) = out[at].get(*edge).copied() {
                *edge += 1;
                if order[to] == usize::MAX {
                    calls.push((to, 0));
                } else if part[to] == usize::MAX {
                    low[at] = low[at].min(order[to]);
                }
                continue;
            }
            calls.pop();
            if let Some((caller, _)) = calls.last() {
                low[*caller] = low[*caller].min(low[at]);
            }
            if low[at] == order[at] {
                while let Some(member) = stack.pop() {
                    part[member] = count;
                    if member == at {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    part
}

/// Finds the ways around.
struct Ways {
    out: HashMap<ModelId, Vec<(RelationId, ModelId)>>,
    left: usize,
}

impl Ways {
    fn new(edges: &[RelationWalker<'_, '_>], part: &[usize]) -> Self {
        let mut out: HashMap<ModelId, Vec<(RelationId, ModelId)>> = HashMap::default();
        for edge in edges {
            if part[edge.owner.model.index()] == part[edge.other.model.index()] && !edge.is_self_relation() {
                out.entry(edge.owner.model).or_default().push((edge.at, edge.other.model));
            }
        }
        Ways { out, left: WRITTEN_OUT }
    }

    /// The shortest way from the other side of a relation back to its owner.
    fn around(&mut self, schema: &Schema<'_>, relation: RelationWalker<'_, '_>) -> Option<String> {
        self.left = self.left.checked_sub(1)?;
        let mut came: HashMap<ModelId, (RelationId, ModelId)> = HashMap::default();
        let mut queue = VecDeque::from([relation.other.model]);
        while let Some(at) = queue.pop_front() {
            if at == relation.owner.model {
                break;
            }
            for (edge, to) in self.out.get(&at).into_iter().flatten() {
                if *to != relation.other.model && !came.contains_key(to) {
                    came.insert(*to, (*edge, at));
                    queue.push_back(*to);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = relation.owner.model;
        while at != relation.other.model {
            let (edge, from) = came.get(&at)?;
            way.push(schema.relation(*edge).owner_side().field.label());
            at = *from;
        }
        way.push(relation.owner_side().field.label());
        way.reverse();
        Some(way.join(" → "))
    }
}
