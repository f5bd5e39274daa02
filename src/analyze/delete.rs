//! What goes when a row goes: cascades followed to their end.

use super::{Action, Enforcement, Model, ModelKind, Relation};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// Of each kind of effect of a model, so many are listed; the rest is counted.
const LISTED: usize = 500;
/// When there are so many in all, fewer are listed of the models that follow: a chain of ten thousand cascades has fifty million.
const IN_ALL: usize = 200_000;
/// So many of each kind.
const LISTED_THEN: usize = 10;

/// What the deletion of a row of a model does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deletion {
    /// The model.
    pub model: String,
    /// How many tables lose rows besides its own, those of links counted.
    pub tables: u32,
    /// Tables that lose rows besides, each once, by the shortest way, nearest first; tables of links not counted.
    pub deletes: Vec<Effect>,
    /// Tables of links (implicit many-to-many relations) that lose rows.
    pub join_tables: Vec<String>,
    /// Rows whose key becomes NULL.
    pub sets_null: Vec<Effect>,
    /// Rows whose key becomes its default.
    pub sets_default: Vec<Effect>,
    /// Rows that stop the whole if there are any.
    pub stopped_by: Vec<Effect>,
    /// Rows that are left pointing nowhere, because nothing looks after the relation.
    pub leaves_dangling: Vec<Effect>,
    /// Do cascades come back to a table that they began from, so that rows go level by level?
    pub recursive: bool,
    /// How many more effects there are than are listed.
    pub not_listed: u32,
}

/// What happens to the rows of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Effect {
    /// The model.
    pub model: String,
    /// By which of its relations.
    pub relation: String,
    /// The model whose row goes, which that relation points at. Either the model that the deletion begins with, or one of
    /// those under `deletes`: there the way goes on.
    pub after: String,
    /// How many relations the way has.
    pub depth: u32,
    /// Do rows of the model go by another way as well? Then what happens depends on which rows they are.
    pub also_deleted: bool,
}

/// What becomes of the rows that point at one that goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Deleted,
    Null,
    Default,
    Stops,
    Dangles,
}

/// One relation, seen from what it points at.
#[derive(Clone, Copy)]
struct Pointer<'a> {
    relation: &'a Relation,
    from: usize,
    fate: Fate,
}

/// For each model that something points at.
pub(super) fn deletions(models: &[Model], relations: &[Relation]) -> Vec<Deletion> {
    let places: HashMap<&str, usize> = models.iter().enumerate().map(|(at, m)| (m.name.as_str(), at)).collect();
    let mut pointers: Vec<Vec<Pointer<'_>>> = vec![Vec::new(); models.len()];
    let mut links: Vec<Vec<&Relation>> = vec![Vec::new(); models.len()];
    for relation in relations {
        let ends = (places.get(relation.from.model.as_str()), places.get(relation.to.model.as_str()));
        let (Some(&from), Some(&to)) = ends else { continue };
        if relation.has_key() {
            pointers[to].push(Pointer { relation, from, fate: fate(relation) });
        } else {
            links[from].push(relation);
            if from != to {
                links[to].push(relation);
            }
        }
    }
    let is_table = |at: &usize| models[*at].kind == ModelKind::Model;
    let is_pointed_at = |at: &usize| !pointers[*at].is_empty() || !links[*at].is_empty();
    let roots = (0..models.len()).filter(is_table).filter(is_pointed_at);
    let mut reached = vec![usize::MAX; models.len()];
    let mut in_all = 0;
    roots
        .map(|root| {
            let limit = if in_all < IN_ALL { LISTED } else { LISTED_THEN };
            let deletion = Course { models, pointers: &pointers, links: &links, limit }.run(root, &mut reached);
            in_all += deletion.walk_effects().count();
            deletion
        })
        .collect()
}

fn fate(relation: &Relation) -> Fate {
    match (relation.enforced, relation.on_delete) {
        (Enforcement::Nothing, _) | (_, None) | (Enforcement::PrismaClient, Some(Action::NoAction)) => Fate::Dangles,
        (Enforcement::ForeignKey, Some(Action::NoAction)) | (_, Some(Action::Restrict)) => Fate::Stops,
        (_, Some(Action::Cascade)) => Fate::Deleted,
        (_, Some(Action::SetNull)) => Fate::Null,
        (_, Some(Action::SetDefault)) => Fate::Default,
    }
}

struct Course<'a> {
    models: &'a [Model],
    pointers: &'a [Vec<Pointer<'a>>],
    links: &'a [Vec<&'a Relation>],
    /// So many of each kind of effect are listed.
    limit: usize,
}

