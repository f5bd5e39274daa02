//! What is different where clients keep the old and the new shape of a row the same ([`Sync::Clients`](crate::dialect::Sync)).
//!
//! The plan is that of every other database, step by step, and what triggers would do from a moment to another stays in it: it is what
//! the client between has to do, and it is not spelled. A file either changes tables or changes rows, never both, and rows that
//! only new clients have written come home by a file of their own.

use super::File;
use crate::catalog::{Catalog, Expr, Table, TableId, TriggerId};
use crate::change::{Group, Phase, Step};
use crate::op::{Fact, Op, Work};
use crate::stage::StageKind;

/// Steps without what only a database does that has triggers.
pub fn fit_clients(steps: Vec<Step>) -> Vec<Step> {
    let mut all = Vec::with_capacity(steps.len());
    for mut step in steps {
        step.hazards.retain(|hazard| !["H102", "H401", "H701"].contains(&hazard.code.as_str()));
        for hazard in step.hazards.iter_mut().filter(|hazard| hazard.code == "H501") {
            hazard.message = hazard.message.replace(" (sys.schema_unused_indexes) on every replica", "");
        }
        if step.ops.iter().any(|op| matches!(op, Op::DropTrigger(_))) {
            end(step, &mut all);
        } else {
            all.extend(looks_apart(by_the_old_column(rows_apart(step))));
        }
    }
    home(&mut all);
    begin_with_rows(&mut all);
    end_with_files(&mut all);
    for step in all.iter_mut().filter(|step| says_nothing(step)) {
        step.title.clear();
    }
    all
}

/// Each change of a table copies it: those of one stage are one file, which has the place of the last of them. A file that adds
/// columns drops none, or the two would be taken for one column with another name (<https://github.com/planetscale/cli/issues/1148>).
pub fn copied_once(old: &Catalog, files: Vec<File>) -> Vec<File> {
    let mut all = Vec::with_capacity(files.len());
    let mut rest = files.into_iter().peekable();
    while let Some(stage) = rest.peek().map(|f| f.stage) {
        let files: Vec<File> = std::iter::from_fn(|| rest.next_if(|f| f.stage == stage)).collect();
        all.extend(of_stage(old, stage, files));
    }
    all
}

fn of_stage(old: &Catalog, stage: StageKind, mut files: Vec<File>) -> Vec<File> {
    // What nothing is sent for: an enum is there before every column of it, and goes behind them, wherever their files are put.
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for file in &mut files {
        first.extend(
            file.steps.extract_if(.., |s| is_all(s, |op| matches!(op, Op::CreateEnum(..) | Op::OpenBookkeeping))),
        );
        last.extend(
            file.steps.extract_if(.., |s| is_all(s, |op| matches!(op, Op::DropEnum(_) | Op::CloseBookkeeping))),
        );
    }
    let mut all: Vec<File> = Vec::with_capacity(files.len());
    for file in files.into_iter().filter(|f| !f.steps.is_empty()) {
        let Some(table) = only_table(old, &file) else {
            all.push(file);
            continue;
        };
        let same = |other: &File| only_table(old, other) == Some(table);
        // Nothing in between may need what would come later.
        let near = all.iter().rposition(|other| same(other) || touches(other, table));
        match near.filter(|at| same(&all[*at]) && !adds_and_drops(&all[*at], &file)) {
            Some(at) => {
                let mut one = all.remove(at);
                one.steps.extend(file.steps);
                one.steps.iter_mut().for_each(|step| step.group = Group::Table(table));
                all.push(one);
            }
            None => all.push(file),
        }
    }
    if all.is_empty() {
        all.push(File { stage, steps: Vec::new() });
    }
    if let Some(file) = all.first_mut() {
        file.steps.splice(0..0, first);
    }
    if let Some(file) = all.last_mut() {
        file.steps.extend(last);
    }
    // An enum is part of its columns: what is said of it alone is said of nothing that is sent.
    let quiet = |step: &Step| step.ops.iter().all(is_quiet);
    for file in all.iter_mut().filter(|file| !file.steps.iter().all(quiet)) {
        file.steps.iter_mut().filter(|step| quiet(step) && step.back.is_none()).for_each(|step| step.title.clear());
    }
    all
}

fn is_all(step: &Step, is: fn(&Op) -> bool) -> bool {
    !step.ops.is_empty() && step.ops.iter().all(is)
}

