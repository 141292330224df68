//! A keyset as the text of its file, `{"keys":[…]}`.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::key::{Key, KeyType, KeyUse, Private};
use super::keyset::{KeySet, KeySetError};
use super::rsa::PublicHalf;
use crate::Secret;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySetFile {
    keys: Vec<KeyFile>,
}

/// One key. Of `pkcs8`, `k` and `encrypted_pkcs8` it has exactly one; `e` and `n` stand beside the encrypted part of an RSA
/// key, so that it can be published without the passphrase, and alone for a certificate that came without its private key.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    usage: Option<KeyUse>,
    kty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(default = "enabled", skip_serializing_if = "is_enabled")]
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    x5c: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pkcs8: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    k: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encrypted_pkcs8: Option<String>,
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        self.pkcs8.zeroize();
        self.k.zeroize();
    }
}

fn enabled() -> bool {
    true
}

fn is_enabled(enabled: &bool) -> bool {
    *enabled
}

impl KeySet {
    /// Reads a keyset. Encrypted parts stay as they are until [`KeySet::unlock`].
    ///
    /// # Errors
    /// What is wrong, without any part of a key.
    pub fn parse(container: &str, text: &str) -> Result<Self, String> {
        // The parser's own message may quote a value, and a value may be a key.
        let file: KeySetFile = serde_json::from_str(text)
            .map_err(|error| format!("malformed at line {}, column {}", error.line(), error.column()))?;
        let keys: Vec<Key> = file.keys.iter().enumerate().map(|(at, key)| key.read(at)).collect::<Result<_, _>>()?;
        match keys.iter().enumerate().find(|(at, key)| keys.iter().take(*at).any(|other| other.kid == key.kid)) {
            Some((_, key)) => Err(format!("the key id `{}` is there twice", key.kid)),
            None => Ok(Self { container: container.into(), keys }),
        }
    }

    /// The text of the keyset's file. With a passphrase every private part in it is encrypted; what was encrypted before
    /// is written as it was. Encrypting takes up to a few tenths of a second a key.
    ///
    /// # Errors
    /// [`KeySetError::Locked`]: a key would be written in clear beside others that are encrypted;
    /// [`KeySetError::WrongPassphrase`]: the others are encrypted with another passphrase; [`KeySetError::Generate`].
    pub fn to_text(&self, passphrase: Option<&Secret>) -> Result<Zeroizing<String>, KeySetError> {
        self.judge_passphrase(passphrase)?;
        let keys = self.keys.iter().map(|key| KeyFile::of(key, passphrase)).collect::<Result<_, _>>()?;
        let text = serde_json::to_string_pretty(&KeySetFile { keys }).map_err(|_| KeySetError::Generate)?;
        Ok(Zeroizing::new(text + "\n"))
    }

    /// One keyset has one passphrase, or none.
    fn judge_passphrase(&self, passphrase: Option<&Secret>) -> Result<(), KeySetError> {
        let in_clear = |key: &Key| key.has_private() && !key.is_encrypted();
        let is_mixed = self.keys.iter().any(Key::is_encrypted) && self.keys.iter().any(in_clear);
        let Some(encrypted) = self.keys.iter().find(|it| is_mixed && it.is_encrypted()) else { return Ok(()) };
        match passphrase {
            None => Err(KeySetError::Locked { kid: encrypted.kid.clone() }),
            Some(passphrase) => encrypted.judge_passphrase(passphrase),
        }
    }
}

impl KeyFile {
    fn of(key: &Key, passphrase: Option<&Secret>) -> Result<Self, KeySetError> {
        let mut file = Self::default();
        file.kid = Some(key.kid.clone());
        file.usage = Some(key.usage);
        file.kty = if key.kty() == KeyType::Rsa { "RSA" } else { "oct" }.into();
        (file.nbf, file.exp, file.enabled, file.created) = (key.nbf, key.exp, key.enabled, key.created);
        file.x5c = key.x5c();
        match (&key.private, passphrase) {
            (Private::Clear(clear), None) if key.kty() == KeyType::Rsa => {
                file.pkcs8 = Some(BASE64_STANDARD.encode(clear.as_slice()));
            }
            (Private::Clear(clear), None) => file.k = Some(BASE64_URL_SAFE_NO_PAD.encode(clear.as_slice())),
            (Private::Locked(encrypted) | Private::Unlocked { encrypted, .. }, None) => {
                file.set_encrypted(key, encrypted);
            }
            (Private::Elsewhere, _) => file.set_public(key),
            (_, Some(passphrase)) => file.set_encrypted(key, &key.lock(passphrase)?),
        }
        Ok(file)
    }

