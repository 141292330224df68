//! One key of a keyset: an RSA key pair or a secret, when it is valid, and what may be shown of it.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::{digest, rand};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::encryption::{self, DecryptError};
use super::keyset::KeySetError;
use super::rsa::{self, KeySize, PublicHalf};
use crate::Secret;

/// What a key is for, as the JWKS tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyUse {
    /// `sig`.
    #[serde(rename = "sig")]
    Signature,
    /// `enc`.
    #[serde(rename = "enc")]
    Encryption,
}

impl KeyUse {
    /// The value of `use`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "sig",
            Self::Encryption => "enc",
        }
    }
}

/// The kind of a key, `kty` of its JWK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// `RSA`: a key pair.
    Rsa,
    /// `oct`: a secret, such as a password or an API key.
    Oct,
}

/// When a key may be used. The key's own `nbf` and `exp`, which no token has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// Not before, in epoch seconds.
    pub nbf: Option<i64>,
    /// Expires, in epoch seconds: the first second in which the key is no longer used.
    pub exp: Option<i64>,
}

/// One key of a keyset, with its public half at hand.
#[derive(Clone)]
pub struct Key {
    /// The key's id: for RSA keys made here the RFC 7638 SHA-256 thumbprint.
    pub kid: String,
    /// What it is for.
    pub usage: KeyUse,
    /// Not before, in epoch seconds.
    pub nbf: Option<i64>,
    /// Expires, in epoch seconds.
    pub exp: Option<i64>,
    /// A disabled key neither signs nor is published.
    pub enabled: bool,
    pub(super) created: Option<Timestamp>,
    /// The public half of an RSA key; a secret has none.
    pub(super) public: Option<PublicHalf>,
    /// DER, the key's own first, each followed by that of its issuer.
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) private: Private,
}

/// The part that nobody sees: the PKCS#8 of an RSA key, the bytes of a secret.
#[derive(Clone)]
pub(super) enum Private {
    /// As the file has it.
    Clear(Arc<Zeroizing<Vec<u8>>>),
    /// The file has it encrypted, and it was not asked for yet.
    Locked(Arc<[u8]>),
    /// The file has it encrypted, and it was decrypted.
    Unlocked { clear: Arc<Zeroizing<Vec<u8>>>, encrypted: Arc<[u8]> },
    /// Somebody else has it: a certificate came alone.
    Elsewhere,
}

impl Private {
    pub(super) fn clear(private: Zeroizing<Vec<u8>>) -> Self {
        Self::Clear(Arc::new(private))
    }

    pub(super) fn locked(encrypted: Vec<u8>) -> Self {
        Self::Locked(encrypted.into())
    }
}

impl Key {
    /// A new RSA key. Its id is its thumbprint.
    ///
    /// # Errors
    /// [`KeySetError::Generate`], [`KeySetError::Validity`].
    pub fn generate(size: KeySize, usage: KeyUse, validity: Validity, now: Timestamp) -> Result<Self, KeySetError> {
        let pkcs8 = rsa::generate(size).ok_or(KeySetError::Generate)?;
        let public = PublicHalf::of_pkcs8(&pkcs8).ok_or(KeySetError::Generate)?;
        Self::rsa(pkcs8, public, usage, now).valid(validity)
    }

    /// A secret that was chosen elsewhere, such as the password of a REST service. Its id is drawn by chance: a
    /// thumbprint would tell whether a guess is right (RFC 7638 §7).
    ///
    /// # Errors
    /// [`KeySetError::Generate`], [`KeySetError::Validity`].
    pub fn secret(secret: &[u8], usage: KeyUse, validity: Validity, now: Timestamp) -> Result<Self, KeySetError> {
        let secret = Private::clear(Zeroizing::new(secret.to_vec()));
        Self::new(random_text()?, None, secret, usage, now).valid(validity)
    }

    /// A new secret of 256 bits, as text that any password field takes.
    ///
    /// # Errors
    /// [`KeySetError::Generate`], [`KeySetError::Validity`].
    pub fn generate_secret(usage: KeyUse, validity: Validity, now: Timestamp) -> Result<Self, KeySetError> {
        Self::secret(Zeroizing::new(random_text()?).as_bytes(), usage, validity, now)
    }

    pub(super) fn rsa(pkcs8: Zeroizing<Vec<u8>>, public: PublicHalf, usage: KeyUse, now: Timestamp) -> Self {
        Self::new(public.thumbprint(), Some(public), Private::clear(pkcs8), usage, now)
    }

    /// The public half alone, which a certificate tells. It never signs.
    pub(super) fn public(public: PublicHalf, usage: KeyUse, now: Timestamp) -> Self {
        Self::new(public.thumbprint(), Some(public), Private::Elsewhere, usage, now)
    }

