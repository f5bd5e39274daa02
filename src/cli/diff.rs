//! `prisma-stage diff`: the main job.

mod answer;
mod ask;

use super::args::Format;
use super::bad_usage;
use super::exit::Exit;
use super::planning::{Input, Planning};
use super::terminal::Terminal;
use answer::Answering;
use ask::{Dialogue, Said};
use clap::Args;
use prisma_stage::script::Script;
use prisma_stage::source::Sources;
use prisma_stage::{Outcome, compile, ends};
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(override_usage = "prisma-stage diff [OPTIONS] <OLD|--from-empty> <NEW|--to-empty>", after_help = EXAMPLES)]
pub struct Diff {
    #[command(flatten)]
    planning: Planning,

    /// What to print [default: human; with --out: short].
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write the plan as files into this folder.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write even if the folder holds something else than a plan; what is not of the plan stays.
    #[arg(long, requires = "out", conflicts_with = "check")]
    force: bool,

    /// Write nothing; exit with 2 if the folder is not exactly what would be written.
    #[arg(long, requires = "out")]
    check: bool,

    /// Exit with 0 if there is nothing to do, with 2 if there is a plan.
    #[arg(long)]
    exit_code: bool,

    /// Where open questions go, as a file to fill in and give with --intent [default: DIR.intent.toml, beside --out DIR].
    /// What is there stays as it is.
    #[arg(long, value_name = "FILE", conflicts_with = "check", hide = true)]
    intent_out: Option<PathBuf>,

    /// Ask nothing, not even on a terminal: open questions exit with 3.
    #[arg(long, hide = true)]
    no_input: bool,
}

const EXAMPLES: &str = "\
Examples:
  prisma-stage diff old.prisma new.prisma
      the plan, to read
  prisma-stage diff git:main:prisma/schema.prisma prisma/schema.prisma -o plan
      from what is on main to what is in the work tree, as files in the folder `plan`
  prisma-stage diff old.prisma new.prisma -o plan --check
      in CI: is `plan` what would be written now?
  prisma-stage diff old.prisma new.prisma --rename User.name=fullName --assume placeholder
      with answers to what the schemas leave open
  prisma-stage diff --from-empty schema.prisma --format sql | psql mydb
      a database from nothing";

impl Diff {
    /// Reads, compiles, and answers.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let (old, new) = match self.planning.sides() {
            Ok(sides) => sides,
            Err(message) => return bad_usage("diff", &message),
        };
        let mut sources = Sources::default();
        let read = self.planning.read(&mut sources, old, new);
        let answering =
            Answering { terminal, sources: &sources, format: self.format, out: self.out.as_deref(), diff: self };
        match read {
            Err(diagnostics) => answering.rejected(&diagnostics),
            Ok(input) => self.decide(&answering, input),
        }
    }

    /// Compiles, and asks for decisions as long as somebody at the terminal gives them.
    fn decide(&self, answering: &Answering, mut input: Input) -> Exit {
        let is_read = matches!(self.format, None | Some(Format::Human | Format::Short));
        let mut may_ask = !self.no_input && !self.check && is_read && ask::is_possible();
        let (mut lines, mut output) = (std::io::stdin().lock(), std::io::stderr());
        let style = answering.terminal.err;
        let mut dialogue = Dialogue { input: &mut lines, output: &mut output, style, entries: Vec::new() };
        loop {
            let outcome = compile(answering.sources, input.old.as_ref(), input.new.as_ref(), &input.options);
            match &outcome {
                Outcome::Undecided { questions, .. } if may_ask => {
                    may_ask = dialogue.ask(questions, &mut input.options) == Said::Everything;
                }
                Outcome::Plan { .. } | Outcome::Undecided { .. } | Outcome::Rejected(_) | Outcome::Bug(_) => {
                    dialogue.remind(&self.planning.rename, &self.planning.assume, &input.options);
                    return answering.answer(self.with_ends(answering.sources, &input, outcome));
                }
            }
        }
    }

    /// What is written for machines has with it what a rehearsal needs.
    fn with_ends(&self, sources: &Sources, input: &Input, outcome: Outcome) -> Outcome {
        let Outcome::Plan { script, diagnostics } = outcome else { return outcome };
        if self.out.is_none() && self.format != Some(Format::Json) {
            return Outcome::Plan { script, diagnostics };
        }
        // A plan is right without it; `rehearse` says what is missing.
        let ends = ends(sources, input.old.as_ref(), input.new.as_ref(), &input.options).ok();
        Outcome::Plan { script: Box::new(Script { ends, ..*script }), diagnostics }
    }
}
