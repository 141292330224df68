//! `UserJourneys` and `SubJourneys`.

use super::technical_profiles::CRYPTOGRAPHIC_KEYS;
use crate::grammar::Type;
use crate::grammar::declare::{key, one_or_more, optional, required, zero_or_more, zero_or_one};
use crate::grammar::simple::{
    BOOLEAN, CLAIMS_PROVIDER_SELECTION_DISPLAY_OPTION, INT, ORCHESTRATION_STEP_TYPE, PRECONDITION_TYPE, STRING,
    SUB_JOURNEY_TYPE,
};
use crate::grammar::table::text;

pub(crate) static USER_JOURNEY: Type = Type::sequence(
    "UserJourney",
    &[
        required("Id", &STRING),
        optional("NonInteractive", &BOOLEAN),
        optional("DefaultCpimIssuerTechnicalProfileReferenceId", &STRING),
    ],
    &[
        zero_or_one("AssuranceLevel", &text::STRING),
        zero_or_one("PreserveOriginalAssertion", &text::BOOLEAN),
        zero_or_one("Authorization", &AUTHORIZATION),
        zero_or_one("OrchestrationSteps", &USER_JOURNEY_ORCHESTRATION_STEPS).keys(&[
            key("UniqueOrchestrationStepOrder", &["OrchestrationStep"], "Order"),
            key("UniqueClaimsExchangeId", &["OrchestrationStep", "ClaimsExchanges", "ClaimsExchange"], "Id"),
        ]),
        zero_or_one("ClientDefinition", &USER_JOURNEY_CLIENT_DEFINITION),
        zero_or_one("CryptographicKeys", &CRYPTOGRAPHIC_KEYS),
    ],
);

pub(crate) static AUTHORIZATION: Type = Type::sequence(
    "",
    &[],
    &[zero_or_one("AuthorizationTechnicalProfiles", &AUTHORIZATION_TECHNICAL_PROFILES).keys(&[key(
        "UniqueAuthorizationTechnicalProfileReferenceId",
        &["AuthorizationTechnicalProfile"],
        "ReferenceId",
    )])],
);

pub(crate) static AUTHORIZATION_TECHNICAL_PROFILES: Type =
    Type::sequence("", &[], &[one_or_more("AuthorizationTechnicalProfile", &AUTHORIZATION_TECHNICAL_PROFILE)]);

pub(crate) static AUTHORIZATION_TECHNICAL_PROFILE: Type = Type::empty("", &[required("ReferenceId", &STRING)]);

pub(crate) static USER_JOURNEY_ORCHESTRATION_STEPS: Type =
    Type::sequence("", &[], &[one_or_more("OrchestrationStep", &ORCHESTRATION_STEP)]);

pub(crate) static USER_JOURNEY_CLIENT_DEFINITION: Type = Type::empty("", &[optional("ReferenceId", &STRING)]);

pub(crate) static SUB_JOURNEY: Type = Type::sequence(
    "SubJourney",
    &[required("Id", &STRING), required("Type", &SUB_JOURNEY_TYPE)],
    &[zero_or_one("OrchestrationSteps", &SUB_JOURNEY_ORCHESTRATION_STEPS).keys(&[
        key("UniqueOrchestrationStepOrderForSubJourney", &["OrchestrationStep"], "Order"),
        key("UniqueClaimsExchangeIdForSubJourney", &["OrchestrationStep", "ClaimsExchanges", "ClaimsExchange"], "Id"),
    ])],
);

pub(crate) static SUB_JOURNEY_ORCHESTRATION_STEPS: Type =
    Type::sequence("", &[], &[one_or_more("OrchestrationStep", &ORCHESTRATION_STEP)]);

pub(crate) static ORCHESTRATION_STEP: Type = Type::sequence(
    "OrchestrationStep",
    &[
        required("Order", &INT),
        required("Type", &ORCHESTRATION_STEP_TYPE),
        optional("ContentDefinitionReferenceId", &STRING),
        optional("CpimIssuerTechnicalProfileReferenceId", &STRING),
    ],
    &[
        zero_or_more("Preconditions", &PRECONDITIONS),
        zero_or_more("ClaimsProviderSelections", &CLAIMS_PROVIDER_SELECTIONS),
        zero_or_more("ClaimsExchanges", &CLAIMS_EXCHANGES),
        zero_or_more("JourneyList", &JOURNEY_LIST),
    ],
);

pub(crate) static PRECONDITIONS: Type =
    Type::sequence("Preconditions", &[], &[one_or_more("Precondition", &PRECONDITION)]);

pub(crate) static PRECONDITION: Type = Type::sequence(
    "Precondition",
    &[required("Type", &PRECONDITION_TYPE), required("ExecuteActionsIf", &BOOLEAN)],
    &[one_or_more("Value", &text::STRING), one_or_more("Action", &text::PRECONDITION_ACTION_TYPE)],
);

pub(crate) static CLAIMS_PROVIDER_SELECTIONS: Type = Type::sequence(
    "ClaimsProviderSelections",
    &[optional("DisplayOption", &CLAIMS_PROVIDER_SELECTION_DISPLAY_OPTION).default("DoNotShowSingleProvider")],
    &[one_or_more("ClaimsProviderSelection", &CLAIMS_PROVIDER_SELECTION)],
);

pub(crate) static CLAIMS_PROVIDER_SELECTION: Type = Type::empty(
    "ClaimsProviderSelection",
    &[optional("TargetClaimsExchangeId", &STRING), optional("ValidationClaimsExchangeId", &STRING)],
);

pub(crate) static CLAIMS_EXCHANGES: Type = Type::sequence(
    "ClaimsExchanges",
    &[optional("UserIdentity", &BOOLEAN).default("false")],
    &[zero_or_more("ClaimsExchange", &CLAIMS_EXCHANGE)],
);

pub(crate) static CLAIMS_EXCHANGE: Type =
    Type::empty("ClaimsExchange", &[required("Id", &STRING), required("TechnicalProfileReferenceId", &STRING)]);

pub(crate) static JOURNEY_LIST: Type = Type::sequence("JourneyList", &[], &[one_or_more("Candidate", &CANDIDATE)]);

pub(crate) static CANDIDATE: Type = Type::empty("Candidate", &[required("SubJourneyReferenceId", &STRING)]);
