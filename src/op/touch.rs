//! Which table an op is about.

use super::{Fact, Op};
use crate::catalog::TableId;

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
            Op::Backfill(fill) => Some(fill.table),
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
                | Fact::IndexValid { on, .. } => Some(*on),
                Fact::NothingUses { .. } => None,
                Fact::Carried { link, from } => Some(link.table(from.other())),
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
            | Op::OpenBookkeeping
            | Op::CloseBookkeeping
            | Op::OpenReading
            | Op::CloseReading => None,
        }
    }
}
