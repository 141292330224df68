//! Resolver → text: reference "claim-resolvers", sections 3 and 4.

use super::context::{Request, ResolverContext, SamlRequest, TokenResponse};
use super::table::{Namespace, ResolverName, ResolverSpec};
use super::{Braces, Resolver, culture};
use crate::Secret;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// AADB2C90044: the namespace has no such name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The claim '{name}' is not supported by the claim resolver '{}'.", .namespace.as_str())]
pub struct ResolverError {
    /// The namespace.
    pub namespace: Namespace,
    /// The name as written.
    pub name: String,
}

impl ResolverError {
    /// The service's code.
    pub const CODE: &'static str = "AADB2C90044";
}

impl Resolver<'_> {
    /// What the text stands for; `None` where the source has nothing, which is no error. The result is never resolved
    /// again. Whether the place resolves at all is [`place_rule`](super::place_rule)'s.
    ///
    /// # Errors
    /// The namespace has no such name.
    pub fn resolve(&self, context: &ResolverContext<'_>) -> Result<Option<String>, ResolverError> {
        match *self {
            Self::Literal(text) => Ok(Some(text.to_owned())),
            Self::Claim { spec, name } => Ok(value(spec, name, context)),
            Self::UnknownName { namespace, name } => Err(ResolverError { namespace, name: name.to_owned() }),
            Self::Braces { braces: Braces::Policy, .. } => Ok(Some(context.policy_id.to_owned())),
            Self::Braces { braces: Braces::Tenant, .. } => Ok(Some(context.relying_party_tenant.to_owned())),
            Self::Braces { text, .. } => Ok(Some(text.to_owned())),
        }
    }
}

fn value(spec: &ResolverSpec, name: &str, context: &ResolverContext<'_>) -> Option<String> {
    if !spec.journeys.contains(&context.journey) {
        return None;
    }
    let canonical = match spec.name {
        ResolverName::Fixed(it) => it,
        ResolverName::Any(_) => name,
    };
    match spec.namespace {
        Namespace::Claim => (context.claim)(canonical).map(|it| it.to_text()),
        Namespace::Context => of_context(canonical, context),
        Namespace::Culture => culture::resolve(canonical, context.culture),
        Namespace::OAuthKv => context.request.custom(canonical).and_then(acceptable),
        Namespace::OAuth2 => of_token_response(canonical, context.token_response?),
        Namespace::Oidc => of_request(canonical, context.request),
        Namespace::Policy => of_policy(canonical, context).map(str::to_owned),
        Namespace::Saml => of_saml(canonical, context.saml?),
    }
}

fn of_context(name: &str, context: &ResolverContext<'_>) -> Option<String> {
    Some(match name {
        "BuildNumber" => context.build_number.to_owned(),
        "CorrelationId" => context.correlation_id.to_owned(),
        "DateTimeInUtc" => english_date_time(context.now),
        "DeploymentMode" => context.deployment_mode.unwrap_or("Production").to_owned(),
        "HostName" => without_port(context.host_name).to_owned(),
        "IPAddress" => context.ip_address?.to_owned(),
        "KMSI" => context.keep_me_signed_in.to_string(),
        _ => return None,
    })
}

fn of_policy<'a>(name: &str, context: &ResolverContext<'a>) -> Option<&'a str> {
    Some(match name {
        "PolicyId" => context.policy_id,
        "RelyingPartyTenantId" => context.relying_party_tenant,
        "TenantObjectId" => context.tenant_object_id,
        "TrustFrameworkTenantId" => context.trust_framework_tenant,
        _ => return None,
    })
}

fn of_request(name: &str, request: &Request) -> Option<String> {
    let parameter = match name {
        "AuthenticationContextReferences" => "acr_values",
        "ClientId" => "client_id",
        "DomainHint" => "domain_hint",
        "LoginHint" => "login_hint",
        "MaxAge" => "max_age",
        "Nonce" => "nonce",
        "Password" => return request.password.as_ref().map(|it| it.expose().to_owned()),
        "Prompt" => "prompt",
        "RedirectUri" => "redirect_uri",
        "Resource" => "resource",
        "Scope" => "scope",
        "Username" => "username",
        _ => return None,
    };
    request.parameter(parameter).map(str::to_owned)
}

fn of_token_response(name: &str, response: &TokenResponse) -> Option<String> {
    let exposed = |it: &Secret| it.expose().to_owned();
    match name {
        "access_token" => response.access_token.as_ref().map(exposed),
        "token_type" => response.token_type.clone(),
        "expires_in" => response.expires_in.map(|it| it.to_string()),
        "refresh_token" => response.refresh_token.as_ref().map(exposed),
        _ => None,
    }
}

fn of_saml(name: &str, request: &SamlRequest) -> Option<String> {
    let net = |it: bool| if it { "True".to_owned() } else { "False".to_owned() };
    match name {
        "AllowCreate" => request.allow_create.map(net),
        "AuthnContextClassReferences" => {
            Some(request.authn_context_class_references.join(" ")).filter(|it| !it.is_empty())
        }
        "Binding" => request.binding.clone(),
        "ForceAuthn" => request.force_authn.map(net),
        "Issuer" => request.issuer.clone(),
        "NameIdPolicyFormat" => request.name_id_policy_format.clone(),
        "ProviderName" => request.provider_name.clone(),
        "RelayState" => request.relay_state.clone(),
        "Subject" => request.subject.clone(),
        _ => None,
    }
}

/// A custom parameter is anybody's text: one with control characters, or of more than 2,048 characters, counts as
/// absent (not documented, so chosen).
fn acceptable(text: &str) -> Option<String> {
    let fine = !text.chars().any(char::is_control) && text.chars().count() <= 2_048;
    fine.then(|| text.to_owned())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// `M/d/yyyy h:mm:ss tt` of the culture en-US, which the documentation's only example has.
fn english_date_time(now: Timestamp) -> String {
    let it = TimeZone::UTC.to_datetime(now);
    let (hour, half) = (it.hour().rem_euclid(12), if it.hour() < 12 { "AM" } else { "PM" });
    let hour = if hour == 0 { 12 } else { hour };
    format!("{}/{}/{:04} {hour}:{:02}:{:02} {half}", it.month(), it.day(), it.year(), it.minute(), it.second())
}
