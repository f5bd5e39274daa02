//! Where a database lets a cascade reach a row on one way only.

use super::{cascades, unwritten, without_actions};
use crate::diag::Diagnostic;
use crate::model::{ModelId, RelationMode, RelationWalker};
use crate::validate::caps::Feature;
use crate::validate::context::Context;
use foldhash::HashMap;

/// PS0338
pub(super) fn no_row_is_reached_on_two_ways(cx: &mut Context<'_, '_>) {
    let forbidden = cx.caps.is_some_and(|c| c.can(Feature::OneCascadePath));
    if !forbidden || cx.schema.relation_mode() == RelationMode::Prisma {
        return;
    }
    let schema = cx.schema;
    let mut out: HashMap<ModelId, Vec<RelationWalker<'_, '_>>> = HashMap::default();
    for edge in schema.walk_relations().filter(|r| cascades(*r)) {
        out.entry(edge.owner.model).or_default().push(edge);
    }
    for model in schema.walk_all() {
        let Some(edges) = out.get(&model.at).filter(|e| e.len() > 1) else { continue };
        let reached: Vec<Option<Vec<ModelId>>> = edges.iter().map(|e| reach(&out, model.at, e.other.model)).collect();
        let mut count: HashMap<ModelId, usize> = HashMap::default();
        for found in reached.iter().flatten().flatten() {
            *count.entry(*found).or_default() += 1;
        }
        for (relation, found) in edges.iter().zip(&reached) {
            // A cascade that comes back is another diagnostic.
            let Some(found) = found else { continue };
            let shared: Vec<&str> =
                found.iter().filter(|m| count[m] > 1).map(|m| schema.model(*m).get().name.name).collect();
            if shared.is_empty() {
                continue;
            }
            let from = shared.iter().take(5).map(|m| format!("`{m}`")).collect::<Vec<_>>().join(", ");
            let owner = relation.owner_side().field;
            let d = Diagnostic::error(
                "PS0338",
                format!("a change in {from} reaches `{}` on several ways", model.name.name),
            )
            .at(owner.span)
            .saying("one of the ways");
            let others = edges.iter().filter(|e| e.at != relation.at).take(4);
            let d = others.fold(d, |d, e| d.label(e.owner_side().field.span, "begins another"));
            let d = unwritten(*relation).into_iter().fold(d, Diagnostic::note);
            let d = d
                .note("SQL Server refuses such a foreign key: a row may be reached by one cascade only (error 1785)")
                .help("write `onDelete: NoAction, onUpdate: NoAction` in all of them but one");
            let d = match without_actions(cx, *relation) {
                Some(edits) => d.fix("write `NoAction` for both here", edits),
                None => d,
            };
            cx.report(d);
        }
    }
}

/// The models that a cascade comes from when it goes on to `to`; None if `home` is among them.
fn reach(out: &HashMap<ModelId, Vec<RelationWalker<'_, '_>>>, home: ModelId, to: ModelId) -> Option<Vec<ModelId>> {
    let mut found = vec![to];
    let mut seen = foldhash::HashSet::from_iter([to]);
    let mut next = 0;
    while let Some(at) = found.get(next).copied() {
        next += 1;
        if at == home {
            return None;
        }
        for edge in out.get(&at).into_iter().flatten() {
            if seen.insert(edge.other.model) {
                found.push(edge.other.model);
            }
        }
    }
    Some(found)
}
