//! Making, changing and removing keysets: each a change of its own, which no other one undoes.

use std::path::PathBuf;

use super::{KeyError, KeySet, KeySetError, KeyStore, name};
use crate::documents::{LIMIT, Reader, StoreError, Text};

/// What a removed keyset is called, as in Azure AD B2C: no policy can name it.
pub(super) const BACKUP: &str = ".bak";

impl KeyStore {
    /// The names of all containers, sorted.
    ///
    /// # Errors
    /// The place can't be read.
    pub fn containers(&self) -> Result<Vec<String>, KeyError> {
        Ok(containers(&*self.documents)?)
    }

    /// Keeps a new keyset, with or without keys.
    ///
    /// # Errors
    /// A name that is no container, a container that exists already, a place that can't be written, another passphrase than
    /// that of the tenant's other keysets.
    pub fn create(&self, keys: &KeySet) -> Result<(), KeyError> {
        // Encrypting is slow, and others wait while a change lasts.
        let (name, text) = (name(keys.container())?, self.text(&*self.documents, keys)?);
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
        change: impl FnOnce(&mut KeySet) -> Result<T, KeySetError>,
    ) -> Result<T, KeyError> {
        self.change_from(container, || Err(KeyError::Unknown { container: container.to_owned() }), change)
    }

    /// As [`KeyStore::change`], beginning with a keyset without keys where there is none.
    ///
    /// # Errors
    /// A name that is no container, a keyset that can't be read or written, and what `change` finds.
    pub fn change_or_create<T>(
        &self,
        container: &str,
        change: impl FnOnce(&mut KeySet) -> Result<T, KeySetError>,
    ) -> Result<T, KeyError> {
        self.change_from(container, || Ok(KeySet::new(container)), change)
    }

    fn change_from<T>(
        &self,
        container: &str,
        absent: impl FnOnce() -> Result<KeySet, KeyError>,
        change: impl FnOnce(&mut KeySet) -> Result<T, KeySetError>,
    ) -> Result<T, KeyError> {
        let name = name(container)?;
        let mut writer = self.documents.change()?;
        let before = writer.read(&name)?.map(|text| self.parse(container, &text));
        let mut keys = before.unwrap_or_else(absent)?;
        let result = change(&mut keys)?;
        let text = self.text(&*writer, &keys)?;
        writer.replace(&name, &text)?;
        writer.commit()?;
        Ok(result)
    }

    /// Removes a keyset with all its keys: what they signed can't be verified any more. A copy is kept under a name that no
    /// policy can refer to, in place of the copy of that name before. Gives how a person finds it.
    ///
    /// # Errors
    /// No such container, a place that can't be written.
    pub fn remove(&self, container: &str) -> Result<PathBuf, KeyError> {
        let name = name(container)?;
        let mut writer = self.documents.change()?;
        let text = writer.read(&name)?.ok_or_else(|| KeyError::Unknown { container: container.to_owned() })?;
        let copy = super::document(&format!("{container}{BACKUP}"));
        writer.replace(&copy, &text)?;
        writer.remove(&name)?;
        writer.commit()?;
        Ok(self.documents.place(&copy))
    }

    /// The text of a keyset under the tenant's passphrase. One that nobody could read again is refused: long chains of
    /// certificates take their place.
    pub(super) fn text(&self, others: &dyn Reader, keys: &KeySet) -> Result<Text, KeyError> {
        self.judge_passphrase(others, keys)?;
        let text = keys.to_text(self.passphrase())?;
        if text.len() as u64 > LIMIT {
            return Err(KeySetError::Large { container: keys.container().to_owned() }.into());
        }
        Ok(text)
    }

    /// A passphrase under which a keyset is encrypted for the first time is that of another keyset, where one is encrypted.
    fn judge_passphrase(&self, others: &dyn Reader, keys: &KeySet) -> Result<(), KeyError> {
        let Some(passphrase) = self.passphrase() else { return Ok(()) };
        if keys.is_encrypted() || !keys.keys().iter().any(|it| it.has_private()) {
            return Ok(());
        }
        for container in containers(others)? {
            // A damaged keyset says nothing, and is told when it is used.
            let other = others.read(&name(&container)?)?.and_then(|text| KeySet::parse(&container, &text).ok());
            let Some(key) = other.as_ref().and_then(|it| it.keys().iter().find(|key| key.is_encrypted())) else {
                continue;
            };
            return key.judge_passphrase(passphrase).map_err(|_| KeyError::OtherPassphrase { container });
        }
        Ok(())
    }
}

fn containers(documents: &(impl Reader + ?Sized)) -> Result<Vec<String>, StoreError> {
    let container = |it: &String| it.strip_prefix("keys/")?.strip_suffix(".json").map(str::to_owned);
    let names = documents.list("keys")?;
    Ok(names.iter().filter_map(container).filter(|it| super::is_container(it)).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use jiff::Timestamp;

    use super::*;
    use crate::Secret;
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
        store.create(&KeySet::new(CONTAINER)).unwrap();
        assert!(matches!(store.create(&KeySet::new(CONTAINER)), Err(KeyError::Exists { .. })));
        assert!(store.get(CONTAINER).unwrap().unwrap().keys().is_empty());
        std::fs::write(folder.path().join("keys/client-secrets.pepper"), "x").unwrap();
        assert_eq!(store.containers().unwrap(), [CONTAINER]);
        store.remove(CONTAINER).unwrap();
        assert!(matches!(store.remove(CONTAINER), Err(KeyError::Unknown { .. })));
        assert!(matches!(store.change(CONTAINER, |_| Ok(())), Err(KeyError::Unknown { .. })));
        assert!(store.create(&KeySet::new("../x")).is_err() && store.remove("..").is_err());
    }

    #[test]
    fn no_change_undoes_another_and_a_failed_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyStore::new(Arc::new(Folder::new(folder.path())));
        store.create(&KeySet::new(CONTAINER)).unwrap();
        thread::scope(|scope| {
            for at in 0..8 {
                let store = &store;
                scope.spawn(move || store.change(CONTAINER, |keys| keys.add(secret(&at.to_string()))).unwrap());
            }
        });
        let failed = store.change(CONTAINER, |keys| {
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
        let store = store.with_passphrase(Some(Secret::new("test passphrase")));
        store.create(&keys).unwrap();
        let keys = store.get(CONTAINER).unwrap().unwrap();
        assert_eq!(keys.keys()[0].graph_members(), shown);
        assert!(keys.active(now()).is_none() && keys.published(now()).is_empty());
        assert_eq!(keys.active_of_any_kind(now()).map(|it| &it.kid), Some(&kid));
        assert!(import_certificate(b"no certificate").is_err() && import_certificate(&file[..200]).is_err());
    }
}
