//! An [`Analysis`] for people, for machines and for programs that draw; one format per file.

mod detail;
pub mod dot;
pub mod human;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod svg;
mod table;
mod words;

use super::style::Style;
use crate::analyze::Analysis;
pub use detail::Detail;

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned tables, for a terminal.
    Human,
    /// One object; its JSON Schema: `prisma-stage schema analyze`.
    Json,
    /// For a page of documentation.
    Markdown,
    /// An `erDiagram` of Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A picture.
    Svg,
}

/// The analysis of the schema `name` in one of the formats; ends with a line feed.
///
/// `detail` says how much of a model the formats that draw show, `style` how wide and in which colours the one for terminals is.
pub fn render(format: Format, name: &str, analysis: &Analysis, detail: Detail, style: Style) -> String {
    match format {
        Format::Human => human::render(name, analysis, style),
        Format::Json => json::render(name, analysis),
        Format::Markdown => markdown::render(name, analysis, detail),
        Format::Mermaid => mermaid::render(name, analysis, detail),
        Format::Dot => dot::render(name, analysis, detail),
        Format::Svg => svg::render(name, analysis, detail),
    }
}
