//! The keys of one container, and which of them signs.

use jiff::Timestamp;

use super::key::{Key, KeyType};
use crate::Secret;

/// A keyset holds few keys; more are a mistake, and each costs time whenever the keyset is read (`graph.md` 5).
pub(super) const LIMIT: usize = 20;

/// What can't be done with a keyset or one of its keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// The private part is encrypted and no passphrase was given.
    #[error(
        "the key `{kid}` is encrypted: set WAYFARER_KEY_PASSPHRASE to the passphrase that it was encrypted with, \
         or name its file with --passphrase-file"
    )]
    Locked {
        /// The key's id.
        kid: String,
    },
    /// The private part is encrypted with another passphrase.
    #[error(
        "the passphrase (WAYFARER_KEY_PASSPHRASE, or --passphrase-file) is not the one that the key `{kid}` \
         was encrypted with: all keys of a keyset have one"
    )]
    WrongPassphrase {
        /// The key's id.
        kid: String,
    },
    /// The private part is encrypted in a way that is not read.
    #[error("the encrypted part of the key `{kid}` can't be read: {reason}")]
    Undecryptable {
        /// The key's id.
        kid: String,
        /// Why.
        reason: &'static str,
    },
    /// What was decrypted does not belong to the public half beside it.
    #[error("the encrypted part of the key `{kid}` holds another key than its public half tells")]
    OtherKey {
        /// The key's id.
        kid: String,
    },
    /// A certificate that came without its private key.
    #[error("the key `{kid}` is a certificate without its private key, which is needed here: upload it as PKCS#12")]
    NoPrivate {
        /// The key's id.
        kid: String,
    },
    /// A secret where a key pair is needed.
    #[error("the key `{kid}` is a secret (`oct`): an RSA key is needed here")]
    NotRsa {
        /// The key's id.
        kid: String,
    },
    /// A key pair where a secret is needed.
    #[error("the key `{kid}` is an RSA key: a secret (`oct`) is needed here")]
    NotSecret {
        /// The key's id.
        kid: String,
    },
    /// An RSA key and a secret in one keyset: then no rule says which one is active.
    #[error("key container `{container}` holds keys of another kind: RSA keys and secrets take a container each")]
    OtherKind {
        /// The container.
        container: String,
    },
    /// The key is there already.
    #[error("key container `{container}` has a key `{kid}` already")]
    Exists {
        /// The container.
        container: String,
        /// The key's id.
        kid: String,
    },
    /// No such key.
    #[error("key container `{container}` has no key `{kid}`: `wayfarer key show {container}` tells its keys")]
    Unknown {
        /// The container.
        container: String,
        /// The key's id.
        kid: String,
    },
    /// The keyset is full.
    #[error("key container `{container}` has {LIMIT} keys, and more are not kept: remove those that have ended")]
    Full {
        /// The container.
        container: String,
    },
    /// Its certificates need more room than a keyset has.
    #[error("key container `{container}` would be larger than any keyset: upload the key without its chain")]
    Large {
        /// The container.
        container: String,
    },
    /// The key would never be valid.
    #[error("the key would expire (second {exp}) before it becomes active (second {nbf}): give a later `exp`")]
    Validity {
        /// Not before, in epoch seconds.
        nbf: i64,
        /// Expires, in epoch seconds.
        exp: i64,
    },
    /// A rotation would make the new key itself, which only works for RSA keys.
    #[error(
        "key container `{container}` holds secrets: rotate a secret by adding the new one with its activation date"
    )]
    NotRotatable {
        /// The container.
        container: String,
    },
    /// No secret of the keyset is valid.
    #[error("key container `{container}` has no secret that is valid now: `wayfarer key set-secret` adds one")]
    NoActiveSecret {
        /// The container.
        container: String,
    },
    /// A secret that no field of a request can carry.
    #[error("the secret `{kid}` is no UTF-8 text")]
    NotText {
        /// The key's id.
        kid: String,
    },
    /// The cryptographic library made no key.
    #[error("no key could be made: the system gives no randomness or no memory")]
    Generate,
}

