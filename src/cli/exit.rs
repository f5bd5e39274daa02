//! The exit codes of the contract.

use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// The input is wrong.
    Input,
    /// There is a difference, where that was asked for.
    Difference,
    /// A decision is needed first.
    Undecided,
    /// Bad usage (EX_USAGE of sysexits.h).
    Usage,
    /// A bug of ours (EX_SOFTWARE of sysexits.h).
    Bug,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Input => 1,
            Exit::Difference => 2,
            Exit::Undecided => 3,
            Exit::Usage => 64,
            Exit::Bug => 70,
        })
    }
}
