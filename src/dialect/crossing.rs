//! Values that two tables hold while a plan is under way: what is the same wherever they are, in the words of a dialect.
//!
//! A dialect adds how rows are watched (what its triggers can do differs), and spells a change of rows where it has words of its own.

mod kin;
mod sides;
mod turned;

pub(super) use kin::{Bring, Kin};
pub(super) use sides::Sides;
pub(super) use turned::Seen;

use crate::catalog::{Across, Catalog, Column, ColumnId, Expr, Name, Side, Table};

/// How a dialect says it.
pub(super) struct Words {
    /// A name, quoted.
    pub(super) ident: fn(&str) -> String,
    /// The name of a table, quoted.
    pub(super) name: fn(&Name) -> String,
    /// A value for a column, out of the others of its row.
    pub(super) value: fn(&Catalog, &Table, &Column, &Expr) -> String,
    /// A value for a column so that equal ones are equal.
    pub(super) comparable: fn(&Table, ColumnId, &str) -> String,
    /// True of two values that are not the same; NULL is one.
    pub(super) differ: fn(&str, &str) -> String,
    /// What stands behind a query whose rows nobody may change until the statement has run.
    pub(super) held: &'static str,
}

impl Words {
    /// A column, quoted.
    pub(super) fn field(&self, table: &Table, id: ColumnId) -> String {
        (self.ident)(table.columns.get(&id).map_or("", |c| &c.name))
    }

    /// True of two values for a column that are not the same.
    pub(super) fn apart(&self, table: &Table, id: ColumnId, a: &str, b: &str) -> String {
        (self.differ)(&(self.comparable)(table, id, a), &(self.comparable)(table, id, b))
    }

    /// Columns of one row are those of another: `a."x" = b."y" AND …`. A row is named with its dot.
    pub(super) fn same<'c>(
        &self,
        (table, row): (&Table, &str),
        (other, there): (&Table, &str),
        ids: impl Iterator<Item = (&'c ColumnId, &'c ColumnId)>,
    ) -> String {
        let one = |(a, b): (&ColumnId, &ColumnId)| {
            format!("{row}{} = {there}{}", self.field(table, *a), self.field(other, *b))
        };
        ids.map(one).collect::<Vec<_>>().join(" AND ")
    }

    /// One of these columns of a row is not that of another.
    pub(super) fn another<'c>(
        &self,
        (table, row): (&Table, &str),
        (other, there): (&Table, &str),
        ids: impl Iterator<Item = (&'c ColumnId, &'c ColumnId)>,
    ) -> String {
        let one = |(a, b): (&ColumnId, &ColumnId)| {
            let (own, theirs) =
                (format!("{row}{}", self.field(table, *a)), format!("{there}{}", self.field(other, *b)));
            self.apart(table, *a, &own, &theirs)
        };
        format!("({})", ids.map(one).collect::<Vec<_>>().join(" OR "))
    }
}

/// Rows of a table that do not hold what they should.
pub(super) struct Behind<'a> {
    /// The table.
    pub(super) table: &'a Table,
    /// Its columns.
    pub(super) columns: Vec<ColumnId>,
    /// The other table's name.
    pub(super) other: String,
    /// True of such a row, by the table's own name.
    pub(super) condition: String,
}

impl<'a> Behind<'a> {
    /// The rows that a backfill goes through, of which this is true.
    pub(super) fn of(at: &'a Catalog, across: &Across, from: Side, condition: String) -> Option<Self> {
        let on = across.gone_through(from);
        let [own, other] = [Side::Old, Side::New].map(|side| across.table(side));
        let there = at.tables.get(if own == on { &other } else { &own })?;
        let side = if own == on { Side::Old } else { Side::New };
        let (table, other) = (at.tables.get(&on)?, there.name.name.clone());
        Some(Behind { table, columns: across.columns(side), other, condition })
    }
}
