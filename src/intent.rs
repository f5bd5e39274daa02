//! What the schema texts cannot say: renames, and the values of rows that have none.
//!
//! Answers come from `/// @stage.…` comments in the new schema, from `--rename`, from the intent file and from `--assume`;
//! each remembers where, so that a plan can list it and an answer nobody asked for can be pointed at.

use crate::diag::{Diagnostic, Diagnostics};
use crate::model;
use crate::options::{Assume, Options, Strategy};
use crate::source::Span;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

mod directive;
mod file;
pub mod sql;

/// An answer and where it was given.
#[derive(Clone, Debug)]
pub struct Said {
    /// The answer.
    pub text: String,
    /// Where: `a comment`, `--rename`, the name of the intent file.
    pub source: String,
    /// The place, where there is one.
    pub span: Option<Span>,
    /// Did anything ask for it?
    pub used: Cell<bool>,
}

/// A field by model and name; a model or enum has an empty second part.
pub type Path = (String, String);

/// `@stage.back`: SQL over the new columns that gives an old one its value.
#[derive(Clone, Debug)]
pub struct Back {
    /// The field of the new schema above which it stands; None in the intent file.
    pub at: Option<Path>,
    /// The field of the old schema that it is for, as far as that was said.
    pub of: Option<Path>,
    /// The SQL; `-` where new clients give nothing back.
    pub said: Said,
}

/// Everything that was said.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// New name (model or field of the new schema) to the old one.
    pub renames: BTreeMap<Path, (Path, Said)>,
    /// `@stage.using`: SQL over the row's columns.
    pub using: BTreeMap<Path, Said>,
    /// `@stage.fallback`: a value.
    pub fallback: BTreeMap<Path, Said>,
    /// `@stage.fallback(-)`: fields that are said to have a value in every row, which is to be checked.
    pub filled: BTreeMap<Path, Said>,
    /// Fields and models of the old schema that really go, though something like them came.
    pub dropped: BTreeMap<Path, Said>,
    /// What rows become that hold an enum value which left: by enum and value as the old schema writes them, the new value,
    /// or None where no row may hold it.
    pub values: BTreeMap<Path, (Option<String>, Said)>,
    /// How what leaves follows new clients, for old ones and for the way back: SQL over the new columns.
    pub back: Vec<Back>,
    /// `@stage.strategy`: how both clients live.
    pub strategy: BTreeMap<Path, Said>,
    /// `@stage.along`: by which of several relations a field went over to another model.
    pub along: BTreeMap<Path, Said>,
    /// Labels in the database of enum values, by enum and value as the new schema writes them.
    pub labels: BTreeMap<Path, String>,
    /// The same of the old schema.
    pub labels_before: BTreeMap<Path, String>,
    /// Whole classes of questions.
    pub assume: BTreeSet<Assume>,
    /// How careful the plan is.
    pub course: Strategy,
}

/// The labels that the database has for enum values, by enum and value.
pub fn labels(schema: &model::Schema) -> BTreeMap<Path, String> {
    let values = schema.enums.iter().flat_map(|e| e.values.iter().map(move |v| (e, v)));
    let label = |v: &model::EnumValue| v.database_name().to_owned();
    values.map(|(e, v)| ((e.name.name.to_owned(), v.name.name.to_owned()), label(v))).collect()
}

/// Collects all answers.
pub fn collect(new: &model::Schema, options: &Options) -> (Intent, Diagnostics) {
    let assume = options.assume.iter().copied().collect();
    let mut intent = Intent { assume, course: options.strategy, ..Intent::default() };
    intent.labels = labels(new);
    let mut found = Diagnostics::default();
    directive::collect(new, &mut intent, &mut found);
    for hint in &options.renames {
        match parse_rename(hint) {
            Ok((old, new)) => intent.rename(old, new, Said::new(hint, "--rename", None), &mut found),
            Err(why) => found.push(
                Diagnostic::error("PS0710", format!("--rename {hint}: {why}"))
                    .help("write --rename Model.old=new for a field, --rename Old=New for a model, --rename Enum.OLD=NEW for a value"),
            ),
        }
    }
    if let Some((text, name)) = &options.intent {
        file::collect(text, name, &mut intent, &mut found);
    }
    if let Some(text) = &options.terminal {
        file::collect(text, "the terminal", &mut intent, &mut found);
    }
    for (at, filled) in &intent.filled {
        if let Some(other) = intent.using.get(at).or(intent.fallback.get(at)) {
            let message = format!("{} is said to have a value in every row, and to get one", label(at));
            found.push(
                Diagnostic::error("PS0711", message)
                    .at(filled.span.or(other.span))
                    .note(format!("one answer is {}, the other {}", filled.source, other.source))
                    .help("keep one of the two"),
            );
        }
    }
    intent.contradictions(&mut found);
    (intent, found)
}

