//! HTTPS for `serve`: certificates from a development authority of this machine, or one's own from files.
//!
//! Never in here: sockets. What comes out is a [`ServerConfig`], and whoever listens wraps its connections with it.
//! Start reading at [`DevelopmentCa`]; [`server_config_from_files`] is the other way in.

mod authority;
mod files;
mod leaf;
mod names;
mod pem;
mod signature;
mod trust;
mod validity;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::server::ResolvesServerCert;
use rustls::version::{TLS12, TLS13};
use std::sync::Arc;

pub use authority::{CaError, CaOrigin, DevelopmentCa};
pub use files::{CertificateError, ServerCertificate, server_config_from_files};
pub use leaf::IssueError;

/// TLS 1.2 and 1.3 with the one crypto backend, speaking HTTP/1.1.
fn server_config(
    provider: CryptoProvider,
    certificates: Arc<dyn ResolvesServerCert>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::new(provider));
    let builder = builder.with_protocol_versions(&[&TLS13, &TLS12])?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(certificates);
    // A client that offers only HTTP/2 is told so by TLS itself instead of by bytes that it can't read.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests;
