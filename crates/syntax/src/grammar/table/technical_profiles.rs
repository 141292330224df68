//! `ClaimsProviders`: technical profiles.

use super::journeys::PRECONDITIONS;
use crate::grammar::Type;
use crate::grammar::declare::{key, one, one_or_more, optional, required, zero_or_more, zero_or_one};
use crate::grammar::simple::{BOOLEAN, INT, PROTOCOL_NAME, STRING};
use crate::grammar::table::text;

pub(crate) static CLAIMS_PROVIDER: Type = Type::sequence(
    "ClaimsProvider",
    &[],
    &[
        zero_or_one("Domains", &CLAIMS_PROVIDER_DOMAINS),
        zero_or_one("Domain", &text::STRING),
        zero_or_one("DisplayName", &text::STRING),
        one("TechnicalProfiles", &TECHNICAL_PROFILES),
    ],
);

pub(crate) static CLAIMS_PROVIDER_DOMAINS: Type =
    Type::sequence("", &[], &[one_or_more("Domain", &text::NONEMPTY_STRING)]);

pub(crate) static TECHNICAL_PROFILES: Type =
    Type::sequence("", &[], &[zero_or_more("TechnicalProfile", &TECHNICAL_PROFILE)]);

pub(crate) static TECHNICAL_PROFILE: Type = Type::sequence(
    "TechnicalProfile",
    &[required("Id", &STRING)],
    &[
        zero_or_one("Domains", &TECHNICAL_PROFILE_DOMAINS),
        zero_or_one("Domain", &text::STRING),
        zero_or_one("DisplayName", &text::STRING),
        zero_or_one("Description", &text::STRING),
        zero_or_one("Protocol", &TECHNICAL_PROFILE_PROTOCOL),
        zero_or_one("InputTokenFormat", &text::TOKEN_FORMAT),
        zero_or_one("OutputTokenFormat", &text::TOKEN_FORMAT),
        zero_or_one("AssuranceLevelOfOutputClaims", &text::STRING),
        zero_or_one("RequiredAssuranceLevelsOfInputClaims", &REQUIRED_ASSURANCE_LEVELS_OF_INPUT_CLAIMS),
        zero_or_one("SubjectAuthenticationRequirements", &SUBJECT_AUTHENTICATION_REQUIREMENTS),
        zero_or_one("Metadata", &METADATA),
        zero_or_one("CryptographicKeys", &CRYPTOGRAPHIC_KEYS),
        zero_or_one("Suppressions", &ITEM_GROUP),
        zero_or_one("PreferredBinding", &text::STRING),
        zero_or_one("IncludeInSso", &text::BOOLEAN),
        zero_or_one("InputTokenSources", &INPUT_TOKEN_SOURCES),
        zero_or_more("InputClaimsTransformations", &INPUT_CLAIMS_TRANSFORMATIONS),
        zero_or_one("InputClaims", &TECHNICAL_PROFILE_INPUT_CLAIMS),
        zero_or_one("DisplayClaims", &TECHNICAL_PROFILE_DISPLAY_CLAIMS),
        zero_or_one("PersistedClaims", &PERSISTED_CLAIMS),
        zero_or_one("OutputClaims", &TECHNICAL_PROFILE_OUTPUT_CLAIMS),
        zero_or_more("OutputClaimsTransformations", &OUTPUT_CLAIMS_TRANSFORMATIONS),
        zero_or_more("ValidationTechnicalProfiles", &VALIDATION_TECHNICAL_PROFILES).keys(&[key(
            "UniqueTechnicalProfileReferenceId",
            &["ValidationTechnicalProfile"],
            "ReferenceId",
        )]),
        zero_or_one("SubjectNamingInfo", &SUBJECT_NAMING_INFO),
        zero_or_one("Extensions", &EXTENSIONS),
        zero_or_one("IncludeClaimsFromTechnicalProfile", &text::STRING),
        zero_or_one("IncludeTechnicalProfile", &INCLUDE_TECHNICAL_PROFILE),
        zero_or_one("UseTechnicalProfileForSessionManagement", &USE_TECHNICAL_PROFILE_FOR_SESSION_MANAGEMENT),
        zero_or_one("ErrorHandlers", &ERROR_HANDLERS),
        zero_or_one("EnabledForUserJourneys", &text::ENABLED_FOR_USER_JOURNEYS_VALUES),
    ],
);

pub(crate) static TECHNICAL_PROFILE_DOMAINS: Type =
    Type::sequence("", &[], &[one_or_more("Domain", &text::NONEMPTY_STRING)]);

pub(crate) static TECHNICAL_PROFILE_PROTOCOL: Type =
    Type::empty("", &[required("Name", &PROTOCOL_NAME), optional("Handler", &STRING)]);

pub(crate) static REQUIRED_ASSURANCE_LEVELS_OF_INPUT_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("RequiredAssuranceLevelOfInputClaims", &text::STRING)]);

pub(crate) static SUBJECT_AUTHENTICATION_REQUIREMENTS: Type =
    Type::empty("", &[required("TimeToLive", &INT), optional("ResetExpiryWhenTokenIssued", &BOOLEAN)]);

pub(crate) static INPUT_CLAIMS_TRANSFORMATIONS: Type =
    Type::sequence("", &[], &[one_or_more("InputClaimsTransformation", &CLAIMS_TRANSFORMATION_REFERENCE)]);

pub(crate) static TECHNICAL_PROFILE_INPUT_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("InputClaim", &CLAIMS_SCHEMA_CLAIM_TYPE_REFERENCE)]);

pub(crate) static TECHNICAL_PROFILE_DISPLAY_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("DisplayClaim", &DISPLAY_CLAIM_REFERENCE)]);