    fn set_encrypted(&mut self, key: &Key, encrypted: &[u8]) {
        self.encrypted_pkcs8 = Some(BASE64_STANDARD.encode(encrypted));
        self.set_public(key);
    }

    fn set_public(&mut self, key: &Key) {
        self.e = key.public.as_ref().map(PublicHalf::e);
        self.n = key.public.as_ref().map(PublicHalf::n);
    }

    /// The key at that place of the list; `Err` holds no part of it.
    fn read(&self, at: usize) -> Result<Key, String> {
        let kid = self.kid.clone().unwrap_or_else(|| format!("key-{}", at + 1));
        let damaged = |what: &str| format!("the key `{kid}` {what}");
        let (public, private) = match self.kty.as_str() {
            kty if kty.eq_ignore_ascii_case("RSA") => self.read_rsa().map(|(public, private)| (Some(public), private)),
            kty if kty.eq_ignore_ascii_case("oct") => self.read_secret().map(|private| (None, private)),
            _ => Err("is neither an RSA key nor a secret (`oct`)"),
        }
        .map_err(damaged)?;
        let certificates = self.x5c.iter().map(|it| BASE64_STANDARD.decode(it)).collect::<Result<_, _>>();
        let certificates = certificates.map_err(|_| damaged("has an `x5c` that is not base64"))?;
        let usage = match (self.usage, &public) {
            (Some(usage), _) => usage,
            (None, None) => KeyUse::Encryption,
            (None, Some(_)) => return Err(damaged("has no `use`: `sig` or `enc`")),
        };
        let (nbf, exp, enabled, created) = (self.nbf, self.exp, self.enabled, self.created);
        Ok(Key { kid, usage, nbf, exp, enabled, created, public, certificates, private })
    }

    fn read_rsa(&self) -> Result<(PublicHalf, Private), &'static str> {
        match (&self.pkcs8, &self.encrypted_pkcs8, &self.k) {
            (Some(pkcs8), None, None) => {
                let pkcs8 = BASE64_STANDARD.decode(pkcs8).map(Zeroizing::new).map_err(|_| "is not base64")?;
                let public = PublicHalf::of_pkcs8(&pkcs8).ok_or("holds no RSA private key in PKCS#8")?;
                Ok((public, Private::clear(pkcs8)))
            }
            (None, Some(encrypted), None) => Ok((self.public_half()?, read_encrypted(encrypted)?)),
            (None, None, None) if self.n.is_some() => Ok((self.public_half()?, Private::Elsewhere)),
            _ => Err("needs one of `pkcs8` and `encrypted_pkcs8`, and no `k`"),
        }
    }

    fn public_half(&self) -> Result<PublicHalf, &'static str> {
        let number = |text: &Option<String>| {
            let text = text.as_ref().ok_or("is encrypted and lacks its public half, `e` and `n`")?;
            BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| "has an `e` or `n` that is not base64url")
        };
        Ok(PublicHalf { modulus: number(&self.n)?, exponent: number(&self.e)? })
    }

    fn read_secret(&self) -> Result<Private, &'static str> {
        match (&self.k, &self.encrypted_pkcs8, &self.pkcs8) {
            (Some(k), None, None) => {
                let k = BASE64_URL_SAFE_NO_PAD.decode(k).map_err(|_| "is not base64url")?;
                Ok(Private::clear(Zeroizing::new(k)))
            }
            (None, Some(encrypted), None) => read_encrypted(encrypted),
            _ => Err("needs one of `k` and `encrypted_pkcs8`, and no `pkcs8`"),
        }
    }
}

