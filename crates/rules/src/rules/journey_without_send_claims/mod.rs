use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "journey-without-send-claims",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_user_journeys(policy) {
        let steps = journey.steps();
        // A type that is none has been reported, and may have been meant for it.
        if steps.iter().any(|it| it.step_type().is_none_or(|it| it == StepType::SendClaims)) {
            continue;
        }
        let what = if steps.is_empty() { "no steps" } else { "no `SendClaims` step" };
        findings
            .report(journey.span(), format!("{} has {what}", journeys::title(&journey)))
            .label("no token is ever issued")
            .help("end the journey with a `SendClaims` step that names a token issuer")
            .refused_as("no-send-claims", &[("journey", journey.id())]);
    }
}
