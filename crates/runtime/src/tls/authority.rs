use super::leaf::{IssueError, Leaves, serial_number, set_validity};
use super::names::subject_alt_names;
use super::signature::is_signed_by;
use super::trust;
use super::validity::{Validity, validity};
use super::{pem, server_config};
use crate::host::Clock;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::ParsedCertificate;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_store::{Access, PrivateFolder, StoreError};

const CERTIFICATE: &str = "ca.pem";
const KEY: &str = "ca-key.pem";

/// Ten years: whoever trusts it should not have to again.
const LIFETIME: SignedDuration = SignedDuration::from_hours(3652 * 24);

/// The development certificate authority could not be had.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// Its files can't be read or written.
    #[error(transparent)]
    File(#[from] StoreError),
    /// A file of it is not what was made. It is left as it is.
    #[error(
        "`{}` {reason}; restore it from a copy, or remove `{CERTIFICATE}` and `{KEY}` in that folder to have a new \
         authority made, which must be trusted again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, without any part of the key.
        reason: &'static str,
    },
    /// It is valid only later.
    #[error("the certificate `{}` is valid from {from} on, and it is {now} here: set the clock", path.display())]
    Clock {
        /// The certificate.
        path: PathBuf,
        /// When it begins.
        from: Timestamp,
        /// What time the clock tells.
        now: Timestamp,
    },
    /// A host is neither a DNS name nor an address.
    #[error("no certificate can be made out to the host `{host}`: give a DNS name or an address")]
    Host {
        /// The host.
        host: String,
    },
    /// The cryptographic library made no certificate.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The TLS library refused what was made.
    #[error("TLS can't be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// Where a development authority came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaOrigin {
    /// It was there.
    Found,
    /// It was made just now: nothing trusts it yet.
    Made,
    /// The old one had expired and was replaced: it must be trusted again.
    Renewed {
        /// When it expired.
        expired: Timestamp,
    },
}

/// A certificate authority of this machine for `serve --tls`, in `ca.pem` and `ca-key.pem` of `$WAYFARER_HOME/ca/`.
///
/// - The key is ECDSA P-256: every client since 2010 knows it, and a handshake costs a fraction of RSA's, whose time is
///   what tokens are signed with.
/// - It has no name constraints: a tenant's hosts may be any custom domain, now or later. What limits the harm of a
///   stolen key instead: it may sign nothing but certificates of TLS servers, and no further authority (path length 0).
/// - The certificate follows from the key: of several that race, all use the key that was written first, and any
///   certificate that they write is good for it.
#[derive(Debug, Clone)]
pub struct DevelopmentCa {
    folder: PrivateFolder,
    issuer: Arc<Issuer<'static, KeyPair>>,
    origin: CaOrigin,
}

impl DevelopmentCa {
    /// The authority in `home/ca/`, made when there is none and renewed when it has expired. Atomic: of several that
    /// race, in one process or many, the first to write wins.
    ///
    /// # Errors
    /// Files that can't be read or written, or that hold something else; a clock that runs far behind.
    pub fn get_or_create(home: &Path, now: Timestamp) -> Result<Self, CaError> {
        let folder = PrivateFolder::new(home.join("ca"));
        // In this order: whoever makes an authority writes the key first.
        let certificate = folder.read(CERTIFICATE)?;
        let key = match (folder.read(KEY)?, &certificate) {
            (Some(text), _) => read_key(&folder, &text)?,
            (None, Some(_)) => return Err(damaged(&folder, KEY, "is missing beside its certificate")),
            (None, None) => make_key(&folder)?,
        };
        let (text, mut origin) = match certificate {
            Some(text) => (text, CaOrigin::Found),
            None => make_certificate(&folder, &key, now)?,
        };
        match judge(&folder, &text, &key, now)? {
            Validity::Current => {}
            Validity::Expired { since } => origin = renew(&folder, &key, since, now)?,
            Validity::NotYet { until } => {
                return Err(CaError::Clock { path: folder.path_of(CERTIFICATE), from: until, now });
            }
        }
        let issuer = Arc::new(Issuer::new(parameters(&key), key));
        Ok(Self { folder, issuer, origin })
    }

    /// The certificate that clients are to trust, in PEM. The path is absolute, since clients start elsewhere.
    pub fn certificate_path(&self) -> PathBuf {
        let path = self.folder.path_of(CERTIFICATE);
        std::path::absolute(&path).unwrap_or(path)
    }

    /// Whether it was found, made or renewed: what is new must be trusted first.
    pub fn origin(&self) -> CaOrigin {
        self.origin
    }

    /// What a person should know: whole phrases, without secrets.
    pub fn warnings(&self) -> Vec<String> {
        let renewed = match self.origin {
            CaOrigin::Renewed { expired } => Some(format!(
                "the development certificate authority expired on {expired} and was replaced: trust `{}` again",
                self.certificate_path().display()
            )),
            CaOrigin::Found | CaOrigin::Made => None,
        };
        renewed.into_iter().chain(readable_by_others(&self.folder.path_of(KEY))).collect()
    }

