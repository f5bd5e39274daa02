//! `prisma-stage explain`: the page of a diagnostic, a hazard, a decision, a kind of change.

use super::exit::Exit;
use super::terminal::Terminal;
use clap::Args;
use prisma_stage::diag::Diagnostic;
use prisma_stage::pages;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage explain PS0203           a diagnostic, with a wrong and a right schema
  prisma-stage explain H101             a hazard
  prisma-stage explain rename-column    a kind of change
  prisma-stage explain                  everything that has a page")]
pub struct Explain {
    /// A code or a kind of change, as plans and diagnostics name it.
    code: Option<String>,
}

impl Explain {
    /// Prints the page.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let Some(code) = &self.code else { return terminal.print(&contents(), Exit::Done) };
        match pages::find(code) {
            Some(page) => terminal.print(&page.plain(), Exit::Done),
            None => terminal.refuse(
                Diagnostic::error("PS0806", format!("there is no page `{code}`"))
                    .help("`prisma-stage explain` lists what has one"),
            ),
        }
    }
}

fn contents() -> String {
    pages::all().map(|page| format!("{:<20} {}\n", page.name, page.title)).collect()
}
