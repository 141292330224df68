use jiff::Timestamp;
use serde_json::{Value, json};

use crate::app::{App, Registration};
use crate::documents::Change;
use crate::guid::Guid;
use crate::tenant::Tenant;

use super::{EditError, list, manifest_name, rejected, side_name, write};

impl Tenant {
    /// Registers an app as the portal does: a new application id, `accessTokenAcceptedVersion` 2, and a service
    /// principal. Its files are `apps/NAME.json` and `apps/NAME.wayfarer.toml`.
    ///
    /// # Errors
    /// A name that is empty, longer than 120 characters or holds control characters; files that can't be written.
    pub fn create_app(
        &mut self,
        name: &str,
        now: Timestamp,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<&App, EditError> {
        check_name(name)?;
        let app_id = Guid::random(random);
        let manifest = portal_manifest(name, app_id, Guid::random(random), self.name(), now);
        let registration = Registration { service_principal_id: Some(Guid::random(random)), ..Registration::default() };
        self.changing(|tenant, writer| tenant.add_app(writer, name, app_id, manifest, registration))?;
        self.find(&app_id.to_string()).map_err(EditError::from)
    }

    /// Adds an app with these two documents, under a name that is free.
    pub(crate) fn add_app(
        &mut self,
        writer: &mut dyn Change,
        name: &str,
        app_id: Guid,
        manifest: Value,
        registration: Registration,
    ) -> Result<(), EditError> {
        let stem = self.free_stem(writer, name, app_id)?;
        let app = App::new(stem.clone(), manifest, registration, self.digester());
        let app = app.map_err(|error| rejected(&**self.documents(), &stem, &error))?;
        write(writer, &app, None)?;
        self.put(app);
        Ok(())
    }

    /// Sets the Application ID URI of `app`. `uri` is a URI, or the last segment alone, which becomes
    /// `https://{tenant domain}/{segment}` as in the portal. Of several URIs the first is replaced.
    ///
    /// # Errors
    /// No URI, one that a scope can't carry, one that another app has; files that can't be read or written.
    pub fn set_uri(&mut self, app: &str, uri: &str) -> Result<&App, EditError> {
        let uri = match uri {
            segment if !segment.is_empty() && !segment.contains(':') => format!("https://{}/{segment}", self.name()),
            uri => uri.to_owned(),
        };
        check_uri(&uri)?;
        let app_id = self.changing(|tenant, writer| {
            let own = tenant.find(app)?.app_id;
            tenant.refuse_taken_uri(own, &uri)?;
            tenant.edit_within(writer, app, |manifest, _| {
                let uris = list(manifest, "identifierUris")?;
                match uris.first_mut() {
                    Some(first) => *first = uri.into(),
                    None => uris.push(uri.into()),
                }
                Ok(())
            })?;
            Ok(own)
        })?;
        self.find(&app_id.to_string()).map_err(EditError::from)
    }

    /// An Application ID URI names one app of a tenant.
    pub(crate) fn refuse_taken_uri(&self, own: Guid, uri: &str) -> Result<(), EditError> {
        let has_it = |other: &&App| other.app_id != own && other.identifier_uris.iter().any(|it| it == uri);
        let Some(other) = self.apps().iter().find(has_it) else { return Ok(()) };
        let owner = format!("`{}` ({})", other.name, other.app_id);
        Err(EditError::Taken { what: "Application ID URI", value: uri.chars().take(200).collect(), owner })
    }

    /// A name that no document has, in any case: some file systems do not tell cases apart.
    fn free_stem(&self, writer: &dyn Change, name: &str, app_id: Guid) -> Result<String, EditError> {
        let stem = file_stem(name);
        let taken = writer
            .list("apps")?
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&manifest_name(&stem)) || it.eq_ignore_ascii_case(&side_name(&stem)));
        Ok(if stem.is_empty() || taken { format!("{stem}-{app_id}").trim_start_matches('-').to_owned() } else { stem })
    }
}

/// The name with what a file name can't hold left out; never a name that Windows reserves.
fn file_stem(name: &str) -> String {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let stem: String = name.chars().map(allowed).take(60).collect();
    let stem = stem.trim_matches('-').to_owned();
    let reserved = stem.len() <= 4 && stem.get(..3).is_some_and(|it| RESERVED.contains(&it.to_lowercase().as_str()));
    if reserved { format!("app-{stem}") } else { stem }
}

fn check_name(name: &str) -> Result<(), EditError> {
    name_problem(name).map_or(Ok(()), |problem| Err(EditError::invalid("app name", name, problem)))
}

/// What keeps a text from being the name of an app.
pub(super) fn name_problem(name: &str) -> Option<&'static str> {
    match name {
        name if name.trim().is_empty() => Some("is empty"),
        name if name.chars().count() > 120 => Some("is longer than 120 characters"),
        name if name.chars().any(char::is_control) => Some("holds a control character"),
        _ => None,
    }
}

fn check_uri(uri: &str) -> Result<(), EditError> {
    uri_problem(uri).map_or(Ok(()), |problem| Err(EditError::invalid("Application ID URI", uri, problem)))
}

/// What keeps a text from being an Application ID URI.
pub(super) fn uri_problem(uri: &str) -> Option<&'static str> {
    let scheme = uri.split_once(':').is_some_and(|(scheme, rest)| {
        let first = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        first && scheme.bytes().all(allowed) && !rest.trim_matches('/').is_empty()
    });
    // What RFC 6749 §3.3 lets a scope hold, because the URI becomes part of one.
    let in_scope = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    match uri {
        _ if !scheme => Some("is not a URI such as `https://contoso.onmicrosoft.com/api` or `api://name`"),
        uri if !uri.bytes().all(in_scope) => Some("holds a character that a scope can't (RFC 6749 §3.3)"),
        uri if uri.contains(['#', '?']) => Some("must have neither a query nor a fragment"),
        uri if uri.len() > 255 => Some("is longer than 255 characters"),
        _ => None,
    }
}

/// A new registration as the portal's manifest editor shows it, members in its order.
fn portal_manifest(name: &str, app_id: Guid, object_id: Guid, publisher: &str, now: Timestamp) -> Value {
    let created = Timestamp::from_second(now.as_second()).unwrap_or(now);
    json!({
        "id": object_id,
        "acceptMappedClaims": null,
        "accessTokenAcceptedVersion": 2,
        "addIns": [],
        "allowPublicClient": null,
        "appId": app_id,
        "appRoles": [],
        "oauth2AllowUrlPathMatching": false,
        "createdDateTime": created.to_string(),
        "description": null,
        "certification": null,
        "disabledByMicrosoftStatus": null,
        "groupMembershipClaims": null,
        "identifierUris": [],
        "informationalUrls": { "termsOfService": null, "support": null, "privacy": null, "marketing": null },
        "keyCredentials": [],
        "knownClientApplications": [],
        "logoUrl": null,
        "logoutUrl": null,
        "name": name,
        "notes": null,
        "oauth2AllowIdTokenImplicitFlow": false,
        "oauth2AllowImplicitFlow": false,
        "oauth2Permissions": [],
        "oauth2RequirePostResponse": false,
        "optionalClaims": null,
        "orgRestrictions": [],
        "parentalControlSettings": { "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" },
        "passwordCredentials": [],
        "preAuthorizedApplications": [],
        "publisherDomain": publisher,
        "replyUrlsWithType": [],
        "requiredResourceAccess": [],
        "samlMetadataUrl": null,
        "signInUrl": null,
        "signInAudience": "AzureADandPersonalMicrosoftAccount",
        "tags": [],
        "tokenEncryptionKeyId": null
    })
}
