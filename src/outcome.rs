//! What a compilation gives.

use crate::diag::Diagnostics;
use crate::script::Script;

/// The result of [`crate::compile`].
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The plan; empty if there is nothing to do.
    Plan {
        /// The plan.
        script: Box<Script>,
        /// Warnings and notes.
        diagnostics: Diagnostics,
    },
    /// A decision is needed first: every question at once, each with all ways to answer it.
    Undecided {
        /// The questions.
        questions: Vec<Question>,
        /// The same as diagnostics, and whatever else was found.
        diagnostics: Diagnostics,
    },
    /// The input is wrong, or asks for what is not planned: the diagnostics say why.
    Rejected(Diagnostics),
    /// prisma-stage contradicts itself: nothing it would say can be trusted.
    Bug(Diagnostics),
}

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

impl Outcome {
    /// What was found on the way.
    pub fn diagnostics(&self) -> &Diagnostics {
        match self {
            Outcome::Plan { diagnostics, .. } | Outcome::Undecided { diagnostics, .. } => diagnostics,
            Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => diagnostics,
        }
    }
}
