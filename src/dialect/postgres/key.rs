//! Indexes, primary keys, foreign keys and checks.

use super::helper::{AEL, SRE, SUE};
use super::quote::{ident, idents, literal, name};
use super::{super::Work, Spelled};
use crate::catalog::{
    Action, Catalog, Check, CheckId, CheckRule, ColumnId, ForeignKey, ForeignKeyId, Index, IndexId, KeyColumn,
    PrimaryKey, Table, TableId, TableKind,
};
use crate::intent::sql;
use crate::op::Build;

fn column_name(table: &Table, id: ColumnId) -> &str {
    table.columns.get(&id).map_or("", |c| &c.name)
}

pub fn column_list(table: &Table, columns: &[KeyColumn]) -> String {
    columns
        .iter()
        .map(|c| {
            let ops = c.ops.as_ref().map(|o| format!(" {o}")).unwrap_or_default();
            let sort = if c.descending { " DESC" } else { "" };
            format!("{}{ops}{sort}", ident(column_name(table, c.column)))
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// The condition of a partial index, with the names that its columns have now.
pub fn condition(table: &Table, index: &Index) -> Option<String> {
    let predicate = index.predicate.as_ref()?;
    let other = |(name, id): &(String, ColumnId)| {
        let now = &table.columns.get(id)?.name;
        (now != name).then(|| (name.clone(), ident(now)))
    };
    let renamed: Vec<(String, String)> = index.reads.iter().filter_map(other).collect();
    if renamed.is_empty() {
        return Some(predicate.clone());
    }
    let names: Vec<(&str, String)> = renamed.iter().map(|(from, to)| (from.as_str(), to.clone())).collect();
    Some(sql::renamed(predicate, &names).unwrap_or_else(|| predicate.clone()))
}

pub fn index_sql(table: &Table, index: &Index, build: Build, if_not_exists: bool) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let online = match build {
        Build::Plain => "",
        Build::Online => "CONCURRENTLY ",
    };
    let guard = if if_not_exists { "IF NOT EXISTS " } else { "" };
    let method = index.method.as_ref().map(|m| format!(" USING {m}")).unwrap_or_default();
    let predicate = condition(table, index).map(|p| format!(" WHERE {p}")).unwrap_or_default();
    let columns = column_list(table, &index.columns);
    let (index, table) = (ident(&index.name), name(&table.name));
    format!("CREATE {unique}INDEX {online}{guard}{index} ON {table}{method} ({columns}){predicate}")
}

/// Online: SHARE UPDATE EXCLUSIVE, two passes over the table, no `IF NOT EXISTS`, which would pass over an INVALID index in
/// silence (<https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>).
pub fn create_index(at: &Catalog, on: TableId, index: &Index, build: Build) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let (mode, guard) = match build {
        Build::Plain => ("SHARE", true),
        Build::Online => (SUE, false),
    };
    vec![Spelled::new(index_sql(table, index, build, guard)).locking(name(&table.name), mode).doing(Work::IndexBuild)]
}

pub fn drop_index(at: &Catalog, on: TableId, id: IndexId, build: Build) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let Some(index) = table.indexes.get(&id) else { return Vec::new() };
    let (online, mode) = match build {
        Build::Plain => ("", AEL),
        Build::Online => ("CONCURRENTLY ", SUE),
    };
    let index = name(&table.name.with_name(&index.name));
    vec![Spelled::new(format!("DROP INDEX {online}IF EXISTS {index}")).locking(name(&table.name), mode)]
}

