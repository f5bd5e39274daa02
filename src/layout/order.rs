//! In which order the boxes of a layer stand, so that few wires cross.

use super::{Graph, Port, Size};
use std::collections::{BTreeMap, HashMap};

/// Boxes and the places where wires pass a layer, in layers; and the wires cut at layers.
pub(super) struct Net {
    /// Boxes first, by their place in the graph; then the passages.
    pub nodes: Vec<Node>,
    /// The nodes of each layer, from top to bottom.
    pub layers: Vec<Vec<usize>>,
    /// What lies between each layer and the next, each piece once.
    pub gaps: Vec<Vec<Piece>>,
    /// The trunk of each wire of the graph.
    pub trunks: Vec<usize>,
}

/// A box, or a place where a trunk passes a layer.
pub(super) struct Node {
    /// Its size; a passage has none.
    pub size: Size,
    /// Its layer.
    pub layer: usize,
    /// Is it a box?
    pub is_box: bool,
    /// How far from the top: given by `place`.
    pub y: i32,
}

/// A piece of a trunk between two neighbouring layers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece {
    /// Which trunk.
    pub trunk: usize,
    /// Where it is at the left layer.
    pub left: Port,
    /// Where it is at the right layer.
    pub right: Port,
}

/// Rounds of sorting, there and back.
const ROUNDS: usize = 12;

impl Net {
    /// Cuts the wires at layers. Trunks are numbered by where they end.
    pub(super) fn of(graph: &Graph, layers: &[usize]) -> Net {
        let count = layers.iter().max().map_or(0, |last| last + 1);
        let mut net = Net {
            nodes: graph
                .boxes
                .iter()
                .zip(layers)
                .map(|(&size, &layer)| Node { size, layer, is_box: true, y: 0 })
                .collect(),
            layers: vec![Vec::new(); count],
            gaps: vec![Vec::new(); count.saturating_sub(1)],
            trunks: Vec::new(),
        };
        for (at, &layer) in layers.iter().enumerate() {
            net.layers[layer].push(at);
        }
        let mut numbers: BTreeMap<Port, usize> = graph.wires.iter().map(|wire| (wire.to, 0)).collect();
        numbers.values_mut().enumerate().for_each(|(number, trunk)| *trunk = number);
        let mut passages = HashMap::new();
        for wire in &graph.wires {
            let trunk = numbers[&wire.to];
            net.trunks.push(trunk);
            let (begin, end) = (layers[wire.from.at], layers[wire.to.at]);
            let mut here = wire.from;
            let mut layer = begin;
            while layer != end {
                let next = if end < layer { layer - 1 } else { layer + 1 };
                let there = if next == end { wire.to } else { net.passage(&mut passages, trunk, next) };
                let (left, right) = if end < layer { (there, here) } else { (here, there) };
                net.gaps[layer.min(next)].push(Piece { trunk, left, right });
                (here, layer) = (there, next);
            }
        }
        for gap in &mut net.gaps {
            gap.sort_unstable();
            gap.dedup();
        }
        net
    }

    fn passage(&mut self, passages: &mut HashMap<(usize, usize), usize>, trunk: usize, layer: usize) -> Port {
        let at = *passages.entry((trunk, layer)).or_insert_with(|| {
            self.nodes.push(Node { size: Size::default(), layer, is_box: false, y: 0 });
            self.layers[layer].push(self.nodes.len() - 1);
            self.nodes.len() - 1
        });
        Port { at, y: 0 }
    }

    /// Sorts every layer by where its neighbours' wires are, to and fro, and keeps the best that was seen.
    pub(super) fn sort(&mut self) {
        self.sort_by_depth();
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..ROUNDS * 2 {
            if best.0 == 0 {
                break;
            }
            let last = self.layers.len();
            if round % 2 == 0 {
                (1..last).for_each(|layer| self.sort_layer(layer, true));
            } else {
                (0..last.saturating_sub(1)).rev().for_each(|layer| self.sort_layer(layer, false));
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// A first order: what hangs together stands together.
    fn sort_by_depth(&mut self) {
        let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for piece in self.gaps.iter().flatten() {
            neighbours[piece.left.at].push(piece.right.at);
            neighbours[piece.right.at].push(piece.left.at);
        }
        let mut seen = vec![false; self.nodes.len()];
        let starts: Vec<usize> = self.layers.iter().flatten().copied().collect();
        self.layers.iter_mut().for_each(Vec::clear);
        for start in starts {
            let mut open = vec![start];
            while let Some(at) = open.pop() {
                if !std::mem::replace(&mut seen[at], true) {
                    self.layers[self.nodes[at].layer].push(at);
                    open.extend(neighbours[at].iter().rev().filter(|&&next| !seen[next]));
                }
            }
        }
    }

    fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![0; self.nodes.len()];
        for layer in &self.layers {
            layer.iter().enumerate().for_each(|(rank, &at)| ranks[at] = rank);
        }
        ranks
    }

    /// A number that grows from top to bottom over all ports of a layer.
    fn height(&self, ranks: &[usize], port: Port) -> i64 {
        let node = &self.nodes[port.at];
        let share = i64::from(port.y) * 1000 / i64::from(node.size.height.max(1));
        i64::try_from(ranks[port.at]).unwrap_or_default() * 1000 + share.clamp(0, 999)
    }

    /// Sorts a layer by the mean of where its wires come from: at the left, or at the right. Who has none stays.
    fn sort_layer(&mut self, layer: usize, by_left: bool) {
        let ranks = self.ranks();
        let mut sums: HashMap<usize, (i64, i64)> = HashMap::new();
        let gap = if by_left { &self.gaps[layer - 1] } else { &self.gaps[layer] };
        for piece in gap {
            let (own, other) = if by_left { (piece.right, piece.left) } else { (piece.left, piece.right) };
            let sum = sums.entry(own.at).or_default();
            sum.0 += self.height(&ranks, other) * 16 - i64::from(own.y);
            sum.1 += 1;
        }
        let mean = |at: &usize| sums.get(at).map(|(sum, count)| sum / count);
        let mut moving: Vec<usize> = self.layers[layer].iter().copied().filter(|at| sums.contains_key(at)).collect();
        moving.sort_by_key(|at| (mean(at), ranks[*at]));
        let mut moving = moving.into_iter();
        for place in &mut self.layers[layer] {
            if sums.contains_key(place)
                && let Some(next) = moving.next()
            {
                *place = next;
            }
        }
    }

    /// How many pieces cross.
    fn crossings(&self) -> u64 {
        let ranks = self.ranks();
        self.gaps.iter().map(|gap| self.crossings_of(&ranks, gap)).sum()
    }

    /// Counts with a tree of sums: sorted by their left ends, how many of the earlier ones end further below at the right?
    fn crossings_of(&self, ranks: &[usize], gap: &[Piece]) -> u64 {
        let mut ends: Vec<(i64, i64)> =
            gap.iter().map(|piece| (self.height(ranks, piece.left), self.height(ranks, piece.right))).collect();
        ends.sort_unstable();
        let mut rights: Vec<i64> = ends.iter().map(|(_, right)| *right).collect();
        rights.sort_unstable();
        rights.dedup();
        let mut tree = vec![0_u64; rights.len() + 1];
        let (mut crossings, mut before) = (0, 0);
        for (_, right) in &ends {
            let place = rights.partition_point(|other| other < right) + 1;
            let (mut at, mut not_below) = (place, 0);
            while at > 0 {
                not_below += tree[at];
                at &= at - 1;
            }
            crossings += before - not_below;
            before += 1;
            at = place;
            while at < tree.len() {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
        }
        crossings
    }
}
