//! A panic is a bug of ours: it says what to report, and exits as the contract says.

use super::exit::Exit;
use super::terminal::print_error;
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

/// What to say below the message of a bug.
const REPORT: &str = "\
This is a bug in prisma-stage, not in your schemas; nothing was written.
Please report it with the two schemas (or the smallest that show it), the arguments, and this text.";

/// Runs, and turns a panic into exit code 70.
pub fn guarded(run: fn() -> Exit) -> ExitCode {
    panic::set_hook(Box::new(hook));
    panic::catch_unwind(run).unwrap_or(Exit::Bug).into()
}

fn hook(info: &PanicHookInfo<'_>) {
    let what = match (info.payload().downcast_ref::<&str>(), info.payload().downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text.as_str(),
        (None, None) => "no message",
    };
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    print_error(&format!(
        "error[PS0900]: prisma-stage {} fell over: {what}{place}\n{REPORT}\n",
        env!("CARGO_PKG_VERSION")
    ));
}
