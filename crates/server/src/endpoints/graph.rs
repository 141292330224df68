use super::{Answer, Connection, Origin, body, respond};
use crate::Service;
use crate::graph::{self, BODY_LIMIT};
use http::{Request, StatusCode};
use hyper::body::Incoming;
use std::sync::Arc;

/// A call of Microsoft Graph. Who may not call is told so before anything is read.
pub(super) async fn answer(
    service: &Arc<Service>,
    origin: &Origin,
    connection: &Connection,
    request: Request<Incoming>,
) -> Answer {
    let root = format!("{}/graph", origin.url);
    if !service.graph().is_some_and(|it| it.accepts(request.headers())) {
        return graph::refused(service, &root, request.headers());
    }
    let (parts, body) = request.into_parts();
    let body = match body::read(body, BODY_LIMIT, connection).await {
        Ok(body) => body,
        Err(code) => return respond::status(code),
    };
    let (service, request) = (Arc::clone(service), Request::from_parts(parts, body));
    let answered = tokio::task::spawn_blocking(move || graph::answer(&service, &root, &request)).await;
    answered.unwrap_or_else(|_| respond::status(StatusCode::INTERNAL_SERVER_ERROR))
}
