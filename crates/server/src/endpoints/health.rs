//! What a supervisor asks. These are no URLs of B2C.

use super::{Answer, respond};
use crate::Service;
use http::StatusCode;

/// `/healthz`: the process answers. `/readyz`: it takes requests, which ends when it was told to stop.
pub(super) fn answer(service: &Service, path: &str) -> Option<Answer> {
    match path {
        "/healthz" => Some(respond::text(StatusCode::OK, "ok\n")),
        "/readyz" if service.drain().is_ending() => {
            Some(respond::text(StatusCode::SERVICE_UNAVAILABLE, "the service ends\n"))
        }
        "/readyz" => Some(respond::text(StatusCode::OK, "ready\n")),
        _ => None,
    }
}
