//! A plan is what runs: an effective policy lowered for one journey, with nothing in it unresolved.

use jiff::SignedDuration;
use wayfarer_builtins::providers::{Exchange as ProviderExchange, ProfileKind};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_builtins::transformations::Prepared;
use wayfarer_builtins::{DataType, LocalizedResources, Value};
use wayfarer_diagnostics::Span;

/// One user journey of one relying-party policy, ready to run any number of times.
#[derive(Debug)]
pub struct Plan {
    /// `PolicyId` as the file writes it.
    pub policy: String,
    /// The user journey's id.
    pub journey: String,
    /// What started the journey: it decides what resolvers find.
    pub kind: JourneyKind,
    /// The names that resolvers and transformations ask for.
    pub names: Names,
    /// The steps, in the order in which they run.
    pub steps: Vec<Step>,
    /// What the token carries, in policy order.
    pub output_claims: Vec<OutputClaim>,
}

/// Names of tenant and policy as the running policy sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The relying party's tenant, such as `contoso.onmicrosoft.com`.
    pub relying_party_tenant: String,
    /// The GUID of that tenant.
    pub tenant_object_id: String,
    /// The tenant of the root base policy.
    pub trust_framework_tenant: String,
    /// `DeploymentMode` as written.
    pub deployment_mode: Option<String>,
    /// The language of a request that names none.
    pub default_language: String,
    /// `SupportedLanguages`: what else a request may ask for.
    pub supported_languages: Vec<String>,
    /// The claim types that a password box collects: no resolver reads them.
    pub passwords: Vec<String>,
}

/// `OrchestrationStep`
#[derive(Debug)]
pub struct Step {
    /// `Order`
    pub order: u32,
    /// All actions are skips, so the step runs only if none of these is satisfied.
    pub preconditions: Vec<Precondition>,
    /// What the step does.
    pub action: Action,
    /// Where the step is written.
    pub span: Span,
}

/// What a step does, by its `Type`.
#[derive(Debug)]
pub enum Action {
    /// Runs the one technical profile that is enabled.
    ClaimsExchange(Vec<ClaimsExchange>),
    /// Ends the journey with a token of that issuer.
    SendClaims(Issuer),
    /// Does nothing (schema: a filler).
    Noop,
}

impl Action {
    /// `OrchestrationStep/@Type`
    pub fn step_type(&self) -> &'static str {
        match self {
            Self::ClaimsExchange(_) => "ClaimsExchange",
            Self::SendClaims(_) => "SendClaims",
            Self::Noop => "Noop",
        }
    }
}

/// `Precondition` with the action of its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition {
    /// The test.
    pub test: Test,
    /// `ExecuteActionsIf`
    pub execute_actions_if: bool,
}

/// `Precondition/@Type` with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The claim is in the bag.
    ClaimsExist(String),
    /// The claim's text equals the literal, ordinally.
    ClaimEquals(String, String),
}

/// `ClaimsExchange` with its technical profile.
#[derive(Debug)]
pub struct ClaimsExchange {
    /// `Id`
    pub id: String,
    /// The profile that runs.
    pub profile: TechnicalProfile,
}

/// A technical profile after inheritance and inclusion.
#[derive(Debug)]
pub struct TechnicalProfile {
    /// `Id`
    pub id: String,
    /// What it is.
    pub kind: ProfileKind,
    /// `EnabledForUserJourneys`
    pub enabled: Enabled,
    /// Stage 2.
    pub input_claims_transformations: Vec<Transformation>,
    /// Stage 3.
    pub input_claims: Vec<InputClaim>,
    /// Stage 5.
    pub exchange: Box<dyn ProviderExchange>,
    /// Stage 7.
    pub output_claims: Vec<OutputClaim>,
    /// Stage 8.
    pub output_claims_transformations: Vec<Transformation>,
    /// The texts of its content definition.
    pub localization: Localization,
    /// Where the profile is written, most derived.
    pub span: Span,
    /// What the trace tells besides, such as a replaced ServiceUrl.
    pub notes: Vec<String>,
}

/// The localized resources that a content definition refers to, by language, in the order of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localization(pub Vec<(String, LocalizedResources)>);

/// `EnabledForUserJourneys` (reference "technical-profiles", A7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enabled {
    /// Absent, `Always` or `true`.
    Always,
    /// `Never` or `false`.
    Never,
    /// `OnClaimsExistence`: the claim exists, and has the value if one is given.
    OnClaimsExistence(String, Option<String>),
    /// `OnItemExistenceInStringCollectionClaim`
    OnItemExistence(String, String),
    /// `OnItemAbsenceInStringCollectionClaim`
    OnItemAbsence(String, String),
}

/// A claims transformation with its parameters parsed.
#[derive(Debug)]
pub struct Transformation {
    /// `Id`
    pub id: String,
    /// `TransformationMethod`
    pub method: &'static str,
    /// The parsed call.
    pub prepared: Prepared,
    /// Claim type ids, in declaration order.
    pub inputs: Vec<String>,
    /// Claim type ids, in declaration order.
    pub outputs: Vec<String>,
    /// The policy key containers that its parameters name.
    pub keys: Vec<String>,
    /// Where the transformation is written.
    pub span: Span,
}

/// A claim that exists in the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The claim type's id, in the spelling of its definition.
    pub id: String,
    /// Its data type.
    pub data_type: DataType,
}

/// `DefaultValue`
#[derive(Clone, Debug)]
pub enum DefaultValue {
    /// A literal, parsed as the claim's data type.
    Literal(Value),
    /// A claim resolver as written, evaluated when the profile runs.
    Resolver(String),
}

/// `InputClaim` of a technical profile.
#[derive(Clone, Debug)]
pub struct InputClaim {
    /// The claim.
    pub claim: Claim,
    /// `DefaultValue`
    pub default: Option<DefaultValue>,
    /// `AlwaysUseDefaultValue`
    pub always_use_default: bool,
    /// `Required`
    pub required: bool,
    /// Where the row is written.
    pub span: Span,
}

/// `OutputClaim` of a technical profile, or of the relying party.
#[derive(Clone, Debug)]
pub struct OutputClaim {
    /// The claim.
    pub claim: Claim,
    /// The name on the other side; for the relying party the name in the token.
    pub partner: String,
    /// `DefaultValue`
    pub default: Option<DefaultValue>,
    /// `AlwaysUseDefaultValue`
    pub always_use_default: bool,
    /// `Required`: the answer must have it.
    pub required: bool,
    /// Where the row is written.
    pub span: Span,
}

/// What a JWT issuer profile says (reference "technical-profiles", B21).
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The profile's id.
    pub id: String,
    /// `token_lifetime_secs`
    pub token_lifetime: SignedDuration,
    /// `IssuanceClaimPattern`
    pub pattern: IssuanceClaimPattern,
    /// `SendTokenResponseBodyWithJsonNumbers`
    pub json_numbers: bool,
    /// The container that `issuer_secret` names.
    pub signing_key: String,
    /// Where the profile is written.
    pub span: Span,
}

/// The form of `iss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IssuanceClaimPattern {
    /// `https://{host}/{tenant guid}/v2.0/`
    #[default]
    AuthorityAndTenantGuid,
    /// `https://{host}/tfp/{tenant guid}/{policy}/v2.0/`
    AuthorityWithTfp,
}
