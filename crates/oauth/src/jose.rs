//! Signing: the only user of `jsonwebtoken`. RS256 and nothing else.
//!
//! jsonwebtoken's own backend parses the private key for every token, which costs 60 % of the rate (`limits.md` 3). So
//! a [`CryptoProvider`] of ours finds the key that [`SigningKey`] parsed once: what it hands to jsonwebtoken as the
//! "key" is a number that stands for it, and never leaves this module.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Signer};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde_json::{Map, Value};
use wayfarer_store::{Key, KeySetError};

/// A token could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum JoseError {
    /// The bytes are no RSA private key of 2048 bits or more in PKCS#8.
    #[error("the key `{kid}` is no RSA private key of 2048 bits or more in PKCS#8")]
    Key {
        /// Its id.
        kid: String,
    },
    /// The private part of the key can't be had.
    #[error(transparent)]
    Private(#[from] KeySetError),
    /// Something else in this process made itself jsonwebtoken's provider first.
    #[error("another library of this process has taken over jsonwebtoken's cryptography")]
    ForeignProvider,
    /// The signature could not be made.
    #[error("the token could not be signed: {0}")]
    Sign(#[from] Error),
    /// The process ends.
    #[error("the token could not be signed: the process ends")]
    Ended,
}

/// A private key parsed once, and its id. Cheap to clone; the key is gone with the last clone.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    parsed: Arc<ParsedKey>,
}

impl SigningKey {
    /// The signing half of a policy key.
    ///
    /// # Errors
    /// [`JoseError::Private`], [`JoseError::Key`], [`JoseError::ForeignProvider`].
    pub fn new(key: &Key) -> Result<Self, JoseError> {
        Self::from_pkcs8(&key.kid, key.pkcs8()?)
    }

    /// A key from PKCS#8 DER.
    ///
    /// # Errors
    /// [`JoseError::Key`], [`JoseError::ForeignProvider`].
    pub fn from_pkcs8(kid: &str, pkcs8: &[u8]) -> Result<Self, JoseError> {
        install()?;
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|_| JoseError::Key { kid: kid.into() })?;
        Ok(Self { kid: kid.into(), parsed: ParsedKey::register(pair) })
    }

    /// The key's id, which becomes the token's `kid`.
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).field("parsed", &"[redacted]").finish()
    }
}

/// The members of the token's header, in its order: `typ`, `alg`, `kid`.
pub fn header(key: &SigningKey) -> Map<String, Value> {
    let members = [("typ", "JWT"), ("alg", "RS256"), ("kid", key.kid())];
    members.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// The compact form of a token with these claims, in this order. Blocks for a quarter of a millisecond or so: not for
/// a thread that serves others.
///
/// # Errors
/// [`JoseError::Sign`] when the cryptographic library fails.
pub fn sign(key: &SigningKey, claims: &Map<String, Value>) -> Result<String, JoseError> {
    let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::RS256) };
    Ok(jsonwebtoken::encode(&header, claims, &EncodingKey::from_rsa_der(&key.parsed.handle.to_be_bytes()))?)
}

struct ParsedKey {
    handle: u64,
    pair: KeyPair,
}

/// The keys that live, by handle. INVARIANT: handles are never reused, so a handle means one key for ever.
static KEYS: RwLock<BTreeMap<u64, Weak<ParsedKey>>> = RwLock::new(BTreeMap::new());

impl ParsedKey {
    fn register(pair: KeyPair) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let parsed = Arc::new(Self { handle: NEXT.fetch_add(1, Ordering::Relaxed), pair });
        let mut keys = KEYS.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(parsed.handle, Arc::downgrade(&parsed));
        parsed
    }

    fn find(handle: &[u8]) -> Option<Arc<Self>> {
        let handle = u64::from_be_bytes(handle.try_into().ok()?);
        KEYS.read().unwrap_or_else(PoisonError::into_inner).get(&handle)?.upgrade()
    }
}

impl Drop for ParsedKey {
    fn drop(&mut self) {
        KEYS.write().unwrap_or_else(PoisonError::into_inner).remove(&self.handle);
    }
}

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory, verifier_factory, key_utils: KeyUtils::new_unimplemented() };

/// Makes ours the provider of this process, once.
fn install() -> Result<(), JoseError> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    let installed = *INSTALLED.get_or_init(|| PROVIDER.install_default().is_ok());
    installed.then_some(()).ok_or(JoseError::ForeignProvider)
}

fn signer_factory(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    match (algorithm, ParsedKey::find(key.as_bytes())) {
        (Algorithm::RS256, Some(key)) => Ok(Box::new(Rs256(key))),
        (Algorithm::RS256, None) => Err(ErrorKind::InvalidKeyFormat.into()),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

/// Wayfarer issues tokens; nothing in it takes one from outside yet.
fn verifier_factory(_: &Algorithm, _: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    Err(ErrorKind::InvalidAlgorithm.into())
}

struct Rs256(Arc<ParsedKey>);

impl Signer<Vec<u8>> for Rs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let pair = &self.0.pair;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| signature::Error::new())?;
        Ok(signature)
    }
}

impl JwtSigner for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
