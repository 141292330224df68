//! RSA private keys out of PKCS#8 and PKCS#1.

use aws_lc_rs::rsa::KeyPair;
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode;
use pkcs8::der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::ImportError;
use crate::Secret;
use crate::keys::encryption::{self, DecryptError};
use crate::keys::rsa::{self, PublicHalf};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// What others keys are, as their owners call them.
const OTHERS: [(&str, &str); 6] = [
    ("1.2.840.10045.2.1", "an elliptic-curve key (EC)"),
    ("1.2.840.113549.1.1.10", "an RSA-PSS key"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.3.101.110", "an X25519 key"),
    ("1.3.101.112", "an Ed25519 key"),
    ("1.3.101.113", "an Ed448 key"),
];

/// An RSA private key that may sign tokens.
#[derive(Clone)]
pub(super) struct RsaPrivateKey {
    pub(super) pkcs8: Zeroizing<Vec<u8>>,
    pub(super) public: PublicHalf,
}

impl RsaPrivateKey {
    /// `what` is the place that messages name.
    pub(super) fn from_pkcs8(what: &str, der: &[u8]) -> Result<Self, ImportError> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| damaged(what, "it is no whole PKCS#8"))?;
        let algorithm = info.algorithm.oid;
        if algorithm != RSA {
            return Err(ImportError::NotRsa { what: what.into(), kind: kind(algorithm) });
        }
        Self::from_pkcs1(what, info.private_key.as_bytes())
    }

    pub(super) fn from_pkcs1(what: &str, der: &[u8]) -> Result<Self, ImportError> {
        let key = pkcs1::RsaPrivateKeyRef::from_der(der).map_err(|_| damaged(what, "it is no whole RSA key"))?;
        judge_size(what, key.modulus.as_bytes())?;
        Self::from_pair(what, &KeyPair::from_der(der).map_err(|_| inconsistent(what))?)
    }

    pub(super) fn from_pair(what: &str, pair: &KeyPair) -> Result<Self, ImportError> {
        let pkcs8 = rsa::pkcs8_of(pair).ok_or_else(|| inconsistent(what))?;
        let public = PublicHalf::of_pkcs8(&pkcs8).ok_or_else(|| inconsistent(what))?;
        Ok(Self { pkcs8, public })
    }

    /// Out of an `EncryptedPrivateKeyInfo`.
    pub(super) fn from_encrypted(what: &str, der: &[u8], password: Option<&Secret>) -> Result<Self, ImportError> {
        let password = password.ok_or_else(|| ImportError::PasswordMissing { what: what.into() })?;
        let pkcs8 = encryption::decrypt(der, password).map_err(|error| undecryptable(what, error))?;
        Self::from_pkcs8(what, &pkcs8)
    }
}

/// Before the cryptographic library sees the key: it refuses these sizes without saying so.
pub(super) fn judge_size(what: &str, modulus: &[u8]) -> Result<(), ImportError> {
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |it| it.leading_zeros() as usize);
    if (2048..=8192).contains(&bits) { Ok(()) } else { Err(ImportError::Size { what: what.into(), bits }) }
}

pub(super) fn damaged(what: &str, reason: impl Into<String>) -> ImportError {
    ImportError::Damaged { what: what.into(), reason: reason.into() }
}

pub(super) fn inconsistent(what: &str) -> ImportError {
    damaged(what, "its numbers are not those of one RSA key")
}

pub(super) fn elliptic(what: &str) -> ImportError {
    ImportError::NotRsa { what: what.into(), kind: "an elliptic-curve key (EC)".into() }
}

fn kind(algorithm: ObjectIdentifier) -> String {
    let algorithm = algorithm.to_string();
    let known = OTHERS.iter().find(|(oid, _)| *oid == algorithm).map(|(_, name)| (*name).to_owned());
    known.unwrap_or_else(|| format!("a key of algorithm {algorithm}"))
}

fn undecryptable(what: &str, error: DecryptError) -> ImportError {
    let what = what.to_owned();
    match error {
        DecryptError::WrongPassphrase => ImportError::WrongPassword { what },
        DecryptError::Malformed => damaged(&what, "it is no whole encrypted PKCS#8"),
        DecryptError::TooCostly => damaged(&what, "its password asks for more work than any file should"),
        DecryptError::Unsupported => ImportError::Unsupported {
            what,
            how: "is encrypted with an outdated scheme (not PBES2)",
            remedy: "encrypt it anew with `openssl pkcs8 -topk8 -in OLD -out NEW`",
        },
    }
}
