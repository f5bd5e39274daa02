//! A MariaDB of our own: Debian's package, started in a folder of its own behind a socket, gone when this process ends.

use super::{Database, failed};
use crate::live::rehearse::plain::Place;
use crate::live::server::unprivileged;
use crate::live::{Doing, Result};
use mysql::{Conn, OptsBuilder};
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
    at: At,
    /// Ends the server when this process does: its shell waits for our end of the pipe.
    _keeper: Option<Mutex<Child>>,
}

#[derive(Debug)]
enum At {
    Socket(PathBuf),
    Url(String),
}

impl Server {
    /// The one of this process: that of [`VARIABLE`], or a MariaDB that is started now.
    ///
    /// # Errors
    /// There is none, and none can be started.
    pub fn shared() -> Result<&'static Server> {
        static SHARED: OnceLock<std::result::Result<Server, String>> = OnceLock::new();
        let started = SHARED.get_or_init(|| Server::start().map_err(|e| e.said));
        started.as_ref().map_err(|said| failed("starting MariaDB", said))
    }

    fn start() -> Result<Server> {
        if let Ok(url) = std::env::var(VARIABLE)
            && !url.is_empty()
        {
            return Ok(Server { at: At::Url(url), _keeper: None });
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
        let server = Server { at: At::Socket(socket), _keeper: Some(Mutex::new(keeper)) };
        let since = Instant::now();
        loop {
            match server.connect(None) {
                Ok(_) => return Ok(server),
                Err(error) if since.elapsed() > Duration::from_secs(30) => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    fn connect(&self, database: Option<&str>) -> Result<Conn> {
        let failed_to = |e: mysql::Error| failed("connecting to MySQL", e);
        match &self.at {
            At::Socket(socket) => {
                let options = OptsBuilder::new()
                    .socket(Some(socket.display().to_string()))
                    .user(Some("root"))
                    .prefer_socket(true)
                    .db_name(database);
                Conn::new(options).map_err(failed_to)
            }
            At::Url(url) => {
                let options = mysql::Opts::from_url(url).map_err(|e| failed("reading MYSQL_URL", e))?;
                Conn::new(OptsBuilder::from_opts(options).db_name(database)).map_err(failed_to)
            }
        }
    }

    /// `MariaDB 10.11.14`
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn version(&self) -> Result<String> {
        let found = Database::of(self.connect(None)?, String::new()).query("SELECT VERSION()")?;
        let version = found.into_iter().flatten().flatten().next().unwrap_or_default();
        Ok(match version.split_once("-MariaDB") {
            Some((number, _)) => format!("MariaDB {number}"),
            None => format!("MySQL {version}"),
        })
    }

    /// In words.
    pub fn whose(&self) -> &'static str {
        match self.at {
            At::Socket(_) => "a scratch server in a folder of its own",
            At::Url(_) => "the server of MYSQL_URL",
        }
    }

    /// A new database, in which these files were run one after the other.
    ///
    /// # Errors
    /// One of them does not run.
    pub fn open(&self, files: &[String]) -> Result<Database> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("ps_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let maintenance = Database::of(self.connect(None)?, String::new());
        maintenance.run(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"))?;
        let database = Database::of(self.connect(Some(&name))?, name);
        for file in files {
            database.run(file)?;
        }
        Ok(database)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            // The server goes with this process anyway.
            let _ = self.run(&format!("DROP DATABASE IF EXISTS {}", self.name));
        }
    }
}
