//! The column that rows are numbered by. A table has one at most, it is never NULL, and an index begins with it (error 1075,
//! <https://dev.mysql.com/doc/refman/8.4/en/create-table.html>): what a plan means by it is brought into that form here.

use super::super::Work;
use super::again::only_while;
use super::alter::{modify, of, there_is_key};
use super::online::{Means, Online};
use super::own::{Part, statement};
use super::quote::{ident, name};
use super::table::{column_sql, index_sql, key_sql};
use super::{Mysql, Spelled, Vendor};
use crate::catalog::{
    Catalog, Column, ColumnId, Default, Expr, Index, IndexId, KeyColumn, Synced, Table, Trigger, TriggerRule,
};
use std::sync::Arc;

/// The index that a numbered column has where no other begins with it.
const OWN: IndexId = IndexId(u32::MAX);

/// The column that the server numbers: of two, the one of OLD, which was known first, until its numbers end. On the way back it stands
/// behind the other, so that its place says nothing.
pub(super) fn numbered(table: &Table) -> Option<ColumnId> {
    table.columns.iter().filter(|(_, column)| column.default_is_sequence()).map(|(id, _)| *id).min()
}

/// The database as the server can have it, where a plan means this one.
pub(super) fn as_it_stands(at: &Catalog) -> Catalog {
    let mut all = at.clone();
    for table in all.tables.values_mut() {
        let Some(id) = numbered(table) else { continue };
        let served = is_served(table, id);
        let others = table.columns.iter().filter(|(other, column)| **other != id && column.default_is_sequence());
        let others: Vec<ColumnId> = others.map(|(other, _)| *other).collect();
        if served && !table.columns[&id].nullable && others.is_empty() {
            continue;
        }
        let table = Arc::make_mut(table);
        for other in others {
            table.columns[&other].default = None;
        }
        let column = &mut table.columns[&id];
        column.nullable = false;
        if !served {
            let part = KeyColumn { column: id, descending: false, length: None, ops: None };
            let index = Index {
                name: crate::catalog::helper_name(&column.name, "ps_no"),
                unique: false,
                method: None,
                columns: vec![part],
                predicate: None,
                reads: Vec::new(),
                origin: column.origin.clone(),
            };
            table.indexes.insert(OWN, index);
        }
    }
    all
}

fn is_served(table: &Table, id: ColumnId) -> bool {
    let begins = |columns: &[KeyColumn]| columns.first().is_some_and(|first| first.column == id);
    table.primary_key.as_ref().is_some_and(|key| begins(&key.columns))
        || table.indexes.values().any(|index| index.method.is_none() && begins(&index.columns))
}

/// Does the index go with its column?
pub(super) fn goes_along(id: IndexId, index: &Index, now: &Table) -> bool {
    id == OWN && index.columns.iter().all(|part| !now.columns.contains_key(&part.column))
}

