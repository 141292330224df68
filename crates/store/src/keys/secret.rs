//! Containers that hold a secret instead of an RSA key: passwords and API keys of REST services.

use jiff::Timestamp;

use super::{Key, KeyError, KeySet, KeyStore, KeyUse, Validity};
use crate::Secret;

impl KeyStore {
    /// The secret in `container` that is active at `now`; `None` when the container was never made. The latest `nbf` that
    /// has passed decides, and a secret without `nbf` counts last (`tokens.md` 1).
    ///
    /// # Errors
    /// A name that is no container, an unreadable file, one that holds no secret that is valid now.
    pub fn get_secret(&self, container: &str, now: Timestamp) -> Result<Option<Secret>, KeyError> {
        let Some(mut keys) = self.get(container)? else { return Ok(None) };
        keys.unlock(None, now)?;
        let corrupt = |reason: &str| KeyError::Corrupt { path: self.place(container), reason: reason.to_owned() };
        let Some(active) = keys.active_secret(now) else { return Err(corrupt("it holds no secret that is valid now")) };
        let text = str::from_utf8(active.secret_bytes()?).map_err(|_| corrupt("a secret in it is not UTF-8"))?;
        Ok(Some(Secret::new(text)))
    }

    /// Puts a secret into a new container.
    ///
    /// # Errors
    /// A name that is no container, a place that can't be written, a container that exists already.
    pub fn create_secret(&self, container: &str, secret: &Secret) -> Result<(), KeyError> {
        let name = super::name(container)?;
        let mut key =
            Key::secret(secret.expose().as_bytes(), KeyUse::Encryption, Validity::default(), Timestamp::UNIX_EPOCH)?;
        // Nobody handed us the time.
        key.created = None;
        let mut keys = KeySet::new(container);
        keys.add(key)?;
        let text = keys.to_text(None)?;
        let mut change = self.documents.change()?;
        if !change.create(&name, &text)? {
            return Err(KeyError::Exists { container: container.to_owned() });
        }
        Ok(change.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyStore::new(std::sync::Arc::new(crate::Folder::new(folder.path())));
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(keys.get_secret("B2C_1A_Api", now).unwrap().is_none());
        keys.create_secret("B2C_1A_Api", &Secret::new("päss word")).unwrap();
        assert_eq!(keys.get_secret("B2C_1A_Api", now).unwrap().unwrap().expose(), "päss word");
        assert!(keys.create_secret("B2C_1A_Api", &Secret::new("other")).is_err());
        assert!(keys.get_secret("../B2C_1A_Api", now).is_err(), "a name is never a path");
    }
}
