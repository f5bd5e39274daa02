//! What the schema file does not speak of and hangs on what goes: it is looked for before the first stage, and again by the very
//! file that would break it, or drop it along.

use super::{Context, Step};
use crate::catalog::{ColumnId, TableId};
use crate::op::{Fact, Op};

/// Puts the looks in front of everything that drops a column, or gives its name to another. A table, a type, and a column whose
/// type changes in place the server itself keeps while something hangs on them: there it is known before the first stage.
pub fn guard(cx: &mut Context) {
    let switched = |id: &ColumnId| cx.matched.swapped_columns.iter().any(|(_, old, _)| old == id);
    let moved = |id: &ColumnId| cx.matched.moved_columns().any(|(_, old, _)| old == id);
    for step in &mut cx.steps {
        let mut looks: Vec<(usize, Fact)> = Vec::new();
        let mut facts: Vec<Fact> = Vec::new();
        for (at, op) in step.ops.iter().enumerate() {
            match op {
                // What goes on as another column was looked at when that took its place.
                Op::DropColumn { id, .. } if moved(id) => {}
                Op::DropColumn { on, id } => looks.push((at, column(*on, *id))),
                Op::RenameColumn { on, id, .. } if switched(id) => looks.push((0, column(*on, *id))),
                Op::Retype { on, id, .. } => facts.push(column(*on, *id)),
                Op::DropTable(id) => facts.push(Fact::NothingHangs { on: *id, column: None }),
                Op::DropEnum(id) => facts.push(Fact::NothingUses { of: *id }),
                _ => {}
            }
        }
        facts.extend(looks.iter().map(|(_, fact)| fact.clone()));
        for fact in facts {
            if !step.before.contains(&fact) {
                step.before.push(fact);
            }
        }
        // From the last to the first, so that places stay right.
        for (at, fact) in looks.into_iter().rev() {
            step.ops.insert(at, Op::Assert(fact));
        }
    }
}

/// The look at a column that another takes the place of, when the trigger goes that kept both right.
pub fn before_the_end(step: Step, renamed: Vec<(TableId, ColumnId)>) -> Step {
    let looks = renamed.into_iter().map(|(on, id)| column(on, id));
    looks.fold(step, |step, fact| step.op(Op::Assert(fact.clone())).before(fact))
}

fn column(on: TableId, id: ColumnId) -> Fact {
    Fact::NothingHangs { on, column: Some(id) }
}
