#![doc = include_str!("docs.md")]

mod defaults;
mod scope;

use jiff::Timestamp;
use wayfarer_store::{App, Guid, PresentedSecret, SecretDigest, Tenant};

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
    let client_id = request.client_id().ok_or(ProtocolError::ClientIdMissing)?;
    // Before the client is looked at, so that an unknown one costs the same as a wrong secret.
    let presented: Vec<PresentedSecret> = request.secrets().iter().map(|secret| tenant.present(secret)).collect();
    let Some(client) = client_id.parse().ok().and_then(|client_id| tenant.app(client_id)) else {
        let nobody: Vec<bool> = presented.iter().map(|secret| secret.matches(None)).collect();
        std::hint::black_box(nobody);
        return Err(unknown(tenant, client_id));
    };
    check_usable(tenant, client)?;
    authenticate(client, policy_id, request, &presented, now)?;
    authorize_without_secret(tenant, client, request.scope())
}

/// The same judgement without authentication and grant type, for a caller that is the tenant's owner already
/// (`wayfarer run`).
///
/// # Errors
/// As [`authorize`]: a disabled or unusable client, the scope, the token version, a missing service principal.
pub fn authorize_without_secret(tenant: &Tenant, client: &App, scope: Option<&str>) -> Result<Grant, TokenError> {
    check_usable(tenant, client)?;
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

fn unknown(tenant: &Tenant, client_id: &str) -> TokenError {
    let client_id = client_id.chars().take(200).collect();
    ProtocolError::UnknownClient { client_id, tenant: tenant.name().into() }.into()
}

/// The app may be used at all: by this service, and by its administrator's will.
fn check_usable(tenant: &Tenant, client: &App) -> Result<(), TokenError> {
    let client_id = client.app_id.to_string();
    if client.sign_in_audience.as_deref() == Some("PersonalMicrosoftAccount") {
        let detail = "signInAudience is PersonalMicrosoftAccount: B2C policies need AzureADandPersonalMicrosoftAccount";
        return Err(TokenError::new(ProtocolError::NotForThisService { client_id }).with_detail(detail));
    }
    if !client.account_enabled || client.disabled_by_microsoft_status.is_some() {
        let detail = "accountEnabled is false, or disabledByMicrosoftStatus is set";
        let public = ProtocolError::ClientDisabled { client_id, tenant: tenant.name().into() };
        return Err(TokenError::new(public).with_detail(detail));
    }
    Ok(())
}

fn authenticate(
    client: &App,
    policy_id: &str,
    request: &TokenRequest,
    presented: &[PresentedSecret],
    now: Timestamp,
) -> Result<(), TokenError> {
    if request.get("client_assertion").is_some() || request.get("client_assertion_type").is_some() {
        return Err(ProtocolError::ClientAssertion { policy: policy_id.into() }.into());
    }
    if presented.is_empty() {
        return Err(ProtocolError::SecretMissing.into());
    }
    if is_public(client) {
        return Err(ProtocolError::PublicClientSecret.into());
    }
    check_secret(client, presented, now)
        .map_err(|reason| TokenError::new(ProtocolError::WrongSecret).with_detail(reason))
}

/// A native or single-page app. One that was given a secret as well is a confidential client (a choice).
fn is_public(client: &App) -> bool {
    let redirects = !client.spa_redirect_uris.is_empty() || !client.public_client_redirect_uris.is_empty();
    let confidential = !client.password_credentials.is_empty() || !client.web_redirect_uris.is_empty();
    !confidential && (redirects || client.is_fallback_public_client)
}

/// Any of the app's secrets that is inside its time matches. `Err` is the reason, for the log only.
fn check_secret(client: &App, presented: &[PresentedSecret], now: Timestamp) -> Result<(), &'static str> {
    if client.password_credentials.is_empty() {
        // The same comparison as for an unknown client.
        presented.iter().for_each(|secret| _ = std::hint::black_box(secret.matches(None)));
        return Err("the app has no client secret");
    }
    let mut outcome = Err("no client secret of the app is the one that was sent");
    for credential in &client.password_credentials {
        if !matches_any(presented, credential.digest.as_ref()) {
            continue;
        }
        outcome = match (credential.start, credential.end) {
            (_, Some(end)) if end <= now => outcome.or(Err("the client secret has expired")),
            (Some(start), _) if start > now => outcome.or(Err("the client secret is not valid yet")),
            _ => Ok(()),
        };
    }
    outcome
}

/// All readings are compared, so that the time does not tell which one matched.
fn matches_any(presented: &[PresentedSecret], digest: Option<&SecretDigest>) -> bool {
    presented.iter().fold(false, |matched, secret| matched | secret.matches(digest))
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
