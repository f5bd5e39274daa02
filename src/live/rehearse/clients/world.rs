//! What both clients believe, and what the one's columns are to the other.

use super::belief::{Belief, Link, Model};
use super::tame::Code;
use super::{Clients, Side};
use crate::catalog::{ColumnId, TableId};
use crate::pair::Pair;

/// Both clients.
pub(super) struct World<'a> {
    pub(super) clients: &'a Clients,
    pub(super) beliefs: &'a Pair<Belief>,
}

impl World<'_> {
    pub(super) fn belief(&self, side: Side) -> &Belief {
        match side {
            Side::Old => &self.beliefs.old,
            Side::New => &self.beliefs.new,
        }
    }

    pub(super) fn model(&self, side: Side, table: TableId) -> Option<&Model> {
        self.belief(side).models.get(&table)
    }

    /// `old`, `bridge` or `new`.
    pub(super) fn name(&self, side: Side) -> &'static str {
        self.clients.generation(side).name()
    }

    /// The other client's column for this one.
    pub(super) fn partner(&self, side: Side, column: ColumnId) -> Option<ColumnId> {
        self.clients.partner(side, column)
    }

    /// Is the value of this column computed of others, or are others of it?
    pub(super) fn is_computed(&self, column: ColumnId) -> bool {
        self.clients.shapes.iter().any(|shape| shape.has(column))
    }

    /// Does NEW require what this field holds, so that a NULL may be filled for it?
    pub(super) fn is_filled(&self, model: &Model, field: usize) -> bool {
        self.clients.required.contains(&(model.name.clone(), model.fields[field].name.clone()))
    }

    /// Did this column come from another table?
    pub(super) fn came_over(&self, column: ColumnId) -> bool {
        self.clients.moves.iter().any(|moved| moved.pairs.iter().any(|(_, new)| *new == column))
    }

    /// One identity for a column that both have.
    pub(super) fn column(&self, side: Side, column: ColumnId) -> ColumnId {
        match side {
            Side::Old => column,
            Side::New => self.partner(side, column).unwrap_or(column),
        }
    }

    /// The field of the other client that holds what this field holds.
    pub(super) fn other<'w>(&'w self, side: Side, model: &Model, field: usize) -> Option<(&'w Model, usize)> {
        let other = self.model(side.other(), model.id)?;
        let at = other.at(self.partner(side, model.fields[field].id)?)?;
        Some((other, at))
    }

    /// What the other client's words are in this one's, as fields; None if it lacks one.
    fn translated(&self, side: Side, model: &Model, theirs: &Model, fields: &[usize]) -> Option<Vec<usize>> {
        fields.iter().map(|at| model.at(self.partner(side.other(), theirs.fields[*at].id)?)).collect()
    }

    /// The foreign keys that a write of this client has to mind: its own and those of the other, for rows that break NEW's
    /// rules stop a plan, as it says. A client between minds those of NEW, too.
    pub(super) fn links(&self, side: Side, model: &Model) -> Vec<Link> {
        let mut links = model.links.clone();
        let theirs = self.model(side.other(), model.id);
        for link in theirs.iter().flat_map(|theirs| theirs.links.iter().map(move |link| (theirs, link))) {
            let (theirs, link) = link;
            let Some(fields) = self.translated(side, model, theirs, &link.fields) else { continue };
            let referenced: Option<Vec<ColumnId>> =
                link.referenced.iter().map(|id| self.partner(side.other(), *id)).collect();
            let Some(referenced) = referenced else { continue };
            if !links.iter().any(|known| known.fields == fields && known.to == link.to) {
                links.push(Link { fields, to: link.to, referenced });
            }
        }
        for kept in self.clients.kept_links.iter().filter(|kept| kept.table == model.name) {
            let at = |name: &String| model.fields.iter().position(|field| field.name == *name);
            let Some(fields) = kept.columns.iter().map(at).collect::<Option<Vec<usize>>>() else { continue };
            let Some(parent) = self.belief(side).models.values().find(|parent| parent.name == kept.to) else {
                continue;
            };
            let there = |name: &String| Some(parent.fields.iter().find(|field| field.name == *name)?.id);
            let Some(referenced) = kept.referenced.iter().map(there).collect::<Option<Vec<_>>>() else { continue };
            if !links.iter().any(|known| known.fields == fields && known.to == parent.id) {
                links.push(Link { fields, to: parent.id, referenced });
            }
        }
        links.retain(|link| link.fields.iter().all(|at| model.fields[*at].code != Code::Nothing));
        links
    }

    /// The uniques that a write of this client has to mind: in the same way, and those of NEW where neither of the two is its
    /// client.
    pub(super) fn uniques(&self, side: Side, model: &Model) -> Vec<Vec<usize>> {
        let mut uniques = model.uniques.clone();
        if let Some(theirs) = self.model(side.other(), model.id) {
            for unique in &theirs.uniques {
                uniques.extend(self.translated(side, model, theirs, unique));
            }
        }
        let at = |name: &String| model.fields.iter().position(|field| field.name == *name);
        let kept = self.clients.kept_unique.iter().filter(|(table, _)| *table == model.name);
        uniques.extend(kept.filter_map(|(_, columns)| columns.iter().map(at).collect::<Option<Vec<usize>>>()));
        uniques
    }

    /// The uniques by which an upsert of this client works: its own, with care those that the other has too.
    pub(super) fn conflicts(&self, side: Side, model: &Model, care: bool) -> Vec<Vec<usize>> {
        let sorted = |mut fields: Vec<usize>| {
            fields.sort_unstable();
            fields
        };
        let theirs: Option<Vec<Vec<usize>>> = self.model(side.other(), model.id).filter(|_| care).map(|theirs| {
            let all = theirs.uniques.iter().filter_map(|unique| self.translated(side, model, theirs, unique));
            all.map(sorted).collect()
        });
        let both =
            |unique: &&Vec<usize>| theirs.as_ref().is_none_or(|theirs| theirs.contains(&sorted((*unique).clone())));
        model.uniques.iter().filter(both).cloned().collect()
    }

    /// Is this field what rows point at, for either client?
    pub(super) fn is_referenced(&self, side: Side, model: &Model, field: usize) -> bool {
        let id = model.fields[field].id;
        let partner = self.partner(side, id);
        [side, side.other()].into_iter().any(|side| {
            let links = self.belief(side).models.values().flat_map(|model| &model.links);
            let mut columns = links.flat_map(|link| &link.referenced);
            columns.any(|column| *column == id || Some(*column) == partner)
        })
    }
}
