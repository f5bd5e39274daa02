//! From a plan to its script: every file run in the head, spelled, and its way back spelled from where it led.

use super::{ChangeNote, ClientNote, Migration, Query, Script, Stage, StageKind, Statement, Undo};
use crate::catalog::{Catalog, ColumnId, Default, Expr, Ids, KeyColumn, TableId};
use crate::dialect::{Alter, Asked, Dialect, FileClass, Spelled, Sync, Undertaking, Work};
use crate::op::{Backfill, Build, Fact, Impossible, Loss, Op, Run};
use crate::plan::{Client, File, Judge, Meanings, Seen, Sizes, Watch, fit_clients_ops, fit_ops, shorten_ops, titles};
use crate::stage::Generation;
use foldhash::HashSet;
use indexmap::IndexSet;
use std::collections::BTreeSet;

mod deployed;
mod estimate;
mod gate;
mod header;
mod undertaking;

/// What the script is built from.
pub struct Input<'a> {
    /// OLD, with identities in common with NEW.
    pub old: &'a Catalog,
    /// NEW.
    pub new: &'a Catalog,
    /// The files of the plan.
    pub files: &'a [File],
    /// The dialect.
    pub dialect: Dialect,
    /// Names that stand for something else in NEW.
    pub meanings: &'a Meanings,
    /// How big the tables are.
    pub sizes: &'a Sizes,
    /// Was there an OLD at all? Without one there is no old client.
    pub from_empty: bool,
}

/// A stage as the run in the head has seen it.
#[derive(Clone, Debug)]
pub struct Stand {
    /// The catalog after it, helpers included.
    pub catalog: Catalog,
    /// What it means for the old client and the new one.
    pub seen: Vec<Seen>,
}

/// Builds the stages, and gives beside each what the run has seen; `changes`, `decisions` and `notes` of the script are the
/// caller's to fill.
///
/// # Errors
/// The run does not end at NEW, or a way back does not lead back: a bug of the planner.
pub fn build(input: Input, changes: Vec<ChangeNote>, ids: &mut Ids) -> Result<(Script, Vec<Stand>), Impossible> {
    let Input { old, new, files, dialect, meanings, sizes, from_empty } = input;
    let mut run = Run::new(old.clone());
    let mut clients = Vec::new();
    if !from_empty {
        let generation = Generation::Old;
        clients.push(Judge::new(Client { generation, believes: old, before: old, dialect, meanings }, &run));
    }
    let generation = Generation::New;
    clients.push(Judge::new(Client { generation, believes: new, before: old, dialect, meanings }, &run));
    let mut watch = Watch::new(clients);
    let mut stands = Vec::new();
    let mut script = Script { engine: dialect.engine(), changes, ..Script::default() };
    script.notes.extend(small_tables(files, old, dialect, sizes));
    let filled = filled(files);
    let mut all = Undertaking::default();
    let mut number = 0;
    // What hangs on something that goes in the end is to be known before anything is begun.
    let hangs = |f: &&Fact| matches!(f, Fact::NothingHangs { .. } | Fact::NothingUses { .. });
    let early: Vec<Fact> = files.iter().flat_map(|f| &f.steps).flat_map(|s| &s.before).filter(hangs).cloned().collect();
    let mut files = files.iter().peekable();
    while let Some(kind) = files.peek().map(|f| f.stage) {
        let before_stage = run.catalog.clone();
        let place = script.stages.len() + 1;
        let mut stage = Stage {
            stage: kind,
            folder: format!("{place}-{}", kind.name()),
            gate: Vec::new(),
            schema: None,
            clients: Vec::new(),
            migrations: Vec::new(),
            preflight: Vec::new(),
            verify: Vec::new(),
        };
        for fact in early.iter().filter(|_| place == 1) {
            add_query(&mut stage.preflight, dialect, old, fact);
        }
        watch.begin();
        let mut fresh: HashSet<String> = HashSet::default();
        let mut backs: Vec<Vec<Op>> = Vec::new();
        let mut verify = Vec::new();
        let mut does = Undertaking::default();
        while let Some(file) = files.next_if(|f| f.stage == kind) {
            number += 1;
            let mut builder = Builder { dialect, run: &mut run, ids, sizes, fresh: &mut fresh };
            for fact in file.steps.iter().flat_map(|s| &s.before) {
                // In one stage, what looks at new columns, or is made so by the stage itself, cannot be asked before it.
                if kind == StageKind::Direct && (!fact.is_about(&before_stage) || filled.contains(fact)) {
                    continue;
                }
                add_query(&mut stage.preflight, dialect, &before_stage, fact);
            }
            verify.extend(file.steps.iter().flat_map(|s| s.verify.clone()));
            let (migration, back) = builder.migration(file, number, &stage.folder)?;
            backs.push(back);
            let migration_locks: Vec<String> =
                migration.statements.iter().flat_map(|s| &s.locks).map(|l| l.table.clone()).collect();
            does.anew.extend(migration.statements.iter().flat_map(|s| dialect.said_anew(&s.sql)));
            stage.migrations.push(migration);
            undertaking::locks(&mut does, &migration_locks);
            for op in file.steps.iter().flat_map(|s| &s.ops) {
                undertaking::note(&mut does, op, &before_stage, &run.catalog, dialect);
            }
            watch.after(file.steps.iter().flat_map(|s| &s.ops), &run);
        }
        stage.preflight.splice(0..0, dialect.preflight(&does).into_iter().map(query_of));
        undertaking::add(&mut all, does);
        for fact in &verify {
            add_query(&mut stage.verify, dialect, &run.catalog, fact);
        }
        prove_way_back(&mut run, &before_stage, &backs, kind, &stage)?;
        let seen = watch.end();
        stage.clients = seen.iter().map(ClientNote::of).collect();
        stage.gate = gate::of(kind, &seen, from_empty);
        script.stages.push(stage);
        stands.push(Stand { catalog: run.catalog.clone(), seen });
    }
    if !from_empty && !script.stages.is_empty() {
        script.monitor = dialect.monitor(&all).into_iter().map(query_of).collect();
    }
    let left = run.catalog.differences(new);
    if !left.is_empty() {
        return Err(Impossible(format!("the plan does not lead to the new schema: {}", left.join("; "))));
    }
    Ok((script, stands))
}

