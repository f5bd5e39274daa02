//! Standard output and standard error: who listens there, how wide, whether in colour.

use super::exit::Exit;
use clap::ValueEnum;
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::output::report;
use prisma_stage::output::style::Style;
use prisma_stage::source::Sources;
use std::io::{ErrorKind, IsTerminal, Write};

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two streams.
pub struct Terminal {
    /// How standard output is to look.
    pub out: Style,
    /// How standard error is to look.
    pub err: Style,
}

impl Terminal {
    /// Looks who listens.
    pub fn of(choice: ColorChoice) -> Self {
        Terminal { out: style(choice, &std::io::stdout()), err: style(choice, &std::io::stderr()) }
    }

    /// Prints the result of a run. Whoever closed the pipe has read enough: that is no error.
    pub fn print(&self, text: &str, exit: Exit) -> Exit {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => exit,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => exit,
            Err(error) => self.refuse(Diagnostic::error("PS0805", format!("cannot write to standard output: {error}"))),
        }
    }

    /// Shows diagnostics on standard error.
    pub fn report(&self, sources: &Sources, diagnostics: &Diagnostics) {
        print_error(&report::render(sources, diagnostics, self.err.colour));
    }

    /// Shows one that is in no place, as the end of the run.
    pub fn refuse(&self, diagnostic: Diagnostic) -> Exit {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        self.report(&Sources::default(), &diagnostics);
        Exit::Input
    }
}

/// To standard error; if nobody listens there, nobody can be told.
pub fn print_error(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn style(choice: ColorChoice, stream: &impl IsTerminal) -> Style {
    let is_terminal = stream.is_terminal();
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let colour = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && !is_set("NO_COLOR") && !is_dumb,
    };
    let width = if is_terminal { terminal_size::terminal_size() } else { None };
    Style { width: width.map_or(Style::PLAIN.width, |(width, _)| usize::from(width.0).max(40)), colour }
}
