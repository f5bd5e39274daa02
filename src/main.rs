//! The command line of prisma-stage.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::panics::guarded(cli::run)
}
