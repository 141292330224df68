//! The request: reference "technical-profiles", B1.2.

use super::failure;
use super::service_url::{FillError, query_pair};
use super::settings::{Payload, SendClaimsIn, Settings};
use crate::Value;
use crate::providers::{Call, InputValue, Note, ProviderError};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value as Json};

/// The request without authentication.
pub(super) fn build(settings: &Settings, call: &Call<'_>) -> Result<Request<Bytes>, ProviderError> {
    let fail = |detail: String| failure::incomplete(settings, detail);
    let (method, content_type, body) = match settings.send_claims_in {
        SendClaimsIn::Body => (Method::POST, Some("application/json"), json_body(settings, call)),
        SendClaimsIn::Form => (Method::POST, Some("application/x-www-form-urlencoded"), form_body(settings, call)),
        SendClaimsIn::Header | SendClaimsIn::Url | SendClaimsIn::QueryString => (Method::GET, None, Bytes::new()),
    };
    let url =
        url(settings, call).map_err(|FillError(why)| fail(format!("the `ServiceUrl` can't be filled in: {why}")))?;
    let mut request =
        Request::builder().method(method).uri(url).body(body).map_err(|_| fail("the URL is malformed".to_owned()))?;
    if let Some(content_type) = content_type {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if settings.send_claims_in == SendClaimsIn::Header {
        add_headers(settings, call, request.headers_mut()).map_err(fail)?;
    }
    Ok(request)
}

/// What the trace tells of a request: method, address and names, never a value.
pub(super) fn notes(settings: &Settings, call: &Call<'_>, method: &Method) -> Vec<Note> {
    let mut notes = vec![Note::new(format!("{method} {}", settings.service))];
    if let Payload::Claim(input) = settings.payload {
        let claim = input.and_then(|it| settings.inputs.get(it)).map(|it| it.claim_type.as_str());
        notes.push(Note::new(format!("sends `{}` as the body", claim.unwrap_or("nothing"))));
        return notes;
    }
    let names: Vec<_> = payload(settings, call).map(|(name, _)| format!("`{name}`")).collect();
    if !names.is_empty() {
        notes.push(Note::new(format!("sends {} {}", names.join(", "), settings.send_claims_in.place())));
    }
    notes
}

/// The claims that travel, by partner name; the bearer token is not among them.
fn payload<'a>(settings: &'a Settings, call: &Call<'a>) -> impl Iterator<Item = (&'a str, Option<&'a Value>)> {
    let (nulls, in_url) = (settings.send_claims_in == SendClaimsIn::Body, settings.send_claims_in == SendClaimsIn::Url);
    let travels =
        move |index| if in_url { settings.service.has_placeholder(index) } else { !settings.is_bearer_token(index) };
    let sent = settings.inputs.iter().zip(call.inputs).enumerate().filter(move |(index, _)| travels(*index));
    sent.filter_map(move |(_, (declared, input))| match input {
        InputValue::Value(value) => Some((declared.partner.as_str(), Some(value))),
        // azure-docs issue 121237 shows `{"appName":null}`; other formats have no null.
        InputValue::Null if nulls => Some((declared.partner.as_str(), None)),
        InputValue::Null | InputValue::Absent => None,
    })
}

/// The claims that have a value, as text.
fn texts<'a>(settings: &'a Settings, call: &Call<'a>) -> impl Iterator<Item = (&'a str, String)> {
    payload(settings, call).filter_map(|(name, value)| Some((name, value?.to_text())))
}

fn json_body(settings: &Settings, call: &Call<'_>) -> Bytes {
    if let Payload::Claim(input) = settings.payload {
        let value = input.and_then(|it| call.inputs.get(it)).and_then(InputValue::value);
        return value.map(Value::to_text).unwrap_or_default().into();
    }
    let members =
        payload(settings, call).map(|(name, value)| (name.to_owned(), value.map_or(Json::Null, Value::to_json)));
    Json::Object(members.collect::<Map<_, _>>()).to_string().into()
}

fn form_body(settings: &Settings, call: &Call<'_>) -> Bytes {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(texts(settings, call));
    form.finish().into()
}

fn url(settings: &Settings, call: &Call<'_>) -> Result<String, FillError> {
    let value = |index: usize| call.inputs.get(index).and_then(InputValue::value).map(Value::to_text);
    let mut url = settings.service.fill(value)?;
    if settings.send_claims_in == SendClaimsIn::QueryString {
        for (name, value) in texts(settings, call) {
            url.push_str(separator(&url));
            url.push_str(&query_pair(name, &value));
        }
    }
    Ok(url)
}

/// What goes between a URL and one more parameter: an existing query stays.
fn separator(url: &str) -> &'static str {
    match url.contains('?') {
        false => "?",
        true if url.ends_with(['?', '&']) => "",
        true => "&",
    }
}

fn add_headers(settings: &Settings, call: &Call<'_>, headers: &mut HeaderMap) -> Result<(), String> {
    for (name, text) in texts(settings, call) {
        let header: HeaderName = name.parse().map_err(|_| format!("`{name}` is no header name"))?;
        let value = header_value(&text).ok_or_else(|| format!("`{name}` holds control characters"))?;
        headers.insert(header, value);
    }
    Ok(())
}

/// A header value: control characters are refused, what is not ASCII is percent-encoded UTF-8 (our choice).
pub(super) fn header_value(text: &str) -> Option<HeaderValue> {
    const NOT_ASCII: &AsciiSet = CONTROLS;
    if text.chars().any(char::is_control) {
        return None;
    }
    HeaderValue::from_str(&utf8_percent_encode(text, NOT_ASCII).to_string()).ok()
}
