//! `BuildingBlocks`: claim types, predicates, claims transformations.

use super::pages::{CONTENT_DEFINITION, DISPLAY_CONTROL, LOCALIZED_RESOURCES, SUPPORTED_LANGUAGES};
use crate::grammar::Type;
use crate::grammar::declare::{key, one, one_or_more, optional, required, zero_or_more, zero_or_one};
use crate::grammar::simple::{
    BOOLEAN, DATA_TYPE, INTEGER, MASK_TYPE, MERGE_BEHAVIOR, PROTOCOL_NAME, STATEMENT_TYPE, STRING,
};
use crate::grammar::table::text;

pub(crate) static BUILDING_BLOCKS: Type = Type::sequence(
    "BuildingBlocks",
    &[],
    &[
        zero_or_one("ClaimsSchema", &CLAIMS_SCHEMA).keys(&[key("UniqueClaimTypeId", &["ClaimType"], "Id")]),
        zero_or_one("Predicates", &PREDICATES).keys(&[key("UniquePredicateId", &["Predicate"], "Id")]),
        zero_or_one("InputValidations", &INPUT_VALIDATIONS).keys(&[key(
            "UniqueInputValidationId",
            &["InputValidation"],
            "Id",
        )]),
        zero_or_one("PredicateValidations", &PREDICATE_VALIDATIONS).keys(&[key(
            "UniquePredicateValidationId",
            &["PredicateValidation"],
            "Id",
        )]),
        zero_or_one("ClaimsTransformations", &CLAIMS_TRANSFORMATIONS).keys(&[key(
            "UniqueClaimsTransformationId",
            &["ClaimsTransformation"],
            "Id",
        )]),
        zero_or_one("ClientDefinitions", &CLIENT_DEFINITIONS).keys(&[key(
            "UniqueClientDefinitionId",
            &["ClientDefinition"],
            "Id",
        )]),
        zero_or_one("ContentDefinitions", &CONTENT_DEFINITIONS).keys(&[key(
            "UniqueContentDefinitionId",
            &["ContentDefinition"],
            "Id",
        )]),
        zero_or_one("Localization", &LOCALIZATION),
        zero_or_one("DisplayControls", &DISPLAY_CONTROLS),
    ],
);

pub(crate) static CLAIMS_SCHEMA: Type = Type::sequence("", &[], &[one_or_more("ClaimType", &CLAIM_TYPE)]);

pub(crate) static PREDICATES: Type = Type::sequence("", &[], &[zero_or_more("Predicate", &PREDICATE)]);

pub(crate) static INPUT_VALIDATIONS: Type =
    Type::sequence("", &[], &[zero_or_more("InputValidation", &INPUT_VALIDATION)]);

pub(crate) static PREDICATE_VALIDATIONS: Type =
    Type::sequence("", &[], &[zero_or_more("PredicateValidation", &PREDICATE_VALIDATION)]);

pub(crate) static CLAIMS_TRANSFORMATIONS: Type =
    Type::sequence("", &[], &[zero_or_more("ClaimsTransformation", &CLAIMS_TRANSFORMATION)]);

pub(crate) static CLIENT_DEFINITIONS: Type =
    Type::sequence("", &[], &[zero_or_more("ClientDefinition", &CLIENT_DEFINITION)]);

pub(crate) static CONTENT_DEFINITIONS: Type =
    Type::sequence("", &[], &[zero_or_more("ContentDefinition", &CONTENT_DEFINITION)]);

pub(crate) static LOCALIZATION: Type = Type::sequence(
    "",
    &[optional("Enabled", &BOOLEAN)],
    &[
        zero_or_one("SupportedLanguages", &SUPPORTED_LANGUAGES),
        zero_or_more("LocalizedResources", &LOCALIZED_RESOURCES),
    ],
);

pub(crate) static DISPLAY_CONTROLS: Type = Type::sequence("", &[], &[zero_or_more("DisplayControl", &DISPLAY_CONTROL)]);

pub(crate) static CLAIM_TYPE: Type = Type::sequence(
    "ClaimType",
    &[required("Id", &STRING), optional("StatementType", &STATEMENT_TYPE).default("Attribute")],
    &[
        zero_or_one("DisplayName", &text::STRING),
        zero_or_one("DataType", &text::DATA_TYPE),
        zero_or_more("DefaultPartnerClaimTypes", &DEFAULT_PARTNER_CLAIM_TYPES),
        zero_or_one("Mask", &CLAIM_MASK),
        zero_or_one("AdminHelpText", &text::STRING),
        zero_or_one("UserHelpText", &text::STRING),
        zero_or_one("UserInputType", &text::USER_INPUT_TYPE),
        zero_or_one("Restriction", &RESTRICTION),
        zero_or_one("InputValidationReference", &INPUT_VALIDATION_REFERENCE),
        zero_or_one("PredicateValidationReference", &PREDICATE_VALIDATION_REFERENCE),
    ],
);

pub(crate) static DEFAULT_PARTNER_CLAIM_TYPES: Type =
    Type::sequence("", &[], &[zero_or_more("Protocol", &DEFAULT_PARTNER_CLAIM_TYPES_PROTOCOL)]);

pub(crate) static DEFAULT_PARTNER_CLAIM_TYPES_PROTOCOL: Type = Type::empty(
    "",
    &[required("Name", &PROTOCOL_NAME), optional("Handler", &STRING), required("PartnerClaimType", &STRING)],
);

