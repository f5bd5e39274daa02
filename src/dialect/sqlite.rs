//! SQLite.
//!
//! The contents page: [`spell`] says how each op is written, [`file()`] how ops share a file, [`retype`] what a type change
//! costs, [`query`] how a fact about rows is looked up. Nearly everything is one op, [`Op::Redefine`]: what `ALTER TABLE` can do
//! is little, so the whole difference is looked at once.

mod across;
mod carry;
mod cast;
mod fact;
mod file;
mod hang;
mod preflight;
mod quote;
mod redefine;
mod rows;
mod table;
mod trigger;
mod types;
mod value;

pub use cast::{cast, counts, retype, works};
pub use fact::query;
pub use file::{class, file};
pub use preflight::preflight;
pub use quote::{comment, ident, name};
pub use value::{default_sql as default_name, distinct, is_volatile, parse_literal, type_sql as type_name, zero};

use super::conventions::{Conventions, Fulltext, JoinKey};
use super::names::{Called, Names, Spaces};
use super::{Provider, Spelled};
use crate::op::{Op, Redefinition, Run};

/// What is locked, as SQLite calls it: all tables are in one file.
const DATABASE: &str = "main";

/// The lock that one writer holds, from `BEGIN IMMEDIATE` on (<https://www.sqlite.org/lockingv3.html>): readers go on, other
/// writers wait as long as their busy timeout.
const WRITES: &str = "RESERVED";

/// How it quotes.
pub const QUOTES: super::loss::Quotes =
    super::loss::Quotes { ident: quote::ident, name: quote::name, literal: quote::literal };

/// What Prisma makes of a schema here. Names have no bound.
pub static CONVENTIONS: Conventions = Conventions {
    title: "SQLite",
    names: Names {
        limit: usize::MAX,
        primary_keys: Called::Nothing,
        foreign_keys: Called::Nothing,
        spaces: Spaces::TablesAndIndexes,
    },
    default_schema: None,
    default_type: types::default_type,
    takes_constants: |_| true,
    natives: &[],
    join_key: JoinKey::UniqueIndex,
    access_method: types::access_method,
    operator_class: |_| None,
    fulltext: Fulltext::None,
};

/// SQLite of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sqlite {
    /// The version behind the 3: 40 of 3.40.
    pub minor: u16,
}

impl Default for Sqlite {
    /// The oldest that long-term distributions still have.
    fn default() -> Self {
        Sqlite { minor: 40 }
    }
}

impl Sqlite {
    /// Reads `--target`: `sqlite`, `sqlite@3.45`. The error says what is wrong with it.
    ///
    /// # Errors
    /// Another provider, or a version that is none or too old for what plans need (`DROP COLUMN`, 3.35).
    pub fn parse(target: &str) -> Result<Sqlite, String> {
        let (provider, version) = target.split_once('@').map_or((target, None), |(p, v)| (p, Some(v)));
        if Provider::parse(provider) != Some(Provider::Sqlite) {
            return Err(format!("the schemas are for SQLite, not for {provider:?}; write sqlite or sqlite@3.45"));
        }
        let Some(version) = version else { return Ok(Sqlite::default()) };
        let minor = version.strip_prefix("3.").and_then(|v| v.split('.').next()).and_then(|v| v.parse::<u16>().ok());
        match minor {
            Some(minor @ 35..) => Ok(Sqlite { minor }),
            Some(old) => Err(format!("SQLite 3.{old} cannot drop columns; 3.35 is the oldest")),
            None => Err(format!("{version:?} is no SQLite version; write sqlite@3.45")),
        }
    }
}

/// How SQLite does an op, given the catalog as it stands before it.
///
/// Plans for it ([`Alter::AtOnce`](super::Alter)) hold four kinds of ops: rows in order, facts, triggers between two tables, and one
/// database turned into another. Every other op of a shape is spelled as the turn that it makes; what has no counterpart is nothing.
pub fn spell(op: &Op, run: &Run) -> Vec<Spelled> {
    let at = &run.catalog;
    match op {
        Op::Redefine(there) => redefine::spell(at, there),
        Op::Backfill(fill) | Op::BackfillAtOnce(fill) => rows::spell(at, fill),
        Op::Assert(fact) => fact::assert(at, fact),
        Op::CreateTrigger(_, of) => trigger::create(at, of),
        Op::DropTrigger(id) => at.triggers.get(id).map_or_else(Vec::new, |of| trigger::drop(at, of)),
        // A view takes no writes, and nothing is built beside writers: plans for this database ask for none of these.
        Op::CreateNamespace(_)
        | Op::DropNamespace(_)
        | Op::CreateExtension(_)
        | Op::DropExtension(_)
        | Op::CreateEnum(..)
        | Op::DropEnum(_)
        | Op::AddEnumValue { .. }
        | Op::ForgetEnumValue { .. }
        | Op::RenameEnum { .. }
        | Op::RenameEnumValue { .. }
        | Op::CreateView(..)
        | Op::DropView(_)
        | Op::BeginOnce { .. }
        | Op::EndOnce { .. }
        | Op::OpenBookkeeping
        | Op::CloseBookkeeping
        | Op::OpenReading
        | Op::CloseReading
        | Op::Analyze(_) => Vec::new(),
        Op::CreateTable(..)
        | Op::DropTable(_)
        | Op::RenameTable { .. }
        | Op::AddColumn { .. }
        | Op::DropColumn { .. }
        | Op::RenameColumn { .. }
        | Op::SetNotNull { .. }
        | Op::DropNotNull { .. }
        | Op::SetDefault { .. }
        | Op::MoveSequence { .. }
        | Op::Retype { .. }
        | Op::Convert { .. }
        | Op::CreateIndex { .. }
        | Op::DropIndex { .. }
        | Op::RenameIndex { .. }
        | Op::ChangePrimaryKey { .. }
        | Op::RenamePrimaryKey { .. }
        | Op::AddForeignKey { .. }
        | Op::ValidateForeignKey { .. }
        | Op::DropForeignKey { .. }
        | Op::ReplaceForeignKey { .. }
        | Op::RenameForeignKey { .. }
        | Op::AddCheck { .. }
        | Op::ValidateCheck { .. }
        | Op::DropCheck { .. } => {
            let mut turned = run.clone();
            match turned.apply(op) {
                Ok(()) => {
                    let values = match op {
                        Op::Convert { on, id, value, .. } => vec![(*on, *id, value.clone())],
                        _ => Vec::new(),
                    };
                    let there = Redefinition {
                        to: turned.catalog,
                        values,
                        back: Vec::new(),
                        tidy: Vec::new(),
                        losses: Vec::new(),
                        waits: Vec::new(),
                    };
                    redefine::spell(at, &there)
                }
                // The run refuses it as well, and says so.
                Err(_) => Vec::new(),
            }
        }
    }
}
