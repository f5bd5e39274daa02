//! Plans for databases in which each DDL commits by itself ([`Alter::OneByOne`](crate::dialect::Alter)): from one catalog to the
//! next, a difference at a time. What is only added comes first, beside the old client; what goes, goes when no old client is left.
//!
//! Whatever would have to change rows, or have two shapes side by side, is not planned yet: [`unplanned`] names it.

use super::File;
use super::at_once::{Said, middle, placeholder};
use crate::catalog::{Catalog, Column, ColumnId, Expr, IdMap, Origin, Table, TableId};
use crate::change::{Group, Phase, Step, slug};
use crate::dialect::Dialect;
use crate::diff::Matched;
use crate::op::{Fact, Impossible, Loss, Op, Redefinition};
use crate::options::Strategy;
use crate::stage::StageKind;
use std::sync::Arc;

/// Something that is not planned: what, where, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplanned {
    /// In words.
    pub what: String,
    /// Where it is written.
    pub origin: Origin,
    /// What to do instead.
    pub instead: &'static str,
}

/// What such a plan cannot do yet.
pub fn unplanned(matched: &Matched, steps: &[Step], dialect: Dialect) -> Vec<Unplanned> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let mut all = Vec::new();
    let mut say = |what: String, origin: &Origin, instead: &'static str| {
        all.push(Unplanned { what, origin: origin.clone(), instead });
    };
    for moved in &matched.moves {
        if let Some(table) = new.tables.get(&moved.to) {
            say(format!("moving fields to {}", table.origin.label()), &table.origin, APART);
        }
    }
    let remade = |column: &Column| matched.remade_enums.iter().any(|r| column.ty.enum_id() == Some(r.new));
    for (id, now) in &new.enums {
        let reordered = old.enums.get(id).is_some_and(|was| !now.values.starts_with(&was.values));
        if reordered || matched.remade_enums.iter().any(|r| r.new == *id) {
            let of = now.origin.label();
            let what = format!("taking values out of enum {of}, or putting new ones elsewhere than at its end,");
            say(what, &now.origin, "put new values at the end, and let old ones stay");
        }
    }
    for (id, now) in &new.tables {
        let Some(was) = old.tables.get(id) else { continue };
        let label = |name: &str| format!("{}.{}", dialect.name(&now.name), dialect.ident(name));
        if was.primary_key != now.primary_key {
            say(format!("another primary key for {}", dialect.name(&now.name)), &now.origin, APART);
        }
        let moved = |id: &ColumnId| matched.moved_columns().any(|(_, _, to)| to == id);
        for (c, column) in &now.columns {
            let (what, instead) = match was.columns.get(c) {
                None if moved(c) => (
                    "renaming, or giving another type,",
                    "keep the column with @map, or add a new field beside the old one, and drop that in a later change",
                ),
                None if column.default_is_sequence() => ("numbering rows by a new column,", APART),
                None if !column.nullable && column.default.is_none() => (
                    "adding a required column without a default,",
                    "make it optional first, fill it, and require it in a later change; or give it a default",
                ),
                None => continue,
                Some(_) if remade(column) => continue,
                Some(old) if old.ty != column.ty => {
                    ("changing the type of", "add a new field beside the old one, and drop that in a later change")
                }
                Some(old) if old.nullable && !column.nullable => (
                    "requiring a value in",
                    "keep it optional in the schema until your own migration has filled it and set NOT NULL",
                ),
                Some(old) if old.name != column.name => ("renaming", "keep the column's name with @map"),
                Some(old) if old.default_is_sequence() != column.default_is_sequence() => {
                    ("beginning or ending to number", APART)
                }
                Some(_) => continue,
            };
            say(format!("{what} {}", label(&column.name)), &column.origin, instead);
        }
    }
    if !all.is_empty() {
        return all;
    }
    // What would change rows in columns that look as if they were only added.
    let said = Said::of(matched, steps).unwrap_or_default();
    let rows = said.rows.iter().filter_map(Op::table).map(|on| (on, None));
    for (on, column) in said.forth.iter().map(|(on, c, _)| (*on, Some(*c))).chain(rows) {
        let Some(table) = new.tables.get(&on) else { continue };
        let column = column.and_then(|c| table.columns.get(&c));
        let origin = column.map_or(&table.origin, |c| &c.origin);
        let what = format!("changing rows of {}", dialect.name(&table.name));
        all.push(Unplanned { what, origin: origin.clone(), instead: APART });
    }
    all
}

const APART: &str = "do it in a migration of your own, and plan from the schema after it";

