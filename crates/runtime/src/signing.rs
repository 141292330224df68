use crate::policy_keys::PolicyKeys;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use tokio::sync::{mpsc, oneshot};
use wayfarer_oauth::jose::{self, JoseError, SigningKey};
use wayfarer_oauth::metadata::jwks;
use wayfarer_store::KeyError;

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

/// The keys that sign tokens, and where they do.
#[derive(Debug)]
pub struct SigningKeys {
    keys: Arc<PolicyKeys>,
    place: Place,
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

impl SigningKeys {
    /// These keys, which sign where they are asked.
    pub fn new(keys: Arc<PolicyKeys>) -> Self {
        Self { keys, place: Place::Here }
    }

    /// These keys, which sign on so many threads of their own.
    pub fn threaded(keys: Arc<PolicyKeys>, count: usize) -> Self {
        Self { keys, place: Place::Threads(threads(count)) }
    }

    /// The keysets that they are of.
    pub fn policy_keys(&self) -> &PolicyKeys {
        &self.keys
    }

    /// The JWKS of a container that a token issuer names, which is made when there is none.
    ///
    /// # Errors
    /// It can't be read or written.
    pub async fn jwks(&self, container: &str, now: Timestamp) -> Result<Value, SigningError> {
        Ok(jwks(self.keys.signing(container, now).await?.keyset(), now))
    }

    /// The key of the container that signs at `now`.
    ///
    /// # Errors
    /// As [`SigningKeys::jwks`], or no key of the set is valid, or it is encrypted and doesn't open.
    pub async fn active(&self, container: &str, now: Timestamp) -> Result<SigningKey, SigningError> {
        self.keys.signing(container, now).await?.signing_key(now)
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
