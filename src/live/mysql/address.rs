//! Where a MySQL or MariaDB is, and how to get in.

use super::failed;
use crate::live::server::{Asked, decoded};
use crate::live::{Error, Result};
use mysql::consts::CapabilityFlags;
use mysql::{Conn, Opts, OptsBuilder, SslOpts};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// The address of a server, as Prisma writes it: `mysql://user:password@host:3306/name?sslaccept=strict`.
///
/// <https://www.prisma.io/docs/orm/overview/databases/mysql#connection-details>
#[derive(Clone)]
pub struct Address {
    options: OptsBuilder,
    /// The database that it names, if any.
    home: Option<String>,
    /// Without a password, for messages.
    shown: String,
    asked: Asked,
    ignored: Vec<String>,
}

/// It may be shown to people, so it keeps the password to itself.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// How long a server may take to answer, if the URL does not say.
const PATIENCE: u64 = 5;

impl Address {
    /// Is it one that is read here?
    pub fn is_one(text: &str) -> bool {
        text.starts_with("mysql://") || text.starts_with("mariadb://")
    }

    /// Of a URL: `sslaccept`, `sslcert`, `socket`, `prefer_socket`, `connect_timeout` and `socket_timeout` are heeded, other
    /// parameters are [ignored](Self::ignored). As with Prisma, a connection is encrypted where one of the first two asks for it.
    ///
    /// # Errors
    /// It cannot be read, or asks for a client's certificate (`sslidentity`), which is not offered.
    pub fn parse(text: &str) -> Result<Address> {
        let doing = "reading the address of a server";
        let (place, words) = text.split_once('?').unwrap_or((text, ""));
        let place = place.replacen("mariadb://", "mysql://", 1);
        let opts = Opts::from_url(&place).map_err(|error| failed(doing, error))?;
        let (host, port) = (opts.get_ip_or_hostname().into_owned(), opts.get_tcp_port());
        let home = opts.get_db_name().filter(|name| !name.is_empty()).map(str::to_owned);
        let mut shown = format!("{} at {host}:{port}", opts.get_user().unwrap_or("nobody"));
        let mut patience = PATIENCE;
        // The driver would leave TCP for the server's socket by itself, and with it what was asked of TLS.
        let mut options = OptsBuilder::from_opts(opts).prefer_socket(false);
        let (mut asked, mut ignored) = (Asked::default(), Vec::new());
        for word in words.split('&').filter(|word| !word.is_empty()) {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            let seconds = || value.parse::<u64>().map_err(|_| Error::new(doing, format!("{key}={value} is no number")));
            match key {
                _ if asked.hears(key, value)? => {}
                "socket" => {
                    let socket = decoded(value).replace(['(', ')'], "");
                    shown = format!("the socket {socket}");
                    options = options.socket(Some(socket)).prefer_socket(true);
                }
                "prefer_socket" => options = options.prefer_socket(value == "true"),
                "connect_timeout" => patience = seconds()?,
                "socket_timeout" => {
                    let time = Some(Duration::from_secs(seconds()?)).filter(|time| !time.is_zero());
                    options = options.read_timeout(time).write_timeout(time);
                }
                _ => ignored.push(key.to_owned()),
            }
        }
        let patience = Some(Duration::from_secs(patience)).filter(|time| !time.is_zero());
        Ok(Address { options: options.tcp_connect_timeout(patience), home, shown, asked, ignored })
    }

    /// Of a server of our own, behind this socket.
    pub(super) fn behind(socket: &Path) -> Address {
        let shown = format!("the socket {}", socket.display());
        let options =
            OptsBuilder::new().socket(Some(socket.display().to_string())).user(Some("root")).prefer_socket(true);
        Address { options, home: None, shown, asked: Asked::default(), ignored: Vec::new() }
    }

    /// Parameters of the URL that mean nothing here: `connection_limit`, `pool_timeout` …
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The database that it names, if any.
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// Opens a connection to a database, or to none.
    ///
    /// # Errors
    /// Nobody answers, or it is not the one who is believed.
    pub(super) fn connect(&self, database: Option<&str>) -> Result<Conn> {
        self.open(database, CapabilityFlags::empty())
    }

    /// The same as Prisma does: an update counts the rows that it found, changed or not.
    ///
    /// # Errors
    /// As above.
    pub(super) fn connect_as_client(&self, database: &str) -> Result<Conn> {
        self.open(Some(database), CapabilityFlags::CLIENT_FOUND_ROWS)
    }

    fn open(&self, database: Option<&str>, more: CapabilityFlags) -> Result<Conn> {
        let to = database.map_or_else(String::new, |name| format!("the database {name} as "));
        let doing = format!("connecting to {to}{}", self.shown);
        let mut options = self.options.clone().db_name(database).additional_capabilities(more);
        // Read while the connection is made.
        let mut certificates = None;
        if self.asked.any {
            let trust = self.asked.trust();
            let mut tls = SslOpts::default();
            match trust.pem()? {
                None => tls = tls.with_danger_accept_invalid_certs(true),
                Some(pem) => {
                    let mut file = tempfile::NamedTempFile::new().map_err(|error| failed(&doing, error))?;
                    file.write_all(pem.as_bytes()).map_err(|error| failed(&doing, error))?;
                    tls = tls.with_root_cert_path(Some(file.path().to_owned()));
                    certificates = Some(file);
                }
            }
            options = options.ssl_opts(tls);
        }
        let connection = Conn::new(options).map_err(|error| super::refused(&doing, error));
        drop(certificates);
        connection
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_url_of_prisma_is_read_and_its_password_is_not_shown() {
        let url = "mysql://me:pass%20word@db.example:3307/shop?connection_limit=1&sslaccept=strict&pool_timeout=3&connect_timeout=7";
        let address = Address::parse(url).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((address.home(), format!("{address:?}").as_str()), (Some("shop"), "me at db.example:3307"));
        assert_eq!(address.ignored(), ["connection_limit", "pool_timeout"]);
        assert!(address.asked.any);
        let local = Address::parse("mariadb://me@localhost/shop?socket=(/tmp/a%20b.sock)");
        assert_eq!(format!("{:?}", local.unwrap_or_else(|error| panic!("{error}"))), "the socket /tmp/a b.sock");
    }

    #[test]
    fn what_cannot_be_done_is_refused_by_name() {
        let refused = |url: &str| Address::parse(url).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(refused("mysql://me@db/shop?sslidentity=me.p12").contains("sslidentity asks for a certificate"));
        assert!(refused("mysql://me@db/shop?sslaccept=no").contains("sslaccept=no is neither"));
        assert!(refused("mysql://me@db/shop?connect_timeout=soon").contains("is no number"));
        assert!(refused("postgresql://me@db/shop").contains("reading the address"));
    }
}
