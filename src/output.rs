//! What comes out: one format per file, each a pure function of a [`Script`].
//!
//! Nothing here reads or writes; `folder` puts the files of a plan on a disk, the command line prints the rest.

pub mod analysis;
pub mod files;
pub mod human;
pub mod intent;
pub mod json;
pub mod markdown;
mod queries;
pub mod report;
pub mod runbook;
pub mod short;
pub mod sql;
pub mod style;
pub mod words;

use crate::script::Script;
use style::Style;

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal: the plan at a glance, then every statement with its lock, work and hazards.
    Human,
    /// The glance alone.
    Short,
    /// Every file in the order in which they run.
    Sql,
    /// `plan.json`
    Json,
    /// For the comment of a pull request.
    Markdown,
}

/// The plan in one of the formats; ends with a line feed.
///
/// `style` says how wide and whether in colour; only the formats for people look at it.
pub fn render(format: Format, script: &Script, style: Style) -> String {
    match format {
        Format::Human => human::render(script, style),
        Format::Short => short::render(script, style),
        Format::Sql => sql::render(script),
        Format::Json => json::plan(script),
        Format::Markdown => markdown::render(script),
    }
}
