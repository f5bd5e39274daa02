//! Backfills: rows changed in windows of the key, each window in a transaction of its own, resumable.
//!
//! Shape and settings are measured (docs/architecture.md, "Backfills"): windows by key instead of a search for what is still
//! NULL, the planner pinned to the key's index, rows taken by `ctid` under `FOR NO KEY UPDATE SKIP LOCKED`.

use super::fact::{as_comparable, comparable};
use super::helper::SCHEMA;
use super::quote::{ident, idents, literal, name};
use super::value::expr_sql;
use super::{super::Work as Cost, Spelled};
use crate::catalog::{Catalog, Column, ColumnId, Expr, Table, helper_name};
use crate::op::{Backfill, Work};

/// Rows per transaction.
const BATCH: u32 = 5000;
/// Seconds of rest after each: the pace, in one place.
const REST: &str = "0.01";

/// The change of a row, and which rows it still concerns.
struct Change {
    act: String,
    still: String,
}

pub fn spell(at: &Catalog, fill: &Backfill) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&fill.table) else { return Vec::new() };
    let sql = match &fill.work {
        Work::Fill { column, value } => {
            let Some(target) = table.columns.get(column) else { return Vec::new() };
            let field = ident(&target.name);
            let act = format!("UPDATE {} SET {field} = {}", name(&table.name), expr_sql(at, table, target, value, ""));
            windows(at, table, &fill.name, &Change { act, still: format!("{field} IS NULL") })
        }
        Work::Copy { old, new } => {
            let (old, new) = (field(table, *old), field(table, *new));
            let act = format!("UPDATE {} SET {new} = {old}", name(&table.name));
            windows(at, table, &fill.name, &Change { act, still: format!("{new} IS NULL AND {old} IS NOT NULL") })
        }
        Work::Convert { from, to, value } => {
            let Some(target) = table.columns.get(to) else { return Vec::new() };
            let (from, to) = (field(table, *from), field(table, *to));
            let act = format!("UPDATE {} SET {to} = {}", name(&table.name), expr_sql(at, table, target, value, ""));
            windows(at, table, &fill.name, &Change { act, still: format!("{to} IS NULL AND {from} IS NOT NULL") })
        }
        Work::Sync { to, value } => {
            let Some(target) = table.columns.get(to) else { return Vec::new() };
            let value = expr_sql(at, table, target, value, "");
            let act = format!("UPDATE {} SET {} = {value}", name(&table.name), field(table, *to));
            let still = format!("{} IS DISTINCT FROM {}", comparable(table, *to), as_comparable(table, *to, &value));
            windows(at, table, &fill.name, &Change { act, still })
        }
        Work::Map(mapping) => {
            let (set, still) = super::mapping::fill(at, table, mapping);
            windows(at, table, &fill.name, &Change { act: format!("UPDATE {} SET {set}", name(&table.name)), still })
        }
        Work::MapBack(mapping) => {
            let (set, still) = super::mapping::refill(at, table, mapping);
            windows(at, table, &fill.name, &Change { act: format!("UPDATE {} SET {set}", name(&table.name)), still })
        }
        Work::Carry { link, from } => {
            let (Some(act), Some(still)) =
                (super::carry::touch(at, link, *from), super::carry::behind(at, link, *from))
            else {
                return Vec::new();
            };
            windows(at, table, &fill.name, &Change { act, still })
        }
        Work::Return(sync) => {
            let spelled = super::sync::assignments(at, table, sync).zip(super::sync::behind(at, table, sync, ""));
            let Some((set, still)) = spelled else { return Vec::new() };
            windows(at, table, &fill.name, &Change { act: format!("UPDATE {} SET {set}", name(&table.name)), still })
        }
        Work::ClearOrphans { columns, references, referenced, set_null } => {
            let still = super::fact::orphan_condition(at, table, columns, *references, referenced);
            let act = if set_null.is_empty() {
                format!("DELETE FROM {}", name(&table.name))
            } else {
                let nulls =
                    set_null.iter().map(|c| format!("{} = NULL", field(table, *c))).collect::<Vec<_>>().join(", ");
                format!("UPDATE {} SET {nulls}", name(&table.name))
            };
            windows(at, table, &fill.name, &Change { act, still })
        }
        Work::KeepFirst { columns } => keep_first(table, columns.iter().map(|c| field(table, *c)).collect()),
        Work::KeepFirstOf { values } => {
            let sql = |(id, value): &(ColumnId, Expr)| {
                Some(format!("({})", expr_sql(at, table, table.columns.get(id)?, value, "")))
            };
            let Some(fields) = values.iter().map(sql).collect() else { return Vec::new() };
            keep_first(table, fields)
        }
    };
    vec![Spelled::new(sql).locking(name(&table.name), "ROW EXCLUSIVE").doing(Cost::Batches)]
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

/// The columns whose order the windows follow: the primary key, else a unique index without NULLs.
pub fn window_key(table: &Table) -> Option<Vec<&Column>> {
    let columns = |keys: &[crate::catalog::KeyColumn]| {
        keys.iter().map(|k| table.columns.get(&k.column)).collect::<Option<Vec<_>>>()
    };
    if let Some(key) = &table.primary_key {
        return columns(&key.columns);
    }
    let unique = table.indexes.values().filter(|i| i.unique && i.predicate.is_none());
    unique.filter_map(|i| columns(&i.columns)).find(|columns| columns.iter().all(|c| !c.nullable))
}

