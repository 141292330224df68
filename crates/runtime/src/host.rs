use crate::outbound::{Outbound, OutboundClient, SystemLookup};
use crate::random::Random;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use wayfarer_builtins::{Host, HostError, Secret};
use wayfarer_store::{KeyError, KeyStore};

/// What time it is.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Always the same moment: `--now`.
    Fixed(Timestamp),
}

impl Clock {
    /// The time.
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(moment) => moment,
        }
    }
}

/// The world as it is: network, clock, chance and policy keys.
#[derive(Debug)]
pub struct RealHost {
    clock: Clock,
    random: Random,
    keys: KeyStore,
    calls: OutboundClient,
}

impl RealHost {
    /// A host with these sources; `keys` are the tenant's policy keys.
    pub fn new(clock: Clock, random: Random, keys: KeyStore, outbound: Outbound) -> Self {
        Self { clock, random, keys, calls: OutboundClient::new(outbound, Arc::new(SystemLookup)) }
    }
}

#[async_trait]
impl Host for RealHost {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.random.fill(bytes);
    }

    async fn http(&self, request: http::Request<Bytes>, timeout: Duration) -> Result<http::Response<Bytes>, HostError> {
        self.calls.send(request, timeout).await
    }

    fn http_budget(&self) -> Duration {
        self.calls.budget()
    }

    async fn policy_key(&self, container: &str) -> Result<Secret, HostError> {
        let missing = || HostError::KeyMissing(container.to_owned());
        let invalid = |reason: String| HostError::KeyInvalid { container: container.to_owned(), reason };
        let keys = match self.keys.get_secret(container, self.now()) {
            Ok(keys) => keys,
            Err(KeyError::Container { .. }) => return Err(missing()),
            Err(error) => return Err(invalid(error.to_string())),
        };
        keys.map(|it| Secret::new(it.expose())).ok_or_else(missing)
    }
}