/// Whether a key is in use, as Microsoft Graph's `status` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// It signs and is published while it is valid.
    Enabled,
    /// It neither signs nor is published.
    Disabled,
}

/// The keys of one container.
#[derive(Debug, Clone)]
pub struct KeySet {
    pub(super) container: String,
    pub(super) keys: Vec<Key>,
}

impl KeySet {
    /// A keyset without keys, as Microsoft Graph makes them.
    pub fn new(container: impl Into<String>) -> Self {
        Self { container: container.into(), keys: Vec::new() }
    }

    /// The container's name.
    pub fn container(&self) -> &str {
        &self.container
    }

    /// All keys, in file order.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The RSA key that signs at `now`: the enabled one whose `nbf` is the latest already passed and whose `exp` has
    /// not; a key without `nbf` counts last. `None` is AADB2C90019. Source: `tokens.md` 1, policy-keys-overview.
    pub fn active(&self, now: Timestamp) -> Option<&Key> {
        self.active_at(KeyType::Rsa, now.as_second())
    }

    /// The secret that is active at `now`, by the same rule as [`KeySet::active`].
    pub fn active_secret(&self, now: Timestamp) -> Option<&Key> {
        self.active_at(KeyType::Oct, now.as_second())
    }

    /// The text of the secret that is active at `now`.
    ///
    /// # Errors
    /// [`KeySetError::NoActiveSecret`], [`KeySetError::Locked`], [`KeySetError::NotText`].
    pub fn secret_text(&self, now: Timestamp) -> Result<Secret, KeySetError> {
        let none = || KeySetError::NoActiveSecret { container: self.container.clone() };
        let active = self.active_secret(now).ok_or_else(none)?;
        let not_text = |_| KeySetError::NotText { kid: active.kid.clone() };
        str::from_utf8(active.secret_bytes()?).map(Secret::new).map_err(not_text)
    }

    fn active_at(&self, kty: KeyType, second: i64) -> Option<&Key> {
        self.latest(second, |key| key.kty() == kty && key.has_private())
    }

    /// The active key of any kind, by the same rule: also a certificate that came alone, which signs nothing here.
    pub fn active_of_any_kind(&self, now: Timestamp) -> Option<&Key> {
        self.latest(now.as_second(), |_| true)
    }

    fn latest(&self, second: i64, is_wanted: impl Fn(&Key) -> bool) -> Option<&Key> {
        let usable = |key: &&Key| is_wanted(key) && key.is_usable(second);
        self.keys.iter().filter(usable).max_by_key(|key| key.nbf.unwrap_or(i64::MIN))
    }

    /// The first second from `now` on in which no RSA key signs; `None` where that never comes.
    pub fn signs_until(&self, now: Timestamp) -> Option<i64> {
        let mut second = now.as_second();
        loop {
            let Some(active) = self.active_at(KeyType::Rsa, second) else { return Some(second) };
            // Whoever takes over has another end, and a later one than this: the loop takes a turn a key.
            second = active.exp?;
        }
    }

    /// The keys that the JWKS shows at `now`: enabled RSA keys that have not expired, first the ones without `nbf`,
    /// then by `nbf`. A key is shown before it signs, so that those who keep the JWKS for a while have it by then;
    /// a secret is never shown (RFC 8725 §3.1). Source: `endpoints.md` 1.4.
    pub fn published(&self, now: Timestamp) -> Vec<&Key> {
        let signs = |key: &Key| key.kty() == KeyType::Rsa && key.has_private();
        let shown = |key: &&Key| signs(key) && key.enabled && !key.has_ended(now.as_second());
        let mut keys: Vec<&Key> = self.keys.iter().filter(shown).collect();
        keys.sort_by_key(|key| key.nbf);
        keys
    }

