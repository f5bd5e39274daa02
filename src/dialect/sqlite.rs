//! SQLite.

mod types;

use super::conventions::{Conventions, Fulltext, JoinKey};
use super::names::{Called, Names, Spaces};

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
    natives: &[],
    join_key: JoinKey::UniqueIndex,
    access_method: types::access_method,
    operator_class: |_| None,
    fulltext: Fulltext::None,
};