impl Said {
    /// An answer.
    pub fn new(text: &str, source: &str, span: Option<Span>) -> Self {
        Said { text: text.to_owned(), source: source.to_owned(), span, used: Cell::new(false) }
    }
}

impl Intent {
    /// Was this class of questions answered as a whole?
    pub fn assumes(&self, what: Assume) -> bool {
        self.assume.contains(&what)
    }

    /// The way back from a field that goes on in the place of an old one: what stands above it, or names either of the two.
    pub fn back_from(&self, new: &Path, old: &Path) -> Option<&Said> {
        let above = self.back.iter().find(|b| b.at.as_ref() == Some(new) && b.of.as_ref().is_none_or(|of| of == old));
        let named =
            || self.back.iter().find(|b| b.at.is_none() && b.of.as_ref().is_some_and(|of| of == new || of == old));
        let said = &above.or_else(named)?.said;
        said.used.set(true);
        Some(said)
    }

    /// A value in SQL, if it is one expression.
    fn using(&mut self, at: Path, said: Said, found: &mut Diagnostics) {
        if no_expression(&said, &format!("the value of {}", label(&at)), found) {
            return;
        }
        // What the schema says itself, beside the field, counts for more.
        self.using.entry(at).or_insert(said);
    }

    /// The way back to an old field.
    fn back(&mut self, back: Back, found: &mut Diagnostics) {
        let what = back.of.as_ref().or(back.at.as_ref()).map_or_else(String::new, label);
        if back.said.text.trim() != "-" && no_expression(&back.said, &format!("the way back of {what}"), found) {
            return;
        }
        let other = self.back.iter().find(|b| b.of.is_some() && b.of == back.of && b.said.text != back.said.text);
        if let Some(other) = other.filter(|b| b.at.is_some() == back.at.is_some()) {
            found.push(
                Diagnostic::error("PS0711", format!("{what} is given back in two ways"))
                    .at(back.said.span.or(other.said.span))
                    .note(format!("one is {}, the other {}", other.said.text, back.said.text))
                    .help("keep one of the two"),
            );
            return;
        }
        self.back.push(back);
    }

    fn rename(&mut self, old: Path, new: Path, said: Said, found: &mut Diagnostics) {
        // Several values of an enum may become one.
        if self.labels.keys().any(|(e, value)| *e == new.0 && *value == new.1) {
            return self.value((new.0, old.1), Some(new.1), said, found);
        }
        match self.renames.get(&new) {
            Some((known, _)) if *known == old => {}
            Some((known, first)) => found.push(
                Diagnostic::error(
                    "PS0711",
                    format!("{} is said to come from {} and from {}", label(&new), label(known), label(&old)),
                )
                .at(said.span.or(first.span))
                .note(format!("one answer is {}, the other {}", first.source, said.source))
                .help("keep one of the two"),
            ),
            None => {
                self.renames.insert(new, (old, said));
            }
        }
    }

    fn value(&mut self, old: Path, new: Option<String>, said: Said, found: &mut Diagnostics) {
        match self.values.get(&old) {
            Some((known, _)) if *known == new => {}
            Some((known, first)) => {
                let name = |to: &Option<String>| to.clone().unwrap_or_else(|| "nothing".to_owned());
                found.push(
                    Diagnostic::error(
                        "PS0711",
                        format!("{} is said to become {} and {}", label(&old), name(known), name(&new)),
                    )
                    .at(said.span.or(first.span))
                    .note(format!("one answer is {}, the other {}", first.source, said.source))
                    .help("keep one of the two"),
                );
            }
            None => {
                self.values.insert(old, (new, said));
            }
        }
    }

