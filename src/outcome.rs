//! What a compilation gives.

use crate::diag::Diagnostics;
pub use crate::question::{Answer, Question};
use crate::script::Script;

/// The result of a compilation.
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

impl Outcome {
    /// What was found on the way.
    pub fn diagnostics(&self) -> &Diagnostics {
        match self {
            Outcome::Plan { diagnostics, .. } | Outcome::Undecided { diagnostics, .. } => diagnostics,
            Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => diagnostics,
        }
    }
}
