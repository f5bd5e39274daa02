//! The compiler behind `prisma-stage`.

pub mod ast;
pub mod catalog;
pub mod diag;
pub mod dialect;
pub mod input;
#[cfg(feature = "live")]
pub mod live;
pub mod lower;
pub mod model;
pub mod op;
pub mod options;
pub mod outcome;
pub mod pair;
pub mod script;
pub mod source;
pub mod syntax;

pub use options::{Assume, Options, Strategy};
pub use outcome::{Answer, Outcome, Question};

use source::{SchemaFiles, Sources};

/// Compiles the difference between two schemas into a staged plan.
pub fn compile(
    _sources: &Sources,
    _old: Option<&SchemaFiles>,
    _new: Option<&SchemaFiles>,
    _options: &Options,
) -> Outcome {
    Outcome::Plan { script: Box::default(), diagnostics: diag::Diagnostics::default() }
}
