//! Wires: the way of a relation, with what each end says of numbers.

use super::text::escape;
use crate::analyze::{Action, Enforcement, Relation, RelationKind};
use crate::layout::Point;
use crate::output::analysis::words;

/// Radius of corners.
const CORNER: i32 = 5;

/// How many rows there may be at an end of a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    One,
    ZeroOrOne,
    ZeroOrMany,
}

/// How many rows of `from` there are for a row of `to`, and the other way round.
pub(super) fn ends(relation: &Relation) -> (End, End) {
    let to = if relation.required { End::One } else { End::ZeroOrOne };
    match relation.kind {
        RelationKind::OneToOne => (End::ZeroOrOne, to),
        RelationKind::ManyToOne => (End::ZeroOrMany, to),
        RelationKind::ManyToMany => (End::ZeroOrMany, End::ZeroOrMany),
    }
}

/// How the wire of a relation looks.
pub(super) fn class(relation: &Relation) -> String {
    let mut class = "wire".to_owned();
    match relation.enforced {
        Enforcement::ForeignKey => {}
        Enforcement::PrismaClient => class.push_str(" client"),
        Enforcement::Nothing => class.push_str(" nobody"),
    }
    if relation.on_delete == Some(Action::Cascade) {
        class.push_str(" cascade");
    }
    class
}

/// Draws a relation along its way, from `from` to `to`.
pub(super) fn draw(relation: &Relation, way: &[Point], svg: &mut String) {
    let class = class(relation);
    let (from, to) = ends(relation);
    // From the end that is shared: where wires lie upon each other, so do their dashes.
    let line = path(&way.iter().rev().copied().collect::<Vec<Point>>());
    svg.push_str(&format!(
        "<g data-relation=\"{}\"><title>{}</title><path class=\"over\" d=\"{line}\"/><path class=\"{class}\" d=\"{line}\"/>",
        escape(&relation.relation),
        escape(&words::sentence(relation))
    ));
    if let [first, second, .., before, last] = way {
        foot(from, *first, *second, &class, svg);
        foot(to, *last, *before, &class, svg);
    } else if let [first, last] = way {
        foot(from, *first, *last, &class, svg);
        foot(to, *last, *first, &class, svg);
    }
    svg.push_str("</g>\n");
}

/// An end of a wire at `at`, of a line that comes from the side where `towards` is.
pub(super) fn foot(end: End, at: Point, towards: Point, class: &str, svg: &mut String) {
    let way = if towards.x < at.x { -1 } else { 1 };
    let (x, y) = (at.x, at.y);
    let tick = |off: i32| format!("M{} {}v8", x + way * off, y - 4);
    let hole =
        |off: i32| format!("<circle class=\"{class} foot hole\" cx=\"{}\" cy=\"{y}\" r=\"3.5\"/>", x + way * off);
    let (lines, hole) = match end {
        End::One => (format!("{}{}", tick(6), tick(10)), String::new()),
        End::ZeroOrOne => (tick(6), hole(13)),
        End::ZeroOrMany => (format!("M{x} {}L{} {y}L{x} {}", y - 5, x + way * 10, y + 5), hole(14)),
    };
    svg.push_str(&format!("<path class=\"{class} foot\" d=\"{lines}\"/>{hole}"));
}

/// A line along points, with round corners.
fn path(way: &[Point]) -> String {
    let Some(first) = way.first() else { return String::new() };
    let mut path = format!("M{} {}", first.x, first.y);
    for corner in way.windows(3) {
        let [before, at, after] = corner else { continue };
        let length = |a: &Point, b: &Point| (a.x - b.x).abs() + (a.y - b.y).abs();
        let radius = CORNER.min(length(before, at) / 2).min(length(at, after) / 2);
        let near = |a: i32, b: i32| a + (b - a).signum() * radius;
        path.push_str(&format!(
            "L{} {}Q{} {} {} {}",
            near(at.x, before.x),
            near(at.y, before.y),
            at.x,
            at.y,
            near(at.x, after.x),
            near(at.y, after.y)
        ));
    }
    if let Some(last) = way.last() {
        path.push_str(&format!("L{} {}", last.x, last.y));
    }
    path
}
