//! Containers that hold a secret instead of an RSA key: passwords and API keys of REST services.

use jiff::Timestamp;

use super::keyset::LIMIT;
use super::{Key, KeyError, KeySet, KeySetError, KeyStore, KeyUse, Validity};
use crate::Secret;

impl KeyStore {
    /// Puts a secret into a new container. It is valid at every time, and `now` only noted.
    ///
    /// # Errors
    /// A name that is no container, a place that can't be written, a container that exists already.
    pub fn create_secret(&self, container: &str, secret: &Secret, now: Timestamp) -> Result<(), KeyError> {
        let mut keys = KeySet::new(container);
        keys.add(Key::secret(secret.expose().as_bytes(), KeyUse::Encryption, Validity::default(), now)?)?;
        self.create(&keys)
    }

    /// Puts a secret into a container, which is made where there is none: from now on it is the one that counts. Those
    /// before stay, as in Azure AD B2C, until the keyset is full; then the oldest of them goes.
    ///
    /// # Errors
    /// A name that is no container, one that holds RSA keys, a place that can't be written.
    pub fn replace_secret(&self, container: &str, secret: &Secret, now: Timestamp) -> Result<(), KeyError> {
        let validity = Validity { nbf: Some(now.as_second()), exp: None };
        let key = Key::secret(secret.expose().as_bytes(), KeyUse::Encryption, validity, now)?;
        self.change_or_create(container, |keys| {
            make_room(keys)?;
            keys.add(key)
        })
    }
}

fn make_room(keys: &mut KeySet) -> Result<(), KeySetError> {
    let oldest = keys.keys().iter().min_by_key(|it| it.nbf).map(|it| it.kid.clone());
    match oldest {
        Some(kid) if keys.keys().len() >= LIMIT => keys.remove(&kid).map(|_| ()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &tempfile::TempDir) -> KeyStore {
        KeyStore::new(std::sync::Arc::new(crate::Folder::new(folder.path())))
    }

    fn read(keys: &KeyStore, now: Timestamp) -> String {
        keys.get("B2C_1A_Api").unwrap().unwrap().secret_text(now).unwrap().expose().to_owned()
    }

    #[test]
    fn a_secret_is_read_back_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let keys = store(&folder);
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        keys.create_secret("B2C_1A_Api", &Secret::new("päss word"), now).unwrap();
        assert_eq!(read(&keys, now), "päss word");
        assert_eq!(read(&keys, "1990-01-01T00:00:00Z".parse().unwrap()), "päss word", "at every --now");
        let again = keys.create_secret("B2C_1A_Api", &Secret::new("other"), now);
        assert!(matches!(again, Err(KeyError::Exists { .. })));
        assert!(keys.create_secret("../B2C_1A_Api", &Secret::new("x"), now).is_err(), "a name is never a path");
    }

    #[test]
    fn a_newer_secret_takes_over_and_the_older_ones_stay_while_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let keys = store(&folder);
        let at = |second| Timestamp::from_second(second).unwrap();
        for second in 0..25 {
            // Two in each second: the later one counts.
            keys.replace_secret("B2C_1A_Api", &Secret::new(format!("first {second}")), at(second)).unwrap();
            keys.replace_secret("B2C_1A_Api", &Secret::new(format!("second {second}")), at(second)).unwrap();
            assert_eq!(read(&keys, at(second)), format!("second {second}"));
        }
        assert_eq!(keys.get("B2C_1A_Api").unwrap().unwrap().keys().len(), LIMIT);
        assert_eq!(read(&keys, at(20)), "second 20");
        keys.get_or_create("B2C_1A_Rsa", KeyUse::Signature, at(0)).unwrap();
        let refused = keys.replace_secret("B2C_1A_Rsa", &Secret::new("x"), at(0));
        assert!(matches!(refused, Err(KeyError::KeySet(KeySetError::OtherKind { .. }))));
    }
}
