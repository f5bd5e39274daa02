//! Type changes: what PostgreSQL does for free, and what it rewrites the table for.
//!
//! Measured on PostgreSQL 15, 17 and 18 (docs/changes/retype-column.md); the rule is that a change is free when old and new
//! values look the same on disk and the new type's modifier needs no check.

use super::helper::AEL;
use super::quote::{ident, literal, name};
use super::value::{default_sql, expr_sql, type_sql};
use super::{super::Work, Spelled};
use crate::catalog::{BaseType, Catalog, Column, ColumnId, ColumnType, Default, Expr, TableId};

/// What a change of a column's type costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retype {
    /// Nothing to do.
    Same,
    /// System catalogs only.
    Free,
    /// System catalogs only, if the session's time zone is UTC.
    FreeInUtc,
    /// System catalogs only, but indexes on the column are built anew under the lock.
    FreeUnlessIndexed,
    /// The whole table is written anew.
    Rewrite,
}

/// What changing `from` into `to` costs.
pub fn retype(from: &ColumnType, to: &ColumnType) -> Retype {
    if from == to {
        return Retype::Same;
    }
    if from.list || to.list {
        return Retype::Rewrite;
    }
    let (BaseType::Native { name: a, args: x }, BaseType::Native { name: b, args: y }) = (&from.base, &to.base) else {
        return Retype::Rewrite;
    };
    let first = |args: &[u32]| args.first().copied().unwrap_or(u32::MAX);
    let precision = |args: &[u32]| args.first().copied().unwrap_or(6);
    let free = |yes: bool| if yes { Retype::Free } else { Retype::Rewrite };
    match (a.as_str(), b.as_str()) {
        ("VARCHAR", "VARCHAR") | ("VARBIT", "VARBIT") => free(first(y) >= first(x)),
        ("VARCHAR", "TEXT") => Retype::Free,
        ("TEXT", "VARCHAR") => free(y.is_empty()),
        ("TEXT" | "VARCHAR", "CITEXT") | ("CITEXT", "TEXT") => Retype::FreeUnlessIndexed,
        ("DECIMAL", "DECIMAL") => free(match (x.as_slice(), y.as_slice()) {
            ([p, s], [q, t]) => q >= p && s == t,
            (_, []) => true,
            _ => false,
        }),
        ("TIMESTAMP", "TIMESTAMP") | ("TIMESTAMPTZ", "TIMESTAMPTZ") | ("TIME", "TIME") | ("TIMETZ", "TIMETZ") => {
            free(precision(y) >= precision(x))
        }
        // A precision below 6 makes the server check every value, UTC or not.
        ("TIMESTAMP", "TIMESTAMPTZ") | ("TIMESTAMPTZ", "TIMESTAMP") if precision(y) == 6 => Retype::FreeInUtc,
        _ => Retype::Rewrite,
    }
}

pub fn spell(at: &Catalog, on: TableId, id: ColumnId, to: &ColumnType) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let Some(column) = table.columns.get(&id) else { return Vec::new() };
    let (quoted, field, ty) = (name(&table.name), ident(&column.name), type_sql(at, to));
    let (work, utc) = match retype(&column.ty, to) {
        Retype::Same | Retype::Free => (Work::Metadata, false),
        Retype::FreeInUtc => (Work::Metadata, true),
        Retype::FreeUnlessIndexed => (Work::Metadata, false),
        Retype::Rewrite => (Work::Rewrite, is_time(&column.ty) && is_time(to)),
    };
    let using = if work == Work::Rewrite { format!(" USING {field}::{ty}") } else { String::new() };
    let retype = format!("ALTER COLUMN {field} SET DATA TYPE {ty}{using}");
    // The default is set anew, or it would keep a cast from the old type.
    let what = match &column.default {
        None | Some(Default::Sequence) => retype,
        Some(default) => {
            let default = default_sql(at, to, default);
            format!("ALTER COLUMN {field} DROP DEFAULT, {retype}, ALTER COLUMN {field} SET DEFAULT {default}")
        }
    };
    let mut all = Vec::new();
    if utc {
        all.push(Spelled::new("SET LOCAL timezone = 'UTC'"));
    }
    all.push(Spelled::new(format!("ALTER TABLE {quoted} {what}")).locking(quoted, AEL).doing(work));
    all
}

/// The values as an expression says, the default as it was.
pub fn convert(at: &Catalog, on: TableId, id: ColumnId, to: &ColumnType, value: &Expr) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let Some(column) = table.columns.get(&id) else { return Vec::new() };
    let (quoted, field, ty) = (name(&table.name), ident(&column.name), type_sql(at, to));
    let target = Column { ty: to.clone(), ..column.clone() };
    let using = expr_sql(at, table, &target, value, "");
    let retype = format!("ALTER COLUMN {field} SET DATA TYPE {ty} USING ({using})");
    let what = match &column.default {
        None | Some(Default::Sequence) => retype,
        Some(default) => {
            let default = default_sql(at, to, default);
            format!("ALTER COLUMN {field} DROP DEFAULT, {retype}, ALTER COLUMN {field} SET DEFAULT {default}")
        }
    };
    // Values of the new type are not converted once more where the file is run again.
    let due = format!(
        "(SELECT atttypid FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass({}) AND attname = {}) <> to_regtype({})",
        literal(&quoted),
        literal(&column.name),
        literal(&ty)
    );
    let convert = Spelled::new(format!("ALTER TABLE {quoted} {what}")).locking(quoted, AEL).doing(Work::Rewrite);
    let same = match (&column.ty.base, &to.base) {
        (BaseType::Native { name: a, .. }, BaseType::Native { name: b, .. }) => a == b,
        _ => false,
    };
    vec![if same { convert } else { convert.while_true(due) }]
}

fn is_time(ty: &ColumnType) -> bool {
    matches!(&ty.base, BaseType::Native { name, .. } if name.starts_with("TIMESTAMP"))
}