/// The one table that a file changes, if that is all it does, forwards and back.
fn only_table(old: &Catalog, file: &File) -> Option<TableId> {
    let mut tables: Vec<TableId> = Vec::new();
    for op in file.steps.iter().flat_map(|s| s.ops.iter().chain(s.back.iter().flatten())).filter(|op| !is_quiet(op)) {
        match op {
            Op::CreateTable(..) | Op::DropTable(_) => return None,
            Op::AddEnumValue { on, .. } | Op::ForgetEnumValue { on, .. } => {
                let holds = |t: &Table| t.columns.values().any(|c| c.ty.enum_id() == Some(*on));
                tables.extend(old.tables.iter().filter(|(_, t)| holds(t)).map(|(id, _)| *id));
            }
            op if !is_shape(op) => return None,
            op => tables.extend(op.table()),
        }
    }
    let first = tables.first().copied()?;
    tables.iter().all(|table| *table == first).then_some(first)
}

/// Does a file change a table, or its rows?
fn touches(file: &File, table: TableId) -> bool {
    let ops = file.steps.iter().flat_map(|s| s.ops.iter().chain(s.back.iter().flatten()));
    ops.filter(|op| !is_silent(op) && !matches!(op, Op::Assert(_))).any(|op| op.table() == Some(table))
}

fn adds_and_drops(one: &File, other: &File) -> bool {
    let does = |is: fn(&Op) -> bool| [one, other].into_iter().flat_map(|f| &f.steps).flat_map(|s| &s.ops).any(is);
    does(|op| matches!(op, Op::AddColumn { .. })) && does(|op| matches!(op, Op::DropColumn { .. }))
}

fn says_nothing(step: &Step) -> bool {
    let silent = step.ops.iter().chain(step.back.iter().flatten()).all(is_quiet);
    silent && step.ops.iter().any(is_silent)
}

/// The same of ops that are done one after the other: a way back. A server that makes a column required looks at the rows itself.
pub fn fit_clients_ops(ops: Vec<Op>) -> Vec<Op> {
    let shape = ops.iter().any(is_shape);
    ops.into_iter().filter(|op| !(shape && matches!(op, Op::Assert(Fact::NoNulls { .. })))).collect()
}

/// What is not spelled here: the place of progress goes with it, for there is no progress to keep.
fn is_silent(op: &Op) -> bool {
    matches!(op, Op::CreateTrigger(..) | Op::DropTrigger(_) | Op::OpenBookkeeping | Op::CloseBookkeeping)
}

/// Does it change nothing but what a plan knows?
fn is_quiet(op: &Op) -> bool {
    is_silent(op) || matches!(op, Op::CreateEnum(..) | Op::DropEnum(_) | Op::RenameEnum { .. })
}

fn changes_rows(op: &Op) -> bool {
    matches!(op, Op::Backfill(_) | Op::BackfillAtOnce(_))
}

fn is_shape(op: &Op) -> bool {
    !is_quiet(op) && !changes_rows(op) && !matches!(op, Op::Assert(_))
}

/// The end of what clients do for each other: columns are relaxed before the first client writes without them, what else changes in
/// tables is one file, and what brings rows home on the way back another.
fn end(step: Step, all: &mut Vec<Step>) {
    let back = step.back.clone().unwrap_or_default();
    let dropped: Vec<Op> = step.ops.iter().filter(|op| is_quiet(op)).cloned().collect();
    let ends = |id: &TriggerId| dropped.iter().any(|op| matches!(op, Op::DropTrigger(other) if other == id));
    let again = |op: &&Op| match op {
        Op::CreateTrigger(id, _) => ends(id),
        op => is_quiet(op) && !is_silent(op),
    };
    let triggers: Vec<Op> = back.iter().filter(again).cloned().collect();
    let rows: Vec<Op> = back.iter().filter(|op| changes_rows(op)).cloned().collect();
    let (relaxed, shape): (Vec<Op>, Vec<Op>) =
        step.ops.iter().filter(|op| is_shape(op)).cloned().partition(|op| matches!(op, Op::DropNotNull { .. }));
    let (required, home): (Vec<Op>, Vec<Op>) =
        back.into_iter().filter(is_shape).partition(|op| matches!(op, Op::SetNotNull { .. }));
    let part = |stage, phase, ops, back| Step { stage, phase, ops, back: Some(back), ..step.clone() };
    if !relaxed.is_empty() {
        let mut early = part(StageKind::Expand, Phase::Columns, relaxed, required);
        early.title = early
            .title
            .replace("Stop filling", "New clients may leave out the old columns of")
            .replace(" for old clients", "");
        early.slug = early.slug.replace("unsync", "relax");
        (early.before, early.verify, early.hazards, early.losses) = Default::default();
        all.push(early);
    }
    if !shape.is_empty() {
        all.push(part(step.stage, step.phase, shape, home));
    }
    let mut last = part(step.stage, Phase::ChangedForeignKeys, dropped, [together(rows), triggers].concat());
    last.title = last
        .title
        .replace("Stop filling", "Only the new shape is written in")
        .replace(" for old clients", " from here on");
    all.push(last);
}

