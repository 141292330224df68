//! Making and changing an application by its members, in Microsoft Graph's words: what `POST` and `PATCH` of
//! `applications` carry. Manifests of both dialects are changed, each in its own words.

mod check;
mod manifest;
mod permissions;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::app::members::{Form, Kept, MEMBERS, Member};
use crate::app::{App, Dialect, Registration};
use crate::documents::Change;
use crate::guid::Guid;
use crate::tenant::Tenant;

use super::{EditError, rejected, write};

/// What B2C's own journeys need.
const PERSONAL: &str = "AzureADandPersonalMicrosoftAccount";
/// The audiences with which access tokens are always of version 2.
const OF_VERSION_2: [&str; 2] = [PERSONAL, "PersonalMicrosoftAccount"];

/// A member and what it is to hold.
type Assignment<'a> = (&'static Member, &'a Value);

impl Tenant {
    /// Registers an application from its members in Graph's words; its manifest is written in Graph's dialect. Without
    /// `signInAudience` it is one for B2C, with version 2 of access tokens. It has no service principal yet.
    ///
    /// # Errors
    /// No `displayName`, a member that Graph doesn't have or set, a value that Azure would refuse, files that can't be
    /// written.
    pub fn register_app(
        &mut self,
        members: &Map<String, Value>,
        now: Timestamp,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<&App, EditError> {
        let assignments = assignments(members, On::Creation)?;
        let name = members.get("displayName").and_then(Value::as_str);
        let name = name.ok_or_else(|| EditError::member("displayName", "must be given"))?.to_owned();
        let (app_id, object_id) = (Guid::random(random), Guid::random(random));
        let manifest = changed(graph_manifest(app_id, object_id, self.name(), now), &assignments)?;
        self.changing(|tenant, writer| {
            let registration = Registration::default();
            let app = App::new(name.clone(), manifest.clone(), registration.clone(), tenant.digester());
            let app = app.map_err(|error| rejected(&**tenant.documents(), &name, &error))?;
            tenant.check_whole(&app, None)?;
            tenant.add_app(writer, &name, app_id, manifest, registration)
        })?;
        Ok(self.find(&app_id.to_string())?)
    }

    /// Changes the members that are given and no other. Of a member that is an object, such as `web`, the same holds for
    /// its members; a list is replaced as a whole. Whoever was granted a role that goes, loses it.
    ///
    /// # Errors
    /// As [`Tenant::register_app`]; no such app; a role or scope that is enabled and would go; an Application ID URI that
    /// another app has.
    pub fn update_app(&mut self, app_id: Guid, members: &Map<String, Value>) -> Result<&App, EditError> {
        let assignments = assignments(members, On::Change)?;
        self.changing(|tenant, writer| {
            let before = tenant.find(&app_id.to_string())?.clone();
            let (manifest, registration) = before.parts();
            let after = tenant.rebuilt(&before, changed(manifest, &assignments)?, registration)?;
            // All that can be refused, before anything is written: a folder has no undo.
            tenant.check_whole(&after, Some(&before))?;
            write(writer, &after, Some(&before))?;
            tenant.put(after);
            tenant.withdraw_lost_roles(writer, &before)
        })?;
        Ok(self.find(&app_id.to_string())?)
    }

    /// What no member alone can tell.
    fn check_whole(&self, app: &App, before: Option<&App>) -> Result<(), EditError> {
        for uri in &app.identifier_uris {
            self.refuse_taken_uri(app.app_id, uri)?;
        }
        let audience = app.sign_in_audience.as_deref().filter(|it| OF_VERSION_2.contains(it));
        if let Some(audience) = audience.filter(|_| app.access_token_version != Some(2)) {
            let problem = format!("must be 2 where `signInAudience` is `{audience}`");
            return Err(EditError::member("api.requestedAccessTokenVersion", problem));
        }
        before.map_or(Ok(()), |before| permissions::refuse_enabled_gone(before, app))
    }

    pub(in crate::edit) fn withdraw_lost_roles(
        &mut self,
        writer: &mut dyn Change,
        before: &App,
    ) -> Result<(), EditError> {
        let kept: Vec<Guid> = self.find(&before.app_id.to_string())?.app_roles.iter().map(|role| role.id).collect();
        let lost: Vec<Guid> = before.app_roles.iter().map(|it| it.id).filter(|id| !kept.contains(id)).collect();
        if lost.is_empty() { Ok(()) } else { self.withdraw(writer, before.app_id, &|role| lost.contains(&role)) }
    }
}

/// When members are set: some only make sense at one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Creation,
    Change,
}