/// Goes the stage's whole way back in the head and forward again.
fn prove_way_back(
    run: &mut Run,
    before: &Catalog,
    backs: &[Vec<Op>],
    kind: StageKind,
    stage: &Stage,
) -> Result<(), Impossible> {
    let mut back = run.clone();
    for (ops, migration) in backs.iter().zip(&stage.migrations).rev() {
        for op in ops {
            back.apply(op).map_err(|e| Impossible(format!("down of {}: {}", migration.name, e.0)))?;
        }
    }
    let left = back.catalog.differences(before);
    if left.is_empty() {
        Ok(())
    } else {
        Err(Impossible(format!("the way back from {} misses: {}", kind.name(), left.join("; "))))
    }
}

fn add_query(queries: &mut Vec<Query>, dialect: Dialect, at: &Catalog, fact: &Fact) {
    if let Some(asked) = dialect.query(at, fact)
        && !queries.iter().any(|q| q.sql == asked.sql)
    {
        queries.push(query_of(asked));
    }
}

fn query_of(asked: Asked) -> Query {
    let Asked { name, about, sql, level } = asked;
    Query { name, about, sql, level }
}

struct Builder<'a> {
    dialect: Dialect,
    run: &'a mut Run,
    ids: &'a mut Ids,
    sizes: &'a Sizes,
    /// Tables made in this stage: nobody waits for a lock on them.
    fresh: &'a mut HashSet<String>,
}

