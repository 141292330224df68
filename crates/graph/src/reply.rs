use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use serde_json::Value;

use crate::{Context, Response};

/// What a resource answers when it did what was asked.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    content_type: Option<&'static str>,
    location: Option<String>,
    body: Bytes,
}

impl Reply {
    /// 200 with JSON.
    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// 201 with JSON, and where it is found.
    pub(crate) fn created(location: String, body: &Value) -> Self {
        Self { location: Some(location), ..Self::json(StatusCode::CREATED, body) }
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, content_type: None, location: None, body: Bytes::new() }
    }

    /// XML with a status of its own.
    pub(crate) fn xml(status: StatusCode, location: Option<String>, body: Vec<u8>) -> Self {
        Self { status, content_type: Some("application/xml"), location, body: body.into() }
    }

    fn json(status: StatusCode, body: &Value) -> Self {
        let content_type = Some("application/json;odata.metadata=minimal;charset=utf-8");
        Self { status, content_type, location: None, body: Bytes::from(body.to_string()) }
    }

    pub(crate) fn response(self, client_request_id: Option<&str>, context: &Context<'_>) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if let Some(location) = self.location.and_then(|it| HeaderValue::from_str(&it).ok()) {
            headers.insert(LOCATION, location);
        }
        Ids::new(client_request_id, context).mark(&mut response);
        response
    }
}

/// The two ids by which an answer can be found in a log.
#[derive(Debug)]
pub(crate) struct Ids {
    pub(crate) request: String,
    pub(crate) client: String,
}

impl Ids {
    /// A new id for the request. The client's is taken over where it is fit for a header, else ours stands for it too.
    pub(crate) fn new(client_request_id: Option<&str>, context: &Context<'_>) -> Self {
        let request = context.guid().to_string();
        let is_fit = |it: &&str| it.len() <= 128 && !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_graphic());
        let client = client_request_id.filter(is_fit).unwrap_or(&request).to_owned();
        Self { request, client }
    }

    pub(crate) fn mark(&self, response: &mut Response) {
        for (name, value) in [("request-id", &self.request), ("client-request-id", &self.client)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
}
