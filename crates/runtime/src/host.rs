use crate::random::Random;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use std::error::Error as _;
use std::sync::OnceLock;
use std::time::Duration;
use wayfarer_builtins::{Host, HostError, Secret};
use wayfarer_store::{KeyError, KeyStore};

/// Answers of REST APIs are read up to this size (not documented, so chosen: reference "technical-profiles", B1.2).
const ANSWER_LIMIT: usize = 1024 * 1024;

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

/// How calls of REST APIs are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outbound {
    /// Instead of the 30 seconds that the service waits.
    pub timeout: Option<Duration>,
}

/// The world as it is: network, clock, chance and policy keys.
#[derive(Debug)]
pub struct RealHost {
    clock: Clock,
    random: Random,
    keys: KeyStore,
    outbound: Outbound,
    /// Made with the first call: reading the system's root certificates takes longer than a whole journey.
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl RealHost {
    /// A host with these sources; `keys` are the tenant's policy keys.
    pub fn new(clock: Clock, random: Random, keys: KeyStore, outbound: Outbound) -> Self {
        Self { clock, random, keys, outbound, client: OnceLock::new() }
    }

    fn client(&self) -> Result<&reqwest::Client, HostError> {
        let build = || {
            let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
            builder.build().map_err(|error| error.to_string())
        };
        self.client.get_or_init(build).as_ref().map_err(|error| HostError::InvalidRequest(error.clone()))
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
        let timeout = self.outbound.timeout.unwrap_or(timeout);
        let (parts, body) = request.into_parts();
        let client = self.client()?;
        let url = parts.uri.to_string();
        let call = client.request(parts.method, url).headers(parts.headers).body(body).timeout(timeout);
        let mut answer = call.send().await.map_err(|error| failure(&error, timeout))?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            *headers = answer.headers().clone();
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error, timeout))? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(HostError::TooLarge { limit: ANSWER_LIMIT });
            }
            body.extend_from_slice(&chunk);
        }
        response.body(body.freeze()).map_err(|error| HostError::Connection(error.to_string()))
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

/// The texts say what happened, and neither address nor query: both may hold claims.
fn failure(error: &reqwest::Error, timeout: Duration) -> HostError {
    if error.is_timeout() {
        return HostError::Timeout { after: timeout };
    }
    if error.is_builder() {
        return HostError::InvalidRequest("the URL or a header is malformed".to_owned());
    }
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(next) = cause {
        causes.push(next.to_string());
        cause = next.source();
    }
    if causes.iter().any(|it| it.contains("dns error") || it.contains("failed to lookup address")) {
        return HostError::Dns;
    }
    HostError::Connection(causes.last().cloned().unwrap_or_else(|| "the exchange was interrupted".to_owned()))
}
