//! Plans in few words, and a host and providers that do what a test wants.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use wayfarer_builtins::providers::{Call, Exchange, Exchanged, InputValue, ProfileKind, ProviderError};
use wayfarer_builtins::resolvers::{self, JourneyKind};
use wayfarer_builtins::transformations::{self, Declaration, DeclaredClaim, DeclaredParameter};
use wayfarer_builtins::{DataType, Host, HostError, Secret, Value};
use wayfarer_diagnostics::{FileId, Sources, Span};
use wayfarer_engine::plan::{
    Action, Claim, ClaimsExchange, DefaultValue, Enabled, InputClaim, IssuanceClaimPattern, Issuer, Localization,
    Names, OutputClaim, Plan, Precondition, Step, TechnicalProfile, Test, Transformation,
};
use wayfarer_engine::{ClaimsBag, JourneyError, JourneyState, Outcome, Request, Trace, advance};

/// A world with one moment, one byte of randomness and the policy keys that it is given.
#[derive(Default)]
pub struct World {
    pub keys: BTreeMap<String, String>,
}

#[async_trait]
impl Host for World {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    async fn http(&self, _: http::Request<Bytes>, _: Duration) -> Result<http::Response<Bytes>, HostError> {
        Err(HostError::Dns)
    }

    async fn policy_key(&self, container: &str) -> Result<Secret, HostError> {
        let key = self.keys.get(container).map(|it| Secret::new(it.as_str()));
        key.ok_or_else(|| HostError::KeyMissing(container.to_owned()))
    }
}

/// A provider that returns what it is given, or fails, and tells what it was called with.
#[derive(Debug, Clone, Default)]
pub struct Provider {
    pub returns: Vec<(usize, Value)>,
    pub error: Option<ProviderError>,
    pub seen: Arc<Mutex<Vec<Seen>>>,
}

/// One call as a provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub exchange: String,
    pub step: u32,
    pub tenant: String,
    pub inputs: Vec<InputValue>,
}

impl Provider {
    pub fn returning(returns: &[(usize, Value)]) -> Self {
        Self { returns: returns.to_vec(), ..Self::default() }
    }

    pub fn failing(code: &'static str) -> Self {
        let error = ProviderError {
            code,
            message: "the service said no".to_owned(),
            user_message: None,
            detail: "500".to_owned(),
        };
        Self { error: Some(error), ..Self::default() }
    }

    pub fn calls(&self) -> Vec<Seen> {
        self.seen.lock().map(|it| it.clone()).unwrap_or_default()
    }
}

#[async_trait]
impl Exchange for Provider {
    async fn run(&self, call: Call<'_>, _: &dyn Host) -> Exchanged {
        let seen = Seen {
            exchange: call.exchange_id.to_owned(),
            step: call.step,
            tenant: call.tenant.to_owned(),
            inputs: call.inputs.to_vec(),
        };
        if let Ok(mut list) = self.seen.lock() {
            list.push(seen);
        }
        let answer = self.error.clone().map_or_else(|| Ok(self.returns.clone()), Err);
        (answer, Vec::new())
    }
}

fn file() -> FileId {
    Sources::default().add("plan.xml", "")
}

pub fn span() -> Span {
    Span::file_start(file())
}

pub fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

pub fn literal(value: &str) -> Option<DefaultValue> {
    Some(DefaultValue::Literal(text(value)))
}

pub fn resolver(written: &str) -> Option<DefaultValue> {
    Some(DefaultValue::Resolver(written.to_owned()))
}

fn claim(id: &str, data_type: DataType) -> Claim {
    Claim { id: id.to_owned(), data_type }
}

pub fn input(id: &str, default: Option<DefaultValue>, always: bool) -> InputClaim {
    let claim = claim(id, DataType::String);
    InputClaim { claim, default, always_use_default: always, required: false, span: span() }
}

pub fn output(id: &str, default: Option<DefaultValue>, always: bool) -> OutputClaim {
    typed(id, DataType::String, default, always)
}

pub fn typed(id: &str, data_type: DataType, default: Option<DefaultValue>, always: bool) -> OutputClaim {
    let partner = format!("{id}_partner");
    let claim = claim(id, data_type);
    OutputClaim { claim, partner, default, always_use_default: always, required: false, span: span() }
}

/// A profile without claims.
pub fn profile(id: &str, provider: Provider) -> TechnicalProfile {
    TechnicalProfile {
        id: id.to_owned(),
        kind: ProfileKind::Setup,
        enabled: Enabled::Always,
        input_claims_transformations: Vec::new(),
        input_claims: Vec::new(),
        exchange: Box::new(provider),
        output_claims: Vec::new(),
        output_claims_transformations: Vec::new(),
        localization: Localization::default(),
        span: span(),
        notes: Vec::new(),
    }
}

