//! The answer: reference "technical-profiles", B1.3 to B1.5.

use super::settings::{Authentication, Settings};
use super::{failure, json_path};
use crate::providers::{Call, DeclaredClaim, Note, ProviderError, Returned};
use crate::{HostError, Value};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use serde_json::{Map, Value as Json};

/// How large and how deep an answer may be; the service's own limits are not documented.
const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 32;
/// How long a message of the service may be.
const MAX_MESSAGE: usize = 2_000;

/// `200 OK, application/json, 87 bytes`.
pub(super) fn note(answer: &Response<Bytes>) -> Note {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).and_then(|it| it.split(';').next());
    let kind: String = kind.unwrap_or("no content type").trim().chars().take(80).collect();
    Note::new(format!("{}, {kind}, {} bytes", answer.status(), answer.body().len()))
}

/// Claims from a success, an error from anything else.
pub(super) fn read(
    settings: &Settings,
    call: &Call<'_>,
    answer: &Response<Bytes>,
    notes: &mut Vec<Note>,
) -> Result<Returned, ProviderError> {
    let (status, body) = (answer.status(), answer.body());
    if body.len() > MAX_BYTES {
        return Err(failure::of_host(settings, call, &HostError::TooLarge { limit: MAX_BYTES }));
    }
    if status.is_success() {
        return claims(settings, body, notes);
    }
    if status == StatusCode::UNAUTHORIZED && matches!(settings.authentication, Authentication::Basic { .. }) {
        return Err(failure::credentials_refused(settings));
    }
    Err(if status.is_client_error() {
        client_error(settings, call, status, body, notes)
    } else {
        failure::of_status(settings, call, status)
    })
}

fn claims(settings: &Settings, body: &[u8], notes: &mut Vec<Note>) -> Result<Returned, ProviderError> {
    let Some(json) = parse(body, notes) else {
        return Ok(Vec::new());
    };
    if json.as_object().and_then(contract_message).is_some() {
        notes.push(Note::new(
            "the body looks like an error, but its status says success: answer errors with status 409",
        ));
    }
    let found: Vec<_> = settings.outputs.iter().map(|it| member(settings, &json, it)).collect();
    let missing = settings.outputs.iter().zip(&found).filter(|(_, it)| it.is_none_or(Json::is_null));
    let missing: Vec<_> = missing.map(|(it, _)| format!("`{}`", it.partner)).collect();
    if !missing.is_empty() {
        notes.push(Note::new(format!("not in the answer: {}", missing.join(", "))));
    }
    let values = settings.outputs.iter().zip(found).enumerate();
    values
        .filter_map(|(index, (declared, json))| {
            value(settings, declared, json?).map(|it| Some((index, it?))).transpose()
        })
        .collect()
}

/// The JSON of a body; `None`, with the reason in the trace, where there is none.
fn parse(body: &[u8], notes: &mut Vec<Note>) -> Option<Json> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let reason = match serde_json::from_slice::<Json>(body) {
        _ if body.trim_ascii().is_empty() => "the body is empty",
        Ok(json) if is_deeper(&json, MAX_DEPTH) => "the body is JSON of too many levels",
        Ok(json) => return Some(json),
        Err(_) => "the body is not JSON",
    };
    notes.push(Note::new(reason));
    None
}

fn is_deeper(json: &Json, levels: usize) -> bool {
    let below = |it: &Json| levels == 0 || is_deeper(it, levels - 1);
    match json {
        Json::Array(items) => items.iter().any(below),
        Json::Object(members) => members.values().any(below),
        _ => false,
    }
}

/// The member for an output claim: names are compared letter by letter (our choice).
fn member<'a>(settings: &Settings, json: &'a Json, declared: &DeclaredClaim) -> Option<&'a Json> {
    if settings.json_paths {
        json_path::find(json, &declared.partner)
    } else {
        json.as_object()?.get(&declared.partner)
    }
}

fn value(settings: &Settings, declared: &DeclaredClaim, json: &Json) -> Result<Option<Value>, ProviderError> {
    let detail =
        |error| format!("the answer's `{}` can't become claim `{}`: {error}", declared.partner, declared.claim_type);
    Value::from_json(declared.data_type, json).map_err(|error| failure::incomplete(settings, detail(error)))
}

/// A status of 400 to 499. azure-ad-b2c/samples issue 464 shows the text of AADB2C90075 where a token endpoint answered
/// 400, and such errors are JSON without the contract; so AADB2C90261 is left to bodies that are no JSON object.
fn client_error(
    settings: &Settings,
    call: &Call<'_>,
    status: StatusCode,
    body: &[u8],
    notes: &mut Vec<Note>,
) -> ProviderError {
    if body.trim_ascii().is_empty() {
        return failure::of_status(settings, call, status);
    }
    let Some(Json::Object(members)) = parse(body, notes) else {
        return failure::unreadable(settings, call, status);
    };
    let Some(message) = contract_message(&members) else {
        notes.push(Note::new("the error body lacks `status` = 409 or a `userMessage`, so its text is not shown"));
        return failure::of_status(settings, call, status);
    };
    if !members.contains_key("version") {
        notes.push(Note::new("the error body lacks `version`, which the documentation asks for"));
    }
    let message = if settings.debug_mode { with_details(message, &members) } else { message };
    failure::of_contract(message, "the service answered with an error of its own")
}

/// `userMessage` of an error body whose `status` is 409. Line breaks become blanks: the text becomes a part of
/// messages that have lines of their own.
fn contract_message(members: &Map<String, Json>) -> Option<String> {
    let is_409 = members.get("status").and_then(Json::as_i64) == Some(409);
    let text = members.get("userMessage").and_then(Json::as_str).filter(|_| is_409)?;
    Some(one_line(text))
}

/// `DebugMode`: the form is not documented, so chosen.
fn with_details(message: String, members: &Map<String, Json>) -> String {
    let details = ["code", "requestId", "developerMessage", "moreInfo"].into_iter().filter_map(|name| {
        let text = members.get(name)?.as_str()?;
        Some(format!("{name}: {}", one_line(text)))
    });
    [message].into_iter().chain(details).collect::<Vec<_>>().join(" ")
}

fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).take(MAX_MESSAGE).collect()
}
