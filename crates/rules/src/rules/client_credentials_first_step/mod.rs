use crate::rules::client_credentials::{exchange_kind, journey_of, profiles_of};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy, StepType};

pub static RULE: Rule = Rule {
    code: "client-credentials-first-step",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const HELP: &str = "make step 1 a `ClaimsExchange` on a technical profile with `<Protocol Name=\"None\" />`";

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(journey) = journey_of(policy) else { return };
    let steps = journey.steps();
    let Some(first) = steps.first() else {
        let message = format!("client credentials journey `{}` has no steps", journey.id());
        findings.report(journey.span(), message).label("nothing to run").help(HELP);
        return;
    };
    if let Some(problem) = problem_of(policy, first) {
        let message = format!("client credentials journey `{}` {problem}", journey.id());
        findings.report(first.span(), message).label("the first step sets the journey up").help(HELP);
    }
}

fn problem_of(policy: &Policy, first: &OrchestrationStep<'_>) -> Option<String> {
    let step_type = first.step_type()?;
    if step_type != StepType::ClaimsExchange {
        return Some(format!("begins with a `{}` step", step_type.as_str()));
    }
    if first.claims_exchanges().next().is_none() {
        return Some("begins with a `ClaimsExchange` step that names no technical profile".to_owned());
    }
    // A profile that does not exist is reported as such.
    let profiles = profiles_of(policy, first);
    let other = profiles.iter().find(|it| exchange_kind(it) != ProfileKind::Setup)?;
    Some(format!("begins with `{}`, which is no setup profile", other.id()))
}
