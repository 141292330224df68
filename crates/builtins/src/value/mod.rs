use crate::DataType;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::fmt;

/// A claim's value. What is absent or null is no `Value`: the bag simply has none. `""` is a value.
///
/// `Debug` prints the type only: claims are personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "camelCase")]
pub enum Value {
    /// `boolean`
    Boolean(bool),
    /// `date`
    Date(Date),
    /// `dateTime`
    DateTime(Timestamp),
    /// `duration`, in the one form that [`Value::parse`] gives it: `N` before a negative one, months as `M`.
    Duration(String),
    /// `int`
    Int(i32),
    /// `long`
    Long(i64),
    /// `string`
    String(String),
    /// `stringCollection`
    StringCollection(Vec<String>),
    /// `phoneNumber`: `+` and digits.
    PhoneNumber(String),
    /// `userIdentity`
    UserIdentity(Identity),
    /// `userIdentityCollection`
    UserIdentityCollection(Vec<Identity>),
    /// `alternativeSecurityIdCollection`
    AlternativeSecurityIdCollection(Vec<Identity>),
}

/// A federated identity: who issued it, and the user's id there (base64 of its UTF-8 in every printed form).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The identity provider, such as `facebook.com`.
    pub issuer: String,
    /// The user's id at that provider, base64-encoded as policies and tokens show it.
    pub issuer_user_id: String,
}

/// Text that is no value of the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid `{data_type}`: {expected}")]
pub struct ParseValueError {
    /// The type that was asked for.
    pub data_type: DataType,
    /// What a value of that type looks like.
    pub expected: &'static str,
}

