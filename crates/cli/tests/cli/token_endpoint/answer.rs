//! What must come back, whatever was sent.

use super::request::{Row, SECRET, expanded};
use crate::http::Answer;
use crate::jwt;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// What no answer and no log may hold: every secret of a row is marked so, and the right one in each of its forms.
const MARKS: [&str; 5] = ["canary", SECRET, "daemon+secret", "daemon%20secret", "Y2FuYXJ5"];

/// The first mark in a text.
pub(super) fn mark(text: &str) -> Option<&'static str> {
    MARKS.into_iter().find(|it| text.contains(it))
}

/// What each code says, with `{}` for what was sent: `messages.toml`.
pub(super) struct Messages(BTreeMap<String, String>);

impl Messages {
    pub(super) fn read() -> Self {
        let text = crate::sandbox::repository_file("crates/cli/tests/cli/token_endpoint/messages.toml");
        Self(toml::from_str(&text).expect("the messages"))
    }
}

/// Holds an answer to its row. `Ok` is the correlation id of a refusal; `Err` is what is wrong.
pub(super) fn judge(row: &Row, answer: &Answer, keys: &Value, messages: &Messages) -> Result<Option<String>, String> {
    always(answer)?;
    let expected: Vec<&str> = row.answer.split(' ').collect();
    match expected[..] {
        ["token"] => token(row, answer, keys).map(|()| None),
        [status] => plain(status, answer).map(|()| None),
        [status, error, code] => {
            same("status", status, &answer.status.to_string())?;
            if row.method() == "HEAD" {
                return headers(answer).and_then(|()| same("body", "", &answer.body)).map(|()| None);
            }
            refusal(row, answer, error, code, messages).map(Some)
        }
        _ => Err(format!("`{}` is no answer", row.answer)),
    }
}

/// Never a failure of ours, a page where none belongs, a way to elsewhere, or a secret.
fn always(answer: &Answer) -> Result<(), String> {
    if answer.status >= 500 || (300..400).contains(&answer.status) {
        return Err(format!("status {}", answer.status));
    }
    let is_page = answer.header("content-type").is_some_and(|it| it.contains("html")) || answer.body.contains("<html");
    if is_page != (answer.status == 404) {
        return Err(format!("HTML is for 404 alone: {}", answer.status));
    }
    for name in ["location", "set-cookie", "access-control-allow-credentials"] {
        same(name, "None", &format!("{:?}", answer.header(name)))?;
    }
    let challenged = answer.header("www-authenticate");
    let challenge = (answer.status == 401).then_some("Basic realm=\"Azure AD B2C\"");
    same("WWW-Authenticate", &format!("{challenge:?}"), &format!("{challenged:?}"))?;
    let heads: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    match mark(&answer.body).or_else(|| mark(&heads)) {
        Some(mark) => Err(format!("it holds the secret `{mark}`")),
        None => Ok(()),
    }
}

fn plain(status: &str, answer: &Answer) -> Result<(), String> {
    same("status", status, &answer.status.to_string())?;
    if answer.status == 404 && !answer.body.contains("404 - File or directory not found.") {
        return Err("not the page of the service".to_owned());
    }
    Ok(())
}

/// RFC 6749 sections 5.1 and 5.2, reference "errors" 1: each once, and exactly so.
fn headers(answer: &Answer) -> Result<(), String> {
    for (name, value) in
        [("content-type", "application/json; charset=utf-8"), ("cache-control", "no-store"), ("pragma", "no-cache")]
    {
        let values: Vec<&str> =
            answer.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, it)| it.as_str()).collect();
        same(name, &format!("{:?}", [value]), &format!("{values:?}"))?;
    }
    Ok(())
}

fn token(row: &Row, answer: &Answer, keys: &Value) -> Result<(), String> {
    same("status", "200", &answer.status.to_string())?;
    headers(answer)?;
    let body = answer.json();
    let members = jwt::names(body.as_object().ok_or("no JSON object")?).join(" ");
    same("members", "access_token token_type not_before expires_in expires_on resource", &members)?;
    let claims = jwt::verified(&answer.token(), keys);
    let text = Value::Object(claims.clone()).to_string();
    if let Some(mark) = mark(&text) {
        return Err(format!("the token holds the secret `{mark}`"));
    }
    let scp = claims.get("scp").map_or("", |it| it.as_str().unwrap_or("no text"));
    same("scp", row.scp.as_deref().unwrap_or("app.read app.write"), scp)?;
    let aud = row.aud.as_deref().unwrap_or("00000000-0000-4000-8000-000000000001");
    same("aud", &format!("{aud:?}"), &claims["aud"].to_string())?;
    same("resource", &claims["aud"].to_string(), &body["resource"].to_string())
}

/// Reference "errors", section 1.
fn refusal(row: &Row, answer: &Answer, error: &str, code: &str, messages: &Messages) -> Result<String, String> {
    headers(answer)?;
    let body = answer.json();
    let members = jwt::names(body.as_object().ok_or("no JSON object")?).join(" ");
    same("members", "error error_description", &members)?;
    let text = body["error_description"].as_str().ok_or("no description")?;
    let (told, rest) = text.rsplit_once("\r\nCorrelation ID: ").ok_or("no correlation id")?;
    let (code_told, message) = told.split_once(": ").ok_or("no code")?;
    let outcome = format!("{} AADB2C{code}", error);
    same("error", &outcome, &format!("{} {code_told}", body["error"].as_str().unwrap_or_default()))?;
    let (id, time) = rest.split_once("\r\nTimestamp: ").ok_or("no timestamp")?;
    is_guid(id)?;
    is_now(time)?;
    let template = messages.0.get(code).ok_or_else(|| format!("messages.toml has no {code}"))?;
    is_message(template, row.told.as_deref(), message)?;
    Ok(id.to_owned())
}

/// Lower case, hyphens, and random (version 4).
fn is_guid(id: &str) -> Result<(), String> {
    let shape: String = id.chars().map(|it| if matches!(it, '0'..='9' | 'a'..='f') { 'x' } else { it }).collect();
    same("correlation id", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", &shape)?;
    same("version of the correlation id", "4", id.get(14..15).unwrap_or_default())
}

/// `yyyy-MM-dd HH:mm:ssZ`, CR LF, in UTC, and no other time than this one.
fn is_now(text: &str) -> Result<(), String> {
    let stamp = text.strip_suffix("\r\n").ok_or("no CR LF at the end")?;
    let shape: String = stamp.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    same("timestamp", "0000-00-00 00:00:00Z", &shape)?;
    let time: Timestamp = stamp.replace(' ', "T").parse().map_err(|error| format!("{stamp}: {error}"))?;
    let away = (Timestamp::now().as_second() - time.as_second()).abs();
    if away > 60 { Err(format!("{stamp} is {away} s away")) } else { Ok(()) }
}

fn is_message(template: &str, told: Option<&str>, message: &str) -> Result<(), String> {
    match (template.split_once("{}"), told) {
        (None, None) => same("message", template, message),
        (None, Some(_)) => Err("this message repeats nothing".to_owned()),
        (Some((before, after)), Some(told)) => same("message", &format!("{before}{}{after}", expanded(told)), message),
        (Some((before, after)), None) if message.starts_with(before) && message.ends_with(after) => Ok(()),
        (Some(_), None) => same("message", template, message),
    }
}

fn same(what: &str, expected: &str, found: &str) -> Result<(), String> {
    let short = |text: &str| text.chars().take(300).collect::<String>();
    if expected == found { Ok(()) } else { Err(format!("{what} is {:?}, not {:?}", short(found), short(expected))) }
}