/// One pass for all columns of a table.
fn together(rows: Vec<Op>) -> Vec<Op> {
    let (mut first, mut parts) = (None, Vec::new());
    for op in &rows {
        let (Op::Backfill(fill) | Op::BackfillAtOnce(fill)) = op else { return rows };
        if fill.work.target().is_none()
            || first.as_ref().is_some_and(|one: &crate::op::Backfill| one.table != fill.table)
        {
            return rows;
        }
        parts.push(fill.work.clone());
        first.get_or_insert_with(|| fill.clone());
    }
    match first.filter(|_| parts.len() > 1) {
        Some(one) => vec![Op::Backfill(crate::op::Backfill { work: Work::Together(parts), ..one })],
        None => rows,
    }
}

/// A column that comes back empty is filled by a file that comes after it on the way back.
fn rows_apart(mut step: Step) -> Step {
    let Some(back) = &mut step.back else { return step };
    if back.iter().any(is_shape) && back.iter().any(changes_rows) {
        back.retain(|op| !changes_rows(op));
        step.lossless = true;
    }
    step
}

/// A row that the client between has written, and an old one after it, holds another value in the new column than in the old one: the
/// copy goes by the old one as long as that is what clients read.
fn by_the_old_column(mut step: Step) -> Step {
    let mut copies = false;
    for op in &mut step.ops {
        if let Op::Backfill(fill) | Op::BackfillAtOnce(fill) = op
            && let Work::Copy { old, new } = fill.work
        {
            fill.work = Work::Sync { to: new, value: Expr::Column(old) };
            copies = true;
        }
    }
    // What an old client writes nobody changes.
    step.hazards.retain(|hazard| hazard.code != "H305");
    if copies {
        step.hazard("H312", "only before the new client runs: sent after that, it would put old values over those that new clients have written")
    } else {
        step
    }
}

/// A file that looks does nothing else; what nothing can be looked up for is not asked.
fn looks_apart(mut step: Step) -> Vec<Step> {
    if !step.ops.iter().any(is_shape) {
        return vec![step];
    }
    let (looks, rest): (Vec<Op>, Vec<Op>) =
        std::mem::take(&mut step.ops).into_iter().partition(|op| matches!(op, Op::Assert(_)));
    step.ops = rest;
    let unasked = |op: &Op| {
        matches!(op, Op::Assert(Fact::NothingHangs { .. } | Fact::NothingUses { .. } | Fact::IndexValid { .. }))
    };
    let looks: Vec<Op> = looks.into_iter().filter(|op| !unasked(op)).collect();
    if looks.is_empty() {
        return vec![step];
    }
    let slug = format!("look_{}", step.slug);
    let before = Step { ops: looks, back: None, slug, ..step.clone() };
    (step.before, step.hazards) = Default::default();
    vec![before, step]
}

/// New clients run before the contract, and write the new columns alone: what they wrote comes home before anybody reads the old ones.
fn home(steps: &mut [Step]) {
    let refills: Vec<Op> = steps
        .iter()
        .filter(|s| s.ops.iter().any(|op| matches!(op, Op::DropTrigger(_))))
        .flat_map(|s| s.back.iter().flatten())
        .filter(|op| changes_rows(op))
        .cloned()
        .collect();
    for step in steps.iter_mut().filter(|s| s.stage == StageKind::Backfill && s.back.is_none()) {
        let [Op::Assert(Fact::Mirrored { on, .. })] = step.ops[..] else { continue };
        let own: Vec<Op> = refills.iter().filter(|op| op.table() == Some(on)).cloned().collect();
        step.back = (!own.is_empty()).then_some(own);
    }
}

/// A stage in which nothing is sent is none: what clients do begins with the stage that fills rows.
fn begin_with_rows(steps: &mut [Step]) {
    let loud = |s: &Step| s.ops.iter().any(|op| !is_quiet(op));
    if steps.iter().any(|s| s.stage == StageKind::Expand && loud(s)) {
        return;
    }
    for step in steps.iter_mut().filter(|s| s.stage == StageKind::Expand) {
        let first = step.ops.iter().any(|op| matches!(op, Op::OpenBookkeeping));
        step.phase = if first { Phase::Bookkeeping } else { Phase::Merged };
        step.stage = StageKind::Backfill;
    }
}

/// And it ends with the last one that sends something.
fn end_with_files(steps: &mut [Step]) {
    let Some((stage, phase)) = steps.iter().filter(|s| !says_nothing(s)).map(|s| (s.stage, s.phase)).max() else {
        return;
    };
    for step in steps.iter_mut().filter(|s| says_nothing(s) && s.stage > stage) {
        (step.stage, step.phase) = (stage, phase);
    }
}
