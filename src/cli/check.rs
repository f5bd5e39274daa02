//! `prisma-stage check`: is a schema right?

use super::exit::Exit;
use super::terminal::Terminal;
use clap::{Args, ValueEnum};
use prisma_stage::diag::Diagnostics;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::output::json::{self, SchemaNote};
use prisma_stage::output::report;
use prisma_stage::output::style::count;
use prisma_stage::source::Sources;
use prisma_stage::validate;

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage check prisma/schema.prisma
  prisma-stage check --format json a.prisma b/     each argument is a schema of its own
  cat schema.prisma | prisma-stage check - --stdin-filename schema.prisma")]
pub struct Check {
    /// Schemas: each a file, a folder of *.prisma files, `-` for standard input, or git:REV:PATH.
    #[arg(value_name = "SCHEMA", required = true)]
    schemas: Vec<String>,

    /// What to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// What diagnostics call the schema that is read from standard input.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// With the lines that they speak of, on standard error.
    #[default]
    Human,
    /// One object; its JSON Schema: `prisma-stage schema check`.
    Json,
}

/// A schema that was looked at.
struct Checked {
    name: String,
    provider: Option<&'static str>,
    sources: Sources,
    diagnostics: Diagnostics,
}

impl Check {
    /// Looks at every schema, and shows what was found.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let checked: Vec<Checked> = self.schemas.iter().map(|name| self.look(name)).collect();
        let is_wrong = checked.iter().any(|schema| schema.diagnostics.has_errors());
        let exit = if is_wrong { Exit::Input } else { Exit::Done };
        match self.format {
            Format::Human => {
                for schema in &checked {
                    terminal.report(&schema.sources, &schema.diagnostics);
                }
                terminal.print(&checked.iter().map(Checked::summary).collect::<String>(), exit)
            }
            Format::Json => terminal.print(&json::check(checked.iter().map(Checked::note).collect()), exit),
        }
    }

    fn look(&self, name: &str) -> Checked {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let mut provider = None;
        let options = ReadOptions { stdin_name: self.stdin_filename.clone() };
        match read_schema(&mut sources, name, &options) {
            Err(diagnostic) => diagnostics.push(*diagnostic),
            Ok(files) => {
                let checked = validate::check(&sources, &files);
                diagnostics.append(checked.diagnostics);
                provider = checked.schema.provider().map(|provider| provider.name());
            }
        }
        diagnostics.sort();
        Checked { name: name.to_owned(), provider, sources, diagnostics }
    }
}

impl Checked {
    fn note(&self) -> SchemaNote {
        SchemaNote {
            schema: self.name.clone(),
            ok: !self.diagnostics.has_errors(),
            provider: self.provider.map(str::to_owned),
            diagnostics: report::notes(&self.sources, &self.diagnostics),
        }
    }

    fn summary(&self) -> String {
        match self.diagnostics.len() {
            0 => format!("{}: nothing to say\n", self.name),
            n => format!("{}: {}\n", self.name, count(n, "finding")),
        }
    }
}
