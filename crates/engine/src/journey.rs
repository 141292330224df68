use crate::plan::{Action, ClaimsExchange, Issuer, OutputClaim, Plan, Step};
use crate::profile::{self, Run};
use crate::trace::{StepTrace, Trace};
use crate::{ClaimsBag, JourneyError, Request, precondition};
use serde::{Deserialize, Serialize};
use wayfarer_builtins::{Host, Value};
use wayfarer_diagnostics::Span;

/// Everything about a running journey that outlives a call of [`advance`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JourneyState {
    /// The index of the next step.
    pub next: usize,
    /// The claims bag.
    pub bag: ClaimsBag,
}

/// What a journey asks for when [`advance`] stops. The caller matches on all of it; nothing else can happen.
#[derive(Debug)]
pub enum Outcome<'p> {
    /// A token is to be issued.
    Complete(Completed<'p>),
    /// The journey ended without one.
    Fail(JourneyError),
}

/// A journey that reached its `SendClaims` step.
#[derive(Debug)]
pub struct Completed<'p> {
    /// Who issues the token.
    pub issuer: &'p Issuer,
    /// The relying party's output claims, in policy order.
    pub claims: Vec<TokenClaim<'p>>,
}

/// One output claim of the relying party at the end of a journey.
#[derive(Debug)]
pub struct TokenClaim<'p> {
    /// The name in the token.
    pub name: &'p str,
    /// The claim type's id.
    pub claim_type: &'p str,
    /// The value; `None` leaves the claim out.
    pub value: Option<Value>,
    /// Where the value comes from, in words; empty where the run is not recorded.
    pub by: String,
    /// The relying party's row.
    pub span: Span,
}

/// Runs the journey from `state` until it completes or fails. `trace` gains an entry for each step looked at.
pub async fn advance<'p>(
    plan: &'p Plan,
    state: &mut JourneyState,
    request: &Request,
    host: &dyn Host,
    trace: &mut Trace,
) -> Outcome<'p> {
    while let Some(step) = plan.steps.get(state.next) {
        state.next += 1;
        let mut entry = StepTrace::of(step);
        let mut run = Run { plan, request, host, bag: &mut state.bag, step: &mut entry, records: trace.is_kept() };
        let ended = run_step(step, &mut run).await;
        if trace.is_kept() {
            trace.steps.push(entry);
        }
        match ended {
            Ok(None) => {}
            Ok(Some(completed)) => return Outcome::Complete(completed),
            Err(error) => return Outcome::Fail(JourneyError { step: Some(step.order), ..error }),
        }
    }
    let message = format!("User journey '{}' does not contain a send claims step.", plan.journey);
    Outcome::Fail(JourneyError::new("AADB2C90040", message, "the journey ended without a SendClaims step"))
}

async fn run_step<'p>(step: &'p Step, run: &mut Run<'_, 'p>) -> Result<Option<Completed<'p>>, JourneyError> {
    if let Some(reason) = precondition::skips(&step.preconditions, run.bag) {
        run.step.skipped = Some(reason);
        return Ok(None);
    }
    match &step.action {
        Action::Noop => Ok(None),
        Action::ClaimsExchange(exchanges) => claims_exchange(step, exchanges, run).await.map(|()| None),
        Action::SendClaims(issuer) => {
            if run.records {
                run.step.technical_profile = Some(issuer.id.clone());
                run.step.profile_span = Some(issuer.span);
            }
            let claims = run.plan.output_claims.iter().map(|it| token_claim(it, run));
            Ok(Some(Completed { issuer, claims: claims.collect::<Result<_, _>>()? }))
        }
    }
}

async fn claims_exchange<'p>(
    step: &Step,
    exchanges: &'p [ClaimsExchange],
    run: &mut Run<'_, 'p>,
) -> Result<(), JourneyError> {
    let mut enabled = exchanges.iter().filter(|it| precondition::is_enabled(&it.profile.enabled, run.bag));
    let Some(exchange) = enabled.next() else {
        run.step.skipped = Some("no technical profile of this step is enabled".to_owned());
        return Ok(());
    };
    if enabled.next().is_some() {
        return Err(no_choice(step));
    }
    profile::run(exchange, step.order, run).await
}

/// Several exchanges and no selection before them (azure-docs issue 112278).
fn no_choice(step: &Step) -> JourneyError {
    let message = format!(
        "User journey went into a bad state. Claims exchange with id '' could not be found in orchestration step '{}'.",
        step.order
    );
    JourneyError::new("AADB2C90304", message, "several claims exchanges, and no selection step chose one")
}

/// Relying-party claims need no flag for resolvers (reference "claim-resolvers", section 2).
fn token_claim<'p>(row: &'p OutputClaim, run: &Run<'_, '_>) -> Result<TokenClaim<'p>, JourneyError> {
    if run.plan.names.passwords.contains(&row.claim.id) {
        // Reference "claims", section 5: a password never leaves the page that collects it.
        let by = "it is a password, which no token carries".to_owned();
        return Ok(TokenClaim { name: &row.partner, claim_type: &row.claim.id, value: None, by, span: row.span });
    }
    let held = run.bag.get(&row.claim.id);
    let by = || match (&row.default, held) {
        (Some(default), None) => profile::describe(default),
        (Some(default), Some(_)) if row.always_use_default => profile::describe(default),
        (_, Some(_)) => format!("claim `{}` of the journey", row.claim.id),
        (None, None) => "nothing in this journey sets it".to_owned(),
    };
    let value = match (&row.default, held) {
        (Some(default), held) if row.always_use_default || held.is_none() => run.value_of(default, &row.claim)?,
        (_, held) => held.cloned(),
    };
    let by = if run.records { by() } else { String::new() };
    Ok(TokenClaim { name: &row.partner, claim_type: &row.claim.id, value, by, span: row.span })
}

impl StepTrace {
    fn of(step: &Step) -> Self {
        Self {
            order: step.order,
            step_type: step.action.step_type(),
            span: step.span,
            skipped: None,
            claims_exchange: None,
            technical_profile: None,
            provider: None,
            profile_span: None,
            notes: Vec::new(),
            changes: Vec::new(),
        }
    }
}
