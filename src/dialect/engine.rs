//! Which engine a script is written for.

/// An engine, whatever its version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// PostgreSQL.
    #[default]
    Postgresql,
    /// SQLite.
    Sqlite,
    /// MySQL and MariaDB.
    Mysql,
    /// PlanetScale and Vitess: files are deploy requests, and statements over a connection.
    Vitess,
}

impl Engine {
    /// The one that is not named in what is written for machines.
    pub fn is_default(&self) -> bool {
        *self == Engine::default()
    }

    /// The schema of tables for which none is named.
    pub fn home(self) -> &'static str {
        match self {
            Engine::Postgresql => "public",
            Engine::Sqlite => "main",
            // Plans stay in the database of their connection.
            Engine::Mysql | Engine::Vitess => "",
        }
    }
}