/// Numbers that begin, end or go over to another column, and the key that changes along: one statement, since between two there would
/// be a numbered column without a key. With it the table as it is afterwards.
pub(super) fn moved(
    (before, was): (&Catalog, &Table),
    (after, now): (&Catalog, &Table),
    means: Means,
) -> Option<(Spelled, Table)> {
    let (from, to) = (numbered(was), numbered(now));
    let columns = |table: &Table| table.primary_key.as_ref().map(|key| key.columns.clone());
    let known = |id: &ColumnId| was.columns.contains_key(id) || Some(*id) == to;
    let rekeyed = columns(was) != columns(now)
        && now.primary_key.iter().flat_map(|key| &key.columns).all(|part| known(&part.column));
    let linked = |id: ColumnId| {
        let keys = after.tables.values().flat_map(|table| table.foreign_keys.values());
        keys.into_iter().any(|key| key.referenced.contains(&id))
    };
    if from == to || to.is_none() && !rekeyed && !from.is_some_and(linked) {
        return None;
    }
    let mut mid = was.clone();
    let (mut parts, mut online) = (Vec::new(), Online::Instant);
    let mut say = |part: Part, how: Online| {
        parts.push(part);
        online = online.max(how);
    };
    if let Some(gone) = from.filter(|id| !now.columns.contains_key(id)) {
        say(Part::Words(format!("DROP COLUMN {}", ident(&was.columns[&gone].name))), means.rebuild);
        mid.columns.shift_remove(&gone);
        mid.indexes.retain(|_, index| index.columns.iter().any(|part| part.column != gone));
    }
    if rekeyed && was.primary_key.is_some() {
        say(Part::Words("DROP PRIMARY KEY".to_owned()), means.rebuild);
    }
    for (id, column) in &now.columns {
        if let Some(old) = was.columns.get(id) {
            if let Some((part, how)) = modify((before, old), (after, column), means) {
                say(part, how);
            }
            mid.columns.insert(*id, column.clone());
        } else if Some(*id) == to {
            // The rows get their numbers as they are written, which nobody else may do meanwhile.
            let words = format!("ADD COLUMN {}", column_sql(after, column));
            say(Part::Words(words), means.rebuild.max(Online::Readers));
            mid.columns.insert(*id, column.clone());
        }
    }
    if rekeyed {
        let how = if now.primary_key.is_some() { means.rebuild } else { means.copy };
        let words = now.primary_key.as_ref().map(|key| format!("ADD PRIMARY KEY ({})", key_sql(now, key)));
        if let Some(words) = words {
            say(Part::Words(words), how);
        } else {
            online = online.max(how);
        }
        mid.primary_key.clone_from(&now.primary_key);
    }
    if let Some(to) = to.filter(|to| !is_served(&mid, *to)) {
        let begins = |index: &&Index| index.columns.first().is_some_and(|first| first.column == to);
        let index = now.indexes.iter().find(|(_, index)| index.method.is_none() && begins(index));
        if let Some((id, index)) = index {
            parts.push(Part::Words(format!("ADD {}", index_sql(now, index))));
            mid.indexes.insert(*id, index.clone());
        }
    }
    // Numbers begin beside nobody.
    let online = if to.is_some() && online == Online::CopyBeside { Online::Copy } else { online };
    let table = &now.name.name;
    let sql = statement(table, &parts, &|what| format!("ALTER TABLE {} {what}, {}", name(&now.name), online.words()));
    let of_table = of("table_name", table);
    let called = to.and_then(|id| now.columns.get(&id)).map_or("", |column| &column.name);
    let due = format!(
        "IFNULL((SELECT MAX(column_name) FROM information_schema.columns WHERE {of_table} AND extra LIKE '%auto_increment%'), '') <> {} OR {}",
        super::quote::literal(called),
        there_is_key(&of_table, &mid, "<>")
    );
    let work = if online == Online::Instant { Work::Metadata } else { Work::Rewrite };
    let spelled = only_while(&due, Spelled::new(sql).doing(work));
    Some((kept(spelled), mid))
}

/// A row whose number is 0 keeps it (<https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sqlmode_no_auto_value_on_zero>), and what
/// points at the column goes on doing so (error 1833).
fn kept(spelled: Spelled) -> Spelled {
    let sql = format!(
        "SET @ps_mode = @@SESSION.sql_mode, @ps_checks = @@SESSION.foreign_key_checks;\n\
         SET SESSION sql_mode = CONCAT(@ps_mode, ',NO_AUTO_VALUE_ON_ZERO'), SESSION foreign_key_checks = 0;\n{};\n\
         SET SESSION sql_mode = @ps_mode, SESSION foreign_key_checks = @ps_checks",
        spelled.sql
    );
    Spelled { sql, ..spelled }
}

/// Numbers that a trigger gives: no trigger sees the one that the server is about to give, so where values are computed from it the
/// trigger draws it, from a table of its own. The answer to the `INSERT` holds it all the same, which is where Prisma has it from.
pub(super) struct Drawn {
    /// That table, quoted.
    pub(super) from: String,
    on: String,
    table: String,
    field: String,
    /// What clients write instead.
    others: Vec<String>,
}

/// Does a trigger compute anything from numbers?
pub(super) fn drawn(at: &Catalog, trigger: &Trigger) -> Option<Drawn> {
    let table = at.tables.get(&trigger.table)?;
    let id = numbered(table)?;
    let called = &table.columns[&id].name;
    if !trigger.rules.iter().any(|rule| reads(rule, (id, called))) {
        return None;
    }
    let field = |id: &ColumnId| table.columns.get(id).map(|column: &Column| ident(&column.name));
    let others = trigger.rules.iter().flat_map(|rule| others(rule, id));
    Some(Drawn {
        from: ident(&format!("_prisma_stage_n_{}", trigger.name)),
        on: name(&table.name),
        table: table.name.name.clone(),
        field: field(&id)?,
        others: others.filter_map(|other| field(&other)).collect(),
    })
}

