use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wayfarer_oauth::jose::{JoseError, SigningKey};
use wayfarer_store::{KeyError, KeySet, KeyStore, KeyUse};

/// No key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The keyset can't be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No key of the keyset is valid now.
    #[error("key container `{container}` has no key that is valid now")]
    NoActiveKey {
        /// The container.
        container: String,
    },
    /// The key can't sign.
    #[error(transparent)]
    Jose(#[from] JoseError),
}

/// The keys that sign tokens: made at first use, read and parsed once for as long as this lives.
#[derive(Debug)]
pub struct SigningKeys {
    store: KeyStore,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// By container.
    keysets: HashMap<String, KeySet>,
    /// By key id.
    parsed: HashMap<String, SigningKey>,
}

impl SigningKeys {
    /// Keys of that store.
    pub fn new(store: KeyStore) -> Self {
        Self { store, known: Mutex::default() }
    }

    /// The keyset of a container that a token issuer names; made when there is none.
    ///
    /// # Errors
    /// It can't be read or written.
    pub fn keyset(&self, container: &str, now: Timestamp) -> Result<KeySet, KeyError> {
        if let Some(keyset) = self.known().keysets.get(container) {
            return Ok(keyset.clone());
        }
        let keyset = self.store.get_or_create(container, KeyUse::Signature, now)?;
        self.known().keysets.insert(container.to_owned(), keyset.clone());
        Ok(keyset)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of the container that signs at `now`.
    ///
    /// # Errors
    /// As [`SigningKeys::keyset`], or no key of the set is valid.
    pub fn active(&self, container: &str, now: Timestamp) -> Result<SigningKey, SigningError> {
        let keyset = self.keyset(container, now)?;
        let Some(active) = keyset.active(now) else {
            return Err(SigningError::NoActiveKey { container: container.to_owned() });
        };
        if let Some(key) = self.known().parsed.get(&active.kid) {
            return Ok(key.clone());
        }
        let key = SigningKey::new(active)?;
        self.known().parsed.insert(active.kid.clone(), key.clone());
        Ok(key)
    }
}
