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
    /// Do others work on the same tables, who may take away what nobody points at yet?
    pub(super) shared: bool,
    /// From which row on rows are read again.
    pub(super) from: usize,
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
    there: There,
}

/// What a value is for the other client.
enum There {
    /// What the server's casts say.
    Cast,
    /// What was said that it becomes.
    Is(Option<String>),
    /// Nothing that we could say.
    Unknown,
}

impl Ledger {
    pub(super) fn new(may_go: bool) -> Self {
        Ledger { rows: Vec::new(), may_go, shared: false, from: 0 }
    }

    /// A row was created: all that came back is what it holds.
    pub(super) fn created(
        &mut self,
        world: &World,
        (side, scribe): (Side, &mut Scribe),
        model: &Model,
        row: &Row,
    ) -> Result<usize> {
        let key = model.key.iter().filter_map(|at| Some((*at, row[*at].clone()?))).collect();
        let mut entry = Entry { table: model.id, side, key, deleted: false, row: row.clone(), last: BTreeMap::new() };
        for (at, value) in row.iter().enumerate() {
            entry.write(world, side, model, at, value.clone());
        }
        entry.compute(world, (side, scribe), model, row, &|_| true)?;
        self.rows.push(entry);
        self.carried(world, side, model, &|_| true);
        Ok(self.rows.len() - 1)
    }

    /// What is written to a column that goes over to another table is in some row there: which, the verify queries know.
    fn carried(&mut self, world: &World, side: Side, model: &Model, written: &dyn Fn(usize) -> bool) {
        for gone in world.clients.moves.iter() {
            let ways = gone.pairs.iter().flat_map(|(old, new)| {
                let [forth, back] = [(gone.from, *old, gone.to, *new), (gone.to, *new, gone.from, *old)];
                [forth, back]
            });
            for (_, mine, other, theirs) in ways.filter(|(own, ..)| *own == model.id) {
                if model.at(mine).is_some_and(written) {
                    for entry in self.rows.iter_mut().filter(|entry| entry.table == other) {
                        entry.last.remove(&theirs);
                        entry.last.remove(&world.column(side, theirs));
                    }
                }
            }
        }
    }

    /// What a row holds in columns that follow others once rows are filled is not what it will hold.
    pub(super) fn not_yet(&mut self, world: &World, side: Side, entry: usize) {
        let Some(entry) = self.rows.get_mut(entry) else { return };
        let Some(model) = world.model(side, entry.table) else { return };
        for (_, second) in &model.both {
            entry.last.remove(&world.column(side, model.fields[*second].id));
        }
    }

    /// A row that was there before anybody wrote.
    pub(super) fn found(&mut self, side: Side, model: &Model, row: &Row) {
        let key = model.key.iter().filter_map(|at| Some((*at, row[*at].clone()?))).collect();
        let (last, deleted) = (BTreeMap::new(), false);
        self.rows.push(Entry { table: model.id, side, key, deleted, row: row.clone(), last });
    }

