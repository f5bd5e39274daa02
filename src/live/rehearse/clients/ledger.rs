//! What clients wrote, by row: who wrote each value last, and what it was.

use super::Side;
use super::agree::Scribe;
use super::belief::Model;
use super::session::{Row, Session, Values, filter};
use super::world::World;
use crate::catalog::{ColumnId, TableId};
use crate::live::Result;
use std::collections::BTreeMap;

/// All rows that clients wrote.
pub(super) struct Ledger {
    pub(super) rows: Vec<Entry>,
    /// Was it decided that rows go, or are unlinked, which break NEW's rules? A required foreign key that is new, and filled
    /// with a placeholder, is one that every row breaks.
    pub(super) may_go: bool,
}

/// A row.
pub(super) struct Entry {
    pub(super) table: TableId,
    /// Who created it, or wrote it first.
    pub(super) side: Side,
    /// By what that client finds it.
    pub(super) key: Vec<(usize, String)>,
    pub(super) deleted: bool,
    /// As it came back when it was created.
    pub(super) row: Row,
    /// The last write of each column (by its identity in OLD where both have it).
    last: BTreeMap<ColumnId, Written>,
}

struct Written {
    side: Side,
    field: usize,
    value: Option<String>,
}

impl Ledger {
    pub(super) fn new(may_go: bool) -> Self {
        Ledger { rows: Vec::new(), may_go }
    }

    /// A row was created: all that came back is what it holds.
    pub(super) fn created(&mut self, world: &World, side: Side, model: &Model, row: &Row) -> usize {
        let key = model.key.iter().filter_map(|at| Some((*at, row[*at].clone()?))).collect();
        let mut entry = Entry { table: model.id, side, key, deleted: false, row: row.clone(), last: BTreeMap::new() };
        for (at, value) in row.iter().enumerate() {
            entry.write(world, side, model, at, value.clone());
        }
        self.rows.push(entry);
        self.rows.len() - 1
    }

    /// A row that was there before anybody wrote.
    pub(super) fn found(&mut self, side: Side, model: &Model, row: &Row) {
        let key = model.key.iter().filter_map(|at| Some((*at, row[*at].clone()?))).collect();
        let (last, deleted) = (BTreeMap::new(), false);
        self.rows.push(Entry { table: model.id, side, key, deleted, row: row.clone(), last });
    }

    /// Fields of a row were written.
    pub(super) fn updated(&mut self, world: &World, side: Side, entry: usize, row: &Row, given: &Values) {
        let Some(entry) = self.rows.get_mut(entry) else { return };
        let Some(model) = world.model(side, entry.table) else { return };
        for at in given.keys() {
            entry.write(world, side, model, *at, row[*at].clone());
        }
    }

    /// Looks at every row as this client does: what is not as it was written?
    pub(super) fn read(
        &mut self,
        world: &World,
        (side, session): (Side, &mut Session),
        scribe: &mut Scribe,
        tables: &[TableId],
    ) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let may_go = self.may_go;
        for entry in self.rows.iter_mut().filter(|entry| tables.contains(&entry.table)) {
            let Some(model) = world.model(side, entry.table) else { continue };
            let Some(key) = entry.key_in(world, side, scribe)? else { continue };
            let found = session.find(model, &filter(model, key.iter().map(|(at, value)| (*at, value.as_str()))))?;
            let name = format!("{} {:?}", model.sql, key.iter().map(|(_, value)| value).collect::<Vec<_>>());
            match (found.as_slice(), entry.deleted) {
                ([], true) => {}
                ([row], false) => {
                    for line in entry.compare(world, (side, row), scribe, may_go)? {
                        wrong.push(format!("{name}: {line}"));
                    }
                }
                ([], false) => {
                    wrong.push(format!("{name}, which the {} client wrote, is not there", entry.side.name()))
                }
                (_, true) => wrong.push(format!("{name} was deleted and is there")),
                (_, false) => wrong.push(format!("{name} is there more than once")),
            }
        }
        Ok(wrong)
    }
}

impl Entry {
    fn write(&mut self, world: &World, side: Side, model: &Model, field: usize, value: Option<String>) {
        let column = world.column(side, model.fields[field].id);
        self.last.insert(column, Written { side, field, value });
    }

    /// By what a client finds the row; None where that cannot be said.
    pub(super) fn key_in(
        &self,
        world: &World,
        side: Side,
        scribe: &mut Scribe,
    ) -> Result<Option<Vec<(usize, String)>>> {
        if self.key.is_empty() {
            return Ok(None);
        }
        if side == self.side {
            for (at, value) in &self.key {
                // What is no value of the other's type can no longer be looked for once the column is of that.
                if let Some((other, their)) = world.model(side, self.table).and_then(|m| world.other(side, m, *at))
                    && other.fields[their].ty.labels.is_empty()
                    && scribe.canonical(&other.fields[their], value)?.is_none()
                {
                    return Ok(None);
                }
            }
            return Ok(Some(self.key.clone()));
        }
        let (Some(own), Some(theirs)) = (world.model(self.side, self.table), world.model(side, self.table)) else {
            return Ok(None);
        };
        if theirs.key.len() != self.key.len() {
            return Ok(None);
        }
        let mut key = Vec::new();
        for (at, value) in &self.key {
            let from = &own.fields[*at];
            let partner = world.partner(self.side, from.id).and_then(|id| theirs.at(id));
            let Some(other) = partner.filter(|other| theirs.key.contains(other)) else { return Ok(None) };
            let to = &theirs.fields[other];
            let value = if to.ty.labels.is_empty() || from.ty.labels.is_empty() {
                scribe.convert(from, to, value)?
            } else {
                Some(scribe.other_label(value, &to.ty.labels))
            };
            let Some(value) = value else { return Ok(None) };
            key.push((other, value));
        }
        Ok(Some(key))
    }

    fn compare(
        &self,
        world: &World,
        (side, row): (Side, &Row),
        scribe: &mut Scribe,
        may_be_unlinked: bool,
    ) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let Some(model) = world.model(side, self.table) else { return Ok(wrong) };
        for (at, (field, found)) in model.fields.iter().zip(row).enumerate() {
            let Some(written) = self.last.get(&world.column(side, field.id)) else { continue };
            let Some(writer) = world.model(written.side, self.table) else { continue };
            let theirs = &writer.fields[written.field];
            let other = world.other(side, model, at).map(|(other, at)| &other.fields[at]);
            let right = if written.side == side {
                scribe.stayed((field, &written.value), (other, found))?
            } else {
                scribe.agrees((theirs, &written.value), (field, found))?
            };
            let excused = may_be_unlinked && found.is_none();
            if !right && !excused {
                wrong.push(format!(
                    "{} is {} where the {} client wrote {} last",
                    field.name,
                    shown(found),
                    written.side.name(),
                    shown(&written.value)
                ));
            }
        }
        Ok(wrong)
    }
}

/// A value for a message.
pub(super) fn shown(value: &Option<String>) -> String {
    value.as_ref().map_or_else(|| "NULL".to_owned(), |text| format!("{text:?}"))
}
