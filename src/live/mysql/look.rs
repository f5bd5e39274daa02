//! What a database holds, as text that can be compared.

use super::Database;
use crate::live::Result;
use crate::live::rehearse::plain::Place;
use crate::live::snapshot::Catalog;
use std::collections::{BTreeMap, BTreeSet};

/// A column.
pub(super) struct Column {
    pub name: String,
    /// `varchar(191)`, `enum('a','b')`
    pub ty: String,
    pub required: bool,
    /// Is it part of the primary key?
    pub key: bool,
    /// Is it part of a unique index?
    pub unique: bool,
    /// All that is said of it.
    pub words: String,
}

/// A foreign key: its columns, each with the one that it points at.
pub(super) struct ForeignKey {
    pub name: String,
    pub table: String,
    pub target: String,
    pub columns: Vec<(String, String)>,
    /// `SET NULL`
    pub on_delete: String,
    pub on_update: String,
}

/// Every object that somebody could notice; the order of columns is not in it.
pub(super) fn catalog(database: &Database) -> Result<Catalog> {
    let mut catalog = Catalog::default();
    let objects = &mut catalog.objects;
    for (table, columns) in columns(database)? {
        objects.insert(format!("table {table}"), String::new());
        for column in columns {
            objects.insert(format!("column .{table}.{}", column.name), column.words);
        }
    }
    let sql = "SELECT table_name, index_name, non_unique, index_type, \
               GROUP_CONCAT(column_name, '(', IFNULL(sub_part, ''), ')', IFNULL(collation, '') ORDER BY seq_in_index SEPARATOR ', ') \
               FROM information_schema.statistics WHERE table_schema = DATABASE() GROUP BY 1, 2, 3, 4";
    let keys = foreign_keys(database)?;
    for row in database.query(sql)? {
        let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        // One that the server has made for a foreign key: where two need it, it has the name of either.
        if keys.iter().any(|key| key.table == part(0) && key.name == part(1)) {
            let words = format!("{} {}", part(2), part(3));
            objects.insert(format!("index {} for a foreign key over {}", part(0), part(4)), words);
            continue;
        }
        objects.insert(format!("index {}.{}", part(0), part(1)), format!("{} {} over {}", part(2), part(3), part(4)));
    }
    for key in keys {
        let columns = key.columns.iter().map(|(own, to)| format!("{own} to {to}")).collect::<Vec<_>>().join(", ");
        objects.insert(
            format!("foreign key {}.{}", key.table, key.name),
            format!("{} {columns} on delete {} on update {}", key.target, key.on_delete, key.on_update),
        );
    }
    for (kind, sql) in PROGRAMS {
        for row in database.query(sql)? {
            let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
            objects.insert(format!("{kind} {}", part(0)), part(1));
        }
    }
    Ok(catalog)
}

/// What is no table: its name, and what it says.
const PROGRAMS: [(&str, &str); 3] = [
    ("view", "SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = DATABASE()"),
    (
        "trigger",
        "SELECT trigger_name, CONCAT_WS(' ', action_timing, event_manipulation, event_object_table, action_statement) \
         FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    ),
    ("routine", "SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = DATABASE()"),
];

/// The columns of all tables, by table.
pub(super) fn columns(database: &Database) -> Result<BTreeMap<String, Vec<Column>>> {
    let unique = "SELECT DISTINCT table_name, column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0";
    let unique: BTreeSet<Vec<Option<String>>> = database.query(unique)?.into_iter().collect();
    // Where there is no primary key the server calls the first unique one by its name.
    let keys = "SELECT table_name, column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'PRIMARY'";
    let keys: BTreeSet<Vec<Option<String>>> = database.query(keys)?.into_iter().collect();
    let sql = "SELECT table_name, column_name, column_type, is_nullable, column_default, extra, collation_name \
               FROM information_schema.columns WHERE table_schema = DATABASE() \
               AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE') \
               ORDER BY table_name, ordinal_position";
    let mut all: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in database.query(sql)? {
        let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let required = part(3) == "NO";
        let null = if required { " not null" } else { "" };
        let default = row.get(4).cloned().flatten().filter(|d| d != "NULL");
        let default = default.map_or_else(String::new, |d| format!(" default {d}"));
        let column = Column {
            name: part(1),
            ty: part(2),
            required,
            key: keys.contains(&row[..2]),
            unique: unique.contains(&row[..2]),
            words: format!("{}{null}{default} {} {}", in_no_order(&part(2)), part(5), part(6)),
        };
        all.entry(part(0)).or_default().push(column);
    }
    Ok(all)
}

/// The values of an enum, whose order Prisma does not compare.
fn in_no_order(ty: &str) -> String {
    let Some(list) = ty.strip_prefix("enum(").and_then(|rest| rest.strip_suffix(')')) else { return ty.to_owned() };
    let mut values: Vec<&str> = list.split("','").map(|value| value.trim_matches('\'')).collect();
    values.sort_unstable();
    format!("enum of {}", values.join(", "))
}

pub(super) fn foreign_keys(database: &Database) -> Result<Vec<ForeignKey>> {
    let sql = "SELECT k.table_name, k.constraint_name, k.referenced_table_name, k.column_name, k.referenced_column_name, r.delete_rule, r.update_rule \
               FROM information_schema.key_column_usage AS k JOIN information_schema.referential_constraints AS r \
               ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name \
               WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL ORDER BY k.table_name, k.constraint_name, k.ordinal_position";
    let mut all: BTreeMap<(String, String), ForeignKey> = BTreeMap::new();
    for row in database.query(sql)? {
        let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        // The same to InnoDB, which calls the one by the other's name where a key is added in place
        // (<https://mariadb.com/kb/en/foreign-keys/>).
        let rule = |at: usize| part(at).replace("NO ACTION", "RESTRICT");
        let key = all.entry((part(0), part(1))).or_insert_with(|| ForeignKey {
            name: part(1),
            table: part(0),
            target: part(2),
            columns: Vec::new(),
            on_delete: rule(5),
            on_update: rule(6),
        });
        key.columns.push((part(3), part(4)));
    }
    Ok(all.into_values().collect())
}
