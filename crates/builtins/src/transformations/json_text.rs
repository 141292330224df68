//! JSON as methods read and write it: properties in document order, values as text, no nesting deeper than 128.

use super::failure::Failure;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The properties of an object, in document order, each value as it is written.
pub(crate) struct Properties<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Properties<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|_| Failure::new("the text is not a JSON object"))
    }

    pub(crate) fn first(&self) -> Option<(&str, &'a RawValue)> {
        self.0.first().map(|(name, value)| (name.as_ref(), *value))
    }

    /// The value of a property; of two with one name the last counts.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(it, _)| it == name).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Properties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut properties = Vec::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            properties.push((name, value));
        }
        Ok(Properties(properties))
    }
}

/// A property's name: borrowed from the text when it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(text.to_owned())))
    }
}

/// A value as a claim of type string: a string without its quotes, a number or boolean as written, an array or object
/// without white space; `None` for null.
pub(crate) fn text(value: &RawValue) -> Result<Option<String>, Failure> {
    let written = value.get();
    match written.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => serde_json::from_str(written).map(Some).map_err(|_| malformed()),
        Some(b'[' | b'{') => {
            let json: Json = serde_json::from_str(written).map_err(|_| malformed())?;
            Ok(Some(json.to_string()))
        }
        _ => Ok(Some(written.to_owned())),
    }
}

fn malformed() -> Failure {
    Failure::new("the JSON value is malformed or nests too deep")
}

/// A text as a JSON string. Also escapes the three line separators that Newtonsoft's writer escapes.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    // Writing a text as JSON never fails.
    let quoted = serde_json::to_string(text).unwrap_or_default();
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        let escaped = quoted.replace('\u{85}', r"\u0085").replace('\u{2028}', r"\u2028").replace('\u{2029}', r"\u2029");
        out.push_str(&escaped);
    } else {
        out.push_str(&quoted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let read = |it: &str| Properties::parse(it).and_then(|it| it.get("a").map_or(Ok(None), text)).is_err();
        assert!(read(&deep));
        assert!(Properties::parse(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        let properties =
            Properties::parse(r#"{"a": 12345678901234567890123, "b": 1.10, "c" : {"x" : [1, "y"]}, "c": null}"#);
        let properties = properties.ok().unwrap();
        let get = |name| text(properties.get(name).unwrap()).ok().unwrap();
        assert_eq!(get("a").as_deref(), Some("12345678901234567890123"));
        assert_eq!(get("b").as_deref(), Some("1.10"));
        assert_eq!(get("c"), None, "the last of two counts");
    }

    proptest::proptest! {
        #[test]
        fn quoting_is_undone_by_reading(original in ".{0,24}|[\u{0}-\u{20}\u{85}\u{2028}\u{2029}\"\\\\]{0,8}") {
            let mut quoted = String::new();
            push_quoted(&mut quoted, &original);
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), original);
        }
    }
}
