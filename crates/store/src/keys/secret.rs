//! Containers that hold a secret instead of an RSA key: passwords and API keys of REST services.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{KeyError, KeyStore};
use crate::Secret;

/// Keys beside secrets, as Graph's `uploadSecret` makes them: `kty` is `oct` and `k` the secret's bytes.
#[derive(Serialize, Deserialize)]
struct SecretSet {
    keys: Vec<SecretKey>,
}

#[derive(Serialize, Deserialize)]
struct SecretKey {
    kty: String,
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(default)]
    k: String,
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.k.zeroize();
    }
}

impl KeyStore {
    /// The secret in `container` that is active at `now`; `None` when the container was never made. The latest `nbf` that
    /// has passed decides, and a secret without `nbf` counts last (`tokens.md` 1).
    ///
    /// # Errors
    /// A name that is no container, an unreadable file, one that holds no secret that is valid now.
    pub fn get_secret(&self, container: &str, now: Timestamp) -> Result<Option<Secret>, KeyError> {
        let Some(text) = self.documents.read(&super::name(container)?)? else { return Ok(None) };
        let corrupt = |reason: &str| KeyError::Corrupt { path: self.place(container), reason: reason.to_owned() };
        let set: SecretSet = serde_json::from_str(&text).map_err(|_| corrupt("it is not JSON with a list `keys`"))?;
        let now = now.as_second();
        let valid = |it: &&SecretKey| {
            it.kty.eq_ignore_ascii_case("oct")
                && it.nbf.is_none_or(|nbf| nbf <= now)
                && it.exp.is_none_or(|exp| now < exp)
        };
        let active = set.keys.iter().filter(valid).max_by_key(|it| it.nbf.unwrap_or(i64::MIN));
        let active = active.ok_or_else(|| corrupt("it holds no secret that is valid now"))?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&active.k).map_err(|_| corrupt("a secret in it is not base64url"))?;
        String::from_utf8(bytes).map(|it| Some(Secret::new(it))).map_err(|_| corrupt("a secret in it is not UTF-8"))
    }

    /// Puts a secret into a new container.
    ///
    /// # Errors
    /// A name that is no container, a place that can't be written, a container that exists already.
    pub fn create_secret(&self, container: &str, secret: &Secret) -> Result<(), KeyError> {
        let name = super::name(container)?;
        let k = BASE64_URL_SAFE_NO_PAD.encode(secret.expose());
        let key = SecretKey { kty: "oct".into(), usage: Some("enc".into()), nbf: None, exp: None, k };
        let text = serde_json::to_string_pretty(&SecretSet { keys: vec![key] }).map(Zeroizing::new);
        let unwritable = "it can't be written as JSON";
        let text = text.map_err(|_| KeyError::Corrupt { path: self.place(container), reason: unwritable.into() })?;
        let mut change = self.documents.change()?;
        if !change.create(&name, &text)? {
            return Err(KeyError::Exists { container: container.to_owned() });
        }
        Ok(change.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyStore::new(std::sync::Arc::new(crate::Folder::new(folder.path())));
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(keys.get_secret("B2C_1A_Api", now).unwrap().is_none());
        keys.create_secret("B2C_1A_Api", &Secret::new("päss word")).unwrap();
        assert_eq!(keys.get_secret("B2C_1A_Api", now).unwrap().unwrap().expose(), "päss word");
        assert!(keys.create_secret("B2C_1A_Api", &Secret::new("other")).is_err());
        assert!(keys.get_secret("../B2C_1A_Api", now).is_err(), "a name is never a path");
    }
}
