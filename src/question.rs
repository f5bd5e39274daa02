//! Questions that the two schemas leave open.

/// A question that the two schemas leave open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Stable code: `PS0701`.
    pub code: &'static str,
    /// What it is about: `User.email`.
    pub subject: String,
    /// The question.
    pub question: String,
    /// Every way to answer it: first the likely one.
    pub answers: Vec<Answer>,
}

/// One way to answer a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it means.
    pub meaning: String,
    /// What to write: `--rename User.name=fullName`, `/// @stage.fallback("0")`.
    pub write: String,
}

/// An answer taken apart, so that it can be given somewhere else than it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// What was, and what it is called now: `User.name`, `fullName`.
    Rename(String, String),
    /// Values of an enum that left and what they become, `-` for nothing: `Status.LEGACY`, `DONE`.
    Map(Vec<(String, String)>),
    /// It really goes.
    Drop(String),
    /// SQL over the columns of a row; what stands in it so far is an example.
    Using(String, String),
    /// A value; `…` where one has to be filled in.
    Fallback(String, String),
    /// No row lacks a value, which is checked.
    Filled(String),
    /// A whole class of questions, by its word.
    Assume(String),
    /// Something that only the schema can say: `@map("name")`.
    Schema(String),
}

impl Question {
    /// Its answers taken apart, in their order. What says the same as another one in other words is left out.
    pub fn entries(&self) -> Vec<(&Answer, Entry)> {
        let mut all: Vec<(&Answer, Entry)> = Vec::new();
        for answer in &self.answers {
            if let Some(entry) =
                entry(&self.subject, &answer.write).filter(|e| !all.iter().any(|(_, known)| known == e))
            {
                all.push((answer, entry));
            }
        }
        all
    }
}

fn entry(subject: &str, write: &str) -> Option<Entry> {
    if let Some(hint) = write.strip_prefix("--rename ") {
        let (old, new) = hint.split_once('=')?;
        return Some(Entry::Rename(old.to_owned(), new.to_owned()));
    }
    if let Some(word) = write.strip_prefix("--assume ") {
        return Some(Entry::Assume(word.to_owned()));
    }
    if let Some(rest) = write.strip_prefix("drop = [\"") {
        return Some(Entry::Drop(rest.strip_suffix("\"]")?.to_owned()));
    }
    let Some(directive) = write.strip_prefix("/// @stage.") else {
        // A line of the intent file says what a directive beside it says too.
        return (!write.starts_with('"')).then(|| Entry::Schema(write.to_owned()));
    };
    let (name, argument) = directive.strip_suffix(')')?.split_once('(')?;
    let bare = argument.strip_prefix('"').and_then(|a| a.strip_suffix('"')).unwrap_or(argument);
    match name {
        "using" => Some(Entry::Using(subject.to_owned(), bare.to_owned())),
        "fallback" if argument == "-" => Some(Entry::Filled(subject.to_owned())),
        "fallback" => Some(Entry::Fallback(subject.to_owned(), bare.to_owned())),
        "map" => {
            let pair = |p: &str| {
                let (old, new) = p.split_once(':')?;
                Some((format!("{subject}.{}", old.trim()), new.trim().to_owned()))
            };
            Some(Entry::Map(argument.split(',').map(pair).collect::<Option<_>>()?))
        }
        // `@stage.from` says what `--rename` does.
        "from" => None,
        _ => Some(Entry::Schema(write.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_apart() {
        let of = |write: &str| entry("User.age", write);
        let two = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of("--rename User.a=b"), Some(Entry::Rename("User.a".into(), "b".into())));
        assert_eq!(of("drop = [\"User.a\"]"), Some(Entry::Drop("User.a".into())));
        assert_eq!(of("/// @stage.fallback(\"…\")"), Some(Entry::Fallback("User.age".into(), "…".into())));
        assert_eq!(
            of("/// @stage.using(\"lower(title)\")"),
            Some(Entry::Using("User.age".into(), "lower(title)".into()))
        );
        assert_eq!(of("/// @stage.fallback(-)"), Some(Entry::Filled("User.age".into())));
        assert_eq!(of("@map(\"age\")"), Some(Entry::Schema("@map(\"age\")".into())));
        assert_eq!(of("/// @stage.from(a)"), None);
        assert_eq!(of("\"User.age\" = \"0\""), None);
        let map = entry("State", "/// @stage.map(OLD: NEW, X: -)");
        assert_eq!(map, Some(Entry::Map(vec![two("State.OLD", "NEW"), two("State.X", "-")])));
    }
}
