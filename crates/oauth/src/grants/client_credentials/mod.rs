#![doc = include_str!("docs.md")]

mod authentication;
mod defaults;
mod scope;

use jiff::Timestamp;
use wayfarer_store::{App, Guid, Tenant};

use super::Grant;
use crate::error::{ProtocolError, TokenError};
use crate::request::TokenRequest;

pub use defaults::{DefaultsError, default_client, default_scope};

/// Judges a client credentials request to `policy_id`: steps 3 to 8 of `endpoints.md` 2.6. What remains is the journey.
///
/// # Errors
/// The [`TokenError`] of the first check that fails.
pub fn authorize(
    tenant: &Tenant,
    policy_id: &str,
    request: &TokenRequest,
    now: Timestamp,
) -> Result<Grant, TokenError> {
    judge(tenant, policy_id, request, now).map_err(|error| error.with_header(request.used_header()))
}

fn judge(tenant: &Tenant, policy_id: &str, request: &TokenRequest, now: Timestamp) -> Result<Grant, TokenError> {
    check_grant_type(request)?;
    let client = authentication::client(tenant, policy_id, request, now)?;
    authorize_without_secret(tenant, client, request.scope())
}

/// The same judgement without authentication and grant type, for a caller that is the tenant's owner already
/// (`wayfarer run`).
///
/// # Errors
/// As [`authorize`]: a disabled or unusable client, the scope, the token version, a missing service principal.
pub fn authorize_without_secret(tenant: &Tenant, client: &App, scope: Option<&str>) -> Result<Grant, TokenError> {
    authentication::check_usable(tenant, client)?;
    let scope = scope.ok_or(ProtocolError::ScopeMissing)?;
    let api = scope::resource(tenant, scope)?;
    let client_service_principal_id = check_version(client)?;
    Ok(Grant {
        client_app_id: client.app_id,
        client_service_principal_id,
        api_app_id: api.app_id,
        scp: granted_roles(client, api).map(str::to_owned).collect(),
        scope: scope.to_owned(),
    })
}

fn check_grant_type(request: &TokenRequest) -> Result<(), ProtocolError> {
    match request.grant_type() {
        Some("client_credentials") => Ok(()),
        Some(value) => Err(ProtocolError::UnsupportedGrantType { value: value.into() }),
        None => Err(ProtocolError::MissingParameter { name: "grant_type" }),
    }
}

/// The client accepts version 2 tokens and has a service principal, whose id is returned.
fn check_version(client: &App) -> Result<Guid, TokenError> {
    let broken = |detail: String| TokenError::new(ProtocolError::Internal).with_detail(detail);
    if client.access_token_version != Some(2) {
        let (name, version) = (&client.name, client.access_token_version.unwrap_or(1));
        return Err(broken(format!(
            "accessTokenAcceptedVersion of `{name}` is {version} and must be 2: `wayfarer app set-version {} 2`",
            client.app_id
        )));
    }
    client.service_principal_id.ok_or_else(|| {
        broken(format!("`{}` has no service principal: `wayfarer app grant … --admin-consent` makes one", client.name))
    })
}

/// The values of the API's enabled application roles that were granted to `client`, in the API's order.
fn granted_roles<'a>(client: &App, api: &'a App) -> impl Iterator<Item = &'a str> {
    let granted = api.app_roles.iter().filter(|role| {
        let for_applications = role.allowed_member_types.iter().any(|kind| kind == "Application");
        role.is_enabled && for_applications && client.has_assignment(api.app_id, role.id)
    });
    granted.filter_map(|role| role.value.as_deref()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
