//! `prisma-stage completions` and `prisma-stage man`.

use super::Cli;
use super::exit::Exit;
use super::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use prisma_stage::diag::Diagnostic;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage completions bash > ~/.local/share/bash-completion/completions/prisma-stage
  prisma-stage completions zsh > ~/.zfunc/_prisma-stage
  prisma-stage completions fish > ~/.config/fish/completions/prisma-stage.fish")]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let mut out = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "prisma-stage", &mut out);
        terminal.print(&String::from_utf8_lossy(&out), Exit::Done)
    }
}

/// Prints the manual page: the tool's, then one section per command.
pub fn man(terminal: &Terminal) -> Exit {
    let mut command = Cli::command();
    command.build();
    let mut out = Vec::new();
    let pages =
        std::iter::once(command.clone()).chain(command.get_subcommands().filter(|c| c.get_name() != "help").cloned());
    for page in pages {
        if let Err(error) = clap_mangen::Man::new(page).render(&mut out) {
            return terminal.refuse(Diagnostic::error("PS0805", format!("cannot write the manual page: {error}")));
        }
    }
    terminal.print(&String::from_utf8_lossy(&out), Exit::Done)
}
