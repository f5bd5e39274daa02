//! Helpers of a plan under way: second names, triggers, the place where backfills keep their progress.

use super::Spelled;
use super::backfill::{BATCH, REST};
use super::fact::as_comparable;
use super::quote::{ident, literal, name, tag};
use super::value::expr_sql;
use crate::catalog::{Catalog, Column, ColumnId, Table, Trigger, TriggerId, TriggerRule, View, ViewId};

pub const AEL: &str = "ACCESS EXCLUSIVE";
pub const SRE: &str = "SHARE ROW EXCLUSIVE";
pub const SUE: &str = "SHARE UPDATE EXCLUSIVE";

/// The schema for everything of ours that is not on a user's table. Prisma does not look at it.
pub const SCHEMA: &str = "\"prisma_stage\"";

/// The function that reads a value of another type out of text, or gives NULL: a bare cast in a trigger would fail the write.
pub const READ: &str = "\"prisma_stage\".\"read\"";

/// An automatically updatable view: one table, plain columns
/// (<https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS>).
pub fn create_view(at: &Catalog, view: &View) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&view.table) else { return Vec::new() };
    let columns = view.columns.iter().map(|(alias, id)| {
        let column = table.columns.get(id).map_or("", |c| &c.name);
        if column == alias { ident(column) } else { format!("{} AS {}", ident(column), ident(alias)) }
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let (quoted, of) = (name(&view.name), name(&table.name));
    // As whoever asks, row-level security holds as it does for the table (since PostgreSQL 15).
    let invoker = format!("EXECUTE 'ALTER VIEW {} SET (security_invoker = true)'", quoted.replace('\'', "''"));
    let rights = format!(
        "EXECUTE coalesce((SELECT string_agg(format('GRANT %s ON %s TO %s', privilege_type, {}, CASE grantee WHEN 0 THEN 'PUBLIC' \
         ELSE quote_ident(pg_get_userbyid(grantee)) END), '; ') FROM pg_catalog.pg_class, aclexplode(relacl) \
         WHERE oid = to_regclass({}) AND grantee <> relowner AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')), 'SELECT 1')",
        literal(&quoted),
        literal(&of)
    );
    vec![
        Spelled::new(format!("CREATE OR REPLACE VIEW {quoted} AS SELECT {columns} FROM {of}"))
            .locking(of, "ACCESS SHARE"),
        Spelled::new(invoker).while_true("current_setting('server_version_num')::int >= 150000"),
        Spelled::new(rights),
    ]
}

pub fn drop_view(at: &Catalog, id: ViewId) -> Vec<Spelled> {
    let Some(view) = at.views.get(&id) else { return Vec::new() };
    let quoted = name(&view.name);
    let is_view = format!(
        "EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass({}) AND relkind = 'v')",
        literal(&quoted)
    );
    vec![Spelled::new(format!("DROP VIEW {quoted}")).locking(quoted.clone(), AEL).while_true(is_view)]
}

/// A trigger that is to fire last: BEFORE triggers run in the order of their names.
pub fn trigger_name(trigger: &Trigger, event: &str) -> String {
    format!("zz_ps_{}_{event}", trigger.name)
}

pub fn function_name(trigger: &Trigger, event: &str) -> String {
    format!("{SCHEMA}.{}", ident(&format!("{}_{event}", trigger.name)))
}

/// BEFORE triggers that assign NEW: one row version, no second UPDATE, and they run before NOT NULL is checked. No
/// `UPDATE OF` (it does not see what other triggers change) and no trigger depth.
pub fn create_trigger(at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    if let [TriggerRule::Carry { link, from, carry }] = trigger.rules.as_slice() {
        return super::carry::create(at, trigger, link, *from, *carry);
    }
    if let [TriggerRule::Across { across, from, carry }] = trigger.rules.as_slice() {
        return super::across::create(at, trigger, across, *from, *carry);
    }
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let mut all = Vec::new();
    for event in ["ins", "upd"] {
        let body = trigger.rules.iter().map(|rule| rule_sql(at, table, rule, event)).collect::<String>();
        let body = format!("\nBEGIN\n{body}  RETURN NEW;\nEND\n");
        let quote = tag(&body, "fn");
        let function = function_name(trigger, event);
        all.push(Spelled::new(format!(
            "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {quote}{body}{quote}"
        )));
    }
    let quoted = name(&table.name);
    for (event, when) in [("ins", "INSERT"), ("upd", "UPDATE")] {
        let (trigger_sql, function) = (ident(&trigger_name(trigger, event)), function_name(trigger, event));
        all.push(
            Spelled::new(format!(
                "CREATE TRIGGER {trigger_sql} BEFORE {when} ON {quoted} FOR EACH ROW EXECUTE FUNCTION {function}()"
            ))
            .locking(quoted.clone(), SRE)
            .while_true(format!(
                "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass({}) AND tgname = {})",
                literal(&quoted),
                literal(&trigger_name(trigger, event))
            )),
        );
    }
    all
}

fn rule_sql(at: &Catalog, table: &Table, rule: &TriggerRule, event: &str) -> String {
    let field = |id: &ColumnId| ident(table.columns.get(id).map_or("", |c: &Column| &c.name));
    match rule {
        TriggerRule::Give { .. } if event != "ins" => String::new(),
        TriggerRule::Fill { column, value } | TriggerRule::Give { column, value } => {
            let Some(target) = table.columns.get(column) else { return String::new() };
            let value = expr_sql(at, table, target, value, "NEW.");
            let column = ident(&target.name);
            format!("  IF NEW.{column} IS NULL THEN NEW.{column} := {value}; END IF;\n")
        }
        TriggerRule::Compute { column, value } => {
            let Some(target) = table.columns.get(column) else { return String::new() };
            format!("  NEW.{} := {};\n", ident(&target.name), expr_sql(at, table, target, value, "NEW."))
        }
        // A trigger of its own.
        TriggerRule::Carry { .. } | TriggerRule::Across { .. } => String::new(),
        TriggerRule::Map { mapping, lead } => super::mapping::rule_sql(at, table, mapping, *lead, event),
        TriggerRule::Sync(sync) => super::sync::WORDS.both_ways(at, table, sync, event).unwrap_or_default(),
        TriggerRule::Follow(sync) => super::sync::WORDS.follow(at, table, sync).unwrap_or_default(),
        TriggerRule::Mirror { old, new } => {
            let (a, b) = (field(old), field(new));
            let differ = |x: String, y: String| {
                format!("{} IS DISTINCT FROM {}", as_comparable(table, *new, &x), as_comparable(table, *new, &y))
            };
            // On insert the new column has no default, so a value in it is a new client's. On update whoever changed its
            // side wins, the new side if both did; a row that nobody filled yet is filled.
            let new_wrote = if event == "ins" {
                format!("NEW.{b} IS NOT NULL")
            } else {
                differ(format!("NEW.{b}"), format!("OLD.{b}"))
            };
            let apart = differ(format!("NEW.{b}"), format!("NEW.{a}"));
            format!(
                "  IF {apart} THEN\n    IF {new_wrote} THEN NEW.{a} := NEW.{b}; ELSE NEW.{b} := NEW.{a}; END IF;\n  END IF;\n"
            )
        }
    }
}

pub fn drop_trigger(at: &Catalog, id: TriggerId) -> Vec<Spelled> {
    let Some(trigger) = at.triggers.get(&id) else { return Vec::new() };
    if let [TriggerRule::Carry { .. } | TriggerRule::Across { .. }] = trigger.rules.as_slice() {
        return super::carry::drop(at, trigger);
    }
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let quoted = name(&table.name);
    let drop = |event: &str| {
        Spelled::new(format!("DROP TRIGGER IF EXISTS {} ON {quoted}", ident(&trigger_name(trigger, event))))
            .locking(quoted.clone(), AEL)
    };
    let forget = |event: &str| Spelled::new(format!("DROP FUNCTION IF EXISTS {}()", function_name(trigger, event)));
    vec![drop("ins"), drop("upd"), forget("ins"), forget("upd")]
}

pub fn open_bookkeeping() -> Vec<Spelled> {
    vec![
        Spelled::new(format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}")),
        Spelled::new(format!(
            "CREATE TABLE IF NOT EXISTS {SCHEMA}.\"backfill\" (\n  \"id\" TEXT PRIMARY KEY,\n  \"last_key\" TEXT[],\n  \
             \"rows_done\" BIGINT NOT NULL DEFAULT 0,\n  \"batches\" BIGINT NOT NULL DEFAULT 0,\n  \"done_at\" TIMESTAMPTZ,\n  \
             \"updated_at\" TIMESTAMPTZ NOT NULL DEFAULT now()\n)"
        )),
        Spelled::new(format!(
            "CREATE TABLE IF NOT EXISTS {SCHEMA}.\"pace\" (\n  \"batch_rows\" INTEGER NOT NULL DEFAULT {BATCH} CHECK (\"batch_rows\" > 0),\n  \
             \"rest_seconds\" DOUBLE PRECISION NOT NULL DEFAULT {REST} CHECK (\"rest_seconds\" >= 0)\n)"
        )),
        Spelled::new(format!(
            "INSERT INTO {SCHEMA}.\"pace\" SELECT WHERE NOT EXISTS (SELECT 1 FROM {SCHEMA}.\"pace\")"
        )),
    ]
}

/// Other plans may be under way on the same database: what is not empty stays.
pub fn close_bookkeeping() -> Vec<Spelled> {
    let unused = "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
                  WHERE n.nspname = 'prisma_stage')";
    vec![
        Spelled::new(format!("DROP TABLE IF EXISTS {SCHEMA}.\"backfill\"")).while_true(unused),
        Spelled::new(format!("DROP TABLE IF EXISTS {SCHEMA}.\"pace\"")).while_true(unused),
        Spelled::new(format!("DROP SCHEMA IF EXISTS {SCHEMA}")).while_true(unused),
    ]
}

