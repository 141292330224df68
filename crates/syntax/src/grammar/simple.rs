//! Simple types: what an attribute's value or an element's text may be.

use super::patterns;
use crate::uri;

/// A simple type of the schema.
#[derive(Debug)]
pub struct SimpleType {
    /// The schema's name for it; the types of XSD itself are called `xs:…`.
    pub name: &'static str,
    /// The type of XSD that it restricts.
    pub base: Base,
    /// The only values that it has; empty when they are not listed.
    pub values: &'static [&'static str],
    /// The least number of characters.
    pub min_length: usize,
    /// The greatest number of characters.
    pub max_length: usize,
    /// What a value must look like.
    pub pattern: Option<fn(&str) -> bool>,
    /// What a value is, to be read after "expected"; empty for any text and for a list of values.
    pub expected: &'static str,
}

/// A type of XSD itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// `xs:string`: any text, white space counts.
    String,
    /// `xs:boolean`: `true`, `false`, `1`, `0`.
    Boolean,
    /// `xs:int`: 32 bits.
    Int,
    /// `xs:integer`: any size.
    Integer,
    /// `xs:anyURI`.
    AnyUri,
}

impl SimpleType {
    /// Whether a value is one of the type. White space around it counts only in types of text, as XSD has it.
    pub fn accepts(&self, value: &str) -> bool {
        match self.base {
            Base::String => self.accepts_text(value),
            Base::Boolean => matches!(collapsed(value), "true" | "false" | "1" | "0"),
            Base::Int => number(collapsed(value)).is_some_and(Canonical::fits_int),
            Base::Integer => number(collapsed(value)).is_some(),
            Base::AnyUri => is_any_uri(collapsed(value)),
        }
    }

    /// Two values that are equal in the type have equal canonical texts: `01` and `1` as `xs:int`.
    pub fn canonical<'v>(&self, value: &'v str) -> Canonical<'v> {
        let number = match self.base {
            Base::Int | Base::Integer => number(collapsed(value)),
            Base::String | Base::Boolean | Base::AnyUri => None,
        };
        number.unwrap_or(Canonical { negative: false, text: value })
    }

    fn accepts_text(&self, value: &str) -> bool {
        if !self.values.is_empty() {
            return self.values.contains(&value);
        }
        if self.min_length > 0 || self.max_length < usize::MAX {
            // A character has at most four bytes: only a text near the limit is counted.
            let length = if value.len() / 4 > self.max_length { usize::MAX } else { value.chars().count() };
            if length < self.min_length || length > self.max_length {
                return false;
            }
        }
        self.pattern.is_none_or(|matches| matches(value))
    }
}

/// A value, stripped of what does not count when values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Canonical<'v> {
    negative: bool,
    text: &'v str,
}

impl Canonical<'_> {
    fn fits_int(self) -> bool {
        let limit = if self.negative { "2147483648" } else { "2147483647" };
        self.text.len() < limit.len() || (self.text.len() == limit.len() && self.text <= limit)
    }
}

/// Without the white space of XML around it.
fn collapsed(value: &str) -> &str {
    value.trim_matches([' ', '\t', '\n', '\r'])
}

/// An optional sign and digits, without leading zeros. libxml2 tells `-0` from `0`.
fn number(value: &str) -> Option<Canonical<'_>> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let good = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    good.then(|| Canonical { negative: value.starts_with('-'), text: digits.trim_start_matches('0') })
}

/// `xs:anyURI` as libxml2 has it: characters that a URI must escape count as escaped, a wrong `%` does not.
fn is_any_uri(value: &str) -> bool {
    let escaped = |it: u8| !(33..127).contains(&it) || b"<>\"{}|\\^`".contains(&it);
    if value.bytes().any(escaped) {
        let plain: String = value.bytes().map(|it| if escaped(it) { '_' } else { char::from(it) }).collect();
        return uri::is_reference(&plain);
    }
    uri::is_reference(value)
}

const fn base(name: &'static str, base: Base, expected: &'static str) -> SimpleType {
    SimpleType { name, base, values: &[], min_length: 0, max_length: usize::MAX, pattern: None, expected }
}

