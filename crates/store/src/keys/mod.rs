//! Policy keys: one keyset per container, made at first use.

mod encryption;
mod import;
mod key;
mod keyset;
mod rotation;
mod rsa;
mod secret;
mod text;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::files::{self, Access, FileError};

pub use import::{ImportError, ImportedKey, import_keys};
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
    /// The keyset's file can't be read or written.
    #[error(transparent)]
    File(#[from] FileError),
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
    /// What can't be done with the keyset or one of its keys.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
}

/// The folder that holds a tenant's policy keys.
#[derive(Debug, Clone)]
pub struct KeyStore {
    folder: PathBuf,
}

impl KeyStore {
    /// Keys under `folder`, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where the keys are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The keyset of `container`, `None` when it was never made.
    ///
    /// # Errors
    /// A name that is no container, an unreadable file, a file that is no keyset.
    pub fn get(&self, container: &str) -> Result<Option<KeySet>, KeyError> {
        let path = self.path(container)?;
        match files::read_text(&path) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                KeySet::parse(container, &text).map(Some).map_err(|reason| KeyError::Corrupt { path, reason })
            }
            Err(FileError::Read { source, .. }) if is_absence(source.kind()) => Ok(None),
            Err(error) => Err(error.into()),
        }
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
        let path = self.path(container)?;
        files::create_private_folder(&self.folder)?;
        files::create(&path, &generate(container, usage, now)?, Access::Owner)?;
        self.get(container)?.ok_or(KeyError::Corrupt { path, reason: "it vanished while it was made".into() })
    }

    fn path(&self, container: &str) -> Result<PathBuf, KeyError> {
        if is_container(container) {
            return Ok(self.folder.join(format!("{container}.json")));
        }
        Err(KeyError::Container { name: container.chars().take(140).collect() })
    }
}

/// Also a folder on the way that is a file: making the keyset will then say what to do.
fn is_absence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
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
