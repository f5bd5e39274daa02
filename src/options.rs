//! What the caller of the compiler may say beside the two schemas.

use crate::stats::Stats;

/// Options of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--rename` hints, as given: `User.name=fullName`, `User=Account`, `Role.MOD=MODERATOR`.
    pub renames: Vec<String>,
    /// The text of an intent file (TOML) and the name it goes by.
    pub intent: Option<(String, String)>,
    /// What was answered at a terminal, as the text of an intent file.
    pub terminal: Option<String>,
    /// `--assume`: whole classes of open questions answered.
    pub assume: Vec<Assume>,
    /// `--strategy`
    pub strategy: Strategy,
    /// `--target`, as given: `postgresql@16`.
    pub target: Option<String>,
    /// `--stats`: how big the tables are, where that is known.
    pub stats: Option<Stats>,
}

/// An answer to a whole class of open questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Assume {
    /// What left and came is a drop and an add, as Prisma has it.
    Drop,
    /// Old rows get the type's zero value.
    Placeholder,
    /// Of duplicates the first row by primary key stays.
    KeepFirst,
    /// Rows whose new foreign key points nowhere go; a nullable one is set to NULL.
    DeleteOrphans,
    /// Where no client works with both types, the column changes its type in a pause in which neither client runs.
    Switch,
}

/// How careful the plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Strategy {
    /// In stages, with clients alive.
    #[default]
    Staged,
    /// In one step, for a database nobody is using.
    Direct,
}

impl Assume {
    /// All of them, with the word used on the command line.
    pub const ALL: [(&'static str, Assume); 5] = [
        ("drop", Assume::Drop),
        ("placeholder", Assume::Placeholder),
        ("keep-first", Assume::KeepFirst),
        ("delete-orphans", Assume::DeleteOrphans),
        ("switch", Assume::Switch),
    ];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Assume::Drop => "drop",
            Assume::Placeholder => "placeholder",
            Assume::KeepFirst => "keep-first",
            Assume::DeleteOrphans => "delete-orphans",
            Assume::Switch => "switch",
        }
    }
}
