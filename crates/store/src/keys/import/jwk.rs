//! A JWK (RFC 7517) or a JWK set: RSA private keys and secrets (RFC 7518 §6.3 and §6.4).

use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use zeroize::{Zeroize, Zeroizing};

use super::certificate::Certificate;
use super::private_key::{RsaPrivateKey, damaged, elliptic, inconsistent, judge_size};
use super::{ImportError, ImportedKey, MAX_KEYS, Material};
use crate::keys::key::{KeyUse, Validity};

/// An id that fits into a header, a file and a message.
const KID_LIMIT: usize = 200;

/// Tells a set from a key without reading either.
#[derive(Deserialize)]
struct Outline {
    keys: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

/// What is read of a JWK; other members are ignored, as RFC 7517 §4 asks.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    nbf: Option<i64>,
    exp: Option<i64>,
    #[serde(default)]
    x5c: Vec<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<String>,
    p: Option<String>,
    q: Option<String>,
    dp: Option<String>,
    dq: Option<String>,
    qi: Option<String>,
    /// The primes beyond the second, of keys that have more.
    oth: Option<IgnoredAny>,
    k: Option<String>,
}

impl Drop for Jwk {
    fn drop(&mut self) {
        for private in [&mut self.d, &mut self.p, &mut self.q, &mut self.dp, &mut self.dq, &mut self.qi, &mut self.k] {
            private.zeroize();
        }
    }
}

pub(super) fn read(text: &str) -> Result<Vec<ImportedKey>, ImportError> {
    let outline: Outline = parse(text, "the JSON")?;
    let Some(keys) = outline.keys else {
        return Ok(vec![parse::<Jwk>(text, "the JWK")?.import("the JWK")?]);
    };
    match keys.len() {
        0 => return Err(ImportError::NoPrivateKey { what: "a JWK set without keys" }),
        count if count > MAX_KEYS => return Err(ImportError::TooManyKeys),
        _ => {}
    }
    let set: Set = parse(text, "the JWK set")?;
    set.keys.iter().enumerate().map(|(at, key)| key.import(&format!("`keys[{at}]` of the JWK set"))).collect()
}

/// The parser's own message may quote a value, and a value may be a key.
fn parse<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, ImportError> {
    serde_json::from_str(text.trim_start()).map_err(|error| {
        let place = format!("malformed at line {}, column {}", error.line(), error.column());
        damaged(what, place)
    })
}

impl Jwk {
    fn import(&self, what: &str) -> Result<ImportedKey, ImportError> {
        let key = ImportedKey {
            kid: self.kid(what)?,
            usage: self.usage(what)?,
            validity: Validity { nbf: self.nbf, exp: self.exp },
            certificates: Vec::new(),
            material: self.material(what)?,
        };
        Ok(key.certified(&self.certificates(what)?))
    }

    fn kid(&self, what: &str) -> Result<Option<String>, ImportError> {
        let Some(kid) = &self.kid else { return Ok(None) };
        if kid.is_empty() || kid.len() > KID_LIMIT || kid.chars().any(char::is_control) {
            return Err(damaged(what, format!("its `kid` is not 1 to {KID_LIMIT} printable characters")));
        }
        Ok(Some(kid.clone()))
    }

    fn usage(&self, what: &str) -> Result<Option<KeyUse>, ImportError> {
        match self.usage.as_deref() {
            None => Ok(None),
            Some("sig") => Ok(Some(KeyUse::Signature)),
            Some("enc") => Ok(Some(KeyUse::Encryption)),
            Some(_) => Err(damaged(what, "its `use` is neither `sig` nor `enc`")),
        }
    }

    fn certificates(&self, what: &str) -> Result<Vec<Certificate>, ImportError> {
        let read = |text: &String| Certificate::read(&BASE64_STANDARD.decode(text).ok()?);
        let certificates = self.x5c.iter().map(read).collect::<Option<_>>();
        certificates.ok_or_else(|| damaged(what, "its `x5c` is not a list of X.509 certificates in base64"))
    }

    fn material(&self, what: &str) -> Result<Material, ImportError> {
        match self.kty.to_ascii_uppercase().as_str() {
            "RSA" => self.rsa(what).map(Material::Rsa),
            "OCT" => Ok(Material::Secret(number(what, "k", self.k.as_ref())?)),
            "EC" => Err(elliptic(what)),
            _ => Err(ImportError::NotRsa { what: what.into(), kind: "a key whose `kty` is not `RSA`".into() }),
        }
    }

    fn rsa(&self, what: &str) -> Result<RsaPrivateKey, ImportError> {
        if self.d.is_none() {
            return Err(ImportError::NoPrivateKey { what: "a public JWK (it has no `d`)" });
        }
        if self.oth.is_some() {
            return Err(damaged(what, "it has more than two primes (`oth`)"));
        }
        let (n, e) = (number(what, "n", self.n.as_ref())?, number(what, "e", self.e.as_ref())?);
        let (n, e) = (without_leading_zeros(&n), without_leading_zeros(&e));
        judge_size(what, n)?;
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n, e },
            d: number(what, "d", self.d.as_ref())?,
            p: number(what, "p", self.p.as_ref())?,
            q: number(what, "q", self.q.as_ref())?,
            dP: number(what, "dp", self.dp.as_ref())?,
            dQ: number(what, "dq", self.dq.as_ref())?,
            qInv: number(what, "qi", self.qi.as_ref())?,
        };
        RsaPrivateKey::from_pair(what, &KeyPair::from_components(&components).map_err(|_| inconsistent(what))?)
    }
}

fn number(what: &str, member: &str, text: Option<&String>) -> Result<Zeroizing<Vec<u8>>, ImportError> {
    let text = text.ok_or_else(|| damaged(what, format!("it has no `{member}`")))?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new);
    bytes.map_err(|_| damaged(what, format!("its `{member}` is not base64url without padding")))
}

/// Some write them, which RFC 7518 §6.3.1.1 warns of.
fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
