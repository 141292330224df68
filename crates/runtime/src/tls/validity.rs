use jiff::Timestamp;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use std::time::Duration;

/// How a certificate stands to a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    Current,
    Expired { since: Timestamp },
    NotYet { until: Timestamp },
}

/// Judges the dates of a certificate; `Err` when it is none that rustls can read.
pub(super) fn validity(certificate: &CertificateDer<'_>, now: Timestamp) -> Result<Validity, Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    let now = UnixTime::since_unix_epoch(since_epoch(now));
    // There are no roots, so this always fails; the dates are looked at before an issuer is looked for.
    match verify_server_cert_signed_by_trust_anchor(&parsed, &RootCertStore::empty(), &[], now, &[]) {
        Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            Ok(Validity::Expired { since: timestamp(not_after) })
        }
        Err(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
            Ok(Validity::NotYet { until: timestamp(not_before) })
        }
        Err(error @ Error::InvalidCertificate(CertificateError::BadEncoding | CertificateError::Expired)) => Err(error),
        _ => Ok(Validity::Current),
    }
}

/// Seconds since 1970, inside the years that a certificate can name (RFC 5280 §4.1.2.5).
pub(super) fn since_epoch(moment: Timestamp) -> Duration {
    const LAST: u64 = 253_402_300_799; // 9999-12-31T23:59:59Z
    Duration::from_secs(u64::try_from(moment.as_second()).unwrap_or_default().min(LAST))
}

fn timestamp(time: UnixTime) -> Timestamp {
    i64::try_from(time.as_secs()).ok().and_then(|it| Timestamp::from_second(it).ok()).unwrap_or(Timestamp::MAX)
}
