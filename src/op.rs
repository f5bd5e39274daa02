//! The waist between changes and dialects: primitives that some database can be asked to do.
//!
//! Architecture invariant: a change writes ops and names no dialect; a dialect spells ops and sees no change. An op names
//! its objects by identity; the name it is spelled with is the one the object has at that point of the run.

mod run;
mod taken;
mod touch;
mod undo;

pub use run::{Impossible, Run};
pub use undo::{Back, Loss, is_constant};

use crate::catalog::{
    Across, Catalog, Check, CheckId, Column, ColumnId, ColumnType, Default, End, Enum, EnumId, Expr, Extension,
    ForeignKey, ForeignKeyId, Index, IndexId, Link, Mapping, Name, PrimaryKey, Side, Synced, Table, TableId, Trigger,
    TriggerId, View, ViewId,
};

/// One primitive.
#[expect(missing_docs, reason = "`on` is the table or enum, `id` the part of it; the rest is what is new")]
#[derive(Clone, Debug)]
pub enum Op {
    /// Create a database schema.
    CreateNamespace(String),
    /// Drop a database schema, which is empty.
    DropNamespace(String),
    /// Install an extension.
    CreateExtension(Extension),
    /// Remove an extension.
    DropExtension(Extension),

    /// Create an enum type with all its values.
    CreateEnum(EnumId, Enum),
    /// Drop an enum type that nothing uses.
    DropEnum(EnumId),
    /// Add a value to an enum type, before another or at the end.
    AddEnumValue { on: EnumId, value: String, before: Option<String> },
    /// Go back to the enum type without this value, as far as that is possible: where a database cannot drop a value,
    /// it stays, unused and harmless.
    ForgetEnumValue { on: EnumId, value: String },
    /// Give an enum type another name.
    RenameEnum { on: EnumId, to: Name },

    /// Give a value of an enum type another label; rows and defaults follow by themselves.
    RenameEnumValue { on: EnumId, from: String, to: String },

    /// Create a table with its columns, its primary key and its indexes (it is empty: they cost nothing); its foreign keys
    /// come on their own.
    CreateTable(TableId, Box<Table>),
    /// Drop a table.
    DropTable(TableId),
    /// Give a table another name.
    RenameTable { on: TableId, to: Name },

    /// Add a column.
    AddColumn { on: TableId, id: ColumnId, column: Box<Column> },
    /// Drop a column that no index, key or trigger uses any more.
    DropColumn { on: TableId, id: ColumnId },
    /// Give a column another name.
    RenameColumn { on: TableId, id: ColumnId, to: String },
    /// Refuse NULL from now on. `proof` is a validated CHECK that says no row has one, which spares the scan.
    SetNotNull { on: TableId, id: ColumnId, proof: Option<CheckId> },
    /// Allow NULL.
    DropNotNull { on: TableId, id: ColumnId },
    /// Set or drop a default.
    SetDefault { on: TableId, id: ColumnId, default: Option<Default> },
    /// Let the sequence of one column number another, which is to have no other default.
    MoveSequence { on: TableId, from: ColumnId, to: ColumnId },
    /// Change a type in place.
    Retype { on: TableId, id: ColumnId, to: ColumnType },
    /// Change a type in place, each value by an expression over its row: the table is written anew.
    Convert { on: TableId, id: ColumnId, to: ColumnType, value: Expr },

    /// Create an index.
    CreateIndex { on: TableId, id: IndexId, index: Box<Index>, build: Build },
    /// Drop an index.
    DropIndex { on: TableId, id: IndexId, build: Build },
    /// Give an index another name.
    RenameIndex { on: TableId, id: IndexId, to: String },

    /// Put another primary key, or none, in the place of what there is. It is made of a unique index over required columns,
    /// which is used up. Foreign keys that point at the old key are made anew; existing rows are not looked at again.
    ChangePrimaryKey { on: TableId, key: Option<(PrimaryKey, IndexId)> },
    /// Give the primary key another name.
    RenamePrimaryKey { on: TableId, to: String },

