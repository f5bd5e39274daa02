//! One dialect out of all, by what a planner asks of it.

use super::mysql::{self, Mysql};
use super::postgres::{self, Body, Cast, Postgres, Retype, Works};
use super::sqlite::{self, Sqlite};
use super::{
    Alter, Asked, Caps, Conventions, Engine, Enums, FileClass, Labels, Numbers, Proposal, Spelled, Sync, Undertaking,
    Unspoken,
};
use crate::catalog::{Catalog, ColumnType, Expr, Literal};
use crate::op::{Fact, Impossible, Op, Run};

/// A dialect with its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL
    Postgres(Postgres),
    /// SQLite
    Sqlite(Sqlite),
    /// MySQL or MariaDB
    Mysql(Mysql),
}

impl Dialect {
    /// How it does things.
    pub fn caps(self) -> Caps {
        match self {
            Dialect::Postgres(_) => Caps {
                alter: Alter::InSteps,
                enums: Enums::Types,
                labels: Labels::Anywhere,
                sync: Sync::Triggers,
                numbers: Numbers::AnyColumn,
            },
            Dialect::Sqlite(_) => Caps {
                alter: Alter::AtOnce,
                enums: Enums::InColumns,
                labels: Labels::Anywhere,
                sync: Sync::Triggers,
                numbers: Numbers::AnyColumn,
            },
            Dialect::Mysql(server) => Caps {
                alter: Alter::OneByOne,
                enums: Enums::InColumns,
                labels: Labels::Last,
                sync: server.sync(),
                numbers: match server.sync() {
                    Sync::Triggers => Numbers::OneColumn,
                    // Other names are refused there, with what to do.
                    Sync::Clients => Numbers::AnyColumn,
                },
            },
        }
    }

    /// Which engine it is.
    pub fn engine(self) -> Engine {
        match self {
            Dialect::Postgres(_) => Engine::Postgresql,
            Dialect::Sqlite(_) => Engine::Sqlite,
            Dialect::Mysql(server) => server.engine(),
        }
    }

    /// How an op is written, given the catalog as it stands before it.
    pub fn spell(self, op: &Op, run: &Run) -> Vec<Spelled> {
        match self {
            Dialect::Postgres(_) => postgres::spell(op, run),
            Dialect::Sqlite(_) => sqlite::spell(op, run),
            Dialect::Mysql(server) => mysql::spell(server, op, run),
        }
    }

