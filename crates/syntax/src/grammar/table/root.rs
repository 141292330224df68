//! The root element and the sections that are small.

use super::building_blocks::BUILDING_BLOCKS;
use super::journeys::{SUB_JOURNEY, USER_JOURNEY};
use super::relying_party::RELYING_PARTY;
use super::technical_profiles::CLAIMS_PROVIDER;
use crate::grammar::Type;
use crate::grammar::declare::{key, one, one_or_more, optional, required, zero_or_more, zero_or_one};
use crate::grammar::simple::{
    ANY_URI, DEPLOYMENT_MODE_TYPE, FOUR_PART_VERSION_NUMBER, MATCH, POLICY_ID, POLICY_ID_PATTERN, STRING, TENANT_ID,
    TENANT_OBJECT_ID, WEIGHT,
};
use crate::grammar::table::text;

pub(crate) static TRUST_FRAMEWORK_POLICY: Type = Type::sequence(
    "",
    &[
        required("PolicySchemaVersion", &FOUR_PART_VERSION_NUMBER),
        required("TenantId", &TENANT_ID),
        optional("TenantObjectId", &TENANT_OBJECT_ID),
        required("PolicyId", &POLICY_ID),
        required("PublicPolicyUri", &ANY_URI),
        optional("StateTableName", &STRING),
        optional("DeploymentMode", &DEPLOYMENT_MODE_TYPE),
        optional("UserJourneyRecorderEndpoint", &STRING),
    ],
    &[
        zero_or_one("BasePolicy", &BASE_POLICY),
        zero_or_one("PolicyConstraints", &POLICY_CONSTRAINTS),
        zero_or_one("Contacts", &CONTACTS),
        zero_or_one("DocumentReferences", &DOCUMENT_REFERENCES).keys(&[key(
            "UniqueDocumentReferenceId",
            &["DocumentReference"],
            "Id",
        )]),
        zero_or_one("BuildingBlocks", &BUILDING_BLOCKS),
        zero_or_one("ClaimsProviders", &CLAIMS_PROVIDERS).keys(&[key(
            "UniqueTechnicalProfileId",
            &["ClaimsProvider", "TechnicalProfiles", "TechnicalProfile"],
            "Id",
        )]),
        zero_or_one("UserJourneys", &USER_JOURNEYS).keys(&[key("UniqueUserJourneyId", &["UserJourney"], "Id")]),
        zero_or_one("SubJourneys", &SUB_JOURNEYS).keys(&[key("UniqueSubJourney", &["SubJourney"], "Id")]),
        zero_or_one("RelyingParty", &RELYING_PARTY),
    ],
);

pub(crate) static POLICY_CONSTRAINTS: Type =
    Type::sequence("", &[], &[zero_or_one("Inheritance", &INHERITANCE), zero_or_one("RerouteRules", &REROUTE_RULES)]);

pub(crate) static CONTACTS: Type = Type::sequence("", &[], &[zero_or_more("Contact", &CONTACT)]);

pub(crate) static DOCUMENT_REFERENCES: Type =
    Type::sequence("", &[], &[zero_or_more("DocumentReference", &DOCUMENT_REFERENCE)]);

pub(crate) static CLAIMS_PROVIDERS: Type = Type::sequence("", &[], &[one_or_more("ClaimsProvider", &CLAIMS_PROVIDER)]);

pub(crate) static USER_JOURNEYS: Type = Type::sequence("", &[], &[one_or_more("UserJourney", &USER_JOURNEY)]);

pub(crate) static SUB_JOURNEYS: Type = Type::sequence("", &[], &[one_or_more("SubJourney", &SUB_JOURNEY)]);

pub(crate) static BASE_POLICY: Type =
    Type::sequence("BasePolicy", &[], &[one("TenantId", &text::TENANT_ID), one("PolicyId", &text::POLICY_ID)]);

pub(crate) static INHERITANCE: Type = Type::choice(
    "Inheritance",
    &[required("DerivingPolicies", &STRING)],
    &[zero_or_one("Tenants", &TENANT_LIST_TYPE), zero_or_one("ConstraintHandler", &CONSTRAINT_HANDLER)],
);

pub(crate) static REROUTE_RULES: Type =
    Type::sequence("RerouteRules", &[required("Type", &STRING)], &[zero_or_more("RerouteRule", &REROUTE_RULE)]);

pub(crate) static REROUTE_RULE: Type = Type::empty(
    "RerouteRule",
    &[required("PolicyId", &POLICY_ID_PATTERN), optional("Weight", &WEIGHT), optional("Match", &MATCH)],
);

pub(crate) static CONSTRAINT_HANDLER: Type =
    Type::empty("ConstraintHandler", &[required("Id", &STRING), required("Handler", &STRING)]);

pub(crate) static TENANT_LIST_TYPE: Type =
    Type::sequence("TenantListType", &[], &[one_or_more("Tenant", &TENANT_REFERENCE_TYPE)]);

pub(crate) static TENANT_REFERENCE_TYPE: Type =
    Type::empty("TenantReferenceType", &[required("ReferenceId", &TENANT_OBJECT_ID)]);

pub(crate) static CONTACT: Type = Type::sequence(
    "Contact",
    &[required("Id", &STRING)],
    &[
        one("DisplayName", &text::STRING),
        one("TelephoneNumber", &text::STRING),
        one("Email", &text::STRING),
        one("Role", &text::STRING),
    ],
);

pub(crate) static DOCUMENT_REFERENCE: Type = Type::sequence(
    "DocumentReference",
    &[required("Id", &STRING)],
    &[one("DisplayName", &text::STRING), one("Url", &text::ANY_URI)],
);
