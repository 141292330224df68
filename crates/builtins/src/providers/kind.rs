//! Which kind of technical profile it is: reference "technical-profiles", A3.

use super::{Caller, ProviderSpec, Support};

/// What a technical profile is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// `Providers.AzureApplicationInsightsProvider`: telemetry.
    ApplicationInsights,
    /// `Providers.AzureMfaProtocolProvider`.
    AzureMfa,
    /// Validates the bearer token of a UserInfo request.
    BearerAuthorization,
    /// `Providers.CaptchaProvider`.
    Captcha,
    /// `Providers.ClaimsTransformationProtocolProvider`.
    ClaimsTransformation,
    /// `Providers.ConditionalAccessProtocolProvider`.
    ConditionalAccess,
    /// `Providers.AzureActiveDirectoryProvider`.
    Directory,
    /// The profile with `url` = `{service:te}` that every base policy has; never called.
    EngineDefault,
    /// Validates `id_token_hint` in a `GetClaims` step.
    IdTokenHint,
    /// Answers with plain JSON.
    JsonIssuer,
    /// Issues JSON Web Tokens.
    JwtIssuer,
    /// An OAuth 1 identity provider.
    OAuth1,
    /// An OAuth 2 identity provider.
    OAuth2,
    /// Answers with an OAuth 2 error.
    OAuth2ErrorIssuer,
    /// `Providers.OneTimePasswordProtocolProvider`.
    OneTimePassword,
    /// An OpenID Connect identity provider, by redirect.
    OpenIdConnect,
    /// `OpenIdConnect` used without a browser: the local password login, and ROPC.
    PasswordLogin,
    /// `Providers.PhoneFactorProtocolProvider`.
    PhoneFactor,
    /// `Providers.RestfulProvider`.
    Restful,
    /// A SAML 2 identity provider.
    SamlIdentityProvider,
    /// Issues SAML 2 assertions.
    SamlIssuer,
    /// `Providers.SelfAssertedAttributeProvider`.
    SelfAsserted,
    /// `SSO.DefaultSSOSessionProvider`.
    SessionDefault,
    /// `SSO.ExternalLoginSSOSessionProvider`.
    SessionExternalLogin,
    /// `SSO.NoopSSOSessionProvider`.
    SessionNoop,
    /// `SSO.OAuthSSOSessionProvider`.
    SessionOAuth,
    /// `SSO.SamlSSOSessionProvider`.
    SessionSaml,
    /// `Protocol Name="None"` and no token format: the first step of a client-credentials or refresh journey.
    Setup,
    /// `Providers.AadSsprProtocolProvider`.
    Sspr,
    /// `UProve11`: in the schema only.
    UProve,
    /// `Providers.UserJourneyContextProvider`.
    UserJourneyContext,
    /// `WsFed`: in the schema only.
    WsFed,
    /// `WsTrust`: in the schema only.
    WsTrust,
    /// No `Protocol` after merging.
    Undeclared,
    /// A handler or protocol that nobody knows, as written.
    Unknown(String),
}

/// What decides the kind of a technical profile: its merged content, and who refers to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileShape<'a> {
    /// `Protocol@Name`.
    pub protocol: Option<&'a str>,
    /// `Protocol@Handler`.
    pub handler: Option<&'a str>,
    /// `InputTokenFormat`.
    pub input_token_format: Option<&'a str>,
    /// `OutputTokenFormat`.
    pub output_token_format: Option<&'a str>,
    /// Who refers to it, in the use that is looked at; `None` when nobody does or it doesn't matter.
    pub caller: Option<Caller>,
    /// The merged metadata.
    pub metadata: &'a [(String, String)],
}

/// Decides what a technical profile is. The role of issuer follows from a `SendClaims` step that names the profile,
/// not from `OutputTokenFormat` alone: some identity providers carry that too.
pub fn kind_of(shape: &ProfileShape<'_>) -> ProfileKind {
    match shape.protocol {
        None => ProfileKind::Undeclared,
        Some("Proprietary") => of_handler(shape.handler.unwrap_or_default()),
        Some("None") => of_none(shape),
        Some("OpenIdConnect") => of_open_id_connect(shape),
        Some("OAuth2") if shape.issues("OAuth2Error") => ProfileKind::OAuth2ErrorIssuer,
        Some("OAuth2") => ProfileKind::OAuth2,
        Some("OAuth1") => ProfileKind::OAuth1,
        Some("SAML2") => of_saml(shape),
        Some("WsFed") => ProfileKind::WsFed,
        Some("WsTrust") => ProfileKind::WsTrust,
        Some("UProve11") => ProfileKind::UProve,
        Some(other) => ProfileKind::Unknown(other.to_owned()),
    }
}

