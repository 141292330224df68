use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::Timestamp;
use serde_json::json;
use zeroize::Zeroizing;

use crate::app::{Dialect, Digest, SecretEntry};
use crate::documents::Change;
use crate::guid::Guid;
use crate::secret::{Digester, Secret};
use crate::tenant::{PEPPER, Tenant};

use super::{EditError, Expiry, list};

/// From when until when a client secret is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    start: Timestamp,
    end: Timestamp,
}

impl Lifetime {
    /// From `start`, or from now; until `end`, or for two years, which is what Azure takes when nothing is said.
    ///
    /// # Errors
    /// An end that is not after the start.
    pub fn new(start: Option<Timestamp>, end: Option<Timestamp>, now: Timestamp) -> Result<Self, EditError> {
        let start = start.unwrap_or_else(|| Timestamp::from_second(now.as_second()).unwrap_or(now));
        let end = end.unwrap_or_else(|| Expiry::two_years(start).end());
        if end <= start {
            return Err(EditError::member("endDateTime", "is not after `startDateTime`"));
        }
        Ok(Self { start, end })
    }
}

/// A client secret that was just made. This is the only time that it is told.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// Application id of the app that it belongs to.
    pub app_id: Guid,
    /// `keyId` of the credential.
    pub key_id: Guid,
    /// The secret itself: 40 characters.
    pub secret_text: Secret,
    /// The first three characters, which the manifest shows.
    pub hint: String,
    /// From when it is valid.
    pub start: Timestamp,
    /// Until when it is valid.
    pub end: Timestamp,
}

impl Tenant {
    /// Makes a client secret for `app`, named `display_name`, and keeps its digest only. The tenant's pepper is made
    /// with the first secret.
    ///
    /// # Errors
    /// No such app; files that can't be read or written.
    pub fn add_secret(
        &mut self,
        app: &str,
        display_name: Option<&str>,
        expires: Expiry,
        now: Timestamp,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<NewSecret, EditError> {
        let lifetime = Lifetime::new(None, Some(expires.end()), now)?;
        self.add_secret_for(app, display_name, lifetime, random)
    }

    /// The same for a lifetime that need not begin now.
    ///
    /// # Errors
    /// As [`Tenant::add_secret`], and a display name that is longer than 120 characters or holds control characters.
    pub fn add_secret_for(
        &mut self,
        app: &str,
        display_name: Option<&str>,
        Lifetime { start, end }: Lifetime,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<NewSecret, EditError> {
        if display_name.is_some_and(|it| it.chars().count() > 120 || it.chars().any(char::is_control)) {
            return Err(EditError::member("displayName", "is longer than 120 characters or holds a control character"));
        }
        let secret_text = machine_made(random);
        let hint: String = secret_text.expose().chars().take(3).collect();
        let (key_id, pepper) = (Guid::random(random), new_pepper(random));
        let app_id = self.changing(|tenant, writer| {
            let app_id = tenant.find(app)?.app_id;
            tenant.need_pepper(writer, pepper.as_slice())?;
            let digest = Some(Digest(tenant.digester().peppered(&secret_text)));
            tenant.edit_within(writer, app, |manifest, registration| {
                let graph = Dialect::of(manifest) == Dialect::Graph;
                let credential = if graph {
                    json!({
                        "customKeyIdentifier": null, "displayName": display_name, "endDateTime": end.to_string(),
                        "hint": hint, "keyId": key_id, "secretText": null, "startDateTime": start.to_string()
                    })
                } else {
                    json!({
                        "customKeyIdentifier": null, "endDate": end.to_string(), "keyId": key_id,
                        "startDate": start.to_string(), "value": null, "createdOn": start.to_string(), "hint": hint,
                        "displayName": display_name
                    })
                };
                list(manifest, "passwordCredentials")?.push(credential);
                registration.secrets.push(SecretEntry { key_id, digest, development_secret: None });
                Ok(())
            })?;
            Ok(app_id)
        })?;
        Ok(NewSecret { app_id, key_id, secret_text, hint, start, end })
    }

    /// Keeps `pepper` as the tenant's, unless it has one.
    fn need_pepper(&mut self, writer: &mut dyn Change, pepper: &[u8]) -> Result<(), EditError> {
        if !self.digester().has_pepper() {
            let text = Zeroizing::new(BASE64_STANDARD.encode(pepper) + "\n");
            writer.create(PEPPER, &text)?;
            self.set_digester(Digester::new(Some(pepper)));
        }
        Ok(())
    }
}

fn new_pepper(random: &mut dyn FnMut(&mut [u8])) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    random(bytes.as_mut_slice());
    bytes
}

/// 30 random bytes as 40 characters that no form, URL or shell changes: base64url with `.` for `-`.
pub fn machine_made(random: &mut dyn FnMut(&mut [u8])) -> Secret {
    let mut bytes = Zeroizing::new([0; 30]);
    random(bytes.as_mut_slice());
    Secret::new(Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice())).replace('-', "."))
}
