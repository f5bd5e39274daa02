//! Values of arguments.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use prisma_stage::{Assume, Strategy, output};

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The plan at a glance, then every statement with its lock, work and hazards.
    Human,
    /// The glance alone.
    Short,
    /// Every file in the order in which they run.
    Sql,
    /// plan.json; its JSON Schema: `prisma-stage schema plan`.
    Json,
    /// For the comment of a pull request.
    Markdown,
}

/// How careful the plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum StrategyName {
    /// In stages, with clients alive.
    #[default]
    Staged,
    /// In one step, for a database nobody is using.
    Direct,
}

impl From<Format> for output::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => output::Format::Human,
            Format::Short => output::Format::Short,
            Format::Sql => output::Format::Sql,
            Format::Json => output::Format::Json,
            Format::Markdown => output::Format::Markdown,
        }
    }
}

impl From<StrategyName> for Strategy {
    fn from(name: StrategyName) -> Self {
        match name {
            StrategyName::Staged => Strategy::Staged,
            StrategyName::Direct => Strategy::Direct,
        }
    }
}

/// `--assume`, by its words.
pub fn assume() -> impl TypedValueParser<Value = Assume> {
    PossibleValuesParser::new(Assume::ALL.map(|(word, _)| word)).try_map(|word| {
        Assume::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, assume)| assume).ok_or("unknown word")
    })
}

/// `--rename`: two names around an equals sign. Whether they exist is for the compiler to say.
pub fn rename(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((old, new)) if !old.trim().is_empty() && !new.trim().is_empty() => Ok(text.to_owned()),
        Some(_) | None => Err("write Model.old=new, Model=NewModel or Enum.OLD=NEW".to_owned()),
    }
}
