//! How far from the left boxes stand, and the ways of wires.

use super::order::{Net, Piece};
use super::{Drawing, Graph, MARGIN, Point, Port, Size, TRACK};
use std::collections::{BTreeMap, HashMap};

/// A trunk between two layers: it runs up and down once, and meets wires at both sides.
struct Run {
    lefts: Vec<i32>,
    rights: Vec<i32>,
    top: i32,
    bottom: i32,
}

/// Between the ends of trunks that share a track.
const APART: i32 = 3 * TRACK;

/// So many trunks of one gap are sorted so that few cross; more are taken as they come.
const SORTED: usize = 300;

/// Gives layers their place from left to right, and wires their points.
pub(super) fn route(graph: &Graph, net: &Net) -> Drawing {
    let tracks: Vec<HashMap<usize, usize>> = net.gaps.iter().map(|gap| tracks(net, gap)).collect();
    let mut x = 0;
    let mut lefts = Vec::with_capacity(net.layers.len());
    let mut rights = Vec::with_capacity(net.layers.len());
    for (number, layer) in net.layers.iter().enumerate() {
        let width = layer.iter().map(|&at| net.nodes[at].size.width).max().unwrap_or_default();
        lefts.push(x);
        rights.push(x + width);
        let count = tracks.get(number).map_or(0, |tracks| tracks.values().max().map_or(1, |last| last + 1));
        x += width + 2 * MARGIN + TRACK * i32::try_from(count.saturating_sub(1)).unwrap_or_default();
    }
    let corner = |at: usize| {
        let node = &net.nodes[at];
        let spare = rights[node.layer] - lefts[node.layer] - node.size.width;
        Point { x: lefts[node.layer] + spare / 2, y: node.y }
    };
    let boxes: Vec<Point> = (0..graph.boxes.len()).map(corner).collect();
    let passages = passages(net);
    let ways = graph.wires.iter().zip(&net.trunks).map(|(wire, &trunk)| {
        let (begin, end) = (net.nodes[wire.from.at].layer, net.nodes[wire.to.at].layer);
        let leftwards = end < begin;
        let side = |port: Port, right: bool| {
            let at = boxes[port.at];
            Point { x: if right { at.x + graph.boxes[port.at].width } else { at.x }, y: at.y + port.y }
        };
        let mut way = vec![side(wire.from, !leftwards)];
        let mut layer = begin;
        while layer != end {
            let next = if leftwards { layer - 1 } else { layer + 1 };
            let gap = layer.min(next);
            let y = if next == end {
                net.nodes[wire.to.at].y + wire.to.y
            } else {
                passages.get(&(trunk, next)).map_or(0, |&at| net.nodes[at].y)
            };
            let track = tracks[gap].get(&trunk).copied().unwrap_or_default();
            let x = rights[gap] + MARGIN + TRACK * i32::try_from(track).unwrap_or_default();
            let from = way.last().map_or(y, |point| point.y);
            if from != y {
                way.push(Point { x, y: from });
                way.push(Point { x, y });
            }
            layer = next;
        }
        way.push(side(wire.to, leftwards));
        way
    });
    let wires = ways.collect();
    let height = net.nodes.iter().map(|node| node.y + node.size.height).max().unwrap_or_default();
    Drawing { boxes, wires, size: Size { width: rights.last().copied().unwrap_or_default(), height } }
}

/// Where each trunk passes a layer.
fn passages(net: &Net) -> HashMap<(usize, usize), usize> {
    let mut passages = HashMap::new();
    for piece in net.gaps.iter().flatten() {
        for port in [piece.left, piece.right] {
            if !net.nodes[port.at].is_box {
                passages.insert((piece.trunk, net.nodes[port.at].layer), port.at);
            }
        }
    }
    passages
}

/// The track of each trunk of a gap, from 0 at the left.
fn tracks(net: &Net, gap: &[Piece]) -> HashMap<usize, usize> {
    let height = |port: Port| net.nodes[port.at].y + port.y;
    let mut runs: BTreeMap<usize, Run> = BTreeMap::new();
    for piece in gap {
        let run = runs.entry(piece.trunk).or_insert_with(|| Run {
            lefts: Vec::new(),
            rights: Vec::new(),
            top: i32::MAX,
            bottom: i32::MIN,
        });
        let (left, right) = (height(piece.left), height(piece.right));
        run.lefts.push(left);
        run.rights.push(right);
        run.top = run.top.min(left).min(right);
        run.bottom = run.bottom.max(left).max(right);
    }
    // What runs straight through needs no track, but others had better not lie upon it.
    let (numbers, runs): (Vec<usize>, Vec<Run>) = runs.into_iter().unzip();
    let order = sorted(&runs);
    let mut tracks: HashMap<usize, usize> = HashMap::new();
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for at in order {
        if runs[at].top == runs[at].bottom {
            continue;
        }
        let beside = placed.iter().filter(|(other, _)| runs[at].meets(&runs[*other]));
        let track = beside.map(|(_, track)| track + 1).max().unwrap_or(0);
        placed.push((at, track));
        tracks.insert(numbers[at], track);
    }
    tracks
}

/// An order from left to right in which few trunks cross: each in turn goes where it is best, until nothing changes.
fn sorted(runs: &[Run]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    if runs.len() > SORTED {
        return order;
    }
    let costs: Vec<Vec<i32>> = runs.iter().map(|a| runs.iter().map(|b| a.cost_left_of(b)).collect()).collect();
    for _ in 0..6 {
        let mut changed = false;
        for (run, left_of) in costs.iter().enumerate() {
            let Some(place) = order.iter().position(|&at| at == run) else { continue };
            order.remove(place);
            // From the far left, step by step to the right.
            let mut cost: i32 = 0;
            let (mut best, mut best_cost) = (0, 0);
            for (step, &other) in order.iter().enumerate() {
                cost += costs[other][run] - left_of[other];
                if cost < best_cost || (cost == best_cost && step + 1 == place) {
                    (best, best_cost) = (step + 1, cost);
                }
            }
            changed |= best != place;
            order.insert(best, run);
        }
        if !changed {
            break;
        }
    }
    order
}

impl Run {
    /// Would they touch on one track?
    fn meets(&self, other: &Run) -> bool {
        self.top - APART < other.bottom && other.top - APART < self.bottom
    }

    /// How often they cross if this one is left of the other; lines upon each other count most.
    fn cost_left_of(&self, other: &Run) -> i32 {
        let inside = |ys: &[i32], run: &Run| ys.iter().filter(|y| (run.top..=run.bottom).contains(y)).count();
        let upon = self.rights.iter().filter(|y| other.lefts.iter().any(|x| x.abs_diff(**y) < 3)).count();
        i32::try_from(inside(&self.rights, other) + inside(&other.lefts, self) + 50 * upon).unwrap_or(i32::MAX / 1000)
    }
}
