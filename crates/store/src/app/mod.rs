//! App registrations: a typed view of a manifest and of the side file beside it.

mod manifest;
pub(crate) mod members;
mod registration;

use jiff::Timestamp;
use serde_json::Value;

use crate::guid::Guid;
use crate::secret::{Digester, SecretDigest};

pub(crate) use manifest::{Dialect, ManifestError};
pub(crate) use registration::{Digest, Registration, SecretEntry};

/// An app registration together with its service principal and grants. The fields are what the token endpoint and the
/// command line need; everything else stays in [`App::manifest`].
#[derive(Debug, Clone)]
pub struct App {
    /// `appId`: the client id, and the `aud` of an API's tokens.
    pub app_id: Guid,
    /// `id`: the object id of the registration.
    pub object_id: Option<Guid>,
    /// `name`, in Graph `displayName`.
    pub name: String,
    /// `identifierUris`: the Application ID URIs.
    pub identifier_uris: Vec<String>,
    /// `appRoles`, in manifest order, which is the order inside `scp`.
    pub app_roles: Vec<AppRole>,
    /// `accessTokenAcceptedVersion`, in Graph `api.requestedAccessTokenVersion`. `None` means 1.
    pub access_token_version: Option<i64>,
    /// `passwordCredentials`, each with its digest when the side file has one.
    pub password_credentials: Vec<PasswordCredential>,
    /// `requiredResourceAccess`: permissions configured, not granted.
    pub required_resource_access: Vec<RequiredResourceAccess>,
    /// `signInAudience`.
    pub sign_in_audience: Option<String>,
    /// Redirect URIs of the web platform.
    pub web_redirect_uris: Vec<String>,
    /// Redirect URIs of single-page apps.
    pub spa_redirect_uris: Vec<String>,
    /// Redirect URIs of native apps.
    pub public_client_redirect_uris: Vec<String>,
    /// `allowPublicClient`, in Graph `isFallbackPublicClient`.
    pub is_fallback_public_client: bool,
    /// `disabledByMicrosoftStatus`; anything here means disabled.
    pub disabled_by_microsoft_status: Option<String>,
    /// Object id of the service principal: `oid`, and `sub` of its tokens. Without one the app gets no token.
    pub service_principal_id: Option<Guid>,
    /// `accountEnabled` of the service principal.
    pub account_enabled: bool,
    /// App roles granted to this app with admin consent.
    pub app_role_assignments: Vec<AppRoleAssignment>,
    manifest: Value,
    registration: Registration,
    stem: String,
}

/// A role that an API defines for users or applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRole {
    /// `id`, unique in the app.
    pub id: Guid,
    /// `value`: what appears in `scp`. May be absent in a manifest.
    pub value: Option<String>,
    /// `allowedMemberTypes`: `Application`, `User`.
    pub allowed_member_types: Vec<String>,
    /// `isEnabled`.
    pub is_enabled: bool,
    /// `displayName`.
    pub display_name: String,
    /// `description`.
    pub description: String,
}

/// One client secret: everything but the secret.
#[derive(Debug, Clone)]
pub struct PasswordCredential {
    /// `keyId`.
    pub key_id: Guid,
    /// `displayName`: the portal's "Description".
    pub display_name: Option<String>,
    /// `hint`: the first three characters.
    pub hint: Option<String>,
    /// `startDateTime`; the manifest editor writes `startDate`.
    pub start: Option<Timestamp>,
    /// `endDateTime`; the manifest editor writes `endDate`.
    pub end: Option<Timestamp>,
    /// What recognises the secret; `None` when the side file has nothing that this machine can check.
    pub digest: Option<SecretDigest>,
}

/// The permissions configured for one API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredResourceAccess {
    /// Application id of the API.
    pub resource_app_id: Guid,
    /// Its roles and scopes.
    pub resource_access: Vec<ResourceAccess>,
}

/// One configured permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceAccess {
    /// Id of the app role or delegated scope.
    pub id: Guid,
    /// Which of the two.
    pub kind: ResourceAccessType,
}

/// `type` of a configured permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceAccessType {
    /// An app role: application permission.
    Role,
    /// A delegated scope.
    Scope,
}

/// An app role granted with admin consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppRoleAssignment {
    /// Application id of the API.
    pub resource_app_id: Guid,
    /// Id of the role in the API's `appRoles`.
    pub app_role_id: Guid,
}

impl App {
    /// The manifest as it stands in its file, members in file order.
    pub fn manifest(&self) -> &Value {
        &self.manifest
    }

    /// Whether `role` of the API `resource_app_id` was granted to this app with admin consent.
    pub fn has_assignment(&self, resource_app_id: Guid, role: Guid) -> bool {
        self.app_role_assignments.contains(&AppRoleAssignment { resource_app_id, app_role_id: role })
    }

    /// The object id by which Graph addresses the registration. A manifest without one is addressed by its application id.
    pub fn graph_id(&self) -> Guid {
        self.object_id.unwrap_or(self.app_id)
    }

    /// What its two files hold.
    pub(crate) fn parts(&self) -> (Value, Registration) {
        (self.manifest.clone(), self.registration.clone())
    }

    /// The name of its files in `apps/`, without an extension.
    pub(crate) fn stem(&self) -> &str {
        &self.stem
    }

    /// The typed view of a manifest and its side file. A digester without a pepper leaves the secrets that have a
    /// digest unverifiable.
    pub(crate) fn new(
        stem: String,
        manifest: Value,
        registration: Registration,
        digester: &Digester,
    ) -> Result<Self, ManifestError> {
        let mut app = manifest::view(manifest)?;
        for credential in &mut app.password_credentials {
            credential.digest = registration.digest(credential.key_id, digester);
        }
        app.service_principal_id = registration.service_principal_id;
        app.account_enabled = registration.account_enabled;
        app.app_role_assignments.clone_from(&registration.app_role_assignments);
        Ok(Self { registration, stem, ..app })
    }
}
