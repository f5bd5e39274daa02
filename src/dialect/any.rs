//! One dialect out of all, by what a planner asks of it.

use super::postgres::{self, Body, Cast, Postgres, Retype, Works};
use super::{Asked, FileClass, Proposal, Spelled, Undertaking};
use crate::catalog::{Catalog, ColumnType, Expr, Literal};
use crate::op::{Fact, Op, Run};

/// A dialect with its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL
    Postgres(Postgres),
}

impl Dialect {
    /// How an op is written, given the catalog as it stands before it.
    pub fn spell(self, op: &Op, run: &Run) -> Vec<Spelled> {
        match self {
            Dialect::Postgres(_) => postgres::spell(op, run),
        }
    }

    /// How a file with these ops must be sent.
    pub fn class(self, ops: &[Op]) -> FileClass {
        match self {
            Dialect::Postgres(_) => postgres::class(ops),
        }
    }

    /// The text of a file behind its header.
    pub fn file(self, class: FileClass, body: &Body) -> String {
        match self {
            Dialect::Postgres(_) => postgres::file(class, body),
        }
    }

    /// The query that returns a row for each problem.
    pub fn query(self, at: &Catalog, fact: &Fact) -> Option<Asked> {
        match self {
            Dialect::Postgres(_) => postgres::query(at, fact),
        }
    }

    /// What to look for on the server before a stage.
    pub fn preflight(self, stage: &Undertaking) -> Vec<Asked> {
        match self {
            Dialect::Postgres(_) => postgres::preflight(stage),
        }
    }

    /// What to look at while a plan is under way.
    pub fn monitor(self, plan: &Undertaking) -> Vec<Asked> {
        match self {
            Dialect::Postgres(_) => postgres::monitor(plan),
        }
    }

    /// What changing a type costs.
    pub fn retype(self, from: &ColumnType, to: &ColumnType) -> Retype {
        match self {
            Dialect::Postgres(_) => postgres::retype(from, to),
        }
    }

    /// How values of one type become values of another; None where they do not.
    pub fn cast(self, at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
        match self {
            Dialect::Postgres(_) => postgres::cast(at, from, to, operand),
        }
    }

    /// Conversions that somebody may mean where the database has none, the likely first; `names` are those of both columns.
    pub fn proposals(self, at: &Catalog, from: &ColumnType, to: &ColumnType, names: (&str, &str)) -> Vec<Proposal> {
        match self {
            Dialect::Postgres(_) => postgres::proposals(at, from, to, names),
        }
    }

    /// Does a client whose field is `own` work on a column of type `there`?
    pub fn works(self, own: &ColumnType, there: &ColumnType) -> Works {
        match self {
            Dialect::Postgres(_) => postgres::works(own, there),
        }
    }

    /// Can a value of this type be computed from any other one, so that different ones stay different?
    pub fn derives(self, ty: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) => *ty == ColumnType::native("UUID", &[]) || (ty.is_text() && !ty.list),
        }
    }

    /// The zero value of a type.
    pub fn zero(self, at: &Catalog, ty: &ColumnType) -> Option<Literal> {
        match self {
            Dialect::Postgres(_) => postgres::zero(at, ty),
        }
    }

    /// Reads a value that a user wrote for a column.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse_literal(self, at: &Catalog, ty: &ColumnType, text: &str) -> Result<Expr, String> {
        match self {
            Dialect::Postgres(_) => postgres::parse_literal(at, ty, text),
        }
    }

    /// A column type in the database's words.
    pub fn type_name(self, at: &Catalog, ty: &ColumnType) -> String {
        match self {
            Dialect::Postgres(_) => postgres::type_name(at, ty),
        }
    }

    /// A query that counts what going back would lose, and the sentence that says what.
    pub fn count(self, at: &Catalog, loss: &crate::op::Loss) -> (String, Option<String>) {
        match self {
            Dialect::Postgres(_) => postgres::count(at, loss),
        }
    }

    /// A name in quotes, for messages and headers.
    pub fn name(self, name: &crate::catalog::Name) -> String {
        match self {
            Dialect::Postgres(_) => postgres::name(name),
        }
    }

    /// A column's or constraint's name in quotes.
    pub fn ident(self, name: &str) -> String {
        match self {
            Dialect::Postgres(_) => postgres::ident(name),
        }
    }

    /// Text that may stand in a comment.
    pub fn comment(self, text: &str) -> String {
        match self {
            Dialect::Postgres(_) => postgres::comment(text),
        }
    }
}
