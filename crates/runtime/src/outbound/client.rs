//! One call, from the request to the bytes of its answer.

use super::Outbound;
use super::policy::Refusal;
use super::resolver::{GuardedResolver, Lookup};
use bytes::{Bytes, BytesMut};
use reqwest::Url;
use std::collections::BTreeMap;
use std::error::Error;
use std::iter::successors;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use wayfarer_builtins::HostError;

/// Answers of REST APIs are read up to this size (not documented, so chosen: reference "technical-profiles", B1.2).
pub(super) const ANSWER_LIMIT: usize = 1024 * 1024;

/// Made with the first call: reading the system's root certificates takes longer than a whole journey.
type Slot = OnceLock<Result<reqwest::Client, String>>;

/// Makes the calls that its [`Outbound`] allows.
#[derive(Debug)]
pub(crate) struct OutboundClient {
    outbound: Outbound,
    lookup: Arc<dyn Lookup>,
    /// One for each port that the allow list names: the resolver of a client is told no port.
    of_ports: BTreeMap<u16, Slot>,
    others: Slot,
}

impl OutboundClient {
    pub(crate) fn new(outbound: Outbound, lookup: Arc<dyn Lookup>) -> Self {
        let of_ports = outbound.policy.listed_ports().into_iter().map(|it| (it, Slot::new())).collect();
        Self { outbound, lookup, of_ports, others: Slot::new() }
    }

    /// What all tries of one call may take together.
    pub(crate) fn budget(&self) -> Duration {
        self.outbound.budget()
    }

    /// Sends a request and reads its answer, as bytes: nothing is followed, and nothing is unpacked.
    pub(crate) async fn send(
        &self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, HostError> {
        let timeout = self.outbound.patience(timeout);
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| malformed())?;
        self.outbound.policy.check_url(&url).map_err(not_allowed)?;
        let client = self.client(&url)?;
        let call = client.request(parts.method, url).headers(parts.headers).body(body).timeout(timeout);
        let answer = call.send().await.map_err(|error| failure(&error, timeout))?;
        read(answer, timeout).await
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, HostError> {
        let listed = url.port_or_known_default().and_then(|it| self.of_ports.get_key_value(&it));
        let (port, slot) = listed.map_or((None, &self.others), |(port, slot)| (Some(*port), slot));
        let client = slot.get_or_init(|| self.build(port).map_err(|error| error.to_string()));
        client.as_ref().map_err(|error| HostError::InvalidRequest(error.clone()))
    }

    /// A client that connects by itself (a proxy would resolve the name anew) and goes nowhere but where it is sent.
    fn build(&self, port: Option<u16>) -> reqwest::Result<reqwest::Client> {
        let policy = Arc::new(self.outbound.policy.clone());
        let resolver = GuardedResolver { policy, port, lookup: Arc::clone(&self.lookup) };
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        // Unpacking is off because reqwest's features for it are; should a dependency switch one on, it stays off.
        let builder = builder.no_gzip().no_brotli().no_zstd().no_deflate();
        builder.dns_resolver(resolver).build()
    }
}

async fn read(mut answer: reqwest::Response, timeout: Duration) -> Result<http::Response<Bytes>, HostError> {
    let too_large = HostError::TooLarge { limit: ANSWER_LIMIT };
    if answer.content_length().is_some_and(|it| it > ANSWER_LIMIT as u64) {
        return Err(too_large);
    }
    let mut response = http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        *headers = answer.headers().clone();
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error, timeout))? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    response.body(body.freeze()).map_err(|error| HostError::Connection(error.to_string()))
}

/// The texts say what happened, and neither address nor query: both may hold claims.
fn failure(error: &reqwest::Error, timeout: Duration) -> HostError {
    if error.is_timeout() {
        return HostError::Timeout { after: timeout };
    }
    if error.is_builder() {
        return malformed();
    }
    let causes = || successors(error.source(), |it| (**it).source());
    if let Some(refusal) = causes().find_map(|it| it.downcast_ref::<Refusal>()) {
        return not_allowed(*refusal);
    }
    if error.is_dns() {
        return HostError::Dns;
    }
    let text = causes().last().map_or_else(|| "the exchange was interrupted".to_owned(), ToString::to_string);
    HostError::Connection(text)
}

fn malformed() -> HostError {
    HostError::InvalidRequest("the URL or a header is malformed".to_owned())
}

fn not_allowed(refusal: Refusal) -> HostError {
    HostError::NotAllowed(refusal.to_string())
}
