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
use std::fmt::Write as _;

/// Rows per transaction, unless somebody changes the pace (`prisma_stage.pace`).
pub const BATCH: u32 = 5000;
/// Seconds of rest after each.
pub const REST: &str = "0.01";

/// The pace is looked up before each batch, so it can be changed while a backfill runs.
fn pace() -> String {
    format!(
        "SELECT coalesce(max(\"batch_rows\"), {BATCH}), coalesce(max(\"rest_seconds\"), {REST}) INTO _ps_batch, _ps_rest FROM {SCHEMA}.\"pace\";"
    )
}

/// The change of a row, and which rows it still concerns.
struct Change {
    act: String,
    still: String,
}

pub fn spell(at: &Catalog, fill: &Backfill) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&fill.table) else { return Vec::new() };
    let sql = match &fill.work {
        work @ (Work::KeepFirst { .. } | Work::KeepFirstOf { .. }) => match alike(at, table, work) {
            Some(fields) => keep_first(table, &fields),
            None => return Vec::new(),
        },
        work => match change(at, table, work) {
            Some(change) => windows(at, table, &fill.name, &change),
            None => return Vec::new(),
        },
    };
    vec![Spelled::new(sql).locking(name(&table.name), "ROW EXCLUSIVE").doing(Cost::Batches)]
}

/// The same rows in one statement.
pub fn at_once(at: &Catalog, fill: &Backfill) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&fill.table) else { return Vec::new() };
    let sql = match &fill.work {
        work @ (Work::KeepFirst { .. } | Work::KeepFirstOf { .. }) => match alike(at, table, work) {
            Some(fields) => {
                let later = later_duplicates(table, &fields);
                format!("DELETE FROM {} WHERE ctid = ANY (ARRAY({later}))", name(&table.name))
            }
            None => return Vec::new(),
        },
        Work::Carry { link, from } => return super::carry::at_once(at, link, *from),
        Work::Across { across, from } => return super::across::at_once(at, across, *from),
        work => match change(at, table, work) {
            Some(Change { act, still }) => format!("{act} WHERE {still}"),
            None => return Vec::new(),
        },
    };
    vec![Spelled::new(sql).locking(name(&table.name), "ROW EXCLUSIVE").doing(Cost::Rows)]
}

/// What is done to a row; none where the work is not one row's alone.
fn change(at: &Catalog, table: &Table, work: &Work) -> Option<Change> {
    let quoted = name(&table.name);
    let set = |target: &Column, value: &Expr| {
        format!("UPDATE {quoted} SET {} = {}", ident(&target.name), expr_sql(at, table, target, value, ""))
    };
    Some(match work {
        Work::Fill { column, value } => {
            let target = table.columns.get(column)?;
            let mut still = format!("{} IS NULL", ident(&target.name));
            if at.stays_optional(*column) {
                // What is NULL again is not written for nothing.
                let _ = write!(still, " AND {} IS NOT NULL", expr_sql(at, table, target, value, ""));
            }
            Change { act: set(target, value), still }
        }
        Work::Copy { old, new } => {
            let (old, new) = (field(table, *old), field(table, *new));
            let act = format!("UPDATE {quoted} SET {new} = {old}");
            Change { act, still: format!("{new} IS NULL AND {old} IS NOT NULL") }
        }
        Work::Convert { from, to, value } => {
            let still = format!("{} IS NULL AND {} IS NOT NULL", field(table, *to), field(table, *from));
            Change { act: set(table.columns.get(to)?, value), still }
        }
        Work::Sync { to, value } => {
            let target = table.columns.get(to)?;
            let sql = expr_sql(at, table, target, value, "");
            let still = format!("{} IS DISTINCT FROM {}", comparable(table, *to), as_comparable(table, *to, &sql));
            Change { act: set(target, value), still }
        }
        Work::Map(mapping) => {
            let (set, still) = super::mapping::fill(at, table, mapping);
            Change { act: format!("UPDATE {quoted} SET {set}"), still }
        }
        Work::MapBack(mapping) => {
            let (set, still) = super::mapping::refill(at, table, mapping);
            Change { act: format!("UPDATE {quoted} SET {set}"), still }
        }
        Work::Carry { link, from } => {
            Change { act: super::carry::touch(at, link, *from)?, still: super::carry::behind(at, link, *from)? }
        }
        Work::Across { across, from } => {
            let (act, still) = super::across::batch(at, across, *from)?;
            Change { act, still }
        }
        Work::Return(sync) => {
            let set = super::sync::WORDS.assignments(at, table, sync)?;
            Change { act: format!("UPDATE {quoted} SET {set}"), still: super::sync::WORDS.behind(at, table, sync, "")? }
        }
        Work::ClearOrphans { columns, references, referenced, set_null } => {
            let still = super::fact::orphan_condition(at, table, columns, *references, referenced);
            let act = if set_null.is_empty() {
                format!("DELETE FROM {quoted}")
            } else {
                let nulls =
                    set_null.iter().map(|c| format!("{} = NULL", field(table, *c))).collect::<Vec<_>>().join(", ");
                format!("UPDATE {quoted} SET {nulls}")
            };
            Change { act, still }
        }
        Work::Together(parts) => {
            let quoted = name(&table.name);
            let (mut sets, mut still) = (Vec::new(), Vec::new());
            for part in parts {
                let (id, value) = part.target()?;
                let target = table.columns.get(&id)?;
                let (field, value) = (ident(&target.name), expr_sql(at, table, target, &value, ""));
                let rows = change(at, table, part)?.still;
                sets.push(match part {
                    Work::Fill { .. } | Work::Copy { .. } => format!("{field} = coalesce({field}, {value})"),
                    _ => format!("{field} = CASE WHEN {rows} THEN {value} ELSE {field} END"),
                });
                still.push(rows);
            }
            let act = format!("UPDATE {quoted} SET {}", sets.join(",\n          "));
            Change { act, still: format!("({})", still.iter().map(|s| one_of(s)).collect::<Vec<_>>().join(" OR ")) }
        }
        Work::KeepFirst { .. } | Work::KeepFirstOf { .. } => return None,
    })
}

