use crate::rules::client_credentials::journey_of;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::{Caller, ProfileKind};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy, StepType, UserJourney};

pub static RULE: Rule = Rule {
    code: "client-credentials-last-step",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const HELP: &str = "end the journey with a `SendClaims` step whose `CpimIssuerTechnicalProfileReferenceId` names the JWT issuer";

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(journey) = journey_of(policy) else { return };
    let steps = journey.steps();
    let Some(last) = steps.last() else { return };
    if let Some(problem) = problem_of(policy, &journey, last) {
        let message = format!("client credentials journey `{}` {problem}", journey.id());
        findings.report(last.span(), message).label("the last step issues the token").help(HELP);
    }
}

fn problem_of(policy: &Policy, journey: &UserJourney, last: &OrchestrationStep<'_>) -> Option<String> {
    let step_type = last.step_type()?;
    if step_type != StepType::SendClaims {
        return Some(format!("ends with a `{}` step", step_type.as_str()));
    }
    let Some(issuer) = last.issuer().or_else(|| journey.default_issuer()) else {
        return Some("ends with a `SendClaims` step that names no issuer".to_owned());
    };
    let profile = policy.technical_profile(issuer.value)?;
    let is_jwt = profile.kind(Some(Caller::SendClaims)) == ProfileKind::JwtIssuer;
    (!is_jwt).then(|| format!("ends with issuer `{}`, which issues no JWT", profile.id()))
}
