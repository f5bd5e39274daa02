//! One database turned into another, a difference at a time: the planner asks for one after the other, since each DDL commits by
//! itself. Every statement looks first whether it has been done, or does no harm twice, and says how it may be done
//! (`ALGORITHM`, `LOCK`), so that a server that cannot do it online refuses instead of stopping everybody
//! (<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html>, <https://mariadb.com/kb/en/innodb-online-ddl-overview/>).

use super::again::only_while;
use super::link::{add_key, covered_by, covers, drop_key, free, instead_of, needed, needing, starts};
use super::number;
use super::online::{Means, Online, Touch, is_order, orders};
use super::own::{self, Part, Said};
use super::quote::{ident, literal, name};
use super::table::{column_sql, create_sql, index_sql, key_sql};
use super::types::{is_whole, retype};
use super::value::{default_sql, expr_sql, type_sql};
use super::{super::Work, Mysql, Spelled};
use crate::catalog::{BaseType, Catalog, Column, ColumnId, Default, ForeignKey, ForeignKeyId, Index, Table, TableId};
use crate::dialect::postgres::Retype;
use crate::op::Redefinition;
use std::collections::BTreeSet;

/// What a statement needs of a table: alone for a moment, at its beginning and its end.
pub const METADATA: &str = "EXCLUSIVE METADATA";

/// The statements.
pub fn spell(server: Mysql, before: &Catalog, wanted: &Redefinition) -> Vec<Spelled> {
    let (before, after) = (&number::as_it_stands(before), &number::as_it_stands(&wanted.to));
    let mut all = Vec::new();
    for (_, table) in after.tables.iter().filter(|(id, _)| !before.tables.contains_key(*id)) {
        all.push(Spelled::new(create_sql(after, table)));
    }
    let apart = apart(before, after);
    for (table, key) in &apart {
        all.extend(unlink(after, table, key).into_iter().map(|s| s.locking(name(&table.name), METADATA)));
    }
    for (id, was) in &before.tables {
        let Some(now) = after.tables.get(id) else { continue };
        all.extend(rows(before, wanted, *id, was));
        all.extend(rename(before, was, now));
        all.extend(change(server, before, after, was, now));
    }
    for (table, key) in apart.into_iter().filter(|(table, key)| meets(after, table, key)) {
        all.push(add_key(after, table, key).locking(name(&table.name), METADATA));
    }
    for (id, table) in after.tables.iter().filter(|(id, _)| !before.tables.contains_key(*id)) {
        let keys = table.foreign_keys.values().filter(|key| meets(after, table, key));
        all.extend(keys.map(|key| add_key(after, &after.tables[id], key)));
    }
    for (id, view) in before.views.iter().filter(|(id, _)| !after.views.contains_key(*id)) {
        let taken = after.tables.values().any(|t| t.name == view.name);
        let away = if taken { aside(view) } else { name(&view.name) };
        let _ = id;
        all.push(Spelled::new(format!("DROP VIEW IF EXISTS {away}")).locking(away, METADATA));
    }
    for (_, view) in after.views.iter().filter(|(id, _)| !before.views.contains_key(*id)) {
        all.extend(super::trigger::create_view(after, view));
    }
    for (_, table) in before.tables.iter().filter(|(id, _)| !after.tables.contains_key(*id)) {
        let sql = format!("DROP TABLE IF EXISTS {}", name(&table.name));
        all.push(Spelled::new(sql).locking(name(&table.name), METADATA));
    }
    if server.locks_relatives() {
        all = all.into_iter().map(|spelled| with_relatives(before, after, spelled)).collect();
    }
    all
}

