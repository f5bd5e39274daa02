//! TLS to MySQL: a MariaDB with a certificate that nobody but its own file vouches for. Where `MYSQL_URL` names a server, that one too.

use prisma_stage::live::mysql::{Server, VARIABLE};
use prisma_stage::live::rehearse::plain::Place;
use prisma_stage::live::server::unprivileged;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};

/// A MariaDB with TLS, gone with this.
struct Encrypted {
    keeper: Child,
    folder: String,
    port: u16,
}

const SCRIPT: &str = "
PATH=$PATH:/usr/sbin; exec 2>/dev/null
mkdir -p $1 && cd $1 || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -addext basicConstraints=critical,CA:FALSE -keyout key.pem -out cert.pem && chmod 755 . && chmod 644 cert.pem || exit 1
mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir=$1/data >/dev/null || exit 1
mariadbd --no-defaults --datadir=$1/data --socket=$1/s --pid-file=$1/pid --tmpdir=$1 --port=$2 --bind-address=127.0.0.1 \
  --ssl-cert=$1/cert.pem --ssl-key=$1/key.pem --skip-log-bin --innodb-buffer-pool-size=32M --innodb-log-file-size=8M >$1/log 2>&1 & server=$!
for n in $(seq 300); do mariadb --no-defaults -uroot -S $1/s -e 'SELECT 1' >/dev/null && break; sleep 0.1; done
mariadb --no-defaults -uroot -S $1/s -e \"CREATE USER stage IDENTIFIED BY 'a word'; GRANT ALL ON *.* TO stage\" && echo ready
cat >/dev/null; kill $server; wait $server; rm -rf $1";

impl Encrypted {
    /// None where there is no MariaDB, or no `openssl` to make a certificate.
    fn start() -> Option<Encrypted> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = format!("{}/prisma-stage-tls.{}", std::env::temp_dir().display(), std::process::id());
        let mut command = unprivileged("sh");
        command.args(["-c", SCRIPT, "tls", &folder, &port.to_string()]).current_dir("/");
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let made = Encrypted { keeper, folder, port };
        if line.trim() != "ready" {
            eprintln!("skipped: no MariaDB, or no openssl to make a certificate with");
            return None;
        }
        Some(made)
    }

    /// Is a connection by these words encrypted? Or why is there none?
    fn is_encrypted(&self, host: &str, words: &str) -> Result<bool, String> {
        is_encrypted(&format!("mysql://stage:a%20word@{host}:{}/?{words}", self.port))
    }
}

fn is_encrypted(url: &str) -> Result<bool, String> {
    let server = Server::beside(url).map_err(|e| e.to_string())?;
    let database = server.open(&[]).map_err(|e| e.to_string())?;
    let found = database.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'").map_err(|e| e.to_string())?;
    Ok(found.into_iter().flatten().flatten().any(|value| value.contains("TLS") || value.contains("GCM")))
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

#[test]
fn a_connection_is_encrypted_and_its_server_believed_as_the_url_says() {
    let Some(server) = Encrypted::start() else { return };
    // As with Prisma, only where it is asked for.
    assert_eq!(server.is_encrypted("localhost", "connection_limit=3"), Ok(false));
    assert_eq!(server.is_encrypted("localhost", "sslaccept=accept_invalid_certs"), Ok(true));
    let own = format!("sslaccept=strict&sslcert={}/cert.pem", server.folder);
    assert_eq!(server.is_encrypted("localhost", &own), Ok(true));
    let another_name = server.is_encrypted("127.0.0.1", &own).unwrap_err();
    assert!(another_name.contains("not valid for name"), "{another_name}");
    let nobody_vouches = server.is_encrypted("localhost", "sslaccept=strict").unwrap_err();
    assert!(
        nobody_vouches.contains("nvalidCertificate") || nobody_vouches.contains("invalid peer"),
        "{nobody_vouches}"
    );
    assert!(!nobody_vouches.contains("a word"), "{nobody_vouches}");
    let no_file = server.is_encrypted("localhost", "sslaccept=strict&sslcert=/nowhere/ca.pem").unwrap_err();
    assert!(no_file.contains("reading the certificates of /nowhere/ca.pem"), "{no_file}");
}

#[test]
fn the_server_of_the_variable_speaks_it_too() {
    let Ok(url) = std::env::var(VARIABLE) else { return };
    let found = is_encrypted(&format!("{}?sslaccept=accept_invalid_certs", url.split('?').next().unwrap_or_default()));
    assert!(found.is_ok_and(|encrypted| encrypted) || !url.contains("127.0.0.1"));
}