    /// Add a foreign key; with `validated` false in it, existing rows are not looked at yet.
    AddForeignKey { on: TableId, id: ForeignKeyId, key: Box<ForeignKey> },
    /// Look at the existing rows.
    ValidateForeignKey { on: TableId, id: ForeignKeyId },
    /// Drop a foreign key.
    DropForeignKey { on: TableId, id: ForeignKeyId },
    /// Put another foreign key in the place of one, with no moment without any; existing rows are not looked at.
    ReplaceForeignKey { on: TableId, id: ForeignKeyId, key: Box<ForeignKey> },
    /// Give a foreign key another name.
    RenameForeignKey { on: TableId, id: ForeignKeyId, to: String },

    /// Add a CHECK; with `validated` false in it, existing rows are not looked at yet.
    AddCheck { on: TableId, id: CheckId, check: Check },
    /// Look at the existing rows.
    ValidateCheck { on: TableId, id: CheckId },
    /// Drop a CHECK.
    DropCheck { on: TableId, id: CheckId },

    /// Give a table a second name.
    CreateView(ViewId, View),
    /// Take it away.
    DropView(ViewId),
    /// Watch the writes of a table.
    CreateTrigger(TriggerId, Trigger),
    /// Stop watching.
    DropTrigger(TriggerId),

    /// From here to [`Op::EndOnce`] all is done once, although names alone do not tell whether it has been: things change
    /// places. `back` is the way back, which is gone only if that was done.
    BeginOnce { mark: String, back: bool },
    /// Remembers, in the same transaction, that it has been done, or (`back`) forgets it.
    EndOnce { mark: String, back: bool },
    /// Turn the whole database into another at once: for those in which little changes in place.
    Redefine(Box<Redefinition>),

    /// Make the place where backfills keep their progress.
    OpenBookkeeping,
    /// Remove it.
    CloseBookkeeping,
    /// Make the function that reads a value of another type out of text.
    OpenReading,
    /// Remove it.
    CloseReading,
    /// Change rows in small committed batches.
    Backfill(Backfill),
    /// Change rows in one statement: of a small table, or where nobody waits.
    BackfillAtOnce(Backfill),
    /// Stop with an error unless a fact about the rows holds.
    Assert(Fact),
    /// Tell the planner of the server what the new columns hold.
    Analyze(TableId),
}

/// How an index is built or dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Where nobody else looks: a new table, an empty one.
    Plain,
    /// Beside running reads and writes.
    Online,
}

/// A database turned into another at once.
#[derive(Clone, Debug)]
pub struct Redefinition {
    /// What it becomes.
    pub to: Catalog,
    /// What columns hold then, over those of the same table as it was. What is not here keeps its value, or gets its default.
    pub values: Vec<(TableId, ColumnId, Expr)>,
    /// The same for the way back.
    pub back: Vec<(TableId, ColumnId, Expr)>,
    /// Rows that go, or lose a link, for what they hold then: after their values, before any rule is put on them.
    pub tidy: Vec<Backfill>,
    /// What the way back does not give back.
    pub losses: Vec<Loss>,
    /// On the way back, tables that come back empty: what points at them waits for their rows.
    pub waits: Vec<TableId>,
}

/// Rows to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// Short name, unique in the plan; its progress is kept under it.
    pub name: String,
    /// The table.
    pub table: TableId,
    /// What happens to each row.
    pub work: Work,
}

