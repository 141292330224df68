//! Keysets as a person or a program reads them. Nothing private is in it.

use super::Keys;
use crate::output::{self, Failure, HEADING, QUIET, styled};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::fmt::Display;
use wayfarer_store::{Key, KeyError, KeySet, KeyType};

/// What a key does at one moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    /// Published before it is active.
    Waiting,
    /// Not active, and what it signed can still be verified.
    Retired,
    Ended,
    Disabled,
    /// A certificate that came alone.
    Public,
}

impl State {
    fn of(key: &Key, keys: &KeySet, now: Timestamp) -> Self {
        let second = now.as_second();
        let active = keys.active(now).or_else(|| keys.active_secret(now));
        match key {
            _ if !key.enabled => Self::Disabled,
            _ if key.exp.is_some_and(|exp| exp <= second) => Self::Ended,
            _ if !key.has_private() => Self::Public,
            _ if active.is_some_and(|it| it.kid == key.kid) => Self::Active,
            _ if key.nbf.is_some_and(|nbf| nbf > second) => Self::Waiting,
            _ => Self::Retired,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Waiting => "waiting",
            Self::Retired => "retired",
            Self::Ended => "ended",
            Self::Disabled => "disabled",
            Self::Public => "certificate alone",
        }
    }
}

impl Keys<'_> {
    /// All containers. One that can't be read keeps none of the others from being shown.
    pub(super) fn list(&self) -> Result<(), Failure> {
        let (mut shown, mut failed) = (Vec::new(), None);
        for container in self.store.containers().map_err(Failure::new)? {
            match self.store.get(&container) {
                // It may go while the list is read.
                Ok(keys) => shown.extend(keys),
                Err(error) => {
                    let before = failed.replace(Failure::new(error));
                    before.iter().for_each(output::failure);
                }
            }
        }
        if self.is_json() {
            self.print_json(&shown.iter().map(|it| Value::Object(self.json(it))).collect());
        } else {
            output::result(&shown.iter().map(|it| self.text(it)).collect::<Vec<_>>().join("\n"));
        }
        shown.iter().for_each(|it| self.warn_of_a_gap(it));
        if shown.is_empty() && failed.is_none() {
            output::remark("no key containers yet: `wayfarer key generate` makes one, and so does the first token");
        }
        failed.map_or(Ok(()), Err)
    }

    pub(super) fn show(&self, container: &str) -> Result<(), Failure> {
        self.print_as_kept(container, Map::new())
    }

    /// Prints a keyset as it is kept, in JSON with what was done with it.
    pub(super) fn print_as_kept(&self, container: &str, done: Map<String, Value>) -> Result<(), Failure> {
        let unknown = || KeyError::Unknown { container: container.to_owned() };
        let keys = self.store.get(container).and_then(|it| it.ok_or_else(unknown)).map_err(Failure::new)?;
        if self.is_json() {
            let mut shown = self.json(&keys);
            shown.extend(done);
            self.print_json(&Value::Object(shown));
        } else {
            output::result(&self.text(&keys));
        }
        self.warn_of_a_gap(&keys);
        Ok(())
    }

    /// What a policy will meet when no key is active.
    fn warn_of_a_gap(&self, keys: &KeySet) {
        let signs = keys.keys().iter().any(|it| it.kty() == KeyType::Rsa && it.has_private());
        let Some(second) = keys.signs_until(self.now).filter(|_| signs) else { return };
        let container = keys.container();
        let from = if second == self.now.as_second() { "now".to_owned() } else { time(second) };
        output::remark(format_args!(
            "{}: no key of `{container}` is active from {from} on, and then it signs no token (AADB2C90019): \
             `wayfarer key rotate {container}` makes the next key",
            styled(output::WARNING, "warning")
        ));
    }

    fn json(&self, keys: &KeySet) -> Map<String, Value> {
        let list: Vec<Value> = keys.keys().iter().map(|it| Value::Object(self.key_json(it, keys))).collect();
        [("container".to_owned(), keys.container().into()), ("keys".to_owned(), list.into())].into_iter().collect()
    }

    fn key_json(&self, key: &Key, keys: &KeySet) -> Map<String, Value> {
        let state = State::of(key, keys, self.now);
        let all = json!({
            "kid": key.kid,
            "kty": if key.kty() == KeyType::Rsa { "RSA" } else { "oct" },
            "use": key.usage.as_str(),
            "bits": key.bits(),
            "nbf": key.nbf,
            "exp": key.exp,
            "created": key.created().map(|it| it.to_string()),
            "status": if key.enabled { "enabled" } else { "disabled" },
            "state": state.as_str(),
            "active": state == State::Active,
            "encrypted": key.is_encrypted(),
            "x5t": key.x5t(),
        });
        let Value::Object(all) = all else { return Map::new() };
        all.into_iter().filter(|(_, value)| !value.is_null()).collect()
    }

    fn text(&self, keys: &KeySet) -> String {
        let mut text = format!("{}\n", styled(HEADING, keys.container()));
        if keys.keys().is_empty() {
            text += "  no keys\n";
        }
        for key in keys.keys() {
            let state = State::of(key, keys, self.now);
            let kind = key.bits().map_or_else(|| "secret".to_owned(), |bits| format!("RSA {bits}"));
            let mut row = format!("  {:43}  {kind:8}  {}  {:9}", key.kid, key.usage.as_str(), state.as_str());
            row += &key.nbf.map(|it| format!("  from {}", time(it))).unwrap_or_default();
            row += &key.exp.map(|it| format!("  until {}", time(it))).unwrap_or_default();
            row += if key.is_encrypted() { "  encrypted" } else { "" };
            row += if key.x5t().is_some() { "  with certificate" } else { "" };
            text += &match state {
                State::Active => format!("{}\n", row.trim_end()),
                _ => format!("{}\n", styled(QUIET, row.trim_end())),
            };
        }
        text
    }
}

/// What is worth knowing beside a result.
pub(super) fn note(text: impl Display) {
    output::remark(format_args!("{}: {text}", styled(HEADING, "note")));
}

/// A second as a person reads it.
pub(super) fn time(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| format!("second {second}"), |it| it.to_string())
}
