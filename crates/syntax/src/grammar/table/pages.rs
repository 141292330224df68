//! `BuildingBlocks`: what pages show. Content definitions, localization, display controls.

use super::building_blocks::ENUMERATION_ITEM;
use super::journeys::PRECONDITIONS;
use super::technical_profiles::METADATA;
use crate::grammar::Type;
use crate::grammar::declare::{ANYTHING, one, one_or_more, optional, required, zero_or_more, zero_or_one};
use crate::grammar::simple::{BOOLEAN, CULTURE, MERGE_BEHAVIOR, STRING, USER_INTERFACE_CONTROL_TYPE};
use crate::grammar::table::text;

pub(crate) static CONTENT_DEFINITION: Type = Type::sequence(
    "ContentDefinition",
    &[required("Id", &STRING)],
    &[
        zero_or_one("LoadUri", &ANYTHING),
        zero_or_one("RecoveryUri", &text::CONTENT_URI),
        zero_or_one("DataUri", &text::CONTENT_URI),
        zero_or_one("Metadata", &METADATA),
        zero_or_one("LocalizedResourcesReferences", &LOCALIZED_RESOURCES_REFERENCES),
    ],
);

pub(crate) static LOCALIZED_RESOURCES_REFERENCES: Type = Type::sequence(
    "",
    &[optional("MergeBehavior", &MERGE_BEHAVIOR)],
    &[zero_or_more("LocalizedResourcesReference", &LOCALIZED_RESOURCES_REFERENCE)],
);

pub(crate) static LOCALIZED_RESOURCES_REFERENCE: Type = Type::empty(
    "LocalizedResourcesReference",
    &[required("Language", &CULTURE), optional("Url", &STRING), optional("LocalizedResourcesReferenceId", &STRING)],
);

pub(crate) static SUPPORTED_LANGUAGES: Type = Type::sequence(
    "SupportedLanguages",
    &[
        optional("DefaultLanguage", &CULTURE),
        optional("PolicyLanguage", &CULTURE),
        optional("MergeBehavior", &MERGE_BEHAVIOR),
    ],
    &[zero_or_more("SupportedLanguage", &text::CULTURE)],
);

pub(crate) static LOCALIZED_RESOURCES: Type = Type::sequence(
    "LocalizedResources",
    &[optional("Culture", &CULTURE), optional("Id", &STRING)],
    &[zero_or_one("LocalizedCollections", &LOCALIZED_COLLECTIONS), zero_or_one("LocalizedStrings", &LOCALIZED_STRINGS)],
);

pub(crate) static LOCALIZED_COLLECTIONS: Type =
    Type::sequence("", &[], &[zero_or_more("LocalizedCollection", &LOCALIZED_COLLECTION)]);

pub(crate) static LOCALIZED_STRINGS: Type =
    Type::sequence("", &[], &[zero_or_more("LocalizedString", &LOCALIZED_STRING)]);

pub(crate) static LOCALIZED_COLLECTION: Type = Type::sequence(
    "LocalizedCollection",
    &[required("ElementType", &STRING), required("ElementId", &STRING), required("TargetCollection", &STRING)],
    &[one_or_more("Item", &ENUMERATION_ITEM)],
);

pub(crate) static LOCALIZED_STRING: Type = Type::text(
    "LocalizedString",
    &[required("ElementType", &STRING), optional("ElementId", &STRING), required("StringId", &STRING)],
    &STRING,
);

pub(crate) static DISPLAY_CONTROL: Type = Type::sequence(
    "DisplayControl",
    &[required("Id", &STRING), required("UserInterfaceControlType", &USER_INTERFACE_CONTROL_TYPE)],
    &[
        zero_or_one("InputClaims", &DISPLAY_CONTROL_INPUT_CLAIMS),
        zero_or_one("DisplayClaims", &DISPLAY_CONTROL_DISPLAY_CLAIMS),
        zero_or_one("OutputClaims", &DISPLAY_CONTROL_OUTPUT_CLAIMS),
        zero_or_one("Actions", &ACTIONS),
    ],
);

pub(crate) static DISPLAY_CONTROL_INPUT_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("InputClaim", &DISPLAY_CONTROL_CLAIM_TYPE_REFERENCE)]);

pub(crate) static DISPLAY_CONTROL_DISPLAY_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("DisplayClaim", &DISPLAY_CONTROL_DISPLAY_CLAIM_REFERENCE)]);

pub(crate) static DISPLAY_CONTROL_OUTPUT_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("OutputClaim", &DISPLAY_CONTROL_CLAIM_TYPE_REFERENCE)]);

pub(crate) static ACTIONS: Type = Type::sequence("", &[], &[zero_or_more("Action", &DISPLAY_CONTROL_ACTION)]);

pub(crate) static DISPLAY_CONTROL_CLAIM_TYPE_REFERENCE: Type = Type::empty(
    "DisplayControlClaimTypeReference",
    &[
        optional("ClaimTypeReferenceId", &STRING),
        optional("Required", &BOOLEAN),
        optional("DefaultValue", &STRING),
        optional("AlwaysUseDefaultValue", &BOOLEAN),
    ],
);

pub(crate) static DISPLAY_CONTROL_DISPLAY_CLAIM_REFERENCE: Type = Type::empty(
    "DisplayControlDisplayClaimReference",
    &[optional("ClaimTypeReferenceId", &STRING), optional("ControlClaimType", &STRING), optional("Required", &BOOLEAN)],
);

pub(crate) static DISPLAY_CONTROL_ACTION: Type = Type::sequence(
    "DisplayControlAction",
    &[required("Id", &STRING)],
    &[one("ValidationClaimsExchange", &VALIDATION_CLAIMS_EXCHANGE)],
);

pub(crate) static VALIDATION_CLAIMS_EXCHANGE: Type = Type::sequence(
    "",
    &[],
    &[one_or_more("ValidationClaimsExchangeTechnicalProfile", &VALIDATION_CLAIMS_EXCHANGE_TECHNICAL_PROFILE)],
);

pub(crate) static VALIDATION_CLAIMS_EXCHANGE_TECHNICAL_PROFILE: Type = Type::sequence(
    "",
    &[
        required("TechnicalProfileReferenceId", &STRING),
        optional("ContinueOnSuccess", &BOOLEAN),
        optional("ContinueOnError", &BOOLEAN),
    ],
    &[zero_or_more("Preconditions", &PRECONDITIONS)],
);
