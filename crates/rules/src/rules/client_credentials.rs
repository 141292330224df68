//! What the rules about the client credentials journey have in common.

use wayfarer_builtins::providers::{Caller, ProfileKind};
use wayfarer_model::{OrchestrationStep, Policy, TechnicalProfile, UserJourney};

/// The client credentials journey of a policy that can be requested.
pub(super) fn journey_of(policy: &Policy) -> Option<UserJourney> {
    policy.relying_party()?;
    let issuer = policy.token_issuer()?;
    policy.user_journey(issuer.client_credentials_journey()?.value)
}

/// The technical profiles that a step names and that exist.
pub(super) fn profiles_of(policy: &Policy, step: &OrchestrationStep<'_>) -> Vec<TechnicalProfile> {
    step.claims_exchanges().filter_map(|it| policy.technical_profile(it.technical_profile.value)).collect()
}

/// What a profile is when a step calls it.
pub(super) fn exchange_kind(profile: &TechnicalProfile) -> ProfileKind {
    profile.kind(Some(Caller::ClaimsExchange))
}
