use super::validity::since_epoch;
use crate::host::Clock;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType, SerialNumber, date_time_ymd,
};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// Apple's platforms refuse more than 825 days even from an authority that the user trusts; short is enough for a
/// certificate that every start makes anew.
const LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A server that runs for months gets a new one this long before the old one ends.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Clocks of containers and devices run behind.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

/// No certificate could be made: the cryptographic library failed.
#[derive(Debug, thiserror::Error)]
#[error("no certificate could be made")]
pub struct IssueError;

/// The certificate of a server, kept in memory only, and made anew before it ends.
pub(super) struct Leaves {
    issuer: Arc<Issuer<'static, KeyPair>>,
    names: Vec<SanType>,
    clock: Clock,
    current: RwLock<Leaf>,
}

#[derive(Clone)]
struct Leaf {
    certified: Arc<CertifiedKey>,
    shown: Range<Timestamp>,
}

impl std::fmt::Debug for Leaves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaves").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Leaves {
    /// A certificate for these names, good from now on.
    pub(super) fn new(
        issuer: Arc<Issuer<'static, KeyPair>>,
        names: Vec<SanType>,
        clock: Clock,
    ) -> Result<Self, IssueError> {
        let current = RwLock::new(issue(&issuer, &names, clock.now())?);
        Ok(Self { issuer, names, clock, current })
    }

    /// What is shown at `now`.
    pub(super) fn at(&self, now: Timestamp) -> Arc<CertifiedKey> {
        let leaf = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        if leaf.shown.contains(&now) {
            return leaf.certified;
        }
        // Should it fail, the old one still has days to live, and the next connection tries again.
        let Ok(renewed) = issue(&self.issuer, &self.names, now) else { return leaf.certified };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewed.clone();
        renewed.certified
    }
}

impl ResolvesServerCert for Leaves {
    /// The same for every name: which host was meant is judged by the server, from the request.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.at(self.clock.now()))
    }
}

fn issue(issuer: &Issuer<'static, KeyPair>, names: &[SanType], now: Timestamp) -> Result<Leaf, IssueError> {
    let key = KeyPair::generate().map_err(|_| IssueError)?;
    let certificate = parameters(names, now)?.signed_by(&key, issuer).map_err(|_| IssueError)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialized_der()));
    let key = any_supported_type(&key).map_err(|_| IssueError)?;
    // Also a clock that is set back leads to a new one.
    let shown = after(now, -TOLERANCE)..after(now, LIFETIME - RENEWED_BEFORE);
    Ok(Leaf { certified: Arc::new(CertifiedKey::new(vec![certificate.into()], key)), shown })
}

/// RFC 5280 §4.2 for the server's own certificate. Names are in `subjectAltName` alone (RFC 9110 §4.3.4, RFC 9525 §2);
/// the subject tells people what it is.
fn parameters(names: &[SanType], now: Timestamp) -> Result<CertificateParams, IssueError> {
    let mut parameters = CertificateParams::default();
    parameters.serial_number = Some(serial_number()?);
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::OrganizationName, "Wayfarer development certificate");
    parameters.subject_alt_names = names.to_vec();
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    set_validity(&mut parameters, now, LIFETIME);
    Ok(parameters)
}

/// From a little before `now`, for `lifetime`.
pub(super) fn set_validity(parameters: &mut CertificateParams, now: Timestamp, lifetime: SignedDuration) {
    parameters.not_before = date_time_ymd(1970, 1, 1) + since_epoch(after(now, -TOLERANCE));
    parameters.not_after = date_time_ymd(1970, 1, 1) + since_epoch(after(now, lifetime));
}

fn after(moment: Timestamp, duration: SignedDuration) -> Timestamp {
    moment.saturating_add(duration).unwrap_or(moment)
}

/// Drawn, so that no two certificates of one authority share it (RFC 5280 §4.1.2.2): positive, and not zero.
pub(super) fn serial_number() -> Result<SerialNumber, IssueError> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| IssueError)?;
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}