/// What a backfill does to a row.
#[expect(missing_docs, reason = "fields are named in each variant's own words")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// `column` becomes `value` where it is NULL and the value is not.
    Fill { column: ColumnId, value: Expr },
    /// Where `new` does not hold what `old` does, it is copied.
    Copy { old: ColumnId, new: ColumnId },
    /// Where `to` is NULL and `from` is not, it becomes `value`.
    Convert { from: ColumnId, to: ColumnId, value: Expr },
    /// Where `to` is not `value`, it becomes that, NULLs too.
    Sync { to: ColumnId, value: Expr },
    /// The new columns become what the old ones say, where they are all NULL.
    Map(Mapping),
    /// The old columns become what the new ones say, where the two sides do not agree.
    MapBack(Mapping),
    /// Rows whose other end does not hold what they do are written as they are, so that the trigger carries it.
    Carry { link: Link, from: End },
    /// The other side becomes what this one says, where it does not hold that yet.
    Across { across: Across, from: Side },
    /// The old columns become what the new ones give, save in rows where both agree.
    Return(Synced),
    /// Of the rows that agree in all `columns` (none NULL), only the first by primary key stays.
    KeepFirst { columns: Vec<ColumnId> },
    /// Of the rows that would agree if each column held its value here (none NULL), only the first by primary key stays.
    KeepFirstOf { values: Vec<(ColumnId, Expr)> },
    /// Rows whose foreign key points nowhere are deleted, or get NULL in `nullable` columns where there are any.
    ClearOrphans { columns: Vec<ColumnId>, references: TableId, referenced: Vec<ColumnId>, set_null: Vec<ColumnId> },
    /// Several columns get their values in one pass over the rows: each of these has a [`Work::target`], and none reads the
    /// target of another.
    Together(Vec<Work>),
}

impl Work {
    /// The single things that are done to a row.
    pub fn parts(&self) -> &[Work] {
        match self {
            Work::Together(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// The columns that get values.
    pub fn targets(&self) -> impl Iterator<Item = (ColumnId, Expr)> + '_ {
        self.parts().iter().filter_map(Work::target)
    }

    /// The one column that is written, and what it becomes, of work that looks at each row on its own and deletes none.
    pub fn target(&self) -> Option<(ColumnId, Expr)> {
        match self {
            Work::Fill { column, value } => Some((*column, value.clone())),
            Work::Copy { old, new } => Some((*new, Expr::Column(*old))),
            Work::Convert { to, value, .. } | Work::Sync { to, value } => Some((*to, value.clone())),
            Work::Map(_)
            | Work::MapBack(_)
            | Work::Carry { .. }
            | Work::Across { .. }
            | Work::Return(_)
            | Work::KeepFirst { .. }
            | Work::KeepFirstOf { .. }
            | Work::ClearOrphans { .. }
            | Work::Together(_) => None,
        }
    }
}

/// A fact about rows that can be looked up.
#[expect(missing_docs, reason = "`on` is the table or enum, the rest is named in each variant's own words")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The column has no NULL.
    NoNulls { on: TableId, column: ColumnId },
    /// No two rows agree in all columns (rows with a NULL in one aside).
    NoDuplicates { on: TableId, columns: Vec<ColumnId> },
    /// No two rows would agree in all columns if each held its value here (rows with a NULL in one aside).
    NoDuplicatesIn { on: TableId, values: Vec<(ColumnId, Expr)> },
    /// No row holds one of these labels in the column.
    Without { on: TableId, column: ColumnId, labels: Vec<String> },
    /// Every row's foreign key points at a row or is NULL.
    NoOrphans { on: TableId, columns: Vec<ColumnId>, references: TableId, referenced: Vec<ColumnId> },
    /// Both columns hold the same in every row.
    Mirrored { on: TableId, old: ColumnId, new: ColumnId },
    /// Old and new columns agree in every row.
    InSync { on: TableId, sync: Synced },
    /// `column` is `value` in every row.
    Computed { on: TableId, column: ColumnId, value: Expr },
    /// Nothing hangs on the column, or on the table, that the plan does not know of.
    NothingHangs { on: TableId, column: Option<ColumnId> },
    /// Nothing uses the type that the plan does not know of.
    NothingUses { of: EnumId },
    /// Both sides of a mapping agree in every row, one way or the other.
    Mapped { on: TableId, mapping: Mapping },
    /// The old columns hold in every row just what the new ones would give back.
    Returns { on: TableId, mapping: Mapping },
    /// What the rows at this end hold, those at the other do too.
    Carried { link: Link, from: End },
    /// The other side holds what this one says.
    Across { across: Across, from: Side },
    /// Every value of the column can be had of another type, and back as it was. Where not, something else is decided: no
    /// problem, but to know.
    Fits { on: TableId, column: ColumnId, to: ColumnType },
    /// The index exists, is complete and serves queries.
    IndexValid { on: TableId, index: IndexId },
}
