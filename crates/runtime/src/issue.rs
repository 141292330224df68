use crate::signing::SigningKeys;
use serde_json::{Map, Value as Json};
use std::fmt;
use wayfarer_builtins::{Host, resolvers};
use wayfarer_diagnostics::Span;
use wayfarer_engine::{ClaimsBag, Completed, JourneyError, JourneyState, Outcome, Plan, Request, Trace, advance, plan};
use wayfarer_oauth::jose::{self, SigningKey};
use wayfarer_oauth::response::{Numbers, TokenResponse};
use wayfarer_oauth::token::{IssuanceClaimPattern, Issuer, Lifetime, access_token_payload};
use wayfarer_oauth::{Grant, ProtocolError, TokenError, TokenRequest};
use wayfarer_store::{Guid, Tenant};

/// Who asks, as far as policy and token show it.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// Scheme, host and port that the client used: the beginning of `iss`.
    pub origin: &'a str,
    /// The host alone.
    pub host: &'a str,
    /// The caller's address.
    pub ip_address: Option<&'a str>,
    /// The same in policy, errors and logs.
    pub correlation_id: Guid,
}

/// Whether anybody will look at what a journey did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// The policy's author will.
    Full,
    /// Nobody: the record stays empty, but for the error.
    Off,
}

/// A token and its answer.
#[derive(Clone)]
pub struct Issued {
    /// The answer that carries the token.
    pub response: TokenResponse,
    /// The key that signed.
    pub key: SigningKey,
    /// The token's payload.
    pub claims: Map<String, Json>,
    /// What the policy wanted to set and the protocol owns.
    pub dropped: Vec<String>,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("response", &self.response).field("key", &self.key).finish_non_exhaustive()
    }
}

impl Issued {
    /// The token's header.
    pub fn header(&self) -> Map<String, Json> {
        jose::header(&self.key)
    }
}

/// What a journey did, whether or not it ended with a token.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Step by step.
    pub trace: Trace,
    /// The claims bag at the end.
    pub bag: ClaimsBag,
    /// The relying party's rows, in policy order.
    pub rows: Vec<Row>,
    /// Why it failed, with the private detail.
    pub error: Option<JourneyError>,
}

/// One output claim of the relying party.
#[derive(Clone, Debug)]
pub struct Row {
    /// The name in the token.
    pub name: String,
    /// The claim type's id.
    pub claim_type: String,
    /// Whether the token carries it.
    pub sent: bool,
    /// Where its value comes from, or why there is none.
    pub by: String,
    /// The row in the policy.
    pub span: Span,
}

/// A granted request, and all that its token is made from.
#[derive(Clone, Copy)]
pub struct Granted<'a> {
    /// The policy's journey.
    pub plan: &'a Plan,
    /// The tenant that issues.
    pub tenant: &'a Tenant,
    /// What was granted.
    pub grant: &'a Grant,
    /// The request.
    pub request: &'a TokenRequest,
    /// Who asks.
    pub client: Client<'a>,
    /// What signs.
    pub keys: &'a SigningKeys,
    /// The world outside.
    pub host: &'a dyn Host,
}

/// Takes a granted request through its journey and signs the token.
///
/// # Errors
/// What the client is told; the record has the whole story.
pub async fn issue(granted: Granted<'_>, recording: Recording) -> (Result<Issued, TokenError>, Record) {
    let Granted { plan, request, client, host, .. } = granted;
    let mut state = JourneyState::default();
    let mut trace = if recording == Recording::Full { Trace::default() } else { Trace::off() };
    let outcome = advance(plan, &mut state, &as_seen_by_policy(request, &client), host, &mut trace).await;
    let mut record = Record { trace, bag: state.bag, ..Record::default() };
    let issued = match outcome {
        Outcome::Fail(error) => {
            let public = public(&error);
            record.error = Some(error);
            Err(public)
        }
        Outcome::Complete(completed) => {
            if recording == Recording::Full {
                record.rows = completed.claims.iter().map(row).collect();
            }
            sign(completed, granted).await
        }
    };
    (issued, record)
}

