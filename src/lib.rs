//! The compiler behind `prisma-stage`: two Prisma schemas in, a staged SQL migration out.
//!
//! ```text
//! sources ── syntax ──▶ ast::Schema ── resolve ──▶ model::Schema ── lower ──▶ catalog::Catalog
//!                                                                                   │  (OLD and NEW)
//! comments, --rename, --intent, --assume ──▶ intent::Intent ────────────────────────┤
//!                                                                                   ▼
//!          files │ json │ human ◀── script::Script ◀── plan::File ◀── Change ◀── diff::pair
//! ```
//!
//! [`compile()`] is that picture as code. It does no I/O: [`input`] reads schemas, [`folder`] writes plans, and `live` (behind
//! the feature of that name) is all that talks to a database.
//!
//! ```
//! use prisma_stage::{Options, Outcome, compile, source::Sources};
//!
//! let schema = |fields: &str| format!("datasource db {{\n  provider = \"postgresql\"\n}}\nmodel User {{\n  id Int @id\n{fields}}}\n");
//! let mut sources = Sources::default();
//! let old = sources.add_schema("old.prisma", schema(""));
//! let new = sources.add_schema("new.prisma", schema("  nickname String?\n"));
//! let Outcome::Plan { script, .. } = compile(&sources, Some(&old), Some(&new), &Options::default()) else { panic!() };
//! assert_eq!(script.stages[0].migrations[0].statements[0].sql, "ALTER TABLE \"User\" ADD COLUMN IF NOT EXISTS \"nickname\" TEXT");
//! ```

pub mod advice;
pub mod analyze;
pub mod ast;
mod bridge;
pub mod catalog;
pub mod change;
mod compile;
pub mod diag;
pub mod dialect;
pub mod diff;
pub mod fix;
pub mod folder;
pub mod input;
pub mod intent;
pub mod layout;
#[cfg(feature = "live")]
pub mod live;
pub mod lower;
pub mod model;
pub mod op;
pub mod options;
pub mod outcome;
pub mod output;
pub mod pages;
pub mod pair;
pub mod plan;
pub mod question;
pub mod script;
pub mod source;
pub mod stage;
pub mod stats;
pub mod syntax;
pub mod validate;

pub use compile::{compile, ends};
pub use options::{Assume, Options, Strategy};
pub use outcome::{Answer, Outcome, Question};
