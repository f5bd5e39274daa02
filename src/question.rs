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