impl Builder<'_> {
    /// One file forwards and back; leaves the run after it.
    fn migration(&mut self, file: &File, number: usize, folder: &str) -> Result<(Migration, Vec<Op>), Impossible> {
        let steps = &file.steps;
        let ops: Vec<Op> = steps.iter().flat_map(|s| s.ops.clone()).collect();
        let mut body = self.dialect.body(&ops, self.run)?;
        let mut back: Vec<Op> = Vec::new();
        let mut lost: Vec<(Loss, String, Option<String>)> = Vec::new();
        let clients = self.dialect.caps().sync == Sync::Clients;
        for step in steps {
            // What is about to go has its name only before.
            let spelled_anew = |l: &Loss| is_gone(l) || matches!(l, Loss::Unreturned(..) | Loss::Regained(..));
            let before: Vec<_> = step.losses.iter().map(|l| with_text(self.dialect, &self.run.catalog, l)).collect();
            let mut backs: Vec<Vec<Op>> = Vec::new();
            let mut losses = Vec::new();
            for op in &step.ops {
                if let Op::CreateTable(_, table) = op {
                    self.fresh.insert(self.dialect.name(&table.name));
                }
                // A file that alters tables gives no row a value.
                let value = |t, c| if clients { None } else { placeholder(self.dialect, &self.run.catalog, t, c) };
                let undo = op.undo(&self.run.catalog, self.ids, &value);
                let gone = undo.loss.iter().filter(|l| is_gone(l));
                losses.extend(gone.map(|l| with_text(self.dialect, &self.run.catalog, l)));
                let kept = undo.loss.iter().filter(|l| !is_gone(l) && !goes_as_well(&undo.loss, l));
                let was =
                    |l: &Loss| is_there(&self.run.catalog, l).then(|| with_text(self.dialect, &self.run.catalog, l));
                let kept: Vec<_> = kept.map(|l| (l, was(l))).collect();
                self.run.apply(op)?;
                let at = &self.run.catalog;
                losses.extend(kept.into_iter().map(|(loss, was)| match was {
                    // Of what this one takes away nothing is left to count.
                    Some((loss, what, _)) if !is_there(at, &loss) => (loss, what, None),
                    Some(_) | None => with_text(self.dialect, at, loss),
                }));
                backs.push(undo.ops);
            }
            // Where a change gives the way back itself, it knows what that loses.
            if step.back.is_some() {
                let at = &self.run.catalog;
                let text = |before: (Loss, String, Option<String>)| match before.0 {
                    ref loss if is_there(at, loss) && !spelled_anew(loss) => with_text(self.dialect, at, loss),
                    _ => before,
                };
                losses = before.into_iter().map(text).collect();
            }
            if !step.lossless {
                lost.append(&mut losses);
            }
            let backs = step.back.clone().unwrap_or_else(|| backs.into_iter().rev().flatten().collect());
            back.splice(0..0, backs);
        }
        let mut said = BTreeSet::new();
        lost.retain(|(_, what, _)| said.insert(what.clone()));
        for s in body.iter_mut().flatten() {
            s.locks.retain(|l| !self.fresh.contains(&l.table));
        }
        let back = shorten_ops(back, self.sizes);
        let back = if self.dialect.caps().alter == Alter::OneByOne { fit_ops(back) } else { back };
        let mut cautions: Vec<String> =
            back.iter().flat_map(|op| caution(&self.run.catalog, self.dialect, op)).collect();
        let back = if clients { fit_clients_ops(back) } else { back };
        let direct = self.sizes.nobody_waits();
        // In one file with everything else, names change behind what is counted.
        for (loss, _, count) in lost.iter_mut().filter(|(loss, ..)| direct && is_there(&self.run.catalog, loss)) {
            *count = self.dialect.count(&self.run.catalog, loss).1;
        }
        let undo = undo_of(&lost);
        let class = if direct { FileClass::Transactional } else { self.dialect.class(&ops) };
        let down_class = if direct { FileClass::Transactional } else { self.dialect.class(&back) };
        let down_body = self.walk_back(&back, &ops)?;
        let name = format!("{number:04}_{}", file_slug(steps, self.run));
        let title = titles(steps);
        let statements = self.statements(&body, steps);
        let (body, down_body) = if direct { (unhindered(body), unhindered(down_body)) } else { (body, down_body) };
        let up = header::up(self.dialect, file.stage, folder, &name, &title, class, &statements)
            + &self.dialect.file(class, &body);
        let mut residue = residue(&self.run.catalog, self.dialect, steps);
        residue.append(&mut cautions);
        residue.dedup();
        let down = header::down(self.dialect, folder, &name, &undo, (down_class, &down_body), &residue)
            + &self.dialect.file(down_class, &down_body);
        Ok((Migration { name, title, class, statements, up, down_class, undo, residue, down }, back))
    }

    /// Spells the way back, which needs the run to go it, and returns to where it was.
    fn walk_back(&mut self, back: &[Op], ops: &[Op]) -> Result<Vec<Vec<Spelled>>, Impossible> {
        let body = self.dialect.body(back, self.run).map_err(|e| Impossible(format!("going back: {}", e.0)))?;
        for op in back {
            self.run.apply(op).map_err(|e| Impossible(format!("going back by {op:?}: {}", e.0)))?;
        }
        for op in ops {
            self.run.apply(op).map_err(|e| Impossible(format!("going forward again by {op:?}: {}", e.0)))?;
        }
        Ok(body)
    }

    fn statements(&self, body: &[Vec<Spelled>], steps: &[crate::change::Step]) -> Vec<Statement> {
        let ops = steps.iter().flat_map(|s| &s.ops);
        let mut all: Vec<Statement> = ops
            .zip(body)
            .flat_map(|(op, spelled)| spelled.iter().map(move |s| (op, s)))
            .map(|(op, s)| Statement {
                sql: s.sql.clone(),
                locks: s.locks.clone(),
                work: s.work,
                hazards: Vec::new(),
                estimate: estimate::of(op, s.work, self.sizes),
            })
            .collect();
        // A hazard rides on the first statement of the step it belongs to.
        let mut at = 0;
        let mut op_at = 0;
        for step in steps {
            if let Some(statement) = all.get_mut(at) {
                statement.hazards.extend(step.hazards.iter().cloned());
            }
            for _ in &step.ops {
                at += body.get(op_at).map_or(0, Vec::len);
                op_at += 1;
            }
        }
        all
    }
}