/// A condition that stands beside others.
fn one_of(condition: &str) -> String {
    if condition.contains(" AND ") { format!("({condition})") } else { condition.to_owned() }
}

/// What rows agree in of which only the first stays; None for other work.
fn alike(at: &Catalog, table: &Table, work: &Work) -> Option<Vec<String>> {
    match work {
        Work::KeepFirst { columns } => Some(columns.iter().map(|c| field(table, *c)).collect()),
        Work::KeepFirstOf { values } => {
            let sql = |(id, value): &(ColumnId, Expr)| {
                Some(format!("({})", expr_sql(at, table, table.columns.get(id)?, value, "")))
            };
            values.iter().map(sql).collect()
        }
        Work::Fill { .. }
        | Work::Copy { .. }
        | Work::Convert { .. }
        | Work::Sync { .. }
        | Work::Map(_)
        | Work::MapBack(_)
        | Work::Carry { .. }
        | Work::Across { .. }
        | Work::Return(_)
        | Work::ClearOrphans { .. }
        | Work::Together(_) => None,
    }
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
    let like = |c: &Column, suffix: &str| c.name.starts_with(&column.name) && c.name.ends_with(&format!("__{suffix}"));
    let twin =
        |suffix: &str| table.columns.values().any(|c| c.name == helper_name(&column.name, suffix) || like(c, suffix));
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
        "{act}\n      WHERE ctid = ANY (ARRAY(SELECT ctid FROM {quoted} WHERE {still} LIMIT _ps_batch FOR NO KEY UPDATE)) AND {still};"
    );
    format!(
        "DECLARE
    {} {}
    _ps_key text[]; _ps_last boolean; _ps_rows bigint; _ps_batch int; _ps_rest float8;
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
      {pace}
      SET LOCAL lock_timeout = '2s';
      SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
      SELECT {fields} INTO {next_list} FROM {quoted} WHERE {from} ORDER BY {fields} OFFSET _ps_batch LIMIT 1;
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
      PERFORM pg_sleep(_ps_rest);
    END LOOP;
    -- rows that somebody held locked when their window came by
    SET LOCAL lock_timeout = '2s';
    {rest}
    COMMIT;
  END;",
        declare(&lo),
        declare(&next),
        pace = pace(),
    )
}

/// Each round looks at the table once and deletes up to a batch of the later duplicates.
fn keep_first(table: &Table, fields: &[String]) -> String {
    let (quoted, later, pace) = (name(&table.name), later_duplicates(table, fields), pace());
    format!(
        "DECLARE _ps_rows bigint; _ps_batch int; _ps_rest float8;
  BEGIN
    LOOP
      {pace}
      SET LOCAL lock_timeout = '2s';
      DELETE FROM {quoted} WHERE ctid = ANY (ARRAY(
        {later} LIMIT _ps_batch));
      GET DIAGNOSTICS _ps_rows = ROW_COUNT;
      COMMIT;
      EXIT WHEN _ps_rows = 0;
      PERFORM pg_sleep(_ps_rest);
    END LOOP;
  END;"
    )
}

/// The query for the places of all rows but the first of those that agree.
fn later_duplicates(table: &Table, fields: &[String]) -> String {
    let quoted = name(&table.name);
    let known = fields.iter().map(|f| format!("{f} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let order = window_key(table).map_or_else(|| "ctid".to_owned(), |key| idents(key.iter().map(|c| c.name.as_str())));
    let fields = fields.join(", ");
    format!(
        "SELECT _ps_ctid FROM (SELECT ctid AS _ps_ctid, row_number() OVER (PARTITION BY {fields} ORDER BY {order}) AS _ps_nth
                              FROM {quoted} WHERE {known}) AS _ps_ranked
        WHERE _ps_nth > 1"
    )
}