/// What a policy may see of the parameters that the protocol knows, besides `client_id`: nothing that is a secret.
const SHOWN: [&str; 4] = ["scope", "resource", "nonce", "ui_locales"];

fn as_seen_by_policy(request: &TokenRequest, client: &Client<'_>) -> Request {
    let shown = |name: &str| SHOWN.contains(&name) || !resolvers::is_protocol_parameter(name);
    let client_id = request.client_id().map(|it| ("client_id", it));
    let parameters = client_id.into_iter().chain(request.parameters().filter(|(name, _)| shown(name)));
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Request {
        correlation_id: client.correlation_id.to_string(),
        host: client.host.to_owned(),
        ip_address: client.ip_address.map(str::to_owned),
        parameters: resolvers::Request { parameters, password: None },
    }
}

fn public(error: &JourneyError) -> TokenError {
    let code = error.code.trim_start_matches("AADB2C").parse().unwrap_or(90037);
    let detail = match (&error.technical_profile, error.step) {
        (Some(profile), Some(step)) => format!("step {step}, technical profile `{profile}`: {}", error.detail),
        (None, Some(step)) => format!("step {step}: {}", error.detail),
        _ => error.detail.clone(),
    };
    TokenError::new(ProtocolError::Policy { code, message: error.message.clone() }).with_detail(detail)
}

fn row(claim: &wayfarer_engine::TokenClaim<'_>) -> Row {
    Row {
        name: claim.name.to_owned(),
        claim_type: claim.claim_type.to_owned(),
        sent: claim.value.as_ref().is_some_and(|it| it.to_token_json().is_some()),
        by: claim.by.clone(),
        span: claim.span,
    }
}

async fn sign(completed: Completed<'_>, granted: Granted<'_>) -> Result<Issued, TokenError> {
    let Granted { plan, tenant, grant, client, keys, host, .. } = granted;
    let issuer = completed.issuer;
    let now = host.now();
    let seconds = u32::try_from(issuer.token_lifetime.as_secs()).unwrap_or(u32::MAX);
    let lifetime = Lifetime::new(now, seconds);
    let who = Issuer {
        origin: client.origin,
        tenant_id: tenant.id(),
        policy_id: &plan.policy,
        pattern: issuance_claim_pattern(issuer.pattern),
    };
    let claims: Vec<(String, Json)> = completed
        .claims
        .into_iter()
        .map(|it| (it.name.to_owned(), it.value.and_then(|it| it.to_token_json()).unwrap_or(Json::Null)))
        .collect();
    let payload = access_token_payload(grant, &who, lifetime, &claims);
    let no_key = |reason: String| key_failure(&issuer.signing_key, tenant, &reason);
    let key = keys.active(&issuer.signing_key, now).await.map_err(|error| no_key(error.to_string()))?;
    let signed = keys.sign(&key, payload.claims).await.map_err(|error| no_key(error.to_string()))?;
    let numbers = if issuer.json_numbers { Numbers::Json } else { Numbers::Text };
    Ok(Issued {
        response: TokenResponse::new(signed.token, grant, lifetime, numbers),
        key,
        claims: signed.claims,
        dropped: payload.dropped,
    })
}

/// The policy's word as the protocol's.
pub fn issuance_claim_pattern(pattern: plan::IssuanceClaimPattern) -> IssuanceClaimPattern {
    match pattern {
        plan::IssuanceClaimPattern::AuthorityAndTenantGuid => IssuanceClaimPattern::AuthorityAndTenantGuid,
        plan::IssuanceClaimPattern::AuthorityWithTfp => IssuanceClaimPattern::AuthorityWithTfp,
    }
}

fn key_failure(container: &str, tenant: &Tenant, reason: &str) -> TokenError {
    let message = format!(
        "The key container with ID '{container}' in tenant '{}' does not have a valid key. Reason: no valid key.",
        tenant.name()
    );
    TokenError::new(ProtocolError::Policy { code: 90019, message }).with_detail(reason.to_owned())
}