    fn new(kid: String, public: Option<PublicHalf>, private: Private, usage: KeyUse, now: Timestamp) -> Self {
        let created = Timestamp::from_second(now.as_second()).ok();
        let certificates = Vec::new();
        Self { kid, usage, nbf: None, exp: None, enabled: true, created, public, certificates, private }
    }

    /// The same key, valid from and until then.
    ///
    /// # Errors
    /// [`KeySetError::Validity`]: it would end before it begins.
    pub fn valid(mut self, validity: Validity) -> Result<Self, KeySetError> {
        if let Validity { nbf: Some(nbf), exp: Some(exp) } = validity
            && exp <= nbf
        {
            return Err(KeySetError::Validity { nbf, exp });
        }
        (self.nbf, self.exp) = (validity.nbf, validity.exp);
        Ok(self)
    }

    /// An RSA key or a secret.
    pub fn kty(&self) -> KeyType {
        if self.public.is_some() { KeyType::Rsa } else { KeyType::Oct }
    }

    /// When it was made or imported, where the keyset tells.
    pub fn created(&self) -> Option<Timestamp> {
        self.created
    }

    /// How many bits the modulus of an RSA key has.
    pub fn bits(&self) -> Option<usize> {
        let modulus = &self.public.as_ref()?.modulus;
        Some(modulus.len() * 8 - modulus.first()?.leading_zeros() as usize)
    }

    /// The private RSA key as PKCS#8 DER. Never put it into a message, a log or a trace.
    ///
    /// # Errors
    /// [`KeySetError::Locked`], [`KeySetError::NotRsa`].
    pub fn pkcs8(&self) -> Result<&[u8], KeySetError> {
        match self.kty() {
            KeyType::Rsa => self.private(),
            KeyType::Oct => Err(KeySetError::NotRsa { kid: self.kid.clone() }),
        }
    }

    /// The bytes of a secret. Never put them into a message, a log or a trace.
    ///
    /// # Errors
    /// [`KeySetError::Locked`], [`KeySetError::NotSecret`].
    pub fn secret_bytes(&self) -> Result<&[u8], KeySetError> {
        match self.kty() {
            KeyType::Oct => self.private(),
            KeyType::Rsa => Err(KeySetError::NotSecret { kid: self.kid.clone() }),
        }
    }

    fn private(&self) -> Result<&[u8], KeySetError> {
        match &self.private {
            Private::Clear(clear) | Private::Unlocked { clear, .. } => Ok(clear.as_slice()),
            Private::Locked(_) => Err(KeySetError::Locked { kid: self.kid.clone() }),
            Private::Elsewhere => Err(KeySetError::NoPrivate { kid: self.kid.clone() }),
        }
    }

    /// Whether the private part is here, encrypted or not. Of a certificate that came alone it is not.
    pub fn has_private(&self) -> bool {
        !matches!(self.private, Private::Elsewhere)
    }

    /// Whether the private part is encrypted and wasn't decrypted yet.
    pub fn is_locked(&self) -> bool {
        matches!(self.private, Private::Locked(_))
    }

