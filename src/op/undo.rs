//! The way back: for each op, what undoes it from where it led, and what that cannot give back.

use super::{Backfill, Build, Fact, Op, Redefinition, Work};
use crate::catalog::{
    Catalog, Check, CheckId, CheckRule, Column, ColumnId, Default, Expr, ForeignKeyId, Ids, Index, IndexId, Mapping,
    PrimaryKey, TableId,
};

/// What undoing loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Rows of a table that did not exist before.
    Rows(TableId),
    /// Values of a column that did not exist before.
    Values(TableId, ColumnId),
    /// NULLs written since; they get a placeholder.
    Nulls(TableId, ColumnId),
    /// Values written since that the narrower type cannot hold.
    Unfit(TableId, ColumnId),
    /// What was written since in the place of a column, which has no way back: it keeps what it has.
    Left(TableId, ColumnId),
    /// Which rows were NULL before a backfill.
    WasNull(TableId, ColumnId),
    /// Which rows held these labels before they became others: (table, column, labels and what they became).
    Remapped(TableId, ColumnId, Vec<(String, String)>),
    /// A dropped column's values: gone.
    DroppedColumn(TableId, ColumnId),
    /// A dropped table's rows: gone.
    DroppedTable(TableId),
    /// What the old columns of a mapping cannot say of what was written to the new ones.
    Unsaid(TableId, Mapping),
    /// What the new columns of a mapping cannot say of what the old ones held: only what they say comes back.
    Unreturned(TableId, Mapping),
    /// A dropped column comes back out of another table, as far as that holds what it held.
    Regained(TableId, ColumnId),
    /// Rows that a backfill deleted or unlinked: gone.
    ClearedRows(TableId),
}

/// The way back of one op.
#[derive(Clone, Debug, Default)]
pub struct Back {
    /// What to do, in order.
    pub ops: Vec<Op>,
    /// What that does not give back.
    pub loss: Vec<Loss>,
}

impl Back {
    fn to(ops: Vec<Op>) -> Self {
        Back { ops, loss: Vec::new() }
    }

    fn losing(mut self, loss: Loss) -> Self {
        self.loss.push(loss);
        self
    }
}

