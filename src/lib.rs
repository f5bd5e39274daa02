//! The compiler behind `prisma-stage`.

pub mod ast;
pub mod catalog;
pub mod diag;
pub mod op;
pub mod pair;
pub mod source;
