//! How files reach a database from a shell, by its engine.

use crate::dialect::Engine;

/// The tool's name, with what has to be known of it.
pub fn title(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgresql => "**With psql** (its URL takes no `?schema=`):",
        Engine::Mysql => "**With mysql** (or mariadb), which stops at the first error by itself:",
        // Files go different ways: `deploy` says which.
        Engine::Vitess => "",
        Engine::Sqlite => {
            "**With sqlite3** (`-bail` stops at the first error, which these files rely on). Take a copy of the database first: \
             `sqlite3 \"$DATABASE_FILE\" \".backup 'before.db'\"`."
        }
    }
}

/// Sends a file that may change things and stops at the first error.
pub fn send(engine: Engine, file: &str) -> String {
    match engine {
        Engine::Postgresql => format!("psql \"$DATABASE_URL\" -X -v ON_ERROR_STOP=1 -f \"{file}\""),
        Engine::Mysql | Engine::Vitess => format!("mysql \"$DATABASE_NAME\" < \"{file}\""),
        Engine::Sqlite => format!("sqlite3 -bail \"$DATABASE_FILE\" < \"{file}\""),
    }
}

/// Asks the queries of a file.
pub fn ask(engine: Engine, file: &str) -> String {
    match engine {
        Engine::Postgresql => format!("psql \"$DATABASE_URL\" -X -f {file}"),
        Engine::Mysql | Engine::Vitess => format!("mysql --table \"$DATABASE_NAME\" < {file}"),
        Engine::Sqlite => format!("sqlite3 -readonly -header \"$DATABASE_FILE\" < {file}"),
    }
}

/// The tool's name.
pub fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgresql => "psql",
        Engine::Mysql | Engine::Vitess => "mysql",
        Engine::Sqlite => "sqlite3",
    }
}
