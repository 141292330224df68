use crate::rules::client_credentials::{exchange_kind, journey_of, profiles_of};
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, TechnicalProfile, UserJourney};

pub static RULE: Rule = Rule {
    code: "client-credentials-output-unfillable",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(journey) = journey_of(policy).filter(|_| policy.is_complete()) else { return };
    let Some(contract) = policy.relying_party().and_then(|it| it.technical_profile()) else { return };
    let produced = claims_of(policy, &journey);
    for row in contract.output_claims().filter(|it| it.default_value().is_none()) {
        let claim = row.claim_type;
        if policy.claim_type(claim.value).is_none() || produced.contains(&key(claim.value)) {
            continue;
        }
        let message = format!("no step of client credentials journey `{}` sets `{}`", journey.id(), claim.value);
        findings
            .report(claim.span, message)
            .label("left out of the token of the client credentials grant")
            .help("set the claim in the journey, or leave it to the journeys that have a user")
            .related(journey.span(), "this journey");
    }
}

fn key(claim: &str) -> String {
    claim.to_lowercase()
}

/// Every claim that some step can set, whatever its preconditions.
fn claims_of(policy: &Policy, journey: &UserJourney) -> HashSet<String> {
    let profiles: Vec<_> = journey.steps().iter().flat_map(|it| profiles_of(policy, it)).collect();
    profiles.iter().flat_map(|it| claims_of_profile(policy, it)).collect()
}

fn claims_of_profile(policy: &Policy, profile: &TechnicalProfile) -> Vec<String> {
    let returns_nothing = matches!(exchange_kind(profile), ProfileKind::Setup | ProfileKind::ClaimsTransformation);
    let inputs = profile.input_claims().filter(|it| it.default_value().is_some());
    let outputs = profile.output_claims().filter(|it| !returns_nothing || it.default_value().is_some());
    let transformations = profile.input_claims_transformations().chain(profile.output_claims_transformations());
    let transformed = transformations.filter_map(|it| policy.claims_transformation(it.value));
    let written = transformed.flat_map(|it| it.output_claims().map(|it| key(it.claim_type.value)).collect::<Vec<_>>());
    inputs.chain(outputs).map(|it| key(it.claim_type.value)).chain(written).collect()
}
