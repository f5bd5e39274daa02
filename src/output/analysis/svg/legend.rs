//! The head of a picture: its title, and what its signs mean.

use super::sheet::Sheet;
use super::text::{escape, measure};
use super::wire::{self, End};
use crate::analyze::{Action, Analysis, Enforcement, ModelKind, RelationKind};
use crate::layout::{Point, Size};
use crate::output::style::count;

/// The head.
pub(super) struct Head {
    /// What is drawn.
    pub svg: String,
    /// Its size, with the distance to what is below.
    pub size: Size,
}

/// Title and legend; only the signs that occur are explained.
pub(super) fn head(title: &str, analysis: &Analysis, sheet: &Sheet<'_>) -> Head {
    let mut svg = format!("<text class=\"title\" y=\"16\">{}</text>\n", escape(title));
    let mut x = 0;
    let mut width = measure(title, 110);
    let mut sign = |draw: &dyn Fn(i32, &mut String), room: i32, text: &str| {
        draw(x, &mut svg);
        svg.push_str(&format!("<text class=\"say\" x=\"{}\" y=\"46\">{}</text>\n", x + room, escape(text)));
        x += room + measure(text, 70) + 22;
        width = width.max(x);
    };
    let ends: Vec<(End, End)> = analysis.relations.iter().map(wire::ends).collect();
    let has_end = |end: End| ends.iter().any(|(from, to)| *from == end || *to == end);
    for (end, text) in [(End::One, "one"), (End::ZeroOrOne, "one or none"), (End::ZeroOrMany, "any number")] {
        if has_end(end) {
            sign(&|x, svg| foot(end, x, svg), 34, text);
        }
    }
    let is_kept = |by: Enforcement| analysis.relations.iter().any(|relation| relation.enforced == by);
    let cascades = analysis.relations.iter().any(|relation| relation.on_delete == Some(Action::Cascade));
    for (class, wanted, text) in [
        ("wire cascade", cascades, "goes when what it points at goes"),
        ("wire", is_kept(Enforcement::ForeignKey) && is_kept(Enforcement::Nothing), "foreign key"),
        ("wire client", is_kept(Enforcement::PrismaClient), "kept by Prisma Client, not by the database"),
        ("wire nobody", is_kept(Enforcement::Nothing), "kept by nothing"),
    ] {
        if wanted {
            sign(&|x, svg| svg.push_str(&format!("<path class=\"{class}\" d=\"M{x} 42h28\"/>")), 36, text);
        }
    }
    let marks = "PK id · FK foreign key · PF both · UK unique";
    sign(&|_, _| {}, 0, marks);
    let joins = analysis.models.iter().any(|model| model.kind == ModelKind::Model && model.join.is_some());
    if joins || analysis.relations.iter().any(|relation| relation.kind == RelationKind::ManyToMany) {
        sign(&|_, _| {}, 0, "n-n a model that links two others");
    }
    if sheet.links > 0 {
        let text = format!("→ {} to models in other frames", count(sheet.links, "relation"));
        sign(&|_, _| {}, 0, &text);
    }
    Head { svg, size: Size { width, height: 74 } }
}

fn foot(end: End, x: i32, svg: &mut String) {
    svg.push_str(&format!("<path class=\"wire\" d=\"M{x} 42h26\"/>"));
    wire::foot(end, Point { x, y: 42 }, Point { x: x + 26, y: 42 }, "wire", svg);
}