impl Op {
    /// What undoes this op, if it is about to be done to `before`. `placeholder` gives the value that a row gets whose
    /// column must not be NULL and has nothing else; None where there is no honest one.
    pub fn undo(
        &self,
        before: &Catalog,
        ids: &mut Ids,
        placeholder: &dyn Fn(TableId, ColumnId) -> Option<Expr>,
    ) -> Back {
        match self {
            Op::CreateNamespace(name) => Back::to(vec![Op::DropNamespace(name.clone())]),
            Op::DropNamespace(name) => Back::to(vec![Op::CreateNamespace(name.clone())]),
            Op::CreateExtension(x) => Back::to(vec![Op::DropExtension(x.clone())]),
            Op::DropExtension(x) => Back::to(vec![Op::CreateExtension(x.clone())]),
            Op::CreateEnum(id, _) => Back::to(vec![Op::DropEnum(*id)]),
            Op::DropEnum(id) => {
                Back::to(before.enums.get(id).map(|e| Op::CreateEnum(*id, e.clone())).into_iter().collect())
            }
            Op::AddEnumValue { on, value, .. } => Back::to(vec![Op::ForgetEnumValue { on: *on, value: value.clone() }]),
            Op::ForgetEnumValue { .. } | Op::Assert(_) | Op::Analyze(_) => Back::default(),
            Op::RenameEnum { on, .. } => Back::to(
                before.enums.get(on).map(|e| Op::RenameEnum { on: *on, to: e.name.clone() }).into_iter().collect(),
            ),
            Op::RenameEnumValue { on, from, to } => {
                Back::to(vec![Op::RenameEnumValue { on: *on, from: to.clone(), to: from.clone() }])
            }
            Op::CreateTable(id, _) => Back::to(vec![Op::DropTable(*id)]).losing(Loss::Rows(*id)),
            Op::DropTable(id) => {
                let table = before.tables.get(id).map(|t| Op::CreateTable(*id, Box::new(t.as_ref().clone())));
                Back::to(table.into_iter().collect()).losing(Loss::DroppedTable(*id))
            }
            Op::RenameTable { on, .. } => Back::to(
                before.tables.get(on).map(|t| Op::RenameTable { on: *on, to: t.name.clone() }).into_iter().collect(),
            ),
            Op::AddColumn { on, id, .. } => {
                Back::to(vec![Op::DropColumn { on: *on, id: *id }]).losing(Loss::Values(*on, *id))
            }
            Op::DropColumn { on, id } => undo_drop_column(before, *on, *id),
            Op::RenameColumn { on, id, .. } => Back::to(
                before
                    .column(*on, *id)
                    .map(|c| Op::RenameColumn { on: *on, id: *id, to: c.name.clone() })
                    .into_iter()
                    .collect(),
            ),
            Op::SetNotNull { on, id, .. } => Back::to(vec![Op::DropNotNull { on: *on, id: *id }]),
            Op::DropNotNull { on, id } => undo_drop_not_null(before, *on, *id, ids, placeholder(*on, *id)),
            Op::SetDefault { on, id, .. } => {
                let default = before.column(*on, *id).and_then(|c| c.default.clone());
                Back::to(vec![Op::SetDefault { on: *on, id: *id, default }])
            }
            Op::MoveSequence { on, from, to } => Back::to(vec![Op::MoveSequence { on: *on, from: *to, to: *from }]),
            Op::Retype { on, id, .. } => Back::to(
                before
                    .column(*on, *id)
                    .map(|c| Op::Retype { on: *on, id: *id, to: c.ty.clone() })
                    .into_iter()
                    .collect(),
            )
            .losing(Loss::Unfit(*on, *id)),
            // The change that asked for it says how values come back; this is what can be said without it.
            Op::Convert { on, id, .. } => {
                let convert = |c: &Column| Op::Convert {
                    on: *on,
                    id: *id,
                    to: c.ty.clone(),
                    value: Expr::Cast { column: *id, to: c.ty.clone(), fallback: None },
                };
                Back::to(before.column(*on, *id).map(convert).into_iter().collect()).losing(Loss::Unfit(*on, *id))
            }
            Op::CreateIndex { on, id, build, .. } => Back::to(vec![Op::DropIndex { on: *on, id: *id, build: *build }]),
            Op::DropIndex { on, id, build } => {
                let index = before.tables.get(on).and_then(|t| t.indexes.get(id)).cloned();
                Back::to(
                    index
                        .map(|i| Op::CreateIndex { on: *on, id: *id, index: Box::new(i), build: *build })
                        .into_iter()
                        .collect(),
                )
            }
            Op::RenameIndex { on, id, .. } => {
                let index = before.tables.get(on).and_then(|t| t.indexes.get(id));
                Back::to(index.map(|i| Op::RenameIndex { on: *on, id: *id, to: i.name.clone() }).into_iter().collect())
            }
            Op::ChangePrimaryKey { on, key } => undo_change_primary_key(before, *on, key.as_ref(), ids),
            Op::RenamePrimaryKey { on, .. } => {
                let key = before.tables.get(on).and_then(|t| t.primary_key.as_ref());
                Back::to(key.map(|k| Op::RenamePrimaryKey { on: *on, to: k.name.clone() }).into_iter().collect())
            }
            Op::AddForeignKey { on, id, .. } => Back::to(vec![Op::DropForeignKey { on: *on, id: *id }]),
            // Nothing takes a validation back but the constraint anew.
            Op::ValidateForeignKey { on, id } => {
                let key = before.foreign_key(*on, *id).filter(|k| !k.validated).cloned();
                Back::to(
                    key.map(|k| Op::ReplaceForeignKey { on: *on, id: *id, key: Box::new(k) }).into_iter().collect(),
                )
            }
            Op::ValidateCheck { on, id } => {
                let check = before.tables.get(on).and_then(|t| t.checks.get(id)).filter(|c| !c.validated).cloned();
                let anew = |check| vec![Op::DropCheck { on: *on, id: *id }, Op::AddCheck { on: *on, id: *id, check }];
                Back::to(check.map(anew).unwrap_or_default())
            }
            Op::DropForeignKey { on, id } => Back::to(before.foreign_key(*on, *id).map_or_else(Vec::new, |key| {
                let mut unchecked = key.clone();
                unchecked.validated = false;
                vec![
                    Op::AddForeignKey { on: *on, id: *id, key: Box::new(unchecked) },
                    Op::ValidateForeignKey { on: *on, id: *id },
                ]
            })),
            Op::ReplaceForeignKey { on, id, .. } => {
                Back::to(before.foreign_key(*on, *id).map_or_else(Vec::new, |key| {
                    let mut unchecked = key.clone();
                    unchecked.validated = false;
                    vec![
                        Op::ReplaceForeignKey { on: *on, id: *id, key: Box::new(unchecked) },
                        Op::ValidateForeignKey { on: *on, id: *id },
                    ]
                }))
            }
            Op::RenameForeignKey { on, id, .. } => Back::to(
                before
                    .foreign_key(*on, *id)
                    .map(|k| Op::RenameForeignKey { on: *on, id: *id, to: k.name.clone() })
                    .into_iter()
                    .collect(),
            ),
            Op::AddCheck { on, id, .. } => Back::to(vec![Op::DropCheck { on: *on, id: *id }]),
            Op::DropCheck { on, id } => {
                let check = before.tables.get(on).and_then(|t| t.checks.get(id)).cloned();
                let add = |c: Check| Op::AddCheck { on: *on, id: *id, check: Check { validated: false, ..c } };
                let mut ops: Vec<Op> = check.clone().map(add).into_iter().collect();
                ops.extend(check.filter(|c| c.validated).map(|_| Op::ValidateCheck { on: *on, id: *id }));
                Back::to(ops)
            }
            Op::CreateView(id, _) => Back::to(vec![Op::DropView(*id)]),
            Op::DropView(id) => {
                Back::to(before.views.get(id).map(|v| Op::CreateView(*id, v.clone())).into_iter().collect())
            }
            Op::CreateTrigger(id, _) => Back::to(vec![Op::DropTrigger(*id)]),
            Op::DropTrigger(id) => {
                Back::to(before.triggers.get(id).map(|t| Op::CreateTrigger(*id, t.clone())).into_iter().collect())
            }
            Op::BeginOnce { mark, back } => Back::to(vec![Op::EndOnce { mark: mark.clone(), back: !back }]),
            Op::EndOnce { mark, back } => Back::to(vec![Op::BeginOnce { mark: mark.clone(), back: !back }]),
            Op::Redefine(there) => Back {
                ops: vec![Op::Redefine(Box::new(Redefinition {
                    to: before.clone(),
                    values: there.back.clone(),
                    back: there.values.clone(),
                    tidy: Vec::new(),
                    losses: Vec::new(),
                    waits: before.tables.keys().filter(|id| !there.to.tables.contains_key(*id)).copied().collect(),
                }))],
                loss: there.losses.iter().cloned().chain(tidied(before, there)).collect(),
            },
            Op::OpenBookkeeping => Back::to(vec![Op::CloseBookkeeping]),
            Op::OpenReading => Back::to(vec![Op::CloseReading]),
            Op::CloseReading => Back::to(vec![Op::OpenReading]),
            Op::CloseBookkeeping => Back::to(vec![Op::OpenBookkeeping]),
            Op::Backfill(fill) | Op::BackfillAtOnce(fill) => undo_backfill(before, fill),
        }
    }
}

