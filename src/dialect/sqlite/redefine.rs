//! One database turned into another: what `ALTER TABLE` can do is done by it, every other change of a table writes it anew,
//! once however many there are (<https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes>).

use super::fact::stop;
use super::quote::{ident, idents, literal, name, rowid};
use super::table::{column_sql, create_sql, index_sql, is_numbered, references_sql};
use super::value::{expr_sql, field_sql, lookup_name};
use super::{super::Work, Spelled, rows};
use super::{DATABASE, WRITES};
use crate::catalog::{
    Action, Catalog, Column, ColumnId, Expr, ForeignKey, ForeignKeyId, Index, KeyColumn, Table, TableId,
};
use crate::op::{Backfill, Redefinition, Work as Rows, is_constant};
use foldhash::{HashMap, HashSet};

/// The statements, in order.
pub fn spell(before: &Catalog, wanted: &Redefinition) -> Vec<Spelled> {
    let turn = Turn::new(before, wanted);
    let mut all = turn.unknown_objects();
    all.extend(turn.count_rows());
    let lookups = turn.lookups();
    all.extend(lookups.iter().map(|(_, make)| Spelled::new(make.clone()).doing(Work::Check)));
    all.extend(turn.drop_indexes());
    all.extend(turn.drop_tables(Early::Yes));
    all.extend(turn.rename_tables());
    for (id, table) in &turn.after.tables {
        match turn.before.tables.get(id) {
            None => all.push(writes(create_sql(turn.after, table, &table.name.name), Work::Metadata)),
            Some(was) if turn.anew.contains(id) => all.extend(turn.write_anew(*id, was, table)),
            Some(was) => all.extend(turn.alter(was, table)),
        }
    }
    all.extend(lookups.into_iter().map(|(there, _)| Spelled::new(format!("DROP TABLE temp.{there}"))));
    all.extend(turn.drop_tables(Early::No));
    if wanted.tidy.is_empty() {
        all.extend(turn.create_indexes());
        all.extend(turn.recount_rows());
    } else {
        // Rows are counted before some of them go, and go before a rule that they break stands.
        all.extend(turn.recount_rows());
        all.extend(turn.tidy(&wanted.tidy));
        all.extend(turn.create_indexes());
    }
    all.extend(turn.check_links());
    all
}

fn writes(sql: String, work: Work) -> Spelled {
    Spelled::new(sql).locking(DATABASE, WRITES).doing(work)
}

/// When a table is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Early {
    /// Before anything else, since its name is taken.
    Yes,
    /// At the end, since values may still be read from it.
    No,
}

/// A database on its way to another.
struct Turn<'a> {
    before: &'a Catalog,
    after: &'a Catalog,
    /// What there is before, with the enums of both, between which values are cast.
    known: Catalog,
    values: HashMap<(TableId, ColumnId), &'a Expr>,
    /// Tables that are written anew.
    anew: HashSet<TableId>,
    /// Columns that go on under another identity, by the one to come, where `RENAME COLUMN` is all there is to do.
    same: HashMap<ColumnId, ColumnId>,
    /// Tables that come back empty.
    waits: &'a [TableId],
}

impl<'a> Turn<'a> {
    fn new(before: &'a Catalog, wanted: &'a Redefinition) -> Self {
        let values = wanted.values.iter().map(|(t, c, value)| ((*t, *c), value)).collect();
        let mut known = before.clone();
        known.enums.extend(wanted.to.enums.iter().map(|(id, e)| (*id, e.clone())));
        let mut turn = Turn {
            before,
            known,
            after: &wanted.to,
            values,
            anew: HashSet::default(),
            same: HashMap::default(),
            waits: &wanted.waits,
        };
        // What is written anew renames no column in place, so that what points at it is written anew as well.
        loop {
            turn.same = turn.renamed();
            let known = turn.anew.len();
            let more: Vec<TableId> =
                turn.kept().filter(|(id, was, now)| !turn.in_place(*id, was, now)).map(|k| k.0).collect();
            turn.anew.extend(more);
            if turn.anew.len() == known {
                return turn;
            }
        }
    }

    fn kept(&self) -> impl Iterator<Item = (TableId, &'a Table, &'a Table)> {
        let (before, after) = (self.before, self.after);
        after.tables.iter().filter_map(move |(id, now)| Some((*id, &**before.tables.get(id)?, &**now)))
    }