/// The class in a `Handler` text: what stands before the first comma, without the blanks around it.
pub(crate) fn handler_class(handler: &str) -> &str {
    handler.split(',').next().unwrap_or_default().trim()
}

fn of_handler(handler: &str) -> ProfileKind {
    let class = handler_class(handler);
    let found =
        super::registry::kinds().find(|(_, spec)| spec.handler.is_some_and(|it| it.eq_ignore_ascii_case(class)));
    found.map_or_else(|| ProfileKind::Unknown(class.to_owned()), |(kind, _)| kind.clone())
}

fn of_none(shape: &ProfileShape<'_>) -> ProfileKind {
    match (shape.caller, shape.output_token_format, shape.input_token_format) {
        (Some(Caller::GetClaims), ..) => ProfileKind::IdTokenHint,
        (Some(Caller::Authorization), ..) => ProfileKind::BearerAuthorization,
        (_, Some("JWT"), _) => ProfileKind::JwtIssuer,
        (_, Some("SAML2"), _) => ProfileKind::SamlIssuer,
        (_, Some("JSON"), _) => ProfileKind::JsonIssuer,
        (_, Some("OAuth2Error"), _) => ProfileKind::OAuth2ErrorIssuer,
        (_, Some(other), _) => ProfileKind::Unknown(other.to_owned()),
        (_, None, Some("JWT")) => ProfileKind::BearerAuthorization,
        (_, None, _) if shape.metadata_is("url", "{service:te}") => ProfileKind::EngineDefault,
        (_, None, _) => ProfileKind::Setup,
    }
}

fn of_open_id_connect(shape: &ProfileShape<'_>) -> ProfileKind {
    match shape.caller {
        Some(Caller::SendClaims) => ProfileKind::JwtIssuer,
        Some(Caller::ValidationTechnicalProfile) => ProfileKind::PasswordLogin,
        _ if shape.metadata_is("grant_type", "password") => ProfileKind::PasswordLogin,
        None if shape.issues("JWT") && !shape.names_an_identity_provider() => ProfileKind::JwtIssuer,
        _ => ProfileKind::OpenIdConnect,
    }
}

fn of_saml(shape: &ProfileShape<'_>) -> ProfileKind {
    match shape.caller {
        Some(Caller::SendClaims) => ProfileKind::SamlIssuer,
        None if shape.issues("SAML2") && !shape.has("PartnerEntity") => ProfileKind::SamlIssuer,
        _ => ProfileKind::SamlIdentityProvider,
    }
}

impl ProfileShape<'_> {
    fn issues(&self, format: &str) -> bool {
        self.output_token_format == Some(format)
    }

    fn has(&self, key: &str) -> bool {
        self.metadata.iter().any(|(name, _)| name == key)
    }

    fn metadata_is(&self, key: &str, text: &str) -> bool {
        self.metadata.iter().any(|(name, value)| name == key && value.trim() == text)
    }

    fn names_an_identity_provider(&self) -> bool {
        self.has("METADATA") || self.has("authorization_endpoint") || self.has("response_types")
    }
}

impl ProfileKind {
    /// What people call it, such as `RESTful service`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Undeclared => "profile without a protocol",
            Self::Unknown(_) => "profile of an unknown kind",
            known => known.spec().map_or("technical profile", |it| it.title),
        }
    }

    /// What the kind declares about itself; `None` for [`Self::Undeclared`] and [`Self::Unknown`].
    pub fn spec(&self) -> Option<&'static ProviderSpec> {
        super::registry::kinds().find(|(kind, _)| *kind == self).map(|(_, spec)| spec)
    }

    /// What can be done with a profile of this kind.
    pub fn support(&self) -> Support {
        super::registry::support_of(self)
    }
}
