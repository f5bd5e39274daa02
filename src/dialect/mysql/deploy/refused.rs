//! What has no words in deploy requests, or needs triggers: said by name before anything is written.

use super::super::Mysql;
use super::super::body::without_words;
use crate::catalog::{Catalog, Column, ColumnId, Default, Expr, Table, TableId, TriggerRule};
use crate::dialect::Unspoken;
use crate::op::{Op, Work};

// <https://planetscale.com/docs/vitess/schema-changes/handling-table-and-column-renames>
const TABLE: Unspoken = Unspoken {
    what: "another name for a table, which a deploy request takes for a table that goes, with its rows, and one that comes,",
    instead: "keep its name: @@map(\"…\") with the one that it has so far gives the model another name, and changes nothing in the database",
};
const PLACES: Unspoken = Unspoken {
    what: "a column that takes the place of another one under its name",
    instead: "make it a field of its own beside the old one, move clients over, and drop the old field in a later change; \
              where only its name differs keep that of the column, with @map(\"…\")",
};
const TRIGGERS: Unspoken = Unspoken {
    what: "keeping values in step that old and new clients write in two shapes, for which there are no triggers,",
    instead: "add what is new beside what is old in one change, have a client write both, fill what is new by statements of your own, \
              and remove what is old in a change after it",
};
// <https://planetscale.com/docs/vitess/schema-changes/schema-lint-errors/no-unique-key>
const KEYLESS: Unspoken = Unspoken {
    what: "a table without a unique key over required columns that are no TEXT or BLOB, which Vitess refuses (NO_UNIQUE_KEY),",
    instead: "give the model an @id or an @unique over required fields of other types",
};
const KEY: Unspoken = Unspoken {
    what: "another name for a column of the primary key, which no client can leave out,",
    instead: "keep the name of the column: @map(\"…\") with the one that it has so far gives the field another name, and changes nothing in the database",
};
const NUMBERS: Unspoken = Unspoken {
    what: "numbering rows by another column, or no more, for which there are no triggers,",
    instead: "keep the numbered column: a new field beside it may be the key that clients use, with @unique, and the numbered one stays the @id",
};

/// What of an op, where a plan leads from `old` to `new`.
pub(in crate::dialect::mysql) fn unspoken(
    server: Mysql,
    (old, new): (&Catalog, &Catalog),
    op: &Op,
) -> Option<Unspoken> {
    match op {
        Op::CreateTrigger(_, trigger) if trigger.rules.iter().any(|rule| is_of_key(old, trigger.table, rule)) => {
            Some(KEY)
        }
        Op::RenameTable { .. } | Op::CreateView(..) | Op::DropView(_) => Some(TABLE),
        Op::RenameColumn { .. } => Some(PLACES),
        Op::AddColumn { column, .. } if column.default_is_sequence() => Some(NUMBERS),
        Op::MoveSequence { .. } => Some(NUMBERS),
        Op::SetDefault { on, id, default: Some(Default::Sequence) } if !is_key(old, *on, *id) => Some(NUMBERS),
        Op::DropColumn { on, id } if old.column(*on, *id).is_some_and(Column::default_is_sequence) => Some(NUMBERS),
        Op::CreateTrigger(_, trigger) if !trigger.rules.iter().all(is_written_by_clients) => Some(TRIGGERS),
        Op::Backfill(fill) | Op::BackfillAtOnce(fill) if fill.work.parts().iter().any(follows) => Some(TRIGGERS),
        Op::CreateTable(_, table) if !has_key(table) => Some(KEYLESS),
        Op::ChangePrimaryKey { on, .. } if new.tables.get(on).is_some_and(|table| !has_key(table)) => Some(KEYLESS),
        Op::CreateTrigger(..) => None,
        op => without_words(server, (old, new), op),
    }
}

/// Is the column a primary key by itself?
fn is_key(old: &Catalog, on: TableId, id: ColumnId) -> bool {
    let key = old.tables.get(&on).and_then(|table| table.primary_key.as_ref());
    key.is_some_and(|key| key.columns.len() == 1 && key.columns[0].column == id)
}

/// Does a client that knows the new column alone have to write one of the old primary key?
fn is_of_key(old: &Catalog, on: TableId, rule: &TriggerRule) -> bool {
    let TriggerRule::Mirror { old: column, .. } = rule else { return false };
    let key = old.tables.get(&on).and_then(|table| table.primary_key.as_ref());
    key.is_some_and(|key| key.columns.iter().any(|part| part.column == *column))
}

/// Can a client keep the rule that knows both columns?
fn is_written_by_clients(rule: &TriggerRule) -> bool {
    match rule {
        TriggerRule::Mirror { .. } | TriggerRule::Fill { .. } | TriggerRule::Give { .. } => true,
        // A label that another one takes the place of is one that is not written.
        TriggerRule::Compute { column, value: Expr::Remap { column: of, .. } } => column == of,
        TriggerRule::Compute { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Carry { .. }
        | TriggerRule::Across { .. }
        | TriggerRule::Sync(_)
        | TriggerRule::Follow(_) => false,
    }
}

/// Does the work look at rows of two tables, or at values that clients do not keep in step?
fn follows(work: &Work) -> bool {
    matches!(work, Work::Carry { .. } | Work::Across { .. })
}

/// Is there a key by which a row is known while its table is copied?
fn has_key(table: &Table) -> bool {
    let fit = |columns: &[crate::catalog::KeyColumn]| {
        columns.iter().all(|part| {
            part.length.is_none()
                && table.columns.get(&part.column).is_some_and(|c| !c.nullable && !super::super::types::is_long(&c.ty))
        })
    };
    table.primary_key.iter().any(|key| fit(&key.columns))
        || table.indexes.values().any(|index| index.unique && index.method.is_none() && fit(&index.columns))
}