/// What a statement needs of the tables at the other ends of foreign keys: whoever changes a table waits for the readers of those that
/// point at it, and whoever makes, drops or renames a foreign key or its table for those of the one that it points at.
fn with_relatives(before: &Catalog, after: &Catalog, spelled: Spelled) -> Spelled {
    if !["ALTER TABLE", "RENAME TABLE", "DROP TABLE", "CREATE TABLE"].iter().any(|words| spelled.sql.contains(words)) {
        return spelled;
    }
    let both = || before.tables.iter().chain(&after.tables);
    let of = |id: TableId| [before, after].into_iter().filter_map(move |at| at.tables.get(&id)).map(|t| name(&t.name));
    let named = |by: &dyn Fn(&str) -> bool| -> BTreeSet<TableId> {
        both().filter(|(_, table)| by(&name(&table.name))).map(|(id, _)| *id).collect()
    };
    let mut own = named(&|table| {
        ["ALTER TABLE ", "CREATE TABLE IF NOT EXISTS "]
            .iter()
            .any(|verb| spelled.sql.contains(&format!("{verb}{table} ")))
    });
    if own.is_empty() {
        own = named(&|table| spelled.locks.iter().any(|lock| lock.table == table));
    }
    let kin = ["FOREIGN KEY", "RENAME TABLE", "DROP TABLE"].iter().any(|words| spelled.sql.contains(words));
    let mut waits = BTreeSet::new();
    for (id, table) in both() {
        for key in table.foreign_keys.values().filter(|key| key.references != *id) {
            if own.contains(&key.references) && !spelled.sql.starts_with("CREATE TABLE") {
                waits.extend(of(*id));
            }
            if kin && own.contains(id) {
                waits.extend(of(key.references));
            }
        }
    }
    waits.retain(|other| !spelled.locks.iter().any(|lock| lock.table == *other));
    waits.into_iter().fold(spelled, |spelled, other| spelled.locking(other, METADATA))
}

/// The foreign keys that stay and whose columns get another type: both ends change while there is none (error 3780).
fn apart<'c>(before: &Catalog, after: &'c Catalog) -> Vec<(&'c Table, &'c ForeignKey)> {
    let retyped = |on: TableId, id: &ColumnId| {
        let (was, now) = (before.column(on, *id), after.column(on, *id));
        was.zip(now).is_some_and(|(was, now)| type_sql(before, &was.ty) != type_sql(after, &now.ty))
    };
    let keys = after.tables.iter().flat_map(|(own, t)| t.foreign_keys.iter().map(move |(id, key)| (*own, t, id, key)));
    let stays = keys.filter(|(own, _, id, key)| {
        let was = before.tables.get(own).and_then(|t| t.foreign_keys.get(*id));
        was.is_some_and(|was| was.name == key.name && was.means_the_same(key))
    });
    let apart = stays.filter(|(own, _, _, key)| {
        key.columns.iter().any(|c| retyped(*own, c)) || key.referenced.iter().any(|c| retyped(key.references, c))
    });
    apart.map(|(_, table, _, key)| (&**table, key)).collect()
}

/// A key that is there again at once keeps its index.
fn unlink(after: &Catalog, table: &Table, key: &ForeignKey) -> Vec<Spelled> {
    let mut without = table.clone();
    without.foreign_keys.retain(|_, other| other.name != key.name);
    let mut all = drop_key(table, &without, key);
    if meets(after, table, key) {
        all.truncate(1);
    }
    all
}

/// Are both ends of one type? Else there is no such foreign key, until the one that changes last has changed (error 3780).
fn meets(at: &Catalog, table: &Table, key: &ForeignKey) -> bool {
    let Some(target) = at.tables.get(&key.references) else { return true };
    let ends = key.columns.iter().zip(&key.referenced);
    let ends = ends.filter_map(|(own, to)| Some((&table.columns.get(own)?.ty, &target.columns.get(to)?.ty)));
    ends.into_iter().all(|(own, to)| !(is_whole(own) && is_whole(to)) || type_sql(at, own) == type_sql(at, to))
}

/// Values that a rule needs which comes.
fn rows(before: &Catalog, wanted: &Redefinition, id: TableId, was: &Table) -> Vec<Spelled> {
    let own = wanted.values.iter().filter(|(on, column, _)| *on == id && was.columns.contains_key(column));
    own.map(|(_, column, value)| {
        let (table, field) = (name(&was.name), ident(&was.columns[column].name));
        let sql = format!(
            "UPDATE {table} SET {field} = {} WHERE {field} IS NULL",
            expr_sql(before, was, &was.columns[column], value, "")
        );
        Spelled::new(sql).locking(table, "ROWS").doing(Work::Rows)
    })
    .collect()
}

/// Where its new name is a view's so far, both change places in one moment
/// (<https://dev.mysql.com/doc/refman/8.4/en/rename-table.html>).
fn rename(before: &Catalog, was: &Table, now: &Table) -> Option<Spelled> {
    (was.name != now.name).then(|| {
        let (from, to) = (name(&was.name), name(&now.name));
        let table = |name: &str| {
            format!(
                "EXISTS (SELECT 1 FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND {})",
                of("table_name", name)
            )
        };
        let sql = match before.views.values().find(|view| view.name == now.name) {
            Some(view) => format!("RENAME TABLE {to} TO {}, {from} TO {to}", aside(view)),
            None => format!("RENAME TABLE {from} TO {to}"),
        };
        guarded(&table(&was.name.name), &sql).locking(from, METADATA)
    })
}

