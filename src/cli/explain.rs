//! `prisma-stage explain`: the page of a hazard, a decision, a kind of change.

use super::exit::Exit;
use super::terminal::Terminal;
use clap::Args;
use prisma_stage::diag::Diagnostic;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prisma-stage explain H101             a hazard
  prisma-stage explain PS0703           a diagnostic
  prisma-stage explain rename-column    a kind of change
  prisma-stage explain                  everything that has a page")]
pub struct Explain {
    /// A code or a kind of change, as plans and diagnostics name it.
    code: Option<String>,
}

macro_rules! pages {
    ($($kind:literal)*) => { &[$(($kind, include_str!(concat!("../../docs/changes/", $kind, ".md")))),*] };
}

/// One page a kind of change.
const CHANGES: &[(&str, &str)] = pages!(
    "add-column" "add-enum-value" "add-foreign-key" "change-default" "change-foreign-key" "change-primary-key"
    "create-enum" "create-extension" "create-index" "create-namespace" "create-table" "drop-column" "drop-enum"
    "drop-foreign-key" "drop-index" "drop-table" "exchange-names" "relax-column" "remove-enum-value" "rename-column" "rename-enum"
    "rename-foreign-key" "rename-index" "rename-primary-key" "rename-table" "require-column" "retype-column"
    "turn-join-table"
);

/// Books of sections that begin with a code.
const BOOKS: [&str; 2] = [include_str!("../../docs/hazards.md"), include_str!("../../docs/decisions.md")];

/// What the diagnostics of a hundred have in common, where one has no page of its own: its message says the rest.
const FAMILIES: [(&str, &str); 9] = [
    ("PS00", "Reading: a file or folder is not there, cannot be read, or is no text."),
    (
        "PS01",
        "Syntax: something is not written as Prisma's schema language has it. What was understood is used all the same.",
    ),
    ("PS02", "Meaning: a name is not known, or there twice; an attribute or a type is not used as it may be."),
    ("PS03", "Meaning: a relation is not complete, or not clear."),
    ("PS04", "Meaning: the datasource is missing, or says something that is not known."),
    ("PS05", "Meaning: a default, a native type or an index is not one that there is."),
    ("PS07", "Planning: an answer is not understood, or what it answers does not arise; the databases do not fit."),
    ("PS08", "Writing: the plan cannot be put where it was to go. Nothing was written."),
    ("PS09", "A bug in prisma-stage: please report it with both schemas, the arguments and the message."),
];

impl Explain {
    /// Prints the page.
    pub fn run(&self, terminal: &Terminal) -> Exit {
        let Some(code) = &self.code else { return terminal.print(&contents(), Exit::Done) };
        match page(code) {
            Some(page) => terminal.print(&page, Exit::Done),
            None => terminal.refuse(
                Diagnostic::error("PS0806", format!("there is no page `{code}`"))
                    .help("`prisma-stage explain` lists what has one"),
            ),
        }
    }
}

fn page(code: &str) -> Option<String> {
    let kind = CHANGES.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(code)).map(|(_, page)| (*page).to_owned());
    let section = || {
        let wanted = code.to_ascii_uppercase();
        let found = sections().find(|(name, _)| *name == wanted);
        found.map(|(name, text)| format!("# {name}{text}\n"))
    };
    kind.or_else(section).or_else(|| family(&code.to_ascii_uppercase()))
}

/// Code and text of every section.
fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = BOOKS.iter().flat_map(|book| book.split("\n## ").skip(1));
    all.filter_map(|section| {
        let section = section.trim_end();
        section.find(':').map(|end| section.split_at(end))
    })
}

fn family(code: &str) -> Option<String> {
    let is_code = code.len() == 6 && code.bytes().skip(2).all(|byte| byte.is_ascii_digit());
    let (family, text) = FAMILIES.iter().find(|(family, _)| is_code && code.starts_with(family))?;
    Some(format!("# {code}\n\n{family}xx: {text}\nThe message itself says what is wrong, where, and what to do.\n"))
}

fn contents() -> String {
    let mut text = String::new();
    for (name, rest) in sections() {
        let title = rest.lines().next().unwrap_or_default().trim_start_matches(": ");
        text.push_str(&format!("{name:<20} {title}\n"));
    }
    for (kind, page) in CHANGES {
        let lead = page.lines().nth(2).unwrap_or_default();
        text.push_str(&format!("{kind:<20} {lead}\n"));
    }
    text
}
