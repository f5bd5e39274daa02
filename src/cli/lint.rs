//! Which advice `check` gives: `--allow`, `--warn`, `--deny`, and the `[lint]` table of prisma-stage.toml.

use super::read;
use clap::Args;
use prisma_stage::advice::{Choices, Level, Levels, Selector, contradiction, table};
use prisma_stage::diag::Diagnostics;
use prisma_stage::source::Sources;
use std::path::{Component, Path, PathBuf};

/// The file that is looked for beside a schema and above it.
const FILE: &str = "prisma-stage.toml";

/// Arguments on advice.
#[derive(Debug, Args)]
#[command(next_help_heading = "Advice")]
pub struct Lint {
    /// Leaves a rule out: a code, a name, or `advice` for all. (Repeatable.)
    #[arg(long, value_name = "RULE", value_parser = Selector::parse)]
    allow: Vec<Selector>,

    /// Makes findings warnings: a code, a name, `pedantic` for the rules that are off by default, or `advice` for what is
    /// on. (Repeatable.)
    #[arg(long, value_name = "RULE", value_parser = Selector::parse)]
    warn: Vec<Selector>,

    /// Makes findings errors, and the exit code 1: a code, a name, `pedantic`, or `advice` for what is on. (Repeatable.)
    #[arg(long, value_name = "RULE", value_parser = Selector::parse)]
    deny: Vec<Selector>,

    /// The file with a [lint] table. By default prisma-stage.toml beside the schema, or above it up to the root of the
    /// repository.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Lint {
    /// What the arguments say that cannot be meant.
    pub fn contradiction(&self) -> Option<String> {
        let choices = self.choices();
        let (first, second) = contradiction(&choices)?;
        let word = |level| Level::ALL.into_iter().find(|(_, own)| *own == level).map_or("", |(word, _)| word);
        let (selector, first) = choices[first];
        Some(format!("`{selector}` is given to both --{} and --{}", word(first), word(choices[second].1)))
    }

    fn choices(&self) -> Choices {
        let of = |selectors: &[Selector], level| selectors.iter().map(|s| (*s, level)).collect::<Vec<_>>();
        [of(&self.allow, Level::Allow), of(&self.warn, Level::Warn), of(&self.deny, Level::Deny)].concat()
    }

    /// The levels for a schema argument, and for standard input what it is called. The command line counts for more than the file.
    pub fn levels(&self, sources: &mut Sources, schema: &str, shown: &str) -> (Levels, Diagnostics) {
        let mut levels = Levels::default();
        let mut found = Diagnostics::default();
        let path = self.config.clone().or_else(|| find(&folder_of(schema, shown)));
        match path.map(|path| read::text(&path)) {
            None => {}
            Some(Err(diagnostic)) => found.push(*diagnostic),
            Some(Ok((text, name))) => {
                let file = sources.add(name, text);
                let (choices, wrong) = table::read(sources, file);
                levels.set(&choices);
                found = wrong;
            }
        }
        levels.set(&self.choices());
        (levels, found)
    }
}

/// Where a schema is: the work tree for standard input and for a revision.
fn folder_of(schema: &str, shown: &str) -> PathBuf {
    let path = match schema {
        "-" => Path::new(shown),
        _ if schema.starts_with("git:") => Path::new(""),
        _ => Path::new(schema),
    };
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// The nearest file of its name, from the folder up to the root of the repository; where there is no repository, that in
/// the folder itself.
fn find(folder: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(folder).ok()?;
    let root = whole.ancestors().position(|above| above.join(".git").exists()).unwrap_or(0);
    let found = whole.ancestors().take(root + 1).map(|above| above.join(FILE)).find(|file| file.is_file())?;
    Some(relative(&found).unwrap_or(found))
}

/// A path as one would write it here: messages are not to depend on where a repository lies.
fn relative(path: &Path) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let common = here.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    if common < 2 {
        return None;
    }
    let up = here.components().skip(common).map(|_| Component::ParentDir);
    Some(up.chain(path.components().skip(common)).collect())
}
