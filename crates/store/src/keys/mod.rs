//! Policy keys: one keyset per container, made at first use.

mod encryption;
mod import;
mod key;
mod keyset;
mod manage;
mod rewrite;
mod rotation;
mod rsa;
mod secret;
mod text;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::Secret;
use crate::documents::{Documents, StoreError};

pub use import::{ImportError, ImportedKey, import_certificate, import_keys};
pub use key::{Key, KeyType, KeyUse, Validity};
pub use keyset::{KeySet, KeySetError, KeyStatus};
pub use rotation::{Ending, Rotated, Rotation, Successor};
pub use rsa::KeySize;

/// A policy key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The name can't be that of a container (and never becomes part of a path).
    #[error("`{name}` is not a key container: a name is `B2C_1A_` and then letters, digits, `_` or `-`")]
    Container {
        /// The name that was asked for.
        name: String,
    },
    /// The keyset can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keyset's file holds something else. It is left as it is.
    #[error("`{}` is not a keyset: {reason}; restore it, or remove it to have a new key made", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong, without any part of the key.
        reason: String,
    },
    /// The container is there already, and is never overwritten.
    #[error("key container `{container}` exists already; `wayfarer key remove {container}` takes it away")]
    Exists {
        /// The container.
        container: String,
    },
    /// The container was never made.
    #[error("there is no key container `{container}`: `wayfarer key list` shows those that are")]
    Unknown {
        /// The container.
        container: String,
    },
    /// A passphrase that is new to the tenant: most likely a misspelt one, with which nobody could read the keys again.
    #[error(
        "the passphrase is not the one that key container `{container}` is encrypted with: all keys of a tenant have one; \
         `wayfarer key encrypt` changes it"
    )]
    OtherPassphrase {
        /// A container of the tenant.
        container: String,
    },
    /// What can't be done with the keyset or one of its keys.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
}

/// A tenant's policy keys: its documents `keys/B2C_1A_….json`.
#[derive(Debug, Clone)]
pub struct KeyStore {
    documents: Arc<dyn Documents>,
    passphrase: Option<Secret>,
}

impl KeyStore {
    /// The keys among these documents.
    pub fn new(documents: Arc<dyn Documents>) -> Self {
        Self { documents, passphrase: None }
    }

    /// The same keys. With a passphrase the private parts that are written are encrypted, and those that are encrypted can
    /// be read.
    pub fn with_passphrase(self, passphrase: Option<Secret>) -> Self {
        Self { passphrase, ..self }
    }

    /// What the private parts are encrypted with, where they are. Never put it into a message, a log or a trace.
    pub fn passphrase(&self) -> Option<&Secret> {
        self.passphrase.as_ref()
    }

    /// How a person finds the keyset of `container`.
    pub fn place(&self, container: &str) -> PathBuf {
        self.documents.place(&document(container))
    }

    /// The keyset of `container` as it is written, `None` when it was never made. Nothing of it is decrypted, so that
    /// whoever needs its public halves alone has them at once and without the passphrase.
    ///
    /// # Errors
    /// A name that is no container, an unreadable file, a file that is no keyset.
    pub fn get(&self, container: &str) -> Result<Option<KeySet>, KeyError> {
        let text = self.documents.read(&name(container)?)?;
        text.map(|it| self.parse(container, &it)).transpose()
    }

    /// Makes the private parts of a keyset readable, as [`KeySet::unlock`] does: slow, once a key.
    ///
    /// # Errors
    /// As [`KeySet::unlock`].
    pub fn unlock(&self, keys: &mut KeySet, now: Timestamp) -> Result<(), KeySetError> {
        keys.unlock(self.passphrase(), now)
    }

    /// The keyset of `container`; a new one with one RSA 2048 key when there was none. Atomic: of several that race,
    /// in one process or many, the first to write wins and all get its key. `now` is only noted as the time of making:
    /// the key has no `nbf`, so that it signs at every `--now`.
    ///
    /// # Errors
    /// As [`KeyStore::get`], and a place that can't be written.
    pub fn get_or_create(&self, container: &str, usage: KeyUse, now: Timestamp) -> Result<KeySet, KeyError> {
        if let Some(keys) = self.get(container)? {
            return Ok(keys);
        }
        let mut keys = KeySet::new(container);
        keys.add(Key::generate(KeySize::default(), usage, Validity::default(), now)?)?;
        match self.create(&keys) {
            Ok(()) | Err(KeyError::Exists { .. }) => {}
            Err(error) => return Err(error),
        }
        let reason = "it vanished while it was made".to_owned();
        self.get(container)?.ok_or_else(|| KeyError::Corrupt { path: self.place(container), reason })
    }

    fn parse(&self, container: &str, text: &str) -> Result<KeySet, KeyError> {
        let corrupt = |reason| KeyError::Corrupt { path: self.place(container), reason };
        KeySet::parse(container, text).map_err(corrupt)
    }
}

/// The document of a container. A name that can't be a container's never becomes part of one.
fn name(container: &str) -> Result<String, KeyError> {
    if is_container(container) {
        return Ok(document(container));
    }
    Err(KeyError::Container { name: container.chars().take(140).collect() })
}

fn document(container: &str) -> String {
    format!("keys/{container}.json")
}

fn is_container(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("B2C_1A_") else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !rest.is_empty() && name.len() <= 128 && rest.bytes().all(allowed)
}

#[cfg(test)]
mod contract;
#[cfg(test)]
mod tests;
