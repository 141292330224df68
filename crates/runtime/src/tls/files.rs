use super::names::server_name;
use super::trust::Platform;
use super::validity::{Validity, validity};
use super::{pem, server_config};
use crate::disk::Disk;
use jiff::Timestamp;
use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{InconsistentKeys, ServerConfig};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_compiler::Files;
use zeroize::Zeroizing;

/// A chain of certificates is a few kilobytes.
const LIMIT: u64 = 1024 * 1024;

/// TLS with a certificate of one's own.
#[derive(Debug, Clone)]
pub struct ServerCertificate {
    /// For the listener.
    pub config: Arc<ServerConfig>,
    /// What clients will complain about: whole phrases, without secrets.
    pub warnings: Vec<String>,
}

/// A certificate or its key can't be used. The messages hold no part of a key.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Missing, too large, or not readable.
    #[error("cannot read `{}`: {reason}; check its path, and that you may read it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// Binary instead of PEM.
    #[error("`{}` is {format}, not PEM: convert it with `openssl {command} -in {} -out {output}`", path.display(), quoted(path))]
    Binary {
        /// The file.
        path: PathBuf,
        /// What it is.
        format: &'static str,
        /// What OpenSSL converts it with.
        command: &'static str,
        /// What the converted file is called: never what another of one's files is.
        output: &'static str,
    },
    /// The file holds other things.
    #[error("`{}` holds no {wanted}{}", path.display(), held(found))]
    Lacks {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
        /// Which PEM sections it has.
        found: Vec<String>,
    },
    /// The key is locked with a passphrase.
    #[error(
        "the key in `{}` is encrypted, and nobody can be asked for its passphrase: decrypt it with \
         `openssl pkey -in {} -out plain-key.pem`, and keep that file to yourself",
        path.display(),
        quoted(path)
    )]
    Encrypted {
        /// The file.
        path: PathBuf,
    },
    /// Cut off or garbled.
    #[error("the PEM in `{}` is damaged: copy the file again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Not an X.509 version 3 certificate.
    #[error(
        "certificate {position} in `{}` can't be read: it is damaged, or older than X.509 version 3, which \
         `subjectAltName` needs",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Which certificate of the file, from 1.
        position: usize,
    },
    /// A kind of key that TLS doesn't use here.
    #[error(
        "the key in `{}` can't be used: make one that is RSA of 2048 bits or more, ECDSA (P-256, P-384, P-521) or \
         Ed25519",
        path.display()
    )]
    UnusableKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is not the certificate's.
    #[error(
        "the key in `{}` is not that of the server's certificate in `{}`: {}",
        key.display(),
        certificate.display(),
        advice(*position)
    )]
    OtherKey {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Which certificate of the file it does belong to, from 1.
        position: Option<usize>,
    },
    /// The TLS library refused them.
    #[error("TLS can't be set up: {0}")]
    Tls(#[from] rustls::Error),
}

fn quoted(path: &Path) -> String {
    Platform::here().quoted(path)
}

fn held(found: &[String]) -> String {
    match found {
        [] => " in PEM: give the file that begins with `-----BEGIN`".to_owned(),
        _ => format!(", but `{}`: is it the right file?", found.join("`, `")),
    }
}

fn advice(position: Option<usize>) -> String {
    match position {
        Some(position) => format!("it is that of certificate {position}, which must come first"),
        None => "give the key that the certificate was requested with".to_owned(),
    }
}

/// TLS with one's own certificate chain (PEM, the server's own certificate first) and its key (PEM: PKCS#8, PKCS#1 or
/// SEC1), which may be in the same file. Byte-order marks, CRLF and UTF-16 are accepted. A certificate that is not valid
/// at `now`, and one of `hosts` that it isn't made out to, are warnings: some clients don't look.
///
/// # Errors
/// Files that can't be read, hold something else, or don't belong together.
pub fn server_config_from_files<H: AsRef<str>>(
    certificate: &Path,
    key: &Path,
    hosts: impl IntoIterator<Item = H>,
    now: Timestamp,
) -> Result<ServerCertificate, CertificateError> {
    let chain = read_chain(certificate)?;
    let mut warnings = judge_dates(certificate, &chain, now)?;
    warnings.extend(unnamed_hosts(certificate, &chain, hosts));
    let provider = default_provider();
    let private = provider.key_provider.load_private_key(read_key(key)?);
    let private = private.map_err(|_| CertificateError::UnusableKey { path: key.to_owned() })?;
    let certified = CertifiedKey::new(chain, private);
    if !fits(&certified) {
        let position = position_of_key(&certified);
        return Err(CertificateError::OtherKey { certificate: certificate.to_owned(), key: key.to_owned(), position });
    }
    let config = server_config(provider, Arc::new(SingleCertAndKey::from(certified)))?;
    Ok(ServerCertificate { config, warnings })
}

