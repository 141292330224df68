//! Reading a manifest in either dialect: the portal editor's (AAD Graph) and Microsoft Graph's.

use jiff::Timestamp;
use serde_json::Value;

use crate::guid::Guid;

use super::{
    App, AppRole, PasswordCredential, Registration, RequiredResourceAccess, ResourceAccess, ResourceAccessType,
};

/// Which member names a manifest uses where the two differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `accessTokenAcceptedVersion`, `name`, `startDate` …
    Portal,
    /// `api.requestedAccessTokenVersion`, `displayName`, `startDateTime` …
    Graph,
}

/// A member of a manifest does not hold what it must.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{member}` {expected}")]
pub(crate) struct ManifestError {
    /// Where, such as `appRoles[1].id`.
    pub(crate) member: String,
    /// What it must be.
    pub(crate) expected: &'static str,
}

impl Dialect {
    pub(crate) fn of(manifest: &Value) -> Self {
        let graph = ["api", "displayName", "web", "spa"].iter().any(|member| !manifest[*member].is_null());
        let portal = ["name", "accessTokenAcceptedVersion"].iter().any(|member| manifest.get(*member).is_some());
        if graph && !portal { Self::Graph } else { Self::Portal }
    }
}

/// The typed view, with nothing of the side file in it yet.
pub(super) fn view(manifest: Value) -> Result<App, ManifestError> {
    let root = Node { path: String::new(), value: &manifest };
    if !manifest.is_object() {
        return Err(ManifestError { member: "manifest".into(), expected: "must be a JSON object" });
    }
    let app_id = root.get("appId").guid()?;
    let platforms = Platforms::of(&root)?;
    Ok(App {
        app_id: app_id.ok_or_else(|| root.get("appId").must("must be there: it is the client id"))?,
        object_id: root.first(&["id", "objectId"]).guid()?,
        name: root.first(&["name", "displayName"]).text()?.unwrap_or_default(),
        identifier_uris: root.get("identifierUris").texts()?,
        app_roles: root.get("appRoles").list(app_role)?,
        access_token_version: root
            .either("accessTokenAcceptedVersion", "api", "requestedAccessTokenVersion")
            .integer()?,
        password_credentials: root.get("passwordCredentials").list(password_credential)?,
        required_resource_access: root.get("requiredResourceAccess").list(required_resource_access)?,
        sign_in_audience: root.get("signInAudience").text()?,
        web_redirect_uris: platforms.web,
        spa_redirect_uris: platforms.spa,
        public_client_redirect_uris: platforms.public_client,
        is_fallback_public_client: root
            .first(&["allowPublicClient", "isFallbackPublicClient"])
            .flag()?
            .unwrap_or(false),
        disabled_by_microsoft_status: root.get("disabledByMicrosoftStatus").text()?,
        service_principal_id: None,
        account_enabled: true,
        app_role_assignments: vec![],
        registration: Registration::default(),
        stem: String::new(),
        manifest,
    })
}

fn app_role(role: &Node<'_>) -> Result<AppRole, ManifestError> {
    Ok(AppRole {
        id: role.get("id").required_guid()?,
        value: role.get("value").text()?,
        allowed_member_types: role.get("allowedMemberTypes").texts()?,
        is_enabled: role.get("isEnabled").flag()?.unwrap_or(true),
        display_name: role.get("displayName").text()?.unwrap_or_default(),
        description: role.get("description").text()?.unwrap_or_default(),
    })
}

fn password_credential(credential: &Node<'_>) -> Result<PasswordCredential, ManifestError> {
    Ok(PasswordCredential {
        key_id: credential.get("keyId").required_guid()?,
        display_name: credential.get("displayName").text()?,
        hint: credential.get("hint").text()?,
        start: credential.first(&["startDateTime", "startDate"]).time()?,
        end: credential.first(&["endDateTime", "endDate"]).time()?,
        digest: None,
    })
}