fn read_encrypted(text: &str) -> Result<Private, &'static str> {
    BASE64_STANDARD.decode(text).map(Private::locked).map_err(|_| "has an `encrypted_pkcs8` that is not base64")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::key::Validity;
    use crate::keys::rsa::KeySize;

    const CONTAINER: &str = "B2C_1A_Test";

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn passphrase() -> Secret {
        Secret::new("test passphrase")
    }

    fn rsa() -> Key {
        let validity = Validity { nbf: Some(1000), exp: Some(9_000_000_000) };
        Key::generate(KeySize::Rsa2048, KeyUse::Signature, validity, now()).unwrap()
    }

    fn secret(text: &str) -> Key {
        Key::secret(text.as_bytes(), KeyUse::Encryption, Validity::default(), now()).unwrap()
    }

    fn set(keys: impl IntoIterator<Item = Key>) -> KeySet {
        let mut set = KeySet::new(CONTAINER);
        keys.into_iter().for_each(|it| set.add(it).unwrap());
        set
    }

    fn parse(text: &str) -> KeySet {
        KeySet::parse(CONTAINER, text).unwrap()
    }

    fn members(text: &str) -> Vec<String> {
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        file["keys"][0].as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_keyset_in_clear_comes_back() {
        let mut key = rsa();
        key.enabled = false;
        key.certificates = vec![vec![1, 2, 3]];
        let text = set([key.clone()]).to_text(None).unwrap();
        let found = ["kid", "use", "kty", "nbf", "exp", "enabled", "created", "x5c", "pkcs8"];
        assert_eq!(members(&text), found);
        let read = &parse(&text).keys[0];
        assert_eq!((&read.kid, read.usage, read.nbf, read.exp), (&key.kid, KeyUse::Signature, key.nbf, key.exp));
        assert_eq!((read.enabled, read.created(), &read.certificates), (false, Some(now()), &key.certificates));
        assert_eq!(read.pkcs8().unwrap(), key.pkcs8().unwrap());
        let text = set([secret("päss")]).to_text(None).unwrap();
        assert_eq!(members(&text), ["kid", "use", "kty", "created", "k"]);
        assert_eq!(parse(&text).keys[0].secret_bytes().unwrap(), "päss".as_bytes());
        assert!(parse(&KeySet::new(CONTAINER).to_text(None).unwrap()).keys.is_empty());
    }

    /// As `wayfarer key set-secret` wrote it at first, and as Graph names the kind.
    #[test]
    fn secrets_without_an_id_are_read() {
        let keys = parse(r#"{"keys":[{"kty":"oct","use":"enc","k":"cMOkc3M"},{"kty":"OCT","nbf":1,"k":"AQ"}]}"#);
        assert_eq!(keys.keys[0].secret_bytes().unwrap(), "päss".as_bytes());
        assert_eq!((keys.keys[0].kid.as_str(), keys.keys[1].kid.as_str()), ("key-1", "key-2"));
        assert_eq!(keys.active_secret(now()).unwrap().kid, "key-2");
        assert_eq!((keys.active(now()).is_none(), keys.published(now()).len()), (true, 0));
    }

    #[test]
    fn under_a_passphrase_only_the_public_half_can_be_read() {
        let key = rsa();
        let text = set([key.clone()]).to_text(Some(&passphrase())).unwrap();
        assert_eq!(members(&text), ["kid", "use", "kty", "nbf", "exp", "created", "e", "n", "encrypted_pkcs8"]);
        let mut keys = parse(&text);
        assert_eq!(keys.published(now())[0].public_jwk(), key.public_jwk());
        let locked = KeySetError::Locked { kid: key.kid.clone() };
        assert_eq!(keys.active(now()).unwrap().pkcs8(), Err(locked.clone()));
        assert_eq!(keys.unlock(None, now()), Err(locked.clone()));
        assert!(locked.to_string().contains("set WAYFARER_KEY_PASSPHRASE"));
        let wrong = KeySetError::WrongPassphrase { kid: key.kid.clone() };
        assert_eq!(keys.unlock(Some(&Secret::new("wrong")), now()), Err(wrong));
        keys.unlock(Some(&passphrase()), now()).unwrap();
        assert_eq!(keys.keys[0].pkcs8().unwrap(), key.pkcs8().unwrap());
        assert_eq!(*keys.to_text(None).unwrap(), *text, "what was encrypted is written as it was");
    }

    #[test]
    fn a_secret_under_a_passphrase_comes_back() {
        let text = set([secret("päss")]).to_text(Some(&passphrase())).unwrap();
        assert_eq!(members(&text), ["kid", "use", "kty", "created", "encrypted_pkcs8"]);
        let mut keys = parse(&text);
        assert!(keys.keys[0].secret_bytes().is_err());
        keys.unlock(Some(&passphrase()), now()).unwrap();
        assert_eq!(keys.keys[0].secret_bytes().unwrap(), "päss".as_bytes());
    }

    #[test]
    fn one_keyset_has_one_passphrase() {
        let mut keys = parse(&set([secret("one")]).to_text(Some(&passphrase())).unwrap());
        let kid = keys.keys[0].kid.clone();
        keys.add(secret("two")).unwrap();
        assert_eq!(keys.to_text(None), Err(KeySetError::Locked { kid: kid.clone() }), "never in clear beside it");
        assert_eq!(keys.to_text(Some(&Secret::new("other"))), Err(KeySetError::WrongPassphrase { kid }));
        let mut keys = parse(&keys.to_text(Some(&passphrase())).unwrap());
        keys.unlock(Some(&passphrase()), now()).unwrap();
        assert_eq!(keys.keys[1].secret_bytes().unwrap(), b"two");
    }

    #[test]
    fn keys_that_are_out_of_use_cost_no_work() {
        let mut ended = secret("ended");
        ended.exp = Some(1000);
        let mut off = secret("off");
        off.enabled = false;
        let text = set([ended, off]).to_text(Some(&passphrase())).unwrap();
        assert_eq!(parse(&text).unlock(None, now()), Ok(()));
    }

    #[test]
    fn the_private_part_of_another_key_is_told() {
        let text = set([rsa()]).to_text(Some(&passphrase())).unwrap();
        let other = rsa();
        let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
        file["keys"][0]["n"] = other.public_jwk().unwrap()["n"].clone();
        let mut keys = parse(&file.to_string());
        assert!(matches!(keys.unlock(Some(&passphrase()), now()), Err(KeySetError::OtherKey { .. })));
    }

    #[test]
    fn a_damaged_keyset_is_told_without_its_values() {
        for (key, message) in [
            (r#"{"kty":"oct","k":"c2Vj+"}"#, "the key `key-1` is not base64url"),
            (r#"{"kty":"oct"}"#, "the key `key-1` needs one of `k` and `encrypted_pkcs8`, and no `pkcs8`"),
            (r#"{"kty":"oct","k":"AQ","pkcs8":"AQ"}"#, "the key `key-1` needs one of `k`"),
            (r#"{"kty":"RSA","use":"sig","k":"AQ"}"#, "the key `key-1` needs one of `pkcs8`"),
            (r#"{"kty":"RSA","use":"sig","pkcs8":"AQ=="}"#, "the key `key-1` holds no RSA private key in PKCS#8"),
            (
                r#"{"kty":"RSA","use":"sig","encrypted_pkcs8":"AQ=="}"#,
                "the key `key-1` is encrypted and lacks its public",
            ),
            (r#"{"kty":"RSA","encrypted_pkcs8":"AQ==","e":"AQAB","n":"xQ"}"#, "the key `key-1` has no `use`"),
            (r#"{"kty":"EC","use":"sig"}"#, "the key `key-1` is neither an RSA key nor a secret (`oct`)"),
            (r#"{"kty":"oct","k":"AQ","enabeld":false}"#, "malformed at line 1, column "),
            (r#"{"kid":"a","kty":"oct","k":"AQ"},{"kid":"a","kty":"oct","k":"AQ"}"#, "the key id `a` is there twice"),
        ] {
            let found = KeySet::parse(CONTAINER, &format!(r#"{{"keys":[{key}]}}"#)).unwrap_err();
            assert!(found.starts_with(message), "{key}: {found}");
        }
        let text = r#"{"keys":[{"kty":"oct","encrypted_pkcs8":"c2VjcmV0"}]}"#;
        let error = parse(text).unlock(Some(&passphrase()), now()).unwrap_err();
        assert_eq!(error.to_string(), "the encrypted part of the key `key-1` can't be read: it is damaged");
    }

    #[test]
    fn nothing_private_is_shown() {
        let keys = set([secret("marker")]);
        let shown = format!("{keys:?} {:?}", parse(&keys.to_text(None).unwrap()));
        assert!(
            shown.contains("[redacted]") && !shown.contains("marker") && !shown.contains("109, 97, 114"),
            "{shown}"
        );
    }
}