pub(crate) static PERSISTED_CLAIMS: Type = Type::sequence("", &[], &[zero_or_more("PersistedClaim", &PERSISTED_CLAIM)]);

pub(crate) static TECHNICAL_PROFILE_OUTPUT_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("OutputClaim", &CLAIMS_SCHEMA_CLAIM_TYPE_REFERENCE)]);

pub(crate) static OUTPUT_CLAIMS_TRANSFORMATIONS: Type =
    Type::sequence("", &[], &[one_or_more("OutputClaimsTransformation", &CLAIMS_TRANSFORMATION_REFERENCE)]);

pub(crate) static VALIDATION_TECHNICAL_PROFILES: Type =
    Type::sequence("", &[], &[one_or_more("ValidationTechnicalProfile", &VALIDATION_TECHNICAL_PROFILE)]);

pub(crate) static VALIDATION_TECHNICAL_PROFILE: Type = Type::sequence(
    "",
    &[required("ReferenceId", &STRING), optional("ContinueOnSuccess", &BOOLEAN), optional("ContinueOnError", &BOOLEAN)],
    &[zero_or_more("Preconditions", &PRECONDITIONS)],
);

pub(crate) static SUBJECT_NAMING_INFO: Type = Type::empty(
    "",
    &[
        required("ClaimType", &STRING),
        optional("NameQualifier", &STRING),
        optional("SPNameQualifier", &STRING),
        optional("Format", &STRING),
        optional("SPProvidedID", &STRING),
        optional("ExcludeAsClaim", &BOOLEAN),
    ],
);

pub(crate) static INCLUDE_TECHNICAL_PROFILE: Type = Type::empty("", &[required("ReferenceId", &STRING)]);

pub(crate) static USE_TECHNICAL_PROFILE_FOR_SESSION_MANAGEMENT: Type =
    Type::empty("", &[required("ReferenceId", &STRING)]);

pub(crate) static ERROR_HANDLERS: Type = Type::sequence("", &[], &[zero_or_more("ErrorHandler", &ERROR_HANDLER)]);

pub(crate) static ERROR_HANDLER: Type = Type::sequence(
    "",
    &[],
    &[
        zero_or_one("ErrorResponseFormat", &text::ERROR_RESPONSE_FORMAT),
        one("ResponseMatch", &text::STRING),
        one("Action", &text::ERROR_HANDLING_ACTION),
        zero_or_more("AdditionalRequestParameters", &ADDITIONAL_REQUEST_PARAMETERS),
    ],
);

pub(crate) static ADDITIONAL_REQUEST_PARAMETERS: Type = Type::text("", &[required("Key", &STRING)], &STRING);

pub(crate) static METADATA: Type = Type::sequence("metadataTYPE", &[], &[one_or_more("Item", &METADATA_ITEM)]);

pub(crate) static METADATA_ITEM: Type = Type::text("metadataItemTYPE", &[required("Key", &STRING)], &STRING);

pub(crate) static CRYPTOGRAPHIC_KEYS: Type = Type::sequence("CryptographicKeys", &[], &[one_or_more("Key", &KEY)]);

pub(crate) static KEY: Type = Type::empty("", &[required("Id", &STRING), required("StorageReferenceId", &STRING)]);

pub(crate) static ITEM_GROUP: Type = Type::sequence("ItemGroup", &[], &[one_or_more("Item", &ITEM)]);

pub(crate) static ITEM: Type = Type::empty("Item", &[required("Key", &STRING), required("Value", &STRING)]);

pub(crate) static INPUT_TOKEN_SOURCES: Type = Type::sequence(
    "InputTokenSources",
    &[],
    &[one_or_more("TechnicalProfile", &INPUT_TOKEN_SOURCES_TECHNICAL_PROFILE)],
);

pub(crate) static INPUT_TOKEN_SOURCES_TECHNICAL_PROFILE: Type = Type::empty("", &[required("Id", &STRING)]);

pub(crate) static CLAIMS_TRANSFORMATION_REFERENCE: Type =
    Type::empty("ClaimsTransformationReference", &[required("ReferenceId", &STRING)]);

pub(crate) static CLAIMS_SCHEMA_CLAIM_TYPE_REFERENCE: Type = Type::sequence(
    "ClaimsSchemaClaimTypeReference",
    &[
        required("ClaimTypeReferenceId", &STRING),
        optional("PartnerClaimType", &STRING),
        optional("Required", &BOOLEAN),
        optional("DefaultValue", &STRING),
        optional("AlwaysUseDefaultValue", &BOOLEAN),
    ],
    &[zero_or_more("From", &FROM_TECHNICAL_PROFILE_REFERENCE)],
);

pub(crate) static FROM_TECHNICAL_PROFILE_REFERENCE: Type =
    Type::empty("FromTechnicalProfileReference", &[required("TechnicalProfileReferenceId", &STRING)]);

pub(crate) static DISPLAY_CLAIM_REFERENCE: Type = Type::empty(
    "DisplayClaimReference",
    &[
        optional("ClaimTypeReferenceId", &STRING),
        optional("DisplayControlReferenceId", &STRING),
        optional("Required", &BOOLEAN),
    ],
);

pub(crate) static PERSISTED_CLAIM: Type = Type::empty(
    "PersistedClaim",
    &[
        required("ClaimTypeReferenceId", &STRING),
        optional("PartnerClaimType", &STRING),
        optional("DefaultValue", &STRING),
        optional("OverwriteIfExists", &BOOLEAN),
        optional("AlwaysUseDefaultValue", &BOOLEAN),
    ],
);

pub(crate) static EXTENSIONS: Type = Type::skipped("Extensions", &[]);
