//! A private PostgreSQL: found on the machine, started in a temporary folder, reachable through a socket in it alone, and
//! gone with whoever started it, also when that one is killed.

use super::{Doing, Error, Result, quote};
use postgres::Client;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

mod address;
mod find;
mod tls;

pub use address::Address;
pub(in crate::live) use address::decoded;
pub use find::{Installation, find};
pub(in crate::live) use tls::Asked;

/// The variable that names a server to use in place of one of our own, as `host=… user=…`. Whoever sets it owns the
/// server: databases are made and dropped in it.
pub const VARIABLE: &str = "PRISMA_STAGE_SERVER";

/// A running server in which databases can be made at will.
#[derive(Debug)]
pub struct Server {
    address: Address,
    /// What the names of its databases begin with.
    prefix: String,
    keeper: Option<Child>,
    /// Its major version.
    pub major: u32,
}

/// A database of its own, dropped when this is.
#[derive(Debug)]
pub struct Database {
    address: Address,
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

    /// Uses a server that somebody else runs, and that is ours to do with as we like.
    pub fn at(connection: &str) -> Result<Server> {
        Server::reached(Address::parse(connection, "postgres")?, format!("stage_{}", std::process::id()))
    }

    /// Uses the server of this throwaway database, in which nothing may be: databases are made beside it and dropped, it is
    /// not touched itself.
    pub fn beside(url: &str) -> Result<Server> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0, |now| now.as_micros());
        Server::reached(Address::parse(url, "")?, format!("prisma_stage_{now:x}"))
    }

    fn reached(address: Address, prefix: String) -> Result<Server> {
        let mut server = Server { address, prefix, keeper: None, major: 0 };
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
                let address = Address::parse(&format!("host={folder} port=5432 user=postgres"), "postgres")?;
                let prefix = format!("stage_{}", std::process::id());
                Ok(Server { address, prefix, keeper: Some(keeper), major: found.major })
            }
            _ => {
                stop(&mut keeper);
                Err(Error::new(doing(), line.trim().trim_start_matches("failed ")))
            }
        }
    }

    /// How to reach it, in the form of [`VARIABLE`].
    pub fn connection(&self) -> &str {
        self.address.connection()
    }

    /// Its version in its own words: `15.14 (Debian 15.14-0+deb12u1)`.
    pub fn version(&self) -> Result<String> {
        let row = self.maintenance()?.query_one("SELECT current_setting('server_version')", &[]);
        Ok(row.doing(|| "asking the server's version".to_owned())?.get(0))
    }

    /// The tables, views and sequences in the database that [`Server::beside`] was given.
    pub fn occupied_by(&self) -> Result<Vec<String>> {
        let sql = "SELECT c.oid::regclass::text FROM pg_catalog.pg_class c
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                       WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'a', 'i'))
                   ORDER BY c.relkind <> 'r', 1";
        let rows = self.maintenance()?.query(sql, &[]).doing(|| "looking what is in the database".to_owned())?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// What drops every database that this server was asked for and that is still there, from any thread, at any time.
    pub fn sweeper(&self) -> impl Fn() + Send + use<> {
        let (address, prefix) = (self.address.clone(), self.prefix.clone());
        move || {
            // Whoever sweeps is about to end: what cannot be dropped, nobody can be told.
            let Ok(mut client) = address.maintenance() else { return };
            let sql = "SELECT datname::text FROM pg_catalog.pg_database WHERE starts_with(datname, $1)";
            for row in client.query(sql, &[&format!("{prefix}_")]).unwrap_or_default() {
                let name: String = row.get(0);
                let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(&name)));
            }
        }
    }

    /// Makes an empty database, or a copy of `template` (which nobody may be connected to).
    pub fn create(&self, template: Option<&Database>) -> Result<Database> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}_{}", self.prefix, COUNT.fetch_add(1, Ordering::Relaxed));
        let from = template.map_or("template0", |t| &t.name);
        // Without the log of every page, from 15 on by request: https://www.postgresql.org/docs/15/sql-createdatabase.html
        let how = if self.major >= 15 { " STRATEGY file_copy" } else { "" };
        let sql = format!("CREATE DATABASE {} TEMPLATE {}{how}", quote(&name), quote(from));
        self.maintenance()?.batch_execute(&sql).doing(|| format!("creating the database {name} from {from}"))?;
        Ok(Database { address: self.address.clone(), name })
    }

    fn maintenance(&self) -> Result<Client> {
        self.address.maintenance()
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
        self.address.connect(&self.name)
    }

    /// The connection string, for `psql` and its like.
    pub fn connection(&self) -> String {
        format!("{} dbname={}", self.address.connection(), self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut client) = self.address.maintenance() {
            // It is scratch: what cannot be dropped goes with the server.
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(&self.name)));
        }
    }
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
