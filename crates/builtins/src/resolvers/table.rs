//! Every claim resolver, once: checker, completion, reference pages and runtime read this table.

use super::JourneyKind;
use super::JourneyKind::{Authorize, ClientCredentials, Password, Refresh, SamlSso};

/// The text before the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// `Claim`: the bag.
    Claim,
    /// `Context`: this run.
    Context,
    /// `Culture`: the language of the journey.
    Culture,
    /// `OAUTH-KV`: parameters of the request that the protocol doesn't know.
    OAuthKv,
    /// `oauth2`: the answer of an identity provider.
    OAuth2,
    /// `OIDC`: parameters of the request that the protocol knows.
    Oidc,
    /// `Policy`: the relying party's policy.
    Policy,
    /// `SAML`: the service provider's request.
    Saml,
}

/// The text after the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolverName {
    /// This name, in any case.
    Fixed(&'static str),
    /// Any name; it stands for what the text says, such as `claimType`.
    Any(&'static str),
}

/// The type of the claim that can take the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultType {
    /// Text.
    Text,
    /// A whole number: the claim must be an `int` or a `long`.
    Integer,
}

/// Where a resolver works, besides what [`place_rule`](super::place_rule) says of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceNote {
    /// Wherever resolvers work.
    Anywhere,
    /// Only as `PartnerClaimType` of an output claim of the identity provider's own profile.
    PartnerClaimType,
}

/// One claim resolver.
#[derive(Debug)]
pub struct ResolverSpec {
    /// The text before the colon.
    pub namespace: Namespace,
    /// The text after the colon.
    pub name: ResolverName,
    /// What the result is.
    pub result: ResultType,
    /// Where it works.
    pub place: PlaceNote,
    /// The journeys in which the source can have a value; elsewhere it has none, which is no error.
    pub journeys: &'static [JourneyKind],
    /// One line for hover and reference pages.
    pub doc: &'static str,
    /// A result.
    pub example: &'static str,
}

const TOKEN: &[JourneyKind] = &[Authorize, ClientCredentials, Password, Refresh];
const FEDERATED: &[JourneyKind] = &[Authorize, SamlSso];

