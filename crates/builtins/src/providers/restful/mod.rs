//! The RESTful provider: reference "technical-profiles", B1. One HTTP call; claims, or an error, come back.

mod authentication;
mod failure;
mod json_path;
mod problems;
mod request;
mod response;
mod service_url;
mod settings;
mod status;
#[cfg(test)]
mod tests;

use crate::Host;
use crate::HostError;
use crate::providers::spec::{flag, ignored, key, optional_key};
use crate::providers::{
    Call, Caller, Exchange, Exchanged, Interaction, MetadataValue, Note, ProfileSettings, Provider, ProviderError,
    ProviderSpec, Returned, SettingProblem,
};
use async_trait::async_trait;
use bytes::Bytes;
use settings::Settings;
use std::time::Duration;

/// How long one try waits, and how many there are: a timeout is tried again, nothing else is.
const TIMEOUT: Duration = Duration::from_secs(30);
const TRIES: u32 = 3;

/// The RESTful provider.
#[derive(Debug)]
pub struct Restful;

static SPEC: ProviderSpec = ProviderSpec {
    title: "RESTful service",
    protocols: &["Proprietary"],
    handler: Some("Web.TPEngine.Providers.RestfulProvider"),
    metadata: &[
        key("ServiceUrl", "the address that is called; with `SendClaimsIn` = `Url` it holds `{claim}` placeholders")
            .required(),
        key("AuthenticationType", "how the call proves who makes it").required().value(MetadataValue::OneOf(&[
            "None",
            "Basic",
            "Bearer",
            "ClientCertificate",
            "ApiKeyHeader",
        ])),
        flag("AllowInsecureAuthInProduction", "allows `AuthenticationType` = `None` in a production policy"),
        key("SendClaimsIn", "where the input claims travel")
            .value(MetadataValue::OneOf(&["Body", "Form", "Header", "Url", "QueryString"]))
            .default("Body"),
        ignored("ClaimsFormat", "documented as unused"),
        key("ClaimUsedForRequestPayload", "the claim whose text is the whole body").value(MetadataValue::ClaimType),
        flag("DebugMode", "the details of an error answer are shown too"),
        flag("IncludeClaimResolvingInClaimsHandling", "claim resolvers work in the input claims"),
        flag("ResolveJsonPathsInJsonTokens", "partner claim types of output claims are JSON paths"),
        key("UseClaimAsBearerToken", "the claim that holds the bearer token").value(MetadataValue::ClaimType),
        key("DefaultUserMessageIfRequestFailed", "shown when a call fails without a message of its own"),
        key("UserMessageIfCircuitOpen", "shown when the service counts as down"),
        key("UserMessageIfDnsResolutionFailed", "shown when the host name can't be resolved"),
        key("UserMessageIfRequestTimeout", "shown when no answer came in time"),
        ignored("ClaimResolverUrlFormatting", "seen in real policies; placeholders are always replaced"),
        ignored("HttpBinding", "seen in real policies; the verb follows `SendClaimsIn`"),
        ignored("IgnoreServerCertificateErrors", "old; never honoured"),
        ignored("userinfo_endpoint", "old name of `ServiceUrl`"),
        ignored("issuer", "old; ignored"),
        ignored("Username", "old; ignored"),
        ignored("ClientCertificate", "old; ignored"),
    ],
    keys: &[
        optional_key("BasicAuthenticationUsername", "AuthenticationType=Basic", "the user name"),
        optional_key("BasicAuthenticationPassword", "AuthenticationType=Basic", "the password"),
        optional_key("BearerAuthenticationToken", "AuthenticationType=Bearer", "the token"),
        optional_key("ClientCertificate", "AuthenticationType=ClientCertificate", "certificate and private key"),
        optional_key("*", "AuthenticationType=ApiKeyHeader", "the id is the header's name, the key its value"),
    ],
    interaction: Interaction::None,
    callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile, Caller::DisplayControl],
    docs: include_str!("docs.md"),
};

impl Provider for Restful {
    fn spec(&self) -> &'static ProviderSpec {
        &SPEC
    }

    fn check(&self, settings: &ProfileSettings) -> Vec<SettingProblem> {
        problems::check(&SPEC, settings)
    }

    fn configure(&self, settings: &ProfileSettings) -> Result<Box<dyn Exchange>, Vec<SettingProblem>> {
        let blocking: Vec<_> = self.check(settings).into_iter().filter(|it| it.blocks).collect();
        match Settings::read(settings) {
            Some(read) if blocking.is_empty() => Ok(Box::new(read)),
            _ => Err(blocking),
        }
    }
}

#[async_trait]
impl Exchange for Settings {
    async fn run(&self, call: Call<'_>, host: &dyn Host) -> Exchanged {
        let mut notes = Vec::new();
        let result = self.exchange(&call, host, &mut notes).await;
        (result, notes)
    }
}

impl Settings {
    async fn exchange(
        &self,
        call: &Call<'_>,
        host: &dyn Host,
        notes: &mut Vec<Note>,
    ) -> Result<Returned, ProviderError> {
        let mut request = request::build(self, call)?;
        authentication::add(self, call, host, &mut request).await?;
        notes.extend(request::notes(self, call, request.method()));
        let answer = send(&request, host, notes).await.map_err(|error| failure::of_host(self, call, &error))?;
        notes.push(response::note(&answer));
        response::read(self, call, &answer, notes)
    }
}

async fn send(
    request: &http::Request<Bytes>,
    host: &dyn Host,
    notes: &mut Vec<Note>,
) -> Result<http::Response<Bytes>, HostError> {
    let mut tries = 1;
    let mut left = host.http_budget();
    loop {
        match host.http(request.clone(), TIMEOUT.min(left)).await {
            // A last try that may wait less than those before it would not be one that the service makes.
            Err(HostError::Timeout { after }) if tries < TRIES && left.saturating_sub(after) >= after => {
                left -= after;
                notes.push(Note::new(format!("no answer within {} seconds, tried again", after.as_secs())));
                tries += 1;
            }
            Err(error) => {
                notes.push(Note::new(error.to_string()));
                return Err(error);
            }
            Ok(answer) => return Ok(answer),
        }
    }
}
