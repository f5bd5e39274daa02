//! The parts of a schema that hang together, and the models that hold them together.

use super::{Model, Relation};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// Models that hang together by relations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    /// Its models, in the order of the schema.
    pub models: Vec<String>,
    /// Those with the most relations, at most three: what the part is about.
    pub around: Vec<String>,
    /// Models without which it would fall apart, the one that holds most first.
    pub hinges: Vec<Hinge>,
}

/// A model without which its part would fall apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hinge {
    /// The model.
    pub model: String,
    /// How many models each of the pieces would have, the largest first.
    pub pieces: Vec<u32>,
}

/// The parts of two models or more, and the models that are alone.
pub(super) fn parts(models: &[Model], relations: &[Relation]) -> (Vec<Part>, Vec<String>) {
    let graph = Graph::of(models, relations);
    let mut place = vec![None; models.len()];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for start in 0..models.len() {
        if place[start].is_some() {
            continue;
        }
        let mut open = vec![start];
        let mut group = Vec::new();
        place[start] = Some(groups.len());
        while let Some(at) = open.pop() {
            group.push(at);
            for &next in &graph.neighbours[at] {
                if place[next].is_none() {
                    place[next] = Some(groups.len());
                    open.push(next);
                }
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    let name = |at: usize| models[at].name.clone();
    let alone = groups.iter().filter(|group| group.len() == 1).map(|group| name(group[0])).collect();
    let mut hinges = graph.hinges(&groups);
    let mut parts: Vec<Part> = Vec::new();
    groups.retain(|group| group.len() > 1);
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    for group in groups {
        let mut busy = group.clone();
        busy.sort_by_key(|&at| (std::cmp::Reverse(graph.degrees[at]), at));
        let mut held: Vec<Hinge> =
            group.iter().filter_map(|&at| hinges.remove(&at).map(|pieces| Hinge { model: name(at), pieces })).collect();
        held.sort_by_key(|hinge| std::cmp::Reverse(hinge.pieces.iter().skip(1).sum::<u32>()));
        parts.push(Part {
            around: busy.iter().take(3).map(|&at| name(at)).collect(),
            models: group.into_iter().map(name).collect(),
            hinges: held,
        });
    }
    (parts, alone)
}

/// Models by place, and who is beside whom.
struct Graph {
    /// Each neighbour once, without the model itself.
    neighbours: Vec<Vec<usize>>,
    /// Relations of a model, those with itself excluded.
    degrees: Vec<usize>,
}

impl Graph {
    fn of(models: &[Model], relations: &[Relation]) -> Self {
        let places: HashMap<&str, usize> = models.iter().enumerate().map(|(at, m)| (m.name.as_str(), at)).collect();
        let mut neighbours = vec![Vec::new(); models.len()];
        let mut degrees = vec![0; models.len()];
        for relation in relations {
            let ends = (places.get(relation.from.model.as_str()), places.get(relation.to.model.as_str()));
            if let (Some(&from), Some(&to)) = ends
                && from != to
            {
                neighbours[from].push(to);
                neighbours[to].push(from);
                degrees[from] += 1;
                degrees[to] += 1;
            }
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        Graph { neighbours, degrees }
    }

    /// For each articulation point the sizes of what its part falls into without it (Tarjan's way, without recursion).
    fn hinges(&self, groups: &[Vec<usize>]) -> HashMap<usize, Vec<u32>> {
        let mut found = HashMap::new();
        let mut walk = Walk::of(self.neighbours.len());
        for group in groups.iter().filter(|group| group.len() > 2) {
            walk.run(self, group[0]);
            let total = group.len();
            for &at in group {
                let mut pieces = std::mem::take(&mut walk.cut[at]);
                let rest = total - 1 - pieces.iter().sum::<usize>();
                if rest > 0 {
                    pieces.push(rest);
                }
                if pieces.len() > 1 {
                    pieces.sort_unstable_by(|a, b| b.cmp(a));
                    found.insert(at, pieces.into_iter().map(|size| u32::try_from(size).unwrap_or(u32::MAX)).collect());
                }
            }
        }
        found
    }
}

/// A walk in depth.
struct Walk {
    /// When a model was reached, from 1; 0 if it was not.
    reached: Vec<usize>,
    /// The earliest model that a model's branch leads back to.
    back: Vec<usize>,
    /// Models of a model's branch.
    size: Vec<usize>,
    /// The branches that only this model ties to the rest.
    cut: Vec<Vec<usize>>,
    clock: usize,
}

impl Walk {
    fn of(models: usize) -> Self {
        Walk {
            reached: vec![0; models],
            back: vec![0; models],
            size: vec![1; models],
            cut: vec![Vec::new(); models],
            clock: 0,
        }
    }

    fn enter(&mut self, at: usize) {
        self.clock += 1;
        self.reached[at] = self.clock;
        self.back[at] = self.clock;
    }

    fn run(&mut self, graph: &Graph, root: usize) {
        self.enter(root);
        // A model, where it was reached from, and how many of its neighbours were looked at.
        let mut way = vec![(root, root, 0)];
        while let Some((at, from, seen)) = way.last_mut() {
            let (at, from) = (*at, *from);
            if let Some(&next) = graph.neighbours[at].get(*seen) {
                *seen += 1;
                if self.reached[next] == 0 {
                    self.enter(next);
                    way.push((next, at, 0));
                } else if next != from {
                    self.back[at] = self.back[at].min(self.reached[next]);
                }
                continue;
            }
            way.pop();
            if at != from {
                self.back[from] = self.back[from].min(self.back[at]);
                self.size[from] += self.size[at];
                if self.back[at] >= self.reached[from] {
                    let size = self.size[at];
                    self.cut[from].push(size);
                }
            }
        }
    }
}