/// Every claim resolver, by namespace.
pub static RESOLVERS: &[ResolverSpec] = &[
    any(Namespace::Claim, "claimType", JourneyKind::ALL, "the claim's value; collections as JSON", ""),
    fixed(Namespace::Context, "BuildNumber", JourneyKind::ALL, "the engine's version", "1.0.507.0"),
    fixed(Namespace::Context, "CorrelationId", JourneyKind::ALL, "the id that error messages show", ""),
    fixed(Namespace::Context, "DateTimeInUtc", JourneyKind::ALL, "the time, in English form", "10/10/2021 12:00:00 PM"),
    fixed(Namespace::Context, "DeploymentMode", JourneyKind::ALL, "the policy's `DeploymentMode`", "Production"),
    fixed(Namespace::Context, "HostName", JourneyKind::ALL, "the host of the request", "contoso.b2clogin.com"),
    fixed(Namespace::Context, "IPAddress", JourneyKind::ALL, "the address of the caller", "11.111.111.11"),
    fixed(Namespace::Context, "KMSI", JourneyKind::ALL, "whether the user wants to stay signed in", "true"),
    fixed(Namespace::Culture, "LanguageName", JourneyKind::ALL, "the language's two letters", "en"),
    fixed(Namespace::Culture, "LCID", JourneyKind::ALL, "the Windows number of the culture", "1033"),
    fixed(Namespace::Culture, "RegionName", JourneyKind::ALL, "the region's two letters", "US"),
    fixed(Namespace::Culture, "RFC5646", JourneyKind::ALL, "the language tag", "en-US"),
    any(Namespace::OAuthKv, "parameter", TOKEN, "a parameter of the request that OAuth doesn't know", "hawaii"),
    secret("access_token", "the identity provider's access token"),
    ResolverSpec { result: ResultType::Integer, ..secret("expires_in", "the seconds that the access token is good") },
    secret("refresh_token", "the identity provider's refresh token"),
    secret("token_type", "the kind of the access token"),
    fixed(Namespace::Oidc, "AuthenticationContextReferences", &[Authorize], "`acr_values`", "mfa"),
    fixed(Namespace::Oidc, "ClientId", TOKEN, "`client_id`", "00001111-aaaa-2222-bbbb-3333cccc4444"),
    fixed(Namespace::Oidc, "DomainHint", &[Authorize], "`domain_hint`", "facebook.com"),
    fixed(Namespace::Oidc, "LoginHint", &[Authorize], "`login_hint`; no proof of identity", "someone@contoso.com"),
    fixed(Namespace::Oidc, "MaxAge", &[Authorize], "`max_age`", "1234"),
    fixed(Namespace::Oidc, "Nonce", &[Authorize, Password], "`nonce`", "defaultNonce"),
    fixed(Namespace::Oidc, "Password", &[Password], "`password` of the password grant; never log it", ""),
    fixed(Namespace::Oidc, "Prompt", &[Authorize], "`prompt`", "login"),
    fixed(Namespace::Oidc, "RedirectUri", &[Authorize], "`redirect_uri`", "https://jwt.ms"),
    fixed(Namespace::Oidc, "Resource", &[Authorize, Password, Refresh], "`resource`", ""),
    fixed(Namespace::Oidc, "Scope", TOKEN, "`scope`, as sent", "openid"),
    fixed(Namespace::Oidc, "Username", &[Password], "`username` of the password grant", "emily@contoso.com"),
    fixed(Namespace::Policy, "PolicyId", JourneyKind::ALL, "the relying party's policy", "B2C_1A_signup_signin"),
    fixed(Namespace::Policy, "RelyingPartyTenantId", JourneyKind::ALL, "its tenant", "contoso.onmicrosoft.com"),
    fixed(Namespace::Policy, "TenantObjectId", JourneyKind::ALL, "its tenant's object id", ""),
    fixed(
        Namespace::Policy,
        "TrustFrameworkTenantId",
        JourneyKind::ALL,
        "the base policy's tenant",
        "contoso.onmicrosoft.com",
    ),
    saml("AllowCreate", "`AllowCreate` of the name identifier policy", "True"),
    saml("AuthnContextClassReferences", "the requested authentication contexts, separated by blanks", ""),
    saml("Binding", "`ProtocolBinding`", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"),
    saml("ForceAuthn", "`ForceAuthn`", "True"),
    saml("Issuer", "`Issuer`", "https://app.contoso.com"),
    saml("NameIdPolicyFormat", "`Format` of the name identifier policy", ""),
    saml("ProviderName", "`ProviderName`", "Contoso"),
    saml("RelayState", "the parameter `RelayState`", ""),
    saml("Subject", "the name identifier of the request's subject", ""),
];

const fn fixed(
    namespace: Namespace,
    name: &'static str,
    journeys: &'static [JourneyKind],
    doc: &'static str,
    example: &'static str,
) -> ResolverSpec {
    let (name, place) = (ResolverName::Fixed(name), PlaceNote::Anywhere);
    ResolverSpec { namespace, name, result: ResultType::Text, place, journeys, doc, example }
}

const fn any(
    namespace: Namespace,
    name: &'static str,
    journeys: &'static [JourneyKind],
    doc: &'static str,
    example: &'static str,
) -> ResolverSpec {
    ResolverSpec { name: ResolverName::Any(name), ..fixed(namespace, name, journeys, doc, example) }
}

const fn saml(name: &'static str, doc: &'static str, example: &'static str) -> ResolverSpec {
    fixed(Namespace::Saml, name, &[SamlSso], doc, example)
}

const fn secret(name: &'static str, doc: &'static str) -> ResolverSpec {
    ResolverSpec { place: PlaceNote::PartnerClaimType, ..fixed(Namespace::OAuth2, name, FEDERATED, doc, "") }
}

impl Namespace {
    /// All namespaces, in alphabetical order of their names.
    pub const ALL: [Self; 8] =
        [Self::Claim, Self::Context, Self::Culture, Self::OAuthKv, Self::OAuth2, Self::Oidc, Self::Policy, Self::Saml];

    /// The namespace as the documentation writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "Claim",
            Self::Context => "Context",
            Self::Culture => "Culture",
            Self::OAuthKv => "OAUTH-KV",
            Self::OAuth2 => "oauth2",
            Self::Oidc => "OIDC",
            Self::Policy => "Policy",
            Self::Saml => "SAML",
        }
    }

    /// The namespace of that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(name))
    }

    /// The names that it has: what to look for the closest among. Empty where any name goes.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        RESOLVERS.iter().filter(move |it| it.namespace == self).filter_map(|it| match it.name {
            ResolverName::Fixed(name) => Some(name),
            ResolverName::Any(_) => None,
        })
    }
}

impl ResolverSpec {
    /// The resolver of that name, in any case.
    pub(super) fn find(namespace: Namespace, name: &str) -> Option<&'static Self> {
        RESOLVERS.iter().find(|it| it.namespace == namespace && it.name.accepts(name))
    }

    /// As a policy writes it, such as `{Policy:PolicyId}` or `{Claim:claimType}`.
    pub fn text(&self) -> String {
        let (ResolverName::Fixed(name) | ResolverName::Any(name)) = self.name;
        format!("{{{}:{name}}}", self.namespace.as_str())
    }
}

impl ResolverName {
    fn accepts(self, text: &str) -> bool {
        match self {
            Self::Fixed(name) => name.eq_ignore_ascii_case(text),
            Self::Any(_) => !text.is_empty(),
        }
    }
}