/// Locks the index alone, SHARE UPDATE EXCLUSIVE.
pub fn rename_index(at: &Catalog, on: TableId, id: IndexId, to: &str) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let Some(index) = table.indexes.get(&id) else { return Vec::new() };
    let from = name(&table.name.with_name(&index.name));
    let mut there = format!(
        "to_regclass({}) IS NOT NULL AND to_regclass({}) IS NULL",
        literal(&from),
        literal(&name(&table.name.with_name(to)))
    );
    if crate::catalog::is_helper_name(to) {
        // Its name is about to be another index's: afterwards only the columns tell which of the two this is.
        let columns = index.columns.iter().map(|c| format!("quote_ident({})", literal(column_name(table, c.column))));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let method = index.method.as_deref().unwrap_or("btree").to_ascii_lowercase();
        there += &format!(
            " AND EXISTS (SELECT 1 FROM pg_catalog.pg_index JOIN pg_catalog.pg_class ON oid = indexrelid JOIN pg_catalog.pg_am m ON m.oid = relam \
             WHERE indexrelid = to_regclass({}) AND indrelid = to_regclass({}) AND indisunique = {} AND m.amname = {} AND (indpred IS NOT NULL) = {} \
             AND indoption::text = {})",
            literal(&from),
            literal(&name(&table.name)),
            index.unique,
            literal(&method),
            index.predicate.is_some(),
            literal(&options(index)),
        );
        there += &format!(
            " AND ARRAY(SELECT pg_get_indexdef(to_regclass({})::oid, _ps_k, false) FROM generate_series(1, {}) AS _ps_k) = ARRAY[{columns}]",
            literal(&from),
            index.columns.len()
        );
    }
    vec![Spelled::new(format!("ALTER INDEX {from} RENAME TO {}", ident(to))).while_true(there)]
}

/// How the server writes down in what order each column is sorted.
fn options(index: &Index) -> String {
    let one = |c: &KeyColumn| if c.descending { "3" } else { "0" };
    index.columns.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn has_constraint(table: &str, constraint: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass({}) AND conname = {})",
        literal(table),
        literal(constraint)
    )
}

fn alter(table: &str, what: &str) -> Spelled {
    Spelled::new(format!("ALTER TABLE {table} {what}"))
}

/// All in the same moment, and metadata alone: the index is there and its columns are NOT NULL. A foreign key hangs on the index
/// of what it points at, so those that point at the old key are made anew.
pub fn change_primary_key(at: &Catalog, on: TableId, key: Option<&(PrimaryKey, IndexId)>) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let quoted = name(&table.name);
    let mut parts = Vec::new();
    let (mut due, mut turn) = (Vec::new(), Vec::new());
    if let Some(old) = &table.primary_key {
        parts.push(format!("DROP CONSTRAINT IF EXISTS {}", ident(&old.name)));
        due.push(has_constraint(&quoted, &old.name));
        turn.clone_from(&due);
    }
    if let Some((key, index)) = key.and_then(|(key, using)| Some((key, table.indexes.get(using)?))) {
        parts.push(format!("ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}", ident(&key.name), ident(&index.name)));
        turn = vec![another_key(table, key)];
        // Until it is used up, and has the key's name.
        let there = format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_index WHERE indexrelid = to_regclass({}) AND NOT indisprimary)",
            literal(&name(&table.name.with_name(&index.name)))
        );
        due = vec![there, turn.concat()];
    }
    let (due, turn) = (due.join(" AND "), turn.concat());
    let earlier = key_of_prisma_5(table);
    let linked: Vec<_> = table.primary_key.iter().flat_map(|old| at.pointing_at(on, &old.columns)).collect();
    let linked = linked.iter().filter_map(|(from, id)| Some((*from, *id, at.foreign_key(*from, *id)?)));
    let (mut unlink, mut relink) = (Vec::new(), Vec::new());
    for (from, id, fk) in linked {
        unlink.extend(drop_foreign_key(at, from, id).into_iter().map(|s| s.while_true(due.clone())));
        relink.extend(add_foreign_key(at, from, &ForeignKey { validated: false, ..fk.clone() }));
    }
    let change = alter(&quoted, &parts.join(", ")).locking(quoted.clone(), AEL).while_true(due).turning(turn);
    earlier.into_iter().chain(unlink).chain([change]).chain(relink).collect()
}

/// Before version 6 Prisma gave a join table a unique index and no primary key: that is made of it first. Nothing is read for it,
/// since the columns are NOT NULL.
fn key_of_prisma_5(table: &Table) -> Option<Spelled> {
    let key = table.primary_key.as_ref().filter(|_| matches!(table.kind, TableKind::Join { .. }))?;
    let unique = format!("{}_AB_unique", key.name.strip_suffix("_AB_pkey")?);
    let quoted = name(&table.name);
    let due = format!(
        "to_regclass({}) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass({}) AND contype = 'p')",
        literal(&name(&table.name.with_name(&unique))),
        literal(&quoted)
    );
    let make = format!("ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}", ident(&key.name), ident(&unique));
    Some(alter(&quoted, &make).locking(quoted, AEL).while_true(due))
}