/// The column comes back empty, so it comes back nullable where it had no constant default; the plan has relaxed it before.
fn undo_drop_column(before: &Catalog, on: TableId, id: ColumnId) -> Back {
    let Some(column) = before.column(on, id) else { return Back::default() };
    Back::to(vec![Op::AddColumn { on, id, column: Box::new(column.clone()) }]).losing(Loss::DroppedColumn(on, id))
}

/// The old key is made of a unique index that is there or built for it, while reads go on. The index that the new key used up
/// is built anew as well, before the key goes: foreign keys that point at it need it at once.
fn undo_change_primary_key(before: &Catalog, on: TableId, key: Option<&(PrimaryKey, IndexId)>, ids: &mut Ids) -> Back {
    let Some(table) = before.tables.get(&on) else { return Back::default() };
    let using = key.map(|(_, using)| *using);
    let build = |id: IndexId, index: Index| Op::CreateIndex { on, id, index: Box::new(index), build: Build::Plain };
    let mut ops = Vec::new();
    let mut again = None;
    let old = table.primary_key.clone().map(|old| {
        // Foreign keys may hang on it, and then do on the key again.
        let there = table.indexes.iter().find(|(id, i)| {
            Some(**id) != using && i.unique && i.predicate.is_none() && i.method.is_none() && i.columns == old.columns
        });
        let id = match there {
            Some((id, index)) => {
                again = Some(build(*id, index.clone()));
                *id
            }
            None => {
                let id = ids.fresh();
                let name = crate::catalog::helper_name(&old.name, "ps_back");
                ops.push(build(id, Index::unique(name, old.columns.clone(), table.origin.clone())));
                id
            }
        };
        (old, id)
    });
    ops.extend(using.and_then(|id| Some(build(id, table.indexes.get(&id)?.clone()))));
    ops.push(Op::ChangePrimaryKey { on, key: old });
    ops.extend(again);
    let keys = table.primary_key.iter().chain(key.map(|(key, _)| key));
    let mut linked: Vec<_> = keys.flat_map(|k| before.pointing_at(on, &k.columns)).collect();
    linked.sort_unstable();
    linked.dedup();
    let validated = |(from, id): &(TableId, ForeignKeyId)| before.foreign_key(*from, *id).is_some_and(|k| k.validated);
    ops.extend(linked.into_iter().filter(validated).map(|(on, id)| Op::ValidateForeignKey { on, id }));
    Back::to(ops)
}

