//! `RelyingParty`.

use super::technical_profiles::TECHNICAL_PROFILE;
use crate::grammar::Type;
use crate::grammar::declare::{key, one_or_more, optional, required, zero_or_more, zero_or_one};
use crate::grammar::simple::{
    BOOLEAN, INSTRUMENTATION_KEY, INT, JOURNEY_ON_ERROR_MODE_TYPE, STRING, TELEMETRY_ENGINE_TYPE,
    THREE_PART_VERSION_NUMBER, USER_JOURNEY_BEHAVIOR_SCOPE_TYPE,
};
use crate::grammar::table::text;

pub(crate) static RELYING_PARTY: Type = Type::sequence(
    "",
    &[],
    &[
        zero_or_one("DefaultUserJourney", &DEFAULT_USER_JOURNEY),
        zero_or_one("Endpoints", &ENDPOINTS).keys(&[key("UniqueEndpoint", &["Endpoint"], "Id")]),
        zero_or_one("UserJourneyBehaviors", &USER_JOURNEY_BEHAVIORS),
        zero_or_more("TechnicalProfile", &TECHNICAL_PROFILE),
    ],
);

pub(crate) static DEFAULT_USER_JOURNEY: Type = Type::empty("", &[required("ReferenceId", &STRING)]);

pub(crate) static ENDPOINTS: Type = Type::sequence("", &[], &[one_or_more("Endpoint", &ENDPOINT)]);

pub(crate) static USER_JOURNEY_BEHAVIORS: Type = Type::sequence(
    "",
    &[],
    &[
        zero_or_one("SingleSignOn", &SINGLE_SIGN_ON),
        zero_or_one("SessionExpiryType", &text::SESSION_EXPIRY_TYPE),
        zero_or_one("SessionExpiryInSeconds", &text::INT),
        zero_or_one("AzureApplicationInsights", &AZURE_APPLICATION_INSIGHTS),
        zero_or_one("JourneyInsights", &JOURNEY_INSIGHTS),
        zero_or_one("ContentDefinitionParameters", &CONTENT_DEFINITION_PARAMETERS),
        zero_or_one("JourneyFraming", &JOURNEY_FRAMING),
        zero_or_one("ScriptExecution", &text::SCRIPT_EXECUTION_TYPE),
        zero_or_one("OnError", &JOURNEY_ON_ERROR),
    ],
);

pub(crate) static ENDPOINT: Type =
    Type::empty("Endpoint", &[required("Id", &STRING), required("UserJourneyReferenceId", &STRING)]);

pub(crate) static SINGLE_SIGN_ON: Type = Type::empty(
    "SingleSignOn",
    &[
        required("Scope", &USER_JOURNEY_BEHAVIOR_SCOPE_TYPE),
        optional("KeepAliveInDays", &INT),
        optional("EnforceIdTokenHintOnLogout", &BOOLEAN),
    ],
);

pub(crate) static AZURE_APPLICATION_INSIGHTS: Type =
    Type::empty("AzureApplicationInsights", &[required("InstrumentationKey", &INSTRUMENTATION_KEY)]);

pub(crate) static JOURNEY_INSIGHTS: Type = Type::empty(
    "JourneyInsights",
    &[
        required("InstrumentationKey", &INSTRUMENTATION_KEY),
        required("TelemetryEngine", &TELEMETRY_ENGINE_TYPE),
        optional("DeveloperMode", &BOOLEAN),
        optional("ClientEnabled", &BOOLEAN),
        optional("ServerEnabled", &BOOLEAN),
        optional("TelemetryVersion", &THREE_PART_VERSION_NUMBER),
    ],
);

pub(crate) static CONTENT_DEFINITION_PARAMETERS: Type =
    Type::sequence("ContentDefinitionParameters", &[], &[one_or_more("Parameter", &CONTENT_DEFINITION_PARAMETER)]);

pub(crate) static CONTENT_DEFINITION_PARAMETER: Type =
    Type::text("ContentDefinitionParameter", &[required("Name", &STRING)], &STRING);

pub(crate) static JOURNEY_FRAMING: Type =
    Type::empty("JourneyFraming", &[required("Enabled", &BOOLEAN), required("Sources", &STRING)]);

pub(crate) static JOURNEY_ON_ERROR: Type =
    Type::empty("JourneyOnError", &[required("Mode", &JOURNEY_ON_ERROR_MODE_TYPE)]);
