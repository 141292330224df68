//! Codes, telephones, telemetry and risk.

use crate::providers::planned::Planned;
use crate::providers::spec::{flag, ignored, key, optional_key};
use crate::providers::{Caller, Interaction, MetadataValue, ProfileKind, ProviderSpec};

/// Application Insights event.
pub(super) static APPLICATION_INSIGHTS: Planned = Planned {
    kind: ProfileKind::ApplicationInsights,
    needs: "a sink for telemetry",
    spec: ProviderSpec {
        title: "Application Insights event",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.Insights.AzureApplicationInsightsProvider"),
        metadata: &[
            key("InstrumentationKey", "the resource that receives the events").required(),
            flag("DeveloperMode", "events are sent at once"),
            flag("DisableTelemetry", "nothing is sent"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
        ],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile],
        docs: "",
    },
};

/// Azure multi-factor authentication.
pub(super) static AZURE_MFA: Planned = Planned {
    kind: ProfileKind::AzureMfa,
    needs: "a way to deliver codes",
    spec: ProviderSpec {
        title: "Azure multi-factor authentication",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.AzureMfaProtocolProvider"),
        metadata: &[key("Operation", "what the call does")
            .value(MetadataValue::OneOf(&["OneWaySMS", "Verify", "GetAvailableDevices", "BeginVerifyOTP", "VerifyOTP"]))
            .required()],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile, Caller::DisplayControl],
        docs: "",
    },
};

/// CAPTCHA.
pub(super) static CAPTCHA: Planned = Planned {
    kind: ProfileKind::Captcha,
    needs: "a CAPTCHA service",
    spec: ProviderSpec {
        title: "CAPTCHA",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.CaptchaProvider"),
        metadata: &[
            key("Operation", "what the call does")
                .value(MetadataValue::OneOf(&["GetChallenge", "VerifyChallenge"]))
                .required(),
            key("Brand", "the CAPTCHA service").value(MetadataValue::OneOf(&["HIP"])).required(),
        ],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::DisplayControl],
        docs: "",
    },
};

/// Conditional access.
pub(super) static CONDITIONAL_ACCESS: Planned = Planned {
    kind: ProfileKind::ConditionalAccess,
    needs: "a source of sign-in risk",
    spec: ProviderSpec {
        title: "conditional access",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.ConditionalAccessProtocolProvider"),
        metadata: &[key("OperationType", "what the call does")
            .value(MetadataValue::OneOf(&["Evaluation", "Remediation"]))
            .required()],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile],
        docs: "",
    },
};

/// One-time password.
pub(super) static ONE_TIME_PASSWORD: Planned = Planned {
    kind: ProfileKind::OneTimePassword,
    needs: "a browser session",
    spec: ProviderSpec {
        title: "one-time password",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.OneTimePasswordProtocolProvider"),
        metadata: &[
            key("Operation", "what the call does")
                .value(MetadataValue::OneOf(&["GenerateCode", "VerifyCode"]))
                .required(),
            key("CodeExpirationInSeconds", "how long a code is good")
                .value(MetadataValue::Integer(60, 1200))
                .default("600"),
            key("CodeLength", "how long a code is").value(MetadataValue::Integer(1, 2147483647)).default("6"),
            key("CharacterSet", "the characters of a code").default("0-9"),
            key("NumRetryAttempts", "how often one code may be tried")
                .value(MetadataValue::Integer(0, 2147483647))
                .default("5"),
            key("NumCodeGenerationAttempts", "how many codes an identifier may get")
                .value(MetadataValue::Integer(0, 2147483647))
                .default("10"),
            flag("ReuseSameCode", "a code that is still good is given again"),
        ],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile, Caller::DisplayControl],
        docs: "",
    },
};

/// Phone factor.
pub(super) static PHONE_FACTOR: Planned = Planned {
    kind: ProfileKind::PhoneFactor,
    needs: "pages and a way to deliver codes",
    spec: ProviderSpec {
        title: "phone factor",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.PhoneFactorProtocolProvider"),
        metadata: &[
            key("ContentDefinitionReferenceId", "the page").value(MetadataValue::ContentDefinition).required(),
            flag("ManualPhoneNumberEntryAllowed", "the user may enter a number"),
            key("setting.authenticationMode", "how the number is verified")
                .value(MetadataValue::OneOf(&["sms", "phone", "mixed"]))
                .default("mixed"),
            flag("setting.autodial", "a single number is called at once"),
        ],
        keys: &[optional_key("issuer_secret", "", "seen in real policies; never used")],
        interaction: Interaction::Page,
        callers: &[Caller::ClaimsExchange],
        docs: "",
    },
};

/// Self-service password reset code.
pub(super) static SSPR: Planned = Planned {
    kind: ProfileKind::Sspr,
    needs: "a way to deliver codes",
    spec: ProviderSpec {
        title: "self-service password reset code",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.AadSsprProtocolProvider"),
        metadata: &[
            key("Operation", "what the call does").value(MetadataValue::OneOf(&["SendCode", "VerifyCode"])).required(),
            ignored("allowTestEmailAddressPassThrough", "seen in real policies; ignored"),
        ],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile, Caller::DisplayControl],
        docs: "",
    },
};

/// Journey context.
pub(super) static USER_JOURNEY_CONTEXT: Planned = Planned {
    kind: ProfileKind::UserJourneyContext,
    needs: "the request's context",
    spec: ProviderSpec {
        title: "journey context",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.UserJourneyContextProvider"),
        metadata: &[],
        keys: &[],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile],
        docs: "",
    },
};
