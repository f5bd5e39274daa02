//! What to look for in a database before a stage.

use crate::dialect::{Asked, Level};

/// Two things that would stop a file in its middle: it is better to know them before.
pub fn preflight() -> Vec<Asked> {
    let old = Asked {
        name: "SQLite is too old".to_owned(),
        about: "the library that runs the files has to be 3.35 or newer, for DROP COLUMN".to_owned(),
        // 3.40.1 is 40.1.
        sql: "SELECT 'SQLite is too old' AS \"problem\", sqlite_version() AS \"version\" \
              WHERE CAST(substr(sqlite_version(), 3) AS REAL) < 35"
            .to_owned(),
        level: Level::Server,
    };
    let orphans = Asked {
        name: "rows that point nowhere".to_owned(),
        about: "foreign keys are checked after a table is written anew, and rows that break one today would stop that"
            .to_owned(),
        sql: "SELECT 'rows that point nowhere' AS \"problem\", \"table\", \"parent\", count(*) AS \"rows\" \
              FROM pragma_foreign_key_check() GROUP BY \"table\", \"parent\""
            .to_owned(),
        level: Level::Rows,
    };
    vec![old, orphans]
}