/// Does another column have, or had it, this one's name? A block is read before it runs, and may itself let the two change
/// places: then the name says nothing about the type.
fn changes_places(table: &Table, column: &Column) -> bool {
    let twin = |suffix| table.columns.values().any(|c| c.name == helper_name(&column.name, suffix));
    column.name.ends_with("__ps") || column.name.ends_with("__ps_old") || twin("ps") || twin("ps_old")
}

fn windows(at: &Catalog, table: &Table, progress: &str, change: &Change) -> String {
    let quoted = name(&table.name);
    let Change { act, still } = change;
    let Some(key) = window_key(table) else {
        // Without a key there are no windows; everything at once is what is left, and the planner has said so.
        return format!("{act} WHERE {still};\n  COMMIT;");
    };
    let fields = idents(key.iter().map(|c| c.name.as_str()));
    let vars = |stem: &str| (0..key.len()).map(|i| format!("_ps_{stem}_{i}")).collect::<Vec<_>>();
    let (lo, next) = (vars("lo"), vars("next"));
    let declare = |vars: &[String]| {
        vars.iter()
            .zip(&key)
            .map(|(v, c)| match changes_places(table, c) {
                true => format!("{v} {};", super::value::type_sql(at, &c.ty)),
                false => format!("{v} {quoted}.{}%TYPE;", ident(&c.name)),
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let resume =
        lo.iter().enumerate().map(|(i, v)| format!("{v} := _ps_key[{}];", i + 1)).collect::<Vec<_>>().join(" ");
    let keep = next.iter().map(|v| format!("{v}::text")).collect::<Vec<_>>().join(", ");
    let step = lo.iter().zip(&next).map(|(a, b)| format!("{a} := {b};")).collect::<Vec<_>>().join(" ");
    let (lo_list, next_list, first) = (lo.join(", "), next.join(", "), &lo[0]);
    let from = format!("({fields}) >= ({lo_list})");
    let until = format!("{from} AND ({fields}) < ({next_list})");
    let batch = |window: &str, skip: &str| {
        format!(
            "{act}\n          WHERE ctid = ANY (ARRAY(SELECT ctid FROM {quoted} WHERE {window} AND {still} FOR NO KEY UPDATE{skip}))\n            AND {still};"
        )
    };
    let (id, bounded, open) = (literal(progress), batch(&until, " SKIP LOCKED"), batch(&from, " SKIP LOCKED"));
    let rest = format!(
        "{act}\n      WHERE ctid = ANY (ARRAY(SELECT ctid FROM {quoted} WHERE {still} LIMIT {BATCH} FOR NO KEY UPDATE)) AND {still};"
    );
    format!(
        "DECLARE
    {} {}
    _ps_key text[]; _ps_last boolean; _ps_rows bigint;
  BEGIN
    INSERT INTO {SCHEMA}.\"backfill\" (\"id\") VALUES ({id}) ON CONFLICT (\"id\") DO NOTHING;
    SELECT \"last_key\" INTO _ps_key FROM {SCHEMA}.\"backfill\" WHERE \"id\" = {id};
    IF _ps_key IS NULL THEN
      SELECT {fields} INTO {lo_list} FROM {quoted} ORDER BY {fields} LIMIT 1;
    ELSE
      {resume}
    END IF;
    COMMIT;
    WHILE {first} IS NOT NULL LOOP
      SET LOCAL lock_timeout = '2s';
      SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
      SELECT {fields} INTO {next_list} FROM {quoted} WHERE {from} ORDER BY {fields} OFFSET {BATCH} LIMIT 1;
      _ps_last := NOT FOUND;
      IF _ps_last THEN
        {open}
      ELSE
        {bounded}
      END IF;
      GET DIAGNOSTICS _ps_rows = ROW_COUNT;
      UPDATE {SCHEMA}.\"backfill\" SET \"last_key\" = CASE WHEN _ps_last THEN NULL ELSE ARRAY[{keep}] END,
        \"rows_done\" = \"rows_done\" + _ps_rows, \"batches\" = \"batches\" + 1, \"updated_at\" = now(),
        \"done_at\" = CASE WHEN _ps_last THEN now() END
      WHERE \"id\" = {id};
      COMMIT;
      EXIT WHEN _ps_last;
      {step}
      PERFORM pg_sleep({REST});
    END LOOP;
    -- rows that somebody held locked when their window came by
    SET LOCAL lock_timeout = '2s';
    {rest}
    COMMIT;
  END;",
        declare(&lo),
        declare(&next),
    )
}

/// Each round looks at the table once and deletes up to a batch of the later duplicates.
fn keep_first(table: &Table, fields: Vec<String>) -> String {
    let quoted = name(&table.name);
    let known = fields.iter().map(|f| format!("{f} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let order = window_key(table).map_or_else(|| "ctid".to_owned(), |key| idents(key.iter().map(|c| c.name.as_str())));
    let fields = fields.join(", ");
    format!(
        "DECLARE _ps_rows bigint;
  BEGIN
    LOOP
      SET LOCAL lock_timeout = '2s';
      DELETE FROM {quoted} WHERE ctid = ANY (ARRAY(
        SELECT _ps_ctid FROM (SELECT ctid AS _ps_ctid, row_number() OVER (PARTITION BY {fields} ORDER BY {order}) AS _ps_nth
                              FROM {quoted} WHERE {known}) AS _ps_ranked
        WHERE _ps_nth > 1 LIMIT {BATCH}));
      GET DIAGNOSTICS _ps_rows = ROW_COUNT;
      COMMIT;
      EXIT WHEN _ps_rows = 0;
      PERFORM pg_sleep({REST});
    END LOOP;
  END;"
    )
}
