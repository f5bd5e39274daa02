//! Diagnostics: for a terminal through codespan-reporting, for machines as the contract's JSON.

mod notes;
mod questions;
mod text;

pub use notes::{DiagnosticNote, notes};
pub use questions::undecided;
pub use text::render;
