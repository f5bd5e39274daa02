//! Steps in order, in files: when each runs, and with whom it shares a transaction.
//!
//! The order is that of stages, then of [`Phase`](crate::change::Phase)s, then of tables as NEW has them; what must come before what for a reason
//! of its own is an edge of the graph. A name that is still taken when something is made is settled in `names.rs`.

use crate::catalog::Catalog;
use crate::change::{Group, Step};
use crate::dialect::{Alter, Dialect, FileClass, Sync};
use crate::op::{Impossible, Op};
use crate::stage::StageKind;

mod at_once;
mod by_clients;
mod clients;
mod graph;
mod labels;
mod names;
mod one_by_one;
mod short;
mod sizes;
mod together;
mod watch;

pub use at_once::order as order_at_once;
pub use by_clients::{fit_clients, fit_clients_ops};
pub use clients::{Client, Judge, Meanings};
pub use one_by_one::{fit, fit_ops};
pub use short::{shorten, shorten_ops};
pub use sizes::Sizes;
pub use watch::{Seen, Watch};

/// Steps that go into one file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its stage.
    pub stage: StageKind,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Puts steps in order and into files.
///
/// # Errors
/// The planner contradicts itself: a bug.
pub fn order(old: &Catalog, steps: Vec<Step>, dialect: Dialect) -> Result<Vec<File>, Impossible> {
    let steps = graph::sort(old, steps);
    let steps = names::settle(old, steps)?;
    let steps = together::backfills(old, steps);
    let mut files: Vec<File> = Vec::new();
    let one_by_one = dialect.caps().alter == Alter::OneByOne;
    let share = if one_by_one { one_by_one::share } else { share };
    for step in steps {
        match files.last_mut().filter(|f| share(f, &step, dialect)) {
            Some(file) => file.steps.push(step),
            None => files.push(File { stage: step.stage, steps: vec![step] }),
        }
    }
    let files = if one_by_one { one_by_one::join_silent(files, dialect) } else { files };
    Ok(if dialect.caps().sync == Sync::Clients { by_clients::copied_once(old, files) } else { files })
}

/// The titles of steps that are one file.
pub fn titles(steps: &[Step]) -> String {
    // What nothing is sent for has none.
    let titles: Vec<&str> = steps.iter().map(|s| s.title.as_str()).filter(|title| !title.is_empty()).collect();
    match &titles[..] {
        [first, .., last] if titles.len() > 4 => format!("{first}; {} more; {last}", titles.len() - 2),
        many => many.join("; "),
    }
}

/// May the step go into the file that the one before it is in?
fn share(file: &File, step: &Step, dialect: Dialect) -> bool {
    let Some(last) = file.steps.last() else { return false };
    if step.stage == StageKind::Direct {
        // One transaction, but for values of enums, which may only be used once theirs is over, and for what goes: when it is
        // taken back empty, somebody has to fill it before the rest is taken back.
        let goes = |s: &Step| s.ops.iter().any(|op| matches!(op, Op::DropColumn { .. } | Op::DropTable(_)));
        let begins = goes(step) && !file.steps.iter().any(goes);
        return file.stage == step.stage && !begins && (enum_values(&step.ops) || !enum_values(&last.ops));
    }
    let together = |class: FileClass| matches!(class, FileClass::Transactional | FileClass::Assertion);
    // What is new and unused shares across phases: a table, its enum, its foreign keys.
    let same_time = last.phase == step.phase || (step.group == Group::New && !enum_values(&last.ops));
    let (a, b) = (dialect.class(&last.ops), dialect.class(&step.ops));
    file.stage == step.stage
        && last.group == step.group
        && step.group != Group::Alone
        && same_time
        && a == b
        && together(a)
}

fn enum_values(ops: &[Op]) -> bool {
    ops.iter().any(|op| matches!(op, Op::AddEnumValue { .. }))
}
