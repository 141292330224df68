//! The RESTful provider: reference "technical-profiles", B1.

use crate::providers::spec::{flag, ignored, key, optional_key};
use crate::providers::{
    Caller, Exchange, Interaction, MetadataValue, ProfileSettings, Provider, ProviderSpec, SettingProblem,
    SettingSubject,
};

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

    fn configure(&self, settings: &ProfileSettings) -> Result<Box<dyn Exchange>, Vec<SettingProblem>> {
        let message = format!("`{}` can't be called yet", settings.id);
        Err(vec![SettingProblem::blocking("not-runnable", SettingSubject::Profile, message)])
    }
}
