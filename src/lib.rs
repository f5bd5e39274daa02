//! The compiler behind `prisma-stage`.

pub mod ast;
pub mod catalog;
pub mod change;
mod compile;
pub mod diag;
pub mod dialect;
pub mod diff;
pub mod folder;
pub mod input;
pub mod intent;
#[cfg(feature = "live")]
pub mod live;
pub mod lower;
pub mod model;
pub mod op;
pub mod options;
pub mod outcome;
pub mod output;
pub mod pair;
pub mod plan;
pub mod script;
pub mod source;
pub mod syntax;

pub use compile::compile;
pub use options::{Assume, Options, Strategy};
pub use outcome::{Answer, Outcome, Question};
