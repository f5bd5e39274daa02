//! Which layer a box is in.

use super::{BOX_GAP, Graph, MARGIN};

/// The layer of each box, from 0 at the left. No wire begins and ends in one layer.
///
/// A layer is no higher than what makes the whole about half as wide again as it is high.
pub(super) fn layers(graph: &Graph) -> Vec<usize> {
    let edges = without_circles(graph);
    let tallest = graph.boxes.iter().map(|size| size.height).max().unwrap_or_default();
    let all: i64 = graph.boxes.iter().map(|size| i64::from(size.height + BOX_GAP)).sum();
    let mut best: Option<(i64, Vec<usize>)> = None;
    let mut limit = i64::from(tallest + BOX_GAP);
    while best.is_none() || limit < all * 5 / 4 {
        let layers = fill(graph, &edges, limit);
        let cost = cost(graph, &edges, &layers);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, layers));
        }
        limit = limit * 5 / 4 + 1;
    }
    best.map(|(_, layers)| layers).unwrap_or_default()
}

/// How far from the wanted shape, and how long the wires are.
fn cost(graph: &Graph, edges: &Edges, layers: &[usize]) -> i64 {
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let (mut widths, mut heights) = (vec![0; count], vec![0; count]);
    for (size, &layer) in graph.boxes.iter().zip(layers) {
        widths[layer] = size.width.max(widths[layer]);
        heights[layer] += size.height + BOX_GAP;
    }
    let width: i64 = widths.iter().map(|width| i64::from(width + 3 * MARGIN)).sum();
    let height = heights.iter().copied().max().map_or(1, i64::from);
    let spans = |(right, &layer): (&Vec<usize>, &usize)| -> i64 {
        right.iter().map(|&other| i64::try_from(layers[other] - layer - 1).unwrap_or_default()).sum()
    };
    let long: i64 = edges.right.iter().zip(layers).map(spans).sum();
    let wires = i64::try_from(graph.wires.len()).unwrap_or(1).max(1);
    // A sheet as large as what is wanted to hold both, and up to a half more for wires that pass layers.
    let (wanted_width, wanted_height) = (width.max(height * 8 / 5), height.max(width * 5 / 8));
    let area = wanted_width * wanted_height / 1000;
    area + area * long / wires / 4
}

/// Who has to stand right of whom, without circles.
struct Edges {
    right: Vec<Vec<usize>>,
    left: Vec<Vec<usize>>,
    /// Every box behind all that are left of it.
    sequence: Vec<usize>,
}

/// Turns as few wires as a greedy walk finds (Eades, Lin and Smyth): boxes that nothing is left of come first, those that nothing is
/// right of come last, and of the rest the one with the most to its right.
fn without_circles(graph: &Graph) -> Edges {
    let count = graph.boxes.len();
    let (mut right, mut left) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    let mut pairs: Vec<(usize, usize)> = graph.wires.iter().map(|wire| (wire.to.at, wire.from.at)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|(to, from)| to != from);
    for &(to, from) in &pairs {
        right[to].push(from);
        left[from].push(to);
    }
    let mut open: Vec<bool> = vec![true; count];
    let (mut rights, mut lefts): (Vec<usize>, Vec<usize>) =
        (right.iter().map(Vec::len).collect(), left.iter().map(Vec::len).collect());
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let candidates = || (0..count).filter(|&at| open[at]);
        let sink = candidates().find(|&at| rights[at] == 0 && lefts[at] > 0);
        let source = || candidates().find(|&at| lefts[at] == 0);
        let busiest =
            || candidates().max_by_key(|&at| (rights[at].cast_signed() - lefts[at].cast_signed(), count - at));
        let Some(at) = sink.or_else(source).or_else(busiest) else { break };
        open[at] = false;
        right[at].iter().for_each(|&other| lefts[other] -= 1);
        left[at].iter().for_each(|&other| rights[other] -= 1);
        if sink.is_some() { last.push(at) } else { first.push(at) }
    }
    first.extend(last.into_iter().rev());
    let mut rank = vec![0; count];
    first.iter().enumerate().for_each(|(place, &at)| rank[at] = place);
    let mut edges = Edges { right: vec![Vec::new(); count], left: vec![Vec::new(); count], sequence: first };
    for (to, from) in pairs {
        let (l, r) = if rank[to] < rank[from] { (to, from) } else { (from, to) };
        edges.right[l].push(r);
        edges.left[r].push(l);
    }
    for list in edges.right.iter_mut().chain(&mut edges.left) {
        list.sort_unstable();
        list.dedup();
    }
    edges
}

/// Fills layers from the left, none higher than `limit`; then moves boxes to the right where they are nearer to what points at them.
fn fill(graph: &Graph, edges: &Edges, limit: i64) -> Vec<usize> {
    let height = |at: usize| i64::from(graph.boxes[at].height + BOX_GAP);
    let mut layers = vec![0; graph.boxes.len()];
    let mut used: Vec<i64> = Vec::new();
    for &at in &edges.sequence {
        let mut layer = edges.left[at].iter().map(|&other| layers[other] + 1).max().unwrap_or(0);
        while used.get(layer).is_some_and(|used| *used > 0 && used + height(at) > limit) {
            layer += 1;
        }
        used.resize(used.len().max(layer + 1), 0);
        used[layer] += height(at);
        layers[at] = layer;
    }
    for &at in edges.sequence.iter().rev() {
        // More wires to the right than to the left: each layer moved to the right makes the whole shorter.
        let Some(nearest) = edges.right[at].iter().map(|&other| layers[other]).min() else { continue };
        if edges.right[at].len() <= edges.left[at].len() {
            continue;
        }
        let found = (layers[at] + 1..nearest).rev().find(|&layer| used[layer] + height(at) <= limit);
        if let Some(layer) = found {
            used[layers[at]] -= height(at);
            used[layer] += height(at);
            layers[at] = layer;
        }
    }
    // Nobody may be left in a layer of nobody.
    let mut kept: Vec<usize> = layers.clone();
    kept.sort_unstable();
    kept.dedup();
    layers.iter().map(|layer| kept.binary_search(layer).unwrap_or_default()).collect()
}
