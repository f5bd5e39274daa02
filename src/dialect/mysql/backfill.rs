//! Backfills: rows changed in windows of the key, each window in a transaction of its own, resumable.
//!
//! A procedure, since nothing else loops, which is gone when it has run. Each transaction reads what is committed: else the last
//! window would lock the end of the index, and every insert would wait
//! (<https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html>). It waits for a row for two seconds, and tries the window again.

use super::super::crossing::Bring;
use super::fact::{as_comparable, comparable, orphan_condition};
use super::helper::{PACE, PROGRESS};
use super::quote::{ident, literal, name};
use super::types::{Family, family};
use super::value::expr_sql;
use super::{super::Work as Cost, Spelled};
use crate::catalog::{Catalog, Column, ColumnId, Expr, KeyColumn, Table};
use crate::op::{Backfill, Work};
use std::fmt::Write as _;

/// Rows per transaction, unless somebody changes the pace.
pub const BATCH: u32 = 1000;
/// Seconds of rest after each.
pub const REST: &str = "0.01";
/// How often a window is tried that other transactions stand in the way of.
const TRIES: u32 = 60;

/// The change of a row, and which rows it still concerns.
pub(super) struct Change {
    /// The statement, up to its condition.
    pub(super) act: String,
    /// The condition.
    pub(super) still: String,
}

/// With a condition, only while it holds.
pub fn spell(at: &Catalog, fill: &Backfill, only_while: Option<&str>) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&fill.table) else { return Vec::new() };
    let body = match (alike(at, table, &fill.work), change(at, table, &fill.work)) {
        (Some(fields), _) => match keep_first(table, &fields, " LIMIT _ps_batch") {
            Some(delete) => rounds(&delete),
            None => return Vec::new(),
        },
        (None, Some(change)) => windows(table, &fill.name, &change),
        (None, None) => return Vec::new(),
    };
    // What a procedure does is read as it is done, so what comes behind the condition need not be there.
    let guarded = only_while.map(|condition| {
        let (words, rest) = body.split_at(declared(&body));
        (words.to_owned(), format!("  IF NOT ({condition}) THEN LEAVE _ps; END IF;\n{rest}"))
    });
    let (label, body) = guarded.map_or(("", body), |(words, rest)| ("_ps: ", words + &rest));
    let procedure = ident(&format!("_prisma_stage_{:08x}", crc32fast::hash(fill.name.as_bytes())));
    let on = name(&table.name);
    let drop = format!("DROP PROCEDURE IF EXISTS {procedure}");
    let whole = [
        drop.clone(),
        format!("CREATE PROCEDURE {procedure}() MODIFIES SQL DATA SQL SECURITY INVOKER {label}BEGIN\n{body}END"),
        "SET @ps_patience = @@SESSION.innodb_lock_wait_timeout".to_owned(),
        "SET SESSION innodb_lock_wait_timeout = 2".to_owned(),
        format!("CALL {procedure}()"),
        "SET SESSION innodb_lock_wait_timeout = @ps_patience".to_owned(),
        drop,
    ];
    vec![Spelled::new(whole.join(";\n")).locking(on, "ROWS").doing(Cost::Batches)]
}

/// Where the declarations of a body end, which come first.
fn declared(body: &str) -> usize {
    body.split_inclusive('\n').take_while(|line| line.starts_with("  DECLARE ")).map(str::len).sum()
}

/// The same rows in one statement.
pub fn at_once(at: &Catalog, fill: &Backfill) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&fill.table) else { return Vec::new() };
    let spelled = |sql| Spelled::new(sql).locking(name(&table.name), "ROWS").doing(Cost::Rows);
    if let Work::Carry { link, from } = &fill.work {
        return super::carry::at_once(at, link, *from).into_iter().map(spelled).collect();
    }
    if let Work::Across { across, from } = &fill.work {
        return super::across::at_once(at, across, *from).into_iter().map(spelled).collect();
    }
    let sql = match (alike(at, table, &fill.work), change(at, table, &fill.work)) {
        (Some(fields), _) => keep_first(table, &fields, ""),
        (None, Some(Change { act, still })) => Some(format!("{act} WHERE {still}")),
        (None, None) => None,
    };
    sql.map(spelled).into_iter().collect()
}

