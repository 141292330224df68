//! The metadata of a RESTful profile, read once.

use super::service_url::ServiceUrl;
use crate::providers::{DeclaredClaim, ProfileSettings};
use http::HeaderName;

/// A configured RESTful profile.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) profile: String,
    pub(super) service: ServiceUrl,
    pub(super) send_claims_in: SendClaimsIn,
    pub(super) payload: Payload,
    pub(super) authentication: Authentication,
    pub(super) inputs: Vec<DeclaredClaim>,
    pub(super) outputs: Vec<DeclaredClaim>,
    pub(super) json_paths: bool,
    pub(super) debug_mode: bool,
    pub(super) messages: Messages,
}

/// `SendClaimsIn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendClaimsIn {
    Body,
    Form,
    Header,
    Url,
    QueryString,
}

/// What a request body is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// One member for each claim.
    Claims,
    /// The text of this input claim; `None` when the profile doesn't list the claim.
    Claim(Option<usize>),
}

/// `AuthenticationType`, with the key containers that it needs.
#[derive(Debug)]
pub(super) enum Authentication {
    None,
    Basic {
        user: String,
        password: String,
    },
    /// The index of the input claim; `None` when the profile doesn't list it.
    BearerClaim {
        claim: String,
        input: Option<usize>,
    },
    BearerKey(String),
    ApiKey {
        header: HeaderName,
        container: String,
    },
}

/// The texts that the policy gives for failures.
#[derive(Debug)]
pub(super) struct Messages {
    pub(super) failed: Option<String>,
    pub(super) dns: Option<String>,
    pub(super) timeout: Option<String>,
}

impl Settings {
    /// `None` where [`problems::check`](super::problems::check) reports a blocking problem.
    pub(super) fn read(settings: &ProfileSettings) -> Option<Self> {
        let send_claims_in = SendClaimsIn::read(settings);
        Some(Self {
            profile: settings.id.clone(),
            service: ServiceUrl::parse(service_url(settings)?, send_claims_in, &settings.inputs).ok()?,
            send_claims_in,
            payload: Payload::read(settings, send_claims_in),
            authentication: Authentication::read(settings)?,
            inputs: settings.inputs.clone(),
            outputs: settings.outputs.clone(),
            json_paths: settings.flag("ResolveJsonPathsInJsonTokens").unwrap_or(false),
            debug_mode: settings.flag("DebugMode").unwrap_or(false),
            messages: Messages::read(settings),
        })
    }

    /// Whether the input claim at `index` is the bearer token, which travels in no other place (our choice).
    pub(super) fn is_bearer_token(&self, index: usize) -> bool {
        matches!(self.authentication, Authentication::BearerClaim { input, .. } if input == Some(index))
    }
}

/// The address that is called: the one that replaces `ServiceUrl`, else that.
pub(super) fn service_url(settings: &ProfileSettings) -> Option<&str> {
    settings.service_url_override.as_deref().or_else(|| settings.text("ServiceUrl"))
}

impl SendClaimsIn {
    pub(super) fn read(settings: &ProfileSettings) -> Self {
        const NAMES: [(&str, SendClaimsIn); 4] = [
            ("Form", SendClaimsIn::Form),
            ("Header", SendClaimsIn::Header),
            ("Url", SendClaimsIn::Url),
            ("QueryString", SendClaimsIn::QueryString),
        ];
        let text = settings.text("SendClaimsIn").unwrap_or_default();
        NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map_or(Self::Body, |(_, it)| *it)
    }

    /// The place in words, for the trace.
    pub(super) fn place(self) -> &'static str {
        match self {
            Self::Body => "as JSON members",
            Self::Form => "as form fields",
            Self::Header => "as headers",
            Self::Url => "in the URL",
            Self::QueryString => "in the query string",
        }
    }
}

impl Payload {
    fn read(settings: &ProfileSettings, send_claims_in: SendClaimsIn) -> Self {
        match settings.text("ClaimUsedForRequestPayload") {
            Some(claim) if send_claims_in == SendClaimsIn::Body => Self::Claim(settings.input(claim)),
            _ => Self::Claims,
        }
    }
}

impl Authentication {
    fn read(settings: &ProfileSettings) -> Option<Self> {
        let key = |id| settings.key(id).map(str::to_owned);
        let kind = settings.text("AuthenticationType")?.to_ascii_lowercase();
        match kind.as_str() {
            "none" => Some(Self::None),
            "basic" => Some(Self::Basic {
                user: key("BasicAuthenticationUsername")?,
                password: key("BasicAuthenticationPassword")?,
            }),
            "bearer" => match settings.text("UseClaimAsBearerToken") {
                Some(claim) => Some(Self::BearerClaim { claim: claim.to_owned(), input: settings.input(claim) }),
                None => key("BearerAuthenticationToken").map(Self::BearerKey),
            },
            "apikeyheader" => {
                let (id, container) = settings.keys.first()?;
                Some(Self::ApiKey { header: id.parse().ok()?, container: container.clone() })
            }
            _ => None,
        }
    }
}

impl Messages {
    fn read(settings: &ProfileSettings) -> Self {
        let text = |key| settings.text(key).map(str::to_owned);
        Self {
            failed: text("DefaultUserMessageIfRequestFailed"),
            dns: text("UserMessageIfDnsResolutionFailed"),
            timeout: text("UserMessageIfRequestTimeout"),
        }
    }
}
