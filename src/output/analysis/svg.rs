//! A picture: one SVG file that needs nothing else, readable in light and in dark.
//!
//! Models are cards, relations are wires with crow's feet, and what hangs together stands in one frame. A part of the schema that is
//! too large for one drawing is taken apart into frames; a relation that leads out of a frame is a link at its field
//! instead of a wire.

mod card;
mod frame;
mod legend;
mod sheet;
mod style;
mod text;
mod wire;

use super::{Detail, words};
use crate::analyze::Analysis;
use crate::layout::Size;
use sheet::Sheet;
use text::escape;

/// Around everything.
const MARGIN: i32 = 28;

/// The picture of the schema `name`.
pub fn render(name: &str, analysis: &Analysis, detail: Detail) -> String {
    let sheet = Sheet::of(analysis, detail.of(analysis));
    let title = text::clip(&title(name, analysis), 110);
    let head = legend::head(&title, analysis, &sheet);
    let size = Size {
        width: sheet.size.width.max(head.size.width) + 2 * MARGIN,
        height: head.size.height + sheet.size.height + 2 * MARGIN,
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" \
         aria-label=\"{2}\">\n<style>{3}</style>\n<rect class=\"sheet\" width=\"{0}\" height=\"{1}\"/>\n",
        size.width,
        size.height,
        escape(&title),
        style::CSS
    );
    svg.push_str(&format!("<g transform=\"translate({MARGIN} {MARGIN})\">\n{}</g>\n", head.svg));
    svg.push_str(&format!("<g transform=\"translate({MARGIN} {})\">\n", MARGIN + head.size.height));
    sheet.draw(&mut svg);
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn title(name: &str, analysis: &Analysis) -> String {
    // Where it lies is no part of the picture.
    let name = name.trim_end_matches(['/', '\\']).rsplit(['/', '\\', ':']).next().unwrap_or(name);
    let about = format!("{}, {}", words::provider(analysis), words::summary(analysis));
    match &analysis.focus {
        Some(focus) => format!("{name} around {}: {about}", focus.models.join(", ")),
        None => format!("{name}: {about}"),
    }
}