pub(crate) static CLAIM_MASK: Type =
    Type::text("claimMaskTYPE", &[required("Type", &MASK_TYPE), optional("Regex", &STRING)], &STRING);

pub(crate) static RESTRICTION: Type = Type::choice(
    "Restriction",
    &[optional("MergeBehavior", &MERGE_BEHAVIOR)],
    &[zero_or_more("Enumeration", &ENUMERATION_ITEM), zero_or_one("Pattern", &PATTERN)],
);

pub(crate) static ENUMERATION_ITEM: Type = Type::text(
    "EnumerationItem",
    &[required("Text", &STRING), required("Value", &STRING), optional("SelectByDefault", &BOOLEAN)],
    &STRING,
);

pub(crate) static PATTERN: Type =
    Type::empty("Pattern", &[required("RegularExpression", &STRING), optional("HelpText", &STRING)]);

pub(crate) static INPUT_VALIDATION_REFERENCE: Type =
    Type::empty("InputValidationReference", &[required("Id", &STRING)]);

pub(crate) static PREDICATE_VALIDATION_REFERENCE: Type =
    Type::empty("PredicateValidationReference", &[required("Id", &STRING)]);

pub(crate) static PREDICATE: Type = Type::sequence(
    "Predicate",
    &[required("Id", &STRING), required("Method", &STRING), optional("HelpText", &STRING)],
    &[zero_or_one("UserHelpText", &text::STRING), zero_or_one("Parameters", &PARAMETERS)],
);

pub(crate) static PARAMETERS: Type = Type::sequence("Parameters", &[], &[zero_or_more("Parameter", &PARAMETER)]);

pub(crate) static PARAMETER: Type = Type::text("Parameter", &[required("Id", &STRING)], &STRING);

pub(crate) static INPUT_VALIDATION: Type = Type::sequence(
    "InputValidation",
    &[required("Id", &STRING)],
    &[zero_or_more("PredicateReferences", &PREDICATE_REFERENCES)],
);

pub(crate) static PREDICATE_REFERENCES: Type = Type::sequence(
    "PredicateReferences",
    &[
        optional("Id", &STRING),
        optional("HelpText", &STRING),
        optional("MatchAtLeast", &INTEGER),
        optional("Reject", &BOOLEAN),
    ],
    &[one_or_more("PredicateReference", &PREDICATE_REFERENCE)],
);

pub(crate) static PREDICATE_REFERENCE: Type = Type::empty("PredicateReference", &[required("Id", &STRING)]);

pub(crate) static PREDICATE_VALIDATION: Type = Type::sequence(
    "PredicateValidation",
    &[required("Id", &STRING)],
    &[zero_or_more("PredicateGroups", &PREDICATE_GROUPS)],
);

pub(crate) static PREDICATE_GROUPS: Type =
    Type::sequence("PredicateGroups", &[], &[one_or_more("PredicateGroup", &PREDICATE_GROUP)]);

pub(crate) static PREDICATE_GROUP: Type = Type::sequence(
    "PredicateGroup",
    &[required("Id", &STRING)],
    &[zero_or_one("UserHelpText", &text::STRING), zero_or_more("PredicateReferences", &PREDICATE_REFERENCES)],
);

pub(crate) static CLAIMS_TRANSFORMATION: Type = Type::sequence(
    "ClaimsTransformation",
    &[required("Id", &STRING), required("TransformationMethod", &STRING)],
    &[
        zero_or_one("InputClaims", &CLAIMS_TRANSFORMATION_INPUT_CLAIMS),
        zero_or_one("InputParameters", &INPUT_PARAMETERS),
        zero_or_one("OutputClaims", &CLAIMS_TRANSFORMATION_OUTPUT_CLAIMS),
    ],
);

pub(crate) static CLAIMS_TRANSFORMATION_INPUT_CLAIMS: Type =
    Type::sequence("", &[], &[zero_or_more("InputClaim", &CLAIMS_TRANSFORMATION_CLAIM_TYPE_REFERENCE)]);

pub(crate) static INPUT_PARAMETERS: Type =
    Type::sequence("", &[], &[one_or_more("InputParameter", &CLAIMS_TRANSFORMATION_PARAMETER)]);

pub(crate) static CLAIMS_TRANSFORMATION_OUTPUT_CLAIMS: Type =
    Type::sequence("", &[], &[one_or_more("OutputClaim", &CLAIMS_TRANSFORMATION_CLAIM_TYPE_REFERENCE)]);

pub(crate) static CLAIMS_TRANSFORMATION_CLAIM_TYPE_REFERENCE: Type = Type::empty(
    "ClaimsTransformationClaimTypeReference",
    &[required("ClaimTypeReferenceId", &STRING), optional("TransformationClaimType", &STRING)],
);

pub(crate) static CLAIMS_TRANSFORMATION_PARAMETER: Type = Type::empty(
    "ClaimsTransformationParameter",
    &[required("Id", &STRING), required("DataType", &DATA_TYPE), required("Value", &STRING)],
);

pub(crate) static CLIENT_DEFINITION: Type =
    Type::sequence("ClientDefinition", &[required("Id", &STRING)], &[one("ClientUIFilterFlags", &text::STRING)]);
