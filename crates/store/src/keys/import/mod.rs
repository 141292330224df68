//! Reading private keys that other programs wrote. What a file holds is told by its content, never by its name.

mod certificate;
mod der;
mod jwk;
mod pem;
mod pkcs12;
mod private_key;

use jiff::Timestamp;
use std::fmt;
use zeroize::Zeroizing;

use self::certificate::Certificate;
use self::der::Shape;
use self::private_key::RsaPrivateKey;
use super::key::{Key, KeyType, KeyUse, Validity};
use super::keyset::KeySetError;
use super::rsa::PublicHalf;
use crate::Secret;

/// A key file is small: a PKCS#12 with a long chain has 20 KiB.
const LIMIT: usize = 1024 * 1024;

/// As many as a keyset holds; each encrypted one costs its work.
const MAX_KEYS: usize = 20;

/// A file is no key that can be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// None of the formats.
    #[error(
        "this is no file with a private key: PKCS#12 (.pfx), PEM, DER with PKCS#8 or PKCS#1, and JWK or JWK sets are read"
    )]
    UnknownFormat,
    /// Larger than any key file.
    #[error("the file has more than {LIMIT} bytes: that is no file with a private key")]
    TooLarge,
    /// More keys than a keyset may hold.
    #[error("the file has more than {MAX_KEYS} keys: import the ones that are needed from files of their own")]
    TooManyKeys,
    /// Something else where a certificate is needed.
    #[error("this is no X.509 certificate, in DER or PEM")]
    NoCertificate,
    /// A certificate or a public key alone.
    #[error(
        "the file holds {what} and no private key: export the key together with its certificate, as PKCS#12 (.pfx)"
    )]
    NoPrivateKey {
        /// What it holds instead.
        what: &'static str,
    },
    /// It is encrypted and no password was given.
    #[error("{what} is encrypted: give its password")]
    PasswordMissing {
        /// What is encrypted.
        what: String,
    },
    /// It is encrypted with another password.
    #[error("the password is not the one that {what} was encrypted with")]
    WrongPassword {
        /// What is encrypted.
        what: String,
    },
    /// A key of another kind.
    #[error("{what} holds {kind}: a policy key is RSA, as Azure AD B2C signs with RS256 alone")]
    NotRsa {
        /// The place.
        what: String,
        /// The kind, with its article.
        kind: String,
    },
    /// An RSA key that is too short to be trusted, or too long to be used.
    #[error("{what} holds an RSA key of {bits} bits: a policy key has 2048 to 8192; `wayfarer key generate` makes one")]
    Size {
        /// The place.
        what: String,
        /// Its size.
        bits: usize,
    },
    /// It looks like its format and can't be read.
    #[error("{what} is damaged: {reason}")]
    Damaged {
        /// The place.
        what: String,
        /// What is wrong, without any part of a key.
        reason: String,
    },
    /// A way of writing keys that isn't read.
    #[error("{what} {how}, which is not read: {remedy}")]
    Unsupported {
        /// The place.
        what: String,
        /// How it is written.
        how: &'static str,
        /// What to do.
        remedy: &'static str,
    },
}

/// A key out of a file, not yet in a keyset.
#[derive(Clone)]
pub struct ImportedKey {
    kid: Option<String>,
    usage: Option<KeyUse>,
    validity: Validity,
    /// The key's own first.
    certificates: Vec<Certificate>,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Rsa(RsaPrivateKey),
    /// A certificate alone.
    Public(PublicHalf),
    Secret(Zeroizing<Vec<u8>>),
}

/// Reads the private keys of a file: PKCS#12, PEM, DER (PKCS#8 and PKCS#1, encrypted PKCS#8), a JWK or a JWK set. All keys
/// of the file are imported, or none. Secrets (`oct`) come from JWKs alone.
///
/// # Errors
/// [`ImportError`] tells which part of the file is no key, and what to do.
pub fn import_keys(file: &[u8], password: Option<&Secret>) -> Result<Vec<ImportedKey>, ImportError> {
    if file.len() > LIMIT {
        return Err(ImportError::TooLarge);
    }
    let keys = match text(file) {
        Some(text) if text.trim_start().starts_with('{') => jwk::read(&text)?,
        Some(text) if text.contains("-----BEGIN ") => pem::read(&text, password)?,
        _ => read_der(file, password)?,
    };
    if keys.len() > MAX_KEYS { Err(ImportError::TooManyKeys) } else { Ok(keys) }
}

