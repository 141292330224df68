//! What the resolvers read, as plain data.

use crate::{Secret, Value};
use jiff::Timestamp;
use std::fmt;

/// The kind of journey: it decides which sources exist (reference "claim-resolvers", section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JourneyKind {
    /// An OpenID Connect or OAuth 2 authorization request.
    Authorize,
    /// The client credentials grant.
    #[default]
    ClientCredentials,
    /// The password grant.
    Password,
    /// The refresh token grant.
    Refresh,
    /// A SAML request.
    SamlSso,
    /// The UserInfo endpoint.
    UserInfo,
}

impl JourneyKind {
    /// All kinds.
    pub const ALL: &'static [Self] =
        &[Self::Authorize, Self::ClientCredentials, Self::Password, Self::Refresh, Self::SamlSso, Self::UserInfo];
}

/// Everything that a resolver can read at the moment it is evaluated. `Debug` shows no value of request or bag.
#[derive(Clone, Copy)]
pub struct ResolverContext<'a> {
    /// The kind of journey.
    pub journey: JourneyKind,
    /// The relying party's policy id, in the casing of its file.
    pub policy_id: &'a str,
    /// The name of the relying party's tenant, such as `contoso.onmicrosoft.com`.
    pub relying_party_tenant: &'a str,
    /// The object id of that tenant.
    pub tenant_object_id: &'a str,
    /// The name of the root base policy's tenant.
    pub trust_framework_tenant: &'a str,
    /// The correlation id of the request.
    pub correlation_id: &'a str,
    /// The time: resolvers are evaluated when their technical profile runs.
    pub now: Timestamp,
    /// `DeploymentMode` as written; absent counts as `Production`.
    pub deployment_mode: Option<&'a str>,
    /// The host of the request; a port in it is left out.
    pub host_name: &'a str,
    /// The caller's address.
    pub ip_address: Option<&'a str>,
    /// Whether keep-me-signed-in was ticked.
    pub keep_me_signed_in: bool,
    /// The engine's version in four parts.
    pub build_number: &'a str,
    /// The language tag of the journey, such as `en` or `en-US`.
    pub culture: &'a str,
    /// The parameters of the request that started the journey.
    pub request: &'a Request,
    /// The SAML request, in a SAML journey.
    pub saml: Option<&'a SamlRequest>,
    /// The answer of the identity provider that is being processed.
    pub token_response: Option<&'a TokenResponse>,
    /// The bag: the claim of that id, compared without case. Must give nothing for a claim that holds a password.
    pub claim: &'a (dyn Fn(&str) -> Option<Value> + Send + Sync),
}

/// The parameters of the OpenID Connect or OAuth 2 request that started the journey.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// All parameters but `password`, in the order sent.
    pub parameters: Vec<(String, String)>,
    /// `password` of the password grant.
    pub password: Option<Secret>,
}

/// What a SAML request said. `Debug` shows none of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SamlRequest {
    /// `AuthnContextClassRef`.
    pub authn_context_class_references: Vec<String>,
    /// `NameIDPolicy/@Format`.
    pub name_id_policy_format: Option<String>,
    /// `Issuer`.
    pub issuer: Option<String>,
    /// `NameIDPolicy/@AllowCreate`.
    pub allow_create: Option<bool>,
    /// `ForceAuthn`.
    pub force_authn: Option<bool>,
    /// `ProviderName`.
    pub provider_name: Option<String>,
    /// The parameter `RelayState`.
    pub relay_state: Option<String>,
    /// The name identifier of the request's subject.
    pub subject: Option<String>,
    /// `ProtocolBinding`.
    pub binding: Option<String>,
}

/// What an identity provider's token endpoint answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenResponse {
    /// `access_token`.
    pub access_token: Option<Secret>,
    /// `token_type`.
    pub token_type: Option<String>,
    /// `expires_in`.
    pub expires_in: Option<i64>,
    /// `refresh_token`.
    pub refresh_token: Option<Secret>,
}

impl Request {
    /// The parameter that OAuth knows by this name; of repeated ones the first.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that OAuth doesn't know: by its exact name, else by its name without case.
    pub(super) fn custom(&self, name: &str) -> Option<&str> {
        if is_protocol_parameter(name) {
            return None;
        }
        let without_case = || self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        self.parameter(name).or_else(|| without_case().map(|(_, value)| value.as_str()))
    }
}

/// Whether OAuth or OpenID Connect knows the parameter, and some of these are secrets: `{OAUTH-KV:…}` refuses it
/// (reference "claim-resolvers", 3.6).
pub fn is_protocol_parameter(name: &str) -> bool {
    PROTOCOL_PARAMETERS.iter().any(|it| it.eq_ignore_ascii_case(name))
}

const PROTOCOL_PARAMETERS: [&str; 47] = [
    "access_token",
    "acr_values",
    "actor_token",
    "actor_token_type",
    "assertion",
    "audience",
    "claims",
    "claims_locales",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_info",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "device_code",
    "display",
    "domain_hint",
    "error",
    "grant_type",
    "id_token",
    "id_token_hint",
    "login_hint",
    "max_age",
    "nonce",
    "p",
    "password",
    "post_logout_redirect_uri",
    "prompt",
    "redirect_uri",
    "refresh_token",
    "registration",
    "request",
    "request_uri",
    "requested_token_type",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "subject_token",
    "subject_token_type",
    "ui_locales",
    "user_code",
    "username",
];

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parameters.iter().map(|(name, _)| name)).finish()
    }
}

impl fmt::Debug for SamlRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SamlRequest([redacted])")
    }
}

impl fmt::Debug for ResolverContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("ResolverContext");
        out.field("journey", &self.journey).field("policy_id", &self.policy_id).field("request", self.request);
        out.finish_non_exhaustive()
    }
}