    /// Whether the private part is encrypted where it is kept.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.private, Private::Locked(_) | Private::Unlocked { .. })
    }

    /// Decrypts the private part, unless that is done. Slow, so that passphrases are slow to guess.
    pub(super) fn unlock(&mut self, passphrase: &Secret) -> Result<(), KeySetError> {
        let Private::Locked(encrypted) = &self.private else { return Ok(()) };
        let clear = Arc::new(self.decrypt(encrypted, passphrase)?);
        self.private = Private::Unlocked { clear, encrypted: Arc::clone(encrypted) };
        Ok(())
    }

    /// Whether an encrypted private part opens with the passphrase. As slow as [`Key::unlock`].
    pub(super) fn judge_passphrase(&self, passphrase: &Secret) -> Result<(), KeySetError> {
        match &self.private {
            Private::Clear(_) | Private::Elsewhere => Ok(()),
            Private::Locked(encrypted) | Private::Unlocked { encrypted, .. } => {
                self.decrypt(encrypted, passphrase).map(|_| ())
            }
        }
    }

    fn decrypt(&self, encrypted: &[u8], passphrase: &Secret) -> Result<Zeroizing<Vec<u8>>, KeySetError> {
        let pkcs8 = encryption::decrypt(encrypted, passphrase).map_err(|error| self.undecryptable(error))?;
        self.of_pkcs8(pkcs8).ok_or_else(|| KeySetError::OtherKey { kid: self.kid.clone() })
    }

    fn undecryptable(&self, error: DecryptError) -> KeySetError {
        let kid = self.kid.clone();
        match error {
            DecryptError::WrongPassphrase => KeySetError::WrongPassphrase { kid },
            DecryptError::Malformed => KeySetError::Undecryptable { kid, reason: "it is damaged" },
            DecryptError::Unsupported => {
                KeySetError::Undecryptable { kid, reason: "its encryption is not PBES2 with a cipher that is in use" }
            }
            DecryptError::TooCostly => {
                KeySetError::Undecryptable { kid, reason: "its passphrase asks for more work than any file should" }
            }
        }
    }

    /// The private part out of its PKCS#8, when it is this key's.
    fn of_pkcs8(&self, pkcs8: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
        match &self.public {
            Some(public) => (PublicHalf::of_pkcs8(&pkcs8)? == *public).then_some(pkcs8),
            None => encryption::unwrap_secret(&pkcs8),
        }
    }

    /// The encrypted private part under the passphrase, made now where there is none yet.
    pub(super) fn lock(&self, passphrase: &Secret) -> Result<Arc<[u8]>, KeySetError> {
        let clear = match &self.private {
            Private::Locked(encrypted) | Private::Unlocked { encrypted, .. } => return Ok(Arc::clone(encrypted)),
            Private::Clear(clear) => clear,
            Private::Elsewhere => return Err(KeySetError::NoPrivate { kid: self.kid.clone() }),
        };
        let wrapped = if self.public.is_none() { encryption::wrap_secret(clear) } else { None };
        let encrypted = encryption::encrypt(wrapped.as_deref().unwrap_or(clear), passphrase);
        Ok(encrypted.ok_or(KeySetError::Generate)?.into())
    }

    /// Whether the key may be used at that second.
    pub(super) fn is_usable(&self, second: i64) -> bool {
        self.enabled && self.nbf.is_none_or(|nbf| nbf <= second) && !self.has_ended(second)
    }

    pub(super) fn has_ended(&self, second: i64) -> bool {
        self.exp.is_some_and(|exp| exp <= second)
    }

    /// The public half as a JWK with the members that B2C shows, in its order: `kid`, `nbf`, `use`, `kty`, `e`, `n`.
    /// `None` for a secret, which has no public half. Source: `endpoints.md` 1.4.
    pub fn public_jwk(&self) -> Option<Map<String, Value>> {
        let public = self.public.as_ref()?;
        let mut jwk = Map::new();
        jwk.insert("kid".into(), self.kid.clone().into());
        if let Some(nbf) = self.nbf {
            jwk.insert("nbf".into(), nbf.into());
        }
        jwk.insert("use".into(), self.usage.as_str().into());
        jwk.insert("kty".into(), "RSA".into());
        jwk.insert("e".into(), public.e().into());
        jwk.insert("n".into(), public.n().into());
        Some(jwk)
    }

    /// What Microsoft Graph shows of a `trustFrameworkKey`, in its order; members without a value are left out, `k`
    /// and the private numbers always. Source: `graph.md` 3.
    pub fn graph_members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut put = |name: &str, value: Option<Value>| value.map(|it| members.insert(name.into(), it));
        put("x5c", Some(self.x5c().into()));
        put("x5t", self.x5t().map(Value::from));
        put("kty", Some(if self.public.is_some() { "RSA" } else { "OCT" }.into()));
        put("use", Some(self.usage.as_str().into()));
        put("status", Some(if self.enabled { "enabled" } else { "disabled" }.into()));
        put("exp", self.exp.map(Value::from));
        put("nbf", self.nbf.map(Value::from));
        put("kid", Some(self.kid.clone().into()));
        put("e", self.public.as_ref().map(|it| it.e().into()));
        put("n", self.public.as_ref().map(|it| it.n().into()));
        members
    }

    /// The certificate chain as `x5c` of a JWK has it (RFC 7517 §4.7): base64 of DER, the key's own first.
    pub fn x5c(&self) -> Vec<String> {
        self.certificates.iter().map(|it| BASE64_STANDARD.encode(it)).collect()
    }

    /// The SHA-1 thumbprint of the key's own certificate, as `x5t` has it (RFC 7517 §4.8).
    pub fn x5t(&self) -> Option<String> {
        let own = self.certificates.first()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, own)))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kid", &self.kid).field("private", &"[redacted]").finish_non_exhaustive()
    }
}

/// 256 bits by chance, base64url.
fn random_text() -> Result<String, KeySetError> {
    let mut bytes = Zeroizing::new([0; 32]);
    rand::fill(bytes.as_mut()).map_err(|_| KeySetError::Generate)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes.as_ref()))
}