/// Reads a certificate, in DER or PEM, without its private key: what verifies the signatures of others, or encrypts to them.
/// In PEM those of its issuers may follow.
///
/// # Errors
/// [`ImportError`]: no certificate, or one whose key is no RSA key of 2048 to 8192 bits.
pub fn import_certificate(file: &[u8]) -> Result<ImportedKey, ImportError> {
    if file.len() > LIMIT {
        return Err(ImportError::TooLarge);
    }
    let certificates = match text(file) {
        Some(text) if text.contains("-----BEGIN ") => pem::certificates(&text)?,
        _ => Certificate::read(file).into_iter().collect(),
    };
    let own = certificates.first().ok_or(ImportError::NoCertificate)?;
    let what = "the certificate";
    let public = own.public.clone();
    let public =
        public.ok_or_else(|| ImportError::NotRsa { what: what.into(), kind: "a key that is not RSA".into() })?;
    private_key::judge_size(what, &public.modulus)?;
    let (kid, usage, validity) = (None, None, Validity::default());
    let key = ImportedKey { kid, usage, validity, certificates: Vec::new(), material: Material::Public(public) };
    Ok(key.certified(&certificates))
}

/// The file as text, if it is. PowerShell's `>` writes UTF-16.
fn text(file: &[u8]) -> Option<Zeroizing<String>> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks();
        let units: Zeroizing<Vec<u16>> = Zeroizing::new(pairs.iter().copied().map(unit).collect());
        if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
    };
    let text = match file {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => str::from_utf8(rest).ok()?.to_owned(),
        _ => str::from_utf8(file).ok()?.to_owned(),
    };
    Some(Zeroizing::new(text))
}

fn read_der(file: &[u8], password: Option<&Secret>) -> Result<Vec<ImportedKey>, ImportError> {
    let key = match der::shape(file).ok_or(ImportError::UnknownFormat)? {
        Shape::Pkcs12 => return pkcs12::read(file, password),
        Shape::Pkcs8 => RsaPrivateKey::from_pkcs8("the PKCS#8 file", file)?,
        Shape::Pkcs1 => RsaPrivateKey::from_pkcs1("the PKCS#1 file", file)?,
        Shape::EncryptedPkcs8 => RsaPrivateKey::from_encrypted("the encrypted PKCS#8 file", file, password)?,
        Shape::Sec1 => return Err(private_key::elliptic("the SEC 1 file")),
        Shape::Certificate => return Err(ImportError::NoPrivateKey { what: "a certificate" }),
        Shape::PublicKey => return Err(ImportError::NoPrivateKey { what: "a public key" }),
    };
    Ok(vec![ImportedKey::rsa(key)])
}

impl ImportedKey {
    fn rsa(key: RsaPrivateKey) -> Self {
        let (kid, usage, validity) = (None, None, Validity::default());
        Self { kid, usage, validity, certificates: Vec::new(), material: Material::Rsa(key) }
    }

    /// With those of the certificates that are its own and its issuers'. The key is valid as long as its own is, as in
    /// Azure AD B2C.
    fn certified(mut self, certificates: &[Certificate]) -> Self {
        let public = match &self.material {
            Material::Rsa(key) => &key.public,
            Material::Public(public) => public,
            Material::Secret(_) => return self,
        };
        self.certificates = certificate::chain(public, certificates);
        if let Some(own) = self.certificates.first() {
            let Validity { nbf, exp } = own.validity;
            self.validity = Validity { nbf: self.validity.nbf.or(nbf), exp: self.validity.exp.or(exp) };
        }
        self
    }

    /// RSA or a secret.
    pub fn kty(&self) -> KeyType {
        match self.material {
            Material::Rsa(_) | Material::Public(_) => KeyType::Rsa,
            Material::Secret(_) => KeyType::Oct,
        }
    }

    /// The `use` that a JWK tells.
    pub fn usage(&self) -> Option<KeyUse> {
        self.usage
    }

    /// When it is valid, as its certificate or JWK tells.
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// As a key of a keyset, with the use that it is to have. Its id is that of the JWK; else for RSA the RFC 7638
    /// thumbprint, and by chance for a secret.
    ///
    /// # Errors
    /// [`KeySetError::Validity`], [`KeySetError::Generate`].
    pub fn into_key(self, usage: KeyUse, now: Timestamp) -> Result<Key, KeySetError> {
        let mut key = match self.material {
            Material::Rsa(it) => Key::rsa(it.pkcs8, it.public, usage, now).valid(self.validity)?,
            Material::Public(public) => Key::public(public, usage, now).valid(self.validity)?,
            Material::Secret(secret) => Key::secret(&secret, usage, self.validity, now)?,
        };
        key.certificates = self.certificates.into_iter().map(|it| it.der).collect();
        key.kid = self.kid.unwrap_or(key.kid);
        Ok(key)
    }
}

impl fmt::Debug for ImportedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportedKey").field("kid", &self.kid).field("material", &"[redacted]").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