/// `FormatStringClaim`: `output` becomes `format` with `{0}` the claim `input`.
pub fn format_string(input: &str, format: &str, output: &str) -> Transformation {
    let declaration = Declaration {
        id: format!("{output} from {input}"),
        inputs: vec![DeclaredClaim::new("inputClaim", input, DataType::String)],
        parameters: vec![DeclaredParameter::new("stringFormat", DataType::String, format)],
        outputs: vec![DeclaredClaim::new("outputClaim", output, DataType::String)],
    };
    transformation("FormatStringClaim", &declaration, Vec::new())
}

pub fn transformation(method: &str, declaration: &Declaration, keys: Vec<String>) -> Transformation {
    let Some(known) = transformations::find(method) else { unreachable!("{method}") };
    let prepared = known.prepare(declaration).unwrap_or_else(|error| unreachable!("{error}"));
    let ids = |list: &[DeclaredClaim]| list.iter().map(|it| it.claim_type.clone()).collect();
    let (inputs, outputs) = (ids(&declaration.inputs), ids(&declaration.outputs));
    Transformation { id: declaration.id.clone(), method: known.method, prepared, inputs, outputs, keys, span: span() }
}

pub fn exchange(order: u32, profiles: Vec<TechnicalProfile>) -> Step {
    let exchanges =
        profiles.into_iter().map(|profile| ClaimsExchange { id: format!("{}Exchange", profile.id), profile });
    Step { order, preconditions: Vec::new(), action: Action::ClaimsExchange(exchanges.collect()), span: span() }
}

pub fn send_claims(order: u32) -> Step {
    let issuer = Issuer {
        id: "JwtIssuer".to_owned(),
        token_lifetime: SignedDuration::from_secs(3600),
        pattern: IssuanceClaimPattern::default(),
        json_numbers: true,
        signing_key: "B2C_1A_Key".to_owned(),
        span: span(),
    };
    Step { order, preconditions: Vec::new(), action: Action::SendClaims(issuer), span: span() }
}

pub fn noop(order: u32) -> Step {
    Step { order, preconditions: Vec::new(), action: Action::Noop, span: span() }
}

/// The step is skipped if the claim exists (or does not).
pub fn skip_if_exists(step: Step, claim: &str, exists: bool) -> Step {
    let test = Test::ClaimsExist(claim.to_owned());
    Step { preconditions: vec![Precondition { test, execute_actions_if: exists }], ..step }
}

pub fn plan(steps: Vec<Step>, output_claims: Vec<OutputClaim>) -> Plan {
    Plan {
        policy: "B2C_1A_Policy".to_owned(),
        journey: "Journey".to_owned(),
        kind: JourneyKind::ClientCredentials,
        names: Names {
            relying_party_tenant: "contoso.onmicrosoft.com".to_owned(),
            tenant_object_id: "11111111-2222-3333-4444-555555555555".to_owned(),
            trust_framework_tenant: "base.onmicrosoft.com".to_owned(),
            deployment_mode: None,
            default_language: "en".to_owned(),
            supported_languages: Vec::new(),
            passwords: Vec::new(),
        },
        steps,
        output_claims,
    }
}

/// How a journey ended.
pub struct Run {
    /// The token's claims by name, in order; `None` where a claim is left out.
    pub ended: Result<Vec<(String, Option<Value>)>, JourneyError>,
    pub state: JourneyState,
    pub trace: Trace,
}

impl Run {
    pub fn bag(&self, claim: &str) -> Option<&Value> {
        self.state.bag.get(claim)
    }

    /// The orders of the steps that were skipped.
    pub fn skipped(&self) -> Vec<u32> {
        self.trace.steps.iter().filter(|it| it.skipped.is_some()).map(|it| it.order).collect()
    }

    /// `code` and step of the failure.
    pub fn failure(&self) -> Option<(&'static str, Option<u32>)> {
        self.ended.as_ref().err().map(|it| (it.code, it.step))
    }
}

/// Runs a plan from a bag of strings.
pub fn run(plan: &Plan, bag: &[(&str, &str)]) -> Run {
    let bag: ClaimsBag = bag.iter().map(|(id, value)| ((*id).to_owned(), text(value))).collect();
    resume(plan, JourneyState { next: 0, bag }, &World::default())
}

pub fn resume(plan: &Plan, mut state: JourneyState, world: &World) -> Run {
    let request = Request {
        correlation_id: "correlation".to_owned(),
        host: "localhost".to_owned(),
        ip_address: None,
        parameters: resolvers::Request {
            parameters: vec![("client_id".to_owned(), "the-client".to_owned()), ("plan".to_owned(), "gold".to_owned())],
            password: None,
        },
    };
    let mut trace = Trace::default();
    let ended = {
        let run = pin!(advance(plan, &mut state, &request, world, &mut trace));
        run.poll(&mut Context::from_waker(Waker::noop()))
    };
    let ended = match ended {
        Poll::Ready(Outcome::Complete(it)) => {
            Ok(it.claims.into_iter().map(|it| (it.name.to_owned(), it.value)).collect())
        }
        Poll::Ready(Outcome::Fail(error)) => Err(error),
        Poll::Pending => unreachable!("nothing here waits"),
    };
    Run { ended, state, trace }
}
