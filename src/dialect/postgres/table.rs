//! Schemas, extensions, enums and tables.
//!
//! Locks: <https://www.postgresql.org/docs/current/explicit-locking.html>.

use super::key::{column_list, index_sql};
use super::quote::{ident, literal, name};
use super::value::{default_sql, type_sql};
use super::{Spelled, helper::AEL};
use crate::catalog::{BaseType, Catalog, Column, Default, Enum, EnumId, Extension, Name, Table, TableId};
use crate::op::Build;

pub fn create_namespace(schema: &str) -> Vec<Spelled> {
    vec![Spelled::new(format!("CREATE SCHEMA IF NOT EXISTS {}", ident(schema)))]
}

pub fn drop_namespace(schema: &str) -> Vec<Spelled> {
    // It may have been there before, and hold what is not ours: then it stays.
    let empty = format!(
        "EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n WHERE n.nspname = {} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c \
         WHERE c.relnamespace = n.oid))",
        literal(schema)
    );
    vec![Spelled::new(format!("DROP SCHEMA IF EXISTS {}", ident(schema))).while_true(empty)]
}

pub fn create_extension(x: &Extension) -> Vec<Spelled> {
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", ident(&x.name));
    if x.schema.is_some() || x.version.is_some() {
        sql += " WITH";
    }
    if let Some(schema) = &x.schema {
        sql += &format!(" SCHEMA {}", ident(schema));
    }
    if let Some(version) = &x.version {
        sql += &format!(" VERSION {}", literal(version));
    }
    vec![Spelled::new(sql)]
}

pub fn drop_extension(x: &Extension) -> Vec<Spelled> {
    vec![Spelled::new(format!("DROP EXTENSION IF EXISTS {}", ident(&x.name)))]
}

pub fn create_enum(def: &Enum) -> Vec<Spelled> {
    let values = def.values.iter().map(|v| literal(v)).collect::<Vec<_>>().join(", ");
    let quoted = name(&def.name);
    vec![
        Spelled::new(format!("CREATE TYPE {quoted} AS ENUM ({values})"))
            .while_true(format!("to_regtype({}) IS NULL", literal(&quoted))),
    ]
}

pub fn drop_enum(at: &Catalog, id: EnumId) -> Vec<Spelled> {
    at.enums.get(&id).map(|e| Spelled::new(format!("DROP TYPE IF EXISTS {}", name(&e.name)))).into_iter().collect()
}

/// Takes no lock on any table; the value is not usable in the transaction that adds it
/// (<https://www.postgresql.org/docs/current/sql-altertype.html>).
pub fn add_enum_value(at: &Catalog, on: EnumId, value: &str, before: Option<&str>) -> Vec<Spelled> {
    let Some(def) = at.enums.get(&on) else { return Vec::new() };
    let place = before.map(|b| format!(" BEFORE {}", literal(b))).unwrap_or_default();
    vec![Spelled::new(format!("ALTER TYPE {} ADD VALUE IF NOT EXISTS {}{place}", name(&def.name), literal(value)))]
}

pub fn rename_enum(at: &Catalog, on: EnumId, to: &Name) -> Vec<Spelled> {
    let Some(def) = at.enums.get(&on) else { return Vec::new() };
    let mut all = Vec::new();
    let mut step = |from: &Name, to: &Name, what: String| {
        let (from, to) = (name(from), name(to));
        let due = format!("to_regtype({}) IS NOT NULL AND to_regtype({}) IS NULL", literal(&from), literal(&to));
        all.push(Spelled::new(format!("ALTER TYPE {from} {what}")).while_true(due));
    };
    let there = Name { schema: to.schema.clone(), name: def.name.name.clone() };
    if def.name.schema != to.schema {
        step(&def.name, &there, format!("SET SCHEMA {}", ident(to.schema.as_deref().unwrap_or("public"))));
    }
    if there.name != to.name {
        step(&there, to, format!("RENAME TO {}", ident(&to.name)));
    }
    all
}

pub fn rename_enum_value(at: &Catalog, on: EnumId, from: &str, to: &str) -> Vec<Spelled> {
    let Some(def) = at.enums.get(&on) else { return Vec::new() };
    let quoted = name(&def.name);
    let there = |label: &str| {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype({}) AND enumlabel = {})",
            literal(&quoted),
            literal(label)
        )
    };
    vec![
        Spelled::new(format!("ALTER TYPE {quoted} RENAME VALUE {} TO {}", literal(from), literal(to)))
            .while_true(format!("{} AND NOT {}", there(from), there(to))),
    ]
}

pub fn create_table(at: &Catalog, table: &Table) -> Vec<Spelled> {
    let mut lines: Vec<String> = table.columns.values().map(|c| format!("  {}", column_line(at, c))).collect();
    if let Some(key) = &table.primary_key {
        lines.push(format!("  CONSTRAINT {} PRIMARY KEY ({})", ident(&key.name), column_list(table, &key.columns)));
    }
    let quoted = name(&table.name);
    let mut all = vec![Spelled::new(format!("CREATE TABLE IF NOT EXISTS {quoted} (\n{}\n)", lines.join(",\n")))];
    all.extend(table.indexes.values().map(|i| Spelled::new(index_sql(table, i, Build::Plain, true))));
    all
}

fn column_line(at: &Catalog, column: &Column) -> String {
    let not_null = if column.nullable { "" } else { " NOT NULL" };
    match &column.default {
        Some(Default::Sequence) => format!("{} {}{not_null}", ident(&column.name), serial(at, column)),
        Some(default) => {
            let value = default_sql(at, &column.ty, default);
            format!("{} {}{not_null} DEFAULT {value}", ident(&column.name), type_sql(at, &column.ty))
        }
        None => format!("{} {}{not_null}", ident(&column.name), type_sql(at, &column.ty)),
    }
}

