//! `prisma-stage schema`: the JSON Schemas of what is printed.

use super::exit::Exit;
use super::terminal::Terminal;
use clap::{Args, ValueEnum};
use prisma_stage::output::{analysis, json};

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage schema plan > plan.schema.json")]
pub struct Schema {
    /// Of what.
    #[arg(value_enum)]
    of: Document,
}

/// The documents.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    /// plan.json, which is also what `diff --format json` prints.
    Plan,
    /// What `diff --format json` prints when there is no plan: diagnostics, and open questions.
    Failure,
    /// What `check --format json` prints.
    Check,
    /// What `analyze --format json` prints.
    Analyze,
    /// What `diff --check --format json` prints.
    Comparison,
    /// What `rehearse --format json` prints.
    #[cfg(feature = "live")]
    Rehearse,
    /// What `stats` writes and `diff --stats` reads.
    Stats,
}

impl Schema {
    /// Prints it.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let text = match self.of {
            Document::Plan => json::plan_schema(),
            Document::Failure => json::failure_schema(),
            Document::Check => json::check_schema(),
            Document::Analyze => analysis::json::schema(),
            Document::Comparison => json::comparison_schema(),
            #[cfg(feature = "live")]
            Document::Rehearse => super::rehearse::show::schema(),
            Document::Stats => json::stats_schema(),
        };
        terminal.print(&text, Exit::Done)
    }
}
