//! Where a rule puts its findings.

use super::excuse::Excuses;
pub use super::excuse::{Excuse, Item};
use super::levels::Levels;
use super::{Facts, Rule};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::model::{FieldWalker, ModelWalker, Schema};
use crate::source::{Sources, Span};

/// What a rule looks at, and where it puts what it finds.
pub struct Report<'a, 's> {
    /// The texts, for fixes.
    pub sources: &'a Sources,
    /// What many rules ask of the schema.
    pub facts: &'a Facts,
    pub(super) schema: &'a Schema<'s>,
    pub(super) levels: &'a Levels,
    pub(super) excuses: &'a Excuses,
    pub(super) rule: &'static Rule,
    pub(super) place: usize,
    pub(super) severity: Severity,
    pub(super) found: &'a mut Diagnostics,
}

impl Report<'_, '_> {
    /// The beginning of a finding.
    pub fn finding(&self, message: impl Into<String>) -> Diagnostic {
        let mut finding = Diagnostic::warning(self.rule.code, message);
        finding.severity = self.severity;
        finding
    }

    /// Adds a finding about an item, unless a comment excuses it.
    pub fn push(&mut self, item: Item, finding: Diagnostic) {
        if !self.excuses(item) {
            self.found.push(finding);
        }
    }

    /// Does a comment excuse the item? A rule that speaks of several at once asks for each.
    pub fn excuses(&self, item: Item) -> bool {
        let model = match item {
            Item::Model(model) | Item::Field(model, _) | Item::Key(model, _) => Some(model),
            Item::Enum(_) | Item::Schema => None,
        };
        // What the client does not see, nobody works on.
        model.is_some_and(|model| self.schema.model(model).ignored) || self.excuses.cover(self.place, item)
    }

    /// Every comment that excuses.
    pub fn comments(&self) -> impl Iterator<Item = &Excuse> {
        self.excuses.iter()
    }

    /// Is the rule at this place in the table on?
    pub fn is_on(&self, place: usize) -> bool {
        self.levels.is_on(place)
    }

    /// Those of the fields that no comment excuses.
    pub fn unexcused<'f, 's>(&self, fields: impl IntoIterator<Item = FieldWalker<'f, 's>>) -> Vec<FieldWalker<'f, 's>> {
        fields.into_iter().filter(|field| !self.excuses(of_field(*field))).collect()
    }
}

/// A field as what a finding speaks of.
pub fn of_field(field: FieldWalker<'_, '_>) -> Item {
    Item::Field(field.model, field.at)
}

/// A model as what a finding speaks of.
pub fn of_model(model: ModelWalker<'_, '_>) -> Item {
    Item::Model(model.at)
}

/// A key as what a finding speaks of: its field, or its line.
pub fn of_key(model: ModelWalker<'_, '_>, key: &crate::model::Key<'_>) -> Item {
    key.at_field.map_or(Item::Key(model.at, key.span), |field| Item::Field(model.at, field))
}

/// So many places of one finding are shown.
const SHOWN: usize = 12;

/// Points at several places: the first is the finding's own, the others are labels, and what is too many is counted.
pub fn at_all(mut finding: Diagnostic, places: impl IntoIterator<Item = (Span, String)>) -> Diagnostic {
    let mut more = 0;
    for (index, (span, label)) in places.into_iter().enumerate() {
        if index == 0 {
            finding = finding.at(span).saying(label);
        } else if index < SHOWN {
            finding = finding.label(span, label);
        } else {
            more += 1;
        }
    }
    if more > 0 { finding.note(format!("and {more} more that are not shown")) } else { finding }
}