impl Value {
    /// The type that this is a value of.
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Boolean(_) => DataType::Boolean,
            Self::Date(_) => DataType::Date,
            Self::DateTime(_) => DataType::DateTime,
            Self::Duration(_) => DataType::Duration,
            Self::Int(_) => DataType::Int,
            Self::Long(_) => DataType::Long,
            Self::String(_) => DataType::String,
            Self::StringCollection(_) => DataType::StringCollection,
            Self::PhoneNumber(_) => DataType::PhoneNumber,
            Self::UserIdentity(_) => DataType::UserIdentity,
            Self::UserIdentityCollection(_) => DataType::UserIdentityCollection,
            Self::AlternativeSecurityIdCollection(_) => DataType::AlternativeSecurityIdCollection,
        }
    }

    /// Reads policy text, request text or directory text as a value of `data_type`. White space is not trimmed.
    ///
    /// Not documented, so chosen: a text for a `stringCollection` is a list of that one item, and `""` the empty list.
    ///
    /// # Errors
    /// The text is not in the lexical form of the type; `objectIdentity` and its collection have none.
    pub fn parse(data_type: DataType, text: &str) -> Result<Self, ParseValueError> {
        let error = |expected| ParseValueError { data_type, expected };
        match data_type {
            DataType::String => Ok(Self::String(text.to_owned())),
            DataType::Boolean if text.eq_ignore_ascii_case("true") => Ok(Self::Boolean(true)),
            DataType::Boolean if text.eq_ignore_ascii_case("false") => Ok(Self::Boolean(false)),
            DataType::Boolean => Err(error("expected `true` or `false`")),
            DataType::Int => integer(text).map(Self::Int).ok_or(error("expected a whole number of 32 bits")),
            DataType::Long => integer(text).map(Self::Long).ok_or(error("expected a whole number of 64 bits")),
            DataType::Date => date(text).map(Self::Date).ok_or(error("expected a day as `yyyy-MM-dd`")),
            DataType::DateTime => {
                date_time(text).map(Self::DateTime).ok_or(error("expected an instant such as `2026-01-31T08:00:00Z`"))
            }
            DataType::Duration => {
                duration(text).map(Self::Duration).ok_or(error("expected a duration such as `P1Y2M` or `PT8H`"))
            }
            DataType::PhoneNumber if is_phone_number(text) => Ok(Self::PhoneNumber(text.to_owned())),
            DataType::PhoneNumber => Err(error("expected `+` and digits")),
            DataType::StringCollection if text.is_empty() => Ok(Self::StringCollection(Vec::new())),
            DataType::StringCollection => Ok(Self::StringCollection(vec![text.to_owned()])),
            DataType::UserIdentity => {
                identity_text(text).map(Self::UserIdentity).ok_or(error(r#"expected {"issuer":…,"issuerUserId":…}"#))
            }
            DataType::UserIdentityCollection | DataType::AlternativeSecurityIdCollection => identities_text(text)
                .map(|list| Self::identities(data_type, list))
                .ok_or(error(r#"expected a JSON array of {"issuer":…,"issuerUserId":…}"#)),
            DataType::ObjectIdentity | DataType::ObjectIdentityCollection => {
                Err(error("no text form of this type is known"))
            }
        }
    }

    fn identities(data_type: DataType, list: Vec<Identity>) -> Self {
        match data_type {
            DataType::AlternativeSecurityIdCollection => Self::AlternativeSecurityIdCollection(list),
            _ => Self::UserIdentityCollection(list),
        }
    }

    /// The text form between steps: booleans are `True` and `False` as .NET prints them, a dateTime has seven
    /// fraction digits and `Z`, collections are JSON.
    pub fn to_text(&self) -> String {
        match self {
            Self::Boolean(true) => "True".to_owned(),
            Self::Boolean(false) => "False".to_owned(),
            Self::Int(it) => it.to_string(),
            Self::Long(it) => it.to_string(),
            Self::Date(it) => it.to_string(),
            Self::DateTime(it) => date_time_text(*it),
            Self::Duration(it) | Self::String(it) | Self::PhoneNumber(it) => it.clone(),
            Self::StringCollection(_) | Self::UserIdentity(_) => self.to_json().to_string(),
            Self::UserIdentityCollection(_) | Self::AlternativeSecurityIdCollection(_) => self.to_json().to_string(),
        }
    }

    /// The typed JSON form: what a REST API receives, and what traces and `eval` print.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Boolean(it) => json!(it),
            Self::Int(it) => json!(it),
            Self::Long(it) => json!(it),
            Self::Date(_) | Self::DateTime(_) | Self::Duration(_) | Self::String(_) | Self::PhoneNumber(_) => {
                Json::String(self.to_text())
            }
            Self::StringCollection(items) => json!(items),
            Self::UserIdentity(it) => it.to_json(),
            Self::UserIdentityCollection(list) | Self::AlternativeSecurityIdCollection(list) => {
                Json::Array(list.iter().map(Identity::to_json).collect())
            }
        }
    }

    /// The JSON form in a token, or `None` where the claim is left out: an empty text, and an empty collection (the
    /// service fails on the latter; leaving it out is our choice). A dateTime is whole seconds since 1970, rounded down.
    pub fn to_token_json(&self) -> Option<Json> {
        match self {
            Self::DateTime(it) => Some(json!(it.as_nanosecond().div_euclid(1_000_000_000))),
            Self::String(it) | Self::Duration(it) | Self::PhoneNumber(it) if it.is_empty() => None,
            Self::StringCollection(items) if items.is_empty() => None,
            Self::UserIdentityCollection(list) | Self::AlternativeSecurityIdCollection(list) if list.is_empty() => None,
            _ => Some(self.to_json()),
        }
    }

    /// A value from a REST API's or identity provider's JSON; `Ok(None)` for `null`.
    ///
    /// # Errors
    /// The JSON has no reading as `data_type` (for example a number out of range).
    pub fn from_json(data_type: DataType, json: &Json) -> Result<Option<Self>, ParseValueError> {
        let error = |expected| ParseValueError { data_type, expected };
        match (data_type, json) {
            (_, Json::Null) => Ok(None),
            (DataType::Boolean, Json::Bool(it)) => Ok(Some(Self::Boolean(*it))),
            (DataType::String, Json::String(it)) => Ok(Some(Self::String(it.clone()))),
            (DataType::String, other) => Ok(Some(Self::String(other.to_string()))),
            (DataType::StringCollection, Json::Array(items)) => {
                Ok(Some(Self::StringCollection(items.iter().map(item_text).collect())))
            }
            (DataType::UserIdentity, Json::Object(it)) => {
                identity(it).map(|it| Some(Self::UserIdentity(it))).ok_or(error("expected issuer and issuerUserId"))
            }
            (DataType::UserIdentityCollection | DataType::AlternativeSecurityIdCollection, Json::Array(items)) => items
                .iter()
                .map(|it| it.as_object().and_then(identity))
                .collect::<Option<Vec<_>>>()
                .map(|list| Some(Self::identities(data_type, list)))
                .ok_or(error("expected objects with issuer and issuerUserId")),
            (_, Json::String(text)) => Self::parse(data_type, text).map(Some),
            (_, Json::Number(number)) => Self::parse(data_type, &number.to_string()).map(Some),
            (_, Json::Bool(_) | Json::Array(_) | Json::Object(_)) => Err(error("the JSON value is of another kind")),
        }
    }
}

impl Identity {
    fn to_json(&self) -> Json {
        json!({ "issuer": self.issuer, "issuerUserId": self.issuer_user_id })
    }

    /// The user's id in clear; `None` when it is not base64 of UTF-8.
    pub fn decoded_user_id(&self) -> Option<String> {
        String::from_utf8(BASE64.decode(&self.issuer_user_id).ok()?).ok()
    }
}

/// An item of a JSON array as the text in a `stringCollection`. Objects become indented JSON with CR LF, as observed
/// of the service (azure-ad-b2c/samples issue 519).
fn item_text(item: &Json) -> String {
    match item {
        Json::String(text) => text.clone(),
        Json::Object(_) => serde_json::to_string_pretty(item).unwrap_or_default().replace('\n', "\r\n"),
        other => other.to_string(),
    }
}

/// `{"issuer":…,"issuerUserId":…}`, or the older `{"identityProvider":…,"key":…}` (reference "claims transformations",
/// Social).
fn identity(object: &Map<String, Json>) -> Option<Identity> {
    let text = |name: &str, older: &str| {
        object.get(name).or_else(|| object.get(older)).and_then(Json::as_str).map(str::to_owned)
    };
    Some(Identity { issuer: text("issuer", "identityProvider")?, issuer_user_id: text("issuerUserId", "key")? })
}

fn identity_text(text: &str) -> Option<Identity> {
    identity(serde_json::from_str::<Json>(text).ok()?.as_object()?)
}

fn identities_text(text: &str) -> Option<Vec<Identity>> {
    let list = serde_json::from_str::<Vec<Map<String, Json>>>(text).ok()?;
    list.iter().map(identity).collect()
}

/// An optional `-` and decimal digits: neither `+`, blanks nor group separators.
fn integer<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn date(text: &str) -> Option<Date> {
    // `Date` also reads `20260131` and a date with a time; the claim type doesn't.
    let shape = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
    if shape { text.parse().ok() } else { None }
}

/// ISO 8601; without an offset the text counts as UTC (not documented, so chosen).
fn date_time(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|it| it.timestamp())
}