/// The manifest with all of it set.
fn changed(mut manifest: Value, assignments: &[Assignment<'_>]) -> Result<Value, EditError> {
    let dialect = Dialect::of(&manifest);
    for (member, value) in assignments {
        let blocked = || EditError::member(member.name(), "can't be set: its place in the manifest is no object");
        member.write(&mut manifest, dialect, value).ok_or_else(blocked)?;
    }
    let sets = |form: Form| assignments.iter().find(|(member, _)| member.form == form).map(|(_, value)| *value);
    // The audience decides the version, where the request does not say otherwise (`graph.md` 1.1).
    let audience = sets(Form::Audience).and_then(Value::as_str);
    if audience.is_some_and(|it| OF_VERSION_2.contains(&it)) && sets(Form::Version).is_none() {
        let version = MEMBERS.iter().find(|member| member.form == Form::Version);
        version.and_then(|member| member.write(&mut manifest, dialect, &json!(2)));
    }
    Ok(manifest)
}

/// The members that an object sets, each checked by itself.
fn assignments(members: &Map<String, Value>, on: On) -> Result<Vec<Assignment<'_>>, EditError> {
    let mut found = Vec::new();
    flatten(&mut Vec::new(), members, &mut found)?;
    for (member, value) in &found {
        if member.kept == Kept::ReadOnly {
            return Err(EditError::member(member.name(), "is read-only"));
        }
        if member.form == Form::Passwords && (on == On::Change || !is_empty(value)) {
            return Err(EditError::member(member.name(), "can't be set: use `addPassword` and `removePassword`"));
        }
        check::check(member, value)?;
    }
    permissions::check_together(&found)?;
    Ok(found)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Walks into the objects that have members of ours. What `null` stands for an object, stands for each of its members.
fn flatten<'a>(
    path: &mut Vec<&'a str>,
    object: &'a Map<String, Value>,
    found: &mut Vec<Assignment<'a>>,
) -> Result<(), EditError> {
    // Annotations such as `@odata.type` say nothing of the application.
    for (name, value) in object.iter().filter(|(name, _)| !name.contains('@')) {
        path.push(name);
        let inside: Vec<&'static Member> = MEMBERS.iter().filter(|it| it.graph.starts_with(path)).collect();
        match (&inside[..], value) {
            ([], _) => {
                return Err(EditError::member(path.join("."), "is no member of an application that is kept here"));
            }
            ([member], value) if member.graph.len() == path.len() => found.push((member, value)),
            (members, Value::Null) => found.extend(members.iter().map(|member| (*member, value))),
            (_, Value::Object(inner)) => flatten(path, inner, found)?,
            _ => return Err(EditError::member(path.join("."), "must be an object")),
        }
        path.pop();
    }
    Ok(())
}

/// A new application as Graph shows it, members in its order. Source: the example of the page "Create application".
fn graph_manifest(app_id: Guid, object_id: Guid, publisher: &str, now: Timestamp) -> Value {
    let created = Timestamp::from_second(now.as_second()).unwrap_or(now);
    json!({
        "id": object_id,
        "deletedDateTime": null,
        "appId": app_id,
        "applicationTemplateId": null,
        "createdDateTime": created.to_string(),
        "displayName": "",
        "description": null,
        "groupMembershipClaims": null,
        "identifierUris": [],
        "isDeviceOnlyAuthSupported": null,
        "isFallbackPublicClient": null,
        "notes": null,
        "optionalClaims": null,
        "addIns": [],
        "publisherDomain": publisher,
        "signInAudience": PERSONAL,
        "tags": [],
        "tokenEncryptionKeyId": null,
        "api": {
            "requestedAccessTokenVersion": 2,
            "acceptMappedClaims": null,
            "knownClientApplications": [],
            "oauth2PermissionScopes": [],
            "preAuthorizedApplications": []
        },
        "appRoles": [],
        "publicClient": { "redirectUris": [] },
        "info": {
            "termsOfServiceUrl": null, "supportUrl": null, "privacyStatementUrl": null, "marketingUrl": null,
            "logoUrl": null
        },
        "keyCredentials": [],
        "parentalControlSettings": { "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" },
        "passwordCredentials": [],
        "requiredResourceAccess": [],
        "spa": { "redirectUris": [] },
        "web": {
            "redirectUris": [],
            "homePageUrl": null,
            "logoutUrl": null,
            "implicitGrantSettings": { "enableIdTokenIssuance": false, "enableAccessTokenIssuance": false }
        }
    })
}

#[cfg(test)]
mod tests;
