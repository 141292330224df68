use crate::signing::SigningError;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use wayfarer_oauth::jose::{JoseError, SigningKey};
use wayfarer_store::{KeyError, KeySet, KeySetError, KeyStore, KeyUse, Secret};

/// A tenant's policy keys in use: read and decrypted once, and again by [`PolicyKeys::refresh`]. Whoever signs and whoever
/// calls others share one of these.
#[derive(Debug)]
pub struct PolicyKeys {
    store: KeyStore,
    reading: Reading,
    known: RwLock<HashMap<String, Arc<Container>>>,
    /// Of those who need a keyset that is not known yet one reads it, and nobody reads while they are read anew. Decrypting a
    /// key takes as long as hundreds of signatures.
    reader: tokio::sync::Mutex<()>,
}

/// Where keysets are read, made and decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// On the thread that asks, which serves nobody else.
    Here,
    /// On a thread that may block.
    Aside,
}

/// What to do about a container that was never made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    Make,
    Leave,
}

/// A keyset, and those of its keys that have signed.
#[derive(Debug)]
pub(crate) struct Container {
    keyset: KeySet,
    /// Why some private parts can't be read.
    locked: Option<KeySetError>,
    parsed: HashMap<String, OnceLock<SigningKey>>,
}

impl PolicyKeys {
    /// Keys of that store, which are read by whoever asks first.
    pub fn new(store: KeyStore) -> Arc<Self> {
        Self::reading(store, Reading::Here)
    }

    /// Keys of that store for a service: they are read on threads of tokio that may block, so that nobody else waits.
    pub fn aside(store: KeyStore) -> Arc<Self> {
        Self::reading(store, Reading::Aside)
    }

    fn reading(store: KeyStore, reading: Reading) -> Arc<Self> {
        Arc::new(Self { store, reading, known: RwLock::default(), reader: tokio::sync::Mutex::default() })
    }

    /// Reads a keyset that signs, or makes it, before anybody waits for it. Of one that is known already, what is wrong with
    /// it was told before. Blocks; not for asynchronous code.
    ///
    /// # Errors
    /// It can't be read or written, or is encrypted and doesn't open.
    pub fn prepare(&self, container: &str, now: Timestamp) -> Result<(), KeyError> {
        let _alone = self.reader.blocking_lock();
        if self.known(container).is_some() {
            return Ok(());
        }
        let loaded = self.load(container, Absent::Make, now)?.map(|it| self.learn(container, it));
        loaded.and_then(|it| it.locked.clone()).map_or(Ok(()), |locked| Err(locked.into()))
    }

    /// Reads the keysets anew that were read before: a key was added, taken away, or has other times. What can't be read
    /// stays as it was. What was decrypted before is not decrypted again. Blocks; not for asynchronous code.
    ///
    /// # Errors
    /// The first keyset that can't be read or opened.
    pub fn refresh(&self, now: Timestamp) -> Result<(), KeyError> {
        let _alone = self.reader.blocking_lock();
        let before: Vec<(String, Arc<Container>)> =
            self.read().iter().map(|(name, it)| (name.clone(), Arc::clone(it))).collect();
        let mut failed = Ok(());
        for (name, before) in before {
            match self.store.get(&name) {
                Ok(Some(keyset)) => {
                    let container = Container::new(keyset, Some(&before), &self.store, now);
                    let locked = container.locked.clone();
                    self.known.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(container));
                    failed = failed.and(locked.map_or(Ok(()), |it| Err(it.into())));
                }
                Ok(None) => _ = self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&name),
                Err(error) => failed = failed.and(Err(error)),
            }
        }
        failed
    }

    /// The keyset of a container that a token issuer names; made when there is none.
    pub(crate) async fn signing(self: &Arc<Self>, name: &str, now: Timestamp) -> Result<Arc<Container>, SigningError> {
        let container = self.container(name, Absent::Make, now).await?;
        container.ok_or_else(|| SigningError::NoActiveKey { container: name.to_owned() })
    }

    /// The secret of a container that is active; `None` when the container was never made.
    pub(crate) async fn secret(self: &Arc<Self>, name: &str, now: Timestamp) -> Result<Option<Secret>, SigningError> {
        let container = self.container(name, Absent::Leave, now).await?;
        container.map(|it| it.secret(now)).transpose()
    }

    async fn container(
        self: &Arc<Self>,
        name: &str,
        absent: Absent,
        now: Timestamp,
    ) -> Result<Option<Arc<Container>>, SigningError> {
        if let Some(known) = self.known(name) {
            return Ok(Some(known));
        }
        let _alone = self.reader.lock().await;
        if let Some(known) = self.known(name) {
            return Ok(Some(known));
        }
        let loaded = match self.reading {
            Reading::Here => self.load(name, absent, now),
            Reading::Aside => {
                let (keys, name) = (Arc::clone(self), name.to_owned());
                let load = tokio::task::spawn_blocking(move || keys.load(&name, absent, now));
                load.await.map_err(|_| JoseError::Ended)?
            }
        };
        Ok(loaded?.map(|it| self.learn(name, it)))
    }

    fn load(&self, name: &str, absent: Absent, now: Timestamp) -> Result<Option<Container>, KeyError> {
        let keyset = match absent {
            Absent::Make => Some(self.store.get_or_create(name, KeyUse::Signature, now)?),
            Absent::Leave => self.store.get(name)?,
        };
        Ok(keyset.map(|it| Container::new(it, None, &self.store, now)))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<String, Arc<Container>>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, name: &str) -> Option<Arc<Container>> {
        self.read().get(name).cloned()
    }

    fn learn(&self, name: &str, container: Container) -> Arc<Container> {
        let container = Arc::new(container);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.to_owned(), Arc::clone(&container));
        container
    }
}

impl Container {
    fn new(mut keyset: KeySet, before: Option<&Self>, store: &KeyStore, now: Timestamp) -> Self {
        if let Some(before) = before {
            keyset.remember(&before.keyset);
        }
        let locked = store.unlock(&mut keyset, now).err();
        let parsed = keyset.keys().iter().map(|it| (it.kid.clone(), OnceLock::new())).collect();
        Self { keyset, locked, parsed }
    }

    /// Its public halves can be had whether or not the others are locked.
    pub(crate) fn keyset(&self) -> &KeySet {
        &self.keyset
    }

    /// The key that signs at `now`.
    pub(crate) fn signing_key(&self, now: Timestamp) -> Result<SigningKey, SigningError> {
        let no_key = || SigningError::NoActiveKey { container: self.keyset.container().to_owned() };
        let active = self.keyset.active(now).ok_or_else(no_key)?;
        let parsed = self.parsed.get(&active.kid).ok_or_else(no_key)?;
        if let Some(key) = parsed.get() {
            return Ok(key.clone());
        }
        active.pkcs8().map_err(|error| self.why_locked(error))?;
        let key = SigningKey::new(active)?;
        Ok(parsed.get_or_init(|| key).clone())
    }

    fn secret(&self, now: Timestamp) -> Result<Secret, SigningError> {
        self.keyset.secret_text(now).map_err(|error| self.why_locked(error))
    }

    /// That a key is locked says less than why it could not be opened.
    fn why_locked(&self, error: KeySetError) -> SigningError {
        match (&self.locked, error) {
            (Some(locked), KeySetError::Locked { .. }) => KeyError::from(locked.clone()).into(),
            (_, error) => KeyError::from(error).into(),
        }
    }
}

#[cfg(test)]
mod tests;