/// Where nobody is in the way, no lock has to be waited for.
fn unhindered(body: Vec<Vec<Spelled>>) -> Vec<Vec<Spelled>> {
    let plain = |s: Spelled| Spelled { locks: Vec::new(), work: Work::Metadata, ..s };
    body.into_iter().map(|op| op.into_iter().map(plain).collect()).collect()
}

/// What the plan itself makes so.
fn filled(files: &[File]) -> Vec<Fact> {
    let ops = files.iter().flat_map(|f| &f.steps).flat_map(|s| &s.ops);
    ops.filter_map(|op| match op {
        Op::BackfillAtOnce(fill) => match &fill.work {
            crate::op::Work::Fill { column, .. } => Some(Fact::NoNulls { on: fill.table, column: *column }),
            _ => None,
        },
        _ => None,
    })
    .collect()
}

/// Says which tables get the short way.
fn small_tables(files: &[File], old: &Catalog, dialect: Dialect, sizes: &Sizes) -> Option<String> {
    if sizes.nobody_waits() {
        return None;
    }
    let touched: IndexSet<TableId> =
        files.iter().flat_map(|f| &f.steps).flat_map(|s| s.ops.iter().filter_map(Op::table)).collect();
    let small = touched.into_iter().filter_map(|id| Some((old.tables.get(&id)?, sizes.get(id)?)));
    let small: Vec<String> = small
        .filter(|(_, size)| size.is_small())
        .map(|(table, size)| format!("{} ({})", dialect.name(&table.name), estimate::rows(size)))
        .collect();
    (!small.is_empty()).then(|| {
        format!(
            "small, so each is read or written whole under a lock, for milliseconds: {}. If one has grown, plan anew",
            small.join(", ")
        )
    })
}

/// Losses of what is gone already, which has a name only before the op.
fn is_gone(loss: &Loss) -> bool {
    match loss {
        Loss::DroppedColumn(..) | Loss::DroppedTable(_) | Loss::ClearedRows(_) => true,
        Loss::Rows(_)
        | Loss::Values(..)
        | Loss::Nulls(..)
        | Loss::Unfit(..)
        | Loss::Left(..)
        | Loss::WasNull(..)
        | Loss::Unsaid(..)
        | Loss::Unreturned(..)
        | Loss::Regained(..)
        | Loss::Remapped(..) => false,
    }
}

/// Is a column that NULLs were written to gone anyway?
fn goes_as_well(all: &[Loss], loss: &Loss) -> bool {
    matches!(loss, Loss::Nulls(on, id) if all.iter().any(|l| matches!(l, Loss::DroppedColumn(t, c) if t == on && c == id)))
}

/// Does what is lost have a name, and values to count?
fn is_there(at: &Catalog, loss: &Loss) -> bool {
    match loss {
        Loss::Rows(table) => at.tables.contains_key(table),
        Loss::Values(table, column)
        | Loss::Nulls(table, column)
        | Loss::Unfit(table, column)
        | Loss::Left(table, column)
        | Loss::WasNull(table, column)
        | Loss::Regained(table, column)
        | Loss::Remapped(table, column, _) => at.column(*table, *column).is_some(),
        Loss::Unsaid(table, mapping) | Loss::Unreturned(table, mapping) => {
            mapping.columns().all(|column| at.column(*table, column).is_some())
        }
        Loss::DroppedColumn(..) | Loss::DroppedTable(_) | Loss::ClearedRows(_) => false,
    }
}