/// What is done to a row; none where the work is not one row's alone.
pub(super) fn change(at: &Catalog, table: &Table, work: &Work) -> Option<Change> {
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
            let sql = super::cast::typed(at, &target.ty, &expr_sql(at, table, target, value, ""));
            let still = format!("NOT ({} <=> {})", comparable(table, *to), as_comparable(table, *to, &sql));
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
        Work::Return(sync) => {
            let set = super::sync::WORDS.assignments(at, table, sync)?;
            Change { act: format!("UPDATE {quoted} SET {set}"), still: super::sync::WORDS.behind(at, table, sync, "")? }
        }
        Work::ClearOrphans { columns, references, referenced, set_null } => {
            let still = orphan_condition(at, table, columns, *references, referenced);
            let act = if set_null.is_empty() {
                format!("DELETE FROM {quoted}")
            } else {
                let nulls = set_null.iter().map(|c| format!("{} = NULL", field(table, *c))).collect::<Vec<_>>();
                format!("UPDATE {quoted} SET {}", nulls.join(", "))
            };
            Change { act, still }
        }
        Work::Together(parts) => {
            let (mut sets, mut still) = (Vec::new(), Vec::new());
            for part in parts {
                let (id, value) = part.target()?;
                let target = table.columns.get(&id)?;
                let (field, value) = (ident(&target.name), expr_sql(at, table, target, &value, ""));
                let rows = change(at, table, part)?.still;
                sets.push(format!("{field} = CASE WHEN {rows} THEN {value} ELSE {field} END"));
                still.push(format!("({rows})"));
            }
            let act = format!("UPDATE {quoted} SET {}", sets.join(",\n          "));
            Change { act, still: format!("({})", still.join(" OR ")) }
        }
        // The trigger carries what is touched: rows are taken in the order in which it takes them.
        Work::Carry { link, from } => Change { act: super::carry::touch(at, link, *from)?, still: "TRUE".to_owned() },
        Work::Across { across, from } => {
            let Bring { act, still } = super::across::bring(at, across, *from)?;
            Change { act, still }
        }
        // Not of one row.
        Work::KeepFirst { .. } | Work::KeepFirstOf { .. } => return None,
    })
}

