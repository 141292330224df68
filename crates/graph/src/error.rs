use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::request::Route;
use crate::{Context, Response};

/// Why a request failed, for the log and not for the client: an extension of the response. It names files, and holds no
/// secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail(pub String);

/// What the client is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Graph's `details`: a more exact code, and the member that it is about.
    pub(crate) inner: Option<(&'static str, String)>,
    /// The methods that would be allowed.
    pub(crate) allow: Option<&'static str>,
    /// What the log alone sees.
    pub(crate) detail: Option<String>,
}

impl GraphError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), inner: None, allow: None, detail: None }
    }

    /// A value that the directory does not take.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", message)
    }

    /// A path that leads nowhere: Graph answers it with 400, not 404.
    pub(crate) fn bad_segment(segment: &str) -> Self {
        let segment: String = segment.chars().take(200).collect();
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", format!("there is no resource at the segment `{segment}`"))
    }

    pub(crate) fn bad_version(version: &str) -> Self {
        let version: String = version.chars().take(200).collect();
        let message = format!("there is no version `{version}`: use `v1.0` or `beta`");
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(crate) fn response(self, client_request_id: Option<&str>, context: &Context<'_>) -> Response {
        let request_id = context.guid().to_string();
        let client_request_id = client_request_id.unwrap_or(&request_id).to_owned();
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Some((code, target)) = &self.inner {
            error["details"] = json!([{ "code": code, "message": self.message, "target": target }]);
        }
        error["innerError"] = json!({
            "date": whole_seconds(context.now), "request-id": request_id, "client-request-id": client_request_id
        });
        let mut response = Response::new(Bytes::from(json!({ "error": error }).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(allow) = self.allow {
            headers.insert(http::header::ALLOW, HeaderValue::from_static(allow));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        for (name, value) in [("request-id", &request_id), ("client-request-id", &client_request_id)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(detail) = self.detail {
            response.extensions_mut().insert(Detail(detail));
        }
        response
    }
}

/// The answer to a request without a token, or with one that [`BearerToken`](crate::BearerToken) does not accept: 401,
/// `InvalidAuthenticationToken`.
pub fn unauthenticated(client_request_id: Option<&str>, context: &Context<'_>) -> Response {
    let message = "the access token is missing or is not the one that this server was started with";
    let error = GraphError::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message);
    error.response(client_request_id, context)
}

pub(crate) fn not_there(route: &Route) -> Result<Response, GraphError> {
    Err(GraphError::bad_segment(route.segments.first().map(|it| it.name.as_str()).unwrap_or_default()))
}

/// As Graph writes the time of an error: UTC, without a zone, to the second.
fn whole_seconds(now: Timestamp) -> Value {
    now.strftime("%Y-%m-%dT%H:%M:%S").to_string().into()
}
