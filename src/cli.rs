//! Arguments in, exit code out: one file per command.

mod analyze;
mod args;
mod check;
mod completions;
mod diff;
mod exit;
mod explain;
mod lint;
pub mod panics;
mod planning;
mod read;
#[cfg(feature = "live")]
mod rehearse;
#[cfg(not(feature = "live"))]
#[path = "cli/not_built.rs"]
mod rehearse;
mod schema;
#[cfg(feature = "live")]
mod stats;
mod terminal;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use exit::Exit;
use terminal::{ColorChoice, Terminal};

/// Compiles the difference between two Prisma schemas into a staged SQL migration that a busy database can take.
#[derive(Debug, Parser)]
#[command(name = "prisma-stage", version, after_help = EXAMPLES, max_term_width = 110)]
struct Cli {
    /// Colours: where a terminal listens, always, or never; NO_COLOR is obeyed.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: ColorChoice,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The staged plan that brings a database from one schema to another.
    Diff(Box<diff::Diff>),
    /// Runs a plan for real on a scratch server, forwards, back and forwards again, and says what was seen.
    Rehearse(Box<rehearse::Rehearse>),
    /// Reads schemas and says what is wrong with them.
    Check(check::Check),
    /// What a schema is like: its models, relations, indexes, parts; as tables, JSON or a picture.
    Analyze(analyze::Analyze),
    /// How big the tables of a live database are, for `diff --stats`.
    #[cfg(feature = "live")]
    Stats(stats::Stats),
    /// The page of a diagnostic, a hazard, a decision, a kind of change.
    Explain(explain::Explain),
    /// The JSON Schema of what `--format json` prints.
    Schema(schema::Schema),
    /// A completion script for a shell.
    Completions(completions::Completions),
    /// The manual page, in roff.
    Man,
}

const EXAMPLES: &str = "\
Examples:
  prisma-stage diff old.prisma new.prisma
      the plan, to read
  prisma-stage diff git:main:prisma/ prisma/ -o plan
      from what is on main to what is in the work tree, as files
  prisma-stage diff git:main:prisma/ prisma/ -o plan --check
      is the folder `plan` up to date? (exit code 2 if not)
  prisma-stage rehearse plan
      does it do what it says? (on a scratch server)

Exit codes:
  0 done    1 the input is wrong    2 there is a difference, where that was asked for
  3 a decision is needed first      64 bad usage    70 a bug in prisma-stage";

/// Everything but the panics.
pub fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let terminal = Terminal::of(cli.color);
    match cli.command {
        Command::Diff(diff) => diff.run(&terminal),
        Command::Rehearse(rehearse) => rehearse.run(&terminal),
        Command::Check(check) => check.run(&terminal),
        Command::Analyze(analyze) => analyze.run(&terminal),
        #[cfg(feature = "live")]
        Command::Stats(stats) => stats.run(&terminal),
        Command::Explain(explain) => explain.run(&terminal),
        Command::Schema(schema) => schema.run(&terminal),
        Command::Completions(completions) => completions.run(&terminal),
        Command::Man => completions::man(&terminal),
    }
}

/// What clap has to say: help is an answer, the rest is bad usage.
fn usage(error: &clap::Error) -> Exit {
    // A closed pipe is no news to whoever closed it.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::Usage,
    }
}

/// Says what is wrong with the arguments of a command, as clap would.
fn bad_usage(command: &str, message: &str) -> Exit {
    let mut all = Cli::command();
    all.build();
    match all.find_subcommand_mut(command) {
        Some(found) => usage(&found.error(ErrorKind::ValueValidation, message)),
        None => usage(&all.error(ErrorKind::ValueValidation, message)),
    }
}

/// Names what a URL says that means nothing here; what cannot be read is said by whoever connects.
#[cfg(feature = "live")]
fn say_ignored(url: &str) {
    use prisma_stage::live::{mysql, server, sqlite};
    let ignored = if mysql::Address::is_one(url) {
        mysql::Address::parse(url).map(|address| address.ignored().to_vec())
    } else if sqlite::is_file(url) {
        let words = url.split_once('?').map_or("", |(_, words)| words);
        Ok(words
            .split('&')
            .filter_map(|word| word.split('=').next())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect())
    } else {
        server::Address::parse(url, "").map(|address| address.ignored().to_vec())
    };
    if let Some(ignored) = ignored.ok().filter(|ignored| !ignored.is_empty()) {
        terminal::print_error(&format!("Of the URL this means nothing here: {}\n", ignored.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }
}
