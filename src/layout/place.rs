//! How far from the top a box stands.

use super::order::Net;
use super::{BOX_GAP, WIRE_GAP};

/// Rounds to the right and to the left, in which one side pulls, and rounds in which both do.
const ROUNDS: (usize, usize) = (8, 24);

/// Steps that are taken out, at most so high.
const SNAP: i32 = 8;

/// Gives every node its height: as near to what it is tied to as its neighbours in the layer allow.
pub(super) fn place(net: &mut Net) {
    let mut limit = 0;
    for layer in &net.layers {
        let mut y = 0;
        let mut last = None;
        for &at in layer {
            y += last.map_or(0, |last| gap(net, last, at));
            net.nodes[at].y = y;
            y += net.nodes[at].size.height;
            last = Some(at);
        }
        limit = limit.max(y);
    }
    // A little air, so that wires can be straight.
    let limit = limit + (limit / 12).max(80);
    let ties = ties(net);
    for round in 0..ROUNDS.0 + ROUNDS.1 {
        let count = net.layers.len();
        let both = round >= ROUNDS.0;
        for step in 0..count {
            let (layer, side) = if round % 2 == 0 { (step, Side::Left) } else { (count - 1 - step, Side::Right) };
            settle(net, &ties, layer, Pull { side, both }, limit);
        }
    }
    (0..net.layers.len()).for_each(|layer| snap(net, &ties, layer));
    let top = net.nodes.iter().map(|node| node.y).min().unwrap_or_default();
    net.nodes.iter_mut().for_each(|node| node.y -= top);
}

/// Which neighbours pull.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Which neighbours pull in a round. Boxes may be pulled by both sides; a passage always follows one, or else a wire that has to
/// get around something would become a staircase.
#[derive(Clone, Copy)]
struct Pull {
    side: Side,
    both: bool,
}

/// A wire to another node: there its port, here its own.
struct Tie {
    other: usize,
    other_y: i32,
    own_y: i32,
    is_left: bool,
}

fn ties(net: &Net) -> Vec<Vec<Tie>> {
    let mut ties: Vec<Vec<Tie>> = net.nodes.iter().map(|_| Vec::new()).collect();
    for piece in net.gaps.iter().flatten() {
        let (l, r) = (piece.left, piece.right);
        ties[l.at].push(Tie { other: r.at, other_y: r.y, own_y: l.y, is_left: false });
        ties[r.at].push(Tie { other: l.at, other_y: l.y, own_y: r.y, is_left: true });
    }
    ties
}

fn gap(net: &Net, above: usize, below: usize) -> i32 {
    if net.nodes[above].is_box && net.nodes[below].is_box { BOX_GAP } else { WIRE_GAP + 4 }
}

/// A stretch of nodes that touch: where they would like to begin, how strongly, and how many they are.
struct Block {
    wish: i64,
    weight: i64,
    count: usize,
}

/// Puts the nodes of a layer where the sum of squares of what they are off their wishes is least, in their order and without overlaps
/// (pooling neighbours that want to change places), between 0 and `limit`.
fn settle(net: &mut Net, ties: &[Vec<Tie>], layer: usize, pull: Pull, limit: i32) {
    let nodes = std::mem::take(&mut net.layers[layer]);
    // How far each node would be from the first if all touched: without it, order is all that matters.
    let mut offsets = Vec::with_capacity(nodes.len());
    let mut offset = 0;
    for (place, &at) in nodes.iter().enumerate() {
        if let Some(before) = place.checked_sub(1) {
            offset += net.nodes[nodes[before]].size.height + gap(net, nodes[before], at);
        }
        offsets.push(offset);
    }
    let total = offset + nodes.last().map_or(0, |&at| net.nodes[at].size.height);
    let mut blocks: Vec<Block> = Vec::new();
    for (&at, offset) in nodes.iter().zip(&offsets) {
        let (wish, weight) = wish(net, ties, at, pull);
        let mut block = Block { wish: (wish - i64::from(*offset)) * weight, weight, count: 1 };
        while let Some(above) = blocks.pop() {
            if above.wish * block.weight <= block.wish * above.weight {
                blocks.push(above);
                break;
            }
            block.wish += above.wish;
            block.weight += above.weight;
            block.count += above.count;
        }
        blocks.push(block);
    }
    let mut next = nodes.iter().zip(&offsets);
    for block in &blocks {
        let start = (block.wish / block.weight.max(1)).clamp(0, i64::from((limit - total).max(0)));
        for (&at, offset) in next.by_ref().take(block.count) {
            net.nodes[at].y = i32::try_from(start).unwrap_or(i32::MAX / 2) + offset;
        }
    }
    net.layers[layer] = nodes;
}

/// A step that is hardly one is taken out: a box moves by a few points where that makes a wire straight, and there is room.
fn snap(net: &mut Net, ties: &[Vec<Tie>], layer: usize) {
    let nodes = std::mem::take(&mut net.layers[layer]);
    for (place, &at) in nodes.iter().enumerate() {
        let own = &net.nodes[at];
        let steps = ties[at].iter().map(|tie| net.nodes[tie.other].y + tie.other_y - tie.own_y - own.y);
        let Some(step) = steps.min_by_key(|step| step.abs()).filter(|step| *step != 0 && step.abs() <= SNAP) else {
            continue;
        };
        let above = place.checked_sub(1).map(|above| nodes[above]);
        let is_clear_above = above.is_none_or(|above| {
            let bottom = net.nodes[above].y + net.nodes[above].size.height;
            own.y + step >= bottom + gap(net, above, at)
        });
        let is_clear_below = nodes
            .get(place + 1)
            .is_none_or(|&below| own.y + step + own.size.height + gap(net, at, below) <= net.nodes[below].y);
        if is_clear_above && is_clear_below {
            net.nodes[at].y += step;
        }
    }
    net.layers[layer] = nodes;
}

/// Where a node would like to be, and how strongly. Passages pull each other hardest: long wires shall be straight.
fn wish(net: &Net, ties: &[Vec<Tie>], at: usize, pull: Pull) -> (i64, i64) {
    let own = &net.nodes[at];
    let (mut sum, mut weight) = (0, 0);
    for tie in &ties[at] {
        let is_at_side = match pull.side {
            Side::Left => tie.is_left,
            Side::Right => !tie.is_left,
        };
        let pulls = is_at_side || (pull.both && own.is_box);
        if !pulls {
            continue;
        }
        let other = &net.nodes[tie.other];
        let strength = match (own.is_box, other.is_box) {
            (true, true) => 2,
            (true, false) | (false, true) => 3,
            (false, false) => 12,
        };
        sum += strength * i64::from(other.y + tie.other_y - tie.own_y);
        weight += strength;
    }
    if weight == 0 { (i64::from(own.y), 1) } else { (sum / weight, weight) }
}