/// The files: what is added, then what goes.
///
/// # Errors
/// A change asks for what [`unplanned`] should have named: a bug.
pub fn order(matched: &Matched, steps: &[Step], course: Strategy, dialect: Dialect) -> Result<Vec<File>, Impossible> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let said = Said::of(matched, steps)?;
    if !said.forth.is_empty() || !said.rows.is_empty() {
        return Err(Impossible("rows would have to change, which is not planned here yet".to_owned()));
    }
    let middle = middle(matched, &said);
    let (first, last) = match course {
        Strategy::Staged => (StageKind::Expand, StageKind::Contract),
        Strategy::Direct => (StageKind::Direct, StageKind::Direct),
    };
    let mut files = Way { at: old.clone(), stage: first, dialect, files: Vec::new() };
    files.go(&middle, &said.facts);
    files.stage = last;
    files.go(new, &said.facts);
    Ok(files.files)
}

/// A catalog on its way.
struct Way {
    at: Catalog,
    stage: StageKind,
    dialect: Dialect,
    files: Vec<File>,
}

impl Way {
    /// All that leads to another catalog.
    fn go(&mut self, to: &Catalog, facts: &[Fact]) {
        // An enum that nothing uses yet is nothing in the database.
        for (id, e) in to.enums.iter().filter(|(id, _)| !self.at.enums.contains_key(*id)).collect::<Vec<_>>() {
            self.at.enums.insert(*id, e.clone());
        }
        self.keys_that_go(to);
        self.values(to);
        for (id, table) in &to.tables {
            if !self.at.tables.contains_key(id) {
                let bare = Table { foreign_keys: IdMap::default(), ..(**table).clone() };
                let title = format!("Create table {}", self.dialect.name(&table.name));
                let words = format!("create_{}", slug(&[&table.name.name]));
                self.step(words, title, vec![Loss::Rows(*id)], |next| {
                    next.tables.insert(*id, Arc::new(bare));
                });
            }
        }
        for (id, table) in &to.tables {
            self.columns(*id, table);
            self.rules(*id, table);
            self.indexes(*id, table, facts);
            self.name(*id, table);
        }
        self.keys_that_come(to, facts);
        for (id, table) in &to.tables {
            self.columns_that_go(*id, table);
        }
        self.tables_that_go(to);
        if !to.differences(&self.at).is_empty() {
            let title = "Nothing to do in the database".to_owned();
            let to = to.clone();
            self.step("nothing".to_owned(), title, Vec::new(), |next| *next = to);
        }
        self.at = to.clone();
    }

    fn step(&mut self, words: String, title: String, losses: Vec<Loss>, change: impl FnOnce(&mut Catalog)) {
        self.push(words, title, losses, Vec::new(), change);
    }

    fn push(
        &mut self,
        words: String,
        title: String,
        losses: Vec<Loss>,
        back: Vec<(TableId, ColumnId, Expr)>,
        change: impl FnOnce(&mut Catalog),
    ) {
        let mut next = self.at.clone();
        change(&mut next);
        let there = Redefinition { to: next.clone(), values: Vec::new(), back, losses, waits: Vec::new() };
        let step = Step::new(self.stage, Phase::Tables, Group::Alone, words, title).op(Op::Redefine(Box::new(there)));
        self.files.push(File { stage: self.stage, steps: vec![step] });
        self.at = next;
    }

    /// What the last step needs of the rows.
    fn needs(&mut self, fact: &Fact) {
        if let Some(step) = self.files.last_mut().and_then(|f| f.steps.last_mut()) {
            step.before.push(fact.clone());
            step.verify.push(fact.clone());
        }
    }

    fn keys_that_go(&mut self, to: &Catalog) {
        let gone: Vec<_> = self
            .at
            .tables
            .iter()
            .filter(|(id, _)| to.tables.contains_key(*id))
            .flat_map(|(id, t)| t.foreign_keys.iter().map(move |(key, k)| (*id, *key, k.clone())))
            .filter(|(on, key, k)| {
                to.foreign_key(*on, *key).is_none_or(|now| now.name != k.name || !now.means_the_same(k))
            })
            .collect();
        for (on, id, key) in gone {
            let title = format!("Drop foreign key {}", self.dialect.ident(&key.name));
            self.step(format!("unlink_{}", slug(&[&key.name])), title, Vec::new(), |next| {
                if let Some(table) = next.table_mut(on) {
                    table.foreign_keys.shift_remove(&id);
                }
            });
        }
    }

