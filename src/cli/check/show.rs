//! What was found, in the format that was asked for.

use super::Format;
use super::look::Checked;
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use prisma_stage::output::json::{self, AppliedNote, SchemaNote};
use prisma_stage::output::report::{self, Looked, github, lines, sarif};
use prisma_stage::output::style::count;

/// Prints it.
pub fn show(format: Format, checked: &[Checked], terminal: &Terminal) -> Exit {
    let is_wrong = checked.iter().any(|schema| schema.diagnostics.has_errors());
    let exit = if is_wrong { Exit::Input } else { Exit::Done };
    let looked: Vec<Looked<'_>> = checked.iter().map(Checked::looked).collect();
    match format {
        Format::Human => {
            for schema in checked {
                terminal.report(&schema.sources, &schema.diagnostics);
            }
            terminal.print(&checked.iter().map(Checked::summary).collect::<String>(), exit)
        }
        Format::Short => terminal.print(&lines::render(&looked), exit),
        Format::Json => terminal.print(&json::check(checked.iter().map(Checked::note).collect()), exit),
        Format::Sarif => terminal.print(&sarif::render(&looked), exit),
        Format::Github => terminal.print(&github::render(&looked), exit),
    }
}

impl Checked {
    /// As the formats want it.
    pub fn looked(&self) -> Looked<'_> {
        Looked { name: &self.shown, sources: &self.sources, diagnostics: &self.diagnostics }
    }

    fn note(&self) -> SchemaNote {
        SchemaNote {
            schema: self.name.clone(),
            ok: !self.diagnostics.has_errors(),
            provider: self.provider.map(str::to_owned),
            diagnostics: report::notes(&self.sources, &self.diagnostics),
            fixed: self.before.is_some().then(|| self.applied.iter().map(AppliedNote::of).collect()),
        }
    }

    /// The text of standard input, mended; else how many findings there are, and what was done.
    fn summary(&self) -> String {
        if self.name == "-" && self.before.is_some() {
            let files = self.files.iter().flat_map(|files| &files.files);
            return files.map(|file| self.sources.get(*file).text.as_str()).collect();
        }
        let findings = match self.diagnostics.len() {
            0 => "nothing to say".to_owned(),
            n => count(n, "finding"),
        };
        if self.applied.is_empty() {
            return format!("{}: {findings}\n", self.shown);
        }
        let left =
            if self.diagnostics.is_empty() { "nothing left to say".to_owned() } else { format!("{findings} left") };
        let mut text = format!("{}: {} applied, {left}\n", self.shown, fixes(self.applied.len()));
        for fix in &self.applied {
            let place = format!("{}:{}:{}", fix.file, fix.at.line, fix.at.column);
            text.push_str(&format!("  {place}: {} ({})\n", fix.title, fix.code));
        }
        text
    }
}

fn fixes(n: usize) -> String {
    if n == 1 { "1 fix".to_owned() } else { format!("{n} fixes") }
}