/// The name of a view for the moment before it goes.
fn aside(view: &crate::catalog::View) -> String {
    ident(&crate::catalog::helper_name(&view.name.name, "ps_old"))
}

fn change(server: Mysql, before: &Catalog, after: &Catalog, was: &Table, now: &Table) -> Vec<Spelled> {
    let table = name(&now.name);
    let of_table = of("table_name", &now.name.name);
    let means = Means::of(server, was, now);
    let alter = |what: &str, online: Online| format!("ALTER TABLE {table} {what}, {}", online.words());
    let work = |online: Online, work: Work| if online == Online::Instant { Work::Metadata } else { work };
    let mut all = Vec::new();
    let leaves = |id: &ForeignKeyId, old: &ForeignKey| {
        now.foreign_keys.get(id).is_none_or(|new| new.name != old.name || !new.means_the_same(old))
    };
    let renamed = |id: &ForeignKeyId, old: &ForeignKey| {
        now.foreign_keys.get(id).is_some_and(|new| new.name != old.name && new.means_the_same(old))
    };
    for (_, key) in was.foreign_keys.iter().filter(|(id, key)| leaves(id, key) && !renamed(id, key)) {
        all.extend(drop_key(was, now, key));
    }
    all.extend(rename_columns(was, now, &of_table));
    let moved = number::moved((before, was), (after, now), means);
    all.extend(moved.as_ref().map(|(spelled, _)| spelled.clone()));
    let was = moved.as_ref().map_or(was, |(_, then)| then);
    let new: Vec<&Column> =
        now.columns.iter().filter(|(id, _)| !was.columns.contains_key(*id)).map(|(_, column)| column).collect();
    if let Some(first) = new.first() {
        let parts: Vec<String> = new.iter().map(|c| format!("ADD COLUMN {}", column_sql(after, c))).collect();
        let sql = alter(&parts.join(", "), means.add);
        all.push(
            guarded(&missing("columns", &of_table, "column_name", &first.name), &sql)
                .doing(work(means.add, Work::Rewrite)),
        );
    }
    // A column of the primary key is NOT NULL as long as it is.
    let in_key =
        |t: &Table, id: &ColumnId| t.primary_key.as_ref().is_some_and(|k| k.columns.iter().any(|c| c.column == *id));
    let both = now.columns.iter().filter_map(|(id, column)| Some((id, (was.columns.get(id)?, column))));
    let (later, changed): (Vec<_>, Vec<_>) = both.partition(|(id, _)| in_key(was, id) && !in_key(now, id));
    let later: Vec<_> = later.into_iter().map(|(_, pair)| pair).collect();
    let changed: Vec<_> = changed.into_iter().map(|(_, pair)| pair).collect();
    let means_for = |old: &Column, new: &Column| match !old.nullable && new.nullable && orders(was, now, old) {
        // Its rows cannot stay in the order of what may be NULL.
        true => Means { rebuild: means.copy, ..means },
        false => means,
    };
    all.extend(modified(&now.name.name, before, after, &changed, &means_for, &alter));
    for (id, index) in now.indexes.iter().filter(|(id, _)| !was.indexes.contains_key(*id)) {
        all.extend(create_index(was, now, index, &of_table, &alter));
        let _ = id;
    }
    all.extend(primary_key(was, now, &of_table, means, &alter));
    all.extend(modified(&now.name.name, before, after, &later, &means_for, &alter));
    let left = was
        .indexes
        .iter()
        .filter(|(id, index)| !now.indexes.contains_key(*id) && !number::goes_along(**id, index, now));
    for (_, index) in left {
        all.push(drop_index(was, now, index, &of_table, means, &alter));
    }
    for (id, index) in &was.indexes {
        if let Some(called) = now.indexes.get(id).map(|i| &i.name).filter(|called| **called != index.name) {
            let what = format!("RENAME INDEX {} TO {}", ident(&index.name), ident(called));
            all.push(guarded(
                &present("statistics", &of_table, "index_name", &index.name),
                &format!("ALTER TABLE {table} {what}"),
            ));
        }
    }
    let gone: Vec<&Column> =
        was.columns.iter().filter(|(id, _)| !now.columns.contains_key(*id)).map(|(_, column)| column).collect();
    if let Some(first) = gone.first() {
        let parts: Vec<String> = gone.iter().map(|c| format!("DROP COLUMN {}", ident(&c.name))).collect();
        // The server keeps a hidden column of a full-text index that is gone, with which nothing goes at once.
        let sql = alter(&parts.join(", "), means.rebuild);
        all.push(
            guarded(&present("columns", &of_table, "column_name", &first.name), &sql)
                .doing(work(means.rebuild, Work::Rewrite)),
        );
    }
    let comes = |id: &ForeignKeyId| was.foreign_keys.get(id).is_none_or(|old| leaves(id, old));
    for (id, key) in now.foreign_keys.iter().filter(|(id, key)| comes(id) && meets(after, now, key)) {
        all.push(add_key(after, now, key));
        all.extend(covered_by(was, now, key));
        // By its new name first, so that there is no moment without it.
        if let Some(old) = was.foreign_keys.get(id).filter(|old| renamed(id, old)) {
            all.extend(drop_key(was, now, old));
        }
    }
    all.into_iter().map(|s: Spelled| s.locking(table.clone(), METADATA)).collect()
}