    /// Fields of a row were written.
    pub(super) fn updated(
        &mut self,
        world: &World,
        (side, scribe): (Side, &mut Scribe),
        entry: usize,
        row: &Row,
        given: &Values,
    ) -> Result<()> {
        let Some(entry) = self.rows.get_mut(entry) else { return Ok(()) };
        let Some(model) = world.model(side, entry.table) else { return Ok(()) };
        for at in given.keys() {
            entry.write(world, side, model, *at, row[*at].clone());
        }
        entry.compute(world, (side, scribe), model, row, &|at| given.contains_key(&at))?;
        self.carried(world, side, model, &|at| given.contains_key(&at));
        Ok(())
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
        for entry in self.rows.iter_mut().skip(self.from).filter(|entry| tables.contains(&entry.table)) {
            let Some(model) = world.model(side, entry.table) else { continue };
            let Some(key) = entry.key_in(world, side, scribe)? else { continue };
            let found = session.find(model, &filter(model, key.iter().map(|(at, value)| (*at, value.as_str()))))?;
            let name = format!("{} {:?}", model.sql, key.iter().map(|(_, value)| value).collect::<Vec<_>>());
            match (found.as_slice(), entry.deleted) {
                ([], true) => {}
                // Rows that come by themselves come again.
                (_, true) if world.clients.moves.iter().any(|gone| [gone.from, gone.to].contains(&entry.table)) => {}
                ([row], false) => {
                    for line in entry.compare(world, (side, row), scribe, may_go)? {
                        wrong.push(format!("{name}: {line}"));
                    }
                }
                ([], false) => {
                    wrong.push(format!("{name}, which the {} client wrote, is not there", world.name(entry.side)))
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
        // What an older client does not write, nor know, follows when rows are filled.
        if model.is_second(field) && world.other(side, model, field).is_none() {
            return;
        }
        let column = world.column(side, model.fields[field].id);
        self.last.insert(column, Written { side, field, value, there: There::Cast });
    }

    /// Where values are computed of others, what was written says what the other client has to find.
    fn compute(
        &mut self,
        world: &World,
        (side, scribe): (Side, &mut Scribe),
        model: &Model,
        row: &Row,
        written: &dyn Fn(usize) -> bool,
    ) -> Result<()> {
        let Some(theirs) = world.model(side.other(), model.id) else { return Ok(()) };
        for shape in world.clients.shapes.iter().filter(|shape| shape.table == model.id) {
            let (own, others) = shape.sides(side);
            let stays = |at: &usize| {
                let field = &model.fields[*at];
                theirs.at(field.id).is_some_and(|there| theirs.fields[there].sql_type == field.sql_type)
            };
            let shared = others.iter().filter_map(|(id, _)| model.at(*id)).filter(stays);
            let own: Vec<usize> = own.iter().filter_map(|(id, _)| model.at(*id)).chain(shared).collect();
            if !own.iter().any(|at| written(*at)) {
                continue;
            }
            for at in &own {
                self.write(world, side, model, *at, row[*at].clone());
            }
            for (id, expression) in others {
                let Some(at) = theirs.at(*id) else { continue };
                let field = &theirs.fields[at];
                // A client between that has to give a value gives one of its own.
                if world.other(side.other(), theirs, at).is_some_and(|(own, at)| own.given.contains(&at)) {
                    continue;
                }
                // A column that stays as it is holds what was written; one that changes under its name does not.
                let anew = shape.sides(side).0.iter().any(|(own, _)| own == id);
                if !anew && model.at(*id).is_some_and(|at| own.contains(&at)) {
                    continue;
                }
                let value = match expression {
                    Some(expression) => scribe.computed((model, row), expression, field)?,
                    None => None,
                };
                let there = match value {
                    // What stands for nothing was decided elsewhere.
                    Some(None) if field.required => There::Unknown,
                    Some(value) => There::Is(value),
                    None => There::Unknown,
                };
                let column = world.column(side.other(), *id);
                match self.last.get_mut(&column).filter(|written| written.side == side) {
                    Some(written) => written.there = there,
                    None => {
                        self.last.insert(column, Written { side, field: 0, value: None, there });
                    }
                }
            }
        }
        Ok(())
    }

    /// What was written is what this row gives: then there was nothing to change in it.
    fn follows(
        &self,
        world: &World,
        (model, row): (&Model, &Row),
        writer: &Model,
        side: Side,
        scribe: &mut Scribe,
    ) -> Result<bool> {
        for shape in world.clients.shapes.iter().filter(|shape| shape.table == self.table) {
            for (id, expression) in shape.sides(side).0 {
                let (Some(at), Some(expression)) = (writer.at(*id), expression) else { return Ok(false) };
                let written = self.last.get(&world.column(side, *id)).filter(|written| written.side == side);
                let Some(written) = written else { continue };
                let Some(value) = scribe.computed((model, row), expression, &writer.fields[at])? else {
                    return Ok(false);
                };
                if !scribe.same(&writer.fields[at], &written.value, &value)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// By what a client finds the row; None where that cannot be said.
    pub(super) fn key_in(
        &self,
        world: &World,
        side: Side,
        scribe: &mut Scribe,
    ) -> Result<Option<Vec<(usize, String)>>> {
        let computed = |at: usize| {
            let field = world.model(self.side, self.table).map(|model| &model.fields[at]);
            field.is_some_and(|field| world.is_computed(field.id))
        };
        if self.key.is_empty() || self.key.iter().any(|(at, _)| computed(*at)) {
            return Ok(None);
        }
        // What a label of a key becomes, and when, the plan says.
        if self.key.iter().any(|(_, value)| scribe.is_mapped(value, side == self.side)) {
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
        for (at, was) in &self.key {
            let from = &own.fields[*at];
            let partner = world.partner(self.side, from.id).and_then(|id| theirs.at(id));
            let Some(other) = partner.filter(|other| theirs.key.contains(other)) else { return Ok(None) };
            let to = &theirs.fields[other];
            let value = if to.ty.labels.is_empty() || from.ty.labels.is_empty() {
                scribe.convert(from, to, was)?
            } else {
                Some(scribe.other_label(was, &to.ty.labels))
            };
            let Some(value) = value else { return Ok(None) };
            // What their type cuts is not what they would look for: they read it whole once the column is of the other type.
            if to.ty.labels.is_empty() && scribe.convert(to, from, &value)? != scribe.canonical(from, was)? {
                return Ok(None);
            }
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
            let filled = written.value.is_none() && world.is_filled(model, at);
            let right = match &written.there {
                There::Cast if filled => true,
                There::Unknown if written.side == side && world.is_computed(field.id) => {
                    scribe.kept(field, &written.value, found)? || other.is_some()
                }
                There::Is(_) if written.side == side && other.is_some() => true,
                There::Cast | There::Is(_) | There::Unknown if written.side == side => {
                    scribe.stayed((field, &written.value), (other, found))?
                }
                There::Cast => scribe.agrees((theirs, &written.value), (field, found))?,
                There::Is(value) => {
                    scribe.kept(field, value, found)?
                        || self.follows(world, (model, row), writer, written.side, scribe)?
                }
                There::Unknown => true,
            };
            let excused = may_be_unlinked && found.is_none();
            if !right && !excused {
                wrong.push(format!(
                    "{} is {} where the {} client wrote {} last",
                    field.name,
                    shown(found),
                    world.name(written.side),
                    match &written.there {
                        There::Is(value) => format!("what becomes {} here", shown(value)),
                        There::Cast | There::Unknown => shown(&written.value),
                    }
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
