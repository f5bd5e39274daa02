//! PS1012: models that each need a row of the next, in a circle.

use crate::advice::Report;
use crate::advice::facts::{foreign_keys, has_foreign_keys};
use crate::advice::report::{Item, at_all, of_field};
use crate::advice::words::listed;
use crate::ast::Arity;
use crate::model::{FieldWalker, ModelId, ModelWalker, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_foreign_keys(schema) {
        return;
    }
    let needs = schema.walk_all().map(needs).collect::<Vec<_>>();
    for circle in circles(&needs) {
        let inside = |to: ModelId| circle.contains(&(to.0 as usize));
        let models: Vec<String> = circle.iter().map(|at| format!("`{}`", schema.models[*at].name.name)).collect();
        let links: Vec<_> = circle.iter().flat_map(|at| &needs[*at]).filter(|(to, _)| inside(*to)).collect();
        if links.iter().any(|(_, field)| report.excuses(of_field(*field))) {
            continue;
        }
        let places = links.into_iter().map(|(to, field)| {
            let (own, other) = (field.owner().get().name.name, schema.model(*to).get().name.name);
            (field.name.span, format!("a `{own}` needs a `{other}` before it"))
        });
        let finding = at_all(report.finding(format!("no row of {} can be inserted first", listed(&models))), places)
            .note(
                "the database checks each statement by itself, and Prisma makes no constraint DEFERRABLE: each insert \
                 is refused for want of the other row",
            )
            .help("make one of these relations optional, and set it by a second statement");
        report.push(Item::Schema, finding);
    }
}

/// What a row of the model must point at, itself aside.
fn needs<'a, 's>(model: ModelWalker<'a, 's>) -> Vec<(ModelId, FieldWalker<'a, 's>)> {
    let must = foreign_keys(model).filter(|(_, relation)| {
        let required = relation.walk_fields().all(|f| f.arity == Arity::Required);
        required && !relation.is_self_relation()
    });
    must.map(|(field, relation)| (relation.get().other.model, field)).collect()
}

/// The groups of more than one model in which each leads to each other (Tarjan's algorithm, without recursion).
fn circles(needs: &[Vec<(ModelId, FieldWalker<'_, '_>)>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; needs.len()];
    let mut low = vec![0; needs.len()];
    let mut open = vec![false; needs.len()];
    let (mut path, mut next, mut found) = (Vec::new(), 0, Vec::new());
    for start in 0..needs.len() {
        if number[start] != UNSEEN {
            continue;
        }
        let mut calls = vec![(start, 0)];
        while let Some((at, edge)) = calls.pop() {
            if edge == 0 {
                (number[at], low[at], open[at]) = (next, next, true);
                next += 1;
                path.push(at);
            }
            match needs[at].get(edge).map(|(to, _)| to.0 as usize) {
                Some(to) => {
                    calls.push((at, edge + 1));
                    if number[to] == UNSEEN {
                        calls.push((to, 0));
                    } else if open[to] {
                        low[at] = low[at].min(number[to]);
                    }
                }
                None => {
                    if let Some((parent, _)) = calls.last() {
                        low[*parent] = low[*parent].min(low[at]);
                    }
                    if low[at] == number[at] {
                        let from = path.iter().rposition(|p| *p == at).unwrap_or(0);
                        let mut group = path.split_off(from);
                        group.iter().for_each(|member| open[*member] = false);
                        group.sort_unstable();
                        found.extend((group.len() > 1).then_some(group));
                    }
                }
            }
        }
    }
    found.sort();
    found
}
