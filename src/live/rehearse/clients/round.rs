//! What one client does with one table: everything that Prisma Client can, each once.

use super::Side;
use super::agree::Scribe;
use super::belief::Model;
use super::care::Care;
use super::draft::{Author, Draft, Writer};
use super::ledger::{Ledger, shown};
use super::session::{Row, Session, Values, filter};
use super::takes::takes;
use super::world::World;
use crate::live::{Error, Result};

/// A round is told in sentences: what went wrong, if anything did.
pub(super) struct Round<'a, 'w> {
    pub(super) world: &'w World<'w>,
    pub(super) side: Side,
    pub(super) session: &'a mut Session,
    pub(super) scribe: &'a mut Scribe,
    pub(super) author: &'a mut Author,
    pub(super) ledger: &'a mut Ledger,
    /// What the plan says to those who run with care, of all tables.
    pub(super) care: Care<'a>,
    /// What the plan says of the table to those who run with care.
    pub(super) reasons: &'a [&'a String],
    /// What is not as it has to be.
    pub(super) wrong: Vec<String>,
}

impl<'w> Round<'_, 'w> {
    /// Has the author think of what to write.
    fn ask<T>(&mut self, what: impl FnOnce(&mut Author, &mut Writer<'_, 'w>) -> T) -> T {
        let (world, side, care) = (self.world, self.side, self.care);
        what(self.author, &mut Writer { world, side, session: self.session, scribe: self.scribe, care })
    }

    /// Does the plan say that some of this does not work?
    fn said(&self, words: &str) -> bool {
        self.reasons.iter().any(|reason| reason.contains(words))
    }

    /// Something was sent; None, with a sentence about it, if it was refused.
    fn went<T>(&mut self, doing: &str, model: &Model, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.sqlstate.is_none() && error.said.contains("closed") => Err(error),
            Err(Error { doing: sql, said, .. }) => {
                self.wrong.push(format!("{doing} of {}: {said}\n{sql}", model.sql));
                Ok(None)
            }
        }
    }

    /// All rows, and are they what the client can take?
    pub(super) fn reads(&mut self, model: &Model) -> Result<()> {
        let types = self.session.real_types(model);
        let Some(types) = self.went("findMany", model, types)? else { return Ok(()) };
        for (field, ty) in model.fields.iter().zip(&types) {
            if !takes(&field.ty, ty) {
                self.wrong.push(format!("{}.{} is of type {ty}, which the client cannot read", model.sql, field.name));
            }
        }
        let rows = self.session.find(model, "TRUE");
        if let Some(rows) = self.went("findMany", model, rows)? {
            rows.iter().for_each(|row| self.decode(model, row));
        }
        let count = self.session.count(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {}) AS sub", model.sql));
        self.went("count", model, count)?;
        Ok(())
    }

    /// Every operation once, the first thing that is refused being the last; `nth` varies what is written.
    pub(super) fn writes(&mut self, model: &'w Model, nth: usize) -> Result<()> {
        if !model.written {
            return Ok(());
        }
        if model.join {
            return self.connects(model, nth);
        }
        if self.is_severed(model) && self.side == Side::Old {
            return Ok(());
        }
        let before = self.wrong.len();
        for full in [true, false] {
            self.creates(model, full)?;
            if self.wrong.len() > before {
                return Ok(());
            }
        }
        self.updates(model, nth)?;
        if self.comes_by_itself(model) {
            return if self.wrong.len() == before { self.upserts_known(model, nth) } else { Ok(()) };
        }
        if self.wrong.len() == before && !self.said("upserts") {
            self.upserts(model)?;
        }
        if self.wrong.len() == before && !self.ledger.shared && !self.said("is not to be deleted") {
            self.deletes(model)?;
        }
        Ok(())
    }

    /// Its rows are there as soon as those of another table are.
    fn comes_by_itself(&self, model: &Model) -> bool {
        self.said(&format!("rows of {} come with", model.name.1)) || self.side == Side::Old && self.is_severed(model)
    }

    /// What it writes does not reach the other client any more: then it does not write.
    fn is_severed(&self, model: &Model) -> bool {
        self.said(&format!("what it writes to {}.", model.name.1))
    }

    /// create, where there can be one.
    pub(super) fn creates(&mut self, model: &'w Model, full: bool) -> Result<()> {
        if self.comes_by_itself(model) {
            return Ok(());
        }
        if let Some(draft) = self.ask(|author, w| author.draft(w, model, full))? {
            self.create(draft)?;
        }
        Ok(())
    }

    /// create, its parents first.
    fn create(&mut self, draft: Draft<'w>) -> Result<Option<usize>> {
        let Draft { model, parents, mut values } = draft;
        for (link, above) in parents {
            let parent = above.model;
            let Some(entry) = self.create(above)? else { return Ok(None) };
            let row = self.ledger.rows[entry].row.clone();
            for (at, id) in link.fields.iter().zip(&link.referenced) {
                let value = parent.at(*id).and_then(|at| row[at].clone());
                values.insert(*at, value);
            }
        }
        let values = model.in_both(values);
        let row = self.session.create(model, &values);
        let Some(row) = self.went("create", model, row)? else { return Ok(None) };
        self.came_back("create", model, &values, &row)?;
        Ok(Some(self.ledger.created(self.world, (self.side, self.scribe), model, &row)?))
    }

    /// update, updateMany: of rows that this client knows, be they its own or the other's.
    fn updates(&mut self, model: &'w Model, nth: usize) -> Result<()> {
        let mut turn = nth;
        for only in [None, Some(nth), Some(nth + 1)] {
            let Some((entry, found)) = self.known(model, turn)? else { return Ok(()) };
            let values = self.ask(|author, w| author.changes(w, model, only))?;
            if values.is_empty() {
                return Ok(());
            }
            let row = self.session.update(model, &found, &values);
            let Some(row) = self.went("update", model, row)? else { return Ok(()) };
            self.came_back("update", model, &values, &row)?;
            self.ledger.updated(self.world, (self.side, self.scribe), entry, &row, &values)?;
            turn += 1;
        }
        let Some((entry, found)) = self.known(model, turn)? else { return Ok(()) };
        let values = self.ask(|author, w| author.changes(w, model, Some(nth + 2)))?;
        let count = self.session.update_many(model, &found, &values);
        let Some(count) = self.went("updateMany", model, count)? else { return Ok(()) };
        if count != 1 {
            self.wrong.push(format!("updateMany of {}: {count} rows, not 1", model.sql));
        }
        let rows = self.session.find(model, &found);
        if let Some(row) = self.went("findMany", model, rows)?.and_then(|mut rows| rows.pop()) {
            self.came_back("updateMany", model, &values, &row)?;
            self.ledger.updated(self.world, (self.side, self.scribe), entry, &row, &values)?;
        }
        Ok(())
    }

    /// upsert by a unique: once of a row that is there, once of one that is not; createMany.
    fn upserts(&mut self, model: &'w Model) -> Result<()> {
        let Some(unique) = self.world.conflicts(self.side, model, self.care.of(self.world, model)).first().cloned()
        else {
            return Ok(());
        };
        let Some(draft) = self.ask(|author, w| author.draft(w, model, true))? else { return Ok(()) };
        let changes = self.ask(|author, w| author.changes(w, model, None))?;
        if changes.is_empty()
            || !draft.parents.is_empty()
            || unique.iter().any(|at| !matches!(draft.values.get(at), Some(Some(_))))
        {
            return Ok(());
        }
        let row = self.session.upsert(model, &unique, &draft.values, &changes);
        let Some(row) = self.went("upsert", model, row)? else { return Ok(()) };
        self.came_back("upsert", model, &draft.values, &row)?;
        let fresh = self.ledger.created(self.world, (self.side, self.scribe), model, &row)?;
        let row = self.session.upsert(model, &unique, &draft.values, &changes);
        let Some(row) = self.went("upsert", model, row)? else { return Ok(()) };
        self.came_back("upsert", model, &changes, &row)?;
        self.ledger.updated(self.world, (self.side, self.scribe), fresh, &row, &changes)?;
        self.creates_many(model)
    }

    /// upsert of a row that is there, by its key: what a client does where rows come by themselves.
    fn upserts_known(&mut self, model: &'w Model, nth: usize) -> Result<()> {
        let own = self.world.conflicts(self.side, model, self.care.of(self.world, model));
        let Some(unique) = own.into_iter().find(|unique| *unique == model.key) else { return Ok(()) };
        let Some((entry, found)) = self.known(model, nth)? else { return Ok(()) };
        let rows = self.session.find(model, &found);
        let Some(row) = self.went("findMany", model, rows)?.and_then(|mut rows| rows.pop()) else { return Ok(()) };
        let values: Values = row.into_iter().enumerate().collect();
        let changes = self.ask(|author, w| author.changes(w, model, None))?;
        if changes.is_empty() {
            return Ok(());
        }
        let row = self.session.upsert(model, &unique, &values, &changes);
        let Some(row) = self.went("upsert", model, row)? else { return Ok(()) };
        self.came_back("upsert", model, &changes, &row)?;
        self.ledger.updated(self.world, (self.side, self.scribe), entry, &row, &changes)
    }

    fn creates_many(&mut self, model: &'w Model) -> Result<()> {
        let Some(first) = self.ask(|author, w| author.draft(w, model, true))? else { return Ok(()) };
        let Some(second) = self.ask(|author, w| author.draft(w, model, false))? else { return Ok(()) };
        // A field that one row has and the other has not is NULL there, which a required one must not be.
        let missing = |at: &usize| !second.values.contains_key(at) && model.fields[*at].required;
        let care = self.care.of(self.world, model);
        if !first.parents.is_empty() || !second.parents.is_empty() || first.values.keys().any(missing) || care {
            return Ok(());
        }
        let count = self.session.create_many(model, &[&first.values, &second.values]);
        if let Some(count) = self.went("createMany", model, count)?.filter(|count| *count != 2) {
            self.wrong.push(format!("createMany of {}: {count} rows, not 2", model.sql));
        }
        Ok(())
    }

    /// delete: a row made for it.
    fn deletes(&mut self, model: &'w Model) -> Result<()> {
        let Some(draft) = self.ask(|author, w| author.draft(w, model, true))? else { return Ok(()) };
        let Some(entry) = self.create(draft)? else { return Ok(()) };
        let key = self.ledger.rows[entry].key.clone();
        if key.is_empty() {
            return Ok(());
        }
        let row = self.session.delete(model, &filter(model, key.iter().map(|(at, text)| (*at, text.as_str()))));
        if self.went("delete", model, row)?.is_some() {
            self.ledger.rows[entry].deleted = true;
        }
        Ok(())
    }

    /// connect and disconnect, of an implicit many-to-many relation.
    fn connects(&mut self, model: &'w Model, nth: usize) -> Result<()> {
        let [a, b] = model.links.as_slice() else { return Ok(()) };
        let (Some(left), Some(right)) = (self.world.model(self.side, a.to), self.world.model(self.side, b.to)) else {
            return Ok(());
        };
        let Some(draft) = self.ask(|author, w| author.draft(w, left, true))? else { return Ok(()) };
        let Some(entry) = self.create(draft)? else { return Ok(()) };
        let others = self.session.find(right, "TRUE");
        let Some(others) = self.went("findMany", right, others)? else { return Ok(()) };
        let key = |model: &Model, link: &super::belief::Link, row: &Row| {
            model.at(*link.referenced.first()?).and_then(|at| row[at].clone())
        };
        let Some(own) = key(left, a, &self.ledger.rows[entry].row) else { return Ok(()) };
        let mut links = Vec::new();
        for row in others.iter().cycle().skip(nth).take(others.len().min(2)) {
            let Some(other) = key(right, b, row) else { continue };
            let values: Values = [(a.fields[0], Some(own.clone())), (b.fields[0], Some(other))].into();
            let count = self.session.create_many(model, &[&values]);
            if self.went("connect", model, count)? == Some(1) {
                links.push(values);
            }
        }
        // The first is taken apart again, the second stays.
        for (nth, values) in links.iter().enumerate() {
            let row: Row = (0..model.fields.len()).map(|at| values.get(&at).cloned().flatten()).collect();
            let entry = self.ledger.created(self.world, (self.side, self.scribe), model, &row)?;
            if nth == 0 {
                let found = filter(model, values.iter().filter_map(|(at, text)| Some((*at, text.as_deref()?))));
                let count = self.session.count(&format!("DELETE FROM {} WHERE {found}", model.sql));
                self.went("disconnect", model, count)?;
                self.ledger.rows[entry].deleted = true;
            }
        }
        Ok(())
    }

    /// A row that this client can find, by turns its own and others', and how it finds it.
    fn known(&mut self, model: &Model, nth: usize) -> Result<Option<(usize, String)>> {
        let all: Vec<usize> = (0..self.ledger.rows.len())
            .filter(|at| self.ledger.rows[*at].table == model.id && !self.ledger.rows[*at].deleted)
            .collect();
        if all.is_empty() {
            return Ok(None);
        }
        // From the last one written on.
        for turn in 0..all.len() {
            let at = all[(all.len() - 1 - nth % all.len() + turn) % all.len()];
            if let Some(key) = self.ledger.rows[at].key_in(self.world, self.side, self.scribe)? {
                let found = filter(model, key.iter().map(|(at, text)| (*at, text.as_str())));
                if self.ledger.may_go && self.session.find(model, &found).is_ok_and(|rows| rows.is_empty()) {
                    self.ledger.rows[at].deleted = true;
                    continue;
                }
                return Ok(Some((at, found)));
            }
        }
        Ok(None)
    }

    /// What a write returns is what it asked for; what it left out may be anything that the client can read.
    fn came_back(&mut self, doing: &str, model: &Model, asked: &Values, row: &Row) -> Result<()> {
        self.decode(model, row);
        for (at, asked) in asked {
            let field = &model.fields[*at];
            let found = &row[*at];
            let other = self.world.other(self.side, model, *at);
            let filled = asked.is_none()
                && (self.world.is_filled(model, *at) || other.is_some_and(|(m, at)| m.fields[at].required));
            // A column that stays, and that others are taken out of and put into, holds both.
            let both = self.world.is_computed(field.id)
                && self.world.other(self.side, model, *at).is_some_and(|(m, at)| m.fields[at].id == field.id);
            // And nothing in a column that came from another table may be an older client's silence.
            let carried = asked.is_none() && self.world.came_over(field.id);
            if !filled && !both && !carried && !self.scribe.kept(field, asked, found)? {
                self.wrong.push(format!(
                    "{doing} of {}: {} is {} where {} was written",
                    model.sql,
                    field.name,
                    shown(found),
                    shown(asked)
                ));
            }
        }
        Ok(())
    }

    /// Can the client make sense of a row?
    fn decode(&mut self, model: &Model, row: &Row) {
        for (field, value) in model.fields.iter().zip(row) {
            match value {
                None if field.required && !field.ty.list && !self.said(&format!(".{} may be NULL", field.name)) => {
                    self.wrong
                        .push(format!("{}.{} is NULL, and the client's field is required", model.sql, field.name));
                }
                Some(label) if !field.ty.labels.is_empty() => {
                    let known = |label: &str| field.ty.labels.iter().any(|known| known == label);
                    let bare = |element: &str| element.trim_matches('"').to_owned();
                    let right = match label.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                        Some(list) if field.ty.list => list.is_empty() || list.split(',').all(|e| known(&bare(e))),
                        _ => known(label),
                    };
                    if !right {
                        let what =
                            format!("{}.{} is {label}, which is not in the client's enum", model.sql, field.name);
                        self.wrong.push(what);
                    }
                }
                Some(_) | None => {}
            }
        }
    }
}
