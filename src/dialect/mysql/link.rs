//! Foreign keys and the indexes that they need: the server makes one where none begins with their columns, and drops none that a
//! foreign key still uses (error 1553, <https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html>).

use super::alter::{METADATA, guarded, missing, of, present};
use super::online::Online;
use super::quote::{ident, name};
use super::table::{columns_sql, foreign_key_sql};
use super::{super::Work, Spelled};
use crate::catalog::{Catalog, ColumnId, ForeignKey, Index, Table};

/// The foreign keys that have no other index, once for the same columns.
pub(super) fn needing(now: &Table, covered: impl Fn(&ForeignKey) -> bool) -> Vec<&ForeignKey> {
    let mut all: Vec<&ForeignKey> = Vec::new();
    for key in now.foreign_keys.values().filter(|key| covered(key) && !served(now, key)) {
        if !all.iter().any(|other| other.columns == key.columns) {
            all.push(key);
        }
    }
    all
}

/// Indexes for these foreign keys, as the server would have made them.
pub(super) fn needed(now: &Table, needing: &[&ForeignKey]) -> Vec<String> {
    needing.iter().map(|key| format!("ADD INDEX {}({})", ident(&key.name), columns_sql(now, &key.columns))).collect()
}

/// An index goes, and others come for these foreign keys.
pub(super) fn instead_of(now: &Table, needing: &[&ForeignKey], index: &str) -> String {
    let mut parts = needed(now, needing);
    parts.push(format!("DROP INDEX {}", ident(index)));
    parts.join(", ")
}

/// A foreign key that had no index of its own was given one under its own name, which is not needed any more where something else
/// serves it now.
pub(super) fn free(
    was: &Table,
    now: &Table,
    of_table: &str,
    serves: &dyn Fn(&ForeignKey) -> bool,
    alter: &dyn Fn(&str, Online) -> String,
) -> Vec<Spelled> {
    let free = was.foreign_keys.values().filter(|key| serves(key) && !served(was, key));
    let free = free.filter(|key| !now.indexes.values().any(|index| index.name == key.name));
    free.map(|key| {
        let sql = alter(&format!("DROP INDEX {}", ident(&key.name)), Online::Beside);
        guarded(&present("statistics", of_table, "index_name", &key.name), &sql)
    })
    .collect()
}

/// Is there an index or a primary key that begins with the columns of the key?
pub(super) fn served(table: &Table, key: &ForeignKey) -> bool {
    let begins = |columns: &[crate::catalog::KeyColumn]| starts(columns, &key.columns);
    table.indexes.values().any(|i| i.method.is_none() && begins(&i.columns))
        || table.primary_key.as_ref().is_some_and(|k| begins(&k.columns))
}

pub(super) fn covers(index: &Index, key: &ForeignKey) -> bool {
    index.method.is_none() && starts(&index.columns, &key.columns)
}

pub(super) fn starts(columns: &[crate::catalog::KeyColumn], of: &[ColumnId]) -> bool {
    columns.len() >= of.len() && columns.iter().zip(of).all(|(a, b)| a.column == *b && a.length.is_none())
}

pub(super) fn drop_key(was: &Table, now: &Table, key: &ForeignKey) -> Vec<Spelled> {
    let of_table = of("table_name", &now.name.name);
    let table = name(&now.name);
    let there = present("table_constraints", &of_table, "constraint_name", &key.name);
    let drop = format!("ALTER TABLE {table} DROP FOREIGN KEY {}, {}", ident(&key.name), Online::Beside.words());
    let mut all = vec![guarded(&there, &drop)];
    // The index that the server had made for it stays otherwise; another key may need it.
    if was.indexes.values().any(|i| i.name == key.name) {
        return all;
    }
    let there = present("statistics", &of_table, "index_name", &key.name);
    let needing =
        needing(now, |other| other.columns.len() <= key.columns.len() && key.columns.starts_with(&other.columns));
    // Another key of its name takes its place, and its index.
    if needing.iter().any(|other| other.name == key.name) {
        return all;
    }
    let alter = |what: &str| format!("ALTER TABLE {table} {what}, {}", Online::Beside.words());
    let missing = needing.iter().map(|other| missing("statistics", &of_table, "index_name", &other.name));
    let missing = missing.collect::<Vec<_>>().join(" AND ");
    if !needing.is_empty() {
        all.push(guarded(&format!("{there} AND {missing}"), &alter(&instead_of(now, &needing, &key.name))));
    }
    all.push(guarded(&there, &alter(&format!("DROP INDEX {}", ident(&key.name)))));
    all
}

/// Rows are not looked at: a key over new columns has nothing to look at, and of any other that is asked afterwards. So the table
/// need not be copied (<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-foreign-key-operations>).
pub(super) fn add_key(after: &Catalog, table: &Table, key: &ForeignKey) -> Spelled {
    let of_table = of("table_name", &table.name.name);
    let there = missing("table_constraints", &of_table, "constraint_name", &key.name);
    let sql =
        format!("ALTER TABLE {} {}, {}", name(&table.name), foreign_key_sql(after, table, key), Online::Beside.words());
    let guarded = guarded(&there, &sql);
    let sql = format!(
        "SET @ps_checks = @@SESSION.foreign_key_checks;\nSET SESSION foreign_key_checks = 0;\n{};\nSET SESSION foreign_key_checks = @ps_checks",
        guarded.sql
    );
    let target = after.tables.get(&key.references).map_or_else(String::new, |t| name(&t.name));
    Spelled { sql, ..guarded }.locking(target, METADATA).doing(Work::IndexBuild)
}

/// The index that the server makes for a longer foreign key serves a shorter one, whose own it would not have made after that.
pub(super) fn covered_by(was: &Table, now: &Table, key: &ForeignKey) -> Vec<Spelled> {
    let of_table = of("table_name", &now.name.name);
    let shorter = was.foreign_keys.iter().filter(|(id, other)| {
        now.foreign_keys.contains_key(*id)
            && other.columns.len() < key.columns.len()
            && key.columns.starts_with(&other.columns)
    });
    let alone = shorter.filter(|(_, other)| !served(now, other) && !served(now, key) && !served(was, other));
    let table = name(&now.name);
    let drop = |index: &str| format!("ALTER TABLE {table} DROP INDEX {}, {}", ident(index), Online::Beside.words());
    alone
        .map(|(_, other)| guarded(&present("statistics", &of_table, "index_name", &other.name), &drop(&other.name)))
        .collect()
}