    fn values(&mut self, to: &Catalog) {
        let more: Vec<_> = to
            .enums
            .iter()
            .filter(|(id, e)| self.at.enums.get(*id).is_some_and(|was| was.values != e.values))
            .map(|(id, e)| (*id, e.clone()))
            .collect();
        for (id, e) in more {
            let title = format!("Add values to enum {}", e.origin.label());
            let users =
                self.at.tables.iter().flat_map(|(on, t)| t.columns.iter().map(move |(c, column)| (*on, *c, column)));
            let losses =
                users.filter(|(_, _, c)| c.ty.enum_id() == Some(id)).map(|(on, c, _)| Loss::Unfit(on, c)).collect();
            self.step(format!("extend_{}", slug(&[&e.name.name])), title, losses, |next| {
                next.enums.insert(id, e);
            });
        }
    }

    fn columns(&mut self, id: TableId, to: &Table) {
        let Some(was) = self.at.tables.get(&id) else { return };
        let new: Vec<_> = to
            .columns
            .iter()
            .filter(|(c, _)| !was.columns.contains_key(*c))
            .map(|(c, column)| (*c, column.clone()))
            .collect();
        if new.is_empty() {
            return;
        }
        let names = new.iter().map(|(_, c)| self.dialect.ident(&c.name)).collect::<Vec<_>>().join(", ");
        let title = format!("Add {names} to {}", self.dialect.name(&was.name));
        let losses = new.iter().map(|(c, _)| Loss::Values(id, *c)).collect();
        self.step(format!("add_{}", slug(&[&to.name.name, &new[0].1.name])), title, losses, |next| {
            if let Some(table) = next.table_mut(id) {
                table.columns.extend(new);
            }
        });
    }

    /// What may be NULL, and what is written where nothing is said.
    fn rules(&mut self, id: TableId, to: &Table) {
        let Some(was) = self.at.tables.get(&id).cloned() else { return };
        let changed: Vec<_> = to
            .columns
            .iter()
            .filter(|(c, now)| {
                was.columns.get(*c).is_some_and(|was| was.nullable != now.nullable || was.default != now.default)
            })
            .map(|(c, now)| (*c, now.nullable, now.default.clone()))
            .collect();
        if changed.is_empty() {
            return;
        }
        let (mut losses, mut back) = (Vec::new(), Vec::new());
        for (c, nullable, _) in &changed {
            let before = &was.columns[c];
            if *nullable && !before.nullable {
                losses.push(Loss::Nulls(id, *c));
                if let Some(value) = placeholder(self.dialect, &self.at, &was, *c, before) {
                    back.push((id, *c, value));
                }
            }
        }
        let title = format!("Change what {} takes", self.dialect.name(&to.name));
        self.push(format!("relax_{}", slug(&[&to.name.name])), title, losses, back, |next| {
            let Some(table) = next.table_mut(id) else { return };
            for (c, nullable, default) in changed {
                if let Some(column) = table.columns.get_mut(&c) {
                    column.nullable = nullable;
                    column.default = default;
                }
            }
        });
    }

    /// New ones first, so that a foreign key always has one.
    fn indexes(&mut self, id: TableId, to: &Table, facts: &[Fact]) {
        let Some(was) = self.at.tables.get(&id).cloned() else { return };
        for (i, index) in to.indexes.iter().filter(|(i, _)| !was.indexes.contains_key(*i)) {
            if index.columns.iter().any(|c| !was.columns.contains_key(&c.column)) {
                continue;
            }
            let title = format!("Build index {} on {}", self.dialect.ident(&index.name), self.dialect.name(&to.name));
            let (i, index) = (*i, index.clone());
            let columns: Vec<ColumnId> = index.columns.iter().map(|c| c.column).collect();
            self.step(format!("index_{}", slug(&[&index.name])), title, Vec::new(), |next| {
                if let Some(table) = next.table_mut(id) {
                    table.indexes.insert(i, index);
                }
            });
            let about = |f: &&Fact| matches!(f, Fact::NoDuplicates { on, columns: c } if *on == id && *c == columns);
            if let Some(fact) = facts.iter().find(about) {
                self.needs(fact);
            }
        }
        for (i, index) in &was.indexes {
            let now = to.indexes.get(i);
            if now.is_some_and(|now| now.name == index.name) {
                continue;
            }
            let (verb, word) = if now.is_some() { ("Rename", "rename") } else { ("Drop", "drop") };
            let title = format!("{verb} index {} of {}", self.dialect.ident(&index.name), self.dialect.name(&to.name));
            let (i, now) = (*i, now.cloned());
            self.step(format!("{word}_{}", slug(&[&index.name])), title, Vec::new(), |next| {
                let Some(table) = next.table_mut(id) else { return };
                match now {
                    Some(now) => {
                        table.indexes.insert(i, now);
                    }
                    None => {
                        table.indexes.shift_remove(&i);
                    }
                }
            });
        }
    }

