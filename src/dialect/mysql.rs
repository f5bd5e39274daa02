//! MySQL and MariaDB: so far what a schema is there; no plan is made for them yet.

mod quote;
mod table;
mod types;
mod value;

pub use quote::{comment, ident, name};
pub use table::database;
pub use value::{parse_literal, type_sql as type_name, zero};

use super::conventions::{Conventions, Fulltext, JoinKey};
use super::names::{Called, Names, Spaces};

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