fn with_text(dialect: Dialect, at: &Catalog, loss: &Loss) -> (Loss, String, Option<String>) {
    let (what, count) = dialect.count(at, loss);
    (loss.clone(), what, count)
}

fn undo_of(lost: &[(Loss, String, Option<String>)]) -> Undo {
    if lost.is_empty() {
        return Undo::Lossless;
    }
    let what = lost.iter().map(|l| l.1.clone()).collect();
    if lost.iter().any(|l| is_gone(&l.0)) {
        return Undo::Irreversible { what };
    }
    Undo::Lossy { what, count: lost.iter().filter_map(|l| l.2.clone()).collect() }
}

/// What going back leaves where it is, since it does no harm.
fn residue(at: &Catalog, dialect: Dialect, steps: &[crate::change::Step]) -> Vec<String> {
    let mut all = Vec::new();
    for step in steps {
        for op in &step.ops {
            match op {
                Op::AddEnumValue { value, .. } if dialect.caps().alter == Alter::OneByOne => {
                    all.push(format!("it stops while rows hold the enum value {value}: give them another one first"));
                }
                Op::AddEnumValue { value, .. } => all.push(format!(
                    "the enum value {value} stays in its type, which cannot give one up; unused it does no harm"
                )),
                Op::Backfill(fill) | Op::BackfillAtOnce(fill) if step.lossless => {
                    let on = match dialect.caps().alter {
                        Alter::AtOnce | Alter::OneByOne => written(fill),
                        Alter::InSteps => fill.table,
                    };
                    let table = at.tables.get(&on).map_or_else(String::new, |t| dialect.name(&t.name));
                    all.push(format!("what was filled in {table} stays, and goes with its column"));
                }
                Op::DropColumn { on, .. } if step.lossless && dialect.caps().sync == Sync::Clients => {
                    let table = at.tables.get(on).map_or_else(String::new, |t| dialect.name(&t.name));
                    all.push(format!(
                        "what was filled in {table} comes back empty: a down file that runs after this one fills it"
                    ));
                }
                _ => {}
            }
        }
    }
    all
}

/// The table whose rows a backfill writes, itself or by a trigger.
fn written(fill: &Backfill) -> TableId {
    match &fill.work {
        crate::op::Work::Carry { link, from } => link.table(from.other()),
        crate::op::Work::Across { across, from } => across.table(from.other()),
        crate::op::Work::Fill { .. }
        | crate::op::Work::Copy { .. }
        | crate::op::Work::Convert { .. }
        | crate::op::Work::Sync { .. }
        | crate::op::Work::Map(_)
        | crate::op::Work::MapBack(_)
        | crate::op::Work::Return(_)
        | crate::op::Work::KeepFirst { .. }
        | crate::op::Work::KeepFirstOf { .. }
        | crate::op::Work::ClearOrphans { .. }
        | crate::op::Work::Together(_) => fill.table,
    }
}

/// What somebody who goes back by this op should know before.
fn caution(at: &Catalog, dialect: Dialect, op: &Op) -> Vec<String> {
    let label = |on: &TableId| at.tables.get(on).map_or_else(String::new, |t| dialect.name(&t.name));
    let fields = |on: &TableId, ids: &[ColumnId]| {
        let names = ids.iter().filter_map(|id| at.column(*on, *id)).map(|c| dialect.ident(&c.name));
        names.collect::<Vec<_>>().join(", ")
    };
    // What has stepped aside comes back as it was, and nobody has written there.
    let stands = |on: &TableId, ids: &[ColumnId]| {
        ids.iter().all(|id| at.column(*on, *id).is_some_and(|c| !c.name.ends_with("__ps_old")))
    };
    match op {
        Op::Assert(Fact::NoNulls { on, column }) => at
            .column(*on, *column)
            .map(|c| {
                let label = format!("{}.{}", label(on), dialect.ident(&c.name));
                format!("it stops while rows have no {label}: give them one first, from a backup if it was dropped")
            })
            .into_iter()
            .collect(),
        Op::CreateIndex { on, build, index, .. } => {
            let columns: Vec<ColumnId> = index.columns.iter().map(|c| c.column).collect();
            let waits = *build == Build::Plain && dialect.caps().alter != Alter::OneByOne;
            let wait = waits.then(|| {
                format!(
                    "writes of {} wait while it builds an index anew, reads do not: on a big table, do it when few write",
                    label(on)
                )
            });
            let stop = (index.unique && stands(on, &columns) && !is_unique(at, *on, &columns)).then(|| {
                format!(
                    "it stops where rows written since agree in {} of {}: look for these first",
                    fields(on, &columns),
                    label(on)
                )
            });
            wait.into_iter().chain(stop).collect()
        }
        Op::AddForeignKey { on, key, .. } if stands(on, &key.columns) && !is_linked(at, *on, &key.columns) => {
            vec![format!(
                "it stops where rows written since have a {} of {} that points nowhere: look for these first",
                fields(on, &key.columns),
                label(on)
            )]
        }
        _ => Vec::new(),
    }
}

