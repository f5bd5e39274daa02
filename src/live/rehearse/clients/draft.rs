//! What a client writes: values that its schema permits, and with care those that the other one's permits too.

use super::Side;
use super::agree::Scribe;
use super::belief::{Field, Given, Link, Model};
use super::care::Care;
use super::session::{Session, Values};
use super::tame::Code;
use super::world::World;
use crate::catalog::ColumnId;
use crate::live::Result;
use crate::live::rehearse::compare::plain;
use crate::live::seed::Type;
use crate::live::seed::value::{capacity, value};
use std::collections::{BTreeMap, BTreeSet};

/// As many values make it unlikely that two writes give the same.
const MANY: u64 = 9_000;

/// How deep rows are created for rows that have to point at new ones.
const DEPTH: usize = 4;

/// Makes values; never the same twice, as far as a type has as many.
pub(super) struct Author {
    next: u64,
    /// By column: the type whose values fit both clients.
    narrow: BTreeMap<ColumnId, Type>,
}

/// One client that is about to write.
pub(super) struct Writer<'a, 'w> {
    pub(super) world: &'w World<'w>,
    pub(super) side: Side,
    pub(super) session: &'a mut Session,
    pub(super) scribe: &'a mut Scribe,
    /// What the plan says to those who run with care, and of which tables.
    pub(super) care: Care<'a>,
}

/// A row to create, and the rows to create before it, which some of its fields point at.
pub(super) struct Draft<'w> {
    pub(super) model: &'w Model,
    pub(super) parents: Vec<(Link, Draft<'w>)>,
    pub(super) values: Values,
}

impl Author {
    pub(super) fn new(seed: u64) -> Self {
        Author { next: 1_000 + seed % 5_000 + seed / 1_000_000 * 1_000_000, narrow: BTreeMap::new() }
    }

    /// Goes on where another one has stopped.
    pub(super) fn after(mut self, other: &Author) -> Self {
        self.next = self.next.max(other.next);
        self
    }

