//! `prisma-stage stats`: how big the tables of a live database are, for `diff --stats`.

use super::exit::Exit;
use super::terminal::{Terminal, print_error};
use clap::Args;
use prisma_stage::diag::Diagnostic;
use prisma_stage::live::{self, stats};
use prisma_stage::output::json;
use std::path::PathBuf;

/// Arguments of `stats`.
#[derive(Debug, Args)]
#[command(after_help = "\
Reads catalogs and file sizes in one read-only transaction, never a row. Rows are the server's own estimate: run ANALYZE
(ANALYZE TABLE on MySQL) first where it may be old. SQLite estimates nothing: there they are counted.

Examples:
  prisma-stage stats --url \"$DATABASE_URL\" -o stats.json
  prisma-stage diff old.prisma new.prisma --stats stats.json")]
pub struct Stats {
    /// The database: postgresql://user:password@host:5432/name, mysql://user:password@host:3306/name, file:./dev.db
    /// [default: $DATABASE_URL].
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// Write into this file [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Stats {
    /// Asks, and writes.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let Some(url) = self.url.clone().or_else(|| std::env::var("DATABASE_URL").ok()) else {
            return super::bad_usage("stats", "no database: give --url, or set DATABASE_URL");
        };
        super::say_ignored(&url);
        let measured = match stats::measure(&url) {
            Ok(measured) => measured,
            Err(error) => return terminal.refuse(unanswered(&error)),
        };
        if !measured.unknown.is_empty() {
            let names = measured.unknown.join(", ");
            print_error(&format!(
                "Left out, since nobody has counted their rows (run ANALYZE), so plans are careful with them: {names}\n"
            ));
        }
        let text = json::stats(&measured.stats);
        let Some(path) = &self.out else { return terminal.print(&text, Exit::Done) };
        match std::fs::write(path, text) {
            Ok(()) => Exit::Done,
            Err(error) => {
                let what = format!("cannot write `{}`: {error}", path.display());
                terminal.refuse(Diagnostic::error("PS0802", what))
            }
        }
    }
}

fn unanswered(error: &live::Error) -> Diagnostic {
    Diagnostic::error("PS0820", error.to_string())
        .help("write the URL as Prisma does: postgresql://user:password@host:5432/name, mysql://user:password@host:3306/name or file:./dev.db")
}
