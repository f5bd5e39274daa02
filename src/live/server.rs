//! A private PostgreSQL: found on the machine, started in a temporary folder, reachable through a socket in it alone, and
//! gone with whoever started it, also when that one is killed.

use super::{Doing, Error, Result, quote};
use postgres::{Client, Config, NoTls};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

mod find;

pub use find::{Installation, find};

/// The variable that names a server to use in place of one of our own, as `host=… user=…`. Whoever sets it owns the
/// server: databases are made and dropped in it.
pub const VARIABLE: &str = "PRISMA_STAGE_SERVER";

/// A running server in which databases can be made at will.
#[derive(Debug)]
pub struct Server {
    connection: String,
    keeper: Option<Child>,
    /// Its major version.
    pub major: u32,
}

/// A database of its own, dropped when this is.
#[derive(Debug)]
pub struct Database {
    connection: String,
    /// Its name on the server.
    pub name: String,
}

static SHARED: LazyLock<Result<Server>> = LazyLock::new(|| match std::env::var(VARIABLE) {
    Ok(connection) if !connection.is_empty() => Server::at(&connection),
    _ => Server::start(std::env::var("PG").ok().and_then(|major| major.parse().ok())),
});

impl Server {
    /// The one server of this process: the one that [`VARIABLE`] names, else one of our own (of the major version in the
    /// variable `PG`, if set) that ends with the process.
    pub fn shared() -> Result<&'static Server> {
        SHARED.as_ref().map_err(Clone::clone)
    }

    /// Uses a server that somebody else runs.
    pub fn at(connection: &str) -> Result<Server> {
        let mut server = Server { connection: connection.to_owned(), keeper: None, major: 0 };
        server.major = server.ask_major()?;
        Ok(server)
    }

    /// Starts one, of this major version if one is given.
    pub fn start(major: Option<u32>) -> Result<Server> {
        let found = find(major)?;
        let doing = || format!("starting {}", found.bin.join("postgres").display());
        let mut command = find::unprivileged("sh");
        let parent = std::env::temp_dir();
        command
            .args(["-c", include_str!("server.sh"), "prisma-stage-server"])
            .arg(find::reachable(&found)?)
            .arg(&parent);
        command.current_dir(&parent).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = command.spawn().doing(doing)?;
        let mut line = String::new();
        if let Some(out) = keeper.stdout.take() {
            BufReader::new(out).read_line(&mut line).doing(doing)?;
        }
        match line.trim().split_once(' ') {
            Some(("ready", folder)) => {
                let connection = format!("host={folder} port=5432 user=postgres");
                Ok(Server { connection, keeper: Some(keeper), major: found.major })
            }
            _ => {
                stop(&mut keeper);
                Err(Error::new(doing(), line.trim().trim_start_matches("failed ")))
            }
        }
    }

    /// How to reach it, in the form of [`VARIABLE`].
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// Makes an empty database, or a copy of `template` (which nobody may be connected to).
    pub fn create(&self, template: Option<&Database>) -> Result<Database> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("stage_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let from = template.map_or("template0", |t| &t.name);
        // Without the log of every page, from 15 on by request: https://www.postgresql.org/docs/15/sql-createdatabase.html
        let how = if self.major >= 15 { " STRATEGY file_copy" } else { "" };
        let sql = format!("CREATE DATABASE {} TEMPLATE {}{how}", quote(&name), quote(from));
        self.maintenance()?.batch_execute(&sql).doing(|| format!("creating the database {name} from {from}"))?;
        Ok(Database { connection: self.connection.clone(), name })
    }

    fn maintenance(&self) -> Result<Client> {
        connect(&self.connection, "postgres")
    }

    fn ask_major(&self) -> Result<u32> {
        let row = self.maintenance()?.query_one("SELECT current_setting('server_version_num')::int / 10000", &[]);
        let major: i32 = row.doing(|| "asking the server's version".to_owned())?.get(0);
        Ok(u32::try_from(major).unwrap_or(0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            stop(keeper);
        }
    }
}

/// The keeper ends the server when its standard input closes.
fn stop(keeper: &mut Child) {
    drop(keeper.stdin.take());
    // A keeper that is already gone has nothing left to stop.
    let _ = keeper.wait();
}

impl Database {
    /// Opens a connection.
    pub fn connect(&self) -> Result<Client> {
        connect(&self.connection, &self.name)
    }

    /// The connection string, for `psql` and its like.
    pub fn connection(&self) -> String {
        format!("{} dbname={}", self.connection, self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut client) = connect(&self.connection, "postgres") {
            // It is scratch: what cannot be dropped goes with the server.
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(&self.name)));
        }
    }
}

/// Opens a connection to a database of a server.
fn connect(connection: &str, database: &str) -> Result<Client> {
    let doing = || format!("connecting to {database} at {connection}");
    let mut config = connection.parse::<Config>().doing(doing)?;
    config.dbname(database).application_name("prisma-stage").connect(NoTls).doing(doing)
}

/// `psql`, of the installation that was found or from the path.
pub fn psql() -> PathBuf {
    let beside = find(None).map(|found| found.bin.join("psql"));
    beside.ok().filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("psql"))
}

/// A program as the user that servers run as.
pub fn unprivileged(program: &str) -> Command {
    find::unprivileged(program)
}
