//! Which table an op is about.

use super::{Fact, Op};
use crate::catalog::{Catalog, ColumnId, End, Side, TableId};

impl Op {
    /// The table whose shape or rows it touches; None where it is about something else.
    pub fn table(&self) -> Option<TableId> {
        match self {
            Op::CreateTable(on, _) | Op::DropTable(on) | Op::Analyze(on) => Some(*on),
            Op::RenameTable { on, .. }
            | Op::AddColumn { on, .. }
            | Op::DropColumn { on, .. }
            | Op::RenameColumn { on, .. }
            | Op::SetNotNull { on, .. }
            | Op::DropNotNull { on, .. }
            | Op::SetDefault { on, .. }
            | Op::Retype { on, .. }
            | Op::Convert { on, .. }
            | Op::CreateIndex { on, .. }
            | Op::DropIndex { on, .. }
            | Op::RenameIndex { on, .. }
            | Op::ChangePrimaryKey { on, .. }
            | Op::MoveSequence { on, .. }
            | Op::RenamePrimaryKey { on, .. }
            | Op::AddForeignKey { on, .. }
            | Op::ValidateForeignKey { on, .. }
            | Op::DropForeignKey { on, .. }
            | Op::ReplaceForeignKey { on, .. }
            | Op::RenameForeignKey { on, .. }
            | Op::AddCheck { on, .. }
            | Op::ValidateCheck { on, .. }
            | Op::DropCheck { on, .. } => Some(*on),
            Op::CreateView(_, view) => Some(view.table),
            Op::CreateTrigger(_, trigger) => Some(trigger.table),
            Op::Backfill(fill) | Op::BackfillAtOnce(fill) => Some(fill.table),
            Op::Assert(fact) => match fact {
                Fact::NoNulls { on, .. }
                | Fact::NoDuplicates { on, .. }
                | Fact::NoDuplicatesIn { on, .. }
                | Fact::Without { on, .. }
                | Fact::NoOrphans { on, .. }
                | Fact::Mirrored { on, .. }
                | Fact::InSync { on, .. }
                | Fact::Computed { on, .. }
                | Fact::NothingHangs { on, .. }
                | Fact::Mapped { on, .. }
                | Fact::Returns { on, .. }
                | Fact::Fits { on, .. }
                | Fact::IndexValid { on, .. } => Some(*on),
                Fact::NothingUses { .. } => None,
                Fact::Carried { link, from } => Some(link.table(from.other())),
                Fact::Across { across, from } => Some(across.table(from.other())),
            },
            Op::CreateNamespace(_)
            | Op::DropNamespace(_)
            | Op::CreateExtension(_)
            | Op::DropExtension(_)
            | Op::CreateEnum(..)
            | Op::DropEnum(_)
            | Op::AddEnumValue { .. }
            | Op::ForgetEnumValue { .. }
            | Op::RenameEnum { .. }
            | Op::RenameEnumValue { .. }
            | Op::DropView(_)
            | Op::DropTrigger(_)
            | Op::BeginOnce { .. }
            | Op::EndOnce { .. }
            | Op::Redefine(_)
            | Op::OpenBookkeeping
            | Op::CloseBookkeeping
            | Op::OpenReading
            | Op::CloseReading => None,
        }
    }
}

impl Fact {
    /// Does everything that it speaks of exist?
    pub fn is_about(&self, at: &Catalog) -> bool {
        let there = |on: &TableId, columns: &[ColumnId]| {
            at.tables.get(on).is_some_and(|t| columns.iter().all(|c| t.columns.contains_key(c)))
        };
        match self {
            Fact::NoNulls { on, column }
            | Fact::Without { on, column, .. }
            | Fact::Fits { on, column, .. }
            | Fact::Computed { on, column, .. } => there(on, &[*column]),
            Fact::NoDuplicates { on, columns } => there(on, columns),
            Fact::NoDuplicatesIn { on, values } => values.iter().all(|(column, _)| there(on, &[*column])),
            Fact::NoOrphans { on, columns, references, referenced } => {
                there(on, columns) && there(references, referenced)
            }
            Fact::Mirrored { on, old, new } => there(on, &[*old, *new]),
            Fact::InSync { on, sync } => {
                let written = sync.forth.iter().map(|(id, _)| *id).chain(sync.back.iter().map(|(id, _)| *id));
                there(on, &written.collect::<Vec<_>>())
            }
            Fact::Mapped { on, mapping } | Fact::Returns { on, mapping } => {
                mapping.columns().all(|id| there(on, &[id]))
            }
            Fact::Carried { link, .. } => [End::Parent, End::Child].into_iter().all(|end| {
                there(&link.table(end), link.key(end)) && link.columns(end).all(|id| there(&link.table(end), &[id]))
            }),
            Fact::Across { across, .. } => {
                [Side::Old, Side::New].into_iter().all(|side| there(&across.table(side), &across.parts(side)))
            }
            Fact::NothingHangs { on, column } => there(on, column.as_slice()),
            Fact::NothingUses { of } => at.enums.contains_key(of),
            Fact::IndexValid { on, index } => at.tables.get(on).is_some_and(|t| t.indexes.contains_key(index)),
        }
    }
}
