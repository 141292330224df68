//! Policy keys: one keyset per container, made at first use.

mod encryption;
mod import;
mod key;
mod keyset;
mod manage;
mod rotation;
mod rsa;
mod secret;
mod text;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use zeroize::Zeroizing;

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
    #[error("key container `{container}` exists already; remove its file to make it anew")]
    Exists {
        /// The container.
        container: String,
    },
    /// The container was never made.
    #[error("there is no key container `{container}`")]
    Unknown {
        /// The container.
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
}

impl KeyStore {
    /// The keys among these documents.
    pub fn new(documents: Arc<dyn Documents>) -> Self {
        Self { documents }
    }

    /// How a person finds the keyset of `container`.
    pub fn place(&self, container: &str) -> PathBuf {
        self.documents.place(&format!("keys/{container}.json"))
    }

    /// The keyset of `container`, `None` when it was never made.
    ///
    /// # Errors
    /// A name that is no container, an unreadable file, a file that is no keyset.
    pub fn get(&self, container: &str) -> Result<Option<KeySet>, KeyError> {
        let Some(text) = self.documents.read(&name(container)?)? else { return Ok(None) };
        let corrupt = |reason| KeyError::Corrupt { path: self.place(container), reason };
        KeySet::parse(container, &text).map(Some).map_err(corrupt)
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
        let (name, text) = (name(container)?, generate(container, usage, now)?);
        let mut change = self.documents.change()?;
        change.create(&name, &text)?;
        change.commit()?;
        let reason = "it vanished while it was made".to_owned();
        self.get(container)?.ok_or_else(|| KeyError::Corrupt { path: self.place(container), reason })
    }
}

/// The document of a container. A name that can't be a container's never becomes part of one.
fn name(container: &str) -> Result<String, KeyError> {
    if is_container(container) {
        return Ok(format!("keys/{container}.json"));
    }
    Err(KeyError::Container { name: container.chars().take(140).collect() })
}

fn is_container(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("B2C_1A_") else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !rest.is_empty() && name.len() <= 128 && rest.bytes().all(allowed)
}

/// The text of a keyset with one new key.
fn generate(container: &str, usage: KeyUse, now: Timestamp) -> Result<Zeroizing<String>, KeySetError> {
    let mut keys = KeySet::new(container);
    keys.add(Key::generate(KeySize::default(), usage, Validity::default(), now)?)?;
    keys.to_text(None)
}

#[cfg(test)]
mod tests;
