//! Answers that are the same whoever gives them.

use super::Answer;
use crate::Service;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use std::time::Duration;
use wayfarer_oauth::{ProtocolError, TokenError};

/// The page for an unknown tenant or policy (reference "errors", section 4).
const NOT_FOUND: &str = include_str!("../not_found.html");

/// The page for what the service has and this one doesn't yet.
const NOT_YET: &str = include_str!("../not_yet.html");

pub(super) fn body(code: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = code;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

pub(super) fn text(code: StatusCode, text: &'static str) -> Answer {
    body(code, "text/plain; charset=utf-8", text)
}

pub(super) fn status(code: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = code;
    answer
}

fn json(code: StatusCode, json: String) -> Answer {
    body(code, "application/json; charset=utf-8", json)
}

/// RFC 6749 §5.1: nobody keeps a token's answer.
pub(super) fn private_json(code: StatusCode, text: String) -> Answer {
    let mut answer = json(code, text);
    set(&mut answer, header::CACHE_CONTROL, "no-store");
    set(&mut answer, header::PRAGMA, "no-cache");
    answer
}

/// What pages of any origin may read.
pub(super) fn public_json(text: String) -> Answer {
    let mut answer = json(StatusCode::OK, text);
    set(&mut answer, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    answer
}

pub(super) fn preflight() -> Answer {
    let mut answer = status(StatusCode::NO_CONTENT);
    set(&mut answer, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(&mut answer, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS");
    set(&mut answer, header::ACCESS_CONTROL_ALLOW_HEADERS, "*");
    answer
}

pub(super) fn read_only() -> Answer {
    let mut answer = status(StatusCode::METHOD_NOT_ALLOWED);
    set(&mut answer, header::ALLOW, "GET, HEAD, OPTIONS");
    answer
}

pub(super) fn not_found() -> Answer {
    page(StatusCode::NOT_FOUND, NOT_FOUND)
}

/// An operation that B2C has and this service will have.
pub(super) fn not_yet(operation: &str) -> Answer {
    page(StatusCode::NOT_IMPLEMENTED, NOT_YET.replace("{operation}", operation))
}

fn page(code: StatusCode, html: impl Into<Bytes>) -> Answer {
    let mut answer = body(code, "text/html", html);
    for (name, value) in [
        (header::CACHE_CONTROL, "private"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_XSS_PROTECTION, "1; mode=block"),
    ] {
        set(&mut answer, name, value);
    }
    answer
}

/// AADB2C90229. Its status is not documented, so chosen.
pub(super) fn throttled(service: &Service, wait: Duration) -> Answer {
    let error = TokenError::new(ProtocolError::Throttled);
    let mut answer =
        private_json(StatusCode::TOO_MANY_REQUESTS, error.body(service.correlation_id(), service.host().now()));
    let seconds = wait.as_secs().saturating_add(1).to_string();
    if let Ok(seconds) = HeaderValue::from_str(&seconds) {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    answer
}

pub(super) fn close(answer: &mut Answer) {
    set(answer, header::CONNECTION, "close");
}

pub(super) fn set(answer: &mut Answer, name: HeaderName, value: &'static str) {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
}