fn date_time_text(instant: Timestamp) -> String {
    let civil = jiff::tz::TimeZone::UTC.to_datetime(instant);
    let ticks = civil.subsec_nanosecond() / 100;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{ticks:07}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    )
}

fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()))
}

/// `P…` behind `N` or `-` when it is negative; months may be written `M` or `Mo` (the documentation does both). Two
/// spellings of one duration give one text. Reference "claims", section 1.
fn duration(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix(['N', '-']) {
        Some(rest) => ("N", rest),
        None => ("", text),
    };
    let body = rest.strip_prefix('P')?.replace("Mo", "M");
    let (days, time) = body.split_once('T').map_or((body.as_str(), None), |(days, time)| (days, Some(time)));
    let time_ok = time.is_none_or(|it| !it.is_empty() && has_fields(it, &["H", "M", "S"]));
    // `Mo` means nothing behind the `T`.
    let months_ok = !rest.split_once('T').is_some_and(|(_, time)| time.contains("Mo"));
    let is_duration = months_ok && has_fields(days, &["Y", "M", "D"]) && time_ok && !body.is_empty();
    is_duration.then(|| format!("{sign}P{body}"))
}

/// Whether `text` is digits-and-designator pairs in the order of `designators`, each at most once.
fn has_fields(mut text: &str, designators: &[&str]) -> bool {
    for designator in designators {
        let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        if let Some(rest) = text.get(digits..).and_then(|it| it.strip_prefix(designator)).filter(|_| digits > 0) {
            text = rest;
        }
    }
    text.is_empty()
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}([redacted])", self.data_type())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity([redacted])")
    }
}

#[cfg(test)]
mod tests;
