//! Reads schemas, and finds what is wrong with them.

use crate::cli::lint::Lint;
use prisma_stage::advice::{self, Levels};
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::fix::Applied;
use prisma_stage::input::{Overlay, ReadOptions, read_schema, read_stdin};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::validate;

/// A schema that was looked at.
pub struct Checked {
    /// As it was called on the command line.
    pub name: String,
    /// As diagnostics call it, where they are in no place: for `-`, the name that was given.
    pub shown: String,
    /// The provider of its datasource, if that is known.
    pub provider: Option<&'static str>,
    /// Its texts.
    pub sources: Sources,
    /// Which of them; none if it could not be read.
    pub files: Option<SchemaFiles>,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// The texts before they were mended.
    pub before: Option<Sources>,
    /// What was mended.
    pub applied: Vec<Applied>,
}

impl Checked {
    /// What is wrong with its texts; and if nothing is, what could be better.
    pub fn judge(&mut self, lint: &Lint) {
        let Some(files) = &self.files else { return };
        let (levels, wrong) = lint.levels(&mut self.sources, &self.name, &self.shown);
        (self.diagnostics, self.provider) = judged(&self.sources, files, &levels);
        self.diagnostics.append(wrong);
        self.diagnostics.sort();
    }
}

/// What is to be said of a schema, and the provider of its datasource. Advice comes if nothing is wrong.
pub fn judged(sources: &Sources, files: &SchemaFiles, levels: &Levels) -> (Diagnostics, Option<&'static str>) {
    let found = validate::check(sources, files);
    let provider = found.schema.provider().map(|provider| provider.name());
    let mut diagnostics = found.diagnostics;
    if !diagnostics.has_errors() {
        diagnostics.append(advice::advise(sources, &found.schema, levels));
    }
    (diagnostics, provider)
}

/// Reads schemas as the arguments say.
pub struct Reader {
    options: ReadOptions,
}

impl Reader {
    /// Reads standard input, where it stands for a file.
    pub fn of(schemas: &[String], stdin_filename: Option<&str>) -> Result<Self, Box<Diagnostic>> {
        let mut options = ReadOptions { stdin_name: stdin_filename.map(str::to_owned), ..ReadOptions::default() };
        if let Some(name) = stdin_filename
            && !schemas.iter().any(|schema| schema == "-")
        {
            options.overlay = Some(Overlay::new(name, read_stdin(name)?));
        }
        Ok(Reader { options })
    }

    /// Was standard input read, and no schema has the file that it stands for?
    pub fn is_left_over(&self) -> bool {
        self.options.overlay.as_ref().is_some_and(|overlay| !overlay.is_used())
    }

    /// One schema.
    pub fn look(&self, name: &str, lint: &Lint) -> Checked {
        let shown = match (name, &self.options.stdin_name) {
            ("-", Some(stdin)) => stdin.clone(),
            ("-", None) => "<stdin>".to_owned(),
            _ => name.to_owned(),
        };
        let mut checked = Checked {
            name: name.to_owned(),
            shown,
            provider: None,
            sources: Sources::default(),
            files: None,
            diagnostics: Diagnostics::default(),
            before: None,
            applied: Vec::new(),
        };
        match read_schema(&mut checked.sources, name, &self.options) {
            Err(diagnostic) => checked.diagnostics.push(*diagnostic),
            Ok(files) => {
                checked.files = Some(files);
                checked.judge(lint);
            }
        }
        checked
    }
}
