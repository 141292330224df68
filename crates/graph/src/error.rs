use bytes::Bytes;
use http::StatusCode;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use serde_json::json;
use wayfarer_store::{EditError, KeyError, LoadError, StoreError};

use crate::reply::Ids;
use crate::{Context, Response};

/// Why a request failed, for the log and not for the client: an extension of the response. It names files, and holds no
/// secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail(pub String);

/// What the client is told. Source: `graph.md` 2.3, and the codes that callers of Graph reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    status: StatusCode,
    code: &'static str,
    message: String,
    extra: Extra,
}

/// What some errors have beside a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Extra {
    Nothing,
    /// Graph's `details`: a more exact code, and the member that it is about.
    Details {
        code: &'static str,
        target: String,
    },
    /// The methods that would be allowed.
    Allow(&'static str),
    /// What the log alone sees.
    Log(String),
}

impl GraphError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), extra: Extra::Nothing }
    }

    /// A value that the directory does not take.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", message)
    }

    /// A body that can't be read.
    pub(crate) fn bad_body(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// A query option that is not served.
    pub(crate) fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    /// A path that leads nowhere: Graph answers it with 400, not 404.
    pub(crate) fn bad_segment(segment: &str) -> Self {
        let message = format!("there is no resource at the segment `{}`", shortened(segment));
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(crate) fn bad_version(version: &str) -> Self {
        let message = format!("there is no version `{}`: use `v1.0` or `beta`", shortened(version));
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(crate) fn only_in_beta(segment: &str) -> Self {
        let message = format!("there is no resource at the segment `{segment}` of v1.0: use `beta`");
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// An object that is not there.
    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        let message = format!("there is no {what} `{}`", shortened(id));
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }

    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    pub(crate) fn method(allow: &'static str) -> Self {
        let message = format!("the method is not allowed here: use {allow}");
        Self { extra: Extra::Allow(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message) }
    }

    /// The code is not documented.
    pub(crate) fn media_type(given: &str, types: &[&str]) -> Self {
        let message = format!("a body of type `{}` is not read here: send {}", shortened(given), types.join(" or "));
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
    }

    /// The code is not documented.
    pub(crate) fn too_large(most: usize) -> Self {
        let message = format!("the body is larger than {} KB", most / 1024);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    /// A policy that Azure would refuse: `graph.md` 2.3.
    pub(crate) fn policy(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "AADB2C", message)
    }

    /// Nothing that the client could mend. `detail` is for the log.
    pub(crate) fn internal(detail: impl Into<String>) -> Self {
        let message = "the server can't read or write what it keeps: its log says why";
        let error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message);
        Self { extra: Extra::Log(detail.into()), ..error }
    }

    pub(crate) fn with_details(self, code: &'static str, target: impl Into<String>) -> Self {
        Self { extra: Extra::Details { code, target: target.into() }, ..self }
    }

    pub(crate) fn response(self, client_request_id: Option<&str>, context: &Context<'_>) -> Response {
        let ids = Ids::new(client_request_id, context);
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Extra::Details { code, target } = &self.extra {
            error["details"] = json!([{ "code": code, "message": self.message, "target": target }]);
        }
        // As Graph writes the time of an error: UTC, without a zone, to the second.
        let date = context.now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        error["innerError"] = json!({ "date": date, "request-id": ids.request, "client-request-id": ids.client });
        let mut response = Response::new(Bytes::from(json!({ "error": error }).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        match self.extra {
            Extra::Allow(allow) => {
                headers.insert(ALLOW, HeaderValue::from_static(allow));
            }
            Extra::Log(detail) => {
                response.extensions_mut().insert(Detail(detail));
            }
            Extra::Nothing | Extra::Details { .. } => {}
        }
        ids.mark(&mut response);
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

impl From<EditError> for GraphError {
    fn from(error: EditError) -> Self {
        let message = error.to_string();
        match error {
            EditError::ReadOnly { .. } => Self::new(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message),
            EditError::Find(_) | EditError::Missing { .. } => {
                Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
            }
            EditError::Load(error) => error.into(),
            EditError::Store(error) => error.into(),
            EditError::Member { member, .. } => Self::bad_request(message).with_details("InvalidValue", member),
            EditError::Taken { .. } => Self::bad_request(message).with_details("ObjectConflict", "identifierUris"),
            EditError::Enabled { member, .. } => {
                let code = "CannotDeleteOrUpdateEnabledEntitlement";
                Self::new(StatusCode::BAD_REQUEST, code, message).with_details(code, member)
            }
            EditError::Invalid { .. } | EditError::Exists { .. } | EditError::Import { .. } => {
                Self::bad_request(message)
            }
        }
    }
}

impl From<LoadError> for GraphError {
    fn from(error: LoadError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<StoreError> for GraphError {
    fn from(error: StoreError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<KeyError> for GraphError {
    fn from(error: KeyError) -> Self {
        Self::internal(error.to_string())
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