const fn one_of(name: &'static str, values: &'static [&'static str]) -> SimpleType {
    SimpleType { values, ..base(name, Base::String, "") }
}

const fn pattern(name: &'static str, pattern: fn(&str) -> bool, expected: &'static str) -> SimpleType {
    SimpleType { pattern: Some(pattern), ..base(name, Base::String, expected) }
}

const fn length(name: &'static str, min_length: usize, max_length: usize, expected: &'static str) -> SimpleType {
    SimpleType { min_length, max_length, ..base(name, Base::String, expected) }
}

pub(super) static STRING: SimpleType = base("xs:string", Base::String, "");
pub(super) static BOOLEAN: SimpleType = base("xs:boolean", Base::Boolean, "`true` or `false`");
pub(super) static INT: SimpleType = base("xs:int", Base::Int, "a whole number between -2147483648 and 2147483647");
pub(super) static INTEGER: SimpleType = base("xs:integer", Base::Integer, "a whole number");
pub(super) static ANY_URI: SimpleType = base("xs:anyURI", Base::AnyUri, "a URI, such as `http://contoso.com/policy`");
pub(super) static WEIGHT: SimpleType = base("Weight", Base::Int, "a whole number between -2147483648 and 2147483647");

pub(super) static NONEMPTY_STRING: SimpleType = length("nonemptystring", 1, 256, "1 to 256 characters");
pub(super) static MATCH: SimpleType = length("Match", 1, usize::MAX, "at least one character");

pub(super) static CULTURE: SimpleType =
    pattern("Culture", patterns::culture, "a language such as `en`, `pt-BR` or `sr-Latn-RS`");
pub(super) static TENANT_ID: SimpleType =
    pattern("TenantId", patterns::tenant_id, "a domain name of 3 to 63 letters, digits and dots");
pub(super) static TENANT_OBJECT_ID: SimpleType = pattern("TenantObjectId", patterns::guid, GUID);
pub(super) static INSTRUMENTATION_KEY: SimpleType = pattern("InstrumentationKey", patterns::guid, GUID);
pub(super) static POLICY_ID: SimpleType =
    pattern("PolicyId", patterns::policy_id, "letters, digits, `_`, `-` and `.`, no `.` at the end");
pub(super) static POLICY_ID_PATTERN: SimpleType = pattern(
    "PolicyIdPattern",
    patterns::policy_id_pattern,
    "letters, digits, `_`, `-`, `{`, `}` and `.`, no `.` at the end",
);
pub(super) static FOUR_PART_VERSION_NUMBER: SimpleType =
    pattern("FourPartVersionNumber", patterns::four_part_version, "four digits with dots between, such as `0.3.0.0`");
pub(super) static THREE_PART_VERSION_NUMBER: SimpleType =
    pattern("ThreePartVersionNumber", patterns::three_part_version, "three digits with dots between, such as `1.0.0`");
pub(super) static CONTENT_URI: SimpleType = pattern(
    "ContentUriTYPE",
    patterns::content_uri,
    "`http://…`, `https://…`, `~/…` without empty segments, or `urn:…` in lower case",
);

const GUID: &str = "a GUID such as `00000000-0000-0000-0000-000000000000`, without braces";

pub(super) static ERROR_RESPONSE_FORMAT: SimpleType = one_of("ErrorResponseFormat", &["json"]);
pub(super) static JOURNEY_ON_ERROR_MODE_TYPE: SimpleType =
    one_of("JourneyOnErrorModeType", &["ReturnToRequestor", "DisplayInService"]);
pub(super) static ERROR_HANDLING_ACTION: SimpleType =
    one_of("ErrorHandlingAction", &["Reauthenticate", "InvalidClient"]);
pub(super) static MERGE_BEHAVIOR: SimpleType = one_of("MergeBehavior", &["Append", "Prepend", "ReplaceAll"]);
pub(super) static MASK_TYPE: SimpleType = one_of("MaskTypeTYPE", &["Simple", "Regex"]);
pub(super) static PROTOCOL_NAME: SimpleType = one_of(
    "ProtocolName",
    &["None", "OAuth1", "OAuth2", "SAML2", "OpenIdConnect", "WsFed", "WsTrust", "UProve11", "Proprietary"],
);
pub(super) static ENABLED_FOR_USER_JOURNEYS_VALUES: SimpleType = one_of(
    "EnabledForUserJourneysValues",
    &[
        "true",
        "false",
        "OnClaimsExistence",
        "Always",
        "Never",
        "OnItemExistenceInStringCollectionClaim",
        "OnItemAbsenceInStringCollectionClaim",
    ],
);
pub(super) static CLAIMS_PROVIDER_SELECTION_DISPLAY_OPTION: SimpleType =
    one_of("ClaimsProviderSelectionDisplayOption", &["DoNotShowSingleProvider", "ShowSingleProvider"]);
pub(super) static TOKEN_FORMAT: SimpleType =
    one_of("TokenFormat", &["JSON", "JWT", "SAML11", "SAML2", "CpimUnsigned", "UProve11", "OAuth2Error"]);
pub(super) static SCRIPT_EXECUTION_TYPE: SimpleType = one_of("ScriptExecutionType", &["Disallow", "Allow"]);
pub(super) static ORCHESTRATION_STEP_TYPE: SimpleType = one_of(
    "OrchestrationStepType",
    &[
        "ConsentScreen",
        "ClaimsProviderSelection",
        "CombinedSignInAndSignUp",
        "ClaimsExchange",
        "ReviewScreen",
        "SendClaims",
        "GetClaims",
        "UserDialog",
        "InvokeSubJourney",
        "Noop",
    ],
);
pub(super) static USER_JOURNEY_BEHAVIOR_SCOPE_TYPE: SimpleType =
    one_of("UserJourneyBehaviorScopeType", &["Suppressed", "TrustFramework", "Tenant", "Application", "Policy"]);
pub(super) static PRECONDITION_TYPE: SimpleType = one_of("PreconditionType", &["ClaimsExist", "ClaimEquals"]);
pub(super) static PRECONDITION_ACTION_TYPE: SimpleType =
    one_of("PreconditionActionType", &["SkipThisOrchestrationStep", "SkipThisValidationTechnicalProfile"]);
pub(super) static DATA_TYPE: SimpleType = one_of(
    "DataType",
    &[
        "boolean",
        "date",
        "dateTime",
        "duration",
        "int",
        "long",
        "string",
        "stringCollection",
        "alternativeSecurityIdCollection",
        "userIdentityCollection",
        "userIdentity",
        "phoneNumber",
        "objectIdentityCollection",
        "objectIdentity",
    ],
);
pub(super) static USER_INPUT_TYPE: SimpleType = one_of(
    "UserInputType",
    &[
        "TextBox",
        "EmailBox",
        "DateTimeDropdown",
        "RadioSingleSelect",
        "DropdownSingleSelect",
        "CheckboxMultiSelect",
        "Password",
        "Readonly",
        "Button",
        "Paragraph",
    ],
);
pub(super) static USER_INTERFACE_CONTROL_TYPE: SimpleType = one_of(
    "UserInterfaceControlType",
    &["VerificationControl", "QrCodeControl", "AuthenticatorInfoControl", "AuthenticatorAppIconControl"],
);
pub(super) static TELEMETRY_ENGINE_TYPE: SimpleType = one_of("TelemetryEngineType", &["ApplicationInsights"]);
pub(super) static STATEMENT_TYPE: SimpleType = one_of("StatementType", &["Attribute", "Authentication", "Subject"]);
pub(super) static DEPLOYMENT_MODE_TYPE: SimpleType =
    one_of("DeploymentModeType", &["Development", "Production", "Debugging"]);
pub(super) static SESSION_EXPIRY_TYPE: SimpleType = one_of("SessionExpiryTypeTYPE", &["Rolling", "Absolute"]);
pub(super) static SUB_JOURNEY_TYPE: SimpleType = one_of("SubJourneyTYPE", &["Transfer", "Call"]);
