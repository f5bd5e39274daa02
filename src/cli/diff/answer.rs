//! What a compilation gave, brought to where it belongs.

use super::Diff;
use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, print_error};
use prisma_stage::diag::{Diagnostic, Diagnostics};
use prisma_stage::folder::{self, Existing};
use prisma_stage::output::files::{Files, files};
use prisma_stage::output::json::Difference;
use prisma_stage::output::style::{count, pad};
use prisma_stage::output::{self, intent, json, report, words};
use prisma_stage::script::Script;
use prisma_stage::source::Sources;
use prisma_stage::{Outcome, Question};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Where answers go.
pub struct Answering<'a> {
    pub terminal: &'a Terminal,
    pub sources: &'a Sources,
    pub format: Option<Format>,
    pub out: Option<&'a Path>,
    pub diff: &'a Diff,
}

impl Answering<'_> {
    /// The outcome of a compilation.
    pub fn answer(&self, outcome: Outcome) -> Exit {
        match outcome {
            Outcome::Plan { script, diagnostics } => {
                self.terminal.report(self.sources, &diagnostics);
                self.plan(&script)
            }
            Outcome::Undecided { questions, diagnostics } => self.failed(&diagnostics, &questions, Exit::Undecided),
            Outcome::Rejected(diagnostics) => self.rejected(&diagnostics),
            Outcome::Bug(diagnostics) => {
                let exit = self.failed(&diagnostics, &[], Exit::Bug);
                print_error(&format!("prisma-stage {}\n", env!("CARGO_PKG_VERSION")));
                exit
            }
        }
    }

    /// The input is wrong.
    pub fn rejected(&self, diagnostics: &Diagnostics) -> Exit {
        self.failed(diagnostics, &[], Exit::Input)
    }

    fn failed(&self, diagnostics: &Diagnostics, questions: &[Question], exit: Exit) -> Exit {
        if self.format == Some(Format::Json) {
            return self.terminal.print(&json::failure(self.sources, diagnostics, questions), exit);
        }
        if questions.is_empty() {
            self.terminal.report(self.sources, diagnostics);
        } else {
            print_error(&report::undecided(self.sources, diagnostics, questions, self.terminal.err));
            self.write_questions(questions);
        }
        exit
    }

    /// Writes the questions as a file to fill in, where one was asked for or a folder to write beside; never over another.
    fn write_questions(&self, questions: &[Question]) {
        let beside = self.out.filter(|_| !self.diff.check).and_then(|dir| {
            let name = dir.file_name()?.to_string_lossy();
            Some(dir.with_file_name(format!("{name}.intent.toml")))
        });
        let Some(path) = self.diff.intent_out.clone().or(beside) else {
            print_error("`--intent-out FILE` writes the questions as a file to fill in and to give with `--intent`.\n");
            return;
        };
        let written = OpenOptions::new().write(true).create_new(true).open(&path);
        let done = written.and_then(|mut file| file.write_all(intent::questions(questions).as_bytes()));
        let path = path.display();
        print_error(&match done {
            Ok(()) => format!("The questions are in {path}, ready to fill in: then give `--intent {path}`.\n"),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                format!(
                    "{path} is there already and stays as it is: `--intent-out FILE` writes the questions elsewhere.\n"
                )
            }
            Err(error) => format!("The questions could not be written to {path}: {error}.\n"),
        });
    }

    fn refused(&self, diagnostic: Diagnostic) -> Exit {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        self.rejected(&diagnostics)
    }

    fn plan(&self, script: &Script) -> Exit {
        let exit = if self.diff.exit_code && !script.is_empty() { Exit::Difference } else { Exit::Done };
        let Some(dir) = self.out else {
            return self.print(self.format.unwrap_or(Format::Human), script, "", exit);
        };
        let files = files(script);
        if self.diff.check {
            return self.compare(dir, &files);
        }
        let existing = if self.diff.force { Existing::Any } else { Existing::PlansOnly };
        match folder::write(dir, &files, existing) {
            Err(diagnostic) => self.refused(*diagnostic),
            Ok(()) => {
                let wrote = format!("\nWrote {} to {}\n", count(files.len(), "file"), dir.display());
                self.print(self.format.unwrap_or(Format::Short), script, &wrote, exit)
            }
        }
    }

    /// Prints the plan; `more` only where people read.
    fn print(&self, format: Format, script: &Script, more: &str, exit: Exit) -> Exit {
        let text = output::render(format.into(), script, self.terminal.out);
        let more = match format {
            Format::Human | Format::Short => more,
            Format::Sql | Format::Json | Format::Markdown => "",
        };
        self.terminal.print(&(text + more), exit)
    }

    fn compare(&self, dir: &Path, files: &Files) -> Exit {
        let differences = match folder::check(dir, files) {
            Ok(differences) => differences,
            Err(diagnostic) => return self.refused(*diagnostic),
        };
        let exit = if differences.is_empty() { Exit::Done } else { Exit::Difference };
        let text = match self.format {
            Some(Format::Json) => json::comparison(&differences),
            Some(Format::Human | Format::Short | Format::Sql | Format::Markdown) | None => {
                comparison(dir, &differences)
            }
        };
        self.terminal.print(&text, exit)
    }
}

fn comparison(dir: &Path, differences: &[Difference]) -> String {
    if differences.is_empty() {
        return format!("{} is up to date\n", dir.display());
    }
    let mut text = format!("{} is not what would be written:\n", dir.display());
    for difference in differences {
        text.push_str(&format!("  {}  {}\n", pad(words::how(difference.how), 7), difference.path));
    }
    text + "Run the same command without --check to write it.\n"
}
