//! Where a server is, and how to get in.

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
}

/// It may be shown to people, so it keeps the password to itself.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// What a URL may say besides; Prisma's own words (`schema`, `connection_limit`, …) say nothing to a server.
const KNOWN: [&str; 7] = ["host", "port", "user", "password", "dbname", "sslmode", "connect_timeout"];

impl Address {
    /// Of a connection string, as a URL or as `host=… user=…`; `home` is where databases are made from, empty for the database
    /// that the string names.
    pub fn parse(text: &str, home: &str) -> Result<Address> {
        let doing = || "reading the address of a server".to_owned();
        let config = without_prismas_words(text).parse::<Config>().doing(doing)?;
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
        if config.get_ssl_mode() == SslMode::Require {
            connection.push_str(" sslmode=require");
        }
        Ok(Address { connection, home: home.to_owned(), shown: format!("{user} at {host}:{port}") })
    }

    /// As `host=… user=…`.
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// Opens a connection to a database.
    pub fn connect(&self, database: &str) -> Result<Client> {
        let doing = || format!("connecting to the database {database} as {}", self.shown);
        let mut config = self.connection.parse::<Config>().doing(doing)?;
        config.dbname(database).application_name("prisma-stage").connect(NoTls).doing(doing)
    }

    /// Opens a connection to the database from which others are made.
    pub fn maintenance(&self) -> Result<Client> {
        self.connect(&self.home)
    }
}

/// A value in a connection string; a plain one stands as it is.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn without_prismas_words(text: &str) -> String {
    let Some((place, words)) = text.split_once('?').filter(|_| text.contains("://")) else { return text.to_owned() };
    let known = |word: &&str| word.split_once('=').is_some_and(|(key, _)| KNOWN.contains(&key));
    let kept: Vec<&str> = words.split('&').filter(known).collect();
    if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_url_of_prisma_is_read_and_its_password_is_not_shown() {
        let url = "postgresql://me:pass%20'word@db.example:6543/shop?schema=public&connection_limit=1";
        let address = Address::parse(url, "").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(address.connection(), "host=db.example port=6543 user=me password='pass \\'word'");
        assert_eq!((address.home.as_str(), format!("{address:?}").as_str()), ("shop", "me at db.example:6543"));
    }
}
