//! What is being done, on one line of the terminal; nothing where nobody looks.

use crate::cli::terminal::print_error;
use std::io::IsTerminal;
use std::time::Instant;

/// The line.
pub struct Progress {
    begun: Instant,
    width: Option<usize>,
}

impl Progress {
    /// Looks whether there is a terminal.
    pub fn new() -> Progress {
        let stream = std::io::stderr();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        Progress { begun: Instant::now(), width: (stream.is_terminal() && !dumb).then_some(width) }
    }

    /// Says it, over what was said before.
    pub fn say(&self, what: &str) {
        let Some(width) = self.width else { return };
        let line: String = format!("{:4} s  {what}", self.begun.elapsed().as_secs()).chars().take(width - 1).collect();
        print_error(&format!("\r\u{1b}[2K{line}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.width.is_some() {
            print_error("\r\u{1b}[2K");
        }
    }
}
