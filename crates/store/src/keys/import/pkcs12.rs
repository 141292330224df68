//! PKCS#12 (RFC 7292), `.pfx` and `.p12`: with PBES2 and AES as they are written today, and with 3DES and RC2-40 as Windows
//! and OpenSSL 1 wrote them.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;

use super::certificate::Certificate;
use super::private_key::{RsaPrivateKey, damaged};
use super::{ImportError, ImportedKey};
use crate::Secret;

const WHAT: &str = "the PKCS#12 file";

pub(super) fn read(file: &[u8], password: Option<&Secret>) -> Result<Vec<ImportedKey>, ImportError> {
    if file.get(1) == Some(&0x80) {
        return Err(ImportError::Unsupported {
            what: WHAT.into(),
            how: "is written as BER with open lengths",
            remedy: "import it into the certificate store or `openssl pkcs12`, and export it anew",
        });
    }
    let archive = Pkcs12Archive::from_pkcs12(file, password.map_or("", Secret::expose))
        .map_err(|error| failure(&error, password))?;
    let certificates: Vec<Certificate> =
        archive.certs.iter().filter_map(|it| Certificate::read(it.cert.as_der())).collect();
    if archive.keys.is_empty() {
        let what = if certificates.is_empty() { "no key at all" } else { "a certificate" };
        return Err(ImportError::NoPrivateKey { what });
    }
    let key = |der: &[u8]| Ok(ImportedKey::rsa(RsaPrivateKey::from_pkcs8(WHAT, der)?).certified(&certificates));
    archive.keys.iter().map(|it| key(it.key.as_der())).collect()
}

fn failure(error: &Error, password: Option<&Secret>) -> ImportError {
    let what = WHAT.to_owned();
    match error {
        // Padding: a file without a MAC shows a wrong password there alone.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) if password.is_none() => {
            ImportError::PasswordMissing { what }
        }
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => ImportError::WrongPassword { what },
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm | Error::UnsupportedContentType => {
            ImportError::Unsupported {
                what,
                how: "is protected by an algorithm or by a public key",
                remedy: "export it anew with a password and AES256-SHA256",
            }
        }
        // A password is UTF-16 there, and the library writes the first plane of it alone.
        _ if password.is_some_and(|it| it.expose().chars().any(|it| it > '\u{ffff}')) => ImportError::Unsupported {
            what,
            how: "is opened with a password outside Unicode's first plane",
            remedy: "export it anew with a password of letters, digits and signs",
        },
        Error::InvalidParameters => damaged(&what, "its password asks for more work than any file should"),
        _ => damaged(&what, "it is no whole PKCS#12, or has an algorithm that is not known"),
    }
}
