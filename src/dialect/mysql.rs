//! MySQL and MariaDB.
//!
//! The contents page: [`spell`] says how each op is written, [`file()`] how ops share a file, [`query`] how a fact about rows is looked
//! up. Plans for it ([`Alter::OneByOne`](super::Alter)) hold two kinds of ops: a fact, and one database turned into the next.

mod alter;
mod backfill;
mod body;
mod cast;
mod copy;
mod fact;
mod file;
mod helper;
mod mapping;
mod preflight;
mod quote;
mod sync;
mod table;
mod trigger;
mod types;
mod value;

pub use body::{Kind, body, kind, unspoken};
pub use cast::{cast, narrower, works};
pub use copy::instead;
pub use fact::query;
pub use file::{class, file};
pub use preflight::preflight;
pub use quote::{comment, ident, name};
pub use table::{column_sql, database};
pub use types::{Family, family, retype};
pub use value::{is_volatile, parse_literal, type_sql as type_name, zero};

use super::conventions::{Conventions, Fulltext, JoinKey};
use super::names::{Called, Names, Spaces};
use super::{Provider, Spelled};
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

/// MySQL or MariaDB, of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mysql {
    /// Whose.
    pub vendor: Vendor,
    /// Major and minor version.
    pub version: (u16, u16),
}

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Default for Mysql {
    /// The oldest that its vendor supports.
    fn default() -> Self {
        Mysql { vendor: Vendor::Mysql, version: (8, 4) }
    }
}

impl Mysql {
    /// Reads `--target`: `mysql`, `mysql@8.0`, `mariadb@10.11`. The error says what is wrong with it.
    ///
    /// # Errors
    /// Another provider, or a version that cannot add columns at once.
    pub fn parse(target: &str) -> Result<Mysql, String> {
        let (provider, version) = target.split_once('@').map_or((target, None), |(p, v)| (p, Some(v)));
        let (vendor, oldest, usual) = match provider {
            "mariadb" => (Vendor::Mariadb, (10, 6), (10, 6)),
            other if Provider::parse(other) == Some(Provider::Mysql) => (Vendor::Mysql, (8, 0), (8, 4)),
            other => {
                return Err(format!("the schemas are for MySQL, not for {other:?}; write mysql@8.4 or mariadb@10.11"));
            }
        };
        let Some(version) = version else { return Ok(Mysql { vendor, version: usual }) };
        let mut parts = version.split('.').map(str::parse::<u16>);
        match (parts.next(), parts.next()) {
            (Some(Ok(major)), minor) => {
                let minor = minor.and_then(Result::ok).unwrap_or(0);
                if (major, minor) < oldest {
                    return Err(format!("{provider} {version} is too old: {}.{} is the oldest", oldest.0, oldest.1));
                }
                Ok(Mysql { vendor, version: (major, minor) })
            }
            (Some(Err(_)) | None, _) => {
                Err(format!("{version:?} is no version; write {provider}@{}.{}", usual.0, usual.1))
            }
        }
    }
}

/// How MySQL does an op that is no matter of shape ([`body`]), given the catalog as it stands before it.
pub fn spell(op: &Op, run: &Run) -> Vec<Spelled> {
    let at = &run.catalog;
    match op {
        Op::Redefine(there) => alter::spell(at, there),
        Op::Assert(fact) => fact::assert(at, fact),
        // A foreign key is made without a look at the rows.
        Op::ValidateForeignKey { on, id } => match at.foreign_key(*on, *id) {
            Some(key) => {
                let (columns, referenced) = (key.columns.clone(), key.referenced.clone());
                fact::assert(at, &Fact::NoOrphans { on: *on, columns, references: key.references, referenced })
            }
            None => Vec::new(),
        },
        Op::CreateTrigger(_, trigger) => trigger::create(at, trigger),
        Op::DropTrigger(id) => trigger::drop(at, *id),
        Op::OpenBookkeeping => helper::open(),
        Op::CloseBookkeeping => helper::close(),
        Op::Backfill(fill) => backfill::spell(at, fill),
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
