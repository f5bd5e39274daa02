//! Where a server is, and how to get in.

use super::tls::{self, Asked, Trust};
use crate::live::{Doing, Result};
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};

/// The address of a server.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// As `host=… user=…`, which every client of PostgreSQL reads.
    connection: String,
    /// The database from which others are made and dropped.
    home: String,
    /// Without a password, for messages.
    shown: String,
    trust: Trust,
    ignored: Vec<String>,
}

/// It may be shown to people, so it keeps the password to itself.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// What a URL says behind its question mark, and means something to us; whatever else does not is named as ignored.
#[derive(Default)]
struct Words {
    /// What the driver reads.
    kept: Vec<String>,
    trust: Trust,
    ignored: Vec<String>,
}

/// What the driver understands as it is.
const KNOWN: [&str; 10] = [
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "sslmode",
    "connect_timeout",
    "channel_binding",
    "options",
    "target_session_attrs",
];

impl Address {
    /// Of a connection string, as a URL of Prisma's or as `host=… user=…`; `home` is where databases are made from, empty for the
    /// database that the string names.
    ///
    /// Of a URL's parameters `sslmode` (`verify-ca` and `verify-full` mean `require` and a look at the certificate), `sslaccept`,
    /// `sslcert`, `host`, `connect_timeout`, `channel_binding` and `options` are heeded, the others are [ignored](Self::ignored).
    ///
    /// # Errors
    /// It cannot be read, or asks for a client's certificate (`sslidentity`), which is not offered.
    pub fn parse(text: &str, home: &str) -> Result<Address> {
        let doing = || "reading the address of a server".to_owned();
        let (place, words) = match text.split_once('?').filter(|_| text.contains("://")) {
            Some((place, words)) => (place, Words::read(words)?),
            None => (text, Words::default()),
        };
        let plain = if words.kept.is_empty() { place.to_owned() } else { format!("{place}?{}", words.kept.join("&")) };
        let config = plain.parse::<Config>().doing(doing)?;
        let host = config.get_hosts().first().map_or("localhost".to_owned(), |host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let user = config.get_user().unwrap_or("postgres");
        let named = config.get_dbname().unwrap_or(user);
        let home = if home.is_empty() { named } else { home };
        let mut connection = format!("host={} port={port} user={}", value(&host), value(user));
        if let Some(password) = config.get_password() {
            connection.push_str(&format!(" password={}", value(&String::from_utf8_lossy(password))));
        }
        match config.get_ssl_mode() {
            SslMode::Require => connection.push_str(" sslmode=require"),
            SslMode::Disable => connection.push_str(" sslmode=disable"),
            _ => {}
        }
        if let Some(time) = config.get_connect_timeout() {
            connection.push_str(&format!(" connect_timeout={}", time.as_secs()));
        }
        if let Some(options) = config.get_options() {
            connection.push_str(&format!(" options={}", value(options)));
        }
        let shown = format!("{user} at {host}:{port}");
        Ok(Address { connection, home: home.to_owned(), shown, trust: words.trust, ignored: words.ignored })
    }

    /// As `host=… user=…`.
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// Parameters of the URL that mean nothing here: `connection_limit`, `pgbouncer` …
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Opens a connection to a database.
    pub fn connect(&self, database: &str) -> Result<Client> {
        let doing = || format!("connecting to the database {database} as {}", self.shown);
        let mut config = self.connection.parse::<Config>().doing(doing)?;
        config.dbname(database).application_name("prisma-stage");
        if config.get_ssl_mode() == SslMode::Disable || is_local(&config) {
            return config.connect(NoTls).doing(doing);
        }
        config.connect(tls::connector(&self.trust)?).doing(doing)
    }

    /// Opens a connection to the database from which others are made.
    pub fn maintenance(&self) -> Result<Client> {
        self.connect(&self.home)
    }
}

impl Words {
    fn read(words: &str) -> Result<Words> {
        let mut read = Words::default();
        let mut asked = Asked::default();
        for word in words.split('&').filter(|w| !w.is_empty()) {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            match (key, value) {
                ("sslmode", "verify-ca" | "verify-full") => {
                    asked.strict = true;
                    read.kept.push("sslmode=require".to_owned());
                }
                _ if asked.hears(key, value)? => {}
                // What every URL of Prisma's says, and what is so anyway.
                ("schema", "public") => {}
                _ if KNOWN.contains(&key) => read.kept.push(word.to_owned()),
                _ => read.ignored.push(key.to_owned()),
            }
        }
        read.trust = asked.trust();
        Ok(read)
    }
}

/// A socket in a folder is nobody else's.
fn is_local(config: &Config) -> bool {
    #[cfg(unix)]
    let local = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
    #[cfg(not(unix))]
    let local = false;
    local
}

/// `%20` and the like, as a URL has them.
pub(in crate::live) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A value in a connection string; a plain one stands as it is.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::{Address, Trust};
    use std::path::PathBuf;

    fn parsed(url: &str) -> Address {
        Address::parse(url, "").unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_url_of_prisma_is_read_and_its_password_is_not_shown() {
        let address = parsed("postgresql://me:pass%20'word@db.example:6543/shop?schema=billing&connection_limit=1");
        assert_eq!(address.connection(), "host=db.example port=6543 user=me password='pass \\'word'");
        assert_eq!((address.home.as_str(), format!("{address:?}").as_str()), ("shop", "me at db.example:6543"));
        assert_eq!(address.ignored(), ["schema", "connection_limit"]);
    }

    #[test]
    fn tls_is_as_the_url_says() {
        let url =
            "postgresql://me@db.example/shop?sslmode=require&sslaccept=strict&connect_timeout=7&options=-c%20a%3Db";
        let address = parsed(url);
        assert_eq!(
            address.connection(),
            "host=db.example port=5432 user=me sslmode=require connect_timeout=7 options='-c a=b'"
        );
        assert_eq!((&address.trust, address.ignored()), (&Trust::System, &[][..]));
        let file = parsed("postgresql://me@db.example/shop?sslaccept=strict&sslcert=/a%20b/ca.pem");
        assert_eq!(file.trust, Trust::File(PathBuf::from("/a b/ca.pem")));
        assert_eq!(parsed("postgresql://me@db.example/shop?sslmode=verify-full").trust, Trust::System);
        assert_eq!(parsed("postgresql://me@db.example/shop").trust, Trust::Anybody);
    }

    #[test]
    fn what_cannot_be_done_is_refused_by_name() {
        let refused = |url: &str| Address::parse(url, "").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(refused("postgresql://me@db/shop?sslidentity=me.p12").contains("sslidentity asks for a certificate"));
        assert!(refused("postgresql://me@db/shop?sslaccept=no").contains("sslaccept=no is neither"));
    }
}
