//! Lowering: from an effective policy to a plan for one flow. What a journey reaches and cannot be run is named, each
//! piece once; nothing is left out in silence.

mod arguments;
pub(crate) mod claim_rules;
mod claims;
mod issuer;
mod journey;
mod localization;
mod profile;

use std::collections::BTreeMap;
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::{Diagnostic, Diagnostics, Severity, Span};
use wayfarer_engine::Plan;
use wayfarer_engine::plan::{Action, IssuanceClaimPattern, Issuer, Names, Step};
use wayfarer_model::{Kind, NodeRef, Policy};

/// Which journey of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// The client credentials grant: the journey that the token issuer names, or the built-in behaviour.
    ClientCredentials,
    /// The relying party's default journey.
    Default,
}

/// The tenant in which a plan runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantIdentity {
    /// Such as `contoso.onmicrosoft.com`.
    pub name: String,
    /// Its GUID.
    pub object_id: String,
}

/// The tenant name that public samples leave to be replaced; it counts as the running tenant.
pub const PLACEHOLDER_TENANT: &str = "yourtenant.onmicrosoft.com";

/// Lowers a policy. `rest` replaces service addresses, by technical profile.
///
/// # Errors
/// Everything that keeps the journey from running.
pub(crate) fn plan(
    policy: &Policy,
    flow: Flow,
    tenant: &TenantIdentity,
    rest: &BTreeMap<String, String>,
) -> Result<Plan, Diagnostics> {
    let mut lowering = Lowering::new(policy, rest);
    let plan = lowering.plan(flow, tenant);
    match plan {
        Some(plan) if lowering.found.is_empty() => Ok(plan),
        _ => {
            lowering.found.sort_and_dedup();
            Err(lowering.found)
        }
    }
}

/// What lowering finds in a flow of a policy, for `check`: of the client credentials journey everything, also what does
/// not keep it from running; of other journeys (whose rules come with them) only what cannot be run yet.
pub(crate) fn judge(policy: &Policy, flow: Flow) -> Diagnostics {
    if policy.relying_party().is_none() || !policy.is_complete() {
        return Diagnostics::default();
    }
    let names_journey = policy.token_issuer().is_some_and(|it| it.client_credentials_journey().is_some());
    let rest = BTreeMap::new();
    let mut lowering = Lowering::new(policy, &rest);
    let _ = lowering.plan(flow, &TenantIdentity::default());
    let mut found = lowering.found;
    found.extend(lowering.remarks);
    found.retain(|it| !BROKEN.contains(&it.code) && !JUDGED_BY_RULES.contains(&it.code));
    found.retain(|it| (flow == Flow::ClientCredentials && names_journey) || it.code == NOT_YET_RUNNABLE);
    found
}

/// The profile that issues the policy's tokens, whatever its journeys need.
///
/// # Errors
/// What is wrong with it, or that there is none.
pub(crate) fn token_issuer(policy: &Policy) -> Result<Issuer, Diagnostics> {
    let rest = BTreeMap::new();
    let mut lowering = Lowering::new(policy, &rest);
    let issuer = lowering.token_issuer().and_then(|it| lowering.issuer(&it));
    issuer.ok_or(lowering.found)
}

/// The names of the relying party's output claims in the token, in policy order.
pub(crate) fn token_claims(policy: &Policy) -> Vec<String> {
    let rest = BTreeMap::new();
    let mut lowering = Lowering::new(policy, &rest);
    lowering.relying_party_claims().into_iter().map(|it| it.partner).collect()
}

/// The plan of a user flow (`B2C_1_…`): Microsoft's own policies, of which only the built-in client credentials
/// behaviour is known.
pub fn user_flow(id: &str, tenant: &TenantIdentity, span: Span) -> Plan {
    let issuer = Issuer {
        id: "user flow".to_owned(),
        token_lifetime: jiff::SignedDuration::from_secs(issuer::LIFETIME_DEFAULT),
        pattern: IssuanceClaimPattern::default(),
        json_numbers: true,
        signing_key: USER_FLOW_KEY.to_owned(),
        span,
    };
    let names = Names {
        relying_party_tenant: tenant.name.clone(),
        tenant_object_id: tenant.object_id.clone(),
        trust_framework_tenant: tenant.name.clone(),
        default_language: "en".to_owned(),
        ..Names::default()
    };
    let step = Step { order: 1, preconditions: Vec::new(), action: Action::SendClaims(issuer), span };
    let kind = JourneyKind::ClientCredentials;
    let journey = BUILT_IN.to_owned();
    Plan { policy: id.to_owned(), journey, kind, names, steps: vec![step], output_claims: Vec::new() }
}