/// True while the primary key is over other columns than these, or there is none.
fn another_key(table: &Table, key: &PrimaryKey) -> String {
    let columns: Vec<_> = key.columns.iter().map(|c| literal(column_name(table, c.column))).collect();
    format!(
        "ARRAY(SELECT attname::text FROM pg_catalog.pg_index, unnest(indkey) WITH ORDINALITY AS _ps_part (_ps_at, _ps_nth) \
         JOIN pg_catalog.pg_attribute ON attrelid = to_regclass({0}) AND attnum = _ps_at \
         WHERE indrelid = to_regclass({0}) AND indisprimary ORDER BY _ps_nth) <> ARRAY[{1}]",
        literal(&name(&table.name)),
        columns.join(", ")
    )
}

fn rename_constraint(table: &str, from: &str, to: &str) -> Spelled {
    alter(table, &format!("RENAME CONSTRAINT {} TO {}", ident(from), ident(to)))
        .locking(table, AEL)
        .while_true(has_constraint(table, from))
}

pub fn rename_primary_key(at: &Catalog, on: TableId, to: &str) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let quoted = name(&table.name);
    let rename = table.primary_key.iter().map(|k| rename_constraint(&quoted, &k.name, to));
    key_of_prisma_5(table).into_iter().chain(rename).collect()
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

fn foreign_key_sql(at: &Catalog, table: &Table, key: &ForeignKey) -> Option<(String, String)> {
    let target = at.tables.get(&key.references)?;
    let columns = idents(key.columns.iter().map(|c| column_name(table, *c)));
    let referenced = idents(key.referenced.iter().map(|c| column_name(target, *c)));
    let target = name(&target.name);
    let unchecked = if key.validated { "" } else { " NOT VALID" };
    let sql = format!(
        "ADD CONSTRAINT {} FOREIGN KEY ({columns}) REFERENCES {target} ({referenced}) ON DELETE {} ON UPDATE {}{unchecked}",
        ident(&key.name),
        action(key.on_delete),
        action(key.on_update),
    );
    Some((sql, target))
}

/// SHARE ROW EXCLUSIVE on both tables: writes wait, so it is brief only with NOT VALID or on an empty table.
pub fn add_foreign_key(at: &Catalog, on: TableId, key: &ForeignKey) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let Some((sql, target)) = foreign_key_sql(at, table, key) else { return Vec::new() };
    let quoted = name(&table.name);
    vec![
        alter(&quoted, &sql)
            .locking(quoted.clone(), SRE)
            .locking(target, SRE)
            .while_true(format!("NOT {}", has_constraint(&quoted, &key.name))),
    ]
}

/// Reads the table under SHARE UPDATE EXCLUSIVE, ROW SHARE on the one it points at: nobody waits.
pub fn validate_foreign_key(at: &Catalog, on: TableId, id: ForeignKeyId) -> Vec<Spelled> {
    let Some((table, key)) = at.tables.get(&on).and_then(|t| Some((t, t.foreign_keys.get(&id)?))) else {
        return Vec::new();
    };
    let quoted = name(&table.name);
    let validate =
        alter(&quoted, &format!("VALIDATE CONSTRAINT {}", ident(&key.name))).locking(quoted, SUE).doing(Work::Scan);
    vec![match at.tables.get(&key.references) {
        Some(target) => validate.locking(name(&target.name), "ROW SHARE"),
        None => validate,
    }]
}

pub fn drop_foreign_key(at: &Catalog, on: TableId, id: ForeignKeyId) -> Vec<Spelled> {
    let Some((table, key)) = at.tables.get(&on).and_then(|t| Some((t, t.foreign_keys.get(&id)?))) else {
        return Vec::new();
    };
    let quoted = name(&table.name);
    let drop = alter(&quoted, &format!("DROP CONSTRAINT IF EXISTS {}", ident(&key.name))).locking(quoted, AEL);
    vec![match at.tables.get(&key.references) {
        Some(target) => drop.locking(name(&target.name), AEL),
        None => drop,
    }]
}

