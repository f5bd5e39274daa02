//! The compiler behind `prisma-stage`.

pub mod ast;
pub mod diag;
pub mod pair;
pub mod source;