/// All user flows share one key of the service; ours lies in this container.
const USER_FLOW_KEY: &str = "B2C_1A_UserFlowSigningKeyContainer";

/// What the grant runs where no journey is named.
const BUILT_IN: &str = "built-in client credentials";

const NOT_YET_RUNNABLE: &str = "not-yet-runnable";

/// What the schema check tells where it is asked. Files that are only looked up as bases come here without it.
const BROKEN: [&str; 2] = ["value-invalid", "required-attribute-missing"];

/// What rules tell of every policy, whether a journey uses it or not, with the place of the wrong row.
const JUDGED_BY_RULES: [&str; 8] = [
    "claim-type-without-data-type",
    "claims-transformation-parameter-value",
    "claims-transformation-signature",
    "claims-transformation-unknown-method",
    "default-type-mismatch",
    "precondition-arity",
    "rest-http",
    "send-claims-without-issuer",
];

struct Lowering<'a> {
    policy: &'a Policy,
    rest: &'a BTreeMap<String, String>,
    /// What keeps the journey from running.
    found: Diagnostics,
    /// What does not.
    remarks: Diagnostics,
}

impl<'a> Lowering<'a> {
    fn new(policy: &'a Policy, rest: &'a BTreeMap<String, String>) -> Self {
        Self { policy, rest, found: Diagnostics::default(), remarks: Diagnostics::default() }
    }
}

impl Lowering<'_> {
    fn plan(&mut self, flow: Flow, tenant: &TenantIdentity) -> Option<Plan> {
        let (kind, journey) = match flow {
            Flow::ClientCredentials => (JourneyKind::ClientCredentials, self.client_credentials_journey()?),
            Flow::Default => (JourneyKind::Authorize, Some(self.default_journey()?)),
        };
        let names = self.names(tenant);
        let policy = self.policy.id().to_owned();
        let Some(journey) = journey else {
            let steps = vec![self.built_in_step()?];
            let journey = BUILT_IN.to_owned();
            return Some(Plan { policy, journey, kind, names, steps, output_claims: Vec::new() });
        };
        let steps = self.steps(&journey);
        let output_claims = self.relying_party_claims();
        Some(Plan { policy, journey: journey.id().to_owned(), kind, names, steps, output_claims })
    }

    fn names(&self, tenant: &TenantIdentity) -> Names {
        let name_of = |policy: Option<&Policy>| {
            let written = policy.and_then(|it| it.root_attribute("TenantId")).map_or("", |it| it.value);
            if written.is_empty() || written.eq_ignore_ascii_case(PLACEHOLDER_TENANT) {
                tenant.name.clone()
            } else {
                written.to_owned()
            }
        };
        let (default_language, supported_languages) = localization::languages(self.policy);
        let types = self.policy.all(Kind::ClaimType);
        let claim_types = types.iter().filter_map(|it| self.policy.claim_type(it.as_ref().attribute("Id")?.value));
        Names {
            relying_party_tenant: name_of(Some(self.policy)),
            tenant_object_id: tenant.object_id.clone(),
            trust_framework_tenant: name_of(self.policy.chain().last()),
            deployment_mode: self.policy.root_attribute("DeploymentMode").map(|it| it.value.to_owned()),
            default_language,
            supported_languages,
            passwords: claim_types.filter(|it| it.is_password()).map(|it| it.id().to_owned()).collect(),
        }
    }

    fn report(&mut self, code: &'static str, severity: Severity, span: Span, message: String) -> &mut Diagnostic {
        let policy = self.policy.id().to_owned();
        self.found.report(code, severity, span, message).policy(policy)
    }

    fn error(&mut self, code: &'static str, span: Span, message: String) -> &mut Diagnostic {
        self.report(code, Severity::Error, span, message)
    }

    /// An attribute that breaks the schema, and without which a piece of the journey would be left out.
    fn broken(&mut self, node: NodeRef<'_>, attribute: &str) {
        let [invalid, missing] = BROKEN;
        match node.attribute(attribute) {
            Some(it) => self.error(invalid, it.span, format!("`{}` is not valid for `{attribute}`", it.value)),
            None => self.error(missing, node.span(), format!("`{}` lacks its attribute `{attribute}`", node.name())),
        };
    }

    fn not_yet(&mut self, span: Span, message: String) -> &mut Diagnostic {
        let diagnostic = self.report(NOT_YET_RUNNABLE, Severity::Info, span, message);
        diagnostic.help("the policy may be fine: Wayfarer can't run this part of it yet")
    }
}