/// One `ALTER TABLE`, so that there is no moment without a foreign key.
pub fn replace_foreign_key(at: &Catalog, on: TableId, id: ForeignKeyId, new: &ForeignKey) -> Vec<Spelled> {
    let Some((table, old)) = at.tables.get(&on).and_then(|t| Some((t, t.foreign_keys.get(&id)?))) else {
        return Vec::new();
    };
    let Some((add, target)) = foreign_key_sql(at, table, new) else { return Vec::new() };
    let quoted = name(&table.name);
    let sql = format!("DROP CONSTRAINT IF EXISTS {}, {add}", ident(&old.name));
    let mut replace = alter(&quoted, &sql).locking(quoted.clone(), AEL).locking(target, AEL);
    if old.name != new.name {
        replace = replace.while_true(format!("NOT {}", has_constraint(&quoted, &new.name)));
    }
    vec![match at.tables.get(&old.references) {
        Some(target) => replace.locking(name(&target.name), AEL),
        None => replace,
    }]
}

pub fn rename_foreign_key(at: &Catalog, on: TableId, id: ForeignKeyId, to: &str) -> Vec<Spelled> {
    let Some((table, key)) = at.tables.get(&on).and_then(|t| Some((t, t.foreign_keys.get(&id)?))) else {
        return Vec::new();
    };
    let quoted = name(&table.name);
    let rename = rename_constraint(&quoted, &key.name, to);
    let circle = crate::catalog::is_helper_name(to)
        || table.foreign_keys.values().any(|k| crate::catalog::is_helper_name(&k.name) && k.name != key.name);
    if !circle {
        return vec![rename];
    }
    // Its name is about to be another's: afterwards only what it points from and at tells which of the two this is.
    let columns = key.columns.iter().map(|c| literal(column_name(table, *c))).collect::<Vec<_>>().join(", ");
    let target = at.tables.get(&key.references).map_or_else(String::new, |t| literal(&name(&t.name)));
    let due = format!(
        "EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass({0}) AND conname = {1} AND confrelid = to_regclass({target}) \
         AND ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS _ps_part (_ps_at, _ps_nth) JOIN pg_catalog.pg_attribute \
         ON attrelid = conrelid AND attnum = _ps_at ORDER BY _ps_nth) = ARRAY[{columns}]) AND NOT {2}",
        literal(&quoted),
        literal(&key.name),
        has_constraint(&quoted, to)
    );
    vec![rename.while_true(due)]
}

pub fn add_check(at: &Catalog, on: TableId, check: &Check) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let quoted = name(&table.name);
    let rule = match &check.rule {
        CheckRule::NotNull(column) => format!("{} IS NOT NULL", ident(column_name(table, *column))),
        CheckRule::Follows { old, new } => {
            format!("{} IS NULL OR {} IS NOT NULL", ident(column_name(table, *old)), ident(column_name(table, *new)))
        }
        CheckRule::Sql(sql) => sql.clone(),
    };
    let (unchecked, work) = if check.validated { ("", Work::Scan) } else { (" NOT VALID", Work::Metadata) };
    vec![
        alter(&quoted, &format!("ADD CONSTRAINT {} CHECK ({rule}){unchecked}", ident(&check.name)))
            .locking(quoted.clone(), AEL)
            .doing(work)
            .while_true(format!("NOT {}", has_constraint(&quoted, &check.name))),
    ]
}

/// Reads the table under SHARE UPDATE EXCLUSIVE: nobody waits.
pub fn validate_check(at: &Catalog, on: TableId, id: CheckId) -> Vec<Spelled> {
    let Some((table, check)) = at.tables.get(&on).and_then(|t| Some((t, t.checks.get(&id)?))) else {
        return Vec::new();
    };
    let quoted = name(&table.name);
    let validate = alter(&quoted, &format!("VALIDATE CONSTRAINT {}", ident(&check.name)));
    // Once the column is NOT NULL and the check is gone again, there is nothing left to do.
    let there = has_constraint(&quoted, &check.name);
    vec![validate.locking(quoted, SUE).doing(Work::Scan).while_true(there)]
}

pub fn drop_check(at: &Catalog, on: TableId, id: CheckId) -> Vec<Spelled> {
    let Some((table, check)) = at.tables.get(&on).and_then(|t| Some((t, t.checks.get(&id)?))) else {
        return Vec::new();
    };
    let quoted = name(&table.name);
    vec![alter(&quoted, &format!("DROP CONSTRAINT IF EXISTS {}", ident(&check.name))).locking(quoted, AEL)]
}
