//! The user journeys and sub journeys that a policy's own file writes or touches, merged with its bases': a base is
//! judged by itself, so what is wrong with it is told once. Nothing where a base policy is missing: it may hold the rest.

use std::collections::BTreeSet;
use wayfarer_model::{Kind, OrchestrationStep, Policy, StepType, UserJourney};

/// Metadata of the sign-in profile that leads to an exchange of the next step.
pub(super) const TARGETS: [&str; 3] =
    ["SignUpTarget", "setting.forgotPasswordLinkOverride", "setting.bottomUnderFormClaimsProviderSelections"];

/// The user journeys of the policy's own file.
pub(super) fn own_user_journeys(policy: &Policy) -> impl Iterator<Item = UserJourney> {
    own_ids(policy, Kind::UserJourney).filter_map(|it| policy.user_journey(it))
}

/// The sub journeys of the policy's own file.
pub(super) fn own_sub_journeys(policy: &Policy) -> impl Iterator<Item = UserJourney> {
    own_ids(policy, Kind::SubJourney).filter_map(|it| policy.sub_journey(it))
}

/// Both.
pub(super) fn own(policy: &Policy) -> impl Iterator<Item = UserJourney> {
    own_user_journeys(policy).chain(own_sub_journeys(policy))
}

fn own_ids(policy: &Policy, kind: Kind) -> impl Iterator<Item = &str> {
    let ids = policy.own(kind).filter_map(|it| it.as_ref().attribute("Id")).map(|it| it.value);
    let is_judged = policy.is_complete();
    ids.filter(move |_| is_judged)
}

/// The user journeys that a policy which can be requested writes or uses. A base policy may leave exchanges to what derives
/// from it, and journeys that a policy doesn't use to others.
pub(super) fn requested(policy: &Policy) -> Vec<UserJourney> {
    let Some(relying_party) = policy.relying_party().filter(|_| policy.is_complete()) else { return Vec::new() };
    let own = policy.own(Kind::UserJourney).filter_map(|it| it.as_ref().attribute("Id"));
    let used = relying_party.default_user_journey().into_iter().chain(relying_party.endpoints().map(|it| it.value));
    let ids: BTreeSet<String> = own.chain(used).map(|it| it.value.to_lowercase()).collect();
    ids.iter().filter_map(|it| policy.user_journey(it)).collect()
}

/// How messages call a journey.
pub(super) fn title(journey: &UserJourney) -> String {
    let kind = if journey.node().name() == "SubJourney" { "sub journey" } else { "user journey" };
    format!("{kind} `{}`", journey.id())
}

/// `SubJourney/@Type` is this one: `Call` or `Transfer`.
pub(super) fn is_of_type(sub_journey: &UserJourney, name: &str) -> bool {
    sub_journey.node().attribute("Type").is_some_and(|it| it.value == name)
}

/// The sub journeys that a step may run.
pub(super) fn candidates(policy: &Policy, step: &OrchestrationStep<'_>) -> Vec<UserJourney> {
    let names = step.node.items("JourneyList", "Candidate").filter_map(|it| it.attribute("SubJourneyReferenceId"));
    names.filter_map(|it| policy.sub_journey(it.value)).collect()
}

/// Whether the user picks an identity provider on this step.
pub(super) fn is_selection(step: &OrchestrationStep<'_>) -> bool {
    matches!(step.step_type(), Some(StepType::ClaimsProviderSelection | StepType::CombinedSignInAndSignUp))
}

/// Whether no precondition can skip the step.
pub(super) fn always_comes(step: &OrchestrationStep<'_>) -> bool {
    step.preconditions().next().is_none()
}

/// `Order`, for messages.
pub(super) fn number(step: &OrchestrationStep<'_>) -> i64 {
    step.number().unwrap_or_default()
}

/// Each step with the one before it, where no number is missing between them (`step-missing` tells that).
pub(super) fn pairs<'s, 'j>(
    steps: &'s [OrchestrationStep<'j>],
) -> impl Iterator<Item = (&'s OrchestrationStep<'j>, &'s OrchestrationStep<'j>)> {
    steps.iter().zip(steps.iter().skip(1)).filter(|(one, other)| one.number().map(|it| it + 1) == other.number())
}