    /// What is said to go, and to go on under another name or as another value.
    fn contradictions(&self, found: &mut Diagnostics) {
        let renamed = self.renames.iter().map(|(new, (old, said))| (old, label(new), said));
        let mapped = self.values.iter().filter_map(|(old, (new, said))| Some((old, new.clone()?, said)));
        for (old, new, said) in renamed.chain(mapped) {
            let Some(goes) = self.dropped.get(old) else { continue };
            found.push(
                Diagnostic::error("PS0711", format!("{} is said to go, and to become {new}", label(old)))
                    .at(said.span.or(goes.span))
                    .note(format!("one answer is {}, the other {}", goes.source, said.source))
                    .help("keep one of the two"),
            );
        }
    }

    /// Errors for answers that nothing asked for. Comments are left alone: they stay in a schema after their plan is done.
    pub fn unused(&self) -> Diagnostics {
        let mut found = Diagnostics::default();
        let renames =
            self.renames.iter().map(|(new, (old, said))| (format!("rename {} to {}", label(old), label(new)), said));
        let answers =
            self.using.iter().chain(&self.fallback).chain(&self.filled).chain(&self.strategy).chain(&self.along);
        let others = answers.map(|(at, said)| (format!("an answer for {}", label(at)), said));
        let back = self.back.iter().filter_map(|b| Some((b.of.as_ref()?, &b.said)));
        let others = others.chain(back.map(|(of, said)| (format!("a way back to {}", label(of)), said)));
        let dropped = self.dropped.iter().map(|(at, said)| (format!("drop {}", label(at)), said));
        let values = self.values.iter().map(|(old, (new, said))| match new {
            Some(new) => (format!("rename {} to {new}", label(old)), said),
            None => (format!("drop {}", label(old)), said),
        });
        for (what, said) in renames.chain(others).chain(dropped).chain(values) {
            if !said.used.get() && said.span.is_none() {
                found.push(
                    Diagnostic::error(
                        "PS0712",
                        format!("{}: {what} answers no question of these two schemas", said.source),
                    )
                    .note("the name may be misspelt, or the change may be done already")
                    .help("take it away, or correct the name"),
                );
            }
        }
        found
    }
}

/// Is it no expression? Then that is said.
fn no_expression(said: &Said, what: &str, found: &mut Diagnostics) -> bool {
    let Err(why) = sql::words(&said.text) else { return false };
    found.push(
        Diagnostic::error("PS0716", format!("{}: {what} is no expression: {why}", said.source))
            .at(said.span)
            .note(format!("it says: {}", said.text))
            .help("write one SQL expression over columns of the row, with its brackets and quotes closed"),
    );
    true
}

/// `User.name` or `User`.
pub fn label(path: &Path) -> String {
    if path.1.is_empty() { path.0.clone() } else { format!("{}.{}", path.0, path.1) }
}

/// `User.name` or `User`.
pub(crate) fn parse_path(text: &str) -> Result<Path, String> {
    let text = text.trim();
    let (model, field) = text.split_once('.').unwrap_or((text, ""));
    let word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if word(model) && (field.is_empty() && !text.contains('.') || word(field)) {
        Ok((model.to_owned(), field.to_owned()))
    } else {
        Err(format!("{text:?} is no name of a model or field"))
    }
}

/// `User.name=fullName` or `User=Account`, as (old, new).
pub(crate) fn parse_rename(hint: &str) -> Result<(Path, Path), String> {
    let Some((old, new)) = hint.split_once('=') else { return Err("there is no `=` in it".into()) };
    let old = parse_path(old)?;
    let new = parse_path(new)?;
    match (old.1.is_empty(), new.1.is_empty()) {
        (true, true) => Ok((old, new)),
        // The model may have been renamed in the same breath: `User.name=fullName` then means the new model's field.
        (false, true) => Ok((old.clone(), (old.0, new.0))),
        (false, false) => Ok((old, new)),
        (true, false) => Err("a model cannot become a field".into()),
    }
}