    /// TLS for a server that is called `localhost`, `127.0.0.1`, `::1` and by each of `hosts` (`tenant.hosts()`: a name
    /// or an address, with a port or without). Its certificate is made now, stays in memory, and is made anew when
    /// `clock` comes near its end.
    ///
    /// # Errors
    /// A host that no certificate can name, or a failure of the cryptographic library.
    pub fn server_config<H: AsRef<str>>(
        &self,
        hosts: impl IntoIterator<Item = H>,
        clock: Clock,
    ) -> Result<Arc<ServerConfig>, CaError> {
        Ok(server_config(default_provider(), Arc::new(self.leaves(hosts, clock)?))?)
    }

    pub(super) fn leaves<H: AsRef<str>>(
        &self,
        hosts: impl IntoIterator<Item = H>,
        clock: Clock,
    ) -> Result<Leaves, CaError> {
        let names = subject_alt_names(hosts).map_err(|host| CaError::Host { host })?;
        Ok(Leaves::new(Arc::clone(&self.issuer), names, clock)?)
    }

    /// The command by which this platform trusts the certificate, to be pasted into its shell.
    pub fn trust_command(&self) -> String {
        trust::command(trust::Platform::here(), &self.certificate_path())
    }

    /// [`trust_command`](Self::trust_command), and what clients with certificate stores of their own need.
    pub fn trust_instructions(&self) -> String {
        trust::instructions(trust::Platform::here(), &self.certificate_path())
    }
}

fn damaged(folder: &PrivateFolder, name: &str, reason: &'static str) -> CaError {
    CaError::Damaged { path: folder.path_of(name), reason }
}

fn read_key(folder: &PrivateFolder, text: &str) -> Result<KeyPair, CaError> {
    let wrong = || damaged(folder, KEY, "holds no ECDSA P-256 key in PKCS#8");
    let der = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).map_err(|_| wrong())?;
    KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ECDSA_P256_SHA256).map_err(|_| wrong())
}

fn make_key(folder: &PrivateFolder) -> Result<KeyPair, CaError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(|_| IssueError)?;
    folder.create(KEY, &pem::encode("PRIVATE KEY", key.serialized_der()), Access::Owner)?;
    let text = folder.read(KEY)?.ok_or_else(|| damaged(folder, KEY, "vanished while it was made"))?;
    read_key(folder, &text)
}

type Text = zeroize::Zeroizing<String>;

fn make_certificate(folder: &PrivateFolder, key: &KeyPair, now: Timestamp) -> Result<(Text, CaOrigin), CaError> {
    let is_ours = folder.create(CERTIFICATE, &certificate_text(key, now)?, Access::Shared)?;
    let origin = if is_ours { CaOrigin::Made } else { CaOrigin::Found };
    let text = folder.read(CERTIFICATE)?;
    text.map(|it| (it, origin)).ok_or_else(|| damaged(folder, CERTIFICATE, "vanished while it was made"))
}

/// With the same key and name, so that it does not matter who of several is the last to replace it.
fn renew(folder: &PrivateFolder, key: &KeyPair, expired: Timestamp, now: Timestamp) -> Result<CaOrigin, CaError> {
    folder.replace(CERTIFICATE, &certificate_text(key, now)?, Access::Shared)?;
    Ok(CaOrigin::Renewed { expired })
}

fn certificate_text(key: &KeyPair, now: Timestamp) -> Result<Text, CaError> {
    let mut parameters = parameters(key);
    parameters.serial_number = Some(serial_number()?);
    set_validity(&mut parameters, now, LIFETIME);
    let certificate = parameters.self_signed(key).map_err(|_| IssueError)?;
    Ok(pem::encode("CERTIFICATE", certificate.der()))
}

/// RFC 5280 §4.2 for an authority: `basicConstraints` and `keyUsage` are critical, which strict clients ask for. The
/// name is its own for each key, since clients look issuers up by name.
fn parameters(key: &KeyPair) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    let id: String = parameters.key_identifier(key).iter().take(4).map(|it| format!("{it:02x}")).collect();
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::OrganizationName, "Wayfarer");
    parameters.distinguished_name.push(DnType::CommonName, format!("Wayfarer development CA {id}"));
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters
}

/// That the file holds the certificate of this very key, unchanged, and how it stands to `now`.
fn judge(folder: &PrivateFolder, text: &str, key: &KeyPair, now: Timestamp) -> Result<Validity, CaError> {
    let wrong = |reason| damaged(folder, CERTIFICATE, reason);
    let certificate = CertificateDer::from_pem_slice(text.as_bytes());
    let certificate = certificate.map_err(|_| wrong("holds no certificate in PEM"))?;
    let parsed =
        ParsedCertificate::try_from(&certificate).map_err(|_| wrong("holds no certificate that can be read"))?;
    if parsed.subject_public_key_info().as_ref() != key.subject_public_key_info() {
        return Err(wrong("is not the certificate of `ca-key.pem`"));
    }
    if !is_signed_by(&certificate, key) {
        return Err(wrong("was changed after it was signed"));
    }
    validity(&certificate, now).map_err(|_| wrong("holds no certificate that can be read"))
}

#[cfg(unix)]
fn readable_by_others(key: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(key).ok()?.permissions().mode();
    let command = || format!("chmod 600 {}", trust::Platform::here().quoted(key));
    (mode & 0o077 != 0).then(|| format!("`{}` is open to other users: close it with `{}`", key.display(), command()))
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<String> {
    None
}