/// Columns that are said again.
fn modified(
    table: &str,
    before: &Catalog,
    after: &Catalog,
    changed: &[(&Column, &Column)],
    means: &dyn Fn(&Column, &Column) -> Means,
    alter: &dyn Fn(&str, Online) -> String,
) -> Vec<Spelled> {
    // Beside its readers no column is made NOT NULL whose default is another value each time: that goes for a moment.
    let moments = changed.iter().filter(|(old, new)| {
        old.nullable && !new.nullable && matches!(new.default, Some(Default::Now | Default::Sql(_)))
    });
    let moments: Vec<(Column, Column)> = moments
        .map(|(old, new)| (Column { default: None, ..(*old).clone() }, Column { default: None, ..(*new).clone() }))
        .collect();
    let bare = |new: &Column| moments.iter().find(|(_, bare)| bare.name == new.name);
    let first = changed.iter().filter_map(|(old, new)| modify((before, old), (before, &bare(new)?.0), means(old, new)));
    let second = changed.iter().filter_map(|(old, new)| match bare(new) {
        Some((from, to)) => modify((before, from), (after, to), means(old, new)),
        None => modify((before, old), (after, new), means(old, new)),
    });
    let third = changed.iter().filter_map(|(old, new)| modify((after, &bare(new)?.1), (after, new), means(old, new)));
    let rounds: [Vec<(Part, Online)>; 3] = [first.collect(), second.collect(), third.collect()];
    let mut all = Vec::new();
    // Once it is NOT NULL its default has gone for its moment, and nothing goes back.
    let names = moments.iter().map(|(_, new)| literal(&new.name)).collect::<Vec<_>>().join(", ");
    let due = format!(
        "EXISTS (SELECT 1 FROM information_schema.columns WHERE {} AND column_name IN ({names}) AND is_nullable = 'YES')",
        of("table_name", table)
    );
    for (nth, parts) in rounds.into_iter().enumerate().filter(|(_, parts)| !parts.is_empty()) {
        let online = parts.iter().map(|(_, online)| *online).max().unwrap_or(Online::Instant);
        let parts: Vec<Part> = parts.into_iter().map(|(part, _)| part).collect();
        // To say it twice changes nothing the second time.
        let sql = own::statement(table, &parts, &|what| alter(what, online));
        let work = if online == Online::Instant { Work::Metadata } else { Work::Rewrite };
        let spelled = Spelled::new(sql).doing(work);
        all.push(if nth == 0 { only_while(&due, spelled) } else { spelled });
    }
    all
}

/// Columns that get another name, and one that has a name which none has afterwards.
fn renamed<'t>(was: &'t Table, now: &'t Table) -> Option<(Vec<(&'t String, &'t String)>, &'t String)> {
    let pairs = was.columns.iter().filter_map(|(id, old)| Some((&old.name, &now.columns.get(id)?.name)));
    let pairs: Vec<(&String, &String)> = pairs.filter(|(from, to)| from != to).collect();
    let (from, _) = pairs.iter().find(|(from, _)| !pairs.iter().any(|(_, to)| to == from)).or(pairs.first())?;
    Some((pairs.clone(), from))
}

/// Is it still before the columns of a table get other names, if they do?
pub(super) fn renaming(was: &Table, now: &Table) -> Option<String> {
    let (_, from) = renamed(was, now)?;
    Some(present("columns", &of("table_name", &was.name.name), "column_name", from))
}

