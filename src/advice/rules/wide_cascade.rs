//! PS1015: one deletion that reaches into many tables.

use crate::advice::Report;
use crate::advice::facts::{foreign_keys, has_foreign_keys};
use crate::advice::report::of_model;
use crate::advice::words::listed;
use crate::model::{ReferentialAction, Schema};

/// From so many tables on it is said.
const MANY: usize = 15;
/// So many are looked at from each model, which keeps the whole linear.
const ENOUGH: usize = 200;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_foreign_keys(schema) {
        return;
    }
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); schema.models.len()];
    let mut is_below = vec![false; schema.models.len()];
    for model in schema.walk_models() {
        for (_, relation) in foreign_keys(model) {
            if relation.on_delete() == ReferentialAction::Cascade && !relation.is_self_relation() {
                below[relation.get().other.model.0 as usize].push(model.at.0 as usize);
                is_below[model.at.0 as usize] = true;
            }
        }
    }
    for model in schema.walk_models().filter(|model| !is_below[model.at.0 as usize]) {
        let (count, depth) = reach(&below, model.at.0 as usize);
        if count < MANY {
            continue;
        }
        let mut first: Vec<String> =
            below[model.at.0 as usize].iter().map(|at| format!("`{}`", schema.models[*at].name.name)).collect();
        first.dedup();
        let finding = report
            .finding(format!("deleting one `{}` deletes rows in {count} other tables", model.name.name))
            .at(model.name.span)
            .saying(format!("{depth} steps deep: {}, and on", listed(&first)))
            .note(
                "it is one statement: all those rows are locked until its end, each table is searched for each row that \
                 goes, and replicas wait for the whole; on a large account that is minutes",
            )
            .help("mark it as deleted, and let a job delete from the leaves upwards, in batches");
        report.push(of_model(model), finding);
    }
}

/// How many tables are below, and how deep.
fn reach(below: &[Vec<usize>], from: usize) -> (usize, usize) {
    let mut seen = foldhash::HashSet::from_iter([from]);
    let (mut row, mut depth) = (vec![from], 0);
    while !row.is_empty() && seen.len() < ENOUGH {
        row = row.iter().flat_map(|at| &below[*at]).copied().filter(|at| seen.insert(*at)).collect();
        depth += usize::from(!row.is_empty());
    }
    (seen.len() - 1, depth)
}
