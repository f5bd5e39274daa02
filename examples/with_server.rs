//! Runs a command beside a private PostgreSQL, which is gone when the command ends:
//! `cargo run --example with_server -- cargo nextest run`. All tests of a run then share one server.

use prisma_stage::live::server::{Server, VARIABLE};
use std::process::{Command, ExitCode};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().ok_or("which command?")?;
    let server = Server::start(std::env::var("PG").ok().and_then(|major| major.parse().ok()))?;
    let status = Command::new(program).args(words).env(VARIABLE, server.connection()).status()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
