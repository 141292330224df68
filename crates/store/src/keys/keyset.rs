use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::{digest, signature::KeyPair as _};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

use super::der;

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

/// One key of a keyset, with its public half at hand.
#[derive(Clone)]
pub struct Key {
    /// The key's id: for keys made here the RFC 7638 SHA-256 thumbprint.
    pub kid: String,
    /// What it is for.
    pub usage: KeyUse,
    /// Not before, in epoch seconds.
    pub nbf: Option<i64>,
    /// Expires, in epoch seconds.
    pub exp: Option<i64>,
    /// A disabled key neither signs nor is published.
    pub enabled: bool,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    pkcs8: Arc<Zeroizing<Vec<u8>>>,
}

/// The keys of one container.
#[derive(Debug, Clone)]
pub struct KeySet {
    container: String,
    keys: Vec<Key>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySetFile {
    keys: Vec<KeyFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    kid: String,
    #[serde(rename = "use")]
    usage: KeyUse,
    kty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(default = "enabled", skip_serializing_if = "is_enabled")]
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Timestamp>,
    pkcs8: String,
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        self.pkcs8.zeroize();
    }
}

fn enabled() -> bool {
    true
}

fn is_enabled(enabled: &bool) -> bool {
    *enabled
}

impl Key {
    /// The private key as PKCS#8 DER. Never put it into a message, a log or a trace.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public half as a JWK with the members that B2C shows, in its order: `kid`, `nbf`, `use`, `kty`, `e`, `n`.
    pub fn public_jwk(&self) -> Map<String, Value> {
        let mut jwk = Map::new();
        jwk.insert("kid".into(), self.kid.clone().into());
        if let Some(nbf) = self.nbf {
            jwk.insert("nbf".into(), nbf.into());
        }
        let usage = if self.usage == KeyUse::Signature { "sig" } else { "enc" };
        jwk.insert("use".into(), usage.into());
        jwk.insert("kty".into(), "RSA".into());
        jwk.insert("e".into(), BASE64_URL_SAFE_NO_PAD.encode(&self.exponent).into());
        jwk.insert("n".into(), BASE64_URL_SAFE_NO_PAD.encode(&self.modulus).into());
        jwk
    }

    fn from_file(file: &KeyFile) -> Result<Self, String> {
        let damaged = |what: &str| format!("the key `{}` {what}", file.kid);
        if file.kty != "RSA" {
            return Err(damaged("is not an RSA key"));
        }
        let pkcs8 = BASE64_STANDARD.decode(file.pkcs8.as_bytes()).map(Zeroizing::new);
        let pkcs8 = pkcs8.map_err(|_| damaged("is not base64"))?;
        let (modulus, exponent) = public_half(&pkcs8).ok_or_else(|| damaged("holds no RSA private key in PKCS#8"))?;
        let (kid, pkcs8) = (file.kid.clone(), Arc::new(pkcs8));
        let KeyFile { usage, nbf, exp, enabled, .. } = *file;
        Ok(Self { kid, usage, nbf, exp, enabled, modulus, exponent, pkcs8 })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kid", &self.kid).field("pkcs8", &"[redacted]").finish_non_exhaustive()
    }
}

impl KeySet {
    /// The container's name.
    pub fn container(&self) -> &str {
        &self.container
    }

    /// All keys, in file order.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key that signs at `now`: the enabled one whose `nbf` is the latest already passed and whose `exp` has not;
    /// a key without `nbf` counts last. `None` is AADB2C90019. Source: `tokens.md` 1, policy-keys-overview.
    pub fn active(&self, now: Timestamp) -> Option<&Key> {
        let now = now.as_second();
        let usable = |key: &&Key| key.enabled && key.nbf.is_none_or(|nbf| nbf <= now) && !expired(key, now);
        self.keys.iter().filter(usable).max_by_key(|key| key.nbf.unwrap_or(i64::MIN))
    }

    /// The keys that the JWKS shows at `now`: enabled and not expired, first the ones without `nbf`, then by `nbf`.
    pub fn published(&self, now: Timestamp) -> Vec<&Key> {
        let now = now.as_second();
        let mut keys: Vec<&Key> = self.keys.iter().filter(|key| key.enabled && !expired(key, now)).collect();
        keys.sort_by_key(|key| key.nbf);
        keys
    }

    /// Reads a keyset; `Err` says what is wrong and holds no part of a key.
    pub(super) fn parse(container: &str, text: &str) -> Result<Self, String> {
        // The parser's own message may quote a value, and a value may be a key.
        let file: KeySetFile = serde_json::from_str(text)
            .map_err(|error| format!("malformed at line {}, column {}", error.line(), error.column()))?;
        let keys = file.keys.iter().map(Key::from_file).collect::<Result<Vec<_>, _>>()?;
        match keys.iter().enumerate().find(|(at, key)| keys.iter().take(*at).any(|other| other.kid == key.kid)) {
            Some((_, key)) => Err(format!("the key id `{}` is there twice", key.kid)),
            None if keys.is_empty() => Err("it has no keys".into()),
            None => Ok(Self { container: container.into(), keys }),
        }
    }
}

fn expired(key: &Key, now: i64) -> bool {
    key.exp.is_some_and(|exp| exp <= now)
}

fn public_half(pkcs8: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let pair = KeyPair::from_pkcs8(pkcs8).ok()?;
    der::rsa_public_key(pair.public_key().as_ref())
}

/// The text of a keyset that holds one key.
pub(super) fn text_of_one(pkcs8: &[u8], usage: KeyUse, now: Timestamp) -> Option<Zeroizing<String>> {
    let (modulus, exponent) = public_half(pkcs8)?;
    let key = KeyFile {
        kid: thumbprint(&modulus, &exponent),
        usage,
        kty: "RSA".into(),
        nbf: None,
        exp: None,
        enabled: true,
        created: Timestamp::from_second(now.as_second()).ok(),
        pkcs8: BASE64_STANDARD.encode(pkcs8),
    };
    serde_json::to_string_pretty(&KeySetFile { keys: vec![key] }).ok().map(|text| Zeroizing::new(text + "\n"))
}

/// RFC 7638 §3: SHA-256 over the required members in lexicographic order, base64url.
pub(super) fn thumbprint(modulus: &[u8], exponent: &[u8]) -> String {
    let (e, n) = (BASE64_URL_SAFE_NO_PAD.encode(exponent), BASE64_URL_SAFE_NO_PAD.encode(modulus));
    let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}