fn required_resource_access(resource: &Node<'_>) -> Result<RequiredResourceAccess, ManifestError> {
    let resource_access = resource.get("resourceAccess").list(|access| {
        let kind = match access.get("type").text()?.as_deref() {
            Some("Role") => ResourceAccessType::Role,
            Some("Scope") => ResourceAccessType::Scope,
            _ => return Err(access.get("type").must("must be `Role` or `Scope`")),
        };
        Ok(ResourceAccess { id: access.get("id").required_guid()?, kind })
    })?;
    Ok(RequiredResourceAccess { resource_app_id: resource.get("resourceAppId").required_guid()?, resource_access })
}

/// Redirect URIs by platform.
struct Platforms {
    web: Vec<String>,
    spa: Vec<String>,
    public_client: Vec<String>,
}

impl Platforms {
    fn of(root: &Node<'_>) -> Result<Self, ManifestError> {
        let graph = |platform: &str| root.get(platform).get("redirectUris").texts();
        let mut all = Self { web: graph("web")?, spa: graph("spa")?, public_client: graph("publicClient")? };
        let typed = root.get("replyUrlsWithType").list(|it| Ok((it.get("url").text()?, it.get("type").text()?)))?;
        for (url, platform) in typed {
            match platform.as_deref() {
                Some("Spa") => all.spa.extend(url),
                Some("InstalledClient") => all.public_client.extend(url),
                _ => all.web.extend(url),
            }
        }
        Ok(all)
    }
}

/// A value and where it stands. Absent and `null` are the same.
struct Node<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    fn get(&self, member: &str) -> Node<'a> {
        let dot = if self.path.is_empty() { "" } else { "." };
        Node { path: format!("{}{dot}{member}", self.path), value: &self.value[member] }
    }

    /// The first of several spellings that holds something.
    fn first(&self, members: &[&str]) -> Node<'a> {
        let found = members.iter().find(|member| !self.value[**member].is_null());
        self.get(found.or(members.first()).copied().unwrap_or_default())
    }

    fn either(&self, member: &str, folder: &str, inner: &str) -> Node<'a> {
        let plain = self.get(member);
        if plain.value.is_null() { self.get(folder).get(inner) } else { plain }
    }

    fn must(&self, expected: &'static str) -> ManifestError {
        ManifestError { member: self.path.clone(), expected }
    }

    fn optional<T>(
        &self,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ManifestError> {
        match self.value {
            Value::Null => Ok(None),
            value => read(value).map(Some).ok_or_else(|| self.must(expected)),
        }
    }

    fn text(&self) -> Result<Option<String>, ManifestError> {
        self.optional("must be a string", |value| value.as_str().map(str::to_owned))
    }

    fn flag(&self) -> Result<Option<bool>, ManifestError> {
        self.optional("must be `true` or `false`", Value::as_bool)
    }

    fn integer(&self) -> Result<Option<i64>, ManifestError> {
        self.optional("must be a whole number", Value::as_i64)
    }

    fn guid(&self) -> Result<Option<Guid>, ManifestError> {
        self.optional("must be a GUID", |value| value.as_str()?.parse().ok())
    }

    fn required_guid(&self) -> Result<Guid, ManifestError> {
        self.guid()?.ok_or_else(|| self.must("must be a GUID"))
    }

    fn time(&self) -> Result<Option<Timestamp>, ManifestError> {
        self.optional("must be a time such as `2027-01-31T00:00:00Z`", |value| value.as_str()?.parse().ok())
    }

    fn texts(&self) -> Result<Vec<String>, ManifestError> {
        self.list(|item| item.text()?.ok_or_else(|| item.must("must be a string")))
    }

    fn list<T>(&self, read: impl Fn(&Node<'a>) -> Result<T, ManifestError>) -> Result<Vec<T>, ManifestError> {
        let items = self.optional("must be a list", Value::as_array)?;
        let node = |(at, value): (usize, &'a Value)| Node { path: format!("{}[{at}]", self.path), value };
        items.into_iter().flatten().enumerate().map(|item| read(&node(item))).collect()
    }
}