    /// Adds a key, which is the last then.
    ///
    /// # Errors
    /// [`KeySetError::Exists`], [`KeySetError::OtherKind`], [`KeySetError::Full`].
    pub fn add(&mut self, key: Key) -> Result<(), KeySetError> {
        let container = self.container.clone();
        if self.keys.iter().any(|it| it.kid == key.kid) {
            return Err(KeySetError::Exists { container, kid: key.kid });
        }
        if self.keys.iter().any(|it| it.kty() != key.kty()) {
            return Err(KeySetError::OtherKind { container });
        }
        if self.keys.len() >= LIMIT {
            return Err(KeySetError::Full { container });
        }
        self.keys.push(key);
        Ok(())
    }

    /// Takes a key into use or out of it. Of a key that must not be trusted any more, [`KeySet::withdraw`] also sees to
    /// who signs from then on.
    ///
    /// # Errors
    /// [`KeySetError::Unknown`].
    pub fn set_status(&mut self, kid: &str, status: KeyStatus) -> Result<(), KeySetError> {
        self.key_mut(kid)?.enabled = status == KeyStatus::Enabled;
        Ok(())
    }

    /// Removes a key. What it signed can't be verified any more.
    ///
    /// # Errors
    /// [`KeySetError::Unknown`].
    pub fn remove(&mut self, kid: &str) -> Result<Key, KeySetError> {
        let at = self.keys.iter().position(|it| it.kid == kid).ok_or_else(|| self.unknown(kid))?;
        Ok(self.keys.remove(at))
    }

    /// Removes the keys that have ended, which neither sign nor are published, and tells their ids.
    pub fn remove_expired(&mut self, now: Timestamp) -> Vec<String> {
        let has_ended = |key: &mut Key| key.has_ended(now.as_second());
        self.keys.extract_if(.., has_ended).map(|key| key.kid).collect()
    }

    /// Decrypts the private parts that may still be needed: those of keys that are enabled and haven't ended. Takes up
    /// to a few tenths of a second a key, so it is done once, when the keyset is loaded; where nothing is encrypted, it
    /// does nothing. The public halves are there without it.
    ///
    /// # Errors
    /// [`KeySetError::Locked`] without a passphrase, [`KeySetError::WrongPassphrase`], [`KeySetError::Undecryptable`],
    /// [`KeySetError::OtherKey`].
    pub fn unlock(&mut self, passphrase: Option<&Secret>, now: Timestamp) -> Result<(), KeySetError> {
        let needed = |key: &&mut Key| key.is_locked() && key.enabled && !key.has_ended(now.as_second());
        for key in self.keys.iter_mut().filter(needed) {
            let passphrase = passphrase.ok_or_else(|| KeySetError::Locked { kid: key.kid.clone() })?;
            key.unlock(passphrase)?;
        }
        Ok(())
    }

    /// Takes over what was decrypted before of the same keys, so that a keyset that is read again costs nothing.
    pub fn remember(&mut self, before: &Self) {
        for key in &mut self.keys {
            if let Some(same) = before.keys.iter().find(|it| it.kid == key.kid) {
                key.remember(same);
            }
        }
    }

    /// Whether any private part is encrypted where it is kept.
    pub fn is_encrypted(&self) -> bool {
        self.keys.iter().any(Key::is_encrypted)
    }

    /// Turns every private part into one that is kept in clear: also of keys that are out of use.
    pub(super) fn decrypt(&mut self, passphrase: Option<&Secret>) -> Result<(), KeySetError> {
        for key in self.keys.iter_mut().filter(|it| it.is_encrypted()) {
            let passphrase = passphrase.ok_or_else(|| KeySetError::Locked { kid: key.kid.clone() })?;
            key.decrypt_for_good(passphrase)?;
        }
        Ok(())
    }

    pub(super) fn key_mut(&mut self, kid: &str) -> Result<&mut Key, KeySetError> {
        let unknown = self.unknown(kid);
        self.keys.iter_mut().find(|it| it.kid == kid).ok_or(unknown)
    }

    fn unknown(&self, kid: &str) -> KeySetError {
        KeySetError::Unknown { container: self.container.clone(), kid: kid.chars().take(200).collect() }
    }
}
