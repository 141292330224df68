use crate::Secret;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use std::time::Duration;

/// Everything a running journey may ask of the outside world. A run is repeatable when its `Host` is.
#[async_trait]
pub trait Host: Send + Sync {
    /// The time, in UTC.
    fn now(&self) -> Timestamp;

    /// Fills `bytes` with random ones.
    fn random(&self, bytes: &mut [u8]);

    /// Sends one HTTP request: no redirect is followed, and an answer above the host's size limit is an error.
    async fn http(&self, request: http::Request<Bytes>, timeout: Duration) -> Result<http::Response<Bytes>, HostError>;

    /// What all tries of one call may take together; a caller that tries again adds up what it waited.
    fn http_budget(&self) -> Duration {
        Duration::MAX
    }

    /// The secret in the policy key container `B2C_1A_…`, resolved at the moment of use.
    async fn policy_key(&self, container: &str) -> Result<Secret, HostError>;
}

/// What can go wrong outside. The texts name no address, secret or claim value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// No answer in time.
    #[error("no answer within {} seconds", .after.as_secs())]
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// The name could not be resolved.
    #[error("the host name can't be resolved")]
    Dns,
    /// No connection, or it broke.
    #[error("no connection: {0}")]
    Connection(String),
    /// The answer is larger than the limit.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// This host does not let journeys call that address.
    #[error("the call is not allowed: {0}")]
    NotAllowed(String),
    /// The request can't be sent as it is (a malformed URL or header).
    #[error("the request can't be sent: {0}")]
    InvalidRequest(String),
    /// The policy key container does not exist.
    #[error("there is no policy key `{0}`")]
    KeyMissing(String),
    /// The policy key container has no key that is valid now.
    #[error("policy key `{container}` has no valid key: {reason}")]
    KeyInvalid {
        /// The container's name.
        container: String,
        /// Why no key of it can be used.
        reason: String,
    },
}