fn undo_drop_not_null(before: &Catalog, on: TableId, id: ColumnId, ids: &mut Ids, placeholder: Option<Expr>) -> Back {
    let Some(column) = before.column(on, id) else { return Back::default() };
    let table = &before.tables[&on].name.name;
    let check: CheckId = ids.fresh();
    let name = crate::catalog::helper_name(&format!("{table}_{}", column.name), "ps_nn");
    let rule = Check { name, rule: CheckRule::NotNull(id), validated: false };
    let mut ops = vec![Op::AddCheck { on, id: check, check: rule }];
    let mut back = Back::default();
    if placeholder.is_none() {
        // Nothing honest to write into rows that have no value: whoever goes back has to say.
        ops.insert(0, Op::Assert(Fact::NoNulls { on, column: id }));
    }
    if let Some(value) = placeholder {
        ops.push(Op::Backfill(Backfill {
            name: format!("back.{table}.{}", column.name),
            table: on,
            work: Work::Fill { column: id, value },
        }));
        back.loss.push(Loss::Nulls(on, id));
    }
    ops.push(Op::ValidateCheck { on, id: check });
    ops.push(Op::SetNotNull { on, id, proof: Some(check) });
    ops.push(Op::DropCheck { on, id: check });
    // The fill keeps its progress somewhere.
    if !before.bookkeeping && !back.loss.is_empty() {
        ops.insert(0, Op::OpenBookkeeping);
        ops.push(Op::CloseBookkeeping);
    }
    back.ops = ops;
    back
}

/// What goes with the rows that a redefinition tidies.
fn tidied(before: &Catalog, there: &Redefinition) -> impl Iterator<Item = Loss> {
    there.tidy.iter().flat_map(|fill| undo_backfill(before, fill).loss)
}

fn undo_backfill(before: &Catalog, fill: &Backfill) -> Back {
    let mut back = Back::default();
    for work in fill.work.parts() {
        let one = undo_work(before, fill.table, work);
        back.ops.splice(0..0, one.ops);
        back.loss.extend(one.loss);
    }
    back
}

fn undo_work(before: &Catalog, table: TableId, work: &Work) -> Back {
    match work {
        // Which rows were NULL is forgotten; where the column itself is new, its own undo says so.
        Work::Fill { column, .. } => Back::default().losing(Loss::WasNull(table, *column)),
        Work::Copy { .. }
        | Work::Convert { .. }
        | Work::Sync { .. }
        | Work::Return(_)
        | Work::Map(_)
        | Work::MapBack(_)
        | Work::Carry { .. }
        | Work::Across { .. }
        | Work::Together(_) => Back::default(),
        Work::ClearOrphans { set_null, .. } if !set_null.is_empty() => Back::default().losing(Loss::ClearedRows(table)),
        Work::KeepFirst { .. } | Work::KeepFirstOf { .. } | Work::ClearOrphans { .. } => {
            let lost = before.deleted_with(table).into_iter().map(Loss::ClearedRows);
            Back { ops: Vec::new(), loss: lost.collect() }
        }
    }
}

/// May a default stand in `ADD COLUMN` without a rewrite: is it the same for every existing row?
pub fn is_constant(default: &Default) -> bool {
    match default {
        Default::Literal(_) | Default::List(_) | Default::Now => true,
        Default::Sequence | Default::Sql(_) => false,
    }
}