/// `SERIAL` and its kin: only where the table is new, since adding one to a table rewrites it.
fn serial(at: &Catalog, column: &Column) -> String {
    match &column.ty.base {
        BaseType::Native { name, .. } if name == "INTEGER" => "SERIAL".to_owned(),
        BaseType::Native { name, .. } if name == "BIGINT" => "BIGSERIAL".to_owned(),
        BaseType::Native { name, .. } if name == "SMALLINT" => "SMALLSERIAL".to_owned(),
        BaseType::Native { .. } | BaseType::Enum(_) | BaseType::Raw(_) => type_sql(at, &column.ty),
    }
}

/// Also locks the tables that its foreign keys point at
/// (measured; the constraint triggers on them go).
pub fn drop_table(at: &Catalog, id: TableId) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&id) else { return Vec::new() };
    let quoted = name(&table.name);
    let mut drop = Spelled::new(format!("DROP TABLE IF EXISTS {quoted}")).locking(quoted, AEL);
    for key in table.foreign_keys.values() {
        if let Some(target) = at.tables.get(&key.references) {
            drop = drop.locking(name(&target.name), AEL);
        }
    }
    vec![drop]
}

/// Indexes, constraints and sequences of its own move to another schema with a table.
pub fn rename_table(at: &Catalog, on: TableId, to: &Name) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let mut all = Vec::new();
    let mut sequences = Vec::new();
    let mut from = table.name.clone();
    let mut step = |from: &Name, to: &Name, what: String| {
        let (quoted, to) = (name(from), name(to));
        let due = format!("to_regclass({}) IS NOT NULL AND to_regclass({}) IS NULL", literal(&quoted), literal(&to));
        all.push(Spelled::new(format!("ALTER TABLE {quoted} {what}")).locking(quoted, AEL).while_true(due));
    };
    if from.schema != to.schema {
        // Neither schema may have both names at a time.
        let taken = at.tables.values().any(|t| t.name == Name { schema: to.schema.clone(), name: from.name.clone() });
        if taken {
            let meanwhile = from.with_name(crate::catalog::helper_name(&from.name, "ps"));
            step(&from, &meanwhile, format!("RENAME TO {}", ident(&meanwhile.name)));
            from = meanwhile;
        }
        let there = Name { schema: to.schema.clone(), name: from.name.clone() };
        sequences = sequences_in_the_way(at, table, &from, &there);
        step(&from, &there, format!("SET SCHEMA {}", ident(to.schema.as_deref().unwrap_or("public"))));
        from = there;
    }
    if from.name != to.name {
        step(&from, to, format!("RENAME TO {}", ident(&to.name)));
    }
    // Before the table moves, so that they can move along.
    let moves = all.iter().position(|s: &Spelled| s.sql.contains(" SET SCHEMA ")).unwrap_or(0);
    all.splice(moves..moves, sequences);
    // A table that was made under another name meanwhile has numbered its rows by a sequence of that.
    if at.once.is_none()
        && crate::catalog::is_helper_name(&table.name.name)
        && !crate::catalog::is_helper_name(&to.name)
    {
        for column in table.columns.values().filter(|c| c.default_is_sequence()) {
            let was = name(&to.with_name(format!("{}_{}_seq", table.name.name, column.name)));
            let sequence = format!("{}_{}_seq", to.name, column.name);
            let due = format!("to_regclass({}) IS NOT NULL", literal(&was));
            all.push(Spelled::new(format!("ALTER SEQUENCE {was} RENAME TO {}", ident(&sequence))).while_true(due));
        }
    }
    all
}

/// Sequences of a table that moves, under other names: those whose names another table's have in the schema that it moves to.
fn sequences_in_the_way(at: &Catalog, table: &Table, from: &Name, there: &Name) -> Vec<Spelled> {
    let in_schema = at.tables.values().filter(|t| t.name.schema == there.schema);
    let taken: Vec<String> =
        in_schema.flat_map(|t| t.columns.values().map(|c| format!("{}_{}_seq", t.name.name, c.name))).collect();
    let numbered = table.columns.values().filter(|c| c.default_is_sequence());
    let clashing = numbered.filter(|c| taken.contains(&format!("{}_{}_seq", table.name.name, c.name)));
    let quoted = name(from);
    let due =
        format!("to_regclass({}) IS NOT NULL AND to_regclass({}) IS NULL", literal(&quoted), literal(&name(there)));
    clashing
        .map(|c| {
            let meanwhile = crate::catalog::helper_name(&format!("{}_{}_seq", table.name.name, c.name), "ps_moved");
            Spelled::new(format!(
                "EXECUTE 'ALTER SEQUENCE ' || pg_get_serial_sequence({}, {}) || ' RENAME TO ' || {}",
                literal(&quoted),
                literal(&c.name),
                literal(&ident(&meanwhile))
            ))
            .while_true(format!("{due} AND to_regclass({}) IS NULL", literal(&name(&from.with_name(&meanwhile)))))
        })
        .collect()
}

pub fn analyze(at: &Catalog, on: TableId) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&on) else { return Vec::new() };
    let quoted = name(&table.name);
    vec![
        Spelled::new(format!("ANALYZE {quoted}"))
            .locking(quoted, "SHARE UPDATE EXCLUSIVE")
            .doing(super::super::Work::Check),
    ]
}