/// What rows agree in of which only the first stays; None for other work.
pub(super) fn alike(at: &Catalog, table: &Table, work: &Work) -> Option<Vec<String>> {
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
fn window_key(table: &Table) -> Option<Vec<&Column>> {
    let columns = |keys: &[KeyColumn]| keys.iter().map(|k| table.columns.get(&k.column)).collect::<Option<Vec<_>>>();
    if let Some(key) = &table.primary_key {
        return columns(&key.columns);
    }
    let whole = |keys: &[KeyColumn]| keys.iter().all(|k| k.length.is_none());
    let unique = table.indexes.values().filter(|i| i.unique && i.method.is_none() && whole(&i.columns));
    unique.filter_map(|i| columns(&i.columns)).find(|columns| columns.iter().all(|c| !c.nullable))
}

/// The same, as they stand in a statement.
pub(super) fn key_fields(table: &Table) -> Option<Vec<String>> {
    Some(window_key(table)?.iter().map(|column| ident(&column.name)).collect())
}

/// `a > x OR (a = x AND (b > y OR …))`, which an index serves, as a comparison of rows is not
/// (<https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html>).
fn compared(fields: &[String], variables: &[String], strict: &str, last: &str) -> String {
    let Some(((a, x), rest)) =
        fields.split_first().zip(variables.split_first()).map(|((a, f), (x, v))| ((a, x), (f, v)))
    else {
        return "TRUE".to_owned();
    };
    if rest.0.is_empty() {
        return format!("{a} {last} {x}");
    }
    format!("{a} {strict}= {x} AND ({a} {strict} {x} OR {})", compared(rest.0, rest.1, strict, last))
}

fn windows(table: &Table, progress: &str, change: &Change) -> String {
    let quoted = name(&table.name);
    let Change { act, still } = change;
    let Some(key) = window_key(table) else {
        // Without a key there are no windows; everything at once is what is left.
        return format!("  {act} WHERE {still};\n");
    };
    // An enum is sorted by the place of its label, and compared with text by its letters.
    let field = |c: &&Column| match family(&c.ty) {
        Family::Enum => format!("({} + 0)", ident(&c.name)),
        _ => ident(&c.name),
    };
    let fields: Vec<String> = key.iter().map(field).collect();
    let variables = |stem: &str| (0..key.len()).map(|i| format!("@ps_{stem}_{i}")).collect::<Vec<_>>();
    let (lo, next) = (variables("lo"), variables("next"));
    let (list, lo_list, next_list) = (fields.join(", "), lo.join(", "), next.join(", "));
    let from = compared(&fields, &lo, ">", ">=");
    let until = format!("{from} AND {}", compared(&fields, &next, "<", "<"));
    let id = literal(progress);
    // Text as it stands in a query, since a variable would have a collation of its own.
    let bytes = |c: &Column| family(&c.ty) == Family::Bytes;
    let kept = key.iter().zip(&next).map(|(c, v)| match bytes(c) {
        true => format!("CONCAT('0x', HEX({v}))"),
        false if matches!(family(&c.ty), Family::Whole | Family::Boolean | Family::Enum) => {
            format!("CAST({v} AS CHAR)")
        }
        false => format!("QUOTE({v})"),
    });
    let kept = format!("CONCAT_WS(', ', {})", kept.collect::<Vec<_>>().join(", "));
    let clear = |all: &[String]| all.iter().map(|v| format!("{v} = NULL")).collect::<Vec<_>>().join(", ");
    let step = lo.iter().zip(&next).map(|(a, b)| format!("{a} = {b}")).collect::<Vec<_>>().join(", ");
    let (first, none) = (&lo[0], &next[0]);
    let resume = literal(&format!("SELECT {list} INTO {lo_list} FROM {quoted} WHERE ({list}) >= ("));
    let order = literal(&format!(") ORDER BY {list} LIMIT 1"));
    let act_bounded = format!("{act} WHERE {until} AND {still}");
    let act_open = format!("{act} WHERE {from} AND {still}");
    format!(
        "  DECLARE _ps_batch, _ps_tries INT UNSIGNED DEFAULT 0;
  DECLARE _ps_rest DOUBLE DEFAULT 0;
  DECLARE _ps_key TEXT DEFAULT NULL;
  DECLARE _ps_waits BOOLEAN DEFAULT FALSE;
  DECLARE CONTINUE HANDLER FOR 1205, 1213 SET _ps_waits = TRUE;
  INSERT IGNORE INTO {PROGRESS} (`id`) VALUES ({id});
  SELECT `last_key` INTO _ps_key FROM {PROGRESS} WHERE `id` = {id};
  SET {clear_lo};
  IF _ps_key IS NOT NULL THEN
    SET @ps = CONCAT({resume}, _ps_key, {order});
    PREPARE ps FROM @ps;
    EXECUTE ps;
    DEALLOCATE PREPARE ps;
  ELSE
    SELECT {list} INTO {lo_list} FROM {quoted} ORDER BY {list} LIMIT 1;
  END IF;
  WHILE {first} IS NOT NULL DO
    SELECT COALESCE(MAX(`batch_rows`), {BATCH}), COALESCE(MAX(`rest_seconds`), {REST}) INTO _ps_batch, _ps_rest FROM {PACE};
    SET {clear_next};
    SELECT {list} INTO {next_list} FROM {quoted} WHERE {from} ORDER BY {list} LIMIT 1 OFFSET _ps_batch;
    SET _ps_waits = FALSE;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;
    IF {none} IS NULL THEN
      {act_open};
    ELSE
      {act_bounded};
    END IF;
    SET @ps_rows = ROW_COUNT();
    IF _ps_waits THEN
      ROLLBACK;
      SET _ps_tries = _ps_tries + 1;
      IF _ps_tries > {TRIES} THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'prisma-stage: other transactions hold these rows: run it again, it goes on from there';
      END IF;
      DO SLEEP(0.5);
    ELSE
      UPDATE {PROGRESS} SET `last_key` = IF({none} IS NULL, NULL, {kept}), `rows_done` = `rows_done` + GREATEST(@ps_rows, 0),
        `batches` = `batches` + 1, `updated_at` = CURRENT_TIMESTAMP, `done_at` = IF({none} IS NULL, CURRENT_TIMESTAMP, NULL) WHERE `id` = {id};
      COMMIT;
      SET _ps_tries = 0;
      SET {step};
      DO SLEEP(_ps_rest);
    END IF;
  END WHILE;
",
        clear_lo = clear(&lo),
        clear_next = clear(&next),
    )
}

/// Rounds of a statement that changes a batch, until it finds nothing more.
fn rounds(statement: &str) -> String {
    format!(
        "  DECLARE _ps_batch INT UNSIGNED DEFAULT {BATCH};
  DECLARE _ps_rest DOUBLE DEFAULT 0;
  SET @ps_rows = 1;
  WHILE @ps_rows > 0 DO
    SELECT COALESCE(MAX(`batch_rows`), {BATCH}), COALESCE(MAX(`rest_seconds`), {REST}) INTO _ps_batch, _ps_rest FROM {PACE};
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;
    {statement};
    SET @ps_rows = ROW_COUNT();
    COMMIT;
    DO SLEEP(_ps_rest);
  END WHILE;
"
    )
}

/// Deletes all rows but the first by key of those that agree; None where the table has no key to tell them by.
pub(super) fn keep_first(table: &Table, fields: &[String], limit: &str) -> Option<String> {
    let quoted = name(&table.name);
    let key = key_fields(table)?;
    let known = fields.iter().map(|f| format!("{f} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let (list, alike) = (key.join(", "), fields.join(", "));
    let met = key.iter().map(|k| format!("{quoted}.{k} = _ps_later.{k}")).collect::<Vec<_>>().join(" AND ");
    Some(format!(
        "DELETE {quoted} FROM {quoted} JOIN (SELECT {list} FROM (SELECT {list}, ROW_NUMBER() OVER (PARTITION BY {alike} ORDER BY {list}) AS _ps_nth \
         FROM {quoted} WHERE {known}) AS _ps_ranked WHERE _ps_nth > 1{limit}) AS _ps_later ON {met}"
    ))
}