/// In one statement, and only while a column has a name that none has afterwards.
fn rename_columns(was: &Table, now: &Table, of_table: &str) -> Option<Spelled> {
    let (pairs, from) = renamed(was, now)?;
    let parts = pairs.iter().map(|(from, to)| format!("RENAME COLUMN {} TO {}", ident(from), ident(to)));
    let parts = parts.collect::<Vec<_>>().join(", ");
    let sql = format!("ALTER TABLE {} {parts}, {}", name(&now.name), Online::Beside.words());
    Some(guarded(&present("columns", of_table, "column_name", from), &sql))
}

/// Another key in the place of one: the rows are written in its order, beside readers and writers. Without another in its place
/// it is a copy (<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-primary-key-operations>).
fn primary_key(
    was: &Table,
    now: &Table,
    of_table: &str,
    means: Means,
    alter: &dyn Fn(&str, Online) -> String,
) -> Vec<Spelled> {
    if was.primary_key.as_ref().map(|k| &k.columns) == now.primary_key.as_ref().map(|k| &k.columns) {
        return Vec::new();
    }
    let columns = |key: &crate::catalog::PrimaryKey| key_columns(now, key);
    let there = |wanted: &str, is: &str| key_is(of_table, wanted, is);
    let (sql, online, due) = match (&was.primary_key, &now.primary_key) {
        (Some(_), Some(key)) => (
            format!("DROP PRIMARY KEY, ADD PRIMARY KEY ({})", key_sql(now, key)),
            means.rebuild,
            there(&columns(key), "<>"),
        ),
        (None, Some(key)) => (format!("ADD PRIMARY KEY ({})", key_sql(now, key)), means.rebuild, there("", "=")),
        (Some(_), None) => ("DROP PRIMARY KEY".to_owned(), means.copy, there("", "<>")),
        (None, None) => return Vec::new(),
    };
    let held = |key: &ForeignKey| was.primary_key.as_ref().is_some_and(|k| starts(&k.columns, &key.columns));
    let mut parts = needed(now, &needing(now, held));
    parts.push(sql);
    let mut all = vec![guarded(&due, &alter(&parts.join(", "), online)).doing(Work::Rewrite)];
    all.extend(free(
        was,
        now,
        of_table,
        &|key| now.primary_key.as_ref().is_some_and(|k| starts(&k.columns, &key.columns)),
        alter,
    ));
    all
}

fn key_columns(table: &Table, key: &crate::catalog::PrimaryKey) -> String {
    let names = key.columns.iter().filter_map(|c| table.columns.get(&c.column)).map(|c| c.name.as_str());
    names.collect::<Vec<_>>().join(",")
}

fn key_is(of_table: &str, wanted: &str, is: &str) -> String {
    format!(
        "IFNULL((SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index) FROM information_schema.statistics WHERE {of_table} AND \
         index_name = 'PRIMARY'), '') {is} {}",
        literal(wanted)
    )
}

/// Has the table this primary key, or (`<>`) has it not?
pub(super) fn there_is_key(of_table: &str, table: &Table, is: &str) -> String {
    let wanted = table.primary_key.as_ref().map_or_else(String::new, |key| key_columns(table, key));
    key_is(of_table, &wanted, is)
}