fn reads(rule: &TriggerRule, of: (ColumnId, &str)) -> bool {
    let synced = |sync: &Synced| {
        sync.forth.iter().any(|(_, value)| speaks(value, of))
            || sync.back.iter().any(|(_, value)| value.as_ref().is_some_and(|value| speaks(value, of)))
    };
    match rule {
        // Another column that is to be numbered gets the same number.
        TriggerRule::Fill { column, value: Expr::Default(Default::Sequence) }
        | TriggerRule::Give { column, value: Expr::Default(Default::Sequence) } => *column != of.0,
        TriggerRule::Fill { value, .. } | TriggerRule::Give { value, .. } | TriggerRule::Compute { value, .. } => {
            speaks(value, of)
        }
        TriggerRule::Mirror { old, new } => *old == of.0 || *new == of.0,
        TriggerRule::Map { mapping, .. } => mapping.columns().any(|column| column == of.0),
        TriggerRule::Sync(sync) | TriggerRule::Follow(sync) => synced(sync),
        TriggerRule::Carry { .. } | TriggerRule::Across { .. } => false,
    }
}

/// Does a value speak of the column, or is it in the user's words and may do so?
fn speaks(value: &Expr, (id, called): (ColumnId, &str)) -> bool {
    match value {
        Expr::Sql(sql) => sql.contains(called),
        Expr::Coalesce(all) => all.iter().any(|one| speaks(one, (id, called))),
        Expr::Cast { fallback: Some(other), .. } if speaks(other, (id, called)) => true,
        other => other.reads(id),
    }
}

/// Columns that say the number where it is not said itself.
fn others(rule: &TriggerRule, id: ColumnId) -> Vec<ColumnId> {
    match rule {
        TriggerRule::Mirror { old, new } => [*old, *new].into_iter().filter(|other| *other != id).collect(),
        TriggerRule::Sync(sync) if sync.back.iter().any(|(column, _)| *column == id) => {
            sync.forth.iter().map(|(column, _)| *column).collect()
        }
        TriggerRule::Sync(_)
        | TriggerRule::Fill { .. }
        | TriggerRule::Give { .. }
        | TriggerRule::Compute { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Follow(_)
        | TriggerRule::Carry { .. }
        | TriggerRule::Across { .. } => Vec::new(),
    }
}

impl Drawn {
    /// Makes the table.
    pub(super) fn open(&self) -> Spelled {
        Spelled::new(format!(
            "CREATE TABLE IF NOT EXISTS {} (`n` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY)",
            self.from
        ))
    }

    /// It goes on where the server stands, which nobody may change meanwhile: the greatest number that there is, or was.
    pub(super) fn go_on(&self, server: Mysql) -> Spelled {
        let Drawn { from, on, table, field, .. } = self;
        // MySQL answers with what it knew some time ago, unless it is asked not to
        // (<https://dev.mysql.com/doc/refman/8.4/en/information-schema-optimization.html>).
        let now = match server.vendor {
            Vendor::Mysql | Vendor::Vitess => "SET SESSION information_schema_stats_expiry = 0;\n",
            Vendor::Mariadb => "",
        };
        let counter = format!("SELECT auto_increment FROM information_schema.tables WHERE {}", of("table_name", table));
        Spelled::new(format!(
            "{now}INSERT IGNORE INTO {from} (`n`) SELECT n FROM (SELECT GREATEST(IFNULL((SELECT MAX({field}) FROM {on}), 0), IFNULL(({counter}), 1) - 1) AS n) AS ps_now WHERE n > 0"
        ))
    }

    /// Its last statement.
    pub(super) fn close(&self) -> Spelled {
        Spelled::new(format!("DROP TABLE IF EXISTS {}", self.from))
    }

    /// The beginning of the trigger.
    pub(super) fn first(&self) -> String {
        let Drawn { from, field, others, .. } = self;
        let said = others.iter().map(|other| format!(" AND NEW.{other} IS NULL")).collect::<String>();
        format!(
            "  DECLARE _ps_drawn BOOLEAN DEFAULT FALSE;\n  IF (NEW.{field} IS NULL OR NEW.{field} = 0){said} THEN\n    \
             INSERT INTO {from} () VALUES ();\n    SET NEW.{field} = LAST_INSERT_ID(), _ps_drawn = TRUE;\n  END IF;\n"
        )
    }

    /// Its end: a number that somebody said is not given again.
    pub(super) fn last(&self) -> String {
        let Drawn { from, field, .. } = self;
        format!(
            "  IF NOT _ps_drawn AND NEW.{field} > 0 THEN INSERT IGNORE INTO {from} (`n`) VALUES (NEW.{field}); END IF;\n"
        )
    }
}
