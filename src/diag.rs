//! Diagnostics: what is wrong, where, why it matters and what to do.
//!
//! Every pass hands one [`Diagnostics`] along and goes on; whoever owns a phase looks at it when the phase is over.

use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// It can, and somebody should look at this.
    Warning,
    /// Worth knowing.
    Note,
}

/// A second place that the message speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One replacement in a source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// With what.
    pub text: String,
}

/// An answer that a machine may apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// All of its edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, `PS` and four digits: PS00xx sources, PS01xx syntax, PS02xx–PS06xx meaning, PS07xx changes and
    /// decisions, PS08xx output, PS09xx bugs of prisma-stage,
    /// PS10xx advice, PS11xx rehearsals.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, if it is anywhere.
    pub span: Option<Span>,
    /// What to write at the place itself; empty for none.
    pub label: String,
    /// Other places.
    pub labels: Vec<Label>,
    /// Why it matters, and what else there is to know.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// Answers that a machine may apply.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error without a place; see the builder methods for the rest.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity,
            message: message.into(),
            span: None,
            label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// Says what to write at the place itself.
    #[must_use]
    pub fn saying(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at a second place.
    #[must_use]
    pub fn label(mut self, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        if let Some(span) = span.into() {
            self.labels.push(Label { span, message: message.into() });
        }
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds an answer that a machine may apply.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }
}

/// The findings of a run, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn append(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// The errors among them.
    #[must_use]
    pub fn errors_only(mut self) -> Self {
        self.list.retain(|d| d.severity == Severity::Error);
        self
    }

    /// All of them, none worse than a warning.
    #[must_use]
    pub fn as_warnings(mut self) -> Self {
        self.list.iter_mut().filter(|d| d.severity == Severity::Error).for_each(|d| d.severity = Severity::Warning);
        self
    }

    /// Is there an error among them?
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Leaves out fixes that insert something: for where the places of a text are not certain.
    pub fn forget_insertions(&mut self) {
        let inserts = |fix: &Fix| fix.edits.iter().any(|edit| edit.span.start == edit.span.end);
        self.list.iter_mut().for_each(|diagnostic| diagnostic.fixes.retain(|fix| !inserts(fix)));
    }

    /// Keeps the first `most`, and says of the rest where it begins, how many there are, and whether there are errors among
    /// them; None if there is no rest.
    pub fn keep(&mut self, most: usize) -> Option<(Option<Span>, usize, bool)> {
        let rest = self.list.get(most..).filter(|rest| !rest.is_empty())?;
        let found = (rest[0].span, rest.len(), rest.iter().any(|d| d.severity == Severity::Error));
        self.list.truncate(most);
        Some(found)
    }

    /// By file and place; those without a place first.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|d| d.span);
    }
}
