//! A MariaDB of our own: Debian's package, started in a folder of its own behind a socket, gone when this process ends.

use super::{Address, Database, failed};
use crate::live::rehearse::plain::Place;
use crate::live::server::unprivileged;
use crate::live::{Doing, Result};
use mysql::Conn;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// A server that databases may be made in at will: `mysql://user:password@host:port`.
pub const VARIABLE: &str = "MYSQL_URL";

/// A server.
#[derive(Debug)]
pub struct Server {
    address: Address,
    whose: Whose,
    /// What the names of its databases begin with.
    prefix: String,
    /// Ends the server when this process does: its shell waits for our end of the pipe.
    _keeper: Option<Mutex<Child>>,
}

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Our own.
    Ours,
    /// That of [`VARIABLE`].
    Variable,
    /// That of `--url`.
    Url,
}

impl Server {
    /// The one of this process: that of [`VARIABLE`], or a MariaDB that is started now.
    ///
    /// # Errors
    /// There is none, and none can be started.
    pub fn shared() -> Result<&'static Server> {
        static SHARED: OnceLock<std::result::Result<Server, String>> = OnceLock::new();
        let started = SHARED.get_or_init(|| Server::start().map_err(|e| e.said));
        started.as_ref().map_err(|said| failed("looking for a MySQL or MariaDB", said))
    }

    fn start() -> Result<Server> {
        if let Ok(url) = std::env::var(VARIABLE)
            && !url.is_empty()
        {
            return Ok(Server { address: Address::parse(&url)?, whose: Whose::Variable, prefix: own(), _keeper: None });
        }
        // In memory, where that can be: nobody keeps it.
        let memory = PathBuf::from("/dev/shm");
        let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = parent.join(format!("prisma-stage-mariadb.{}", std::process::id()));
        let doing = || "starting MariaDB (mariadb-install-db, mariadbd: apt-get install mariadb-server)".to_owned();
        let data = folder.join("data");
        let socket = folder.join("socket");
        let made = unprivileged("mkdir").arg("-p").arg(&folder).current_dir("/").status().doing(doing)?;
        let install = unprivileged("mariadb-install-db")
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--datadir={}", data.display()))
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .doing(doing)?;
        if !made.success() || !install.success() {
            return Err(failed(&doing(), "mariadb-install-db failed"));
        }
        // Durability is nothing to a database that nobody keeps.
        let script = format!(
            "PATH=$PATH:/usr/sbin; mariadbd --no-defaults --datadir='{0}/data' --socket='{0}/socket' --pid-file='{0}/pid' --tmpdir='{0}' --skip-networking \
             --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --sync-binlog=0 --skip-log-bin --innodb-buffer-pool-size=64M --innodb-log-file-size=16M \
             --character-set-server=utf8mb4 >'{0}/log' 2>&1 & server=$!; cat >/dev/null; kill $server; wait $server; rm -rf '{0}'",
            folder.display()
        );
        let mut command: Command = unprivileged("sh");
        command
            .arg("-c")
            .arg(script)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let keeper = command.spawn().doing(doing)?;
        let server = Server {
            address: Address::behind(&socket),
            whose: Whose::Ours,
            prefix: own(),
            _keeper: Some(Mutex::new(keeper)),
        };
        let since = Instant::now();
        loop {
            match server.connect(None) {
                Ok(_) => return Ok(server),
                Err(error) if since.elapsed() > Duration::from_secs(30) => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Uses the server of this throwaway database, in which nothing may be: databases are made beside it and dropped, it is
    /// not touched itself.
    ///
    /// # Errors
    /// The URL cannot be read.
    pub fn beside(url: &str) -> Result<Server> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let prefix = format!("prisma_stage_{:x}", now.map_or(0, |now| now.as_micros()));
        Ok(Server { address: Address::parse(url)?, whose: Whose::Url, prefix, _keeper: None })
    }

    /// The tables and views in the database that [`Server::beside`] was given.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn occupied_by(&self) -> Result<Vec<String>> {
        let Some(home) = self.address.home() else { return Ok(Vec::new()) };
        let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1";
        let found = Database::of(self.connect(Some(home))?, None, String::new()).query(sql)?;
        Ok(found.into_iter().flatten().flatten().collect())
    }

    /// What drops every database that this server was asked for and that is still there, from any thread, at any time.
    pub fn sweeper(&self) -> impl Fn() + Send + use<> {
        let (address, prefix) = (self.address.clone(), self.prefix.clone());
        move || {
            // Whoever sweeps is about to end: what cannot be dropped, nobody can be told.
            let Ok(connection) = address.connect(None) else { return };
            let database = Database::of(connection, None, String::new());
            let found = database.query(&format!("SHOW DATABASES LIKE '{}\\_%'", prefix.replace('_', "\\_")));
            for name in found.unwrap_or_default().into_iter().flatten().flatten() {
                let _ = database.run(&format!("DROP DATABASE IF EXISTS {}", super::quote(&name)));
            }
        }
    }

    fn connect(&self, database: Option<&str>) -> Result<Conn> {
        self.address.connect(database)
    }

    /// `MariaDB 10.11.14`
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn version(&self) -> Result<String> {
        let found = Database::of(self.connect(None)?, None, String::new()).query("SELECT VERSION()")?;
        let version = found.into_iter().flatten().flatten().next().unwrap_or_default();
        Ok(match version.split_once("-MariaDB") {
            Some((number, _)) => format!("MariaDB {number}"),
            None => format!("MySQL {version}"),
        })
    }

    /// What `--target` says of it: `mariadb@10.11.14`.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn target(&self) -> Result<String> {
        let version = self.version()?;
        let (vendor, number) = version.split_once(' ').unwrap_or((&version, ""));
        let number = number.split(|c: char| c != '.' && !c.is_ascii_digit()).next().unwrap_or_default();
        Ok(format!("{}@{number}", vendor.to_lowercase()))
    }

    /// In words.
    pub fn whose(&self) -> &'static str {
        match self.whose {
            Whose::Ours => "a scratch server in a folder of its own",
            Whose::Variable => "the server of MYSQL_URL",
            Whose::Url => "the server of --url",
        }
    }

    /// A new database, in which these files were run one after the other.
    ///
    /// # Errors
    /// One of them does not run.
    pub fn open(&self, files: &[String]) -> Result<Database> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("{}_{}", self.prefix, NEXT.fetch_add(1, Ordering::Relaxed));
        let maintenance = Database::of(self.connect(None)?, None, String::new());
        maintenance.run(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"))?;
        let database = Database::of(self.connect(Some(&name))?, Some(self.address.clone()), name);
        for file in files {
            database.run(file)?;
        }
        Ok(database)
    }
}

/// What the databases of this process are called.
fn own() -> String {
    format!("ps_{}", std::process::id())
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            // The server goes with this process anyway.
            let _ = self.run(&format!("DROP DATABASE IF EXISTS {}", self.name));
        }
    }
}
