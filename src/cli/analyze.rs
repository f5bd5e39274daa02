//! `prisma-stage analyze`: what a schema is like.

use super::exit::Exit;
use super::terminal::Terminal;
use clap::{Args, ValueEnum};
use prisma_stage::analyze::{self, UnknownModel};
use prisma_stage::diag::Diagnostic;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::output::analysis;
use prisma_stage::source::Sources;
use prisma_stage::validate;

/// Arguments of `analyze`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage analyze prisma/schema.prisma                          tables, to read
  prisma-stage analyze prisma/ --format svg > schema.svg             a picture
  prisma-stage analyze prisma/ --model User --depth 2                User, and what is at most two relations away
  prisma-stage analyze git:v1.0:prisma/schema.prisma --format mermaid")]
pub struct Analyze {
    /// A file, a folder of *.prisma files, `-` for standard input, or git:REV:PATH.
    #[arg(value_name = "SCHEMA")]
    schema: String,

    /// What to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Only this model and what is near it; may be repeated.
    #[arg(long = "model", value_name = "NAME")]
    models: Vec<String>,

    /// How many relations away from --model a model may be.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "models")]
    depth: u32,

    /// How much of a model is drawn (svg, mermaid, dot, markdown).
    #[arg(long, value_enum, default_value_t)]
    fields: Fields,

    /// What diagnostics call the schema that is read from standard input.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
}

/// What to print.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Aligned tables, for a terminal.
    #[default]
    Human,
    /// One object; its JSON Schema: `prisma-stage schema analyze`.
    Json,
    /// For a page of documentation.
    Markdown,
    /// An erDiagram of Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A picture that needs nothing else.
    Svg,
}

/// How much of a model is drawn.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Fields {
    /// All columns; of more than forty models, the keys.
    #[default]
    Auto,
    /// All columns.
    All,
    /// Columns of ids, uniques and foreign keys.
    Keys,
    /// None.
    None,
}

impl Analyze {
    /// Reads the schema, and prints what it is like.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let mut sources = Sources::default();
        let options = ReadOptions { stdin_name: self.stdin_filename.clone(), ..ReadOptions::default() };
        let files = match read_schema(&mut sources, &self.schema, &options) {
            Ok(files) => files,
            Err(diagnostic) => return terminal.refuse(*diagnostic),
        };
        let checked = validate::check(&sources, &files);
        if checked.diagnostics.has_errors() {
            terminal.report(&sources, &checked.diagnostics);
            return Exit::Input;
        }
        let mut found = analyze::analyze(&checked.schema);
        if !self.models.is_empty() {
            found = match found.around(&self.models, self.depth) {
                Ok(near) => near,
                Err(unknown) => return terminal.refuse(no_such_model(&unknown)),
            };
        }
        let name = if self.schema == "-" { self.stdin_filename.as_deref().unwrap_or("<stdin>") } else { &self.schema };
        let text = analysis::render(self.format.into(), name, &found, self.fields.into(), terminal.out);
        terminal.print(&text, Exit::Done)
    }
}

fn no_such_model(unknown: &UnknownModel) -> Diagnostic {
    let diagnostic = Diagnostic::error("PS0807", format!("the schema has no model `{}`", unknown.name));
    match &unknown.similar {
        Some(similar) => diagnostic.help(format!("did you mean `{similar}`?")),
        None => diagnostic.help("`prisma-stage analyze SCHEMA` lists its models"),
    }
}

impl From<Format> for analysis::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => analysis::Format::Human,
            Format::Json => analysis::Format::Json,
            Format::Markdown => analysis::Format::Markdown,
            Format::Mermaid => analysis::Format::Mermaid,
            Format::Dot => analysis::Format::Dot,
            Format::Svg => analysis::Format::Svg,
        }
    }
}

impl From<Fields> for analysis::Detail {
    fn from(fields: Fields) -> Self {
        match fields {
            Fields::Auto => analysis::Detail::Auto,
            Fields::All => analysis::Detail::All,
            Fields::Keys => analysis::Detail::Keys,
            Fields::None => analysis::Detail::Names,
        }
    }
}