pub(super) fn modify(
    (before, old): (&Catalog, &Column),
    (after, new): (&Catalog, &Column),
    means: Means,
) -> Option<(Part, Online)> {
    let field = ident(&new.name);
    let old = &Column { name: new.name.clone(), ..old.clone() };
    let (was, now) = (column_sql(before, old), column_sql(after, new));
    if was == now {
        return None;
    }
    let alike = type_sql(before, &old.ty) == type_sql(after, &new.ty);
    let same = alike && old.nullable == new.nullable;
    match (&old.default, &new.default) {
        // Words alone: nothing else of the column is said again.
        (None | Some(Default::Literal(_)), None) if same && !new.nullable => {
            return Some((Part::Words(format!("ALTER COLUMN {field} DROP DEFAULT")), Online::Instant));
        }
        (None | Some(Default::Literal(_)), Some(Default::Literal(value))) if same => {
            let sql =
                format!("ALTER COLUMN {field} SET DEFAULT {}", default_sql(&new.ty, &Default::Literal(value.clone())));
            return Some((Part::Words(sql), Online::Instant));
        }
        _ => {}
    }
    // To allow NULL, or refuse it, the rows are written anew; a default and a value at the end of an enum are words alone.
    let labels = |at: &Catalog, c: &Column| c.ty.enum_id().and_then(|e| at.enums.get(&e)).map(|e| e.values.clone());
    let said = Part::Said(Said::anew(new, format!("MODIFY {now}")));
    let touch = match (labels(before, old), labels(after, new)) {
        _ if old.default_is_sequence() && !new.default_is_sequence() && alike => {
            let also = if same { Online::Instant } else { means.rebuild };
            return Some((said, means.unnumber.max(also)));
        }
        // Numbers begin beside nobody, wherever it is (seen on MariaDB 11.8: error 1846).
        _ if new.default_is_sequence() && !old.default_is_sequence() => return Some((said, Online::Copy)),
        _ if old.default_is_sequence() != new.default_is_sequence() => Touch::Convert,
        // MariaDB does not do it beside anybody.
        _ if old.nullable && !new.nullable && is_timestamp(new) => Touch::Convert,
        (Some(was), Some(now)) if !now.starts_with(&was) => Touch::Convert,
        (Some(_), None) | (None, Some(_)) => Touch::Convert,
        (None, None) if retype(&old.ty, &new.ty) == Retype::Rewrite => Touch::Convert,
        (Some(_), Some(_)) | (None, None) if old.nullable != new.nullable => Touch::Rows,
        (None, None) if old.ty != new.ty => Touch::Look,
        (Some(_), Some(_)) | (None, None) => Touch::Words,
    };
    let online = means.touching(touch);
    Some((said, online))
}

fn is_timestamp(column: &Column) -> bool {
    matches!(&column.ty.base, BaseType::Native { name, .. } if name == "TIMESTAMP")
}

fn create_index(
    was: &Table,
    now: &Table,
    index: &Index,
    of_table: &str,
    alter: &dyn Fn(&str, Online) -> String,
) -> Vec<Spelled> {
    let online = if index.method.is_some() { Online::Readers } else { Online::Beside };
    let sql = alter(&format!("ADD {}", index_sql(now, index)), online);
    let mut all =
        vec![guarded(&missing("statistics", of_table, "index_name", &index.name), &sql).doing(Work::IndexBuild)];
    all.extend(free(was, now, of_table, &|key| covers(index, key), alter));
    all
}

/// A foreign key needs an index: where the last that serves one goes, another comes under the name of the key, as if the server had
/// made it for it (dropping it would be error 1553).
fn drop_index(
    was: &Table,
    now: &Table,
    index: &Index,
    of_table: &str,
    means: Means,
    alter: &dyn Fn(&str, Online) -> String,
) -> Spelled {
    let there = present("statistics", of_table, "index_name", &index.name);
    let needing = needing(now, |key| covers(index, key));
    match needing[..] {
        [key] if !index.unique && index.columns.len() == key.columns.len() => {
            let what = format!("RENAME INDEX {} TO {}", ident(&index.name), ident(&key.name));
            guarded(&there, &format!("ALTER TABLE {} {what}", name(&now.name)))
        }
        // The rows are written in another order.
        _ if is_order(was, now, index) => {
            guarded(&there, &alter(&instead_of(now, &needing, &index.name), means.copy)).doing(Work::Rewrite)
        }
        _ => guarded(&there, &alter(&instead_of(now, &needing, &index.name), Online::Beside)),
    }
}

/// The condition of a query that a column says this.
pub(super) fn of(column: &str, value: &str) -> String {
    let schema = if column == "table_name" { "table_schema = DATABASE() AND " } else { "" };
    format!("{schema}{column} = {}", literal(value))
}

pub(super) fn present(what: &str, of_table: &str, column: &str, value: &str) -> String {
    format!("EXISTS (SELECT 1 FROM information_schema.{what} WHERE {of_table} AND {})", of(column, value))
}

pub(super) fn missing(what: &str, of_table: &str, column: &str, value: &str) -> String {
    format!("NOT {}", present(what, of_table, column, value))
}

/// A statement that runs only where a condition holds: there are no blocks, so it is prepared.
pub fn guarded(condition: &str, sql: &str) -> Spelled {
    Spelled::new(format!(
        "SET @ps = IF({condition}, {}, 'DO 0');\nPREPARE ps FROM @ps;\nEXECUTE ps;\nDEALLOCATE PREPARE ps",
        literal(sql)
    ))
}
