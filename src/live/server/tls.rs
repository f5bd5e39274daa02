//! TLS to a server, as Prisma's connection strings ask for it.

use super::address::decoded;
use crate::live::{Error, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Whom we believe that it is the server.
///
/// <https://www.prisma.io/docs/orm/overview/databases/postgresql#configuring-an-ssl-connection>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::live) enum Trust {
    /// Anybody: what is sent is hidden from listeners, and not from whoever says that he is the server. Prisma's default
    /// (`sslaccept=accept_invalid_certs`), and psql's.
    #[default]
    Anybody,
    /// Whoever has a certificate for the name of the host, from one whom the system trusts (`sslaccept=strict`).
    System,
    /// The same, from one whose certificates are in this file (`sslcert=FILE`).
    File(PathBuf),
}

/// What a URL says of TLS.
#[derive(Clone, Debug, Default)]
pub(in crate::live) struct Asked {
    /// Is anything said?
    pub(in crate::live) any: bool,
    /// Is the server's certificate looked at?
    pub(in crate::live) strict: bool,
    certificates: Option<PathBuf>,
}

impl Asked {
    /// Takes a parameter of a URL. Says whether it is one of these.
    ///
    /// # Errors
    /// It asks for what is not offered.
    pub(in crate::live) fn hears(&mut self, key: &str, value: &str) -> Result<bool> {
        let refused = |what: String| Err(Error::new("reading the address of a server", what));
        match (key, value) {
            ("sslaccept", "strict") => self.strict = true,
            ("sslaccept", "accept_invalid_certs") => {}
            ("sslaccept", other) => {
                return refused(format!("sslaccept={other} is neither strict nor accept_invalid_certs"));
            }
            ("sslcert" | "sslrootcert", file) => self.certificates = Some(PathBuf::from(decoded(file))),
            ("sslidentity" | "sslpassword", _) => {
                return refused(format!(
                    "{key} asks for a certificate of the client, which is not offered: use a password"
                ));
            }
            _ => return Ok(false),
        }
        self.any = true;
        Ok(true)
    }

    /// Prisma, too, looks at a certificate only where it is told to be strict.
    pub(in crate::live) fn trust(&self) -> Trust {
        match (self.strict, &self.certificates) {
            (false, _) => Trust::Anybody,
            (true, None) => Trust::System,
            (true, Some(file)) => Trust::File(file.clone()),
        }
    }
}

/// What a connection is made with.
///
/// # Errors
/// The file of certificates cannot be read, or the system has none.
pub(super) fn connector(trust: &Trust) -> Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let failed = |error: rustls::Error| Error::new("setting up TLS", error.to_string());
    let builder = builder.with_safe_default_protocol_versions().map_err(failed)?;
    let config = match trust {
        Trust::Anybody => {
            let verifier = Arc::new(Believing { provider });
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        }
        Trust::System | Trust::File(_) => builder.with_root_certificates(roots(trust)?).with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

fn roots(trust: &Trust) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    let (taken, _) = store.add_parsable_certificates(trust.certificates()?);
    if taken == 0 {
        return Err(trust.found_none());
    }
    Ok(store)
}

impl Trust {
    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>> {
        let Trust::File(path) = self else {
            return Ok(match self {
                Trust::System => rustls_native_certs::load_native_certs().certs,
                Trust::Anybody | Trust::File(_) => Vec::new(),
            });
        };
        let failed = |error: rustls::pki_types::pem::Error| {
            Error::new(format!("reading the certificates of {}", path.display()), error.to_string())
        };
        let read = CertificateDer::pem_file_iter(path).map_err(failed)?;
        read.collect::<std::result::Result<Vec<_>, _>>().map_err(failed)
    }

    fn found_none(&self) -> Error {
        let place = match self {
            Trust::Anybody => "nothing".to_owned(),
            Trust::System => "the system's certificates".to_owned(),
            Trust::File(path) => path.display().to_string(),
        };
        Error::new(format!("looking for certificates in {place}"), "there is none")
    }

    /// The certificates that are believed, for a driver that reads them from a file; None if everybody is.
    ///
    /// # Errors
    /// The file of certificates cannot be read, or the system has none.
    pub(in crate::live) fn pem(&self) -> Result<Option<String>> {
        if *self == Trust::Anybody {
            return Ok(None);
        }
        // One that no verifier reads would stop the driver, and be passed over by us.
        let usable = |found: &CertificateDer<'static>| RootCertStore::empty().add(found.clone()).is_ok();
        let found: Vec<_> = self.certificates()?.into_iter().filter(usable).collect();
        if found.is_empty() {
            return Err(self.found_none());
        }
        let one = |found: &CertificateDer<'_>| {
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(found))
        };
        Ok(Some(found.iter().map(one).collect()))
    }
}

/// <https://www.rfc-editor.org/rfc/rfc4648#section-4>, in lines of 64.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (nth, three) in bytes.chunks(3).enumerate() {
        if nth > 0 && nth % 16 == 0 {
            text.push('\n');
        }
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = char::from(LETTERS[bits >> (18 - 6 * at) & 63]);
            text.push(if at <= three.len() { letter } else { '=' });
        }
    }
    text
}

/// Takes every certificate; that the server has its key is looked at all the same.
#[derive(Debug)]
struct Believing {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Believing {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_are_letters() {
        assert_eq!(
            ["", "f", "fo", "foo", "foobar"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]
        );
        assert_eq!(base64(&[0xff; 49]).lines().map(str::len).collect::<Vec<_>>(), [64, 4]);
    }
}
