//! Microsoft Graph on this server: who may call, and what a call changes of what is served.

mod policies;

use crate::Service;
use crate::endpoints::Answer;
use crate::log;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::Full;
use policies::Managed;
use std::sync::Arc;
use wayfarer_graph::{BearerToken, Context, Detail};

/// The largest body: a policy of 1024 KB (service-limits), with room to say that one is larger.
pub(crate) const BODY_LIMIT: usize = 1536 * 1024;

/// Whoever presents the token may do everything.
#[derive(Debug)]
pub struct Graph {
    token: BearerToken,
}

impl Graph {
    /// Graph for callers with that bearer token, of which only the digest is kept.
    pub fn new(token: &str) -> Self {
        Self { token: BearerToken::new(token) }
    }

    /// Whether the request presents the token.
    pub(crate) fn accepts(&self, headers: &HeaderMap) -> bool {
        self.token.accepts(headers.get(header::AUTHORIZATION).map(http::HeaderValue::as_bytes))
    }
}

/// Answers one call whose token was accepted, and serves what it changed from the next request on. It reads and writes
/// files: not for a thread that serves others.
pub(crate) fn answer(service: &Arc<Service>, root: &str, request: &Request<Bytes>) -> Answer {
    let policies = Managed::new(service);
    let documents = service.documents();
    let answer = in_context(service, root, &policies, &documents, |context| {
        let text = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
        let call = wayfarer_graph::Request {
            method: request.method(),
            path: request.uri().path(),
            query: request.uri().query(),
            content_type: text("content-type"),
            client_request_id: text("client-request-id"),
            body: request.body(),
        };
        wayfarer_graph::answer(&call, context)
    });
    if changes(request.method()) && answer.status().is_success() {
        service.tenant_changed();
    }
    finished(answer)
}

/// The answer to a call without the token.
pub(crate) fn refused(service: &Arc<Service>, root: &str, headers: &HeaderMap) -> Answer {
    let id = headers.get("client-request-id").and_then(|it| it.to_str().ok());
    let (policies, documents) = (Managed::new(service), service.documents());
    finished(in_context(service, root, &policies, &documents, |context| wayfarer_graph::unauthenticated(id, context)))
}

fn in_context<T>(
    service: &Service,
    root: &str,
    policies: &Managed,
    documents: &Arc<dyn wayfarer_store::Documents>,
    call: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let host = service.host();
    let random = |bytes: &mut [u8]| host.random(bytes);
    let live = service.live();
    let passphrase = live.tenant.keys().passphrase();
    call(&Context { documents, policies, root, now: host.now(), passphrase, random: &random })
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The log alone sees why a call failed.
fn finished(answer: wayfarer_graph::Response) -> Answer {
    if let Some(Detail(detail)) = answer.extensions().get::<Detail>() {
        log::line(format_args!("graph: {}: {detail}", answer.status()));
    }
    answer.map(Full::new)
}
