//! Requests to answers: which tenant, policy and operation is meant, and who answers it.

mod body;
mod graph;
mod health;
mod metadata;
mod origin;
mod respond;
mod token;

use crate::Service;
use crate::connections::Observed;
use crate::log;
use crate::url::{self, Operation};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use origin::{Misplaced, Origin};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub(crate) type Answer = Response<Full<Bytes>>;

/// What is known of a request beside what it says.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    pub(crate) scheme: &'static str,
    pub(crate) observed: Arc<Observed>,
    pub(crate) body_time: Duration,
}

/// Longer targets are answered with 414: as many bytes as RFC 9110 §4.1 wants to be understood, and not fewer.
const TARGET_LIMIT: usize = 8 * 1024;

fn target_length<B>(request: &Request<B>) -> usize {
    request.uri().path_and_query().map_or(0, |it| it.as_str().len())
}

/// Answers one request. Whatever it holds, there is an answer.
pub(crate) async fn answer(
    service: &Arc<Service>,
    connection: Connection,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let observed = Arc::clone(&connection.observed);
    // Until somebody reads it.
    observed.unread_body.store(!request.body().is_end_stream(), Ordering::Relaxed);
    let is_chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut answer = if is_chunked && observed.two_lengths.load(Ordering::Relaxed) {
        respond::status(StatusCode::BAD_REQUEST)
    } else if target_length(&request) > TARGET_LIMIT {
        respond::status(StatusCode::URI_TOO_LONG)
    } else {
        route(service, &connection, request).await
    };
    // RFC 9112 §6.1: whoever is in front of us may see another request behind a chunked one.
    let is_doubtful = is_chunked || answer.status() == StatusCode::URI_TOO_LONG;
    if is_doubtful || service.drain().is_ending() || observed.unread_body.load(Ordering::Relaxed) {
        respond::close(&mut answer);
    }
    Ok(answer)
}

async fn route(service: &Arc<Service>, connection: &Connection, request: Request<Incoming>) -> Answer {
    if let Some(answer) = health::answer(service, request.uri().path()) {
        return answer;
    }
    if let Some(wait) = service.rates().address(connection.peer.ip()) {
        return respond::throttled(service, wait);
    }
    let live = service.live();
    let origin = match Origin::of(connection.scheme, &request, &live) {
        Ok(origin) => origin,
        Err(Misplaced::Malformed) => return respond::status(StatusCode::BAD_REQUEST),
        Err(Misplaced::Unknown(host)) => {
            log::line(format_args!(
                "404: `{host}` is none of the tenant's hosts: add it to `hosts` in tenant.toml if clients use it"
            ));
            return respond::not_found();
        }
    };
    if service.graph().is_some() && wayfarer_graph::is_graph(request.uri().path()) {
        return graph::answer(service, &origin, connection, request).await;
    }
    let target = url::parse(request.uri().path(), request.uri().query());
    let Some(target) = target.filter(|it| live.tenant.is_called(&it.tenant)) else { return respond::not_found() };
    let Some(policy) = live.policy(&target.policy) else { return respond::not_found() };
    let asked = token::Asked { service, live: &live, policy, origin: &origin, connection };
    match target.operation {
        Operation::Token => token::answer(&asked, request).await,
        Operation::Discovery | Operation::Keys if request.method() == Method::OPTIONS => respond::preflight(),
        Operation::Discovery | Operation::Keys if !is_read(request.method()) => respond::read_only(),
        Operation::Discovery => metadata::document(&live, policy, &target, &origin),
        Operation::Keys => metadata::keys(service, policy).await,
        Operation::NotYet(name) => {
            log::line(format_args!("501: {}: `{name}` needs journeys with pages, which come later", policy.id));
            respond::not_yet(name)
        }
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
