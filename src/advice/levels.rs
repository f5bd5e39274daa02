//! How loud each rule is.

use super::{RULES, Rule};
use crate::diag::Severity;

/// What is made of a finding of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing: the rule is off.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// What a level is given to: by the words of the command line and of `[lint]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `pedantic`: every rule that is off unless it is asked for.
    Pedantic,
    /// `advice`: every rule that is on.
    Advice,
    /// A rule by its place in [`RULES`]: `PS1002`, `redundant-index`.
    Rule(usize),
}

/// Levels as one place gives them: the command line, or a file.
pub type Choices = Vec<(Selector, Level)>;

/// The level of every rule, in the order of [`RULES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels([Level; RULES.len()]);

impl Default for Levels {
    fn default() -> Self {
        Levels(RULES.map(|rule| rule.level))
    }
}

impl Level {
    /// All of them, with the word that gives them.
    pub const ALL: [(&'static str, Level); 3] = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

    /// What its findings are; None for nothing.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Warn => Some(Severity::Warning),
            Level::Deny => Some(Severity::Error),
        }
    }
}

impl Selector {
    /// From a code, a name, `advice` or `pedantic`.
    ///
    /// # Errors
    /// What is wrong with the word.
    pub fn parse(word: &str) -> Result<Self, String> {
        let rule = RULES.iter().position(|rule| rule.code.eq_ignore_ascii_case(word) || rule.name == word);
        match word {
            "advice" => Ok(Selector::Advice),
            "pedantic" => Ok(Selector::Pedantic),
            _ => rule.map(Selector::Rule).ok_or_else(|| unknown(word)),
        }
    }

    /// Is the rule at this place in [`RULES`] meant?
    pub fn covers(self, rule: usize) -> bool {
        match self {
            Selector::Rule(own) => own == rule,
            Selector::Advice => true,
            Selector::Pedantic => RULES.get(rule).is_some_and(|rule| rule.level == Level::Allow),
        }
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Selector::Pedantic => "pedantic",
            Selector::Advice => "advice",
            Selector::Rule(place) => RULES.get(*place).map_or("", |rule| rule.code),
        })
    }
}

impl Levels {
    /// Sets levels. What names a rule counts for more than what names many, whichever comes first: `allow advice` silences
    /// all, `pedantic` is for what is off by default, `warn advice` and `deny advice` change what is on and no more.
    pub fn set(&mut self, choices: &[(Selector, Level)]) {
        let mut sorted = choices.to_vec();
        sorted.sort_by_key(|(selector, level)| match (selector, level) {
            (Selector::Advice, Level::Allow) => 0,
            (Selector::Pedantic, _) => 1,
            (Selector::Advice, Level::Warn | Level::Deny) => 2,
            (Selector::Rule(_), _) => 3,
        });
        for (selector, level) in sorted {
            for (place, own) in self.0.iter_mut().enumerate() {
                let is_lift = selector == Selector::Advice && *own == Level::Allow;
                if selector.covers(place) && !is_lift {
                    *own = level;
                }
            }
        }
    }

    /// Every rule with its level.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Rule, Level)> {
        RULES.iter().zip(self.0)
    }

    /// Are findings of the rule at this place shown?
    pub fn is_on(&self, rule: usize) -> bool {
        self.0.get(rule).is_some_and(|level| *level != Level::Allow)
    }
}

/// Two levels that one place gives to the same: there is no telling which was meant.
pub fn contradiction(choices: &[(Selector, Level)]) -> Option<(usize, usize)> {
    let seconds = choices.iter().enumerate();
    seconds.into_iter().find_map(|(second, (selector, level))| {
        let first = choices[..second].iter().position(|(own, first)| own == selector && first != level)?;
        Some((first, second))
    })
}

fn unknown(word: &str) -> String {
    if word.starts_with("PS") && !word.starts_with("PS10") {
        return format!("{word} is no advice: only PS10xx can be switched");
    }
    let near = crate::model::suggest::nearest(word, RULES.iter().flat_map(|rule| [rule.name, rule.code]));
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    format!("there is no rule `{word}`{near}")
}
