use super::Connection;
use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use std::sync::atomic::Ordering;
use tokio::time::timeout;

/// The whole body, if it comes in time and is no larger than it may be; else the status that says so.
pub(super) async fn read(body: Incoming, limit: usize, connection: &Connection) -> Result<Bytes, StatusCode> {
    let read = read_in_time(body, limit, connection).await;
    connection.observed.unread_body.store(read.is_err(), Ordering::Relaxed);
    read
}

async fn read_in_time(body: Incoming, limit: usize, connection: &Connection) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > limit as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match timeout(connection.body_time, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}
