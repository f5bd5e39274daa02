//! TLS: a server with a certificate that nobody but its own file vouches for.

use prisma_stage::live::server::{Address, Database, Server};
use std::net::TcpListener;

/// A second PostgreSQL, with TLS, run by the user who runs the first one; gone with this.
struct Encrypted {
    /// Of the first one; before the server, so that it goes first.
    inside: Database,
    _keeper: Server,
    bin: String,
    folder: String,
    port: u16,
}

impl Encrypted {
    /// None where there is no `openssl` to make a certificate.
    fn start() -> Option<Encrypted> {
        let keeper = Server::start(None).unwrap();
        let inside = keeper.create(None).unwrap();
        let mut client = inside.connect().unwrap();
        let bin: String = client.query_one("SELECT setting FROM pg_config WHERE name = 'BINDIR'", &[]).unwrap().get(0);
        let socket: String = client.query_one("SHOW unix_socket_directories", &[]).unwrap().get(0);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = format!("{socket}/tls");
        let made = Encrypted { inside, _keeper: keeper, bin, folder, port };
        let (bin, folder) = (&made.bin, &made.folder);
        let has_openssl = made.run("command -v openssl >/dev/null");
        if !has_openssl {
            eprintln!("skipped: no openssl to make a certificate with");
            return None;
        }
        assert!(made.run(&format!("mkdir {folder} && chmod 755 {folder}")));
        assert!(made.run(&format!(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
             -addext basicConstraints=critical,CA:FALSE -keyout {folder}/key.pem -out {folder}/cert.pem 2>/dev/null \
             && chmod 600 {folder}/key.pem && chmod 644 {folder}/cert.pem"
        )));
        assert!(made.run(&format!("{bin}/initdb -D {folder}/data -U postgres --auth=trust --no-sync >/dev/null 2>&1")));
        assert!(made.run(&format!(
            "{bin}/pg_ctl -D {folder}/data -w -l {folder}/log -o \"-k {folder} -p {port} -c listen_addresses=127.0.0.1 \
             -c ssl=on -c ssl_cert_file={folder}/cert.pem -c ssl_key_file={folder}/key.pem\" start >/dev/null 2>&1",
        )));
        Some(made)
    }

    /// Does a command of the shell work, as the user who runs the server?
    fn run(&self, command: &str) -> bool {
        let command = command.replace('\'', "''");
        self.inside.connect().unwrap().batch_execute(&format!("COPY (SELECT 1) TO PROGRAM '{command}'")).is_ok()
    }

    fn url(&self, host: &str, words: &str) -> String {
        format!("postgresql://postgres@{host}:{}/postgres?{words}", self.port)
    }

    /// Is a connection by these words encrypted? Or why is there none?
    fn is_encrypted(&self, host: &str, words: &str) -> Result<bool, String> {
        let address = Address::parse(&self.url(host, words), "").map_err(|e| e.to_string())?;
        let mut client = address.maintenance().map_err(|e| e.to_string())?;
        let asked = client.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]);
        Ok(asked.unwrap().get(0))
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.run(&format!("{}/pg_ctl -D {}/data -m immediate stop >/dev/null 2>&1", self.bin, self.folder));
    }
}

#[test]
fn a_connection_is_encrypted_and_its_server_believed_as_the_url_says() {
    let Some(server) = Encrypted::start() else { return };
    assert_eq!(server.is_encrypted("localhost", ""), Ok(true));
    assert_eq!(server.is_encrypted("localhost", "sslmode=require&sslaccept=accept_invalid_certs"), Ok(true));
    assert_eq!(server.is_encrypted("localhost", "sslmode=disable"), Ok(false));

    let own = format!("sslmode=require&sslaccept=strict&sslcert={}/cert.pem", server.folder);
    assert_eq!(server.is_encrypted("localhost", &own), Ok(true));
    let another_name = server.is_encrypted("127.0.0.1", &own).unwrap_err();
    assert!(another_name.contains("not valid for name"), "{another_name}");
    let nobody_vouches = server.is_encrypted("localhost", "sslmode=verify-full").unwrap_err();
    assert!(nobody_vouches.contains("invalid peer certificate"), "{nobody_vouches}");
    let no_file = server.is_encrypted("localhost", "sslaccept=strict&sslcert=/nowhere/ca.pem").unwrap_err();
    assert!(no_file.contains("reading the certificates of /nowhere/ca.pem"), "{no_file}");
}