    fn name(&mut self, id: TableId, to: &Table) {
        let Some(was) = self.at.tables.get(&id).filter(|was| was.name != to.name) else { return };
        let title = format!("Rename table {} to {}", self.dialect.name(&was.name), self.dialect.name(&to.name));
        let name = to.name.clone();
        self.step(format!("rename_{}", slug(&[&to.name.name])), title, Vec::new(), |next| {
            if let Some(table) = next.table_mut(id) {
                table.name = name;
            }
        });
    }

    fn keys_that_come(&mut self, to: &Catalog, facts: &[Fact]) {
        for (on, table) in &to.tables {
            for (id, key) in &table.foreign_keys {
                if self.at.foreign_key(*on, *id).is_some() {
                    continue;
                }
                let title = format!(
                    "Link {} to {} by {}",
                    self.dialect.name(&table.name),
                    to.tables.get(&key.references).map_or_else(String::new, |t| self.dialect.name(&t.name)),
                    self.dialect.ident(&key.name)
                );
                let (id, made) = (*id, key.clone());
                self.step(format!("link_{}", slug(&[&key.name])), title, Vec::new(), |next| {
                    if let Some(table) = next.table_mut(*on) {
                        table.foreign_keys.insert(id, made);
                    }
                });
                let about = |f: &&Fact| matches!(f, Fact::NoOrphans { on: o, columns, .. } if o == on && *columns == key.columns);
                if let Some(fact) = facts.iter().find(about) {
                    self.needs(fact);
                    let title = format!("Every row of {} has its counterpart", self.dialect.name(&table.name));
                    let words = format!("linked_{}", slug(&[&key.name]));
                    let look = Step::new(self.stage, Phase::ForeignKeyRows, Group::Alone, words, title);
                    self.files.push(File { stage: self.stage, steps: vec![look.op(Op::Assert(fact.clone()))] });
                }
            }
        }
    }

    /// First it may be empty, so that who goes back has a moment to give rows what they had.
    fn columns_that_go(&mut self, id: TableId, to: &Table) {
        let Some(was) = self.at.tables.get(&id).cloned() else { return };
        let gone: Vec<ColumnId> = was.columns.keys().filter(|c| !to.columns.contains_key(*c)).copied().collect();
        if gone.is_empty() {
            return;
        }
        let names = gone.iter().map(|c| self.dialect.ident(&was.columns[c].name)).collect::<Vec<_>>().join(", ");
        let strict = |c: &ColumnId| !was.columns[c].nullable && was.columns[c].default.is_none();
        let strict: Vec<ColumnId> = gone.iter().filter(|c| strict(c)).copied().collect();
        if !strict.is_empty() {
            let title = format!("Let {} be empty in {}, before it goes", names, self.dialect.name(&was.name));
            self.step(format!("relax_{}", slug(&[&was.name.name])), title, Vec::new(), |next| {
                let Some(table) = next.table_mut(id) else { return };
                for c in strict {
                    if let Some(column) = table.columns.get_mut(&c) {
                        column.nullable = true;
                    }
                }
            });
        }
        let title = format!("Drop {names} of {}", self.dialect.name(&was.name));
        let losses = gone.iter().map(|c| Loss::DroppedColumn(id, *c)).collect();
        self.step(format!("drop_{}", slug(&[&was.name.name])), title, losses, |next| {
            let Some(table) = next.table_mut(id) else { return };
            for c in gone {
                table.columns.shift_remove(&c);
            }
        });
    }

    fn tables_that_go(&mut self, to: &Catalog) {
        let mut gone: Vec<TableId> = self.at.tables.keys().filter(|id| !to.tables.contains_key(*id)).copied().collect();
        // What points at others goes before them.
        while !gone.is_empty() {
            let free = |id: &TableId| {
                gone.iter().all(|other| {
                    other == id || !self.at.tables[other].foreign_keys.values().any(|k| k.references == *id)
                })
            };
            let at = gone.iter().position(free).unwrap_or(0);
            let id = gone.remove(at);
            let table = &self.at.tables[&id];
            let title = format!("Drop table {}", self.dialect.name(&table.name));
            let words = format!("drop_{}", slug(&[&table.name.name]));
            self.step(words, title, vec![Loss::DroppedTable(id)], |next| {
                next.tables.shift_remove(&id);
            });
        }
    }
}