/// Does something else see to it that no two rows agree in these columns?
fn is_unique(at: &Catalog, on: TableId, columns: &[ColumnId]) -> bool {
    let Some(table) = at.tables.get(&on) else { return false };
    let within = |key: &[KeyColumn]| key.iter().all(|c| columns.contains(&c.column));
    let indexes = table.indexes.values().filter(|i| i.unique && i.predicate.is_none());
    table.primary_key.iter().any(|k| within(&k.columns)) || indexes.into_iter().any(|i| within(&i.columns))
}

/// Does another foreign key see to it that these columns point at a row?
fn is_linked(at: &Catalog, on: TableId, columns: &[ColumnId]) -> bool {
    at.tables.get(&on).is_some_and(|t| t.foreign_keys.values().any(|k| k.columns == columns))
}

/// What a row gets on the way back whose column must not be NULL: None where every value would be a lie.
fn placeholder(dialect: Dialect, at: &Catalog, table: TableId, column: crate::catalog::ColumnId) -> Option<Expr> {
    let t = at.tables.get(&table)?;
    let c = t.columns.get(&column)?;
    if t.foreign_keys.values().any(|k| k.columns.contains(&column)) {
        return None;
    }
    if let Some(default @ (Default::Sequence | Default::Sql(_))) = &c.default {
        return Some(Expr::Default(default.clone()));
    }
    let unique = t.indexes.values().any(|i| i.unique && i.columns.len() == 1 && i.columns[0].column == column);
    if (unique && c.ty.is_text() && !c.ty.list) || c.client_default.is_some() {
        return Some(Expr::Uuid);
    }
    if unique {
        return None;
    }
    dialect.zero(at, &c.ty).map(Expr::Literal)
}

fn file_slug(steps: &[crate::change::Step], run: &Run) -> String {
    use crate::change::Group;
    let told: Vec<&crate::change::Step> = steps.iter().filter(|s| !s.title.is_empty()).collect();
    match &told[..] {
        [one] => one.slug.clone(),
        [first, ..] if first.stage == StageKind::Direct => {
            let goes = |op: &Op| matches!(op, Op::DropColumn { .. } | Op::DropTable(_));
            let drops = told.iter().flat_map(|s| &s.ops).any(goes);
            if drops { "drop".to_owned() } else { "change".to_owned() }
        }
        [first, ..] => match first.group {
            Group::New => "create".to_owned(),
            Group::Table(id) => {
                let verb = first.slug.split('_').next().unwrap_or("alter");
                let same = told.iter().all(|s| s.slug.split('_').next() == Some(verb));
                let table = run.catalog.tables.get(&id).map_or("table", |t| t.name.name.as_str());
                format!("{}_{}", if same { verb } else { "alter" }, crate::change::slug(&[table]))
            }
            Group::Alone => first.slug.clone(),
        },
        [] => "nothing".to_owned(),
    }
}

/// A migration that changes rows or reads whole tables takes long: the rest is a matter of milliseconds.
pub fn takes_long(work: Work) -> bool {
    match work {
        Work::Metadata => false,
        Work::Scan | Work::IndexBuild | Work::Rewrite | Work::Copy | Work::Batches | Work::Rows | Work::Check => true,
    }
}

/// May the file be sent again after it failed?
pub fn can_run_again(class: FileClass) -> bool {
    match class {
        FileClass::Transactional | FileClass::Batch | FileClass::Assertion => true,
        FileClass::Solitary => false,
    }
}
