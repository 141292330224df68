//! Pages and the directory.

use crate::providers::planned::Planned;
use crate::providers::spec::{flag, ignored, key, optional_key};
use crate::providers::{Caller, Interaction, MetadataValue, ProfileKind, ProviderSpec};

/// Directory.
pub(super) static DIRECTORY: Planned = Planned {
    kind: ProfileKind::Directory,
    needs: "a directory of users",
    spec: ProviderSpec {
        title: "directory",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.AzureActiveDirectoryProvider"),
        metadata: &[
            key("Operation", "what the call does")
                .value(MetadataValue::OneOf(&["Read", "Write", "DeleteClaims", "DeleteClaimsPrincipal"]))
                .required(),
            flag("RaiseErrorIfClaimsPrincipalDoesNotExist", "a missing user is an error"),
            flag("RaiseErrorIfClaimsPrincipalAlreadyExists", "an existing user is an error"),
            key("ApplicationObjectId", "the object id of the extensions application"),
            key("ClientId", "the application id of the extensions application"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
            flag("CreateClaimsPrincipalIfItDoesNotExist", "old: a missing user is created"),
            flag("DeleteAllPersistedClaims", "old: which claims are deleted"),
            flag("ConvertEmptyClaimsToNull", "old: empty text is sent as null").default("true"),
            flag("ProvideDefaultValueForDisplayName", "old: an empty display name is replaced").default("true"),
            key("DefaultClaimValueForDisplayName", "old: by what").default("unknown"),
            key("ClaimsPersistenceTenant", "old: the tenant of the users"),
            key("SchemaExtensionTenant", "old: the tenant of the extensions"),
            ignored("Key", "old; ignored"),
        ],
        keys: &[optional_key("issuer_secret", "", "seen in real policies; never used")],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile, Caller::DisplayControl],
        docs: "",
    },
};

/// Self-asserted page.
pub(super) static SELF_ASSERTED: Planned = Planned {
    kind: ProfileKind::SelfAsserted,
    needs: "pages",
    spec: ProviderSpec {
        title: "self-asserted page",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.Providers.SelfAssertedAttributeProvider"),
        metadata: &[
            key("ContentDefinitionReferenceId", "the page").value(MetadataValue::ContentDefinition).required(),
            flag("AllowGenerationOfClaimsWithNullValues", "an emptied field makes an empty claim"),
            flag("EnforceEmailVerification", "an e-mail address must be verified").default("true"),
            key("setting.operatingMode", "what a sign-in name is").value(MetadataValue::OneOf(&["Email", "Username"])),
            key("SignUpTarget", "the exchange behind the sign-up link"),
            key("setting.retryLimit", "how often the user may fail").value(MetadataValue::Integer(1, 2147483647)),
            flag("setting.showCancelButton", "the page has a cancel button").default("true"),
            flag("setting.showContinueButton", "the page has a continue button").default("true"),
            flag("setting.showSignupLink", "the page has a sign-up link").default("true"),
            key("setting.forgotPasswordLinkLocation", "where the link is")
                .value(MetadataValue::OneOf(&["AfterLabel", "AfterInput", "AfterButtons", "None"]))
                .default("AfterLabel"),
            key("setting.forgotPasswordLinkOverride", "the exchange behind the link"),
            flag("setting.enableRememberMe", "the page offers to keep the user signed in"),
            key("setting.inputVerificationDelayTimeInMilliseconds", "how long the page waits before it checks a field")
                .value(MetadataValue::Integer(0, 2147483647))
                .default("2000"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
            key("IpAddressClaimReferenceId", "the claim that receives the user's address")
                .value(MetadataValue::ClaimType),
            ignored("TokenLifeTimeInSeconds", "seen in real policies; ignored"),
            ignored("LocalAccountType", "seen in real policies; ignored"),
            ignored("LocalAccountProfile", "seen in real policies; ignored"),
            key("language.*", "a text of the page, for all languages"),
            key("claimType.*", "the label of a claim, for one language"),
            key("DefaultMessage", "a text for the user"),
        ],
        keys: &[optional_key("issuer_secret", "", "seen in real policies; never used")],
        interaction: Interaction::Page,
        callers: &[Caller::ClaimsExchange, Caller::CombinedSignInAndSignUp],
        docs: "",
    },
};
