//! PostgreSQL.
//!
//! The contents page: [`spell`] says how each op is written, [`file()`] how ops share a file, [`retype`] what a type change
//! costs, [`query`] how a fact about rows is looked up.

mod across;
mod backfill;
mod carry;
mod cast;
mod column;
mod fact;
mod file;
mod hang;
mod helper;
mod key;
mod loss;
mod mapping;
mod monitor;
mod quote;
mod retype;
mod surroundings;
mod sync;
mod table;
pub mod types;
mod value;

pub use cast::{Cast, Works, cast, narrower, proposals, reads_all, works};
pub use fact::query;
pub use file::{Body, class, file};
pub use key::condition;
pub use loss::count;
pub use monitor::monitor;
pub use quote::{comment, ident, literal, name};
pub use retype::{Retype, retype};
pub use surroundings::preflight;
pub use value::{default_sql, is_volatile, parse_literal, type_sql as type_name, zero};

use super::conventions::{Conventions, Fulltext, JoinKey};
use super::names::{Called, Names, Spaces};
use super::{Provider, Spelled};
use crate::op::{Op, Run};

/// What Prisma makes of a schema here.
pub static CONVENTIONS: Conventions = Conventions {
    title: "PostgreSQL",
    names: Names { limit: 63, primary_keys: Called::Own, foreign_keys: Called::Own, spaces: Spaces::Relations },
    default_schema: Some("public"),
    default_type: types::default_type,
    takes_constants: |_| true,
    natives: types::NATIVE,
    join_key: JoinKey::PrimaryKey,
    access_method: types::access_method,
    operator_class: types::operator_class,
    fulltext: Fulltext::None,
};

/// PostgreSQL of one major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Postgres {
    /// The major version: 14, 15 …
    pub major: u16,
}

impl Default for Postgres {
    /// The oldest that its vendor supports.
    fn default() -> Self {
        Postgres { major: 14 }
    }
}

impl Postgres {
    /// Reads `--target`: `postgresql`, `postgresql@16`. The error says what is wrong with it.
    ///
    /// # Errors
    /// Another provider, or a version that is no number or out of support.
    pub fn parse(target: &str) -> Result<Postgres, String> {
        let (provider, version) = target.split_once('@').map_or((target, None), |(p, v)| (p, Some(v)));
        match Provider::parse(provider) {
            Some(Provider::Postgresql) => {}
            Some(other) => return Err(format!("plans are made for PostgreSQL so far, not for {}", other.name())),
            None => return Err(format!("there is no provider {provider:?}; write postgresql or postgresql@16")),
        }
        let Some(version) = version else { return Ok(Postgres::default()) };
        match version.split('.').next().unwrap_or_default().parse::<u16>() {
            Ok(major @ 12..=99) => Ok(Postgres { major }),
            Ok(old) => Err(format!("PostgreSQL {old} lacks what staged plans need; 12 is the oldest")),
            Err(_) => Err(format!("{version:?} is no PostgreSQL version; write postgresql@16")),
        }
    }
}

/// How PostgreSQL does an op, given the catalog as it stands before it.
pub fn spell(op: &Op, run: &Run) -> Vec<Spelled> {
    let all = spell_op(op, run);
    match &run.catalog.once {
        Some((mark, back)) if !matches!(op, Op::EndOnce { .. }) => helper::only_once(all, mark, *back),
        Some(_) | None => all,
    }
}

fn spell_op(op: &Op, run: &Run) -> Vec<Spelled> {
    let at = &run.catalog;
    match op {
        Op::CreateNamespace(name) => table::create_namespace(name),
        Op::DropNamespace(name) => table::drop_namespace(name),
        Op::CreateExtension(x) => table::create_extension(x),
        Op::DropExtension(x) => table::drop_extension(x),
        Op::CreateEnum(_, def) => table::create_enum(def),
        Op::DropEnum(id) => table::drop_enum(at, *id),
        Op::AddEnumValue { on, value, before } => table::add_enum_value(at, *on, value, before.as_deref()),
        Op::ForgetEnumValue { .. } => Vec::new(),
        Op::RenameEnum { on, to } => table::rename_enum(at, *on, to),
        Op::RenameEnumValue { on, from, to } => table::rename_enum_value(at, *on, from, to),
        Op::CreateTable(_, def) => table::create_table(at, def),
        Op::DropTable(id) => table::drop_table(at, *id),
        Op::RenameTable { on, to } => table::rename_table(at, *on, to),
        Op::AddColumn { on, id: _, column } => column::add(at, *on, column),
        Op::DropColumn { on, id } => column::drop(at, *on, *id),
        Op::RenameColumn { on, id, to } => column::rename(at, *on, *id, to),
        Op::SetNotNull { on, id, proof } => column::set_not_null(at, *on, *id, proof.is_some()),
        Op::DropNotNull { on, id } => column::drop_not_null(at, *on, *id),
        Op::SetDefault { on, id, default } => column::set_default(at, *on, *id, default.as_ref()),
        Op::MoveSequence { on, from, to } => column::move_sequence(at, *on, *from, *to),
        Op::Retype { on, id, to } => retype::spell(at, *on, *id, to),
        Op::Convert { on, id, to, value } => retype::convert(at, *on, *id, to, value),
        Op::CreateIndex { on, id: _, index, build } => key::create_index(at, *on, index, *build),
        Op::DropIndex { on, id, build } => key::drop_index(at, *on, *id, *build),
        Op::RenameIndex { on, id, to } => key::rename_index(at, *on, *id, to),
        Op::ChangePrimaryKey { on, key } => key::change_primary_key(at, *on, key.as_ref()),
        Op::RenamePrimaryKey { on, to } => key::rename_primary_key(at, *on, to),
        Op::AddForeignKey { on, id: _, key } => key::add_foreign_key(at, *on, key),
        Op::ValidateForeignKey { on, id } => key::validate_foreign_key(at, *on, *id),
        Op::DropForeignKey { on, id } => key::drop_foreign_key(at, *on, *id),
        Op::ReplaceForeignKey { on, id, key } => key::replace_foreign_key(at, *on, *id, key),
        Op::RenameForeignKey { on, id, to } => key::rename_foreign_key(at, *on, *id, to),
        Op::AddCheck { on, id: _, check } => key::add_check(at, *on, check),
        Op::ValidateCheck { on, id } => key::validate_check(at, *on, *id),
        Op::DropCheck { on, id } => key::drop_check(at, *on, *id),
        Op::CreateView(_, view) => helper::create_view(at, view),
        Op::DropView(id) => helper::drop_view(at, *id),
        Op::CreateTrigger(_, trigger) => helper::create_trigger(at, trigger),
        Op::DropTrigger(id) => helper::drop_trigger(at, *id),
        Op::BeginOnce { .. } => Vec::new(),
        Op::EndOnce { mark, back } => helper::end_once(mark, *back),
        // Asked only where tables change at once (`Caps::alter`).
        Op::Redefine(_) => Vec::new(),
        Op::OpenBookkeeping => helper::open_bookkeeping(),
        Op::OpenReading => helper::open_reading(),
        Op::CloseReading => helper::close_reading(),
        Op::CloseBookkeeping => helper::close_bookkeeping(),
        Op::Backfill(fill) => backfill::spell(at, fill),
        Op::BackfillAtOnce(fill) => backfill::at_once(at, fill),
        Op::Assert(fact) => fact::assert(at, fact),
        Op::Analyze(on) => table::analyze(at, *on),
    }
}
