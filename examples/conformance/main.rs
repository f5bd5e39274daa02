//! Holds prisma-stage against Prisma itself, in two parts.
//!
//! `ddl`: our DDL from empty against that of Prisma's engine, on a server, for every PostgreSQL schema of `../shared`; with
//! `--provider sqlite` in this process, for every SQLite schema; with `--provider mysql` as text, against what an engine of
//! Prisma wrote once.
//! `mutations`: our verdict on thousands of broken schemas, and its lines, against those of Prisma's validator.
//!
//! `cargo run --example conformance -- [ddl|mutations] [--oracle DIR] [--shared DIR] [--only TEXT] [--verbose]
//! [--seed N] [--count N] [--provider NAME]`

mod ddl;
mod mutations;
mod oracle;
mod ours;
mod schemas;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

/// What is asked for.
pub(crate) struct Options {
    oracle: PathBuf,
    shared: PathBuf,
    only: String,
    verbose: bool,
    ddl: bool,
    mutations: bool,
    seed: u64,
    count: usize,
    provider: String,
}

fn main() -> ExitCode {
    let options = options();
    let mut exit = ExitCode::SUCCESS;
    if options.ddl {
        let ran = if options.provider == "mysql" { text::run(&options) } else { ddl::run(&options) };
        match ran {
            Ok(0) => {}
            Ok(_) => exit = ExitCode::FAILURE,
            Err(error) => exit = say(&format!("conformance: {error}"), ExitCode::FAILURE),
        }
    }
    if options.mutations {
        match mutations::run(&options) {
            Ok(true) => {}
            Ok(false) => exit = ExitCode::FAILURE,
            Err(error) => exit = say(&format!("conformance: {error}"), ExitCode::FAILURE),
        }
    }
    exit
}

#[expect(clippy::print_stdout, reason = "it is what it is for")]
pub(crate) fn say<T>(line: &str, then: T) -> T {
    println!("{line}");
    then
}

fn options() -> Options {
    let mut options = Options {
        oracle: PathBuf::from(".cache/oracle"),
        shared: PathBuf::from("../shared"),
        only: String::new(),
        verbose: false,
        ddl: false,
        mutations: false,
        seed: 1,
        count: 6000,
        provider: String::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut next = || args.next().unwrap_or_default();
        match arg.as_str() {
            "ddl" => options.ddl = true,
            "mutations" => options.mutations = true,
            "--oracle" => options.oracle = next().into(),
            "--shared" => options.shared = next().into(),
            "--only" => options.only = next(),
            "--provider" => options.provider = next(),
            "--seed" => options.seed = next().parse().unwrap_or(1),
            "--count" => options.count = next().parse().unwrap_or(6000),
            "--verbose" => options.verbose = true,
            other => say(&format!("unknown argument {other}"), ()),
        }
    }
    if !options.ddl && !options.mutations {
        (options.ddl, options.mutations) = (true, true);
    }
    options
}
