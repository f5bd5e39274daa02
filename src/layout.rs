//! Where boxes go, and the wires between them: a layered drawing from left to right, with wires along right angles.
//!
//! What is pointed at stands left of what points at it, so a box depends only on what is left of it (save where things point in
//! circles). Wires that end at the same place share their way there, like branches of a tree: a box that a hundred others
//! point at has one trunk, not a hundred lines. Every number is an integer, so the same graph gives the same drawing
//! everywhere. `docs/analyze.md` says which libraries were looked at, and why none of them draws this.
//!
//! The steps are Sugiyama's: `layers` breaks circles and gives each box a layer, `order` sorts the layers so that few wires cross, `place`
//! gives heights, `route` gives widths and the ways of wires. [`pack`] puts finished drawings on a sheet, [`cluster`] takes what
//! is too large for one drawing apart.

mod cluster;
mod layers;
mod order;
mod pack;
mod place;
mod route;

pub use cluster::cluster;
pub use pack::{Sheet, pack};

/// What is to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The boxes.
    pub boxes: Vec<Size>,
    /// The wires between different boxes.
    pub wires: Vec<Wire>,
}

/// How large a thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// From left to right.
    pub width: i32,
    /// From top to bottom.
    pub height: i32,
}

/// A point; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// A line from one box to another. Boxes that it points at stand to the left.
#[derive(Clone, Copy, Debug)]
pub struct Wire {
    /// Where it begins.
    pub from: Port,
    /// Where it ends. Wires whose ends are equal share their way.
    pub to: Port,
}

/// A place at the side of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    /// The box, by its place.
    pub at: usize,
    /// How far below the upper edge of the box.
    pub y: i32,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The upper left corner of each box.
    pub boxes: Vec<Point>,
    /// The way of each wire, from its beginning to its end: points that lie beside or above each other.
    pub wires: Vec<Vec<Point>>,
    /// The size of the whole.
    pub size: Size,
}

/// Between boxes of a layer.
const BOX_GAP: i32 = 26;
/// Between wires that pass a layer.
const WIRE_GAP: i32 = 12;
/// Between a box and the first wire that runs up or down beside it.
const MARGIN: i32 = 26;
/// Between wires that run up or down side by side.
const TRACK: i32 = 10;

/// Draws a graph. Costs about as much as wires times layers; meant for up to a few hundred boxes.
pub fn draw(graph: &Graph) -> Drawing {
    if graph.boxes.is_empty() {
        return Drawing::default();
    }
    let layers = layers::layers(graph);
    let mut net = order::Net::of(graph, &layers);
    net.sort();
    place::place(&mut net);
    route::route(graph, &net)
}
