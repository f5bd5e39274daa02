//! `prisma-stage rehearse`, where what talks to a database was left out.

use super::exit::Exit;
use super::terminal::Terminal;
use clap::Args;
use prisma_stage::diag::Diagnostic;

/// Arguments of `rehearse`, whatever they are.
#[derive(Debug, Args)]
pub struct Rehearse {
    /// Two schemas, or a plan.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

impl Rehearse {
    /// Says that it was left out.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let what = self.arguments.first().map_or("anything", String::as_str);
        terminal.refuse(
            Diagnostic::error(
                "PS1106",
                format!("this prisma-stage cannot rehearse {what}: it was built without what talks to a database"),
            )
            .note("the feature `live` was switched off when it was built")
            .help("build it with `--features live`, which is on by default"),
        )
    }
}