    /// Columns whose values are those of one that goes, and which are the same but for the name.
    fn renamed(&self) -> HashMap<ColumnId, ColumnId> {
        let mut same = HashMap::default();
        for (id, was, now) in self.kept().filter(|(id, ..)| !self.anew.contains(id)) {
            for (new, column) in now.columns.iter().filter(|(c, _)| !was.columns.contains_key(*c)) {
                let Some(Expr::Column(old)) = self.values.get(&(id, *new)) else { continue };
                let goes = !now.columns.contains_key(old) && !same.values().any(|o| o == old);
                if goes && was.columns.get(old).is_some_and(|old| alike(old, column)) {
                    same.insert(*new, *old);
                }
            }
        }
        same
    }

    /// The identity that a column to come has now.
    fn now(&self, id: ColumnId) -> ColumnId {
        self.same.get(&id).copied().unwrap_or(id)
    }

    fn same_key(&self, was: &[KeyColumn], now: &[KeyColumn]) -> bool {
        was.len() == now.len()
            && was.iter().zip(now).all(|(a, b)| a.column == self.now(b.column) && a.descending == b.descending)
    }

    fn same_foreign_key(&self, was: &ForeignKey, now: &ForeignKey) -> bool {
        let same =
            |a: &[ColumnId], b: &[ColumnId]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| *a == self.now(*b));
        // A table written anew has its columns' new names at once, which nobody tells those that point at it.
        let called = |at: &Catalog, ids: &[ColumnId]| -> Vec<String> {
            ids.iter().filter_map(|id| at.column(now.references, *id)).map(|c| c.name.clone()).collect()
        };
        let told = !self.anew.contains(&now.references)
            || called(self.before, &was.referenced) == called(self.after, &now.referenced);
        was.references == now.references
            && same(&was.columns, &now.columns)
            && same(&was.referenced, &now.referenced)
            && (was.on_delete, was.on_update) == (now.on_delete, now.on_update)
            && told
    }

    /// Can `ALTER TABLE` do all there is to do?
    fn in_place(&self, id: TableId, was: &Table, now: &Table) -> bool {
        if self.anew.contains(&id) {
            return false;
        }
        let key = match (&was.primary_key, &now.primary_key) {
            (None, None) => true,
            (Some(a), Some(b)) => self.same_key(&a.columns, &b.columns),
            (Some(_), None) | (None, Some(_)) => false,
        };
        let mut used = HashSet::default();
        for key in now.foreign_keys.values() {
            match was
                .foreign_keys
                .values()
                .enumerate()
                .find(|(at, k)| !used.contains(at) && self.same_foreign_key(k, key))
            {
                Some((at, _)) => {
                    used.insert(at);
                }
                None if self.inline(was, now, key).is_some() => {}
                None => return false,
            }
        }
        let columns = now.columns.iter().all(|(c, column)| match was.columns.get(&self.now(*c)) {
            Some(old) => {
                // A name that another column still has, or a value that is another one, needs the table anew.
                let free = old.name == column.name || was.columns.values().all(|o| o.name != column.name);
                alike(old, column) && free && (self.same.contains_key(c) || !self.values.contains_key(&(id, *c)))
            }
            None => !self.values.contains_key(&(id, *c)) && is_addable(column),
        });
        let left = was.columns.iter().filter(|(c, _)| !now.columns.keys().any(|n| self.now(*n) == **c));
        // Whatever still names a column that goes: a key of the table itself, a unique rule, a condition.
        let named = |c: &ColumnId| {
            was.foreign_keys.values().any(|k| k.columns.contains(c))
                || was.primary_key.iter().any(|k| k.columns.iter().any(|k| k.column == *c))
                || self.before.tables.values().flat_map(|t| t.foreign_keys.values()).any(|k| k.referenced.contains(c))
        };
        let droppable = left.into_iter().all(|(c, _)| !named(c));
        key && used.len() == was.foreign_keys.len() && columns && droppable
    }

    /// The column of a foreign key that can come with it: `ADD COLUMN … REFERENCES`, whose rows are all NULL.
    fn inline(&self, was: &Table, now: &Table, key: &ForeignKey) -> Option<ColumnId> {
        let [only] = key.columns[..] else { return None };
        let column = now.columns.get(&only)?;
        (!was.columns.contains_key(&self.now(only)) && column.nullable && column.default.is_none()).then_some(only)
    }

    /// A table written anew keeps what the schema speaks of. Whatever else hangs on it would be lost without a word.
    fn unknown_objects(&self) -> Vec<Spelled> {
        let mut all = Vec::new();
        for (_, was, _) in self.kept().filter(|(id, ..)| self.anew.contains(id)) {
            let table = literal(&was.name.name);
            let known = was.indexes.values().map(|i| literal(&i.name)).collect::<Vec<_>>().join(", ");
            let count = format!(
                "SELECT count(*) FROM \"sqlite_master\" WHERE \"tbl_name\" = {table} AND \"sql\" IS NOT NULL AND (\"type\" = 'trigger' \
                 OR (\"type\" = 'index' AND \"name\" NOT IN ({known})) OR (\"type\" = 'table' AND (\"sql\" LIKE '%CHECK(%' OR \
                 \"sql\" LIKE '%CHECK (%' OR \"sql\" LIKE '%GENERATED ALWAYS%' OR \"sql\" LIKE '% COLLATE %')))"
            );
            let why = format!(
                "{} is written anew, and triggers, indexes, CHECKs or collations of it that the schema does not know would be lost: \
                 add them to this file, and take this statement out",
                was.name.name
            );
            all.push(stop(&why, &count, ""));
        }
        all
    }

    /// What values of other tables are looked up by, set aside before those change: name and statement.
    fn lookups(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (table, key, value) in self.values.values().flat_map(|value| value.lookups()) {
            let (Some(there), Some(of)) = (lookup_name(self.before, table, key, value), self.before.tables.get(&table))
            else {
                continue;
            };
            let field = |id| of.columns.get(&id).map_or_else(String::new, |c| ident(&c.name));
            let make = format!(
                "CREATE TEMP TABLE {there} AS SELECT {} AS \"ps_key\", {} AS \"ps_value\" FROM {};\n\
                 CREATE INDEX temp.{}_key\" ON {there} (\"ps_key\")",
                field(key),
                field(value),
                name(&of.name),
                there.trim_end_matches('"')
            );
            if !all.iter().any(|(known, _)| *known == there) {
                all.push((there, make));
            }
        }
        all.sort();
        all
    }

    /// How many rows there are in what is written anew.
    fn count_rows(&self) -> Option<Spelled> {
        let each: Vec<String> = self
            .kept()
            .filter(|(id, ..)| self.anew.contains(id))
            .map(|(_, was, now)| {
                format!("SELECT {} AS \"name\", count(*) AS \"n\" FROM {}", literal(&now.name.name), name(&was.name))
            })
            .collect();
        (!each.is_empty()).then(|| {
            Spelled::new(format!("CREATE TEMP TABLE \"ps_rows\" AS {}", each.join(" UNION ALL "))).doing(Work::Check)
        })
    }

    /// Rows that go, and those that went with them if foreign keys acted: here they do not (`PRAGMA foreign_keys=OFF`).
    fn tidy(&self, fills: &[Backfill]) -> Vec<Spelled> {
        let mut all: Vec<Backfill> = fills.to_vec();
        let mut at = 0;
        while let Some(fill) = all.get(at).cloned() {
            at += 1;
            let unlinks = |work: &Rows| matches!(work, Rows::ClearOrphans { set_null, .. } if !set_null.is_empty());
            if fill.work.parts().iter().all(unlinks) {
                continue;
            }
            for (id, child) in &self.after.tables {
                // A new one is asked about for itself.
                let acts = |(key, _): &(&ForeignKeyId, &ForeignKey)| self.before.foreign_key(*id, **key).is_some();
                let links = child.foreign_keys.iter().filter(acts).map(|(_, key)| key);
                let more = links.filter(|key| key.references == fill.table).filter_map(|key| follower(*id, key));
                let more: Vec<Backfill> = more.filter(|follower| !all.contains(follower)).collect();
                all.extend(more);
            }
        }
        all.iter().flat_map(|fill| rows::spell(self.after, fill)).collect()
    }

    fn drop_indexes(&self) -> Vec<Spelled> {
        let tables = self.before.tables.iter().filter(|(id, _)| !self.anew.contains(*id));
        let gone = tables
            .filter(|(id, _)| self.after.tables.contains_key(*id))
            .flat_map(|(id, was)| was.indexes.iter().filter(|(i, index)| !self.stays(*id, **i, index)));
        gone.map(|(_, index)| writes(format!("DROP INDEX {}", ident(&index.name)), Work::Metadata)).collect()
    }

    fn create_indexes(&self) -> Vec<Spelled> {
        let mut all = Vec::new();
        for (id, now) in &self.after.tables {
            let there = self.before.tables.get(id).filter(|_| !self.anew.contains(id));
            for (i, index) in &now.indexes {
                let stays = there.and_then(|was| was.indexes.get(i)).is_some_and(|was| self.stays(*id, *i, was));
                if !stays {
                    let work = if self.before.tables.contains_key(id) { Work::IndexBuild } else { Work::Metadata };
                    all.push(writes(index_sql(now, index), work));
                }
            }
        }
        all
    }

    /// Is the index the same afterwards? SQLite gives none another name.
    fn stays(&self, table: TableId, id: crate::catalog::IndexId, was: &Index) -> bool {
        self.after.tables.get(&table).and_then(|t| t.indexes.get(&id)).is_some_and(|now| {
            was.name == now.name
                && was.unique == now.unique
                && was.predicate == now.predicate
                && self.same_key(&was.columns, &now.columns)
        })
    }

    fn drop_tables(&self, when: Early) -> Vec<Spelled> {
        let taken: HashSet<&str> = self.after.tables.values().map(|t| t.name.name.as_str()).collect();
        let gone = self.before.tables.iter().filter(|(id, _)| !self.after.tables.contains_key(*id));
        let early = |t: &Table| if taken.contains(t.name.name.as_str()) { Early::Yes } else { Early::No };
        gone.filter(|(_, t)| early(t) == when)
            .map(|(_, t)| writes(format!("DROP TABLE {}", name(&t.name)), Work::Metadata))
            .collect()
    }

    /// What points at a table follows its name. Two that change places go by a third one.
    fn rename_tables(&self) -> Vec<Spelled> {
        let renamed: Vec<_> = self.kept().filter(|(_, was, now)| was.name != now.name).collect();
        let taken = |n: &str| self.before.tables.values().any(|t| t.name.name == n);
        let rename = |from: &str, to: &str| {
            writes(format!("ALTER TABLE {} RENAME TO {}", ident(from), ident(to)), Work::Metadata)
        };
        let (mut first, mut then) = (Vec::new(), Vec::new());
        for (_, was, now) in renamed {
            let (from, to) = (&was.name.name, &now.name.name);
            if taken(to) {
                let meanwhile = format!("{from}__ps");
                first.push(rename(from, &meanwhile));
                then.push(rename(&meanwhile, to));
            } else {
                first.push(rename(from, to));
            }
        }
        first.extend(then);
        first
    }

    fn alter(&self, was: &Table, now: &Table) -> Vec<Spelled> {
        let table = name(&now.name);
        let alter = |what: String| writes(format!("ALTER TABLE {table} {what}"), Work::Metadata);
        let mut all = Vec::new();
        for (new, column) in &now.columns {
            if let Some(old) = was.columns.get(&self.now(*new)).filter(|old| old.name != column.name) {
                all.push(alter(format!("RENAME COLUMN {} TO {}", ident(&old.name), ident(&column.name))));
            }
        }
        for (c, old) in &was.columns {
            if !now.columns.keys().any(|n| self.now(*n) == *c) {
                all.push(alter(format!("DROP COLUMN {}", ident(&old.name))).doing(Work::Rewrite));
            }
        }
        for (new, column) in now.columns.iter().filter(|(c, _)| !was.columns.contains_key(&self.now(**c))) {
            let key = now.foreign_keys.values().find(|k| self.inline(was, now, k) == Some(*new));
            let points = key.map_or_else(String::new, |k| format!(" {}", references_sql(self.after, k)));
            all.push(alter(format!("ADD COLUMN {}{points}", column_sql(self.after, column))));
        }
        all
    }

    fn write_anew(&self, id: TableId, was: &Table, now: &Table) -> Vec<Spelled> {
        let meanwhile = format!("new_{}", now.name.name);
        // By now it has the name that it will have.
        let (table, beside) = (name(&now.name), ident(&meanwhile));
        let here = Table { name: now.name.clone(), ..was.clone() };
        let mut into = Vec::new();
        let mut from = Vec::new();
        for (c, column) in &now.columns {
            let there = was.columns.get(c);
            let value = match (self.values.get(&(id, *c)), there) {
                (Some(value), _) => expr_sql(&self.known, &here, value),
                (None, Some(old)) => field_sql(&here, old),
                // Only an INTEGER numbers its rows itself.
                (None, None) if column.default_is_sequence() && !column.nullable && !is_numbered(self.after, now) => {
                    format!("{table}.\"{}\"", rowid(was))
                }
                // It gets its default, or NULL.
                (None, None) => continue,
            };
            into.push(column.name.as_str());
            from.push(value);
        }
        let mut all = vec![writes(create_sql(self.after, now, &meanwhile), Work::Metadata)];
        let rows = if into.is_empty() {
            format!("INSERT INTO {beside} SELECT NULL FROM {table} WHERE 0")
        } else {
            format!("INSERT INTO {beside} ({}) SELECT {} FROM {table}", idents(into), from.join(", "))
        };
        all.push(writes(rows, Work::Rewrite));
        if is_numbered(self.before, was) && is_numbered(self.after, now) {
            let (old, new) = (literal(&now.name.name), literal(&meanwhile));
            all.push(writes(format!("DELETE FROM \"sqlite_sequence\" WHERE \"name\" = {new}"), Work::Metadata));
            all.push(writes(
                format!("INSERT INTO \"sqlite_sequence\" (\"name\", \"seq\") SELECT {new}, \"seq\" FROM \"sqlite_sequence\" WHERE \"name\" = {old}"),
                Work::Metadata,
            ));
        }
        all.push(writes(format!("DROP TABLE {table}"), Work::Metadata));
        // Views and triggers elsewhere may name the table, which is not there for a moment.
        all.push(Spelled::new("PRAGMA legacy_alter_table=ON"));
        all.push(writes(format!("ALTER TABLE {beside} RENAME TO {table}"), Work::Metadata));
        all.push(Spelled::new("PRAGMA legacy_alter_table=OFF"));
        all
    }

    /// Nothing may be lost. This takes everything back: also where whoever sends the file goes on after an error.
    fn recount_rows(&self) -> Vec<Spelled> {
        let anew: Vec<&Table> = self.kept().filter(|(id, ..)| self.anew.contains(id)).map(|k| k.2).collect();
        if anew.is_empty() {
            return Vec::new();
        }
        let each = anew
            .iter()
            .map(|t| format!("SELECT {} AS \"name\", count(*) AS \"n\" FROM {}", literal(&t.name.name), name(&t.name)));
        let now = each.collect::<Vec<_>>().join(" UNION ALL ");
        let count = format!(
            "SELECT count(*) FROM temp.\"ps_rows\" AS \"a\" WHERE NOT EXISTS (SELECT 1 FROM ({now}) AS \"b\" WHERE \"b\".\"name\" = \"a\".\"name\" AND \"b\".\"n\" = \"a\".\"n\")"
        );
        vec![
            stop("a table has not all the rows that it had", &count, "OR ROLLBACK "),
            Spelled::new("DROP TABLE temp.\"ps_rows\""),
        ]
    }

    /// No key may point nowhere. This stands last, and takes everything back in the same way.
    fn check_links(&self) -> Option<Spelled> {
        let gone = || self.before.tables.keys().any(|id| !self.after.tables.contains_key(id));
        let linked = self.after.tables.values().any(|t| !t.foreign_keys.is_empty());
        if !linked || (self.anew.is_empty() && !gone()) {
            return None;
        }
        // What points at tables that come back empty waits for their rows.
        let waits = self.waits.iter().filter_map(|id| self.after.tables.get(id)).map(|t| literal(&t.name.name));
        let waits = waits.collect::<Vec<_>>().join(", ");
        let but = if waits.is_empty() { String::new() } else { format!(" WHERE \"parent\" NOT IN ({waits})") };
        let count = format!("SELECT count(*) FROM pragma_foreign_key_check(){but}");
        Some(stop("rows point at others that do not exist (PRAGMA foreign_key_check)", &count, "OR ROLLBACK "))
    }
}

/// What becomes of rows whose row has gone, by their foreign key. What forbids that finds them in the end.
fn follower(on: TableId, key: &ForeignKey) -> Option<Backfill> {
    let set_null = match key.on_delete {
        Action::Cascade => Vec::new(),
        Action::SetNull => key.columns.clone(),
        Action::NoAction | Action::Restrict | Action::SetDefault => return None,
    };
    let (columns, references, referenced) = (key.columns.clone(), key.references, key.referenced.clone());
    Some(Backfill {
        name: key.name.clone(),
        table: on,
        work: Rows::ClearOrphans { columns, references, referenced, set_null },
    })
}

/// The same but for the name.
fn alike(a: &Column, b: &Column) -> bool {
    // That a column is numbered lies in its key.
    let own = |c: &Column| c.default.clone().filter(|d| *d != crate::catalog::Default::Sequence);
    a.ty == b.ty && a.nullable == b.nullable && own(a) == own(b)
}

/// Can `ADD COLUMN` make it? A default that is not the same for every row cannot come that way, `CURRENT_TIMESTAMP` included.
fn is_addable(column: &Column) -> bool {
    match &column.default {
        None => column.nullable,
        Some(crate::catalog::Default::Now) => false,
        Some(default) => is_constant(default),
    }
}