    /// A number that no write had.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A row of everything, or only of what may not be left out; None where that cannot be had.
    pub(super) fn draft<'w>(
        &mut self,
        w: &mut Writer<'_, 'w>,
        model: &'w Model,
        full: bool,
    ) -> Result<Option<Draft<'w>>> {
        self.deep(w, model, full, 0)
    }

    fn deep<'w>(
        &mut self,
        w: &mut Writer<'_, 'w>,
        model: &'w Model,
        full: bool,
        depth: usize,
    ) -> Result<Option<Draft<'w>>> {
        if !model.creatable || !model.written || depth > DEPTH {
            return Ok(None);
        }
        let number = self.number();
        let links = w.world.links(w.side, model);
        let mut draft = Draft { model, parents: Vec::new(), values: self.values(w, model, full, number)? };
        let Some(linked) = self.links(w, model, &links, number)? else { return Ok(None) };
        draft.values.extend(linked);
        for unique in w.world.uniques(w.side, model) {
            if self.differs(w, model, &unique, &links)? {
                continue;
            }
            // A NULL repeats nothing.
            let free = |at: &&usize| !model.fields[**at].required && self.may_be_null(w, model, **at);
            if let Some(at) = unique.iter().find(free) {
                for link in links.iter().filter(|link| link.fields.contains(at)) {
                    draft
                        .values
                        .extend(link.fields.iter().filter(|at| !model.fields[**at].required).map(|at| (*at, None)));
                }
                draft.values.insert(*at, None);
                continue;
            }
            // Or it points at a row that is new too.
            let alone = |link: &&Link| {
                link.fields.iter().any(|at| unique.contains(at))
                    && link.to != model.id
                    && links.iter().filter(|other| other.fields.iter().any(|at| link.fields.contains(at))).count() == 1
            };
            let Some(link) = links.iter().find(alone) else { return Ok(None) };
            let Some(parent) = w.world.model(w.side, link.to) else { return Ok(None) };
            let Some(above) = self.deep(w, parent, true, depth + 1)? else { return Ok(None) };
            draft.parents.push((link.clone(), above));
        }
        draft.values = model.in_both(draft.values);
        Ok(Some(draft))
    }

    /// A value for each field that is not a foreign key's.
    fn values(&mut self, w: &mut Writer, model: &Model, full: bool, number: u64) -> Result<Values> {
        let mut values = Values::new();
        let uniques: BTreeSet<usize> = w.world.uniques(w.side, model).into_iter().flatten().collect();
        for (at, field) in model.fields.iter().enumerate() {
            let unknown = field.code == Code::Nothing && !w.care.forbids_null(model, field);
            let full = full && !unknown;
            match &field.given {
                Given::Optional if unknown => {}
                // A key that the database does not count up itself is given; so may a new row be pointed at.
                Given::Database => {}
                Given::Text(text) if !full && !uniques.contains(&at) && self.is_known(w, model, at, text)? => {
                    values.insert(at, Some(text.clone()));
                }
                Given::Optional if !full && self.may_be_left_out(w, model, at) => {}
                Given::Optional if full && (number + at as u64).is_multiple_of(3) && self.may_be_null(w, model, at) => {
                    values.insert(at, if field.ty.list { Some("{}".to_owned()) } else { None });
                }
                Given::Always | Given::Text(_) | Given::Optional => {
                    if let Some(text) = self.value(w, model, at, number)? {
                        values.insert(at, Some(text));
                    }
                }
            }
        }
        Ok(values)
    }

    /// With care, a label is one that the other client knows.
    fn is_known(&mut self, w: &mut Writer, model: &Model, at: usize, text: &str) -> Result<bool> {
        let ty = if w.care.of(w.world, model) { self.narrow(w, model, at)? } else { model.fields[at].ty.clone() };
        if w.care.avoided(model, &model.fields[at]).contains(&text) {
            return Ok(false);
        }
        let known = |text: &str| ty.labels.iter().any(|label| label == text.trim_matches('"'));
        if let Code::Older { labels, .. } = &model.fields[at].code
            && !labels.is_empty()
            && !labels.iter().any(|label| label == text)
        {
            return Ok(false);
        }
        Ok(ty.labels.is_empty()
            || match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(list) if ty.list => list.is_empty() || list.split(',').all(known),
                _ => known(text),
            })
    }

    /// With care, what the other client requires is given.
    fn must_be_given(&self, w: &Writer, model: &Model, at: usize) -> bool {
        w.world.other(w.side, model, at).is_some_and(|(other, at)| other.fields[at].required)
    }

    fn may_be_left_out(&self, w: &Writer, model: &Model, at: usize) -> bool {
        let field = &model.fields[at];
        !field.is_always_given()
            && !w.care.forbids_null(model, field)
            && (!w.care.of(w.world, model) || !self.must_be_given(w, model, at))
    }

    fn may_be_null(&self, w: &Writer, model: &Model, at: usize) -> bool {
        let field = &model.fields[at];
        let second = model.both.iter().find(|(old, _)| *old == at).map(|(_, new)| &model.fields[*new]);
        if second.is_some_and(|second| w.care.forbids_null(model, second)) {
            return false;
        }
        !field.required
            && !field.is_always_given()
            && !w.care.forbids_null(model, field)
            && self.may_be_left_out(w, model, at)
    }

    /// A value of a field; None if we know none of its type.
    pub(super) fn value(&mut self, w: &mut Writer, model: &Model, at: usize, number: u64) -> Result<Option<String>> {
        let field = &model.fields[at];
        let care = w.care.of(w.world, model);
        let mut ty = if care { self.narrow(w, model, at)? } else { field.ty.clone() };
        if !ty.labels.is_empty() && field.code != Code::Whole {
            let avoided = w.care.avoided(model, field);
            ty.labels.retain(|label| !avoided.contains(&label.as_str()));
            field.written_labels(&mut ty.labels);
            if ty.labels.is_empty() {
                return Ok(None);
            }
        }
        if capacity(&ty).is_none() {
            return Ok(None);
        }
        if field.uuid && capacity(&ty).is_some_and(|many| many >= MANY) && !ty.list {
            ty = Type { name: "uuid".to_owned(), modifier: -1, ..ty };
        }
        let text = value(&ty, number, at as u64);
        Ok(Some(if care { w.scribe.canonical(field, &text)?.unwrap_or(text) } else { text }))
    }

    /// The type whose values are values for both clients.
    fn narrow(&mut self, w: &mut Writer, model: &Model, at: usize) -> Result<Type> {
        let field = &model.fields[at];
        let Some((other, their)) = w.world.other(w.side, model, at) else { return Ok(field.ty.clone()) };
        let theirs = &other.fields[their];
        if let Some(known) = self.narrow.get(&field.id) {
            return Ok(known.clone());
        }
        let mut ty = field.ty.clone();
        if !ty.labels.is_empty() && !theirs.ty.labels.is_empty() {
            ty.labels.retain(|label| theirs.ty.labels.contains(label));
            if ty.labels.is_empty() {
                ty = field.ty.clone();
            }
        } else if field.sql_type != theirs.sql_type {
            for candidate in [&field.ty, &theirs.ty] {
                if fits(w.scribe, candidate, field, theirs)? {
                    ty = candidate.clone();
                    break;
                }
            }
        }
        self.narrow.insert(field.id, ty.clone());
        Ok(ty)
    }

    /// Foreign keys point where those of a row point that is there already, or else at any row.
    fn links(&mut self, w: &mut Writer, model: &Model, links: &[Link], number: u64) -> Result<Option<Values>> {
        let mut values = Values::new();
        if links.is_empty() {
            return Ok(Some(values));
        }
        let mut page = w.session.find(model, "TRUE")?;
        let linked = Model::linked(links);
        // What a NULL becomes that the other client must not see may point nowhere.
        page.retain(|row| linked.iter().all(|at| row[*at].is_some() || !self.must_be_given(w, model, *at)));
        if let Some(row) = pick(&page, number) {
            for at in linked {
                values.insert(at, row[at].clone());
            }
            return Ok(Some(values));
        }
        for link in links {
            let Some(parent) = w.world.model(w.side, link.to) else { return Ok(None) };
            let page = w.session.find(parent, "TRUE")?;
            let row = pick(&page, number);
            if row.is_none() && link.fields.iter().any(|at| model.fields[*at].required) {
                return Ok(None);
            }
            for (at, id) in link.fields.iter().zip(&link.referenced) {
                let value = parent.at(*id).and_then(|at| row?[at].clone());
                if values.get(at).is_some_and(|known| *known != value) {
                    return Ok(None);
                }
                values.insert(*at, value);
            }
        }
        Ok(Some(values))
    }

    /// Is there a field of a unique that no two writes give alike?
    fn differs(&mut self, w: &mut Writer, model: &Model, unique: &[usize], links: &[Link]) -> Result<bool> {
        let linked = Model::linked(links);
        for at in unique.iter().filter(|at| !linked.contains(at)) {
            let field = &model.fields[*at];
            let ty = if w.care.of(w.world, model) { self.narrow(w, model, *at)? } else { field.ty.clone() };
            if field.given == Given::Database || capacity(&ty).is_some_and(|many| many >= MANY) && !ty.list {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// New values for the fields of a row that may change: neither what rows point at nor a key.
    pub(super) fn changes(&mut self, w: &mut Writer, model: &Model, only: Option<usize>) -> Result<Values> {
        let number = self.number();
        let links = w.world.links(w.side, model);
        let linked = Model::linked(&links);
        let uniques: BTreeSet<usize> = w.world.uniques(w.side, model).into_iter().flatten().collect();
        let mut values = Values::new();
        let free: Vec<usize> = (0..model.fields.len())
            .filter(|at| !uniques.contains(at) && !linked.contains(at) && !w.world.is_referenced(w.side, model, *at))
            .filter(|at| model.fields[*at].given != Given::Database && model.fields[*at].code != Code::Nothing)
            .collect();
        let wanted: Vec<usize> = match only {
            Some(which) if !free.is_empty() => vec![free[which % free.len()]],
            Some(_) | None => free,
        };
        for at in wanted {
            if (number + at as u64).is_multiple_of(4) && self.may_be_null(w, model, at) && !model.fields[at].ty.list {
                values.insert(at, None);
            } else if let Some(text) = self.value(w, model, at, number)? {
                values.insert(at, Some(text));
            }
        }
        Ok(model.in_both(values))
    }
}

/// Is a value of this type one for both fields, and the same one?
fn fits(scribe: &mut Scribe, ty: &Type, field: &Field, theirs: &Field) -> Result<bool> {
    if capacity(ty).is_none() {
        return Ok(false);
    }
    for number in [1_001, 1_002, 1_007] {
        let text = value(ty, number, 0);
        let (Some(own), Some(other)) = (scribe.canonical(field, &text)?, scribe.canonical(theirs, &text)?) else {
            return Ok(false);
        };
        if plain(&Some(own)) != plain(&Some(other)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn pick<T>(all: &[T], number: u64) -> Option<&T> {
    let many = u64::try_from(all.len()).ok().filter(|many| *many > 0)?;
    all.get(usize::try_from(number % many).ok()?)
}