    /// The statements of ops that are one file, beside each op.
    ///
    /// # Errors
    /// The run does not allow one of them: a bug of the planner.
    pub fn body(self, ops: &[Op], run: &Run) -> Result<Vec<Vec<Spelled>>, Impossible> {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => {
                let mut run = run.clone();
                let mut one = |op: &Op| {
                    let spelled = self.spell(op, &run);
                    run.apply(op).map(|()| spelled)
                };
                ops.iter().map(&mut one).collect()
            }
            Dialect::Mysql(server) => mysql::body(server, ops, run),
        }
    }

    /// What an op is, in words, if there are none for it here, where a plan leads from the first of `ends` to the second.
    pub fn unspoken(self, ends: (&Catalog, &Catalog), op: &Op) -> Option<Unspoken> {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => None,
            Dialect::Mysql(server) => mysql::unspoken(server, ends, op),
        }
    }

    /// Does an op change nothing but what the plan knows?
    pub fn is_silent(self, op: &Op) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => false,
            Dialect::Mysql(server) => mysql::kind(server, op) == mysql::Kind::Silent,
        }
    }

    /// Are these ops one statement, where they are of one table?
    pub fn is_one_statement<'o>(self, mut ops: impl Iterator<Item = &'o Op>) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => false,
            Dialect::Mysql(_) => ops.all(mysql::alters_columns),
        }
    }

    /// What does the same as a statement without the wait that it means for writers, to be said in front of it.
    pub fn instead(self, sql: &str) -> Vec<String> {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => Vec::new(),
            Dialect::Mysql(_) => mysql::instead(sql),
        }
    }

    /// Whose plans these are, as its vendor writes it.
    pub fn title(self) -> &'static str {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => self.conventions().title,
            Dialect::Mysql(server) => server.title(),
        }
    }

    /// What Prisma makes of a schema here.
    pub fn conventions(self) -> &'static Conventions {
        match self {
            Dialect::Postgres(_) => &postgres::CONVENTIONS,
            Dialect::Sqlite(_) => &sqlite::CONVENTIONS,
            Dialect::Mysql(_) => &mysql::CONVENTIONS,
        }
    }

    /// How a file with these ops must be sent.
    pub fn class(self, ops: &[Op]) -> FileClass {
        match self {
            Dialect::Postgres(_) => postgres::class(ops),
            Dialect::Sqlite(_) => sqlite::class(ops),
            Dialect::Mysql(server) => mysql::class(server, ops),
        }
    }

    /// The text of a file behind its header.
    pub fn file(self, class: FileClass, body: &Body) -> String {
        match self {
            Dialect::Postgres(_) => postgres::file(class, body),
            Dialect::Sqlite(_) => sqlite::file(class, body),
            Dialect::Mysql(server) => mysql::file(server, class, body),
        }
    }

    /// The query that returns a row for each problem.
    pub fn query(self, at: &Catalog, fact: &Fact) -> Option<Asked> {
        match self {
            Dialect::Postgres(_) => postgres::query(at, fact),
            Dialect::Sqlite(_) => sqlite::query(at, fact),
            Dialect::Mysql(_) => mysql::query(at, fact),
        }
    }

    /// What to look for on the server before a stage.
    pub fn preflight(self, stage: &Undertaking) -> Vec<Asked> {
        match self {
            Dialect::Postgres(_) => postgres::preflight(stage),
            Dialect::Sqlite(_) => sqlite::preflight(),
            Dialect::Mysql(server) => mysql::preflight(server, stage),
        }
    }

    /// The columns that a statement says anew, and what no schema speaks of goes.
    pub fn said_anew(self, sql: &str) -> Vec<(String, String)> {
        match self {
            Dialect::Mysql(server) => mysql::said_anew(server, sql),
            // A column is changed piece by piece, or looked up whole.
            Dialect::Postgres(_) | Dialect::Sqlite(_) => Vec::new(),
        }
    }

    /// What to look at while a plan is under way.
    pub fn monitor(self, plan: &Undertaking) -> Vec<Asked> {
        match self {
            Dialect::Postgres(_) => postgres::monitor(plan),
            // It is one transaction: there is nothing under way that another connection could see.
            Dialect::Sqlite(_) => Vec::new(),
            Dialect::Mysql(_) => Vec::new(),
        }
    }

    /// Are two labels of an enum one to the server? MySQL compares them by the collation of the column, which minds no case
    /// (<https://dev.mysql.com/doc/refman/8.4/en/enum.html>, <https://dev.mysql.com/doc/refman/8.4/en/charset-collation-names.html>).
    pub fn is_same_label(self, one: &str, other: &str) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => one == other,
            Dialect::Mysql(_) => one.to_lowercase() == other.to_lowercase(),
        }
    }

    /// May a column of this type come with a constant as its default, beside its users? MySQL takes an expression alone for long types, and copies the table for it
    /// (error 1101 and 1845, seen on 9.7; MariaDB takes either at once).
    pub fn comes_with_constant(self, ty: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => true,
            Dialect::Mysql(server) => mysql::comes_with_constant(server, ty),
        }
    }

    /// What changing a type costs.
    pub fn retype(self, from: &ColumnType, to: &ColumnType) -> Retype {
        match self {
            Dialect::Postgres(_) => postgres::retype(from, to),
            Dialect::Sqlite(_) => sqlite::retype(from, to),
            Dialect::Mysql(server) => mysql::retype(server, from, to),
        }
    }

    /// May a column get a type that holds fewer values, beside its users, and the server refuses where one does not fit?
    pub fn narrows(self, from: &ColumnType, to: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => false,
            Dialect::Mysql(server) => mysql::narrows(server, from, to),
        }
    }

    /// Is it a type of whole numbers, of however many bytes? Asked where rows are numbered by a column alone.
    pub fn is_whole(self, ty: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Sqlite(_) => false,
            Dialect::Mysql(_) => mysql::is_whole(ty),
        }
    }

    /// How values of one type become values of another; None where they do not.
    pub fn cast(self, at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
        match self {
            Dialect::Postgres(_) => postgres::cast(at, from, to, operand),
            Dialect::Sqlite(_) => sqlite::cast(at, from, to, operand),
            Dialect::Mysql(_) => mysql::cast(at, from, to, operand),
        }
    }

    /// Conversions that somebody may mean where the database has none, the likely first; `names` are those of both columns.
    pub fn proposals(self, at: &Catalog, from: &ColumnType, to: &ColumnType, names: (&str, &str)) -> Vec<Proposal> {
        match self {
            Dialect::Postgres(_) => postgres::proposals(at, from, to, names),
            // What clients have written is of any type: what is meant has to be said in SQL.
            Dialect::Sqlite(_) => Vec::new(),
            Dialect::Mysql(_) => Vec::new(),
        }
    }

    /// Does a client whose field is `own` work on a column of type `there`?
    pub fn works(self, own: &ColumnType, there: &ColumnType) -> Works {
        match self {
            Dialect::Postgres(_) => postgres::works(own, there),
            Dialect::Sqlite(_) => sqlite::works(own, there),
            Dialect::Mysql(_) => mysql::works(own, there),
        }
    }

    /// Does the database keep clients from writing what is none of an enum's values?
    pub fn guards_enums(self) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Mysql(_) => true,
            Dialect::Sqlite(_) => false,
        }
    }

    /// Does the database give a row its number in a column of this type that has a sequence?
    pub fn counts(self, ty: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) | Dialect::Mysql(_) => true,
            Dialect::Sqlite(_) => sqlite::counts(ty),
        }
    }

    /// Does a column of type `there` hold fewer values, or less exact ones, than a client writes whose field is `own`?
    pub fn narrower(self, own: &ColumnType, there: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) => postgres::narrower(own, there),
            // A type is a hint there: every column holds what is written.
            Dialect::Sqlite(_) => false,
            Dialect::Mysql(_) => mysql::narrower(own, there),
        }
    }

    /// Can a client whose field is `own` read every value that a column of type `there` may hold? Asked where it works at all.
    pub fn reads_all(self, own: &ColumnType, there: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) => postgres::reads_all(own, there),
            // What does not fit is said of the type as a whole.
            Dialect::Sqlite(_) | Dialect::Mysql(_) => true,
        }
    }

    /// Can a value of this type be computed from any other one, so that different ones stay different?
    pub fn derives(self, ty: &ColumnType) -> bool {
        match self {
            Dialect::Postgres(_) => *ty == ColumnType::native("UUID", &[]) || (ty.is_text() && !ty.list),
            Dialect::Sqlite(_) => false,
            Dialect::Mysql(_) => ty.is_text(),
        }
    }

    /// A value of this type that is another one in every row; None where there is none.
    pub fn distinct(self, ty: &ColumnType) -> Option<Expr> {
        match self {
            Dialect::Postgres(_) => {
                let holds = *ty == ColumnType::native("UUID", &[]) || (ty.is_text() && !ty.list);
                holds.then_some(Expr::Uuid)
            }
            Dialect::Sqlite(_) => sqlite::distinct(ty),
            Dialect::Mysql(_) => ty.is_text().then_some(Expr::Uuid),
        }
    }

    /// Is SQL another value each time it is computed?
    pub fn is_volatile(self, sql: &str) -> bool {
        match self {
            Dialect::Postgres(_) => postgres::is_volatile(sql),
            Dialect::Sqlite(_) => sqlite::is_volatile(sql),
            Dialect::Mysql(_) => mysql::is_volatile(sql),
        }
    }

    /// The zero value of a type.
    pub fn zero(self, at: &Catalog, ty: &ColumnType) -> Option<Literal> {
        match self {
            Dialect::Postgres(_) => postgres::zero(at, ty),
            Dialect::Sqlite(_) => sqlite::zero(at, ty),
            Dialect::Mysql(_) => mysql::zero(at, ty),
        }
    }

    /// Reads a value that a user wrote for a column.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse_literal(self, at: &Catalog, ty: &ColumnType, text: &str) -> Result<Expr, String> {
        match self {
            Dialect::Postgres(_) => postgres::parse_literal(at, ty, text),
            Dialect::Sqlite(_) => sqlite::parse_literal(at, ty, text),
            Dialect::Mysql(_) => mysql::parse_literal(at, ty, text),
        }
    }

    /// A column type in the database's words.
    pub fn type_name(self, at: &Catalog, ty: &ColumnType) -> String {
        match self {
            Dialect::Postgres(_) => postgres::type_name(at, ty),
            Dialect::Sqlite(_) => sqlite::type_name(at, ty),
            Dialect::Mysql(_) => mysql::type_name(at, ty),
        }
    }

    /// A query that counts what going back would lose, and the sentence that says what.
    pub fn count(self, at: &Catalog, loss: &crate::op::Loss) -> (String, Option<String>) {
        match self {
            Dialect::Postgres(_) => postgres::count(at, loss),
            Dialect::Sqlite(_) => super::loss::count(at, loss, sqlite::QUOTES),
            Dialect::Mysql(_) => super::loss::count(at, loss, mysql::QUOTES),
        }
    }

    /// A name in quotes, for messages and headers.
    pub fn name(self, name: &crate::catalog::Name) -> String {
        match self {
            Dialect::Postgres(_) => postgres::name(name),
            Dialect::Sqlite(_) => sqlite::name(name),
            Dialect::Mysql(_) => mysql::name(name),
        }
    }

    /// A column's or constraint's name in quotes.
    pub fn ident(self, name: &str) -> String {
        match self {
            Dialect::Postgres(_) => postgres::ident(name),
            Dialect::Sqlite(_) => sqlite::ident(name),
            Dialect::Mysql(_) => mysql::ident(name),
        }
    }

    /// Text that may stand in a comment.
    pub fn comment(self, text: &str) -> String {
        match self {
            Dialect::Postgres(_) => postgres::comment(text),
            Dialect::Sqlite(_) => sqlite::comment(text),
            Dialect::Mysql(_) => mysql::comment(text),
        }
    }
}
