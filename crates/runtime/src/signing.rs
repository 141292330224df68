use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread;
use tokio::sync::{mpsc, oneshot};
use wayfarer_oauth::jose::{self, JoseError, SigningKey};
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

/// The keys that sign tokens: made at first use, read and parsed once until [`SigningKeys::refresh`].
#[derive(Debug)]
pub struct SigningKeys {
    store: KeyStore,
    place: Place,
    known: RwLock<HashMap<String, Arc<Container>>>,
}

/// Where signatures are made.
#[derive(Debug)]
enum Place {
    /// On the thread that asks, which serves nobody else.
    Here,
    /// On threads of their own: a signature takes a quarter of a millisecond, in which a thread that serves others would
    /// make them wait.
    Threads(mpsc::Sender<Job>),
}

/// More tokens than this don't wait for a signature; their requests wait to be put in line.
const QUEUE: usize = 1024;

/// Who serves the connections may share a core with a thread that signs, and is not to wait for the rest of the queue: so
/// many signatures (a millisecond) are a turn.
const TURN: u32 = 4;

/// A token that waits for its signature.
struct Job {
    key: SigningKey,
    claims: Map<String, Value>,
    signed: oneshot::Sender<Result<Signed, JoseError>>,
}

/// So many threads that sign, until the queue's end is dropped.
fn threads(count: usize) -> mpsc::Sender<Job> {
    let (queue, jobs) = mpsc::channel::<Job>(QUEUE);
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..count.max(1) {
        let jobs = Arc::clone(&jobs);
        thread::spawn(move || {
            // The lock is held while waiting for a job, not while signing.
            let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
            let mut count = 0_u32;
            while let Some(Job { key, claims, signed }) = next() {
                let _ = signed.send(signed_here(&key, claims));
                count = count.wrapping_add(1);
                if count.is_multiple_of(TURN) {
                    thread::yield_now();
                }
            }
        });
    }
    queue
}

fn signed_here(key: &SigningKey, claims: Map<String, Value>) -> Result<Signed, JoseError> {
    Ok(Signed { token: jose::sign(key, &claims)?, claims })
}

/// A keyset, and those of its keys that have signed.
#[derive(Debug)]
struct Container {
    keyset: KeySet,
    parsed: HashMap<String, OnceLock<SigningKey>>,
}

impl Container {
    fn new(keyset: KeySet) -> Self {
        let parsed = keyset.keys().iter().map(|it| (it.kid.clone(), OnceLock::new())).collect();
        Self { keyset, parsed }
    }
}

impl SigningKeys {
    /// Keys of that store, which sign where they are asked.
    pub fn new(store: KeyStore) -> Self {
        Self { store, place: Place::Here, known: RwLock::default() }
    }

    /// Keys of that store, which sign on so many threads of their own.
    pub fn threaded(store: KeyStore, count: usize) -> Self {
        Self { place: Place::Threads(threads(count)), ..Self::new(store) }
    }

    /// The keyset of a container that a token issuer names; made when there is none.
    ///
    /// # Errors
    /// It can't be read or written.
    pub fn keyset(&self, container: &str, now: Timestamp) -> Result<KeySet, KeyError> {
        self.container(container, now).map(|it| it.keyset.clone())
    }

    fn container(&self, name: &str, now: Timestamp) -> Result<Arc<Container>, KeyError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let keyset = self.store.get_or_create(name, KeyUse::Signature, now)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(known.entry(name.to_owned()).or_insert_with(|| Arc::new(Container::new(keyset)))))
    }

    /// Reads the keysets anew that were read before: a key was added, taken away, or has other times. What can't be read
    /// stays as it was.
    ///
    /// # Errors
    /// The first keyset that can't be read.
    pub fn refresh(&self) -> Result<(), KeyError> {
        let names: Vec<String> = self.known.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        let mut failed = Ok(());
        for name in names {
            match self.store.get(&name) {
                Ok(Some(keyset)) => {
                    let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                    known.insert(name, Arc::new(Container::new(keyset)));
                }
                Ok(None) => _ = self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&name),
                Err(error) => failed = failed.and(Err(error)),
            }
        }
        failed
    }

    /// The key of the container that signs at `now`.
    ///
    /// # Errors
    /// As [`SigningKeys::keyset`], or no key of the set is valid.
    pub fn active(&self, container: &str, now: Timestamp) -> Result<SigningKey, SigningError> {
        let known = self.container(container, now)?;
        let no_key = || SigningError::NoActiveKey { container: container.to_owned() };
        let active = known.keyset.active(now).ok_or_else(no_key)?;
        let parsed = known.parsed.get(&active.kid).ok_or_else(no_key)?;
        if let Some(key) = parsed.get() {
            return Ok(key.clone());
        }
        let key = SigningKey::new(active)?;
        Ok(parsed.get_or_init(|| key).clone())
    }

    /// Signs the claims with a key, as [`jose::sign`] does.
    ///
    /// # Errors
    /// The cryptographic library fails, or the runtime ends meanwhile.
    pub async fn sign(&self, key: &SigningKey, claims: Map<String, Value>) -> Result<Signed, SigningError> {
        let Place::Threads(queue) = &self.place else { return Ok(signed_here(key, claims)?) };
        let (signed, answer) = oneshot::channel();
        let job = Job { key: key.clone(), claims, signed };
        queue.send(job).await.map_err(|_| JoseError::Ended)?;
        Ok(answer.await.map_err(|_| JoseError::Ended)??)
    }
}

/// A token and what is in it.
pub struct Signed {
    /// The compact form.
    pub token: String,
    /// Its payload.
    pub claims: Map<String, Value>,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signed([redacted])")
    }
}
