//! What to plan between, and what is said to it: the arguments that `diff` and `rehearse` share.

use super::args::{StrategyName, assume, rename};
use super::read;
use clap::Args;
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Assume, Options};
use std::path::PathBuf;

/// The arguments.
#[derive(Debug, Args)]
pub struct Planning {
    /// OLD and NEW: each a file, a folder of *.prisma files, `-` for standard input, or git:REV:PATH.
    #[arg(value_name = "SCHEMA", num_args = 0..=2)]
    pub schemas: Vec<String>,

    /// In place of OLD: a database with nothing in it.
    #[arg(long)]
    pub from_empty: bool,

    /// In place of NEW: a database with nothing in it.
    #[arg(long)]
    pub to_empty: bool,

    /// Something was renamed: Model.old=new, Model=NewModel or Enum.OLD=NEW (may be repeated).
    #[arg(long, value_name = "OLD=NEW", value_parser = rename)]
    pub rename: Vec<String>,

    /// What the schemas cannot say: renames, splits, merges, moves, backfill expressions, as TOML.
    #[arg(long, value_name = "FILE")]
    pub intent: Option<PathBuf>,

    /// Table sizes, as `prisma-stage stats` writes them: small tables get short plans, big ones estimates.
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,

    /// Answers a whole class of open questions (may be repeated).
    #[arg(long, value_name = "ANSWER", value_parser = assume(), long_help = ASSUME)]
    pub assume: Vec<Assume>,

    /// How careful the plan is.
    #[arg(long, value_enum, default_value_t)]
    pub strategy: StrategyName,

    /// The server and its version, such as postgresql@16, mariadb@11.4 or planetscale [default: the oldest that its vendor supports].
    #[arg(long, value_name = "SERVER")]
    pub target: Option<String>,

    /// What diagnostics call the schema that is read from standard input.
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

const ASSUME: &str = "\
Answers a whole class of open questions (may be repeated); each assumption is listed in the plan as a decision.

- drop:           what left and what came is a drop and an add
- placeholder:    old rows get the type's zero value: 0, '', false, the
                  epoch, the first enum value, a generated uuid
- keep-first:     of duplicates the first row by primary key stays
- delete-orphans: rows whose new foreign key points nowhere go; a nullable
                  one is set to NULL
- switch:         where no client works with both types of a column, it
                  changes in a pause in which neither client runs";

impl Planning {
    /// The schema arguments of OLD and NEW; none for an empty side.
    pub fn sides(&self) -> Result<(Option<&str>, Option<&str>), String> {
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

    /// Reads what is to be read; None stands for an empty side.
    pub fn read(&self, sources: &mut Sources, old: Option<&str>, new: Option<&str>) -> Result<Input, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let options = ReadOptions { stdin_name: self.stdin_filename.clone(), ..ReadOptions::default() };
        let mut side = |name: Option<&str>, diagnostics: &mut Diagnostics| {
            let read = name.map(|name| read_schema(sources, name, &options));
            read.and_then(|result| kept(result, diagnostics))
        };
        let old = side(old, &mut diagnostics);
        let new = side(new, &mut diagnostics);
        let intent = self.intent.as_deref().and_then(|path| kept(read::text(path), &mut diagnostics));
        let stats = self.stats.as_deref().and_then(|path| kept(read::stats(path), &mut diagnostics));
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        let options = Options {
            renames: self.rename.clone(),
            intent,
            terminal: None,
            assume: self.assume.clone(),
            strategy: self.strategy.into(),
            target: self.target.clone(),
            stats,
        };
        Ok(Input { old, new, options })
    }
}

/// What the compiler is given.
pub struct Input {
    pub old: Option<SchemaFiles>,
    pub new: Option<SchemaFiles>,
    pub options: Options,
}

fn kept<T>(result: Result<T, Box<Diagnostic>>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|diagnostic| diagnostics.push(*diagnostic)).ok()
}
