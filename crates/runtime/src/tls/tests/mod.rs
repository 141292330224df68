mod authority;
mod files;
mod handshake;

use super::DevelopmentCa;
use super::validity::since_epoch;
use crate::host::Clock;
use jiff::Timestamp;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::path::Path;
use std::sync::Arc;

/// The moment of all tests, unless they say another.
pub(super) const NOW: &str = "2026-11-28T09:00:00Z";

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

pub(super) fn authority(home: &Path) -> DevelopmentCa {
    DevelopmentCa::get_or_create(home, moment(NOW)).expect("an authority")
}

/// What a client has that was told to trust `pem`, and nothing else.
pub(super) fn roots(pem: &[u8]) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem).expect("a certificate")).expect("a root");
    roots
}

/// Whether a client that trusts these roots takes a certificate at that time.
pub(super) fn accepts(roots: &RootCertStore, certificate: &CertificateDer<'_>, now: &str) -> Result<(), rustls::Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    let now = UnixTime::since_unix_epoch(since_epoch(moment(now)));
    let algorithms = default_provider().signature_verification_algorithms.all;
    verify_server_cert_signed_by_trust_anchor(&parsed, roots, &[], now, algorithms)
}

pub(super) fn tls(ca: &DevelopmentCa, hosts: &[&str]) -> Arc<ServerConfig> {
    ca.server_config(hosts, Clock::Fixed(moment(NOW))).expect("a configuration")
}

#[derive(Debug)]
struct Fixed;

impl TimeProvider for Fixed {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(since_epoch(moment(NOW))))
    }
}

/// A client that trusts these roots, speaks these versions, and lives at [`NOW`].
pub(super) fn client(roots: RootCertStore, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let builder = ClientConfig::builder_with_details(Arc::new(default_provider()), Arc::new(Fixed));
    let builder = builder.with_protocol_versions(versions).expect("versions");
    builder.with_root_certificates(roots).with_no_client_auth()
}

pub(super) const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];