/// Under which a mark is kept, beside the progress of backfills.
fn mark_id(mark: &str) -> String {
    literal(&format!("once.{mark}"))
}

/// Where things change places their names do not tell whether they have: the mark does.
pub fn only_once(all: Vec<Spelled>, mark: &str, back: bool) -> Vec<Spelled> {
    let not = if back { "" } else { "NOT " };
    let due = format!("{not}EXISTS (SELECT 1 FROM {SCHEMA}.\"backfill\" WHERE \"id\" = {})", mark_id(mark));
    all.into_iter().map(|s| s.while_true(due.clone())).collect()
}

/// The mark is set, or taken away, in the transaction of what it stands for.
pub fn end_once(mark: &str, back: bool) -> Vec<Spelled> {
    let id = mark_id(mark);
    vec![Spelled::new(if back {
        format!("DELETE FROM {SCHEMA}.\"backfill\" WHERE \"id\" = {id}")
    } else {
        format!(
            "INSERT INTO {SCHEMA}.\"backfill\" (\"id\", \"done_at\") VALUES ({id}, now()) ON CONFLICT (\"id\") DO NOTHING"
        )
    })]
}

/// It is told the type by a second argument, a NULL of it; times without a zone are in UTC.
pub fn open_reading() -> Vec<Spelled> {
    vec![Spelled::new(format!(
        "CREATE OR REPLACE FUNCTION {READ}(_ps_text text, _ps_type anyelement) RETURNS anyelement LANGUAGE plpgsql STABLE SET timezone = 'UTC' AS $fn$
DECLARE _ps_value _ps_type%TYPE;
BEGIN
  _ps_value := _ps_text;
  RETURN _ps_value;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$fn$"
    ))]
}

/// Another plan may be using it.
pub fn close_reading() -> Vec<Spelled> {
    let unused = "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
                  WHERE n.nspname = 'prisma_stage' AND strpos(p.prosrc, '\"prisma_stage\".\"read\"(') > 0)";
    vec![Spelled::new(format!("DROP FUNCTION IF EXISTS {READ}(text, anyelement)")).while_true(unused)]
}