fn read_pem(path: &Path) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let bytes = Disk
        .read(path, LIMIT)
        .map_err(|error| CertificateError::Unreadable { path: path.to_owned(), reason: error.to_string() })?;
    Ok(pem::text(&Zeroizing::new(bytes)))
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let text = read_pem(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match chain.map_err(|_| unreadable_section(path, &text))? {
        chain if chain.is_empty() => {
            Err(lacks(path, &text, "certificate", ("x509 -inform DER", "converted-certificate.pem")))
        }
        chain => Ok(chain),
    }
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    let text = read_pem(path)?;
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(key) => Ok(key),
        Err(PemError::NoItemsFound) if !is_encrypted(&text) => {
            Err(lacks(path, &text, "private key", ("pkey -inform DER", "converted-key.pem")))
        }
        Err(_) => Err(unreadable_section(path, &text)),
    }
}

fn unreadable_section(path: &Path, text: &[u8]) -> CertificateError {
    let path = path.to_owned();
    if is_encrypted(text) { CertificateError::Encrypted { path } } else { CertificateError::Damaged { path } }
}

/// PKCS#8's own form (RFC 5958 §3), or the header of the older ones (RFC 1421 §4.6.1.1).
fn is_encrypted(text: &[u8]) -> bool {
    let header = b"Proc-Type: 4,ENCRYPTED";
    pem::labels(text).iter().any(|it| it == "ENCRYPTED PRIVATE KEY")
        || text.windows(header.len()).any(|it| it == header)
}

/// Why nothing was found in a file.
fn lacks(path: &Path, text: &[u8], wanted: &'static str, convert: (&'static str, &'static str)) -> CertificateError {
    let path = path.to_owned();
    match text {
        // A DER SEQUENCE, and no text; PKCS#12 (RFC 7292 §4) begins with its version, 3.
        [0x30, length, rest @ ..] if !text.iter().all(|it| it.is_ascii_graphic() || it.is_ascii_whitespace()) => {
            let body = rest.get(usize::from(length.saturating_sub(0x80))..).unwrap_or_default();
            let is_pkcs12 = body.starts_with(&[2, 1, 3]);
            let (format, (command, output)) =
                if is_pkcs12 { ("PKCS#12", ("pkcs12 -nodes", "converted.pem")) } else { ("DER", convert) };
            CertificateError::Binary { path, format, command, output }
        }
        _ => CertificateError::Lacks { path, wanted, found: pem::labels(text) },
    }
}

fn judge_dates(
    path: &Path,
    chain: &[CertificateDer<'static>],
    now: Timestamp,
) -> Result<Vec<String>, CertificateError> {
    let mut warnings = Vec::new();
    for (position, certificate) in (1..).zip(chain) {
        let which = format!("certificate {position} in `{}`", path.display());
        match validity(certificate, now) {
            Ok(Validity::Current) => {}
            Ok(Validity::Expired { since }) => {
                warnings.push(format!("{which} expired on {since}: clients refuse it, so renew it"));
            }
            Ok(Validity::NotYet { until }) => {
                warnings.push(format!("{which} is valid from {until} on: clients refuse it until then"));
            }
            Err(_) => return Err(CertificateError::Malformed { path: path.to_owned(), position }),
        }
    }
    Ok(warnings)
}

fn unnamed_hosts<H: AsRef<str>>(
    path: &Path,
    chain: &[CertificateDer<'static>],
    hosts: impl IntoIterator<Item = H>,
) -> Vec<String> {
    let Some(parsed) = chain.first().and_then(|it| ParsedCertificate::try_from(it).ok()) else { return Vec::new() };
    let is_named = |host: &str| server_name(host).is_some_and(|it| verify_server_name(&parsed, &it).is_ok());
    let unnamed = hosts.into_iter().filter(|it| !is_named(it.as_ref()));
    let warning = |host: H| {
        let (path, host) = (path.display(), host.as_ref());
        format!("the certificate in `{path}` is not made out to `{host}`: clients refuse it when they connect by that")
    };
    unnamed.map(warning).collect()
}

/// Also where the key can't tell its public half.
fn fits(certified: &CertifiedKey) -> bool {
    matches!(certified.keys_match(), Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)))
}

fn position_of_key(certified: &CertifiedKey) -> Option<usize> {
    let fits_alone =
        |it: &CertificateDer<'static>| fits(&CertifiedKey::new(vec![it.clone()], Arc::clone(&certified.key)));
    certified.cert.iter().position(fits_alone).map(|it| it + 1)
}
