//! MySQL and MariaDB.
//!
//! The contents page: [`spell`] says how each op is written, [`file()`] how ops share a file, [`query`] how a fact about rows is looked
//! up. Plans for it ([`Alter::OneByOne`](super::Alter)) hold two kinds of ops: a fact, and one database turned into the next.

mod across;
mod again;
mod alter;
mod backfill;
mod body;
mod carry;
mod cast;
mod copy;
mod deploy;
mod fact;
mod file;
mod helper;
mod link;
mod mapping;
mod number;
mod online;
mod own;
mod preflight;
mod quote;
mod refused;
mod sync;
mod table;
mod trigger;
mod types;
mod unseen;
mod value;
pub(in crate::dialect) mod version;

pub use body::{Kind, body, kind, unspoken};
pub use cast::{cast, narrower, works};
pub use copy::instead;
pub use fact::query;
pub use file::{class, file};
pub use preflight::preflight;
pub use quote::{comment, ident, name};
pub use table::{column_sql, database};
pub use types::{Family, family, is_whole};
pub use value::{is_volatile, parse_literal, type_sql as type_name, zero};
pub use version::{Mysql, Vendor};

use super::conventions::{Conventions, Fulltext, JoinKey};
use super::names::{Called, Names, Spaces};
use super::{Retype, Spelled, Sync};
use crate::catalog::ColumnType;
use crate::op::{Fact, Op, Run};

/// How it quotes.
pub const QUOTES: super::loss::Quotes =
    super::loss::Quotes { ident: quote::ident, name: quote::name, literal: quote::literal };

/// What Prisma makes of a schema here.
pub static CONVENTIONS: Conventions = Conventions {
    title: "MySQL",
    names: Names {
        limit: 64,
        primary_keys: Called::Nothing,
        foreign_keys: Called::Own,
        spaces: Spaces::IndexesByTable,
    },
    default_schema: None,
    default_type: types::default_type,
    takes_constants: |ty| !types::is_long(ty),
    natives: types::NATIVE,
    join_key: JoinKey::UniqueIndex,
    access_method: types::access_method,
    operator_class: |_| None,
    fulltext: Fulltext::Index("FULLTEXT"),
};

/// How MySQL does an op that is no matter of shape ([`body`]), given the catalog as it stands before it.
pub fn spell(server: Mysql, op: &Op, run: &Run) -> Vec<Spelled> {
    let at = &run.catalog;
    match op {
        Op::Redefine(there) => alter::spell(server, at, there),
        Op::Assert(fact) => fact::assert(at, fact),
        // A foreign key is made without a look at the rows.
        Op::ValidateForeignKey { on, id } => match at.foreign_key(*on, *id) {
            Some(key) => {
                let (columns, referenced) = (key.columns.clone(), key.referenced.clone());
                fact::assert(at, &Fact::NoOrphans { on: *on, columns, references: key.references, referenced })
            }
            None => Vec::new(),
        },
        Op::CreateTrigger(_, trigger) => trigger::create(server, at, trigger),
        Op::DropTrigger(id) => trigger::drop(at, *id),
        Op::OpenBookkeeping => helper::open(),
        Op::CloseBookkeeping => helper::close(),
        Op::Backfill(fill) => backfill::spell(at, fill, None),
        Op::BackfillAtOnce(fill) => backfill::at_once(at, fill),
        // Part of a difference between two databases, or nothing, or refused before (`kind`).
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
        | Op::CreateTable(..)
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
        | Op::DropForeignKey { .. }
        | Op::ReplaceForeignKey { .. }
        | Op::RenameForeignKey { .. }
        | Op::AddCheck { .. }
        | Op::ValidateCheck { .. }
        | Op::DropCheck { .. }
        | Op::CreateView(..)
        | Op::DropView(_)
        | Op::BeginOnce { .. }
        | Op::EndOnce { .. }
        | Op::OpenReading
        | Op::CloseReading
        | Op::Analyze(_) => Vec::new(),
    }
}

/// May a column of this type come with a constant as its default, beside its users? A deploy request copies the table whatever it says.
pub fn comes_with_constant(server: Mysql, ty: &ColumnType) -> bool {
    match server.vendor {
        Vendor::Mysql => !types::is_long(ty),
        Vendor::Mariadb | Vendor::Vitess => true,
    }
}

/// What changing a type costs.
pub fn retype(server: Mysql, from: &ColumnType, to: &ColumnType) -> Retype {
    match server.sync() {
        Sync::Triggers => types::retype(from, to),
        Sync::Clients => deploy::retype(from, to),
    }
}

/// May a column get a type that holds fewer values, and the server refuses where one does not fit?
pub fn narrows(server: Mysql, from: &ColumnType, to: &ColumnType) -> bool {
    server.sync() == Sync::Clients && deploy::narrows(from, to)
}

/// The columns that a statement says anew, and what no schema speaks of goes: elsewhere that is looked up first.
pub fn said_anew(server: Mysql, sql: &str) -> Vec<(String, String)> {
    match server.sync() {
        Sync::Triggers => Vec::new(),
        Sync::Clients => deploy::said_anew(sql),
    }
}

/// Is it a change of columns, which goes into one `ALTER TABLE` with others?
pub fn alters_columns(op: &Op) -> bool {
    matches!(
        op,
        Op::AddColumn { .. }
            | Op::DropColumn { .. }
            | Op::SetNotNull { .. }
            | Op::DropNotNull { .. }
            | Op::SetDefault { .. }
            | Op::Retype { .. }
    )
}
