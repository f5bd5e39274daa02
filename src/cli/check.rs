//! `prisma-stage check`: is a schema right?

mod look;
mod mend;
mod show;

use super::exit::Exit;
use super::lint::Lint;
use super::terminal::Terminal;
use clap::{Args, ValueEnum};
use look::{Checked, Reader};
use prisma_stage::diag::{Diagnostic, Severity};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage check prisma/schema.prisma
  prisma-stage check --format json a.prisma b/     each argument is a schema of its own
  prisma-stage check prisma/ --fix --dry-run       what would be mended; without --dry-run, it is
  cat schema.prisma | prisma-stage check - --stdin-filename schema.prisma
      an unsaved buffer
  cat user.prisma | prisma-stage check prisma/ --stdin-filename prisma/user.prisma
      an unsaved buffer in the place of one file of a schema of several
  prisma-stage check --deny advice --allow cascade-stopped prisma/
      advice is an error, one rule is off; --warn pedantic: all advice there is

Of each finding, `prisma-stage explain CODE` says more.")]
pub struct Check {
    /// Schemas: each a file, a folder of *.prisma files, `-` for standard input, or git:REV:PATH.
    #[arg(value_name = "SCHEMA", required = true)]
    schemas: Vec<String>,

    /// What to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// What diagnostics call the schema that is read from standard input; without a `-`, the file of a schema that
    /// standard input stands for.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// Mends errors that have one right answer, in the files; of `-`, prints the mended text.
    #[arg(long)]
    fix: bool,

    /// With --fix: mends the findings of these codes, advice too, and no others.
    #[arg(long, value_name = "CODE", value_delimiter = ',', requires = "fix")]
    only: Vec<String>,

    /// With --fix: prints what would change, and writes nothing.
    #[arg(long, requires = "fix")]
    dry_run: bool,

    #[command(flatten)]
    lint: Lint,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines that they speak of, on standard error.
    #[default]
    Human,
    /// A line each: `file:line:column: severity[code]: message`.
    Short,
    /// One object; its JSON Schema: `prisma-stage schema check`.
    Json,
    /// SARIF 2.1.0, for code scanning and for viewers of it.
    Sarif,
    /// Workflow commands that GitHub shows beside the lines of a pull request.
    Github,
}

impl Check {
    /// Looks at every schema, and shows what was found.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let misused = self.misused().map(str::to_owned).or_else(|| self.lint.contradiction());
        if let Some(why) = misused {
            return super::bad_usage("check", &why);
        }
        let reader = match Reader::of(&self.schemas, self.stdin_filename.as_deref()) {
            Ok(reader) => reader,
            Err(diagnostic) => return terminal.refuse(*diagnostic),
        };
        let mut checked: Vec<Checked> = self.schemas.iter().map(|name| reader.look(name, &self.lint)).collect();
        if reader.is_left_over() {
            return super::bad_usage("check", "--stdin-filename names no file of the schemas: give `-`, or its folder");
        }
        if self.fix {
            let wanted = |diagnostic: &_| self.is_wanted(diagnostic);
            checked.iter_mut().for_each(|schema| mend::mend(schema, &self.lint, wanted));
            if self.dry_run {
                return mend::preview(&checked, terminal);
            }
            checked.iter_mut().for_each(mend::write);
        }
        show::show(self.format, &checked, terminal)
    }

    /// Is a finding to be mended? Errors are, and what Prisma passes over in silence; advice only where it is asked for,
    /// because following it changes the database.
    fn is_wanted(&self, diagnostic: &Diagnostic) -> bool {
        let code = diagnostic.code;
        if self.only.is_empty() {
            return code.starts_with("PS01") || diagnostic.severity == Severity::Error && !code.starts_with("PS10");
        }
        self.only.iter().any(|only| only.eq_ignore_ascii_case(code))
    }

    /// What cannot be asked for.
    fn misused(&self) -> Option<&'static str> {
        let from_stdin = self.schemas.iter().filter(|name| *name == "-").count();
        if from_stdin > 1 {
            return Some("standard input can be read once");
        }
        if !self.fix {
            return None;
        }
        if self.schemas.iter().any(|name| name.starts_with("git:")) {
            return Some("--fix writes files, and revisions of git stay as they are");
        }
        if from_stdin == 0 && self.stdin_filename.is_some() {
            return Some("--fix writes files, and what stands in the place of one is not written: give `-`");
        }
        if from_stdin == 1 && !self.dry_run && (self.schemas.len() > 1 || self.format != Format::Human) {
            return Some("--fix of `-` prints the mended text, and nothing else fits beside it");
        }
        None
    }
}
