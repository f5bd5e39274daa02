//! What was seen, for people and for machines.

mod human;
mod json;
mod markdown;

use super::{Format, Rehearse};
use prisma_stage::live::rehearse::{FileSeen, Pass, Report, What};
use prisma_stage::output::style::{Style, count};

pub use json::schema;

/// A step that takes longer is pointed at: on a big table it takes longer still.
const SLOW_MILLISECONDS: u64 = 30_000;

/// A rehearsal that is over.
pub struct Seen {
    /// `PostgreSQL 15.14`.
    pub server: String,
    /// Where that was.
    pub whose: String,
    /// Rows that every table was to have.
    pub rows: u64,
    /// Were files cut in their middle?
    pub cuts: bool,
    /// Was it planned again from where the database stood at the end?
    pub replanned: bool,
    /// What was not looked at, and why, a sentence each.
    pub left_out: Vec<String>,
    /// The SQL files that are not as they were written.
    pub edited: Vec<String>,
    /// All the rest.
    pub report: Report,
}

/// In this format.
pub fn render(format: Format, seen: &Seen, style: Style) -> String {
    match format {
        Format::Human => human::whole(seen, style),
        Format::Short => human::short(seen, style),
        Format::Json => json::render(seen),
        Format::Markdown => markdown::render(seen),
    }
}

impl Seen {
    /// Of a plan that does nothing.
    pub fn nothing(command: &Rehearse) -> Seen {
        Seen {
            server: String::new(),
            whose: String::new(),
            rows: command.rows,
            cuts: !command.no_kill,
            replanned: false,
            left_out: Vec::new(),
            edited: Vec::new(),
            report: Report::default(),
        }
    }

    fn ran(&self) -> impl Iterator<Item = &FileSeen> {
        self.report.stages.iter().flat_map(|stage| &stage.files)
    }

    /// The ways that were gone, in words.
    fn ways(&self) -> String {
        let passes = [Pass::Forwards, Pass::Back, Pass::Again];
        let gone = passes.into_iter().filter(|pass| self.ran().any(|file| file.pass == *pass));
        gone.map(Pass::words).collect::<Vec<_>>().join(", ")
    }

    /// Has the plan stopped before it changed anything, at rows that it cannot take?
    fn stopped(&self) -> bool {
        self.report.failures.first().is_some_and(|failure| failure.what == What::Preflight)
    }

    /// The files that were slow.
    fn slow(&self) -> impl Iterator<Item = &FileSeen> {
        self.ran().filter(|file| file.milliseconds > SLOW_MILLISECONDS)
    }

    /// What is known now, a sentence each. Only where nothing was wrong.
    fn known(&self) -> Vec<String> {
        let mut all = vec![
            "After the last stage the catalog is that of the new schema, nothing of prisma-stage is left, and no value is lost that was not announced.".to_owned(),
            "Each down.sql gave back the catalog before it, and the rows, save what it says it cannot.".to_owned(),
        ];
        if self.replanned {
            all.push("Planning again from there finds nothing to do.".to_owned());
        }
        let queries: u64 = self.report.stages.iter().map(|stage| stage.queries).sum();
        if queries > 0 {
            let times = count(usize::try_from(queries).unwrap_or(usize::MAX), "time");
            all.push(format!("Preflight and verify queries were asked {times}, and returned no row."));
        }
        let sent: u64 = self.report.stages.iter().flat_map(|s| &s.clients).map(|client| client.statements).sum();
        if sent > 0 {
            all.push(format!(
                "Clients of both schemas, where the plan lets them run, sent {} between the files as Prisma Client does: each worked, and what was written last is what both read.",
                count(usize::try_from(sent).unwrap_or(usize::MAX), "statement")
            ));
        }
        let locks = self.report.stages.iter().map(|stage| stage.locks.len()).sum();
        if locks > 0 {
            all.push(format!(
                "{} of files that are one transaction were looked at: none is stronger than the plan says.",
                count(locks, "lock")
            ));
        }
        all.extend(self.cuts_in_words());
        all.extend(self.left_out.iter().map(|what| format!("Not looked at: {what}")));
        all
    }

    fn cuts_in_words(&self) -> Option<String> {
        let mut files: Vec<&str> = self.report.kills.iter().map(|kill| kill.file.as_str()).collect();
        let times = count(files.len(), "time");
        files.dedup();
        files.sort_unstable();
        files.dedup();
        match (self.cuts, files.len()) {
            (false, _) => None,
            (true, 0) => Some("Every file is one transaction: there was none to cut in its middle.".to_owned()),
            (true, n) => Some(format!(
                "The connection was cut {times} in the middle of {}; each was taken up again as its first lines say, and every stage ended as it does without.",
                count(n, "file")
            )),
        }
    }

    /// What nobody looked at, a phrase each.
    fn not_tried(&self) -> Vec<String> {
        let clients = if self.report.stages.iter().any(|stage| !stage.clients.is_empty()) {
            "what your applications themselves send: raw SQL, many at a time, while a file runs"
        } else {
            "what applications read and write between the stages, and while they run"
        };
        let mut all =
            vec![clients.to_owned(), "tables of the size that yours have: times are those of a few rows".to_owned()];
        if !self.cuts {
            all.push("files that are cut in their middle (--no-kill)".to_owned());
        }
        if !self.replanned {
            all.push("planning again from where the database stands (only with both schemas)".to_owned());
        }
        if self.rows == 0 {
            all.push("rows (--rows 0)".to_owned());
        }
        all
    }
}

/// A kind of finding, in words.
fn what(what: What) -> &'static str {
    match what {
        What::Setup => "the databases cannot be made",
        What::Fails => "a file fails",
        What::NotAgain => "a file cannot be run twice",
        What::Preflight => "a preflight query returns rows",
        What::Verify => "a verify query returns rows",
        What::Catalog => "another catalog than it has to be",
        What::Lost => "something is lost",
        What::Rewrite => "a table is rewritten",
        What::DownCatalog => "a down does not give back the catalog",
        What::DownRows => "a down does not give back the rows",
        What::Leak => "something is left on the connection",
        What::Leftover => "something of prisma-stage is left",
        What::Replan => "planning again finds something to do",
        What::ClientFails => "a client fails that may run",
        What::Diverged => "what a client wrote is not what is read",
        What::Lock => "a stronger lock than the plan names",
    }
}

/// A time that people read.
fn time(milliseconds: u64) -> String {
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        _ => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
    }
}
