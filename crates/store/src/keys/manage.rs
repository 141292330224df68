//! Making, changing and removing keysets: each a change of its own, which no other one undoes.

use super::{KeyError, KeySet, KeySetError, KeyStore, name};
use crate::Secret;

impl KeyStore {
    /// The names of all containers, sorted.
    ///
    /// # Errors
    /// The place can't be read.
    pub fn containers(&self) -> Result<Vec<String>, KeyError> {
        let container = |it: &String| it.strip_prefix("keys/")?.strip_suffix(".json").map(str::to_owned);
        let names = self.documents.list("keys")?;
        Ok(names.iter().filter_map(container).filter(|it| super::is_container(it)).collect())
    }

    /// Keeps a new keyset, with or without keys; with a passphrase, their private parts encrypted.
    ///
    /// # Errors
    /// A name that is no container, a container that exists already, a place that can't be written.
    pub fn create(&self, keys: &KeySet, passphrase: Option<&Secret>) -> Result<(), KeyError> {
        let (name, text) = (name(keys.container())?, keys.to_text(passphrase)?);
        let mut change = self.documents.change()?;
        if !change.create(&name, &text)? {
            return Err(KeyError::Exists { container: keys.container().to_owned() });
        }
        Ok(change.commit()?)
    }

    /// Changes a keyset as it is now, whoever changed it meanwhile. When `change` fails, the keyset stays as it was. Make new
    /// keys before: others wait until this has ended.
    ///
    /// # Errors
    /// No such container, a keyset that can't be read or written, and what `change` finds.
    pub fn change<T>(
        &self,
        container: &str,
        passphrase: Option<&Secret>,
        change: impl FnOnce(&mut KeySet) -> Result<T, KeySetError>,
    ) -> Result<T, KeyError> {
        let name = name(container)?;
        let mut writer = self.documents.change()?;
        let unknown = || KeyError::Unknown { container: container.to_owned() };
        let text = writer.read(&name)?.ok_or_else(unknown)?;
        let corrupt = |reason| KeyError::Corrupt { path: self.place(container), reason };
        let mut keys = KeySet::parse(container, &text).map_err(corrupt)?;
        let result = change(&mut keys)?;
        writer.replace(&name, &keys.to_text(passphrase)?)?;
        writer.commit()?;
        Ok(result)
    }

    /// Removes a keyset with all its keys: what they signed can't be verified any more.
    ///
    /// # Errors
    /// No such container, a place that can't be written.
    pub fn remove(&self, container: &str) -> Result<(), KeyError> {
        let name = name(container)?;
        let mut writer = self.documents.change()?;
        if !writer.remove(&name)? {
            return Err(KeyError::Unknown { container: container.to_owned() });
        }
        Ok(writer.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use jiff::Timestamp;

    use super::*;
    use crate::documents::Folder;
    use crate::keys::{Key, KeyStatus, KeyUse, Validity, import_certificate};

    const CONTAINER: &str = "B2C_1A_Test";

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn secret(text: &str) -> Key {
        Key::secret(text.as_bytes(), KeyUse::Encryption, Validity::default(), now()).unwrap()
    }

    #[test]
    fn keysets_come_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyStore::new(Arc::new(Folder::new(folder.path())));
        assert!(store.containers().unwrap().is_empty());
        store.create(&KeySet::new(CONTAINER), None).unwrap();
        assert!(matches!(store.create(&KeySet::new(CONTAINER), None), Err(KeyError::Exists { .. })));
        assert!(store.get(CONTAINER).unwrap().unwrap().keys().is_empty());
        std::fs::write(folder.path().join("keys/client-secrets.pepper"), "x").unwrap();
        assert_eq!(store.containers().unwrap(), [CONTAINER]);
        store.remove(CONTAINER).unwrap();
        assert!(matches!(store.remove(CONTAINER), Err(KeyError::Unknown { .. })));
        assert!(matches!(store.change(CONTAINER, None, |_| Ok(())), Err(KeyError::Unknown { .. })));
        assert!(store.create(&KeySet::new("../x"), None).is_err() && store.remove("..").is_err());
    }

    #[test]
    fn no_change_undoes_another_and_a_failed_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyStore::new(Arc::new(Folder::new(folder.path())));
        store.create(&KeySet::new(CONTAINER), None).unwrap();
        thread::scope(|scope| {
            for at in 0..8 {
                let store = &store;
                scope.spawn(move || store.change(CONTAINER, None, |keys| keys.add(secret(&at.to_string()))).unwrap());
            }
        });
        let failed = store.change(CONTAINER, None, |keys| {
            keys.add(secret("lost"))?;
            keys.set_status("unknown", KeyStatus::Disabled)
        });
        assert!(matches!(failed, Err(KeyError::KeySet(KeySetError::Unknown { .. }))));
        assert_eq!(store.get(CONTAINER).unwrap().unwrap().keys().len(), 8);
    }

    /// A certificate that came alone is shown, kept as it is beside what is encrypted, and neither signs nor is published.
    #[test]
    fn a_certificate_alone_signs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyStore::new(Arc::new(Folder::new(folder.path())));
        let file = include_bytes!("import/vectors/rsa.crt");
        let key = import_certificate(file).unwrap().into_key(KeyUse::Signature, now()).unwrap();
        let (kid, shown) = (key.kid.clone(), key.graph_members());
        assert!(!key.has_private() && matches!(key.pkcs8(), Err(KeySetError::NoPrivate { .. })));
        let mut keys = KeySet::new(CONTAINER);
        keys.add(key).unwrap();
        let passphrase = Secret::new("test passphrase");
        store.create(&keys, Some(&passphrase)).unwrap();
        let keys = store.get(CONTAINER).unwrap().unwrap();
        assert_eq!(keys.keys()[0].graph_members(), shown);
        assert!(keys.active(now()).is_none() && keys.published(now()).is_empty());
        assert_eq!(keys.active_of_any_kind(now()).map(|it| &it.kid), Some(&kid));
        assert!(import_certificate(b"no certificate").is_err() && import_certificate(&file[..200]).is_err());
    }
}
