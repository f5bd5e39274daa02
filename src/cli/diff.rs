//! `prisma-stage diff`: the main job.

mod answer;
mod ask;

use super::args::{Format, StrategyName, assume, rename};
use super::exit::Exit;
use super::terminal::Terminal;
use super::{bad_usage, read};
use answer::Answering;
use ask::Said;
use clap::Args;
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Assume, Options, Outcome, compile};
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(override_usage = "prisma-stage diff [OPTIONS] <OLD|--from-empty> <NEW|--to-empty>", after_help = EXAMPLES)]
pub struct Diff {
    /// OLD and NEW: each a file, a folder of *.prisma files, `-` for standard input, or git:REV:PATH.
    #[arg(value_name = "SCHEMA", num_args = 0..=2)]
    schemas: Vec<String>,

    /// In place of OLD: a database with nothing in it.
    #[arg(long)]
    from_empty: bool,

    /// In place of NEW: a database with nothing in it.
    #[arg(long)]
    to_empty: bool,

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

    /// Something was renamed: Model.old=new, Model=NewModel or Enum.OLD=NEW (may be repeated).
    #[arg(long, value_name = "OLD=NEW", value_parser = rename)]
    rename: Vec<String>,

    /// What the schemas cannot say: renames, splits, merges, moves, backfill expressions, as TOML.
    #[arg(long, value_name = "FILE")]
    intent: Option<PathBuf>,

    /// Table sizes, as JSON: {"User": 1200000}. Read, but not planned with yet: every table is treated as a big one.
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,

    /// Answers a whole class of open questions (may be repeated).
    #[arg(long, value_name = "ANSWER", value_parser = assume(), long_help = ASSUME)]
    assume: Vec<Assume>,

    /// How careful the plan is.
    #[arg(long, value_enum, default_value_t)]
    strategy: StrategyName,

    /// The server and its version, such as postgresql@16 [default: the oldest that its vendor supports].
    #[arg(long, value_name = "SERVER")]
    target: Option<String>,

    /// What diagnostics call the schema that is read from standard input.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
}

const ASSUME: &str = "\
Answers a whole class of open questions (may be repeated); each assumption is listed in the plan as a decision.

- drop:           what left and what came is a drop and an add
- placeholder:    old rows get the type's zero value: 0, '', false, the
                  epoch, the first enum value, a generated uuid
- keep-first:     of duplicates the first row by primary key stays
- delete-orphans: rows whose new foreign key points nowhere go; a nullable
                  one is set to NULL";

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
        let (old, new) = match self.sides() {
            Ok(sides) => sides,
            Err(message) => return bad_usage("diff", &message),
        };
        let mut sources = Sources::default();
        let read = self.read(&mut sources, old, new);
        let answering =
            Answering { terminal, sources: &sources, format: self.format, out: self.out.as_deref(), diff: self };
        match read {
            Err(diagnostics) => answering.rejected(&diagnostics),
            Ok(input) => self.decide(&answering, input),
        }
    }

    /// Compiles, and asks for decisions as long as somebody at the terminal gives them.
    fn decide(&self, answering: &Answering, mut input: Input) -> Exit {
        let may_ask = !self.check && self.format != Some(Format::Json) && ask::is_possible();
        loop {
            let outcome = compile(answering.sources, input.old.as_ref(), input.new.as_ref(), &input.options);
            match &outcome {
                Outcome::Undecided { questions, diagnostics } if may_ask => {
                    answering.show_undecided(diagnostics, questions);
                    match ask::ask(answering.terminal, questions, &mut input.options) {
                        Said::Something => {}
                        Said::Nothing => return Exit::Undecided,
                    }
                }
                Outcome::Plan { .. } | Outcome::Undecided { .. } | Outcome::Rejected(_) | Outcome::Bug(_) => {
                    ask::remind(&self.rename, &self.assume, &input.options);
                    return answering.answer(outcome);
                }
            }
        }
    }

    /// The schema arguments of OLD and NEW; none for an empty side.
    fn sides(&self) -> Result<(Option<&str>, Option<&str>), String> {
        let wanted = 2 - usize::from(self.from_empty) - usize::from(self.to_empty);
        let mut schemas = self.schemas.iter().map(String::as_str);
        if schemas.len() != wanted {
            let expected = match (self.from_empty, self.to_empty) {
                (false, false) => "two schemas, OLD and NEW, or --from-empty or --to-empty in the place of one",
                (true, false) => "one schema, NEW, beside --from-empty",
                (false, true) => "one schema, OLD, beside --to-empty",
                (true, true) => "no schema beside --from-empty and --to-empty",
            };
            return Err(format!("{} given; wanted: {expected}", schemas.len()));
        }
        let old = if self.from_empty { None } else { schemas.next() };
        let new = if self.to_empty { None } else { schemas.next() };
        if (old, new) == (Some("-"), Some("-")) {
            return Err("standard input can be one of the schemas, not both".to_owned());
        }
        Ok((old, new))
    }

    fn read(&self, sources: &mut Sources, old: Option<&str>, new: Option<&str>) -> Result<Input, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let options = ReadOptions { stdin_name: self.stdin_filename.clone(), ..ReadOptions::default() };
        let mut side = |name: Option<&str>, diagnostics: &mut Diagnostics| {
            let read = name.map(|name| read_schema(sources, name, &options));
            read.and_then(|result| kept(result, diagnostics))
        };
        let old = side(old, &mut diagnostics);
        let new = side(new, &mut diagnostics);
        let intent = self.intent.as_deref().and_then(|path| kept(read::text(path), &mut diagnostics));
        if let Some(path) = self.stats.as_deref() {
            kept(read::stats(path), &mut diagnostics);
        }
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        let options = Options {
            renames: self.rename.clone(),
            intent,
            assume: self.assume.clone(),
            strategy: self.strategy.into(),
            target: self.target.clone(),
        };
        Ok(Input { old, new, options })
    }
}

/// What the compiler is given.
struct Input {
    old: Option<SchemaFiles>,
    new: Option<SchemaFiles>,
    options: Options,
}

fn kept<T>(result: Result<T, Box<Diagnostic>>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|diagnostic| diagnostics.push(*diagnostic)).ok()
}
