use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use uuid::Uuid;

/// A GUID as Azure writes it: 36 characters with hyphens. Compares without regard to case, prints in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(Uuid);

/// The text is no GUID in the form `00001111-aaaa-2222-bbbb-3333cccc4444`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a GUID such as `00001111-aaaa-2222-bbbb-3333cccc4444`")]
pub struct GuidError {
    text: String,
}

impl Guid {
    /// A random (version 4) GUID from 16 bytes of `random`.
    pub fn random(random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut bytes = [0; 16];
        random(&mut bytes);
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// Its bytes as .NET and Windows lay them out: the first three groups little-endian.
    pub fn to_bytes_le(self) -> [u8; 16] {
        self.0.to_bytes_le()
    }

    /// Whether it is `00000000-0000-0000-0000-000000000000`.
    pub fn is_nil(self) -> bool {
        self.0.is_nil()
    }
}

impl FromStr for Guid {
    type Err = GuidError;

    /// Only the hyphenated form: braces, `urn:uuid:` and 32 bare digits are other notations, not client ids.
    fn from_str(text: &str) -> Result<Self, GuidError> {
        let error = || GuidError { text: text.chars().take(80).collect() };
        if text.len() != 36 {
            return Err(error());
        }
        Uuid::try_parse(text).map(Self).map_err(|_| error())
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl serde::Serialize for Guid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_a_guid() {
        let guid: Guid = "11112222-BBBB-3333-cccc-4444DDDD5555".parse().unwrap();
        assert_eq!(guid.to_string(), "11112222-bbbb-3333-cccc-4444dddd5555");
        assert_eq!(guid.to_bytes_le()[..8], [0x22, 0x22, 0x11, 0x11, 0xbb, 0xbb, 0x33, 0x33]);
        for other in ["", "11112222bbbb3333cccc4444dddd5555", "{11112222-bbbb-3333-cccc-4444dddd5555}", "1\n"] {
            assert!(other.parse::<Guid>().is_err(), "{other}");
        }
    }
}
