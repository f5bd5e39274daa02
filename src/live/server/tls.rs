//! TLS to a server, as Prisma's connection strings ask for it.

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
pub(super) enum Trust {
    /// Anybody: what is sent is hidden from listeners, and not from whoever says that he is the server. Prisma's default
    /// (`sslaccept=accept_invalid_certs`), and psql's.
    #[default]
    Anybody,
    /// Whoever has a certificate for the name of the host, from one whom the system trusts (`sslaccept=strict`).
    System,
    /// The same, from one whose certificates are in this file (`sslcert=FILE`).
    File(PathBuf),
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
    let (found, place) = match trust {
        Trust::Anybody => return Ok(store),
        Trust::System => {
            let found = rustls_native_certs::load_native_certs();
            (found.certs, "the system's certificates".to_owned())
        }
        Trust::File(path) => {
            let failed = |error: rustls::pki_types::pem::Error| {
                Error::new(format!("reading the certificates of {}", path.display()), error.to_string())
            };
            let read = CertificateDer::pem_file_iter(path).map_err(failed)?;
            (read.collect::<std::result::Result<Vec<_>, _>>().map_err(failed)?, path.display().to_string())
        }
    };
    let (taken, _) = store.add_parsable_certificates(found);
    if taken == 0 {
        return Err(Error::new(format!("looking for certificates in {place}"), "there is none"));
    }
    Ok(store)
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
