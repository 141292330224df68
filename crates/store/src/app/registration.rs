use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::guid::Guid;
use crate::secret::{Digester, Secret, SecretDigest};

use super::AppRoleAssignment;

/// The side file `NAME.wayfarer.toml`: what a manifest can't hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Registration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_principal_id: Option<Guid>,
    pub(crate) account_enabled: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) app_role_assignments: Vec<AppRoleAssignment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) secrets: Vec<SecretEntry>,
}

/// What is kept of one secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretEntry {
    pub(crate) key_id: Guid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "clear")]
    pub(crate) development_secret: Option<Secret>,
}

/// 32 bytes, in the file as base64url.
#[derive(Clone)]
pub(crate) struct Digest(pub(crate) [u8; 32]);

impl Default for Registration {
    fn default() -> Self {
        Self { service_principal_id: None, account_enabled: true, app_role_assignments: vec![], secrets: vec![] }
    }
}

impl Registration {
    /// What recognises the secret `key_id` on this machine.
    pub(super) fn digest(&self, key_id: Guid, digester: &Digester) -> Option<SecretDigest> {
        let entry = self.secrets.iter().find(|entry| entry.key_id == key_id)?;
        match (&entry.development_secret, &entry.digest) {
            (Some(secret), _) => Some(digester.development(secret)),
            (None, Some(digest)) => digester.has_pepper().then_some(SecretDigest::Peppered(digest.0)),
            (None, None) => None,
        }
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("a digest is 32 bytes in base64url without padding"))
    }
}

mod clear {
    use super::{Deserialize, Deserializer, Secret, Serializer};

    pub(super) fn serialize<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => serializer.serialize_str(secret.expose()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
        String::deserialize(deserializer).map(|text| Some(Secret::new(text)))
    }
}