impl Course<'_> {
    /// Follows cascades from one model, nearest first. `reached` holds the root by which a model was last reached.
    fn run(&self, root: usize, reached: &mut [usize]) -> Deletion {
        let mut deletion = Deletion::of(&self.models[root].name);
        let mut queue = vec![(root, 0)];
        let mut others: Vec<(&Pointer<'_>, usize, u32)> = Vec::new();
        reached[root] = root;
        // Rows of the model itself, other than the one that is deleted: only where cascades come back to it.
        let mut comes_back = false;
        let mut next = 0;
        while let Some(&(at, depth)) = queue.get(next) {
            next += 1;
            for pointer in &self.pointers[at] {
                if pointer.fate == Fate::Deleted {
                    // Back to where it was: rows below rows of the same table.
                    deletion.recursive |= pointer.from == at || pointer.from == root;
                    comes_back |= pointer.from == root;
                    if std::mem::replace(&mut reached[pointer.from], root) == root {
                        continue;
                    }
                    queue.push((pointer.from, depth + 1));
                    deletion.list(Fate::Deleted, self.limit, || self.effect(pointer, at, depth + 1, false));
                } else {
                    others.push((pointer, at, depth + 1));
                }
            }
        }
        for (pointer, at, depth) in others {
            let also_deleted = reached[pointer.from] == root && (pointer.from != root || comes_back);
            deletion.list(pointer.fate, self.limit, || self.effect(pointer, at, depth, also_deleted));
        }
        self.cut_links(&queue, &mut deletion);
        let tables = queue.len() - 1 + deletion.join_tables.len();
        deletion.tables = u32::try_from(tables).unwrap_or(u32::MAX);
        deletion
    }

    fn effect(&self, pointer: &Pointer<'_>, after: usize, depth: u32, also_deleted: bool) -> Effect {
        Effect {
            model: self.models[pointer.from].name.clone(),
            relation: pointer.relation.relation.clone(),
            after: self.models[after].name.clone(),
            depth,
            also_deleted,
        }
    }

    fn cut_links(&self, gone: &[(usize, u32)], deletion: &mut Deletion) {
        for (at, depth) in gone {
            for relation in &self.links[*at] {
                match (relation.enforced, &relation.join_table) {
                    (Enforcement::ForeignKey | Enforcement::PrismaClient, Some(table)) => {
                        if !deletion.join_tables.contains(table) {
                            deletion.join_tables.push(table.clone());
                        }
                    }
                    (Enforcement::Nothing, _) | (_, None) => {
                        let own = &self.models[*at].name;
                        let other = if relation.from.model == *own { &relation.to } else { &relation.from };
                        deletion.list(Fate::Dangles, self.limit, || Effect {
                            model: other.model.clone(),
                            relation: other.label(),
                            after: own.clone(),
                            depth: depth + 1,
                            also_deleted: false,
                        });
                    }
                }
            }
        }
    }
}

impl Deletion {
    fn of(model: &str) -> Self {
        Deletion {
            model: model.to_owned(),
            tables: 0,
            deletes: Vec::new(),
            join_tables: Vec::new(),
            sets_null: Vec::new(),
            sets_default: Vec::new(),
            stopped_by: Vec::new(),
            leaves_dangling: Vec::new(),
            recursive: false,
            not_listed: 0,
        }
    }

    fn list(&mut self, fate: Fate, limit: usize, effect: impl FnOnce() -> Effect) {
        let list = match fate {
            Fate::Deleted => &mut self.deletes,
            Fate::Null => &mut self.sets_null,
            Fate::Default => &mut self.sets_default,
            Fate::Stops => &mut self.stopped_by,
            Fate::Dangles => &mut self.leaves_dangling,
        };
        if list.len() < limit {
            list.push(effect());
        } else {
            self.not_listed += 1;
        }
    }

    /// Everything that it does, save to tables of links.
    pub fn walk_effects(&self) -> impl Iterator<Item = &Effect> {
        let others = [&self.sets_null, &self.sets_default, &self.stopped_by, &self.leaves_dangling];
        self.deletes.iter().chain(others.into_iter().flatten())
    }

    /// The models on the way to an effect, the deleted one first and the affected one last. (Of effects beyond those that are
    /// listed, as far back as they are.)
    pub fn way<'a>(&'a self, effect: &'a Effect) -> Vec<&'a str> {
        let mut way = vec![effect.model.as_str()];
        let mut after = effect.after.as_str();
        // A way is no longer than there are tables that lose rows.
        while after != self.model && way.len() <= self.deletes.len() + 1 {
            way.push(after);
            let Some(before) = self.deletes.iter().find(|effect| effect.model == after) else { break };
            after = &before.after;
        }
        way.push(&self.model);
        way.reverse();
        way
    }
}
